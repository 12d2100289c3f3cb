//! Stability of a method that is not additive: it is run again over the share of each criterion.
//!
//! A grid of 1,001 shares finds every interval of another winner wider than 0.001; each change is located by bisection to 1e-7.

use rayon::prelude::*;

use super::{Stability, WeightChange, WeightInterval};
use crate::rank::{self, Method, Params, Problem, RankError};

/// Shares that are tried for each criterion.
const GRID: usize = 1_001;
/// Shares that are tried where the matrix is large.
const SPARSE_GRID: usize = 101;
/// A matrix of more cells than this is large.
const LARGE: usize = 20_000;
/// A change is known to this share.
const CLOSE: f64 = 1e-7;

/// Ranks by candidate, and who is first.
#[derive(Clone, PartialEq)]
struct RankedOrder {
    first: usize,
    ranks: Vec<usize>,
}

struct Search<'a> {
    problem: &'a Problem,
    method: &'a dyn Method,
    params: &'a Params,
    shares: Vec<f64>,
    total: f64,
}

/// What was found for one criterion: its interval, then the nearest change of any rank below and above.
type CriterionStability = (WeightInterval, [Option<WeightChange>; 2]);

pub(super) fn stability(
    problem: &Problem,
    ranked: &[usize],
    method: &dyn Method,
    params: &Params,
    nothing: Stability,
) -> Result<Stability, RankError> {
    let total: f64 = problem.weights().iter().sum();
    let search = Search {
        problem,
        method,
        params,
        shares: problem.shares(),
        total,
    };
    let present = search.order(problem)?;
    let found: Result<Vec<CriterionStability>, RankError> = (0..problem.criteria())
        .into_par_iter()
        .map(|k| search.criterion(k, &present))
        .collect();
    let mut outcome = Stability {
        winner: Some(ranked[present.first]),
        exact: false,
        ..nothing
    };
    let name = |i: usize| ranked[i];
    for (mut interval, changes) in found? {
        for (rival, at) in [
            (interval.below, interval.keeps.0),
            (interval.above, interval.keeps.1),
        ] {
            if let Some(rival) = rival {
                outcome.winner_changes.offer(change(
                    interval.criterion,
                    interval.share,
                    at,
                    name(present.first),
                    name(rival),
                ));
            }
        }
        for change in changes.into_iter().flatten() {
            outcome.rank_changes.offer(Some(WeightChange {
                over: name(change.over),
                under: name(change.under),
                ..change
            }));
        }
        (interval.below, interval.above) = (interval.below.map(name), interval.above.map(name));
        outcome.intervals.push(interval);
    }
    Ok(outcome)
}

/// The change of one weight that takes its share from `share` to `to`, all others as they are.
fn change(
    criterion: usize,
    share: f64,
    to: f64,
    over: usize,
    under: usize,
) -> Option<WeightChange> {
    let absolute = (to - share) / (1.0 - to);
    let relative = if share > 0.0 {
        absolute / share
    } else {
        f64::INFINITY
    };
    absolute.is_finite().then_some(WeightChange {
        criterion,
        to,
        absolute,
        relative,
        over,
        under,
    })
}

impl Search<'_> {
    fn order(&self, problem: &Problem) -> Result<RankedOrder, RankError> {
        let outcome = self.method.run(problem, self.params)?;
        let ranks = rank::ranks(&outcome.scores, outcome.higher_is_better);
        let first = ranks
            .iter()
            .position(|&r| r == 1)
            .expect("one candidate is first");
        Ok(RankedOrder { first, ranks })
    }

    /// The order where criterion `k` has share `x`; `None` if the method is not defined there.
    fn at(&self, k: usize, x: f64) -> Option<RankedOrder> {
        let rest = 1.0 - self.shares[k];
        let weight = |(j, share): (usize, &f64)| {
            self.total * if j == k { x } else { share * (1.0 - x) / rest }
        };
        let weights = self.shares.iter().enumerate().map(weight).collect();
        self.order(&self.problem.with_weights(weights).ok()?).ok()
    }

    fn criterion(&self, k: usize, present: &RankedOrder) -> Result<CriterionStability, RankError> {
        let share = self.shares[k];
        let mut interval = WeightInterval::widest(k, share);
        let mut changes = [None, None];
        if 1.0 - share < f64::EPSILON * 8.0 {
            return Ok((interval, changes));
        }
        let count = if self.problem.candidates() * self.problem.criteria() > LARGE {
            SPARSE_GRID
        } else {
            GRID
        };
        for (side, end) in [(0, 0.0), (1, 1.0)] {
            let steps = ((count - 1) as f64 * (end - share).abs()).ceil().max(1.0) as usize;
            let (mut inside, mut any_found) = (share, false);
            for step in 1..=steps {
                let x = share + (end - share) * (step as f64 / steps as f64);
                let Some(order) = self.at(k, x) else {
                    // Nothing is reported where the method is undefined.
                    *(if side == 0 {
                        &mut interval.keeps.0
                    } else {
                        &mut interval.keeps.1
                    }) = inside;
                    break;
                };
                if !any_found && order.ranks != present.ranks {
                    any_found = true;
                    let (at, order) =
                        self.close_in(k, inside, x, &|o| o.ranks != present.ranks, &order);
                    changes[side] = swapped(present, &order)
                        .and_then(|(over, under)| change(k, share, at, over, under));
                }
                // A candidate that ties with the winner has not overtaken it yet.
                let lost = |o: &RankedOrder| o.ranks[present.first] != 1;
                if lost(&order) {
                    let (at, order) = self.close_in(k, inside, x, &lost, &order);
                    if side == 0 {
                        (interval.keeps.0, interval.below) = (at, Some(order.first));
                    } else {
                        (interval.keeps.1, interval.above) = (at, Some(order.first));
                    }
                    break;
                }
                inside = x;
            }
        }
        Ok((interval, changes))
    }

    /// Halves `inside..outside` until the change between them is known; the order just beyond it.
    fn close_in(
        &self,
        k: usize,
        mut inside: f64,
        mut outside: f64,
        changed: &dyn Fn(&RankedOrder) -> bool,
        beyond: &RankedOrder,
    ) -> (f64, RankedOrder) {
        let mut beyond = beyond.clone();
        while (outside - inside).abs() > CLOSE {
            let middle = f64::midpoint(inside, outside);
            match self.at(k, middle) {
                Some(order) if changed(&order) => (outside, beyond) = (middle, order),
                _ => inside = middle,
            }
        }
        (f64::midpoint(inside, outside), beyond)
    }
}

/// The two that changed places nearest to the top: who was better, and who is no longer worse.
fn swapped(before: &RankedOrder, after: &RankedOrder) -> Option<(usize, usize)> {
    let by_rank = rank::order(&before.ranks);
    by_rank.iter().enumerate().find_map(|(place, &over)| {
        let later = by_rank[place + 1..].iter();
        let under = later.copied().find(|&under| {
            let order = |ranks: &[usize]| ranks[over].cmp(&ranks[under]);
            order(&before.ranks) != order(&after.ranks)
        });
        under.map(|under| (over, under))
    })
}
