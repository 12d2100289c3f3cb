//! One input moved over the whole range that its author declared: the load, if a decision has one.
//!
//! A report draws the score of every candidate along it. Where the load has no range or moves no score, the first input of
//! the context that does takes its place.

use super::standing::Standing;
use super::tornado::expected_scores;
use crate::eval::{InputId, Leaf, Pin, Plan, Sweep};
use crate::graph::Compute;

/// Values along the swept input.
const STEPS: usize = 101;
/// The input that is swept if a decision has it.
const LOAD: &str = "workload.peak_rps";
/// A range that spans more than this factor is swept in even steps of the logarithm, as it is drawn.
const WIDE: f64 = 20.0;

/// The scores of all candidates along one input.
#[derive(Clone, Debug)]
pub struct LoadSweep {
    pub input: InputId,
    /// Its values, base units, and the scores at each.
    pub sweep: Sweep,
}

/// Sweeps the load, or the first input of the context that has a declared range and moves a score; `None` without one.
#[must_use]
pub fn load_sweep(plan: &Plan<'_>, standing: &Standing) -> Option<LoadSweep> {
    let ranged: Vec<(InputId, (f64, f64))> = plan
        .inputs()
        .into_iter()
        .filter_map(|input| Some((input, declared_range(plan, input)?)))
        .collect();
    let (load, others): (Vec<_>, Vec<_>) = ranged
        .into_iter()
        .partition(|(input, _)| plan.graph.nodes[input.node].id == LOAD);
    let sweep = |input: InputId, range: (f64, f64)| {
        let at = steps(range);
        if plan.is_certain() {
            return plan.sweep(input, &at, &standing.evaluation.shares);
        }
        let scores = expected_scores(plan, standing, Pin::one(input, at.clone()));
        Sweep { at, scores }
    };
    load.into_iter()
        .chain(others)
        .map(|(input, range)| LoadSweep {
            input,
            sweep: sweep(input, range),
        })
        .find(|found| found.sweep.scores.iter().any(|scores| moves(scores)))
}

/// The range that the author of a context input declared.
fn declared_range(plan: &Plan<'_>, input: InputId) -> Option<(f64, f64)> {
    if !matches!(plan.graph.nodes[input.node].compute, Compute::Context(_)) {
        return None;
    }
    match plan.leaf(input.node, 0) {
        Leaf::Fact(fact) => fact.domain.filter(|(low, high)| low < high),
        _ => None,
    }
}

/// Whether any score varies.
fn moves(scores: &[f64]) -> bool {
    scores
        .iter()
        .any(|s| !s.is_nan() && (s - scores[0]).abs() > 1e-9)
}

/// Values along a range, in even steps on the axis on which it is drawn.
fn steps((low, high): (f64, f64)) -> Vec<f64> {
    let part = |i: usize| i as f64 / (STEPS - 1) as f64;
    let logarithmic = low > 0.0 && high / low > WIDE;
    (0..STEPS)
        .map(|i| {
            if logarithmic {
                low * (high / low).powf(part(i))
            } else {
                low + (high - low) * part(i)
            }
        })
        .collect()
}
