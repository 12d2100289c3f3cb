//! WASPAS: weighted aggregated sum product assessment.
//!
//! `Q_i = lambda WSM_i + (1 - lambda) WPM_i`, both over x / max (max criteria) and min / x (min criteria). Higher is
//! better. `lambda=1` is the weighted sum, `lambda=0` the weighted product.
//!
//! Source: Zavadskas, E. K., Turskis, Z., Antucheviciene, J., Zakarevicius, A. (2012). Optimization of weighted aggregated
//! sum product assessment. Elektronika ir Elektrotechnika 122(6), 3-6, equations 1-5.
//!
//! Limitations: values below 0, or 0 on a min criterion, are errors; 0 on a max criterion makes the product part 0.

use super::normalise::ColumnMap;
use super::param::{EffectiveParams, WEIGHTS};
use super::weighted_product::{log_products, zero_warning};
use super::weighted_sum::sums;
use super::{
    Method, MethodDetail, MethodResult, Normalisation, Parameter, ParameterDomain, Params, Problem,
    RankError,
};
use crate::lang::Text;
use crate::tr;

/// The weighted aggregated sum product assessment.
#[derive(Debug, Clone, Copy)]
pub struct Waspas;

const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "lambda",
        default: Some("0.5"),
        domain: ParameterDomain::Number {
            low: 0.0,
            high: 1.0,
        },
        per_criterion: false,
        en: "share of the weighted sum; the rest is the weighted product",
        zh: "加权和所占比例；其余为加权积",
    },
    WEIGHTS,
];

impl Method for Waspas {
    fn id(&self) -> &'static str {
        "waspas"
    }

    fn title(&self) -> Text {
        tr!("WASPAS", "WASPAS（加权和积综合评价）")
    }

    fn citation(&self) -> &'static str {
        "Zavadskas, E. K., Turskis, Z., Antucheviciene, J., Zakarevicius, A. (2012). Optimization of weighted aggregated sum product assessment. Elektronika ir Elektrotechnika 122(6), 3-6"
    }

    fn assumptions(&self) -> Text {
        tr!(
            "ratio scales with values above 0; normalised by the best of the current candidates, so ranks can reverse when the set changes",
            "比率尺度且值大于 0；按当前候选项中的最佳值归一化，候选项变化时名次可能反转"
        )
    }

    fn parameters(&self) -> &'static [Parameter] {
        PARAMETERS
    }

    fn run(&self, problem: &Problem, params: &Params) -> Result<MethodResult, RankError> {
        let effective = EffectiveParams::new(PARAMETERS, problem, params)?;
        let lambda = effective.number("lambda").expect("lambda has a default");
        let weights = effective.weights(problem);
        let maps: Vec<ColumnMap> = Normalisation::Max.column_maps(problem)?;
        let sum = sums(problem, &maps, &weights);
        let logs = log_products(problem, Normalisation::Max, &weights)?;
        let mut warnings = problem.remarks();
        let zeros = logs.iter().filter(|log| log.is_infinite()).count();
        if zeros > 0 && lambda < 1.0 {
            warnings.push(zero_warning(zeros));
        }
        let product: Vec<f64> = logs.iter().map(|log| log.exp()).collect();
        let scores = sum
            .iter()
            .zip(&product)
            .map(|(sum, product)| lambda * sum + (1.0 - lambda) * product)
            .collect();
        MethodResult {
            scores,
            higher_is_better: true,
            outputs: vec![("wsm", sum), ("wpm", product)],
            detail: MethodDetail::None,
            warnings,
            params: effective.to_pairs(),
        }
        .finite()
    }
}
