//! PROMETHEE I and II: outranking flows.
//!
//! For two candidates and one criterion, `d` is the advantage of the first in the measure's unit (negated for min criteria)
//! and `P(d)` in 0..1 the resulting preference. `pi(a, b) = sum_k w_k P_k(a, b)`;
//! `phi+(a) = sum_b pi(a, b) / (n - 1)`, `phi-(a) = sum_b pi(b, a) / (n - 1)`, and `phi = phi+ - phi-` is the score, from -1
//! to 1. Higher is better.
//!
//! | shape | P(d) for d > 0 | needs |
//! |---|---|---|
//! | `usual` | 1 | - |
//! | `u-shape` | 0 up to q, then 1 | q |
//! | `v-shape` | d / p up to p, then 1 | p |
//! | `level` | 0 up to q, 1/2 up to p, then 1 | q, p |
//! | `linear` | 0 up to q, (d - q) / (p - q) up to p, then 1 | q, p |
//! | `gaussian` | 1 - exp(-d^2 / (2 s^2)) | s |
//!
//! Source: Brans, J. P., Vincke, P. (1985). A preference ranking organisation method: The PROMETHEE method for multiple
//! criteria decision-making. Management Science 31(6), 647-656; division by n - 1 as in Brans, J. P., Mareschal, B. (2005).
//! PROMETHEE methods, in: Multiple Criteria Decision Analysis, Springer, 163-186.
//!
//! All shapes but `gaussian` are linear in pieces, so a sorted column gives all flows in one sweep (`promethee/sweep.rs`) without a
//! pair matrix: O(k n log n) in all. `gaussian` compares all pairs and is bounded.
//!
//! Limitations: flows depend on the set of candidates, so ranks can reverse when it changes; thresholds are in the measure's
//! unit and must be converted when the unit changes.

use rayon::prelude::*;

use super::param::{EffectiveParams, WEIGHTS};
use super::{
    Direction, Method, MethodDetail, MethodResult, Parameter, ParameterDomain, Params, Problem,
    RankError,
};
use crate::lang::Text;
use crate::quantity::tolerance::is_level;
use crate::tr;

mod sweep;

/// The outranking flows.
#[derive(Debug, Clone, Copy)]
pub struct Promethee;

/// 5,000 candidates take 25 million exponentials per gaussian criterion, a few tenths of a second.
const GAUSSIAN_LIMIT: usize = 5_000;

const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "shape",
        default: Some("usual"),
        domain: ParameterDomain::Word(&[
            "usual", "u-shape", "v-shape", "level", "linear", "gaussian",
        ]),
        per_criterion: true,
        en: "the preference function",
        zh: "优势如何转化为偏好",
    },
    Parameter {
        name: "q",
        default: Some("0"),
        domain: ParameterDomain::NotNegative,
        per_criterion: true,
        en: "indifference threshold: the largest advantage that gives no preference, in the measure's unit",
        zh: "无差异阈值：不计入的最大优势，以度量单位表示",
    },
    Parameter {
        name: "p",
        default: None,
        domain: ParameterDomain::Positive,
        per_criterion: true,
        en: "preference threshold: the smallest advantage that gives full preference, in the measure's unit",
        zh: "偏好阈值：完全计入的最小优势，以度量单位表示",
    },
    Parameter {
        name: "s",
        default: None,
        domain: ParameterDomain::Positive,
        per_criterion: true,
        en: "inflection point of the gaussian shape, in the measure's unit",
        zh: "高斯形的拐点，以度量单位表示",
    },
    WEIGHTS,
];

