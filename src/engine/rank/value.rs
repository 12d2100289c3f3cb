//! Additive value model with fixed anchors: the default.
//!
//! `V_i = sum_k w_k v_k(x_ik)` with `v = (x - worst) / (best - worst)` between the declared anchors, 0 at the worst and 1
//! at the best. Beyond the anchors `clip=yes` limits it to 0 or 1 and `clip=no` extrapolates. Higher is better. A weight
//! values the swing from the declared worst to the declared best, independent of the candidates, so ranks cannot reverse when
//! the set changes.
//!
//! Source: Keeney, R. L., Raiffa, H. (1976). Decisions with Multiple Objectives. Wiley, chapter 3; von Winterfeldt, D.,
//! Edwards, W. (1986). Decision Analysis and Behavioral Research. Cambridge University Press.
//!
//! Limitations: criteria must be preferentially independent. Criteria without anchors use the observed range, which makes
//! ranks depend on the set (reported as a warning).

use super::accumulate::accumulate;
use super::param::{EffectiveParams, WEIGHTS};
use super::{
    Contributions, Direction, Method, MethodDetail, MethodResult, Parameter, ParameterDomain,
    Params, Problem, RankError,
};
use crate::lang::Text;
use crate::tr;

/// The additive value model.
#[derive(Debug, Clone, Copy)]
pub struct AdditiveValue;

const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "clip",
        default: Some("yes"),
        domain: ParameterDomain::Word(&["yes", "no"]),
        per_criterion: false,
        en: "whether values beyond the anchors count as the anchor",
        zh: "超出锚点的值是否按锚点计",
    },
    WEIGHTS,
];

impl Method for AdditiveValue {
    fn id(&self) -> &'static str {
        "value"
    }

    fn title(&self) -> Text {
        tr!("Additive value", "加性价值")
    }

    fn citation(&self) -> &'static str {
        "Keeney, R. L., Raiffa, H. (1976). Decisions with Multiple Objectives: Preferences and Value Tradeoffs. Wiley"
    }

    fn assumptions(&self) -> Text {
        tr!(
            "criteria are preferentially independent; each weight is the worth of the swing from the declared worst to the declared best",
            "准则之间偏好独立；每个权重是从声明的最差到最佳的摆动价值"
        )
    }

    fn parameters(&self) -> &'static [Parameter] {
        PARAMETERS
    }

    fn run(&self, problem: &Problem, params: &Params) -> Result<MethodResult, RankError> {
        let effective = EffectiveParams::new(PARAMETERS, problem, params)?;
        let scales = linear_values(problem, effective.word("clip") == "yes");
        let weights = effective.weights(problem);
        let scores = accumulate(
            problem.candidates(),
            problem.criteria(),
            |k, first, block| {
                let (scale, weight) = (scales[k], weights[k]);
                for (score, &x) in block.iter_mut().zip(&problem.column(k)[first..]) {
                    *score += weight * scale.value(x);
                }
            },
        );
        let mut warnings = problem.remarks();
        warnings.extend(observed_ranges(problem));
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
        let scores = linear_values(problem, effective.word("clip") == "yes")
            .iter()
            .enumerate()
            .flat_map(|(k, scale)| problem.column(k).iter().map(|&x| scale.value(x)))
            .collect();
        Ok(Some(Contributions::new(
            problem.candidates(),
            effective.weights(problem),
            scores,
        )))
    }
}

/// A linear value function, limited to `low..=high`.
#[derive(Debug, Clone, Copy)]
struct LinearValue {
    worst: f64,
    per_unit: f64,
    low: f64,
    high: f64,
}

impl LinearValue {
    #[inline]
    fn value(self, x: f64) -> f64 {
        ((x - self.worst) * self.per_unit)
            .max(self.low)
            .min(self.high)
    }
}

fn linear_values(problem: &Problem, clip: bool) -> Vec<LinearValue> {
    let (low, high) = if clip {
        (0.0, 1.0)
    } else {
        (f64::NEG_INFINITY, f64::INFINITY)
    };
    problem
        .axes()
        .iter()
        .enumerate()
        .map(|(k, axis)| {
            let observed = problem.range(k);
            let (worst, best) = axis.anchors.unwrap_or(match axis.direction {
                Direction::Max => observed,
                Direction::Min => (observed.1, observed.0),
            });
            // Only an observed range can be empty; the criterion then contributes 0 to every candidate.
            let per_unit = if best == worst {
                0.0
            } else {
                (best - worst).recip()
            };
            LinearValue {
                worst,
                per_unit,
                low,
                high,
            }
        })
        .collect()
}

fn observed_ranges(problem: &Problem) -> Option<Text> {
    let bare: Vec<&str> = problem
        .axes()
        .iter()
        .filter(|axis| axis.anchors.is_none())
        .map(|axis| axis.id.as_str())
        .collect();
    if bare.is_empty() {
        return None;
    }
    let list = bare.join("`, `");
    Some(tr!(
        "no anchors for `{list}`: the observed range is used, so adding or removing a candidate can reverse ranks; declare worst and best",
        "`{list}` 没有锚点：以观测极差代替，候选项增减可能使名次反转；请声明最差与最佳"
    ))
}
