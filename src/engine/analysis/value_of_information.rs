//! The expected value of perfect information, in total (EVPI) and for each uncertain input (EVPPI): which unknown to reduce first.
//!
//! A decision that must be taken now goes to the candidate with the highest expected score, `max_d E[S_d]`. Perfect information
//! would add `EVPI = E[max_d S_d] - max_d E[S_d]` on average; knowing only the input `X` would add
//! `EVPPI(X) = E[max_d E[S_d | X]] - max_d E[S_d]` (Raiffa, H., Schlaifer, R. (1961), *Applied Statistical Decision Theory*).
//! `E[S_d | X]` is estimated by regression on the same samples (Strong, M., Oakley, J. E., Brennan, A. (2014), "Estimating multiparameter
//! partial expected value of perfect information from a probabilistic sensitivity analysis sample", Medical Decision Making 34(3), 311-326):
//! see `regression`. Samples are split in two; the regression on one half decides which candidate to choose in the other, and the scores of
//! that other half give the gain. The estimate is therefore not biased upwards: an input that changes nothing has EVPPI 0. It is
//! biased downwards by what the regression misses. Its standard error comes from the blocks of samples, which are independent.
//!
//! In a sample in which a candidate is screened out, or in which a value is missing, its score counts as 0, the lowest
//! possible: choosing it would have been a mistake. Candidates with missing facts cannot be chosen now; what completing them
//! could be worth is estimated separately, with each missing criterion anywhere between its anchors.

mod missing;
mod regression;

use rayon::prelude::*;

use super::standing::{Estimate, Standing};
use crate::eval::{BLOCK, InputId, Plan, Status};
use crate::model::library::MissingPolicy;
use regression::Regression;

pub use missing::{IncompleteCandidate, Lacking, gaps};

/// Default number of samples.
pub const SAMPLES: usize = 16_384;
/// Minimum number of samples: each half needs several blocks.
pub const FEWEST: usize = 16 * BLOCK;

/// The EVPPI of one input.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownInput {
    /// The input; the node of a criterion where facts below it are missing and it may take any value.
    pub input: InputId,
    /// The missing facts behind such a criterion; empty for an input that is merely uncertain.
    pub facts: Vec<InputId>,
    /// The expected gain in score.
    pub value: Estimate,
    /// Probability that knowing it changes the choice.
    pub chance: f64,
}

/// The value of perfect information, in total and input by input.
#[derive(Clone, Debug)]
pub struct ValueOfInformation {
    /// The candidate with the highest expected score; `None` if no candidate can be chosen.
    pub choice: Option<usize>,
    /// Every candidate's expected score; NaN if it cannot be chosen.
    pub expected: Vec<f64>,
    /// The EVPI: knowing everything.
    pub total: Estimate,
    /// How often knowing everything would lead to another choice.
    pub chance: f64,
    /// Each uncertain input, the most valuable first.
    pub unknowns: Vec<UnknownInput>,
    /// Facts that incomplete candidates lack, the most valuable first.
    pub gaps: Vec<IncompleteCandidate>,
    /// How many samples were drawn.
    pub samples: usize,
    pub seed: u64,
}

/// Draws of inputs and scores.
struct InputDraws {
    /// Draws of each uncertain input, then of the values of each criterion that may lie anywhere.
    inputs: Vec<Vec<f64>>,
    /// Scores of each candidate that may be chosen.
    scores: Vec<Vec<f64>>,
}

/// Estimates EVPPI from at least [`FEWEST`] samples. The choice, its expected score and the EVPI are those of the standing, so that
/// they are the same figures as in the verdict.
#[must_use]
pub fn value_of_information(
    plan: &Plan<'_>,
    standing: &Standing,
    samples: usize,
    seed: u64,
) -> ValueOfInformation {
    let samples = samples.max(FEWEST);
    let shares = &standing.evaluation.shares;
    let rows = &standing.evaluation.rows;
    let status: Vec<Status> = rows.iter().map(|row| row.status).collect();
    let free = free(plan, shares, &status);
    let mut unknown: Vec<(InputId, Vec<InputId>)> = plan
        .uncertain()
        .into_iter()
        .map(|input| (input, Vec::new()))
        .collect();
    unknown.extend(free.iter().map(|&(k, c)| {
        let input = InputId {
            node: plan.graph.criteria[k].node,
            candidate: Some(c),
        };
        (input, missing::below(plan, input.node, c))
    }));
    let (options, draws) = draw(plan, shares, &status, &free, samples, seed);
    let expected: Vec<f64> = (0..plan.candidates())
        .map(|c| standing.expected(c).unwrap_or(f64::NAN))
        .collect();
    let choice = standing.first();
    let best = choice.map_or(0.0, |c| expected[c]);
    let mut outcome = ValueOfInformation {
        choice,
        total: standing.loss,
        chance: standing.regret_chance,
        unknowns: Vec::new(),
        gaps: gaps(plan, shares, &status, best, samples, seed),
        expected,
        samples,
        seed,
    };
    let Some(present) = choice.and_then(|c| options.iter().position(|o| *o == c)) else {
        return outcome;
    };
    // Everything is measured against the present choice, so that what all candidates share cancels.
    let gains: Vec<Vec<f64>> = draws
        .scores
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != present)
        .map(|(_, scores)| {
            scores
                .iter()
                .zip(&draws.scores[present])
                .map(|(s, p)| s - p)
                .collect::<Vec<f64>>()
        })
        // A candidate that leads in no sample cannot lead on average, whatever is learned.
        .filter(|gain| gain.iter().any(|g| *g > super::race::TIE))
        .collect();
    // A choice that sometimes fails a gate may lose to another on average; only what goes beyond is owed to an input.
    let without: f64 = gains.iter().map(|gain| mean(gain)).fold(0.0, f64::max);
    if let Some(watch) = plan.watch {
        watch.begin(unknown.len());
    }
    let one = |((input, facts), x): ((InputId, Vec<InputId>), &Vec<f64>)| {
        let mut found = partial(input, facts, x, &gains);
        // No single input is worth more than all of them.
        found.value.value = (found.value.value - without).clamp(0.0, standing.loss.value);
        if let Some(watch) = plan.watch {
            watch.step();
        }
        found
    };
    outcome.unknowns = unknown
        .into_par_iter()
        .zip(&draws.inputs)
        .map(one)
        .collect();
    outcome.unknowns.sort_by(|a, b| {
        b.value
            .value
            .total_cmp(&a.value.value)
            .then(a.input.cmp(&b.input))
    });
    outcome
}

