//! Compares two candidates: the measure at which both are equal, and how much a step of score is in a criterion's unit.
//!
//! In an additive model a change `d` of criterion `k`'s value moves the score by `share_k * d`; the value function turns that back
//! into the measure (Keeney & Raiffa 1976, section 3.7, on even swaps between criteria).

use crate::eval::{Evaluation, Plan};
use crate::quantity::value_function::ValueFunction;

/// The step of score that exchange rates are given for.
pub const STEP: f64 = 0.01;

/// The measure of criterion `k`, base units, at which a candidate of this value would gain `difference` of score, all else as
/// it is; `None` if that lies beyond the anchors or the shape has no inverse.
#[must_use]
pub fn equal_at(
    plan: &Plan<'_>,
    evaluation: &Evaluation,
    k: usize,
    value: f64,
    difference: f64,
) -> Option<f64> {
    let share = evaluation.shares[k];
    if share <= 0.0 || value.is_nan() {
        return None;
    }
    let wanted = value + difference / share;
    if !(0.0..=1.0).contains(&wanted) {
        return None;
    }
    match &plan.functions[k] {
        ValueFunction::Linear { worst, best } => Some(worst + wanted * (best - worst)),
        ValueFunction::Logarithmic { worst, best } => {
            Some((worst.ln() + wanted * (best.ln() - worst.ln())).exp())
        }
        _ => None,
    }
}

/// How much of criterion `k`'s measure, base units, is worth `step` of score; `None` if the rate is not the same along the whole range.
#[must_use]
pub fn worth(plan: &Plan<'_>, evaluation: &Evaluation, k: usize, step: f64) -> Option<f64> {
    let share = evaluation.shares[k];
    match &plan.functions[k] {
        ValueFunction::Linear { worst, best } if share > 0.0 => {
            Some(step / share * (best - worst).abs())
        }
        _ => None,
    }
}
