//! SPOTIS: stable preference ordering towards ideal solution.
//!
//! `d_i = sum_k w_k |x_ik - x*_k| / |best_k - worst_k|` over declared bounds, with `x*` the best bound or an expected
//! point inside. Lower is better. The bounds do not depend on the candidates, so adding or removing a candidate cannot reverse
//! the order of two others.
//!
//! Source: Dezert, J., Tchamova, A., Han, D., Tacnet, J. M. (2020). The SPOTIS rank reversal free method for multi-criteria
//! decision-making support. IEEE 23rd International Conference on Information Fusion, 1-8.
//!
//! Limitations: criteria without declared bounds are errors. Beyond the best bound a better value counts as further away
//! (reported as a warning).

use super::accumulate::accumulate;
use super::param::{EffectiveParams, WEIGHTS};
use super::{
    Axis, Contributions, Method, MethodDetail, MethodResult, Parameter, ParameterDomain, Params,
    Problem, RankError,
};
use crate::lang::Text;
use crate::tr;

/// The distance to the ideal inside declared bounds.
#[derive(Debug, Clone, Copy)]
pub struct Spotis;

const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "expected",
        default: None,
        domain: ParameterDomain::Any,
        per_criterion: true,
        en: "the target to use instead of the best bound (expected.CRITERION=NUMBER), in the measure's unit",
        zh: "以此点代替最佳界作为目标（expected.准则=数），以度量单位表示",
    },
    WEIGHTS,
];

impl Method for Spotis {
    fn id(&self) -> &'static str {
        "spotis"
    }

    fn title(&self) -> Text {
        tr!("SPOTIS", "SPOTIS（稳定偏好排序法）")
    }

    fn citation(&self) -> &'static str {
        "Dezert, J., Tchamova, A., Han, D., Tacnet, J. M. (2020). The SPOTIS rank reversal free method for multi-criteria decision-making support. IEEE 23rd International Conference on Information Fusion (FUSION), 1-8"
    }

    fn assumptions(&self) -> Text {
        tr!(
            "bounds are declared before the candidates are seen and hold all of them; criteria are independent and compensate each other",
            "界限在见到候选项之前声明并包含所有候选项；准则独立且可相互补偿"
        )
    }

    fn parameters(&self) -> &'static [Parameter] {
        PARAMETERS
    }

    fn run(&self, problem: &Problem, params: &Params) -> Result<MethodResult, RankError> {
        let effective = EffectiveParams::new(PARAMETERS, problem, params)?;
        let bounds = target_distances(problem, &effective)?;
        let weights = effective.weights(problem);
        let scores = accumulate(
            problem.candidates(),
            problem.criteria(),
            |k, first, block| {
                let (bound, weight) = (bounds[k], weights[k]);
                for (distance, &x) in block.iter_mut().zip(&problem.column(k)[first..]) {
                    *distance += weight * bound.distance(x);
                }
            },
        );
        let mut warnings = problem.remarks();
        for (k, axis) in problem.axes().iter().enumerate() {
            warnings.extend(warn_outside_bounds(axis, problem.range(k)));
        }
        MethodResult {
            scores,
            higher_is_better: false,
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
        let bounds = target_distances(problem, &effective)?;
        let distances = bounds
            .iter()
            .enumerate()
            .flat_map(|(k, bound)| problem.column(k).iter().map(|&x| bound.distance(x)))
            .collect();
        Ok(Some(Contributions::new(
            problem.candidates(),
            effective.weights(problem),
            distances,
        )))
    }
}

#[derive(Debug, Clone, Copy)]
struct TargetDistance {
    aim: f64,
    per_unit: f64,
}

impl TargetDistance {
    #[inline]
    fn distance(self, x: f64) -> f64 {
        (x - self.aim).abs() * self.per_unit
    }
}

fn target_distances(
    problem: &Problem,
    effective: &EffectiveParams<'_>,
) -> Result<Vec<TargetDistance>, RankError> {
    // A criterion of weight 0 has no effect and needs no bounds.
    let weights = effective.weights(problem);
    let bare: Vec<&str> = problem
        .axes()
        .iter()
        .zip(&weights)
        .filter(|(axis, weight)| axis.anchors.is_none() && **weight > 0.0)
        .map(|(axis, _)| axis.id.as_str())
        .collect();
    if let Some(first) = bare.first() {
        let list = bare.join("`, `");
        return Err(RankError::of(
            first,
            tr!(
                "SPOTIS measures distance inside declared bounds; declare a worst and a best for `{list}`",
                "SPOTIS 在声明的界限内度量距离；请为 `{list}` 声明最差与最佳"
            ),
        ));
    }
    problem
        .axes()
        .iter()
        .enumerate()
        .map(|(k, axis)| {
            let Some((worst, best)) = axis.anchors else {
                return Ok(TargetDistance {
                    aim: 0.0,
                    per_unit: 0.0,
                });
            };
            let aim = effective.number_of("expected", k).unwrap_or(best);
            if aim < worst.min(best) || aim > worst.max(best) {
                let id = &axis.id;
                return Err(RankError::Parameter {
                    name: format!("expected.{id}"),
                    text: tr!(
                        "the expected point {aim} of `{id}` lies outside its bounds {worst} and {best}",
                        "`{id}` 的期望点 {aim} 位于界限 {worst} 与 {best} 之外"
                    ),
                });
            }
            Ok(TargetDistance { aim, per_unit: (best - worst).abs().recip() })
        })
        .collect()
}

fn warn_outside_bounds(axis: &Axis, (low, high): (f64, f64)) -> Option<Text> {
    let (worst, best) = axis.anchors?;
    if low >= worst.min(best) && high <= worst.max(best) {
        return None;
    }
    let id = &axis.id;
    Some(tr!(
        "`{id}` runs from {low} to {high}, outside its bounds {worst} and {best}: SPOTIS counts values beyond the best as further from it",
        "`{id}` 的取值 {low} 至 {high} 超出界限 {worst} 与 {best}：SPOTIS 会把超过最佳的值当作更远"
    ))
}
