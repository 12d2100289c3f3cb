//! Pareto dominance: which candidates are at least as good as others on every criterion. Needs no weights.
//!
//! `a` dominates `b` where its value is at least `b`'s on every criterion that has weight, and above it on one. Values are
//! those of the value functions, so values beyond an anchor count as the anchor. With unknowns there are two answers:
//!
//! - *certain*: in every sample of the uncertain inputs (the same draws for all candidates), and wherever between its anchors a
//!   missing value may lie;
//! - *possible*: in at least one sample, with missing values chosen in favour of `a`.
//!
//! Comparing only the criteria that both candidates happen to know, as is often done, produces cycles (Khalefa, M. E. et al. (2008).
//! Skyline query processing for incomplete data. ICDE 2008, 556-565). A candidate is *efficient* if no other
//! possibly dominates it, *perhaps efficient* if no other certainly does.

use crate::eval::{Plan, Status};
use crate::quantity::tolerance::is_above;

/// Samples of uncertain inputs; fewer for many candidates, since all pairs are compared in each.
const SAMPLES: usize = 2_048;

/// Comparisons of single values that a run may make.
const BUDGET: usize = 400_000_000;

/// Values below this are what rounding leaves of 0: value functions run from 0 to 1.
const ROUNDING: f64 = 1e-12;

/// Limit on the candidates: all pairs are compared.
pub const MOST_CANDIDATES: usize = 5_000;

/// The dominance relation of one candidate to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dominance {
    /// It does not dominate the other.
    No,
    /// It dominates the other in some samples, or for some missing values.
    Possible,
    /// It dominates the other in every sample, whatever the missing values are.
    Certain,
}

/// A candidate's standing among all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    /// No other candidate possibly dominates it.
    Efficient,
    /// Some candidate possibly dominates it, none certainly.
    Perhaps,
    /// Some candidate certainly dominates it.
    Dominated,
}

impl Front {
    /// The name in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Efficient => "efficient",
            Self::Perhaps => "perhaps",
            Self::Dominated => "dominated",
        }
    }
}

/// Dominance among the candidates that no gate screens out.
#[derive(Clone, Debug)]
pub struct Pareto {
    /// The criteria compared, by place.
    pub criteria: Vec<usize>,
    /// The candidates compared, by index in the decision.
    pub candidates: Vec<usize>,
    /// Point values, `values[i][k]`; NaN where missing.
    pub values: Vec<Vec<f64>>,
    /// `relation[i * n + j]`: how `i` stands to `j`.
    relation: Vec<Dominance>,
    /// Samples of uncertain inputs; 1 where everything is certain.
    pub samples: usize,
}

impl Pareto {
    /// The relation of the `i`-th candidate to the `j`-th.
    #[must_use]
    pub fn relation(&self, i: usize, j: usize) -> Dominance {
        self.relation[i * self.candidates.len() + j]
    }

    /// The standing of the `i`-th candidate.
    #[must_use]
    pub fn front(&self, i: usize) -> Front {
        let worst = (0..self.candidates.len())
            .filter(|&j| j != i)
            .map(|j| self.relation(j, i))
            .max();
        match worst {
            None | Some(Dominance::No) => Front::Efficient,
            Some(Dominance::Possible) => Front::Perhaps,
            Some(Dominance::Certain) => Front::Dominated,
        }
    }

    /// The candidates that dominate the `i`-th at least to this degree.
    #[must_use]
    pub fn above(&self, i: usize, least: Dominance) -> Vec<usize> {
        (0..self.candidates.len())
            .filter(|&j| j != i && self.relation(j, i) >= least)
            .collect()
    }
}

/// Compares all pairs on these criteria, or on all that have weight. `None` for more than [`MOST_CANDIDATES`].
#[must_use]
pub fn pareto(plan: &Plan<'_>, criteria: Option<&[usize]>, seed: u64) -> Option<Pareto> {
    let shares = plan.shares();
    let all: Vec<usize> = (0..shares.len()).filter(|&k| shares[k] > 0.0).collect();
    let criteria = criteria.map_or(all, <[usize]>::to_vec);
    let rows = plan.evaluate().rows;
    let candidates: Vec<usize> = (0..plan.candidates())
        .filter(|&c| rows[c].status != Status::Screened)
        .collect();
    let n = candidates.len();
    if n > MOST_CANDIDATES {
        return None;
    }
    let pairs = (n * n * criteria.len()).max(1);
    let samples = if plan.uncertain().is_empty() {
        1
    } else {
        (BUDGET / pairs).clamp(16, SAMPLES)
    };
    // A value that the point estimate lacks may lie anywhere between the anchors, even where a policy replaces it elsewhere.
    let missing: Vec<bool> = candidates
        .iter()
        .flat_map(|&c| criteria.iter().map(move |&k| (c, k)))
        .map(|(c, k)| rows[c].measures[k].is_nan())
        .collect();
    let width = criteria.len();
    let tallies = plan.tally(
        samples,
        seed,
        || Bounds {
            always: vec![true; n * n],
            once: vec![false; n * n],
            low: Vec::new(),
            high: Vec::new(),
        },
        |bounds, block| {
            for lane in 0..block.lanes {
                bounds.low.clear();
                bounds.high.clear();
                for (i, &c) in candidates.iter().enumerate() {
                    for (at, &k) in criteria.iter().enumerate() {
                        let value = block.value(k, c)[lane];
                        // At the worst anchor a subtraction leaves rounding, which is not above 0.
                        let value = if value.abs() < ROUNDING { 0.0 } else { value };
                        let open = missing[i * width + at] || value.is_nan();
                        bounds.low.push(if open { 0.0 } else { value });
                        bounds.high.push(if open { 1.0 } else { value });
                    }
                }
                bounds.compare(n, width);
            }
        },
    );
    let relation = (0..n * n)
        .map(|at| {
            if at / n == at % n {
                Dominance::No
            } else if tallies.iter().all(|t| t.always[at]) {
                Dominance::Certain
            } else if tallies.iter().any(|t| t.once[at]) {
                Dominance::Possible
            } else {
                Dominance::No
            }
        })
        .collect();
    let value = |c: usize, k: usize| {
        if rows[c].measures[k].is_nan() {
            f64::NAN
        } else {
            rows[c].values[k]
        }
    };
    let values = candidates
        .iter()
        .map(|&c| criteria.iter().map(|&k| value(c, k)).collect())
        .collect();
    Some(Pareto {
        criteria,
        candidates,
        values,
        relation,
        samples,
    })
}

/// The relation of every pair in the samples so far.
struct Bounds {
    always: Vec<bool>,
    once: Vec<bool>,
    low: Vec<f64>,
    high: Vec<f64>,
}

impl Bounds {
    fn compare(&mut self, n: usize, width: usize) {
        for i in 0..n {
            for j in (0..n).filter(|&j| j != i) {
                let at = i * n + j;
                if self.always[at] {
                    self.always[at] = dominates(
                        &self.low[i * width..][..width],
                        &self.high[j * width..][..width],
                    );
                }
                if !self.once[at] {
                    self.once[at] = dominates(
                        &self.high[i * width..][..width],
                        &self.low[j * width..][..width],
                    );
                }
            }
        }
    }
}

/// At least as good everywhere and better somewhere.
fn dominates(a: &[f64], b: &[f64]) -> bool {
    let mut better = false;
    for (a, b) in a.iter().zip(b) {
        if is_above(*b, *a) {
            return false;
        }
        better |= is_above(*a, *b);
    }
    better
}