impl Method for Promethee {
    fn id(&self) -> &'static str {
        "promethee"
    }

    fn title(&self) -> Text {
        tr!("PROMETHEE II", "PROMETHEE II（偏好顺序结构评估法）")
    }

    fn citation(&self) -> &'static str {
        "Brans, J. P., Vincke, P. (1985). A preference ranking organisation method: The PROMETHEE method for multiple criteria decision-making. Management Science 31(6), 647-656"
    }

    fn assumptions(&self) -> Text {
        tr!(
            "weights are votes, not exchange rates; thresholds are in each measure's unit; advantages and disadvantages cancel in the net flow",
            "权重是投票而非交换率；阈值以各度量单位表示；净流中优势与劣势相互抵消"
        )
    }

    fn parameters(&self) -> &'static [Parameter] {
        PARAMETERS
    }

    fn run(&self, problem: &Problem, params: &Params) -> Result<MethodResult, RankError> {
        let effective = EffectiveParams::new(PARAMETERS, problem, params)?;
        let weights = effective.weights(problem);
        // A criterion of weight 0 has no effect and needs no thresholds.
        let preferences = (0..problem.criteria())
            .map(|k| match weights[k] > 0.0 {
                true => Preference::read(&effective, problem, k),
                false => Ok(Preference::NONE),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let n = problem.candidates();
        if n > GAUSSIAN_LIMIT
            && preferences
                .iter()
                .any(|p| matches!(p, Preference::Gaussian { .. }))
        {
            return Err(RankError::too_many(
                "promethee shape=gaussian",
                n,
                GAUSSIAN_LIMIT,
            ));
        }
        let flows: Vec<(Vec<f64>, Vec<f64>)> = (0..problem.criteria())
            .into_par_iter()
            .filter(|&k| weights[k] > 0.0)
            .map(|k| {
                let better = problem.axes()[k].direction;
                let (plus, minus) = preferences[k].flows(problem.column(k), better);
                let share = weights[k] / (n - 1).max(1) as f64;
                let weigh = |flow: Vec<f64>| flow.into_iter().map(|sum| share * sum).collect();
                (weigh(plus), weigh(minus))
            })
            .collect();
        let (mut phi_plus, mut phi_minus) = (vec![0.0; n], vec![0.0; n]);
        for (plus, minus) in &flows {
            add_assign(&mut phi_plus, plus);
            add_assign(&mut phi_minus, minus);
        }
        let phi: Vec<f64> = phi_plus
            .iter()
            .zip(&phi_minus)
            // Equal flows cancel: what rounding leaves of them would not tie with 0.
            .map(|(&plus, &minus)| {
                if is_level(plus, minus) {
                    0.0
                } else {
                    plus - minus
                }
            })
            .collect();
        MethodResult {
            scores: phi.clone(),
            higher_is_better: true,
            outputs: vec![
                ("phi_plus", phi_plus),
                ("phi_minus", phi_minus),
                ("phi", phi),
            ],
            detail: MethodDetail::None,
            warnings: problem.remarks(),
            params: effective.to_pairs(),
        }
        .finite()
    }
}

fn add_assign(total: &mut [f64], part: &[f64]) {
    for (total, part) in total.iter_mut().zip(part) {
        *total += part;
    }
}

/// A preference function of an advantage.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Preference {
    PiecewiseLinear(sweep::PiecewiseLinear),
    Gaussian { s: f64 },
}

impl Preference {
    /// No preference, whatever the advantage.
    const NONE: Self = Self::PiecewiseLinear(sweep::PiecewiseLinear {
        q: f64::MAX,
        p: f64::MAX,
        start: 0.0,
        slope: 0.0,
    });

    fn read(
        effective: &EffectiveParams<'_>,
        problem: &Problem,
        k: usize,
    ) -> Result<Self, RankError> {
        let shape = effective.word_of("shape", k);
        let id = &problem.axes()[k].id;
        let need = |name: &'static str| {
            effective.number_of(name, k).ok_or_else(|| RankError::Parameter {
                name: name.to_owned(),
                text: tr!(
                    "shape `{shape}` of `{id}` needs `{name}`: give {name}=NUMBER or {name}.{id}=NUMBER, in the unit of `{id}`",
                    "`{id}` 的形状 `{shape}` 需要 `{name}`：请给出 {name}=数 或 {name}.{id}=数，单位同 `{id}`"
                ),
            })
        };
        let pieces = |q: f64, p: f64, start: f64, slope: f64| {
            Ok(Self::PiecewiseLinear(sweep::PiecewiseLinear {
                q,
                p,
                start,
                slope,
            }))
        };
        match shape {
            "u-shape" => {
                let q = need("q")?;
                pieces(q, q, 0.0, 0.0)
            }
            "v-shape" => {
                let p = need("p")?;
                pieces(0.0, p, 0.0, p.recip())
            }
            "level" | "linear" => {
                let (q, p) = (need("q")?, need("p")?);
                if q > p {
                    return Err(RankError::Parameter {
                        name: "q".to_owned(),
                        text: tr!(
                            "the indifference threshold q of `{id}` ({q}) is above its preference threshold p ({p})",
                            "`{id}` 的无差异阈值 q（{q}）大于偏好阈值 p（{p}）"
                        ),
                    });
                }
                match shape {
                    "level" => pieces(q, p, 0.5, 0.0),
                    // With q = p the interval between the thresholds is empty and the slope is not used.
                    _ if q == p => pieces(q, p, 0.0, 0.0),
                    _ => pieces(q, p, 0.0, (p - q).recip()),
                }
            }
            "gaussian" => Ok(Self::Gaussian { s: need("s")? }),
            _ => pieces(0.0, 0.0, 0.0, 0.0),
        }
    }

    /// Returns the unnormalised positive and negative flows.
    fn flows(self, column: &[f64], better: Direction) -> (Vec<f64>, Vec<f64>) {
        match self {
            Self::PiecewiseLinear(pieces) => sweep::flows(column, better, pieces),
            Self::Gaussian { s } => {
                let sign = if better == Direction::Max { 1.0 } else { -1.0 };
                column
                    .par_iter()
                    .map(|a| {
                        let (mut plus, mut minus) = (0.0, 0.0);
                        for b in column {
                            let d = sign * (a - b);
                            // exp_m1 keeps the precision of 1 - exp(-z) for d far below s.
                            let preference = -(-(d / s).powi(2) / 2.0).exp_m1();
                            if d > 0.0 {
                                plus += preference;
                            } else if d < 0.0 {
                                minus += preference;
                            }
                        }
                        (plus, minus)
                    })
                    .unzip()
            }
        }
    }
}
