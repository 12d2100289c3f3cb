//! ELECTRE I: the kernel of an outranking relation.
//!
//! `a` outranks `b` if concordance is high and discordance is low: `C(a, b) >= p` and `D(a, b) <= q`.
//! `C(a, b)` is the sum of the shares of the criteria on which `a` is at least as good as `b`. `D(a, b)` is the largest
//! disadvantage of `a`, each divided by the range of its criterion over all candidates (`discordance=criterion-range`), or
//! by the largest range of any criterion (`discordance=global-range`, for criteria on one scale). It is 0 where `a` is
//! nowhere worse.
//!
//! No member of the kernel outranks another, and every candidate outside is outranked by a member. A cycle of candidates
//! that outrank each other is contracted to one node, so the kernel exists and is unique. The score is 1 in the kernel and 0
//! outside: ELECTRE I selects, it does not rank.
//!
//! Source: Roy, B. (1968). Classement et choix en presence de points de vue multiples (la methode ELECTRE). Revue francaise
//! d'informatique et de recherche operationnelle 2(8), 57-75; Figueira, J., Mousseau, V., Roy, B. (2005). ELECTRE methods,
//! in: Multiple Criteria Decision Analysis, Springer, 133-153.
//!
//! Limitations: the kernel is sensitive to `p` and `q`, and adding a candidate can change a range.

use rayon::prelude::*;

use super::param::{EffectiveParams, WEIGHTS};
use super::{
    Direction, Method, MethodDetail, MethodResult, Normalisation, Parameter, ParameterDomain,
    Params, Problem, RankError,
};
use crate::lang::Text;
use crate::quantity::tolerance::is_above;
use crate::tr;

mod kernel;

/// The outranking kernel.
#[derive(Debug, Clone, Copy)]
pub struct Electre1;

/// Two matrices of 2,000 x 2,000 optional numbers take 128 MB.
const LIMIT: usize = 2_000;

const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "p",
        default: Some("0.65"),
        domain: ParameterDomain::Number {
            low: 0.0,
            high: 1.0,
        },
        per_criterion: false,
        en: "concordance threshold: the minimum share of weight in agreement",
        zh: "一致性阈值：必须同意的最小权重份额",
    },
    Parameter {
        name: "q",
        default: Some("0.35"),
        domain: ParameterDomain::Number {
            low: 0.0,
            high: 1.0,
        },
        per_criterion: false,
        en: "discordance threshold: the maximum discordance allowed",
        zh: "不一致性阈值：允许的最强反对",
    },
    Parameter {
        name: "normalisation",
        default: Some("none"),
        domain: ParameterDomain::Word(&["none", "sum", "max", "minmax", "vector"]),
        per_criterion: false,
        en: "the divisor of each column before ranges are compared; relevant for global-range",
        zh: "比较极差之前各列除以什么；仅影响 global-range",
    },
    Parameter {
        name: "discordance",
        default: Some("criterion-range"),
        domain: ParameterDomain::Word(&["criterion-range", "global-range"]),
        per_criterion: false,
        en: "the divisor of a disadvantage",
        zh: "劣势除以哪个极差",
    },
    WEIGHTS,
];