/// Criteria, with the candidates, whose facts are missing and whose value may lie anywhere (`missing: range`).
fn free(plan: &Plan<'_>, shares: &[f64], status: &[Status]) -> Vec<(usize, usize)> {
    let may = |k: usize, c: usize| {
        status[c] == Status::Ranked
            && plan.policy(k, c) == MissingPolicy::Range
            && plan.point[plan.graph.criteria[k].node].of(c).is_nan()
    };
    let open = (0..shares.len()).filter(|&k| shares[k] > 0.0);
    open.flat_map(|k| {
        (0..plan.candidates())
            .filter(move |&c| may(k, c))
            .map(move |c| (k, c))
    })
    .collect()
}

/// The candidates that may be chosen and the samples: those that are ranked, and those that are screened out at the point but
/// pass in some samples.
fn draw(
    plan: &Plan<'_>,
    shares: &[f64],
    status: &[Status],
    free: &[(usize, usize)],
    samples: usize,
    seed: u64,
) -> (Vec<usize>, InputDraws) {
    let may: Vec<usize> = (0..status.len())
        .filter(|&c| status[c] != Status::Incomplete)
        .collect();
    let blocks = plan.blocks(samples, seed, |block| {
        let score = |&c: &usize| -> Vec<f64> {
            let mut total = vec![0.0; block.lanes];
            block.weigh(shares, c, &mut total);
            total
                .iter_mut()
                .zip(block.passed(c))
                .for_each(|(t, passed)| {
                    *t = if *passed == 0.0 || t.is_nan() {
                        0.0
                    } else {
                        *t
                    }
                });
            total
        };
        let passes: Vec<bool> = may
            .iter()
            .map(|&c| block.passed(c).iter().any(|p| *p != 0.0))
            .collect();
        let drawn = block
            .draws
            .iter()
            .map(|d| &d[..block.lanes])
            .chain(free.iter().map(|&(k, c)| block.value(k, c)));
        (
            drawn.map(<[f64]>::to_vec).collect::<Vec<_>>(),
            may.iter().map(score).collect::<Vec<_>>(),
            passes,
        )
    });
    let join = |of: &dyn Fn(usize) -> Vec<f64>, count: usize| -> Vec<Vec<f64>> {
        (0..count).map(of).collect()
    };
    let kept: Vec<usize> = (0..may.len())
        .filter(|&i| {
            status[may[i]] == Status::Ranked || blocks.iter().any(|(_, _, passes)| passes[i])
        })
        .collect();
    let inputs = join(
        &|i| {
            blocks
                .iter()
                .flat_map(|(x, ..)| x[i].iter().copied())
                .collect()
        },
        blocks.first().map_or(0, |b| b.0.len()),
    );
    let scores = join(
        &|i| {
            blocks
                .iter()
                .flat_map(|(_, s, _)| s[kept[i]].iter().copied())
                .collect()
        },
        kept.len(),
    );
    (
        kept.into_iter().map(|i| may[i]).collect(),
        InputDraws { inputs, scores },
    )
}

/// Estimates the EVPPI of one input.
fn partial(input: InputId, facts: Vec<InputId>, x: &[f64], gains: &[Vec<f64>]) -> UnknownInput {
    let regression = Regression::new(x);
    let mut gained = vec![0.0; x.len()];
    let mut changes = 0_usize;
    // Blocks are dealt to the quarters in turn, so that each quarter covers the whole run.
    let parts: Vec<u8> = (0..x.len()).map(|s| (s / BLOCK % 4) as u8).collect();
    for [learns, judges] in [[0, 2], [1, 3]] {
        let fits: Vec<_> = gains
            .iter()
            .map(|gain| regression.fit(gain, &parts, [learns, judges]))
            .collect();
        for s in (0..x.len()).filter(|&s| parts[s] != learns && parts[s] != judges) {
            // Staying with the present choice gains 0.
            let better = fits
                .iter()
                .enumerate()
                .map(|(d, fit)| (d, regression.at(fit, s)))
                .filter(|(_, g)| *g > 0.0);
            if let Some((d, _)) = better.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))) {
                gained[s] = gains[d][s];
                changes += 1;
            }
        }
    }
    UnknownInput {
        input,
        facts,
        value: estimate(&gained),
        chance: changes as f64 / x.len() as f64,
    }
}

fn mean(all: &[f64]) -> f64 {
    all.iter().sum::<f64>() / all.len() as f64
}

/// The mean gain, with the standard error of the means of the blocks.
fn estimate(gained: &[f64]) -> Estimate {
    let means: Vec<f64> = gained
        .chunks(BLOCK)
        .filter(|block| block.len() == BLOCK)
        .map(mean)
        .collect();
    let middle = mean(&means);
    let variance =
        means.iter().map(|m| (m - middle).powi(2)).sum::<f64>() / (means.len() - 1) as f64;
    Estimate {
        value: mean(gained).max(0.0),
        error: (variance / means.len() as f64).sqrt(),
    }
}
