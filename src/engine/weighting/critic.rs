//! CRITIC: criteria importance through intercriteria correlation.
//!
//! Columns are scaled to 0..1 by their observed range, 1 being best; with standard deviation `s_k` and Pearson correlation
//! `r_kl`: `C_k = s_k sum_l (1 - r_kl)`, `w_k = C_k / sum C`.
//!
//! Source: Diakoulaki, D., Mavrotas, G., Papayannakis, L. (1995). Determining objective weights in multiple criteria
//! problems: The CRITIC method. Computers & Operations Research 22(7), 763-770.
//!
//! Limitations: a constant column has no correlation and gets weight 0. If all criteria are fully correlated, the weights are
//! undefined (an error).

use super::matrix::{CriterionColumn, all_constant, check};
use super::{WeightError, Weights};
use crate::tr;

/// Sums of `1 - r` below this count as full correlation.
const ROUNDING: f64 = 1e-12;

/// Returns weights by the spread and conflict of the columns. Directions matter: to treat all criteria as benefits, as some
/// published cases do, pass them as such.
///
/// # Errors
/// [`WeightError`] for fewer than two candidates, columns that are all constant, or columns that all correlate fully.
pub fn weights(columns: &[CriterionColumn]) -> Result<Weights, WeightError> {
    check(columns)?;
    let scaled: Vec<Option<Vec<f64>>> = columns.iter().map(scaled_deviations).collect();
    let live = scaled.iter().flatten().count();
    if live == 0 {
        return Err(all_constant());
    }
    let information = |own: &Option<Vec<f64>>| match own {
        None => 0.0,
        // A single criterion takes all the weight.
        Some(_) if live == 1 => 1.0,
        Some(own) => {
            let conflict: f64 = scaled
                .iter()
                .flatten()
                .map(|other| 1.0 - correlation(own, other))
                .sum();
            if conflict <= ROUNDING {
                0.0
            } else {
                euclidean_norm(own) * conflict
            }
        }
    };
    let raw: Vec<(String, f64)> = columns
        .iter()
        .zip(&scaled)
        .map(|(column, own)| (column.criterion.clone(), information(own)))
        .collect();
    if raw.iter().all(|&(_, amount)| amount == 0.0) {
        return Err(WeightError::Uninformative(tr!(
            "all criteria are fully correlated: CRITIC weighs by their conflict and finds none",
            "所有准则同升同降：CRITIC 按冲突赋权，而此处没有冲突"
        )));
    }
    let mut weights = Weights::from_amounts(raw);
    for (column, _) in columns.iter().zip(&scaled).filter(|(_, own)| own.is_none()) {
        let id = &column.criterion;
        weights = weights.with_note(tr!(
            "`{id}` is constant: left out, weight 0",
            "`{id}` 为常数：不参与，权重为 0"
        ));
    }
    Ok(weights)
}

/// Returns the column scaled to 0..1, 1 being best, minus its mean; `None` for a constant column.
fn scaled_deviations(column: &CriterionColumn) -> Option<Vec<f64>> {
    let (low, high) = column.range();
    if low == high {
        return None;
    }
    let (worst, best) = if column.higher_is_better {
        (low, high)
    } else {
        (high, low)
    };
    let scaled: Vec<f64> = column
        .values
        .iter()
        .map(|x| (x - worst) / (best - worst))
        .collect();
    let mean = scaled.iter().sum::<f64>() / scaled.len() as f64;
    Some(scaled.iter().map(|x| x - mean).collect())
}

/// Returns the standard deviation up to a factor common to all columns.
fn euclidean_norm(deviations: &[f64]) -> f64 {
    deviations.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let product: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    (product / (euclidean_norm(a) * euclidean_norm(b))).clamp(-1.0, 1.0)
}
