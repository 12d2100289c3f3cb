//! SMAA-2: how often each candidate takes each rank when weights and inputs are uncertain.
//!
//! In every sample weights are drawn from a [`WeightSpace`] and inputs from their distributions, and the candidates are ranked.
//!
//! - *rank acceptability* `b[i][r]`: the share of samples in which candidate `i` takes rank `r`;
//! - *central weights*: the mean of the weights in the samples that `i` wins, the typical preferences that make `i` the best choice;
//!   `None` for a candidate that never wins;
//! - *confidence factor*: how often `i` wins when the weights are its central weights and only the inputs vary;
//! - *pairwise winning* `c[i][j]`: the share of samples in which `i` comes before `j`;
//! - *ranking entropy* in bits over whole rankings, *choice entropy* over who is first: 0 if the answer is always the same.
//!
//! **Ties share.** Candidates with equal scores (to 1e-12 of the largest) take the ranks they cover in equal parts, and half of
//! a duel each, so rows and columns of `b` sum to 1 and `c[i][j] + c[j][i]` is 1. Candidates that a gate screens out in a sample,
//! or that lack a figure there, share its last ranks. A sample in which no candidate is left is not counted:
//! [`Acceptability::decided`] is the number of the others. Candidates that are incomplete at the point estimate are left out.
//!
//! The additive value model runs on columns. Any other method is applied sample by sample, 2 to 20 microseconds each; its
//! confidence factors are estimated from at most [`CONFIDENCE_RUNS`] runs in all.
//!
//! Sources: Lahdelma, R., Salminen, P. (2001). SMAA-2: Stochastic multicriteria acceptability analysis for group decision making.
//! Operations Research 49(3), 444-454; Lahdelma, R., Hokkanen, J., Salminen, P. (1998). SMAA - Stochastic multiobjective
//! acceptability analysis. EJOR 106(1), 137-143; Tervonen, T., Lahdelma, R. (2007). Implementing stochastic multicriteria
//! acceptability analysis. EJOR 178(2), 500-513.

mod census;
mod score;
mod tally;

use rayon::prelude::*;

pub(super) use self::score::Scorer;
pub(super) use self::tally::OUT;
use self::tally::Tally;
use super::standing::share_error;
use super::weight_space::WeightSpace;
use crate::eval::{BLOCK, Block, DRAWS, KeptBlock, KeptSamples, Plan, Status, group};
use crate::rank::{Method, Params, RankError};
use crate::tr;

/// Default number of samples: those of all other questions.
pub const SAMPLES: usize = DRAWS;

/// Limit on the candidates: every pair is compared in every sample.
pub const MOST_CANDIDATES: usize = 500;

/// Limit on the runs of a method other than `value` for all confidence factors together.
pub const CONFIDENCE_RUNS: usize = 50_000;

/// Figures of SMAA-2 over the candidates that took part.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptability {
    /// How many samples were drawn.
    pub samples: usize,
    /// Number of samples in which at least one candidate could be ranked.
    pub decided: usize,
    pub seed: u64,
    /// The candidates that took part, by index in the decision; rows and columns below are in this order.
    pub candidates: Vec<usize>,
    /// `rank[i][r]`: the share of samples in which `i` takes rank `r`.
    pub rank: Vec<Vec<f64>>,
    /// The mean weights, by criterion, of the samples that `i` wins; `None` if it never does.
    pub central: Vec<Option<Vec<f64>>>,
    /// How often `i` wins with its central weights; `None` if it has none.
    pub confidence: Vec<Option<f64>>,
    /// `winning[i][j]`: the share of samples in which `i` comes before `j`; `None` on the diagonal.
    pub winning: Vec<Vec<Option<f64>>>,
    /// Entropy of the whole ranking, bits.
    pub ranking_entropy: f64,
    /// Entropy of the first place, bits.
    pub choice_entropy: f64,
}

