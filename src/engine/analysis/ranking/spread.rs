//! The range of a method's figure over the samples.

use super::is_as_given;
use super::problem::problem;
use crate::analysis::acceptability::{OUT, Scorer};
use crate::eval::{Evaluation, Plan};
use crate::rank::{Method, Params, RankError};

/// Samples behind the quantiles under a method, which is applied to every sample.
const METHOD_SAMPLES: usize = 1_024;
/// Limit on the cells of a problem that a method is applied to sample by sample; larger problems have no quantiles.
const METHOD_CELLS: usize = 4_000;

/// The 5 % and 95 % quantile of each ranked candidate's figure under a method, over the samples in which it has one: the whole
/// matrix is sampled each time, so that a normalisation that depends on the rivals varies too. Empty for a problem that is too large.
///
/// # Errors
/// If the method cannot be applied to the point estimates.
pub(super) fn method_spread(
    plan: &Plan<'_>,
    evaluation: &Evaluation,
    ranked: &[usize],
    method: &'static dyn Method,
    params: &Params,
    seed: u64,
) -> Result<Vec<Option<(f64, f64)>>, RankError> {
    if ranked.is_empty() || ranked.len() * plan.graph.criteria.len() > METHOD_CELLS {
        return Ok(Vec::new());
    }
    let problem = problem(plan, evaluation, ranked)?;
    let weights = if is_as_given(params) {
        problem.weights().to_vec()
    } else {
        problem.shares()
    };
    let active: Vec<usize> = (0..weights.len()).filter(|&k| weights[k] > 0.0).collect();
    let scorer = Scorer::new(plan, evaluation, ranked, &active, method, params)?;
    let point = method.run(&problem, params)?;
    if !scorer.is_sampled() {
        return Ok(point.scores.into_iter().map(|x| Some((x, x))).collect());
    }
    let drawn = plan.tally_with_measures(
        METHOD_SAMPLES,
        seed,
        || vec![Vec::new(); ranked.len()],
        |all: &mut Vec<Vec<f64>>, block| {
            let mut scores = vec![0.0; ranked.len() * block.lanes];
            scorer.with_weights(ranked, &weights, block.lanes, Some(block), &mut scores);
            for (all, own) in all.iter_mut().zip(scores.chunks_exact(block.lanes)) {
                all.extend(own.iter().filter(|&&x| x > OUT && !x.is_nan()));
            }
        },
    );
    let sign = if point.higher_is_better { 1.0 } else { -1.0 };
    let each = (0..ranked.len()).map(|i| {
        let mut all: Vec<f64> = drawn
            .iter()
            .flat_map(|group| group[i].iter().map(|x| sign * x))
            .collect();
        quantiles(&mut all)
    });
    Ok(each.collect())
}

/// The 5 % and 95 % quantile; `None` without figures. Selects both instead of sorting.
pub(in crate::analysis) fn quantiles(all: &mut [f64]) -> Option<(f64, f64)> {
    let last = all.len().checked_sub(1)?;
    let [low, high] = [0.05, 0.95].map(|p| (last as f64 * p).round() as usize);
    let (_, high, _) = all.select_nth_unstable_by(high, f64::total_cmp);
    let high = *high;
    let (_, low, _) = all.select_nth_unstable_by(low, f64::total_cmp);
    Some((*low, high))
}
