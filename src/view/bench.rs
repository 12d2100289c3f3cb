//! Stored runs, ready to show: the median over rounds, and how far the rounds lie apart.

use std::collections::BTreeSet;

use serde_json::Value;

use super::figure;

/// The figures of a stored run, by round.
#[derive(Clone, Copy, Debug)]
pub struct RunView<'a>(pub &'a Value);

/// Median and extremes of some rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The middle one, or the mean of the two in the middle.
    pub median: f64,
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
}

impl Spread {
    /// Of these values; `None` where there is none.
    ///
    /// ```
    /// use weigh::view::bench::Spread;
    /// assert_eq!(Spread::of(&[4.0, 1.0, 3.0, 2.0]).map(|s| (s.median, s.low, s.high)), Some((2.5, 1.0, 4.0)));
    /// assert_eq!(Spread::of(&[]), None);
    /// ```
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = (*sorted.first()?, *sorted.last()?);
        let n = sorted.len();
        Some(Self {
            median: f64::midpoint(sorted[(n - 1) / 2], sorted[n / 2]),
            low,
            high,
        })
    }

    /// The median, times a factor.
    #[must_use]
    pub fn middle(self, factor: f64) -> String {
        figure::number(self.median * factor)
    }

    /// Lowest and highest, times a factor.
    #[must_use]
    pub fn range(self, factor: f64) -> String {
        format!(
            "{}..{}",
            figure::number(self.low * factor),
            figure::number(self.high * factor)
        )
    }
}

/// What the checks counted beside, or what was counted after a load; its name ends in its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted<'a> {
    /// Its name.
    pub name: &'a str,
    /// When the service was verified.
    pub verified: Option<f64>,
    /// After the loads of the rounds.
    pub loaded: Option<Spread>,
}

impl<'a> RunView<'a> {
    /// A text of the file, or nothing.
    #[must_use]
    pub fn text(self, key: &str) -> &'a str {
        self.0[key].as_str().unwrap_or_default()
    }

    /// A count of the file.
    #[must_use]
    pub fn count(self, key: &str) -> Option<u64> {
        self.0[key].as_u64()
    }

    /// The service, or the candidate where an import knows no service.
    #[must_use]
    pub fn name(self) -> &'a str {
        let service = self.text("service");
        if service.is_empty() {
            self.text("candidate")
        } else {
            service
        }
    }

    /// Words said against the figures.
    #[must_use]
    pub fn verdicts(self) -> Vec<&'a str> {
        self.0["verdicts"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// The rounds.
    #[must_use]
    pub fn rounds(self) -> &'a [Value] {
        self.0["rounds"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// The operations in the contract's order.
    #[must_use]
    pub fn operations(self) -> Vec<&'a str> {
        let first = self
            .rounds()
            .first()
            .and_then(|round| round["operations"].as_object());
        first
            .into_iter()
            .flat_map(|map| map.keys().map(String::as_str))
            .collect()
    }

    /// A figure of each round, with the round's number: of an operation, or of the whole process.
    #[must_use]
    pub fn figures(self, operation: Option<&str>, name: &str) -> Vec<(u64, f64)> {
        let of = |round: &Value| {
            let figures = operation.map_or(&round["process"], |operation| {
                &round["operations"][operation]
            });
            Some((
                round["round"].as_u64()?,
                figures[name].as_f64().filter(|x| x.is_finite())?,
            ))
        };
        self.rounds().iter().filter_map(of).collect()
    }

    /// What was counted beside the measurements, by name: rows lost in a crash, orders left in a queue, money made or lost.
    #[must_use]
    pub fn counted(self) -> Vec<Counted<'a>> {
        let verified = &self.0["verification_figures"];
        let rounds = self.rounds().iter().map(|round| &round["after_load"]);
        let noted = std::iter::once(verified)
            .chain(rounds.clone())
            .filter_map(Value::as_object);
        let names: BTreeSet<&str> = noted
            .flat_map(|map| map.keys().map(String::as_str))
            .collect();
        let finite = |value: &Value| value.as_f64().filter(|x| x.is_finite());
        let of = |name: &'a str| {
            let loaded: Vec<f64> = rounds
                .clone()
                .filter_map(|figures| finite(&figures[name]))
                .collect();
            Counted {
                name,
                verified: finite(&verified[name]),
                loaded: Spread::of(&loaded),
            }
        };
        names.into_iter().map(of).collect()
    }

    /// Median and extremes of a figure.
    #[must_use]
    pub fn spread(self, operation: Option<&str>, name: &str) -> Option<Spread> {
        let values: Vec<f64> = self
            .figures(operation, name)
            .into_iter()
            .map(|(_, x)| x)
            .collect();
        Spread::of(&values)
    }
}

/// The values of the rounds that both have, in pairs.
#[must_use]
pub fn paired(these: &[(u64, f64)], those: &[(u64, f64)]) -> (Vec<f64>, Vec<f64>) {
    these
        .iter()
        .filter_map(|(round, x)| {
            those
                .iter()
                .find(|(other, _)| other == round)
                .map(|(_, y)| (*x, *y))
        })
        .unzip()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_rounds_of_both_are_paired_and_unknown_is_no_number() {
        let stored = json!({"service": "a", "rounds": [
            {"round": 1, "operations": {"token": {"goodput_rps": 10.0}}, "process": {"start_up_ms": 3.0}},
            {"round": 2, "operations": {"token": {}}, "process": {}},
            {"round": 3, "operations": {"token": {"goodput_rps": 30.0}}, "process": {}},
        ]});
        let run = RunView(&stored);
        assert_eq!(run.operations(), ["token"]);
        assert_eq!(
            run.figures(Some("token"), "goodput_rps"),
            [(1, 10.0), (3, 30.0)]
        );
        assert_eq!(run.spread(None, "start_up_ms").map(|s| s.median), Some(3.0));
        assert_eq!(run.spread(None, "pss_idle_bytes"), None);
        assert_eq!(run.counted(), []);
        assert_eq!(
            paired(&[(1, 10.0), (3, 30.0)], &[(2, 1.0), (3, 2.0)]),
            (vec![30.0], vec![2.0])
        );
    }

    #[test]
    fn what_was_counted_at_verification_and_after_loads_stands_side_by_side() {
        let stored = json!({"verification_figures": {"lost_rows_count": 2, "recovery_ms": 51.5}, "rounds": [
            {"round": 1, "after_load": {"sum_error_count": 7.0}},
            {"round": 2, "after_load": {"sum_error_count": 9.0, "lost_rows_count": null}},
        ]});
        let counted: Vec<_> = RunView(&stored)
            .counted()
            .iter()
            .map(|c| (c.name, c.verified, c.loaded.map(|s| s.median)))
            .collect();
        assert_eq!(
            counted,
            [
                ("lost_rows_count", Some(2.0), None),
                ("recovery_ms", Some(51.5), None),
                ("sum_error_count", None, Some(8.0))
            ]
        );
    }
}
