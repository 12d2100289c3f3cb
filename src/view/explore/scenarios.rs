//! Ranks of the same candidates in several scenarios.

use crate::analysis::standing::Standing;
use crate::eval::Plan;

/// The ranks in one scenario.
#[derive(Clone, Debug, Default)]
pub struct Ranks {
    /// Id, rank and score of every candidate.
    pub of: Vec<(String, Option<usize>, Option<f64>)>,
}

/// Ranks all candidates under these shares, or under the plan's own if it has other criteria.
#[must_use]
pub fn ranks(plan: &Plan<'_>, shares: &[f64]) -> Ranks {
    let standing = if shares.len() == plan.graph.criteria.len() {
        Standing::of(plan, shares)
    } else {
        Standing::of(plan, &plan.shares())
    };
    let evaluation = &standing.evaluation;
    let mut ranks = vec![None; evaluation.rows.len()];
    for (c, rank) in standing.places() {
        ranks[c] = Some(rank);
    }
    let rows = plan.decision.candidates.iter().zip(&evaluation.rows);
    Ranks {
        of: rows
            .zip(ranks)
            .map(|((c, row), rank)| (c.id.clone(), rank, row.score))
            .collect(),
    }
}

/// A candidate's worst rank and its largest shortfall behind the best of each scenario.
#[must_use]
pub fn worst(columns: &[&Ranks], id: &str) -> Option<(usize, f64)> {
    let mut worst: Option<(usize, f64)> = None;
    for column in columns {
        let best = column
            .of
            .iter()
            .filter_map(|(_, _, s)| *s)
            .fold(f64::NEG_INFINITY, f64::max);
        let (rank, score) = column
            .of
            .iter()
            .find(|(own, _, _)| own == id)
            .and_then(|(_, r, s)| (*r).zip(*s))?;
        let regret = best - score;
        worst = Some(worst.map_or((rank, regret), |(r, g)| (r.max(rank), g.max(regret))));
    }
    worst
}