impl Method for Electre1 {
    fn id(&self) -> &'static str {
        "electre-1"
    }

    fn title(&self) -> Text {
        tr!("ELECTRE I", "ELECTRE I（消去与选择转换法）")
    }

    fn citation(&self) -> &'static str {
        "Roy, B. (1968). Classement et choix en presence de points de vue multiples (la methode ELECTRE). Revue francaise d'informatique et de recherche operationnelle 2(8), 57-75"
    }

    fn assumptions(&self) -> Text {
        tr!(
            "weights are votes; high discordance on one criterion prevents outranking; the result is a choice set, not a ranking",
            "权重是投票；单一准则上的强烈反对会阻止级别优先；结果是选择集而非排序"
        )
    }

    fn parameters(&self) -> &'static [Parameter] {
        PARAMETERS
    }

    fn run(&self, problem: &Problem, params: &Params) -> Result<MethodResult, RankError> {
        let effective = EffectiveParams::new(PARAMETERS, problem, params)?;
        let n = problem.candidates();
        if n > LIMIT {
            return Err(RankError::too_many("electre-1", n, LIMIT));
        }
        let p = effective.number("p").expect("p has a default");
        let q = effective.number("q").expect("q has a default");
        let weights = effective.weights(problem);
        let global = effective.word("discordance") == "global-range";
        let columns = weighted_columns(
            problem,
            &weights,
            Normalisation::of(effective.word("normalisation")),
            global,
        )?;

        let pairs: Vec<Option<(f64, f64)>> = (0..n * n)
            .into_par_iter()
            .with_min_len(1024)
            .map(|pair| {
                let (a, b) = (pair / n, pair % n);
                (a != b).then(|| {
                    let (mut agreed, mut objection) = (0.0, 0.0_f64);
                    for WeightedColumn {
                        weight,
                        values,
                        reach,
                    } in &columns
                    {
                        if is_above(values[b], values[a]) {
                            objection = objection.max((values[b] - values[a]) / reach);
                        } else {
                            agreed += weight;
                        }
                    }
                    (agreed, objection)
                })
            })
            .collect();
        let outranks: Vec<bool> = pairs
            .iter()
            .map(|pair| {
                pair.is_some_and(|(agreed, objection)| {
                    !is_above(p, agreed) && !is_above(objection, q)
                })
            })
            .collect();
        let kernel = kernel::find_kernel(&outranks, n);
        let mut warnings = problem.remarks();
        warnings.push(tr!(
            "electre-1 selects a kernel: its candidates share rank 1 and are not compared with each other",
            "electre-1 选出核：核内候选项并列第一，彼此不作比较"
        ));
        if kernel.has_circuit {
            warnings.push(tr!(
                "some candidates outrank each other in a cycle; each cycle counts as one candidate",
                "部分候选项循环互相级别优先；每个循环视为一个候选项"
            ));
        }
        let member: Vec<f64> = kernel
            .member
            .iter()
            .map(|&inside| f64::from(u8::from(inside)))
            .collect();
        let not_outranked = (0..n)
            .map(|b| f64::from(u8::from((0..n).all(|a| !outranks[a * n + b]))))
            .collect();
        MethodResult {
            scores: member.clone(),
            higher_is_better: true,
            outputs: vec![("kernel", member), ("not_outranked", not_outranked)],
            detail: MethodDetail::Electre {
                concordance: pairs
                    .iter()
                    .map(|pair| pair.map(|(agreed, _)| agreed))
                    .collect(),
                discordance: pairs
                    .iter()
                    .map(|pair| pair.map(|(_, objection)| objection))
                    .collect(),
                kernel: (0..n).filter(|&i| kernel.member[i]).collect(),
            },
            warnings,
            params: effective.to_pairs(),
        }
        .finite()
    }
}

/// A criterion of positive weight, on a scale where more is better.
struct WeightedColumn {
    weight: f64,
    values: Vec<f64>,
    /// Divisor of a disadvantage. If it is 0, no candidate is worse than another and it is not used.
    reach: f64,
}

/// Returns the columns of positive weight. Min columns are divided and negated instead of inverted, because ELECTRE compares
/// differences and 1/x would change their proportions.
fn weighted_columns(
    problem: &Problem,
    weights: &[f64],
    normalisation: Normalisation,
    global: bool,
) -> Result<Vec<WeightedColumn>, RankError> {
    let mut columns = (0..problem.criteria())
        .filter(|&k| weights[k] > 0.0)
        .map(|k| {
            let (axis, column, (low, high)) =
                (&problem.axes()[k], problem.column(k), problem.range(k));
            let divisor = normalisation.divisor(&axis.id, column, (low, high))?;
            let sign = match axis.direction {
                Direction::Max => 1.0,
                Direction::Min => -1.0,
            };
            Ok(WeightedColumn {
                weight: weights[k],
                values: column.iter().map(|x| sign * x / divisor).collect(),
                reach: high / divisor - low / divisor,
            })
        })
        .collect::<Result<Vec<_>, RankError>>()?;
    if global {
        let largest = columns
            .iter()
            .fold(0.0_f64, |largest, column| largest.max(column.reach));
        for column in &mut columns {
            column.reach = largest;
        }
    }
    Ok(columns)
}
