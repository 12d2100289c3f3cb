//! Swing weights: the value of the swing of each criterion from its declared worst to its declared best, relative to 100 for
//! the most valuable swing; `w_k = swing_k / sum swing`.
//!
//! Source: von Winterfeldt, D., Edwards, W. (1986). Decision Analysis and Behavioral Research. Cambridge University Press,
//! chapter 8. A swing weight is valid only for its range: when an anchor changes, it must be elicited again.

use super::{WeightError, Weights, check_amounts};
use crate::tr;

/// Returns the swings divided by their sum.
///
/// # Errors
/// [`WeightError`] for an empty list, a repeated item, a negative swing, or only zeros.
pub fn weights(swings: &[(String, f64)]) -> Result<Weights, WeightError> {
    check_amounts(swings)?;
    let weights = Weights::from_amounts(swings.to_vec());
    let largest = swings
        .iter()
        .fold(0.0_f64, |largest, &(_, swing)| largest.max(swing));
    if largest == 100.0 {
        return Ok(weights);
    }
    Ok(weights.with_note(tr!(
        "the largest swing is {largest}; by convention the most valuable swing gets 100 and the others a fraction of it",
        "最大摆动为 {largest}；该方法规定最想要的摆动为 100，其余按其比例给出"
    )))
}
