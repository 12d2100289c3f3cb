//! Figures of stored runs for display: median and range over rounds.

use std::collections::BTreeSet;

use super::figure;
use crate::schema::Entries;
use crate::schema::evidence::{EvidenceDoc, RoundDoc};

/// The figures of a stored run, by round.
#[derive(Clone, Copy, Debug)]
pub struct StoredRunView<'a>(pub &'a EvidenceDoc);

/// Median and range over rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoundSpread {
    /// The middle value, or the mean of the two in the middle.
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

impl RoundSpread {
    /// Computes the spread of these values; `None` if there are none.
    ///
    /// ```
    /// use weigh::view::bench::RoundSpread;
    /// assert_eq!(RoundSpread::of(&[4.0, 1.0, 3.0, 2.0]).map(|s| (s.median, s.low, s.high)), Some((2.5, 1.0, 4.0)));
    /// assert_eq!(RoundSpread::of(&[]), None);
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

    /// Formats the median times a factor.
    #[must_use]
    pub fn middle(self, factor: f64) -> String {
        figure::number(self.median * factor)
    }

    /// Formats lowest and highest times a factor.
    #[must_use]
    pub fn range(self, factor: f64) -> String {
        format!(
            "{}..{}",
            figure::number(self.low * factor),
            figure::number(self.high * factor)
        )
    }
}

/// A figure that the checks counted, during verification or after a load. Its name ends in its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted<'a> {
    pub name: &'a str,
    /// At verification.
    pub verified: Option<f64>,
    /// After the loads, over the rounds.
    pub loaded: Option<RoundSpread>,
}

impl<'a> StoredRunView<'a> {
    /// Returns the service; or the candidate if an import has no service.
    #[must_use]
    pub fn name(self) -> &'a str {
        self.0.service.as_ref().unwrap_or(&self.0.candidate.value)
    }

    /// Returns the operations in the contract's order.
    #[must_use]
    pub fn operations(self) -> Vec<&'a str> {
        let first = self.0.rounds.first().map(|round| &round.operations);
        first
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// Returns a figure of each round with the round's number: of an operation, or of the whole process.
    #[must_use]
    pub fn figures(self, operation: Option<&str>, name: &str) -> Vec<(u32, f64)> {
        let of = |round: &RoundDoc| Some((round.round, figure_of(round, operation, name)?));
        self.0.rounds.iter().filter_map(of).collect()
    }

    /// Returns what was counted besides the load, by name: rows lost in a crash, orders left in a queue, money made or lost.
    #[must_use]
    pub fn counted(self) -> Vec<Counted<'a>> {
        let verified = self.0.verification_figures.as_ref();
        let loaded = || self.0.rounds.iter().filter_map(|r| r.after_load.as_ref());
        let names: BTreeSet<&str> = verified
            .into_iter()
            .chain(loaded())
            .flat_map(|figures| figures.keys().map(String::as_str))
            .collect();
        let of = |name: &'a str| Counted {
            name,
            verified: verified.and_then(|figures| figures.get(name).copied()),
            loaded: RoundSpread::of(
                &loaded()
                    .filter_map(|figures| figures.get(name).copied())
                    .collect::<Vec<_>>(),
            ),
        };
        names.into_iter().map(of).collect()
    }

    /// Returns median and range of a figure.
    #[must_use]
    pub fn spread(self, operation: Option<&str>, name: &str) -> Option<RoundSpread> {
        let values: Vec<f64> = self
            .figures(operation, name)
            .into_iter()
            .map(|(_, x)| x)
            .collect();
        RoundSpread::of(&values)
    }
}

/// Returns a figure of one round: of an operation, or of the whole process.
#[must_use]
pub fn figure_of(round: &RoundDoc, operation: Option<&str>, name: &str) -> Option<f64> {
    let figures: &Entries<f64> = match operation {
        Some(operation) => round.operations.get(operation)?,
        None => &round.process,
    };
    figures.get(name).copied().filter(|x| x.is_finite())
}

/// Pairs the values of the rounds that both have.
#[must_use]
pub fn paired(these: &[(u32, f64)], those: &[(u32, f64)]) -> (Vec<f64>, Vec<f64>) {
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

    fn stored(mut file: serde_json::Value) -> EvidenceDoc {
        let common = json!({
            "run": "r", "session": "s", "kind": "measured", "candidate": "a", "contract": "auth",
            "source": "weigh bench run", "as_of": "2026-11-22",
        });
        let map = file.as_object_mut().expect("a mapping");
        map.extend(common.as_object().expect("a mapping").clone());
        serde_json::from_value(file).expect("evidence")
    }

    #[test]
    fn only_rounds_of_both_are_paired_and_unknown_is_no_number() {
        let stored = stored(json!({"service": "a", "rounds": [
            {"round": 1, "operations": {"token": {"goodput_rps": 10.0}}, "process": {"start_up_ms": 3.0}},
            {"round": 2, "operations": {"token": {}}, "process": {}},
            {"round": 3, "operations": {"token": {"goodput_rps": 30.0}}, "process": {}},
        ]}));
        let run = StoredRunView(&stored);
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
        let stored = stored(
            json!({"verification_figures": {"lost_rows_count": 2, "recovery_ms": 51.5}, "rounds": [
                {"round": 1, "after_load": {"sum_error_count": 7.0}},
                {"round": 2, "after_load": {"sum_error_count": 9.0}},
            ]}),
        );
        let counted: Vec<_> = StoredRunView(&stored)
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
