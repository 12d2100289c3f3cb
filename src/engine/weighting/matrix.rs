//! The decision matrix by criterion, the input of entropy, CRITIC and MEREC.

use super::{WeightError, Weights, check_items};
use crate::tr;

/// The values of all candidates on one criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct CriterionColumn {
    pub criterion: String,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// One value per candidate, in the measure's unit.
    pub values: Vec<f64>,
}

impl CriterionColumn {
    /// Returns the smallest and largest value.
    pub(super) fn range(&self) -> (f64, f64) {
        self.values
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| {
                (low.min(x), high.max(x))
            })
    }

    pub(super) fn is_constant(&self) -> bool {
        let (low, high) = self.range();
        low == high
    }
}

/// Rejects columns of unequal length, fewer than two candidates and values outside the supported magnitudes.
pub(super) fn check(columns: &[CriterionColumn]) -> Result<(), WeightError> {
    check_items(columns.iter().map(|column| column.criterion.as_str()))?;
    let n = columns[0].values.len();
    if n < 2 {
        return Err(WeightError::Shape(tr!(
            "at least two candidates are needed; the number given is {n}",
            "至少需要两个候选项才能看出差异；现有 {n} 个"
        )));
    }
    for column in columns {
        let id = &column.criterion;
        let rows = column.values.len();
        if rows != n {
            return Err(WeightError::Shape(tr!(
                "`{id}` has {rows} values, the first criterion {n}",
                "`{id}` 有 {rows} 个值，第一个准则有 {n} 个"
            )));
        }
        // The limits keep squares and ratios finite.
        if let Some(value) = column
            .values
            .iter()
            .find(|value| !(**value == 0.0 || (1e-150..=1e150).contains(&value.abs())))
        {
            return Err(WeightError::Number(tr!(
                "`{id}` contains {value}, which is outside the supported range",
                "`{id}` 含有 {value}，无法计算"
            )));
        }
    }
    Ok(())
}

/// Normalises the information content of each column to a weight; a constant column gets 0 and a remark.
pub(super) fn weights_from_amounts(
    columns: &[CriterionColumn],
    amounts: Vec<f64>,
) -> Result<Weights, WeightError> {
    if amounts.iter().all(|&amount| amount == 0.0) {
        return Err(all_constant());
    }
    let ids = columns.iter().map(|column| column.criterion.clone());
    let mut weights = Weights::from_amounts(ids.zip(amounts).collect());
    for column in columns.iter().filter(|column| column.is_constant()) {
        let id = &column.criterion;
        weights = weights.with_note(tr!(
            "`{id}` is constant: weight 0",
            "`{id}` 为常数：权重为 0"
        ));
    }
    Ok(weights)
}

pub(super) fn all_constant() -> WeightError {
    WeightError::Uninformative(tr!(
        "every criterion is constant: the data do not distinguish the candidates",
        "每个准则都是常数：数据无法区分候选项"
    ))
}
