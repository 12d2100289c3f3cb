//! Weighted sum, also called simple additive weighting (SAW).
//!
//! `S_i = sum_k w_k r_ik` with `r` normalised over the candidates in the set. Higher is better.
//!
//! Source: Fishburn, P. C. (1967). Additive utilities with incomplete product sets. Operations Research 15(3), 537-542;
//! normalisation as in Hwang, C. L., Yoon, K. (1981). Multiple Attribute Decision Making. Springer.
//!
//! Limitations: every normalisation but `none` depends on the set of candidates, so ranks can reverse; `none` adds values in
//! different units.

use super::accumulate::accumulate;
use super::normalise::ColumnMap;
use super::param::{EffectiveParams, WEIGHTS};
use super::{
    Contributions, Method, MethodDetail, MethodResult, Normalisation, Parameter, Params, Problem,
    RankError,
};
use crate::lang::Text;
use crate::tr;

/// The weighted sum.
#[derive(Debug, Clone, Copy)]
pub struct WeightedSum;

const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "normalisation",
        default: Some("max"),
        domain: Normalisation::ALL,
        per_criterion: false,
        en: "how columns are normalised",
        zh: "各列的归一化方式",
    },
    WEIGHTS,
];

impl Method for WeightedSum {
    fn id(&self) -> &'static str {
        "weighted-sum"
    }

    fn title(&self) -> Text {
        tr!("Weighted sum (SAW)", "加权和（SAW）")
    }

    fn citation(&self) -> &'static str {
        "Fishburn, P. C. (1967). Additive utilities with incomplete product sets: application to priorities and assignments. Operations Research 15(3), 537-542"
    }

    fn assumptions(&self) -> Text {
        tr!(
            "criteria are preferentially independent and compensate each other; weights are exchange rates between normalised columns",
            "准则之间偏好独立且可相互补偿；权重是归一化各列之间的交换率"
        )
    }

    fn parameters(&self) -> &'static [Parameter] {
        PARAMETERS
    }

    fn run(&self, problem: &Problem, params: &Params) -> Result<MethodResult, RankError> {
        let effective = EffectiveParams::new(PARAMETERS, problem, params)?;
        let normalisation = Normalisation::of(effective.word("normalisation"));
        let scores = sums(
            problem,
            &normalisation.column_maps(problem)?,
            &effective.weights(problem),
        );
        let mut warnings = problem.remarks();
        if normalisation == Normalisation::None && problem.criteria() > 1 {
            warnings.push(tr!(
                "normalisation=none adds the values as measured: right only if all criteria share one unit",
                "normalisation=none 直接相加原始值：仅当所有准则单位相同时才正确"
            ));
        }
        MethodResult {
            scores,
            higher_is_better: true,
            outputs: Vec::new(),
            detail: MethodDetail::None,
            warnings,
            params: effective.to_pairs(),
        }
        .finite()
    }

    fn contributions(
        &self,
        problem: &Problem,
        params: &Params,
    ) -> Result<Option<Contributions>, RankError> {
        let effective = EffectiveParams::new(PARAMETERS, problem, params)?;
        let maps = Normalisation::of(effective.word("normalisation")).column_maps(problem)?;
        let scores = maps
            .iter()
            .enumerate()
            .flat_map(|(k, map)| problem.column(k).iter().map(|&x| map.apply(x)))
            .collect();
        Ok(Some(Contributions::new(
            problem.candidates(),
            effective.weights(problem),
            scores,
        )))
    }
}

/// Returns `sum_k w_k r_ik` for every candidate.
pub(super) fn sums(problem: &Problem, maps: &[ColumnMap], weights: &[f64]) -> Vec<f64> {
    accumulate(
        problem.candidates(),
        problem.criteria(),
        |k, first, block| {
            let (map, weight) = (maps[k], weights[k]);
            for (score, &x) in block.iter_mut().zip(&problem.column(k)[first..]) {
                *score += weight * map.apply(x);
            }
        },
    )
}
