//! Searches for the largest rate that meets an objective.

use super::operation::OPEN_CONNECTIONS;
use super::{BenchSession, Budget, Entrant};
use crate::bench::driver::{Arrivals, WorkloadModel};
use crate::bench::error::BenchError;
use crate::bench::measure::{CellGoal, MeasuredCell, round_figure};
use crate::bench::operation_load::OperationLoad;
use crate::bench::process::Instance;
use crate::bench::progress::{BenchPhase, Progress};
use crate::schema::Entries;
use crate::schema::evidence::{ProbeDoc, SearchDoc};

/// A limit on a quantile of latency, e.g. p99 <= 50 ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    /// The quantile, 0..1.
    pub quantile: f64,
    /// Its limit (ms).
    pub limit_ms: f64,
}

impl Default for Objective {
    fn default() -> Self {
        Self {
            quantile: 0.99,
            limit_ms: 50.0,
        }
    }
}

impl Objective {
    /// Formats the objective as catalogs do: `p99 <= 50 ms`.
    ///
    /// ```
    /// use weigh::bench::run::Objective;
    /// assert_eq!(Objective::default().words(), "p99 <= 50 ms");
    /// ```
    #[must_use]
    pub fn words(&self) -> String {
        let percent = (self.quantile * 1e5).round() / 1e3;
        format!("p{percent} <= {} ms", self.limit_ms)
    }

    /// Parses `p99=50ms` or `p99 <= 50 ms`.
    ///
    /// ```
    /// use weigh::bench::run::Objective;
    /// assert_eq!(Objective::parse("p99=50ms"), Some(Objective::default()));
    /// assert_eq!(Objective::parse("p99.9 <= 0.2 s").map(|o| o.limit_ms), Some(200.0));
    /// assert_eq!(Objective::parse("p100=1ms"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, limit) = text.split_once("<=").or_else(|| text.split_once('='))?;
        let percent: f64 = name.trim().strip_prefix('p')?.parse().ok()?;
        let limit = limit.trim();
        let units = [("ms", 1.0), ("us", 1e-3), ("s", 1e3)];
        let (number, factor) = units
            .iter()
            .find_map(|(unit, factor)| Some((limit.strip_suffix(unit)?, *factor)))?;
        let limit_ms = number.trim().parse::<f64>().ok()? * factor;
        (percent > 0.0 && percent < 100.0 && limit_ms > 0.0 && limit_ms.is_finite()).then_some(
            Self {
                quantile: percent / 100.0,
                limit_ms,
            },
        )
    }

    /// Whether a cell meets the objective: the quantile, at most 0.1 % errors, at least 99 % of the offered rate, no growing backlog.
    fn holds(&self, cell: &MeasuredCell) -> bool {
        // At a low rate a probe has too few responses for the quantile. The slowest response is an upper bound.
        let us = cell
            .latencies
            .quantile(self.quantile)
            .unwrap_or(cell.latencies.max());
        let within = us as f64 / 1e3 <= self.limit_ms;
        within
            && cell.latencies.count() > 0
            && cell.error_share() <= 0.001
            && cell.achieved() >= 0.99
            && !cell.backlog_grows()
    }
}

/// Maximum number of probes.
const PROBES: u32 = 12;

/// Starts at half the capacity, multiplies by 1.3 until a probe fails, then bisects to 5 %. Returns `None` if every probe fails
/// down to a twentieth of the capacity.
pub(crate) fn search_largest_rate(
    capacity: f64,
    mut holds: impl FnMut(f64) -> Result<bool, BenchError>,
) -> Result<Option<f64>, BenchError> {
    let (mut good, mut bad): (Option<f64>, Option<f64>) = (None, None);
    let mut rate = capacity / 2.0;
    for _ in 0..PROBES {
        if holds(rate)? {
            good = Some(rate)
        } else {
            bad = Some(rate)
        }
        rate = match (good, bad) {
            (Some(low), Some(high)) if high / low <= 1.05 => break,
            (Some(low), Some(high)) => f64::midpoint(low, high),
            (Some(low), None) => low * 1.3,
            (None, Some(high)) if high <= capacity / 20.0 => break,
            (None, Some(high)) => high / 2.0,
            (None, None) => break,
        };
    }
    // Probe the rate found once more, because a single probe may have been lucky.
    while let Some(rate) = good {
        if holds(rate)? || rate < capacity / 20.0 {
            break;
        }
        good = Some(rate * 0.95);
    }
    Ok(good)
}

impl BenchSession<'_> {
    /// Searches once per service. Later rounds apply the first round's share to their own capacity.
    pub(super) fn search_limit(
        &self,
        entrant: &mut Entrant<'_>,
        load: &OperationLoad,
        instance: &Instance,
        figures: &mut Entries<f64>,
        progress: &mut dyn Progress,
    ) -> Result<(), BenchError> {
        let objective = self.settings.objective;
        let Some(capacity) = figures.get("goodput_rps").copied().filter(|c| *c > 2.0) else {
            return Ok(());
        };
        if entrant.ledger.search.is_none() && self.settings.budget == Budget::Thorough {
            progress.phase(
                entrant.service.id(),
                &BenchPhase::Search {
                    operation: load.operation.clone(),
                },
            );
            let goal = CellGoal {
                warm_up: 1,
                steady: false,
                clean: 2,
                most: 4,
            };
            let mut probes = Vec::new();
            let service = entrant.service;
            let found = search_largest_rate(capacity, |rate_rps| {
                let model = WorkloadModel::Open {
                    rate_rps,
                    arrivals: Arrivals::Poisson,
                };
                let cell = self.measure_cell(
                    service,
                    load,
                    instance,
                    model,
                    OPEN_CONNECTIONS,
                    goal,
                    progress,
                )?;
                let holds = objective.holds(&cell);
                probes.push(ProbeDoc {
                    offered_rps: round_figure(rate_rps),
                    holds,
                    quantile_us: cell.latencies.quantile(objective.quantile),
                });
                Ok(holds)
            })?;
            entrant.ledger.search = Some(SearchDoc {
                operation: load.operation.clone(),
                objective: objective.words(),
                found_rps: found.map(round_figure),
                share_of_capacity_ratio: found.map(|rate| round_figure(rate / capacity)),
                probes,
            });
        }
        let share = entrant
            .ledger
            .search
            .as_ref()
            .and_then(|search| search.share_of_capacity_ratio);
        if let Some(share) = share {
            figures.push(
                format!("goodput[{}]_rps", objective.words()),
                round_figure(share.min(1.0) * capacity),
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_ends_within_five_percent_below_the_limit() {
        for limit in [120.0, 480.0, 730.0, 990.0] {
            let mut probes = 0;
            let found = search_largest_rate(1000.0, |rate| {
                probes += 1;
                Ok(rate <= limit)
            });
            let found = found.expect("no probe fails").expect("there is a rate");
            assert!(
                found <= limit && found >= limit / 1.05,
                "{found} of {limit}"
            );
            assert!(probes <= PROBES + 1);
        }
        assert_eq!(
            search_largest_rate(1000.0, |_| Ok(false)).expect("no probe fails"),
            None
        );
    }
}
