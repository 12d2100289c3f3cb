//! Computes the flows of one criterion from its sorted column, without a pair matrix.
//!
//! For a candidate at `x` the others below it fall into three runs of the sorted column: those further than `p` count 1,
//! those within `q` count 0, and those between count `start + slope (x - y - q)`. The borders of the runs move upwards as
//! `x` does, so one pass finds them all ([`find_borders`]), and differences of prefix sums give the middle run ([`PrefixSums`]).

use super::Direction;
use crate::quantity::tolerance::is_above;
use crate::rank::order::sort_key;

/// A piecewise linear preference: 0 up to `q`, then `start + slope (d - q)` up to `p`, then 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PiecewiseLinear {
    pub(super) q: f64,
    pub(super) p: f64,
    pub(super) start: f64,
    pub(super) slope: f64,
}

/// Returns the unnormalised positive and negative flows.
pub(super) fn flows(
    column: &[f64],
    better: Direction,
    pieces: PiecewiseLinear,
) -> (Vec<f64>, Vec<f64>) {
    let n = column.len();
    let mut order: Vec<(u64, u32)> = column
        .iter()
        .map(|&x| sort_key(x, false))
        .zip(0..)
        .collect();
    // Equal values get equal flows in any order, so an unstable sort gives a deterministic result.
    order.sort_unstable_by_key(|&(key, _)| key);
    let sorted: Vec<f64> = order.iter().map(|&(_, i)| column[i as usize]).collect();

    let PiecewiseLinear { q, p, start, slope } = pieces;
    // Where the preference jumps, rounding must not decide on which side of the threshold an advantage lies.
    let beyond = |threshold: f64| match (slope > 0.0, threshold > 0.0) {
        (true, _) => find_borders(&sorted, |high, low| high - low > threshold),
        (false, true) => find_borders(&sorted, |high, low| is_above(high - low, threshold)),
        (false, false) => find_borders(&sorted, is_above),
    };
    let mut near = beyond(q);
    let far = if p > q { beyond(p) } else { near.clone() };
    if p > q {
        // An advantage beyond p is beyond q, even where p is smaller than the rounding of the values.
        let below = near.below.iter_mut().zip(&far.below);
        below.for_each(|(near, far)| *near = (*near).max(*far));
        let above = near.above.iter_mut().zip(&far.above);
        above.for_each(|(near, far)| *near = (*near).min(*far));
    }
    let prefix = (slope > 0.0).then(|| PrefixSums::of(&sorted));
    let middle = |from: usize, to: usize, x: f64| {
        let count = (to - from) as f64;
        let advantages = prefix
            .as_ref()
            .map_or(0.0, |prefix| prefix.distances(from, to, x) - count * q);
        start * count + slope * advantages
    };
    let (mut over, mut under) = (vec![0.0; n], vec![0.0; n]);
    for (place, &(_, i)) in order.iter().enumerate() {
        let (i, x) = (i as usize, sorted[place]);
        over[i] = far.below[place] as f64 + middle(far.below[place], near.below[place], x);
        under[i] = (n - far.above[place]) as f64 + middle(near.above[place], far.above[place], x);
    }
    match better {
        Direction::Max => (over, under),
        Direction::Min => (under, over),
    }
}

/// For each position of a sorted column, the ends of the runs that lie further away than a threshold below and above it.
#[derive(Debug, Clone)]
struct Borders {
    /// Number of values that lie more than the threshold below.
    below: Vec<usize>,
    /// First position that lies more than the threshold above, or the column's length.
    above: Vec<usize>,
}

/// Advances two positions through the column as in a merge; `is_beyond` tells whether a higher value lies beyond the threshold
/// above a lower one. Each step is branch-free, because the branch would be
/// unpredictable.
fn find_borders(sorted: &[f64], is_beyond: impl Fn(f64, f64) -> bool) -> Borders {
    let n = sorted.len();
    let mut borders = Borders {
        below: vec![0; n],
        above: vec![n; n],
    };
    let (mut high, mut low) = (0, 0);
    while high < n {
        borders.below[high] = low;
        borders.above[low] = high;
        let beyond = usize::from(is_beyond(sorted[high], sorted[low]));
        low += beyond;
        high += 1 - beyond;
    }
    // Positions after the last `low` have no value beyond the threshold above and keep the initial `n`.
    if let Some(last) = borders.above.get_mut(low) {
        *last = n;
    }
    borders
}

/// PrefixSums sums in double-double precision. For a short run of a wide column, a difference of plain prefix sums would lose all
/// significant digits.
#[derive(Debug)]
struct PrefixSums {
    sums: Vec<(f64, f64)>,
}

impl PrefixSums {
    fn of(sorted: &[f64]) -> Self {
        let mut sums = Vec::with_capacity(sorted.len() + 1);
        let (mut sum, mut error) = (0.0, 0.0);
        sums.push((sum, error));
        for &x in sorted {
            // Knuth's two-sum: `next` and its rounding error.
            let next = sum + x;
            let part = next - sum;
            error += (sum - (next - part)) + (x - part);
            sum = next;
            sums.push((sum, error));
        }
        Self { sums }
    }

    /// Returns `sum |x - y|` over the run `from..to`, which lies on one side of `x`.
    #[inline]
    fn distances(&self, from: usize, to: usize, x: f64) -> f64 {
        let ((low_sum, low_error), (high_sum, high_error)) = (self.sums[from], self.sums[to]);
        let count = (to - from) as f64;
        // Dekker's split: a count below 2^27 times the high half of `x` is exact.
        let scaled = x * 134_217_729.0;
        let upper = scaled - (scaled - x);
        let lower = x - upper;
        let run = (high_sum - low_sum, high_error - low_error);
        // The rounding error of the difference of the two large sums.
        let lost = {
            let part = run.0 - high_sum;
            (high_sum - (run.0 - part)) - (low_sum + part)
        };
        ((count * upper - run.0) + (count * lower - run.1 - lost)).abs()
    }
}
