//! MEREC: weights by the effect of removing each criterion.
//!
//! `n_ik = min / x` for benefits and `x / max` for costs; `S_i = ln(1 + (1/m) sum_k |ln n_ik|)`; `S'_ik` the same without
//! criterion `k`; `E_k = sum_i |S'_ik - S_i|`, `w_k = E_k / sum E`.
//!
//! Source: Keshavarz-Ghorabaee, M., Amiri, M., Zavadskas, E. K., Turskis, Z., Antucheviciene, J. (2021). Determination of
//! objective weights using a new method based on the removal effects of criteria (MEREC). Symmetry 13(4), 525.
//!
//! Limitations: logarithms and ratios need values above 0 (an error otherwise); a constant column gets 0.

use super::matrix::{CriterionColumn, check, weights_from_amounts};
use super::{WeightError, Weights};
use crate::tr;

/// Returns weights by removal effects.
///
/// # Errors
/// [`WeightError`] for a value that is not above 0, fewer than two candidates, or columns that are all constant.
pub fn weights(columns: &[CriterionColumn]) -> Result<Weights, WeightError> {
    check(columns)?;
    for column in columns {
        let (low, _) = column.range();
        let id = &column.criterion;
        if low <= 0.0 {
            return Err(WeightError::Number(tr!(
                "MEREC needs values above 0, but `{id}` contains {low}",
                "MEREC 要取对数，而 `{id}` 含有 {low}：需要大于 0 的值"
            )));
        }
    }
    let logs: Vec<Vec<f64>> = columns.iter().map(abs_log_ratios).collect();
    let m = columns.len() as f64;
    let totals: Vec<f64> = (0..columns[0].values.len())
        .map(|i| logs.iter().map(|column| column[i]).sum())
        .collect();
    let effect = |own: &Vec<f64>| -> f64 {
        let without = |total: f64, log: f64| ((total - log).max(0.0) / m).ln_1p();
        own.iter()
            .zip(&totals)
            .map(|(&log, &total)| (without(total, log) - (total / m).ln_1p()).abs())
            .sum()
    };
    weights_from_amounts(columns, logs.iter().map(effect).collect())
}

/// Returns `|ln n_ik|` of one column.
fn abs_log_ratios(column: &CriterionColumn) -> Vec<f64> {
    let (low, high) = column.range();
    let reference = if column.higher_is_better { low } else { high };
    column
        .values
        .iter()
        .map(|x| (x / reference).ln().abs())
        .collect()
}
