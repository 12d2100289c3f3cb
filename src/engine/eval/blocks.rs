//! Monte Carlo samples: the graph run over draws of every uncertain leaf, block by block.
//!
//! A block holds [`BLOCK`] samples of all candidates, so that its columns stay in the cache. Each leaf has a random stream of
//! its own, seeded by the run's seed, the leaf's name and the block's number. Neither the number of threads nor the order or
//! number of candidates changes a draw, and candidates that share an input share its draws (common random numbers).

mod draw;
pub(super) mod setup;

use rayon::prelude::*;

use self::setup::{Arena, Setup};
use super::leaf::InputId;
use super::plan::Plan;

/// Samples in a block.
pub const BLOCK: usize = 256;

/// One block of samples.
pub struct Block<'a> {
    /// The index of its first sample.
    pub first: usize,
    /// The number of samples it holds.
    pub lanes: usize,
    /// Values of criterion `k` for candidate `c`: `values[(k * candidates + c) * lanes ..][..lanes]`; NaN where missing.
    pub values: &'a [f64],
    /// Measures, as `values`, in base units; empty unless asked for.
    pub measures: &'a [f64],
    /// 1 where candidate `c` passed every gate: `passed[c * lanes ..][..lanes]`.
    pub passed: &'a [f64],
    /// How many samples pass and how many have no answer: gate `g` and candidate `c` at `g * candidates + c`.
    pub gate_counts: &'a [[u32; 2]],
    /// The draws of each uncertain input, in the order of [`Plan::uncertain`].
    pub draws: &'a [Vec<f64>],
    candidates: usize,
}

impl Block<'_> {
    /// Returns the values of criterion `k` for candidate `c`.
    #[must_use]
    pub fn value(&self, k: usize, c: usize) -> &[f64] {
        &self.values[(k * self.candidates + c) * self.lanes..][..self.lanes]
    }

    /// Returns the measures of criterion `k` for candidate `c`; only in a [run with measures](Plan::tally_with_measures).
    #[must_use]
    pub fn measure(&self, k: usize, c: usize) -> &[f64] {
        &self.measures[(k * self.candidates + c) * self.lanes..][..self.lanes]
    }

    /// Fills `scores` with the weighted sums of candidate `c`'s values; NaN where a value that has weight is missing.
    pub fn weigh(&self, shares: &[f64], c: usize, scores: &mut [f64]) {
        scores.fill(0.0);
        for (k, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            for (score, value) in scores.iter_mut().zip(self.value(k, c)) {
                *score += share * value;
            }
        }
    }

    /// Returns the number of the block, which seeds its random streams.
    #[must_use]
    pub fn number(&self) -> usize {
        self.first / BLOCK
    }

    /// 1 where candidate `c` passed every gate, else 0.
    #[must_use]
    pub fn passed(&self, c: usize) -> &[f64] {
        &self.passed[c * self.lanes..][..self.lanes]
    }
}

/// A copy of a block's values and passes that outlives the run, so that several analyses read the same samples.
#[derive(Clone, Debug)]
pub struct KeptBlock {
    first: usize,
    lanes: usize,
    values: Vec<f64>,
    passed: Vec<f64>,
    gate_counts: Vec<[u32; 2]>,
    draws: Vec<Vec<f64>>,
    candidates: usize,
}

impl Block<'_> {
    /// Returns a copy without the measures.
    #[must_use]
    pub fn keep(&self) -> KeptBlock {
        let (lanes, candidates) = (self.lanes, self.candidates);
        KeptBlock {
            first: self.first,
            lanes,
            values: self.values.to_vec(),
            passed: self.passed.to_vec(),
            gate_counts: self.gate_counts.to_vec(),
            draws: self.draws.to_vec(),
            candidates,
        }
    }
}

impl KeptBlock {
    /// Returns the block, without measures.
    #[must_use]
    pub fn block(&self) -> Block<'_> {
        let (first, lanes, candidates) = (self.first, self.lanes, self.candidates);
        Block {
            first,
            lanes,
            values: &self.values,
            measures: &[],
            passed: &self.passed,
            gate_counts: &self.gate_counts,
            draws: &self.draws,
            candidates,
        }
    }
}

/// Samples that are kept, so that several analyses use the same draws.
#[derive(Clone, Debug)]
pub struct KeptSamples {
    /// The number of samples.
    pub count: usize,
    /// The seed of their random streams.
    pub seed: u64,
    blocks: Vec<KeptBlock>,
}

impl KeptSamples {
    /// The blocks, in order.
    #[must_use]
    pub fn blocks(&self) -> &[KeptBlock] {
        &self.blocks
    }
}

/// Limit on the values that are kept (64 MB).
const KEPT: usize = 8_000_000;