impl Acceptability {
    /// The standard error of a share `p` of the samples.
    #[must_use]
    pub fn standard_error(&self, p: f64) -> f64 {
        share_error(p, self.decided)
    }

    /// The mean rank of the `i`-th candidate; `None` if no sample decided anything.
    #[must_use]
    pub fn mean_rank(&self, i: usize) -> Option<f64> {
        let ranks = self.rank.get(i)?.iter().enumerate();
        Some(ranks.map(|(rank, share)| (rank + 1) as f64 * share).sum())
    }

    /// The share of samples in which a candidate of the decision is first; `None` for one that did not take part.
    #[must_use]
    pub fn first(&self, candidate: usize) -> Option<f64> {
        let at = self.candidates.iter().position(|&c| c == candidate)?;
        self.rank.get(at)?.first().copied()
    }
}

/// Draws samples and ranks in each of them.
///
/// # Errors
/// If no criterion has weight, the method cannot be applied, or there are more than [`MOST_CANDIDATES`].
pub fn acceptability(
    plan: &Plan<'_>,
    space: &WeightSpace,
    method: &'static dyn Method,
    params: &Params,
    samples: usize,
    seed: u64,
) -> Result<Acceptability, RankError> {
    of(plan, space, method, params, (samples, seed), true)
}

/// As [`acceptability()`]; confidence factors, which take as long as all the rest, only if asked for.
///
/// # Errors
/// As [`acceptability()`].
pub(super) fn of(
    plan: &Plan<'_>,
    space: &WeightSpace,
    method: &'static dyn Method,
    params: &Params,
    (samples, seed): (usize, u64),
    with_confidence: bool,
) -> Result<Acceptability, RankError> {
    if space.active().is_empty() {
        return Err(RankError::Data {
            criterion: None,
            text: tr!(
                "all weights are 0: no criterion counts",
                "所有权重都为 0：没有准则计入"
            ),
        });
    }
    let mut counts = vec![0.0; space.criteria()];
    space.active().iter().for_each(|&k| counts[k] = 1.0);
    let evaluation = plan.evaluate_with(&counts);
    let candidates: Vec<usize> = (0..plan.candidates())
        .filter(|&c| evaluation.rows[c].status != Status::Incomplete)
        .collect();
    let n = candidates.len();
    if n > MOST_CANDIDATES {
        return Err(RankError::TooMany {
            limit: MOST_CANDIDATES,
            text: tr!(
                "robustness compares all pairs and accepts at most {MOST_CANDIDATES} candidates; there are {n}",
                "稳健性分析要比较所有候选对，最多接受 {MOST_CANDIDATES} 个候选；现有 {n} 个"
            ),
        });
    }
    let scorer = Scorer::new(
        plan,
        &evaluation,
        &candidates,
        space.active(),
        method,
        params,
    )?;
    let own;
    let drawn = if !scorer.is_sampled() || scorer.wants_measures() {
        None
    } else if (samples, seed) == (plan.draws, plan.seed) {
        plan.kept_draws()
    } else {
        own = plan.samples(samples, seed, &candidates, space.active());
        own.as_ref()
    };
    let run = Run {
        plan,
        scorer: &scorer,
        candidates: &candidates,
        criteria: space.criteria(),
        seed,
        drawn,
    };
    let tally = run.count(space, samples);
    let central = tally.central();
    let confidence = if with_confidence {
        run.confidence(&central, samples)
    } else {
        vec![None; n]
    };
    Ok(tally.figures(candidates, samples, seed, central, confidence))
}

struct Run<'r> {
    plan: &'r Plan<'r>,
    scorer: &'r Scorer,
    candidates: &'r [usize],
    criteria: usize,
    seed: u64,
    /// The samples, if they are few enough to be kept for both passes; else the graph is run twice.
    drawn: Option<&'r KeptSamples>,
}

/// The state of one thread: the tally so far, and the columns of one block.
struct ThreadState {
    tally: Tally,
    weights: Vec<f64>,
    scores: Vec<f64>,
}

