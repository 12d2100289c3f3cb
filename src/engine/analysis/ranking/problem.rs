//! The decision as a method of aggregation sees it: a matrix of figures with weights.

use super::DEFAULT_METHOD;
use crate::eval::{CandidateScore, Evaluation, MeasureScorer, Plan, Status};
use crate::quantity::value_function::Direction;
use crate::rank::problem::is_supported_magnitude;
use crate::rank::{Axis, Method, Params, Problem, RankError};
use crate::tr;

/// The decision matrix of these candidates: measures in the criterion's unit, or values where a measure is a word, a target or
/// is missing by a policy that gives it a value.
///
/// # Errors
/// Where a figure or weight is not usable.
pub fn problem(
    plan: &Plan<'_>,
    evaluation: &Evaluation,
    candidates: &[usize],
) -> Result<Problem, RankError> {
    let mut axes = Vec::new();
    let mut columns = Vec::with_capacity(candidates.len() * plan.graph.criteria.len());
    for (k, slot) in plan.graph.criteria.iter().enumerate() {
        let node = &plan.graph.nodes[slot.node];
        let function = &plan.functions[k];
        let measures: Vec<f64> = candidates
            .iter()
            .map(|&c| evaluation.rows[c].measures[k])
            .collect();
        let plain = measures.iter().all(|x| !x.is_nan());
        match function
            .direction()
            .filter(|_| plain && slot.value.is_some())
            .or((plain && slot.value.is_none()).then_some(slot.direction))
        {
            Some(direction) => {
                let anchors = slot
                    .value
                    .as_ref()
                    .and_then(|f| f.anchors())
                    .map(|(w, b)| (node.unit.of_base(w), node.unit.of_base(b)));
                axes.push(Axis {
                    id: slot.id.clone(),
                    direction,
                    anchors,
                });
                columns.extend(measures.iter().map(|x| node.unit.of_base(*x)));
            }
            None => {
                axes.push(Axis {
                    id: slot.id.clone(),
                    direction: Direction::Max,
                    anchors: Some((0.0, 1.0)),
                });
                // A criterion without weight may lack a fact; it then has no influence.
                let value = |c: &usize| evaluation.rows[*c].values[k];
                columns.extend(
                    candidates
                        .iter()
                        .map(|c| if value(c).is_nan() { 0.0 } else { value(c) }),
                );
            }
        }
    }
    check_magnitudes(plan, &axes, &columns, candidates)?;
    let total: f64 = plan.graph.criteria.iter().map(|s| s.points).sum();
    let flat = plan.graph.criteria.iter().all(|s| s.objectives.is_empty());
    let weights = if flat && total > 0.0 {
        plan.graph.criteria.iter().map(|s| s.points).collect()
    } else {
        evaluation.shares.clone()
    };
    Problem::new(axes, candidates.len(), columns, weights)
}

/// Refuses a figure that the methods cannot compute with, in the words of the decision: [`Problem::new`] knows no names.
fn check_magnitudes(
    plan: &Plan<'_>,
    axes: &[Axis],
    columns: &[f64],
    candidates: &[usize],
) -> Result<(), RankError> {
    let Some(at) = columns.iter().position(|&x| !is_supported_magnitude(x)) else {
        return Ok(());
    };
    let (k, value) = (at / candidates.len(), columns[at]);
    let candidate = &plan.decision.candidates[candidates[at % candidates.len()]];
    let (title, unit) = (
        &plan.graph.criteria[k].title,
        plan.graph.nodes[plan.graph.criteria[k].node].unit.suffix(),
    );
    let (name, id) = (&candidate.name, &candidate.id);
    let figure = format!("{value:e} {unit}");
    let figure = figure.trim_end();
    Err(RankError::Data {
        criterion: Some(axes[k].id.clone()),
        text: tr!(
            "{title} of {name} is {figure}, outside the supported magnitudes (1e-150 to 1e150): use another unit. `weigh why DECISION {id}` shows the file and line it comes from",
            "{name} 的“{title}”为 {figure}，超出可计算范围（1e-150 至 1e150）：请换一个单位。`weigh why DECISION {id}` 会显示其所在文件与行"
        ),
    })
}

/// What scores candidates along a sweep under a method; `None` for the additive value model, which needs no help. Scores of methods
/// in which lower is better change their sign.
#[must_use]
pub fn scorer<'p>(
    plan: &'p Plan<'p>,
    method: &'static dyn Method,
    params: &'p Params,
) -> Option<Box<MeasureScorer<'p>>> {
    if method.id() == DEFAULT_METHOD {
        return None;
    }
    let shares = plan.shares();
    let empty = CandidateScore {
        status: Status::Incomplete,
        reasons: Vec::new(),
        measures: Vec::new(),
        values: Vec::new(),
        contributions: Vec::new(),
        score: None,
        point_values: Vec::new(),
        point: None,
        passes: 0.0,
    };
    Some(Box::new(move |measures| {
        let row = |(c, own): (usize, &Option<Vec<f64>>)| {
            let Some(measures) = own else {
                return empty.clone();
            };
            let value = |(k, x): (usize, &f64)| {
                let value = plan.functions[k].value(*x, plan.clip);
                plan.policy(k, c).known(value)
            };
            let values: Vec<f64> = measures.iter().enumerate().map(value).collect();
            let known = values
                .iter()
                .zip(&shares)
                .all(|(value, share)| *share == 0.0 || !value.is_nan());
            let status = if known {
                Status::Ranked
            } else {
                Status::Incomplete
            };
            CandidateScore {
                status,
                measures: measures.clone(),
                values,
                ..empty.clone()
            }
        };
        let evaluation = Evaluation {
            rows: measures.iter().enumerate().map(row).collect(),
            shares: shares.clone(),
        };
        let ranked: Vec<usize> = (0..measures.len())
            .filter(|&c| evaluation.rows[c].status == Status::Ranked)
            .collect();
        let mut scores = vec![f64::NAN; measures.len()];
        // No candidate is ranked if the method is undefined.
        let outcome =
            problem(plan, &evaluation, &ranked).and_then(|problem| method.run(&problem, params));
        if let Ok(outcome) = outcome {
            let sign = if outcome.higher_is_better { 1.0 } else { -1.0 };
            ranked
                .iter()
                .zip(outcome.scores)
                .for_each(|(&c, score)| scores[c] = sign * score);
        }
        scores
    }))
}
