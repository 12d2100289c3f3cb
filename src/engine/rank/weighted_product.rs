//! Weighted product (WPM).
//!
//! `P_i = prod_k r_ik ^ w_k`. With `normalisation=none` the values are used as measured and min criteria get a negative
//! exponent: `P_i = prod_max x^w / prod_min x^w`, so the ratio of two candidates is dimensionless. Higher is better. The
//! output `log10` is the decimal logarithm of the product.
//!
//! Source: Bridgman, P. W. (1922). Dimensional Analysis. Yale University Press; Miller, D. W., Starr, M. K. (1969).
//! Executive Decisions and Operations Research. Prentice-Hall; Triantaphyllou, E. (2000). Multi-Criteria Decision Making
//! Methods: A Comparative Study. Kluwer, chapter 2.
//!
//! Limitations: logarithms need values above 0. A 0 on a weighted max criterion makes the whole product 0 (reported as a
//! warning). A negative value, or 0 on a min criterion, is an error.

use super::accumulate::accumulate;
use super::normalise::ColumnMap;
use super::param::{EffectiveParams, WEIGHTS};
use super::{
    Direction, Method, MethodDetail, MethodResult, Normalisation, Parameter, Params, Problem,
    RankError,
};
use crate::lang::Text;
use crate::tr;

/// The weighted product.
#[derive(Debug, Clone, Copy)]
pub struct WeightedProduct;

const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "normalisation",
        default: Some("max"),
        domain: Normalisation::ALL,
        per_criterion: false,
        en: "how columns are normalised; none gives min criteria a negative exponent",
        zh: "各列的归一化方式；none 对 min 准则取负指数",
    },
    WEIGHTS,
];

impl Method for WeightedProduct {
    fn id(&self) -> &'static str {
        "weighted-product"
    }

    fn title(&self) -> Text {
        tr!("Weighted product (WPM)", "加权积（WPM）")
    }

    fn citation(&self) -> &'static str {
        "Bridgman, P. W. (1922). Dimensional Analysis. Yale University Press; Triantaphyllou, E. (2000). Multi-Criteria Decision Making Methods: A Comparative Study. Kluwer"
    }

    fn assumptions(&self) -> Text {
        tr!(
            "ratio scales with values above 0; criteria compensate each other by ratios, so a value near 0 cannot be compensated",
            "比率尺度且值大于 0；准则按比率相互补偿，接近 0 的值无法弥补"
        )
    }

    fn parameters(&self) -> &'static [Parameter] {
        PARAMETERS
    }

    fn run(&self, problem: &Problem, params: &Params) -> Result<MethodResult, RankError> {
        let effective = EffectiveParams::new(PARAMETERS, problem, params)?;
        let normalisation = Normalisation::of(effective.word("normalisation"));
        let logs = log_products(problem, normalisation, &effective.weights(problem))?;
        let mut warnings = problem.remarks();
        let zeros = logs.iter().filter(|log| log.is_infinite()).count();
        let outputs = if zeros == 0 {
            vec![(
                "log10",
                logs.iter()
                    .map(|log| log / std::f64::consts::LN_10)
                    .collect(),
            )]
        } else {
            warnings.push(zero_warning(zeros));
            Vec::new()
        };
        MethodResult {
            scores: logs.iter().map(|log| log.exp()).collect(),
            higher_is_better: true,
            outputs,
            detail: MethodDetail::None,
            warnings,
            params: effective.to_pairs(),
        }
        .finite()
    }
}

/// Returns the natural logarithms of the products; negative infinity where a weighted factor is 0.
pub(super) fn log_products(
    problem: &Problem,
    normalisation: Normalisation,
    weights: &[f64],
) -> Result<Vec<f64>, RankError> {
    let mut maps = normalisation.column_maps(problem)?;
    let mut powers = weights.to_vec();
    for (k, axis) in problem.axes().iter().enumerate() {
        let (low, high) = problem.range(k);
        if normalisation == Normalisation::None && axis.direction == Direction::Min {
            (maps[k], powers[k]) = (ColumnMap::linear(1.0, 0.0), -weights[k]);
        }
        let lowest = maps[k].apply(low).min(maps[k].apply(high));
        // A column of zeros tells nobody apart (under minmax any constant column is one); it must not make every product 0.
        if low == high && (low == 0.0 || normalisation == Normalisation::MinMax) {
            powers[k] = 0.0;
        }
        let id = &axis.id;
        if weights[k] > 0.0 && (lowest < 0.0 || (lowest == 0.0 && powers[k] < 0.0)) {
            return Err(RankError::of(
                id,
                tr!(
                    "the weighted product takes logarithms: values of `{id}` must be above 0, the smallest is {low}",
                    "加权积需要取对数：`{id}` 的值必须大于 0，最小值为 {low}"
                ),
            ));
        }
    }
    Ok(accumulate(
        problem.candidates(),
        problem.criteria(),
        |k, first, block| {
            let (map, power) = (maps[k], powers[k]);
            // 0 to the power 0 is 1: a criterion of weight 0 has no effect.
            if power == 0.0 {
                return;
            }
            for (log, &x) in block.iter_mut().zip(&problem.column(k)[first..]) {
                *log += power * map.apply(x).ln();
            }
        },
    ))
}

pub(super) fn zero_warning(zeros: usize) -> Text {
    if zeros == 1 {
        return tr!(
            "1 candidate has a weighted factor of 0, so its product is 0 regardless of its other values",
            "1 个候选项有为 0 的加权因子，无论其他值如何其乘积都为 0"
        );
    }
    tr!(
        "{zeros} candidates have a weighted factor of 0, so their product is 0 regardless of their other values",
        "{zeros} 个候选项有为 0 的加权因子，无论其他值如何其乘积都为 0"
    )
}
