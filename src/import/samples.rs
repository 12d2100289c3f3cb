//! Latencies of single requests, for the formats that list them.

use hdrhistogram::Histogram;

use super::LatencyBasis;
use super::figure::Figure;
use super::result::ImportedCell;
use crate::lang::Text;
use crate::tr;

/// Significant digits of the histogram: each percentile is within 0.1 %.
const DIGITS: u8 = 3;
/// Minimum of n (1 - q) for the quantile q of n samples: fewer say nothing about the tail.
const SLOWER: f64 = 10.0;
/// Largest latency that the histogram resolves (us): eleven days.
const LONGEST: u64 = 1_000_000_000_000;

/// Latencies in microseconds.
pub(super) struct LatencySamples {
    histogram: Histogram<u64>,
    sum: Figure,
    extremes: Option<(Figure, Figure)>,
}

impl LatencySamples {
    pub(super) fn new() -> Self {
        let histogram =
            Histogram::new_with_bounds(1, LONGEST, DIGITS).expect("bounds and digits are valid");
        Self {
            histogram,
            sum: Figure::count(0),
            extremes: None,
        }
    }

    /// Records a latency (us).
    pub(super) fn add(&mut self, us: Figure) {
        self.histogram.saturating_record(us.get().round() as u64);
        self.sum = self.sum.plus(us);
        let (least, most) = self.extremes.unwrap_or((us, us));
        self.extremes = Some((
            if us < least { us } else { least },
            if us > most { us } else { most },
        ));
    }

    pub(super) fn len(&self) -> u64 {
        self.histogram.len()
    }

    /// Returns the only cell of a CSV with one line per response, `ok` of them successful; no cell if there are no lines.
    pub(super) fn csv_cells(
        &self,
        ok: u64,
        duration: Figure,
        basis: Option<LatencyBasis>,
    ) -> Vec<ImportedCell> {
        if self.len() == 0 {
            return Vec::new();
        }
        let mut cell = ImportedCell {
            basis,
            duration_s: duration.positive(),
            ok_count: Some(Figure::count(ok)),
            non_2xx_count: Some(Figure::count(self.len() - ok)),
            ..ImportedCell::default()
        };
        cell.rates();
        self.fill(&mut cell);
        vec![cell]
    }

    /// Writes mean, extremes and the percentiles that have enough samples.
    pub(super) fn fill(&self, cell: &mut ImportedCell) {
        let Some((least, most)) = self.extremes else {
            return;
        };
        cell.min_us = Some(least);
        cell.max_us = Some(most);
        cell.mean_us = self.sum.over(Figure::count(self.len()));
        for rank in ["50", "75", "90", "95", "99", "99.9"] {
            let quantile = rank.parse::<f64>().expect("a number") / 100.0;
            // The thousandth allows for rounding: 1 - 0.9 is slightly below a tenth.
            if self.len() as f64 * (1.0 - quantile) + 1e-3 >= SLOWER {
                let us = Figure::count(self.histogram.value_at_quantile(quantile));
                cell.put_percentile(rank, if us > most { most } else { us });
            }
        }
    }
}

/// The note on a CSV with one line per response.
pub(super) fn failures_not_listed_note() -> Text {
    tr!(
        "requests without a response are not in the CSV",
        "CSV 中不含无应答的请求"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_quantiles_with_ten_slower_samples_are_told() {
        let mut samples = LatencySamples::new();
        (1..=100).for_each(|us| samples.add(Figure::count(us)));
        let mut cell = ImportedCell::default();
        samples.fill(&mut cell);
        assert_eq!(
            cell.percentiles,
            [("50", 50), ("75", 75), ("90", 90)].map(|(r, us)| (r.to_owned(), Figure::count(us)))
        );
        assert_eq!(
            (cell.min_us, cell.max_us),
            (Some(Figure::count(1)), Some(Figure::count(100)))
        );
        assert_eq!(cell.mean_us.map(Figure::get), Some(50.5));
    }

    #[test]
    fn no_sample_gives_no_figure() {
        let mut cell = ImportedCell::default();
        LatencySamples::new().fill(&mut cell);
        assert_eq!(cell, ImportedCell::default());
    }
}
