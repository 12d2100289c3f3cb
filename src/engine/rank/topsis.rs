//! TOPSIS: technique for order preference by similarity to the ideal solution.
//!
//! With weighted normalised values `v_ik = w_k r_ik`, the ideal takes the best of each column and the anti-ideal the
//! worst; `D+` and `D-` are the Euclidean distances to them, and the closeness is `C_i = D-_i / (D+_i + D-_i)`, 0..1.
//! Higher is better.
//!
//! Source: Hwang, C. L., Yoon, K. (1981). Multiple Attribute Decision Making: Methods and Applications. Springer,
//! chapter 3, with vector normalisation. Other normalisations give other winners on the same data (Opricovic & Tzeng
//! 2004), so every result states which one was used.
//!
//! Limitations: the ideal depends on the set of candidates, so ranks can reverse when the set changes. If all candidates are
//! identical, ideal and anti-ideal coincide; the closeness is then defined as 0.5.

use rayon::prelude::*;

use super::accumulate::BLOCK;
use super::param::{EffectiveParams, WEIGHTS};
use super::{
    Method, MethodDetail, MethodResult, Normalisation, Parameter, ParameterDomain, Params, Problem,
    RankError,
};
use crate::lang::Text;
use crate::tr;

/// Similarity to the ideal solution.
#[derive(Debug, Clone, Copy)]
pub struct Topsis;

const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "normalisation",
        default: Some("vector"),
        domain: ParameterDomain::Word(&["vector", "minmax", "max", "sum"]),
        per_criterion: false,
        en: "how columns are normalised",
        zh: "各列的归一化方式",
    },
    WEIGHTS,
];

impl Method for Topsis {
    fn id(&self) -> &'static str {
        "topsis"
    }

    fn title(&self) -> Text {
        tr!("TOPSIS", "TOPSIS（逼近理想解排序法）")
    }

    fn citation(&self) -> &'static str {
        "Hwang, C. L., Yoon, K. (1981). Multiple Attribute Decision Making: Methods and Applications. Springer"
    }

    fn assumptions(&self) -> Text {
        tr!(
            "the best candidate is close to the ideal and far from the anti-ideal of the current candidates; closeness is dimensionless and depends on the normalisation",
            "最佳候选项接近当前候选项中的最优值、远离最劣值；贴近度无单位且取决于归一化方式"
        )
    }

    fn parameters(&self) -> &'static [Parameter] {
        PARAMETERS
    }

    fn run(&self, problem: &Problem, params: &Params) -> Result<MethodResult, RankError> {
        let effective = EffectiveParams::new(PARAMETERS, problem, params)?;
        let normalisation = Normalisation::of(effective.word("normalisation"));
        let maps = normalisation.column_maps(problem)?;
        let weights = effective.weights(problem);
        let n = problem.candidates();
        let (mut d_plus, mut d_minus) = (vec![0.0; n], vec![0.0; n]);
        let mut closeness = vec![0.0; n];
        d_plus
            .par_chunks_mut(BLOCK)
            .zip(d_minus.par_chunks_mut(BLOCK))
            .zip(closeness.par_chunks_mut(BLOCK))
            .enumerate()
            .for_each(|(number, ((plus, minus), closeness))| {
                for (k, map) in maps.iter().enumerate() {
                    let (low, high) = problem.range(k);
                    let (a, b) = (map.apply(low), map.apply(high));
                    let (worst, best, weight) = (a.min(b), a.max(b), weights[k]);
                    let column = &problem.column(k)[number * BLOCK..];
                    for ((plus, minus), &x) in plus.iter_mut().zip(minus.iter_mut()).zip(column) {
                        let value = map.apply(x);
                        let to_best = weight * (best - value);
                        let to_worst = weight * (value - worst);
                        *plus += to_best * to_best;
                        *minus += to_worst * to_worst;
                    }
                }
                for ((plus, minus), closeness) in plus.iter_mut().zip(minus).zip(closeness) {
                    (*plus, *minus) = (plus.sqrt(), minus.sqrt());
                    let both = *plus + *minus;
                    *closeness = if both > 0.0 { *minus / both } else { 0.5 };
                }
            });
        MethodResult {
            scores: closeness.clone(),
            higher_is_better: true,
            outputs: vec![
                ("closeness", closeness),
                ("d_plus", d_plus),
                ("d_minus", d_minus),
            ],
            detail: MethodDetail::None,
            warnings: problem.remarks(),
            params: effective.to_pairs(),
        }
        .finite()
    }
}
