//! VIKOR: the compromise closest to the ideal.
//!
//! With `d_ik = w_k (f*_k - f_ik) / (f*_k - f-_k)` over the observed best `f*` and worst `f-` of each criterion:
//! `S_i = sum_k d_ik` (group utility), `R_i = max_k d_ik` (individual regret), and
//! `Q_i = v (S_i - S*) / (S- - S*) + (1 - v) (R_i - R*) / (R- - R*)`. Lower is better.
//!
//! The first by `Q` is proposed alone if C1, acceptable advantage, `Q(second) - Q(first) >= DQ = 1 / (m - 1)` for `m`
//! candidates, and C2, acceptable stability: it is also first by `S` or by `R`. If only C2 fails, first and second are
//! proposed; if C1 fails, all with `Q(i) - Q(first) < DQ`.
//!
//! Source: Opricovic, S., Tzeng, G. H. (2004). Compromise solution by MCDM methods: A comparative analysis of VIKOR and
//! TOPSIS. European Journal of Operational Research 156(2), 445-455, section 2.
//!
//! Cases in which the paper divides by 0: a constant criterion adds 0 to `S` and `R`; if `S* = S-` or `R* = R-`, that term of
//! `Q` is 0. A single candidate is its own compromise.
//!
//! Limitations: `f*` and `f-` depend on the set of candidates, so ranks can reverse when it changes.

use super::accumulate::accumulate;
use super::order::ranks;
use super::param::{EffectiveParams, WEIGHTS};
use super::{
    Direction, Method, MethodDetail, MethodResult, Parameter, ParameterDomain, Params, Problem,
    RankError,
};
use crate::lang::Text;
use crate::quantity::tolerance::{is_above, is_level};
use crate::tr;

/// The compromise ranking.
#[derive(Debug, Clone, Copy)]
pub struct Vikor;

const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "v",
        default: Some("0.5"),
        domain: ParameterDomain::Number {
            low: 0.0,
            high: 1.0,
        },
        per_criterion: false,
        en: "weight of the group utility S; the rest is the individual regret R",
        zh: "群体效用 S 的权重；其余为个体遗憾 R",
    },
    WEIGHTS,
];

impl Method for Vikor {
    fn id(&self) -> &'static str {
        "vikor"
    }

    fn title(&self) -> Text {
        tr!("VIKOR", "VIKOR（折衷排序法）")
    }

    fn citation(&self) -> &'static str {
        "Opricovic, S., Tzeng, G. H. (2004). Compromise solution by MCDM methods: A comparative analysis of VIKOR and TOPSIS. European Journal of Operational Research 156(2), 445-455"
    }

    fn assumptions(&self) -> Text {
        tr!(
            "the decision maker accepts the compromise closest to the best observed values; v weighs the sum of regrets against the largest regret",
            "决策者接受最接近已见最优值的折衷，并以 v 权衡总遗憾与最大遗憾"
        )
    }

    fn parameters(&self) -> &'static [Parameter] {
        PARAMETERS
    }

    fn run(&self, problem: &Problem, params: &Params) -> Result<MethodResult, RankError> {
        let effective = EffectiveParams::new(PARAMETERS, problem, params)?;
        let v = effective.number("v").expect("v has a default");
        let weights = effective.weights(problem);
        let regrets = |fold: fn(f64, f64) -> f64| {
            accumulate(
                problem.candidates(),
                problem.criteria(),
                |k, first, block| {
                    let (low, high) = problem.range(k);
                    if low == high {
                        return;
                    }
                    let (best, factor) = match problem.axes()[k].direction {
                        Direction::Max => (high, weights[k] / (high - low)),
                        Direction::Min => (low, -weights[k] / (high - low)),
                    };
                    for (regret, &x) in block.iter_mut().zip(&problem.column(k)[first..]) {
                        *regret = fold(*regret, factor * (best - x));
                    }
                },
            )
        };
        let s = regrets(|sum, regret| sum + regret);
        let r = regrets(f64::max);
        let q: Vec<f64> = rescale(&s)
            .into_iter()
            .zip(rescale(&r))
            .map(|(s, r)| v * s + (1.0 - v) * r)
            .collect();
        let detail = compromise_solution(&s, &r, &q);
        MethodResult {
            scores: q.clone(),
            higher_is_better: false,
            outputs: vec![("S", s), ("R", r), ("Q", q)],
            detail,
            warnings: problem.remarks(),
            params: effective.to_pairs(),
        }
        .finite()
    }
}

/// Returns `(x - min) / (max - min)`, or zeros if all values are equal up to rounding.
fn rescale(figures: &[f64]) -> Vec<f64> {
    let (low, high) = figures
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| {
            (low.min(x), high.max(x))
        });
    if is_level(high, low) {
        return vec![0.0; figures.len()];
    }
    figures.iter().map(|x| (x - low) / (high - low)).collect()
}

fn compromise_solution(s: &[f64], r: &[f64], q: &[f64]) -> MethodDetail {
    let rank_q = ranks(q, false);
    let with_rank = |rank: usize| {
        (0..q.len())
            .filter(|&i| rank_q[i] == rank)
            .collect::<Vec<_>>()
    };
    let first = with_rank(1);
    let (best_s, best_r) = (lowest(s), lowest(r));
    let acceptable_stability = first
        .iter()
        .all(|&i| !is_above(s[i], best_s) || !is_above(r[i], best_r));
    // All candidates tied for second place are second; if several tie for first, they are each other's second.
    let second = if first.len() > 1 {
        Vec::new()
    } else {
        with_rank(2)
    };
    let step = ((q.len() - 1) as f64).recip();
    let near = |i: usize| is_above(step, q[i] - q[first[0]]);
    let acceptable_advantage = q.len() == 1 || second.first().is_some_and(|&i| !near(i));
    let mut compromise_set = match (acceptable_advantage, acceptable_stability) {
        (true, true) => first,
        (true, false) => [first, second].concat(),
        (false, _) => (0..q.len()).filter(|&i| near(i)).collect(),
    };
    compromise_set.sort_by_key(|&i| (rank_q[i], i));
    MethodDetail::Vikor {
        compromise_set,
        acceptable_advantage,
        acceptable_stability,
    }
}

/// Returns the smallest figure.
fn lowest(figures: &[f64]) -> f64 {
    figures.iter().fold(f64::INFINITY, |least, &x| least.min(x))
}
