//! Points: amounts divided by their sum, `w_k = points_k / sum points`.
//!
//! Source: direct rating; Edwards, W. (1977). How to use multiattribute utility measurement for social decisionmaking. IEEE
//! Transactions on Systems, Man, and Cybernetics 7(5), 326-340. Points elicited without showing the range from worst to best
//! are insensitive to that range (Fischer 1995): prefer [`swing`](super::swing).

use super::{WeightError, Weights, check_amounts};

/// Returns the points divided by their sum.
///
/// ```
/// let given = vec![("cost".to_owned(), 30.0), ("fit".to_owned(), 10.0)];
/// let weights = weigh_engine::weighting::points::weights(&given).expect("the points are legal");
/// assert_eq!(weights.get("cost"), Some(0.75));
/// ```
///
/// # Errors
/// [`WeightError`] for an empty list, a repeated item, a negative amount, or only zeros.
pub fn weights(points: &[(String, f64)]) -> Result<Weights, WeightError> {
    check_amounts(points)?;
    Ok(Weights::from_amounts(points.to_vec()))
}
