//! Two candidates compared: the parts of the difference, and exchange rates between criteria in their units.

use schemars::JsonSchema;
use serde::Serialize;

use super::figure;
use super::verdict::VerdictView;
use crate::analysis::compare;
use crate::eval::{Evaluation, Plan};
use crate::lang::Lang;

/// The JSON of `weigh compare`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CompareView {
    pub decision: String,
    /// The answer in one sentence, and what it rests on.
    pub verdict: Option<VerdictView>,
    /// The date of the evaluation.
    pub as_of: String,
    /// The two candidates.
    pub candidates: [SideView; 2],
    /// Score of the first minus score of the second.
    pub difference: Option<f64>,
    /// The criteria, largest difference first.
    pub criteria: Vec<RowView>,
    /// How much 0.01 of score is in each criterion's unit, at these weights.
    pub exchange: Vec<ExchangeView>,
}

/// One of the two candidates.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SideView {
    pub candidate: String,
    pub name: String,
    pub score: Option<f64>,
    /// `ranked`, `screened` or `incomplete`.
    pub status: &'static str,
    /// Why it has no score.
    pub reasons: Vec<String>,
}

/// One criterion.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RowView {
    pub criterion: String,
    pub title: String,
    /// Its normalised weight.
    pub share: f64,
    /// The two measures, for display.
    pub measures: [String; 2],
    /// The two contributions.
    pub contributions: [Option<f64>; 2],
    /// The first's contribution minus the second's.
    pub difference: Option<f64>,
    /// The change of this criterion's measure in the second candidate that would make both equal, in its unit; where one exists
    /// between the anchors.
    pub equal_at: Option<String>,
}

/// How much 0.01 of score is in one criterion.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExchangeView {
    pub criterion: String,
    pub title: String,
    /// The amount, in the criterion's unit.
    pub amount: f64,
    pub unit: String,
    /// The amount for display.
    pub shown: String,
}

/// Builds the view of a comparison.
#[must_use]
pub fn view(plan: &Plan<'_>, evaluation: &Evaluation, pair: [usize; 2], lang: Lang) -> CompareView {
    let side = |c: usize| {
        let row = &evaluation.rows[c];
        SideView {
            candidate: plan.decision.candidates[c].id.clone(),
            name: plan.decision.candidates[c].name.get(lang).to_owned(),
            score: row.score.and_then(figure::json),
            status: row.status.word(),
            reasons: row.reasons.iter().map(|r| r.get(lang).to_owned()).collect(),
        }
    };
    let [a, b] = pair.map(|c| &evaluation.rows[c]);
    let difference = a.score.zip(b.score).map(|(x, y)| x - y);
    let mut criteria: Vec<(f64, RowView)> = plan
        .graph
        .criteria
        .iter()
        .enumerate()
        .map(|(k, slot)| {
            let node = &plan.graph.nodes[slot.node];
            let gap = a.contributions[k] - b.contributions[k];
            let row = RowView {
                criterion: slot.id.clone(),
                title: slot.title.get(lang).to_owned(),
                share: figure::json(evaluation.shares[k]).unwrap_or(0.0),
                measures: [a, b]
                    .map(|row| figure::of_node(plan.decision, node, row.measures[k], lang)),
                contributions: [a, b].map(|row| figure::json(row.contributions[k])),
                difference: figure::json(gap),
                equal_at: difference
                    .and_then(|d| compare::equal_at(plan, evaluation, k, b.values[k], d))
                    .map(|x| figure::of_node(plan.decision, node, x, lang)),
            };
            (if gap.is_nan() { -1.0 } else { gap.abs() }, row)
        })
        .collect();
    criteria.sort_by(|x, y| y.0.total_cmp(&x.0));
    CompareView {
        verdict: None,
        decision: plan.decision.id.clone(),
        as_of: plan.decision.as_of.to_string(),
        candidates: pair.map(side),
        difference: difference.and_then(figure::json),
        criteria: criteria.into_iter().map(|(_, row)| row).collect(),
        exchange: exchange(plan, evaluation, lang),
    }
}

fn exchange(plan: &Plan<'_>, evaluation: &Evaluation, lang: Lang) -> Vec<ExchangeView> {
    let rate = |(k, slot): (usize, &crate::graph::CriterionNode)| {
        let amount = compare::worth(plan, evaluation, k, compare::STEP)?;
        let node = &plan.graph.nodes[slot.node];
        Some(ExchangeView {
            criterion: slot.id.clone(),
            title: slot.title.get(lang).to_owned(),
            amount: figure::json(node.unit.of_base(amount))?,
            unit: node.unit.suffix().to_owned(),
            shown: figure::of_node(plan.decision, node, amount, lang),
        })
    };
    plan.graph
        .criteria
        .iter()
        .enumerate()
        .filter_map(rate)
        .collect()
}
