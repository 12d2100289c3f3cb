//! The range of each score over the samples, and how often each candidate passes the gates.

use rayon::prelude::*;

use super::problem::problem;
use super::{SAMPLES, is_as_given};
use crate::analysis::acceptability::{OUT, Scorer};
use crate::eval::{BLOCK, Block, Evaluation, KeptSamples, Plan, Status};
use crate::model::library::MissingPolicy;
use crate::rank::{Method, Params, RankError};

/// Samples behind the quantiles under a method, which is applied to every sample.
const METHOD_SAMPLES: usize = 1_024;
/// Limit on the cells of a problem that a method is applied to sample by sample; larger problems have no quantiles.
const METHOD_CELLS: usize = 4_000;

/// The spread of one candidate's score.
#[derive(Clone, Copy, Debug)]
pub(super) struct ScoreSpread {
    /// The 5 % and 95 % quantile over the samples in which it passes; `None` if it never has a score.
    pub range: Option<(f64, f64)>,
    /// How often it passes every gate.
    pub passes: f64,
}

/// The samples from which score ranges are computed.
#[derive(Clone, Copy)]
pub(super) enum SampleSource<'s> {
    /// No samples: scores have no range, and a candidate either passes every gate or does not.
    Point,
    /// New samples with this seed.
    Seed(u64),
    /// Samples that were drawn already, at least [`SAMPLES`] of them.
    Drawn(&'s KeptSamples),
}

impl SampleSource<'_> {
    /// The spread of every candidate's additive score under these shares.
    pub(super) fn spread(self, plan: &Plan<'_>, shares: &[f64]) -> Vec<ScoreSpread> {
        match self {
            Self::Point => at_point(plan, shares),
            Self::Seed(seed) => sampled(plan, shares, seed, None),
            Self::Drawn(samples) => sampled(plan, shares, samples.seed, Some(samples)),
        }
    }
}

fn at_point(plan: &Plan<'_>, shares: &[f64]) -> Vec<ScoreSpread> {
    let rows = plan.evaluate_with(shares).rows;
    rows.iter()
        .map(|row| ScoreSpread {
            range: row.score.map(|score| (score, score)),
            passes: if row.status == Status::Screened {
                0.0
            } else {
                1.0
            },
        })
        .collect()
}

/// The spread over samples; that at the point estimate if nothing is uncertain.
fn sampled(
    plan: &Plan<'_>,
    shares: &[f64],
    seed: u64,
    samples: Option<&KeptSamples>,
) -> Vec<ScoreSpread> {
    let certain = plan.uncertain().is_empty()
        && plan
            .graph
            .criteria
            .iter()
            .all(|s| s.missing == MissingPolicy::Exclude);
    if certain {
        return at_point(plan, shares);
    }
    let count = plan.candidates();
    let scored = |block: &Block<'_>| {
        let mut scores: Vec<Vec<f64>> = vec![Vec::with_capacity(block.lanes); count];
        let mut passes = vec![0_usize; count];
        for c in 0..count {
            let mut total = vec![0.0; block.lanes];
            for (k, share) in shares.iter().enumerate().filter(|(_, s)| **s > 0.0) {
                total
                    .iter_mut()
                    .zip(block.value(k, c))
                    .for_each(|(t, v)| *t += share * v);
            }
            for (score, pass) in total.iter().zip(block.passed(c)) {
                if *pass == 0.0 {
                    continue;
                }
                passes[c] += 1;
                if !score.is_nan() {
                    scores[c].push(*score);
                }
            }
        }
        (scores, passes)
    };
    let blocks: Vec<(Vec<Vec<f64>>, Vec<usize>)> = match samples {
        Some(samples) => samples
            .blocks()
            .par_iter()
            .take(SAMPLES / BLOCK)
            .map(|kept| scored(&kept.block()))
            .collect(),
        None => plan.blocks(SAMPLES, seed, scored),
    };
    (0..count)
        .map(|c| {
            let mut all: Vec<f64> = blocks
                .iter()
                .flat_map(|(scores, _)| scores[c].iter().copied())
                .collect();
            let passes: usize = blocks.iter().map(|(_, p)| p[c]).sum();
            ScoreSpread {
                range: quantiles(&mut all),
                passes: passes as f64 / SAMPLES as f64,
            }
        })
        .collect()
}

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
fn quantiles(all: &mut [f64]) -> Option<(f64, f64)> {
    let last = all.len().checked_sub(1)?;
    let [low, high] = [0.05, 0.95].map(|p| (last as f64 * p).round() as usize);
    let (_, high, _) = all.select_nth_unstable_by(high, f64::total_cmp);
    let high = *high;
    let (_, low, _) = all.select_nth_unstable_by(low, f64::total_cmp);
    Some((*low, high))
}
