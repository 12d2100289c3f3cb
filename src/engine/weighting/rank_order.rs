//! Weights from a ranking of the criteria by importance, for `n` criteria and rank `r` (1 is the most important):
//!
//! | formula | weight | source |
//! |---|---|---|
//! | `roc` | (1/n) sum_(i=r..n) 1/i, the centroid of all weights in this order | Barron, Barrett 1996 |
//! | `rank-sum` | 2 (n + 1 - r) / (n (n + 1)) | Stillwell, Seaver, Edwards 1981 |
//! | `reciprocal` | (1/r) / sum_i 1/i | Stillwell, Seaver, Edwards 1981 |
//!
//! Source: Stillwell, W. G., Seaver, D. A., Edwards, W. (1981). A comparison of weight approximation techniques in
//! multiattribute utility decision making. Organizational Behavior and Human Performance 28(1), 62-77; Barron, F. H.,
//! Barrett, B. E. (1996). Decision quality using ranked attribute weights. Management Science 42(11), 1515-1523.

use super::{WeightError, Weights, check_items};

/// A formula that turns ranks into weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RankOrderFormula {
    /// Rank order centroid.
    #[default]
    Centroid,
    /// Rank sum.
    Sum,
    /// Rank reciprocal.
    Reciprocal,
}

impl RankOrderFormula {
    /// Returns the formula called `roc`, `rank-sum` or `reciprocal`.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        match word {
            "roc" => Some(Self::Centroid),
            "rank-sum" => Some(Self::Sum),
            "reciprocal" => Some(Self::Reciprocal),
            _ => None,
        }
    }
}

/// Returns the weights of items listed by importance, the most important first.
///
/// ```
/// use weigh_engine::weighting::rank_order::{RankOrderFormula, weights};
/// let order: Vec<String> = ["a", "b"].map(String::from).to_vec();
/// let weights = weights(RankOrderFormula::Centroid, &order).expect("the order is legal");
/// assert_eq!(weights.get("a"), Some(0.75));
/// ```
///
/// # Errors
/// [`WeightError`] for an empty list or a repeated item.
pub fn weights(formula: RankOrderFormula, order: &[String]) -> Result<Weights, WeightError> {
    check_items(order.iter().map(String::as_str))?;
    let n = order.len();
    let raw = order.iter().enumerate().map(|(place, item)| {
        let rank = place + 1;
        let amount = match formula {
            RankOrderFormula::Centroid => (rank..=n).map(|i| (i as f64).recip()).sum(),
            RankOrderFormula::Sum => (n + 1 - rank) as f64,
            RankOrderFormula::Reciprocal => (rank as f64).recip(),
        };
        (item.clone(), amount)
    });
    Ok(Weights::from_amounts(raw.collect()))
}
