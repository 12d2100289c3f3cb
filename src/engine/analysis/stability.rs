//! How far a weight may move before another candidate is first.
//!
//! One share is moved, the others keep their proportions to each other. For additive methods the score of candidate `i` is then a
//! straight line in the share `x` of criterion `j`, `S_i(x) = x v_ij + (1 - x) / (1 - w_j) (S_i - w_j v_ij)`, and the winner `a` meets
//! a rival `b` at
//!
//! ```text
//! w_j* = w_j + D (1 - w_j) / (D - d_j)      D = S(a) - S(b),  d_j = v(a, j) - v(b, j)
//! ```
//!
//! which counts where `0 <= w_j* <= 1`. The smallest change follows Triantaphyllou, E., Sanchez, A. (1997), "A sensitivity analysis
//! approach for some deterministic multi-criteria decision making methods", Decision Sciences 28(1), 151-194: a weight changes by
//! `t = (S_a - S_b) / (v_bj - v_aj)` with all others as they are, then all are normalised again; `w_j + t` must not be negative.
//! That is the same flip: `w_j* = (w_j + t) / (1 + t)`. Methods that are not additive are run again over the share in
//! `search`.

mod search;

use super::ranking::{self, DEFAULT_METHOD};
use crate::eval::{Plan, Status};
use crate::rank::{Method, Params, RankError};

/// The shares of one criterion for which the winner stays first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightInterval {
    pub criterion: usize,
    /// Its present share.
    pub share: f64,
    /// From and to which share the winner stays first.
    pub keeps: (f64, f64),
    /// The candidate that is first below the interval; `None` if there is none.
    pub below: Option<usize>,
    /// The candidate that is first above it.
    pub above: Option<usize>,
}

impl WeightInterval {
    /// The whole range of a weight, within which no other candidate is first.
    fn widest(criterion: usize, share: f64) -> Self {
        Self {
            criterion,
            share,
            keeps: (0.0, 1.0),
            below: None,
            above: None,
        }
    }
}

/// A change of one weight after which two candidates change places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightChange {
    pub criterion: usize,
    /// What its share becomes.
    pub to: f64,
    /// How much its weight changes before all are normalised again.
    pub absolute: f64,
    /// The same as a part of the weight; infinite for a weight of 0.
    pub relative: f64,
    /// The candidate that falls behind.
    pub over: usize,
    /// The candidate that overtakes it.
    pub under: usize,
}

/// The smallest changes of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SmallestChanges {
    /// By size.
    pub absolute: Option<WeightChange>,
    /// As a part of the weight.
    pub relative: Option<WeightChange>,
}

/// How stable a ranking is under changes of one weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Stability {
    /// The candidate in first place; `None` if no candidate is ranked.
    pub winner: Option<usize>,
    /// How many candidates are ranked.
    pub ranked: usize,
    /// Whether the intervals are exact (an additive method) or searched for.
    pub exact: bool,
    /// One interval per criterion; none if no candidate is ranked.
    pub intervals: Vec<WeightInterval>,
    /// The smallest change that makes another candidate first.
    pub winner_changes: SmallestChanges,
    /// The smallest change that changes any rank.
    pub rank_changes: SmallestChanges,
}

/// Finds the intervals of a method's winner.
///
/// # Errors
/// If the method cannot be applied to these data, or a parameter is wrong.
pub fn stability(
    plan: &Plan<'_>,
    method: &dyn Method,
    params: &Params,
) -> Result<Stability, RankError> {
    let evaluation = plan.evaluate();
    let ranked: Vec<usize> = (0..plan.candidates())
        .filter(|&c| evaluation.rows[c].status == Status::Ranked)
        .collect();
    let nothing = Stability {
        winner: None,
        ranked: ranked.len(),
        exact: true,
        intervals: Vec::new(),
        winner_changes: SmallestChanges::default(),
        rank_changes: SmallestChanges::default(),
    };
    if ranked.is_empty() {
        return Ok(nothing);
    }
    let criteria = plan.graph.criteria.len();
    if method.id() == DEFAULT_METHOD {
        // The graph's own value functions have more shapes than a straight line between anchors.
        let values = (0..criteria)
            .map(|k| {
                ranked
                    .iter()
                    .map(|&c| evaluation.rows[c].values[k])
                    .collect()
            })
            .collect();
        return Ok(Additive {
            ranked: &ranked,
            shares: evaluation.shares.clone(),
            values,
        }
        .stability(nothing));
    }
    let problem = ranking::problem(plan, &evaluation, &ranked)?;
    if let Some(parts) = method.contributions(&problem, params)? {
        let total: f64 = (0..criteria).map(|k| parts.share(k)).sum();
        let shares = (0..criteria).map(|k| parts.share(k) / total).collect();
        let values = (0..criteria)
            .map(|k| (0..ranked.len()).map(|i| parts.score(k, i)).collect())
            .collect();
        return Ok(Additive {
            ranked: &ranked,
            shares,
            values,
        }
        .stability(nothing));
    }
    search::stability(&problem, &ranked, method, params, nothing)
}

