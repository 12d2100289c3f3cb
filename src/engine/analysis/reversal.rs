//! Rank reversal: whether the order of the other candidates changes when one is removed or a copy of one is added.
//!
//! It should not: whether Gin is better than Flask does not depend on Django. Methods with fixed anchors pass by construction;
//! those that normalise over the given candidates may fail. Source: Belton, V., Gear, T. (1983). On a short-coming of Saaty's method
//! of analytic hierarchies. Omega 11(3), 228-230 (the clone); Dezert, J. et al. (2020). The SPOTIS rank reversal free method for
//! multi-criteria decision-making support. FUSION 2020 (fixed anchors).

use super::ranking::{self, DEFAULT_METHOD};
use crate::eval::{Plan, Status};
use crate::lang::Text;
use crate::rank::{self, Method, Params, RankError};
use crate::tr;

/// A change to the set of candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetChange {
    /// The candidate was left out.
    Without,
    /// A copy of the candidate joined.
    Clone,
}

impl SetChange {
    /// The name in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Without => "without",
            Self::Clone => "clone",
        }
    }
}

/// A change that reversed the order of others.
#[derive(Clone, Debug, PartialEq)]
pub struct Reversal {
    /// The change.
    pub change: SetChange,
    /// The candidate that left or was copied, by index in the decision.
    pub candidate: usize,
    /// The other candidates from best to worst before the change.
    pub before: Vec<usize>,
    /// The same after it; ties stay in the decision's order.
    pub after: Vec<usize>,
}

/// The result of all checks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reversals {
    /// How many changes were tried.
    pub tried: usize,
    /// The changes that reversed the order of others.
    pub found: Vec<Reversal>,
    /// Changes after which the method could not be applied.
    pub refused: Vec<(SetChange, usize, Text)>,
    /// Why no change had to be tried; `None` if changes were tried.
    pub note: Option<Text>,
}

/// Limit on the candidates that are left out and copied one by one.
const MOST_CANDIDATES: usize = 200;

/// Leaves out and copies each ranked candidate.
///
/// # Errors
/// If the method cannot be applied to all candidates.
pub fn reversals(
    plan: &Plan<'_>,
    method: &'static dyn Method,
    params: &Params,
) -> Result<Reversals, RankError> {
    let evaluation = plan.evaluate();
    let ranked: Vec<usize> = (0..plan.candidates())
        .filter(|&c| evaluation.rows[c].status == Status::Ranked)
        .collect();
    let note = |note: Text| {
        Ok(Reversals {
            note: Some(note),
            ..Reversals::default()
        })
    };
    if ranked.len() < 2 {
        return note(tr!(
            "fewer than two candidates are ranked: there is no order to reverse",
            "参与排名的候选不足两个：没有可以颠倒的次序"
        ));
    }
    if method.id() == DEFAULT_METHOD && plan.graph.criteria.iter().all(|slot| slot.value.is_some())
    {
        return note(tr!(
            "every criterion has fixed anchors, so no score depends on the other candidates",
            "每个准则都有固定锚点，得分与还有哪些候选无关"
        ));
    }
    if ranked.len() > MOST_CANDIDATES {
        return note(tr!(
            "more than {MOST_CANDIDATES} candidates: not checked one by one",
            "候选超过 {MOST_CANDIDATES} 个：未逐一检查"
        ));
    }
    let n = ranked.len();
    let problem = ranking::problem(plan, &evaluation, &ranked)?;
    let all = method.run(&problem, params)?;
    let own = rank::ranks(&all.scores, all.higher_is_better);
    let mut result = Reversals::default();
    let changes = (0..n)
        .map(|i| (SetChange::Without, i))
        .chain((0..n).map(|i| (SetChange::Clone, i)));
    for (change, i) in changes {
        let rows: Vec<usize> = match change {
            SetChange::Without => (0..n).filter(|&j| j != i).collect(),
            SetChange::Clone => (0..n).chain([i]).collect(),
        };
        result.tried += 1;
        let outcome = match problem.select(&rows).and_then(|p| method.run(&p, params)) {
            Ok(outcome) => outcome,
            Err(error) => {
                result
                    .refused
                    .push((change, ranked[i], error.text().clone()));
                continue;
            }
        };
        let ranks = rank::ranks(&outcome.scores, outcome.higher_is_better);
        // The copy itself is not compared: it has the rank of its original.
        let others: Vec<(usize, usize)> = rows.iter().copied().zip(ranks).take(n).collect();
        let sign = |a: usize, b: usize| a.cmp(&b);
        let turned = others.iter().enumerate().any(|(at, (j, after))| {
            others[..at]
                .iter()
                .any(|(k, other)| sign(own[*j], own[*k]) != sign(*after, *other))
        });
        if turned {
            let order = |rank: &dyn Fn(usize) -> usize| {
                let mut order: Vec<usize> = (0..others.len()).collect();
                order.sort_by_key(|&at| (rank(at), at));
                order.into_iter().map(|at| ranked[others[at].0]).collect()
            };
            let (before, after) = (order(&|at| own[others[at].0]), order(&|at| others[at].1));
            result.found.push(Reversal {
                change,
                candidate: ranked[i],
                before,
                after,
            });
        }
    }
    Ok(result)
}
