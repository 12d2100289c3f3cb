//! Dominance as plain data.

use schemars::JsonSchema;
use serde::Serialize;

use super::figure;
use crate::analysis::pareto::{Dominance, Front, Pareto};
use crate::eval::{Plan, Status};
use crate::lang::Lang;

/// The JSON of `weigh pareto`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ParetoView {
    pub decision: String,
    /// The date of the evaluation.
    pub as_of: String,
    pub title: String,
    /// The criteria compared.
    pub criteria: Vec<String>,
    /// Samples of uncertain inputs.
    pub samples: usize,
    pub seed: u64,
    /// Candidates that no other possibly dominates.
    pub front: Vec<String>,
    /// Candidates that no other certainly dominates.
    pub possible_front: Vec<String>,
    /// Every candidate that no gate screens out.
    pub candidates: Vec<FrontStandingView>,
    /// Candidates that a gate screens out: not compared.
    pub screened: Vec<String>,
}

/// A candidate's standing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FrontStandingView {
    pub candidate: String,
    pub name: String,
    /// `efficient`, `perhaps` or `dominated`.
    pub front: &'static str,
    /// Its value on each criterion compared, 0..1; null if missing.
    pub values: Vec<Option<f64>>,
    /// Candidates that certainly dominate it.
    pub dominated_by: Vec<String>,
    /// Candidates that may dominate it, depending on missing or uncertain values.
    pub possibly_dominated_by: Vec<String>,
}

/// Builds the view of the comparison.
#[must_use]
pub fn view(plan: &Plan<'_>, pareto: &Pareto, seed: u64, lang: Lang) -> ParetoView {
    let decision = plan.decision;
    let id = |i: usize| decision.candidates[pareto.candidates[i]].id.clone();
    let among = |wanted: &[Front]| {
        (0..pareto.candidates.len())
            .filter(|&i| wanted.contains(&pareto.front(i)))
            .map(id)
            .collect()
    };
    let standing = |i: usize| {
        let candidate = &decision.candidates[pareto.candidates[i]];
        let certain = pareto.above(i, Dominance::Certain);
        let possible = pareto.above(i, Dominance::Possible);
        FrontStandingView {
            candidate: candidate.id.clone(),
            name: candidate.name.get(lang).to_owned(),
            front: pareto.front(i).word(),
            values: pareto.values[i].iter().map(|&v| figure::json(v)).collect(),
            possibly_dominated_by: possible
                .iter()
                .filter(|j| !certain.contains(j))
                .map(|&j| id(j))
                .collect(),
            dominated_by: certain.into_iter().map(id).collect(),
        }
    };
    let rows = plan.evaluate().rows;
    let screened = rows
        .iter()
        .zip(&decision.candidates)
        .filter(|(row, _)| row.status == Status::Screened);
    ParetoView {
        decision: decision.id.clone(),
        as_of: decision.as_of.to_string(),
        title: decision.title.get(lang).to_owned(),
        criteria: pareto
            .criteria
            .iter()
            .map(|&k| plan.graph.criteria[k].id.clone())
            .collect(),
        samples: pareto.samples,
        seed,
        front: among(&[Front::Efficient]),
        possible_front: among(&[Front::Efficient, Front::Perhaps]),
        candidates: (0..pareto.candidates.len()).map(standing).collect(),
        screened: screened
            .map(|(_, candidate)| candidate.id.clone())
            .collect(),
    }
}