impl Plan<'_> {
    /// Returns the inputs whose samples differ, in the order of [`Block::draws`].
    #[must_use]
    pub fn uncertain(&self) -> Vec<InputId> {
        let mut all = self.inputs();
        all.retain(|input| {
            self.leaf(input.node, input.candidate.unwrap_or(0))
                .is_uncertain()
        });
        all
    }

    /// Draws samples and keeps them; `None` if they would take more than 64 MB. Only these candidates get values, and only
    /// for these criteria; the answers of gates are computed for all candidates.
    #[must_use]
    pub fn samples(
        &self,
        count: usize,
        seed: u64,
        candidates: &[usize],
        criteria: &[usize],
    ) -> Option<KeptSamples> {
        let columns = self.candidates() * (self.graph.criteria.len() + 1);
        if count.saturating_mul(columns) > KEPT {
            return None;
        }
        let mut setup = Setup::new(self, false);
        setup.only(candidates, criteria);
        if count.saturating_mul(columns + setup.drawn_inputs()) > KEPT {
            return None;
        }
        let keep = |kept: &mut Vec<KeptBlock>, block: &Block<'_>| kept.push(block.keep());
        let blocks = self
            .run_setup(&setup, count, seed, group(count), Vec::new, keep)
            .into_iter()
            .flatten()
            .collect();
        Some(KeptSamples {
            count,
            seed,
            blocks,
        })
    }

    /// Draws samples of everything and keeps them; `None` if they would take more than 64 MB.
    pub(super) fn keep_samples(&self, count: usize, seed: u64) -> Option<KeptSamples> {
        let (all, criteria): (Vec<usize>, Vec<usize>) = (
            (0..self.candidates()).collect(),
            (0..self.graph.criteria.len()).collect(),
        );
        self.samples(count, seed, &all, &criteria)
    }

    /// Runs `samples` samples and returns the result of `each` for every block, in the order of the blocks.
    pub fn blocks<A: Send>(
        &self,
        samples: usize,
        seed: u64,
        each: impl Fn(&Block<'_>) -> A + Sync,
    ) -> Vec<A> {
        self.run_blocks(
            samples,
            seed,
            false,
            1,
            Vec::new,
            |all: &mut Vec<A>, block| all.push(each(block)),
        )
        .into_iter()
        .flatten()
        .collect()
    }

    /// Runs `samples` samples and returns the tallies of at most 16 groups of neighbouring blocks. `new` creates a tally and
    /// `add` adds a block to it, in order. Groups do not depend on the number of threads, so sums over tallies are
    /// reproducible to the last bit.
    pub fn tally<A: Send>(
        &self,
        samples: usize,
        seed: u64,
        new: impl Fn() -> A + Sync,
        add: impl Fn(&mut A, &Block<'_>) + Sync,
    ) -> Vec<A> {
        self.run_blocks(samples, seed, false, group(samples), new, add)
    }

    /// Like [`Plan::tally`], with the measures in each block too.
    pub fn tally_with_measures<A: Send>(
        &self,
        samples: usize,
        seed: u64,
        new: impl Fn() -> A + Sync,
        add: impl Fn(&mut A, &Block<'_>) + Sync,
    ) -> Vec<A> {
        self.run_blocks(samples, seed, true, group(samples), new, add)
    }

    fn run_blocks<A: Send>(
        &self,
        samples: usize,
        seed: u64,
        measures: bool,
        group: usize,
        new: impl Fn() -> A + Sync,
        add: impl Fn(&mut A, &Block<'_>) + Sync,
    ) -> Vec<A> {
        self.run_setup(&Setup::new(self, measures), samples, seed, group, new, add)
    }

    fn run_setup<A: Send>(
        &self,
        setup: &Setup<'_>,
        samples: usize,
        seed: u64,
        group: usize,
        new: impl Fn() -> A + Sync,
        add: impl Fn(&mut A, &Block<'_>) + Sync,
    ) -> Vec<A> {
        let count = samples.div_ceil(BLOCK);
        if let Some(watch) = self.watch {
            watch.begin(count);
        }
        (0..count.div_ceil(group))
            .into_par_iter()
            .map_init(Arena::default, |arena, at| {
                let mut tally = new();
                for number in at * group..count.min((at + 1) * group) {
                    let first = number * BLOCK;
                    let lanes = BLOCK.min(samples - first);
                    setup.run(number, lanes, seed, arena);
                    let block = Block {
                        first,
                        lanes,
                        values: &arena.values,
                        measures: &arena.measures,
                        passed: &arena.passed,
                        gate_counts: &arena.gate_counts,
                        draws: &arena.draws,
                        candidates: self.candidates(),
                    };
                    add(&mut tally, &block);
                    if let Some(watch) = self.watch {
                        watch.step();
                    }
                }
                tally
            })
            .collect()
    }
}

/// Most tallies of a run: enough to keep threads busy, few enough that large tallies fit in memory.
const GROUPS: usize = 16;

/// How many blocks share a tally.
pub(crate) fn group(samples: usize) -> usize {
    samples.div_ceil(BLOCK).div_ceil(GROUPS).max(1)
}