/// An additive model over the ranked candidates.
struct Additive<'a> {
    ranked: &'a [usize],
    shares: Vec<f64>,
    /// `values[k][i]`, NaN if a criterion without weight lacks a fact.
    values: Vec<Vec<f64>>,
}

impl Additive<'_> {
    fn stability(&self, nothing: Stability) -> Stability {
        let scores: Vec<f64> = (0..self.ranked.len()).map(|i| self.score(i)).collect();
        let first = super::race::winner(&scores).expect("ranked candidates have scores");
        let mut outcome = Stability {
            winner: Some(self.ranked[first]),
            ..nothing
        };
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
        for k in 0..self.shares.len() {
            outcome.intervals.push(self.interval(k, first, &scores));
            let rivals = (0..scores.len())
                .filter(|&i| i != first)
                .map(|i| (first, i));
            for (over, under) in rivals {
                outcome
                    .winner_changes
                    .offer(self.change(k, over, under, &scores));
            }
            // The first two to change places stand next to each other.
            for pair in order.windows(2) {
                outcome
                    .rank_changes
                    .offer(self.change(k, pair[0], pair[1], &scores));
            }
        }
        outcome
    }

    fn score(&self, i: usize) -> f64 {
        self.shares
            .iter()
            .zip(&self.values)
            .filter(|(w, _)| **w > 0.0)
            .map(|(w, v)| w * v[i])
            .sum()
    }

    fn interval(&self, k: usize, first: usize, scores: &[f64]) -> WeightInterval {
        let (share, values) = (self.shares[k], &self.values[k]);
        let mut interval = WeightInterval::widest(k, share);
        if values[first].is_nan() {
            // With any weight on this criterion the winner is incomplete.
            interval.keeps.1 = 0.0;
            let others = (0..scores.len()).filter(|&i| !values[i].is_nan());
            interval.above = others
                .max_by(|&a, &b| scores[a].total_cmp(&scores[b]).then(b.cmp(&a)))
                .map(|i| self.ranked[i]);
            return interval;
        }
        if 1.0 - share < f64::EPSILON * 8.0 {
            // No other criterion has weight: whatever this one's points are, its share is 1.
            return interval;
        }
        // Of two rivals that take over at the same share the one that gains faster leads beyond it.
        let mut steepest = (f64::INFINITY, f64::INFINITY);
        for rival in (0..scores.len()).filter(|&i| i != first && !values[i].is_nan()) {
            let (lead, gain) = (
                settled(scores[first] - scores[rival]),
                values[first] - values[rival],
            );
            let slope = (gain - lead) / (1.0 - share);
            let at = share - lead / slope;
            if slope > 0.0 && (at, slope) > (interval.keeps.0, steepest.0) {
                (interval.keeps.0, interval.below, steepest.0) =
                    (at, Some(self.ranked[rival]), slope);
            }
            if slope < 0.0 && (-at, -slope) > (-interval.keeps.1, steepest.1) {
                (interval.keeps.1, interval.above, steepest.1) =
                    (at, Some(self.ranked[rival]), -slope);
            }
        }
        interval
    }

    fn change(&self, k: usize, over: usize, under: usize, scores: &[f64]) -> Option<WeightChange> {
        let (share, values) = (self.shares[k], &self.values[k]);
        let (lead, gain) = (
            settled(scores[over] - scores[under]),
            values[under] - values[over],
        );
        let absolute = lead / gain;
        let possible =
            absolute.is_finite() && share + absolute >= 0.0 && 1.0 - share > f64::EPSILON * 8.0;
        possible.then(|| WeightChange {
            criterion: k,
            to: (share + absolute) / (1.0 + absolute),
            absolute,
            relative: if share > 0.0 {
                absolute / share
            } else {
                f64::INFINITY
            },
            over: self.ranked[over],
            under: self.ranked[under],
        })
    }
}

/// A lead within rounding error counts as 0.
fn settled(lead: f64) -> f64 {
    if lead.abs() <= super::race::TIE {
        0.0
    } else {
        lead
    }
}

impl SmallestChanges {
    fn offer(&mut self, change: Option<WeightChange>) {
        let Some(change) = change else { return };
        if self
            .absolute
            .is_none_or(|best| change.absolute.abs() < best.absolute.abs())
        {
            self.absolute = Some(change);
        }
        if change.relative.is_finite()
            && self
                .relative
                .is_none_or(|best| change.relative.abs() < best.relative.abs())
        {
            self.relative = Some(change);
        }
    }
}
