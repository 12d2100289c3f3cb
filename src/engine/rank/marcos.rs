//! MARCOS: measurement of alternatives and ranking according to compromise solution.
//!
//! The matrix is extended by an ideal (best of each column) and an anti-ideal (worst of each column) and normalised by the
//! ideal: x / ideal for max criteria, ideal / x for min criteria. With `S = sum_k w_k n_k`: `K- = S_i / S_anti-ideal`,
//! `K+ = S_i / S_ideal`, `f(K-) = K+ / (K+ + K-)`, `f(K+) = K- / (K+ + K-)`, and the score is
//! `f(K) = (K+ + K-) / (1 + (1 - f(K+)) / f(K+) + (1 - f(K-)) / f(K-))`. Higher is better.
//!
//! Source: Stevic, Z., Pamucar, D., Puska, A., Chatterjee, P. (2020). Sustainable supplier selection in healthcare
//! industries using a new MCDM method: Measurement of alternatives and ranking according to COmpromise solution (MARCOS).
//! Computers & Industrial Engineering 140, 106231, equations 1-15.
//!
//! Limitations: values below 0, 0 on a min criterion, and an anti-ideal that is 0 everywhere are errors, because the formula
//! divides by them. Ideal and anti-ideal depend on the set of candidates, so ranks can reverse when it changes.

use super::normalise::ColumnMap;
use super::param::{EffectiveParams, WEIGHTS};
use super::weighted_sum::sums;
use super::{
    Method, MethodDetail, MethodResult, Normalisation, Parameter, Params, Problem, RankError,
};
use crate::lang::Text;
use crate::tr;

/// The utility between ideal and anti-ideal.
#[derive(Debug, Clone, Copy)]
pub struct Marcos;

const PARAMETERS: &[Parameter] = &[WEIGHTS];

impl Method for Marcos {
    fn id(&self) -> &'static str {
        "marcos"
    }

    fn title(&self) -> Text {
        tr!("MARCOS", "MARCOS（折衷方案测度排序法）")
    }

    fn citation(&self) -> &'static str {
        "Stevic, Z., Pamucar, D., Puska, A., Chatterjee, P. (2020). Sustainable supplier selection in healthcare industries using a new MCDM method: Measurement of alternatives and ranking according to COmpromise solution (MARCOS). Computers & Industrial Engineering 140, 106231"
    }

    fn assumptions(&self) -> Text {
        tr!(
            "ratio scales with values above 0; the best and worst of the current candidates are adequate references",
            "比率尺度且值大于 0；当前候选项中的最优与最劣可作为参照"
        )
    }

    fn parameters(&self) -> &'static [Parameter] {
        PARAMETERS
    }

    fn run(&self, problem: &Problem, params: &Params) -> Result<MethodResult, RankError> {
        let effective = EffectiveParams::new(PARAMETERS, problem, params)?;
        let weights = effective.weights(problem);
        let maps: Vec<ColumnMap> = Normalisation::Max.column_maps(problem)?;
        let s = sums(problem, &maps, &weights);
        let reference = |pick: fn(f64, f64) -> f64| -> f64 {
            maps.iter()
                .enumerate()
                .map(|(k, map)| {
                    let (low, high) = problem.range(k);
                    weights[k] * pick(map.apply(low), map.apply(high))
                })
                .sum()
        };
        let (ideal, anti_ideal) = (reference(f64::max), reference(f64::min));
        if anti_ideal <= 0.0 {
            return Err(RankError::data(tr!(
                "MARCOS divides by the anti-ideal, which is 0 here: every weighted criterion has a candidate at 0",
                "MARCOS 要除以反理想解，而此处为 0：每个加权准则都有值为 0 的候选项"
            )));
        }
        let k_minus: Vec<f64> = s.iter().map(|s| s / anti_ideal).collect();
        let k_plus: Vec<f64> = s.iter().map(|s| s / ideal).collect();
        let scores: Vec<f64> = k_plus
            .iter()
            .zip(&k_minus)
            .map(|(&plus, &minus)| utility_function(plus, minus))
            .collect();
        MethodResult {
            scores,
            higher_is_better: true,
            outputs: vec![("S", s), ("k_minus", k_minus), ("k_plus", k_plus)],
            detail: MethodDetail::None,
            warnings: problem.remarks(),
            params: effective.to_pairs(),
        }
        .finite()
    }
}

/// Returns `f(K)`. Both degrees are above 0, because every weighted sum is at least that of the anti-ideal.
fn utility_function(k_plus: f64, k_minus: f64) -> f64 {
    let both = k_plus + k_minus;
    let (f_plus, f_minus) = (k_minus / both, k_plus / both);
    both / (1.0 + (1.0 - f_plus) / f_plus + (1.0 - f_minus) / f_minus)
}