impl Run<'_> {
    fn worker(&self) -> ThreadState {
        let n = self.candidates.len();
        let (weights, scores) = (vec![0.0; self.criteria * BLOCK], vec![0.0; n * BLOCK]);
        ThreadState {
            tally: Tally::new(n, self.criteria),
            weights,
            scores,
        }
    }

    fn count(&self, space: &WeightSpace, samples: usize) -> Tally {
        let add =
            |worker: &mut ThreadState, number: usize, lanes: usize, block: Option<&Block<'_>>| {
                let weights = &mut worker.weights[..self.criteria * lanes];
                space.fill(self.seed, number, lanes, weights);
                let scores = &mut worker.scores[..self.candidates.len() * lanes];
                self.scorer
                    .columns(self.candidates, weights, lanes, block, scores);
                worker.tally.add(scores, weights, lanes);
            };
        let mut tally = Tally::new(self.candidates.len(), self.criteria);
        self.drive(samples, add)
            .into_iter()
            .for_each(|worker| tally.join(worker.tally));
        tally
    }

    /// Goes through all blocks, with the inputs' draws where they differ.
    fn drive(
        &self,
        samples: usize,
        add: impl Fn(&mut ThreadState, usize, usize, Option<&Block<'_>>) + Sync,
    ) -> Vec<ThreadState> {
        let each = |worker: &mut ThreadState, block: &Block<'_>| {
            add(worker, block.number(), block.lanes, Some(block))
        };
        if let Some(drawn) = self.drawn.filter(|drawn| drawn.count == samples) {
            let one = |blocks: &[KeptBlock]| {
                let mut worker = self.worker();
                blocks
                    .iter()
                    .for_each(|kept| each(&mut worker, &kept.block()));
                worker
            };
            return drawn.blocks().par_chunks(group(samples)).map(one).collect();
        }
        if self.scorer.wants_measures() {
            return self
                .plan
                .tally_with_measures(samples, self.seed, || self.worker(), each);
        }
        if self.scorer.is_sampled() {
            return self.plan.tally(samples, self.seed, || self.worker(), each);
        }
        let (blocks, group) = (samples.div_ceil(BLOCK), group(samples));
        (0..blocks.div_ceil(group))
            .into_par_iter()
            .map(|at| {
                let mut worker = self.worker();
                for number in at * group..blocks.min((at + 1) * group) {
                    add(
                        &mut worker,
                        number,
                        BLOCK.min(samples - number * BLOCK),
                        None,
                    );
                }
                worker
            })
            .collect()
    }

    /// How often each candidate wins when its central weights are the weights.
    fn confidence(&self, central: &[Option<Vec<f64>>], samples: usize) -> Vec<Option<f64>> {
        let n = self.candidates.len();
        let samples = match (self.scorer.is_sampled(), self.scorer.wants_measures()) {
            (false, _) => 1,
            (true, false) => samples,
            (true, true) => samples.min(CONFIDENCE_RUNS / n.max(1)).max(1),
        };
        let add = |worker: &mut ThreadState, _: usize, lanes: usize, block: Option<&Block<'_>>| {
            let scores = &mut worker.scores[..n * lanes];
            for (i, weights) in central.iter().enumerate() {
                let Some(weights) = weights else { continue };
                self.scorer
                    .with_weights(self.candidates, weights, lanes, block, scores);
                worker.tally.won(i, scores, lanes);
            }
        };
        let workers = self.drive(samples, add);
        let sum = |i: usize, of: fn(&Tally) -> &[f64]| {
            workers.iter().map(|w| of(&w.tally)[i]).sum::<f64>()
        };
        let share = |i: usize| {
            central[i].as_ref()?;
            let decided = sum(i, |t| &t.tried);
            (decided > 0.0).then(|| sum(i, |t| &t.first) / decided)
        };
        (0..n).map(share).collect()
    }
}
