//! Entropy weights: the more a criterion distinguishes the candidates, the larger its weight.
//!
//! `p_ik = x_ik / sum_i x_ik`, `E_k = -(1 / ln n) sum_i p ln p` (0 ln 0 = 0), `w_k = (1 - E_k) / sum (1 - E_k)`.
//!
//! Source: Shannon, C. E. (1948). A mathematical theory of communication. Bell System Technical Journal 27; as weights:
//! Hwang, C. L., Yoon, K. (1981). Multiple Attribute Decision Making. Springer, chapter 2.
//!
//! Limitations: negative values and columns of zeros have no shares (an error); a constant column gets 0.

use super::matrix::{CriterionColumn, check, weights_from_amounts};
use super::{WeightError, Weights};
use crate::tr;

/// Returns weights by the entropy of each column's shares.
///
/// # Errors
/// [`WeightError`] for a negative value, a column of zeros, fewer than two candidates, or columns that are all constant.
pub fn weights(columns: &[CriterionColumn]) -> Result<Weights, WeightError> {
    check(columns)?;
    for column in columns {
        let (low, high) = column.range();
        let id = &column.criterion;
        if low < 0.0 {
            return Err(WeightError::Number(tr!(
                "entropy needs values of at least 0, but `{id}` contains {low}",
                "熵权法把一列分成份额，而 `{id}` 含有 {low}：需要不小于 0 的值"
            )));
        }
        if high == 0.0 {
            return Err(WeightError::Number(tr!(
                "every value of `{id}` is 0: there are no shares to measure",
                "`{id}` 的值全为 0：没有份额可度量"
            )));
        }
    }
    let amounts = columns.iter().map(entropy_divergence).collect();
    weights_from_amounts(columns, amounts)
}

/// Returns `1 - E`, exactly 0 for a constant column despite rounding.
fn entropy_divergence(column: &CriterionColumn) -> f64 {
    if column.is_constant() {
        return 0.0;
    }
    let sum: f64 = column.values.iter().sum();
    let entropy: f64 = column
        .values
        .iter()
        .map(|value| value / sum)
        .filter(|&share| share > 0.0)
        .map(|share| -share * share.ln())
        .sum();
    (1.0 - entropy / (column.values.len() as f64).ln()).max(0.0)
}
