//! What the common draws say about every candidate before weights are applied: mean values, and how often each gate passes.
//!
//! All questions about a decision are answered from one seeded set of draws of its uncertain inputs, [`Plan::draws`] of them.
//! They are made when the first question needs them and kept with the plan. Where nothing is uncertain there is one draw, the
//! point.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::blocks::{Block, KeptSamples};
use super::plan::Plan;
use crate::model::library::MissingPolicy;

/// Default number of common draws: the standard error of a share is below 0.8 %.
pub const DRAWS: usize = 4_096;

/// How often a screening gate is passed by a candidate, in shares of the draws.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GatePass {
    /// It has an answer that does not screen out.
    pub passed: f64,
    /// It has no answer.
    pub unknown: f64,
}

/// Means over the common draws.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The mean value of criterion `k` for candidate `c`, at `k * candidates + c`; NaN where it is missing.
    values: Vec<f64>,
    /// How often each candidate passes every gate.
    passes: Vec<f64>,
    /// Gate `g`, candidate `c`, at `g * candidates + c`.
    gates: Vec<GatePass>,
}

/// The common draws of a plan and their means.
#[derive(Clone, Debug)]
pub struct CommonDraws {
    is_certain: bool,
    pub expectation: Expectation,
    /// The draws, where they fit in memory.
    pub(super) kept: Option<KeptSamples>,
    /// The draws with judged spreads doubled, made when they are first needed.
    pub(super) doubled: Arc<OnceLock<CommonDraws>>,
}

/// Sums over a block of draws, of the difference to the value at the point: a value that never varies keeps its last bit.
struct Sums {
    values: Vec<f64>,
    known: Vec<u32>,
    passes: Vec<u32>,
    gates: Vec<[u32; 2]>,
}

impl Plan<'_> {
    /// Whether every draw is the point: nothing is uncertain, and no missing value may lie anywhere.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.common().is_certain
    }

    fn draws_nothing(&self) -> bool {
        let anywhere = |k: usize| {
            let node = self.graph.criteria[k].node;
            (0..self.candidates()).any(|c| {
                self.policy(k, c) == MissingPolicy::Range && self.point[node].of(c).is_nan()
            })
        };
        self.uncertain().is_empty() && !(0..self.graph.criteria.len()).any(anywhere)
    }

    /// The means over the common draws.
    #[must_use]
    pub fn expectation(&self) -> &Expectation {
        &self.common().expectation
    }

    /// Mean value of criterion `k` for candidate `c`; NaN where it is missing.
    #[must_use]
    pub fn mean_value(&self, k: usize, c: usize) -> f64 {
        self.expectation().values[k * self.candidates() + c]
    }

    /// How often a candidate passes every gate.
    #[must_use]
    pub fn pass_share(&self, c: usize) -> f64 {
        self.expectation().passes[c]
    }

    /// How often a candidate passes one gate.
    #[must_use]
    pub fn gate_pass(&self, gate: usize, c: usize) -> GatePass {
        self.expectation().gates[gate * self.candidates() + c]
    }

    /// Returns the result of `each` for every block of the common draws, in order.
    pub fn common_blocks<A: Send>(&self, each: impl Fn(&Block<'_>) -> A + Sync) -> Vec<A> {
        match &self.common().kept {
            Some(kept) => kept
                .blocks()
                .par_iter()
                .map(|kept| each(&kept.block()))
                .collect(),
            None => self.blocks(self.draws, self.seed, each),
        }
    }

    /// The common draws, where they were kept.
    #[must_use]
    pub fn kept_draws(&self) -> Option<&KeptSamples> {
        self.common().kept.as_ref()
    }

    pub(super) fn common(&self) -> &CommonDraws {
        self.common.get_or_init(|| {
            if self.draws_nothing() {
                return CommonDraws {
                    is_certain: true,
                    expectation: self.at_point(),
                    kept: None,
                    doubled: Arc::default(),
                };
            }
            let kept = self.keep_samples(self.draws, self.seed);
            let sums = match &kept {
                Some(kept) => kept
                    .blocks()
                    .par_iter()
                    .map(|kept| self.sums(&kept.block()))
                    .collect(),
                None => self.blocks(self.draws, self.seed, |block| self.sums(block)),
            };
            CommonDraws {
                is_certain: false,
                expectation: self.means(&sums),
                kept,
                doubled: Arc::default(),
            }
        })
    }

    /// The value of a criterion at the point, by its policy where it is missing.
    #[must_use]
    pub fn point_value(&self, k: usize, c: usize) -> f64 {
        let slot = &self.graph.criteria[k];
        let value = self.functions[k].value(self.point[slot.node].of(c), self.clip);
        self.policy(k, c).known(value)
    }

    fn at_point(&self) -> Expectation {
        let candidates = self.candidates();
        let mut passes = vec![1.0; candidates];
        let mut gates = vec![GatePass::default(); self.graph.gates.len() * candidates];
        for (g, gate) in self.graph.gates.iter().enumerate() {
            let Some(screen) = &gate.screen else { continue };
            for c in 0..candidates {
                let answer = self.point[gate.node].of(c);
                let passed = screen.lets_pass(answer);
                gates[g * candidates + c] = GatePass {
                    passed: f64::from(u8::from(passed)),
                    unknown: f64::from(u8::from(answer.is_nan())),
                };
                if !passed {
                    passes[c] = 0.0;
                }
            }
        }
        Expectation {
            values: (0..self.graph.criteria.len())
                .flat_map(|k| (0..candidates).map(move |c| self.point_value(k, c)))
                .collect(),
            passes,
            gates,
        }
    }

    fn sums(&self, block: &Block<'_>) -> Sums {
        let (criteria, candidates) = (self.graph.criteria.len(), self.candidates());
        let mut sums = Sums {
            values: vec![0.0; criteria * candidates],
            known: vec![0; criteria * candidates],
            passes: vec![0; candidates],
            gates: block.gate_counts.to_vec(),
        };
        for c in 0..candidates {
            sums.passes[c] = block.passed(c).iter().map(|p| u32::from(*p != 0.0)).sum();
            for k in 0..criteria {
                let at = k * candidates + c;
                let anchor = self.anchor(k, c);
                for value in block.value(k, c).iter().filter(|value| !value.is_nan()) {
                    sums.values[at] += value - anchor;
                    sums.known[at] += 1;
                }
            }
        }
        sums
    }

    /// The value from which differences are summed.
    fn anchor(&self, k: usize, c: usize) -> f64 {
        let value = self.point_value(k, c);
        if value.is_nan() { 0.0 } else { value }
    }

    fn means(&self, blocks: &[Sums]) -> Expectation {
        let (candidates, draws) = (self.candidates(), self.draws as f64);
        let share =
            |of: &dyn Fn(&Sums) -> u32| f64::from(blocks.iter().map(of).sum::<u32>()) / draws;
        let mean = |k: usize, c: usize| {
            let slot = &self.graph.criteria[k];
            let measure = self.point[slot.node].of(c);
            let is_assumed = self.policy(k, c) != MissingPolicy::Exclude && measure.is_nan();
            let at = k * candidates + c;
            // A value that is missing in most draws is missing.
            if !is_assumed && share(&|sums| sums.known[at]) < 0.5 {
                return f64::NAN;
            }
            // A value that may lie anywhere between its anchors is 0.5 on average, exactly.
            if is_assumed {
                return self.point_value(k, c);
            }
            let known: u32 = blocks.iter().map(|sums| sums.known[at]).sum();
            let sum: f64 = blocks.iter().map(|sums| sums.values[at]).sum();
            self.anchor(k, c) + sum / f64::from(known)
        };
        Expectation {
            values: (0..self.graph.criteria.len())
                .flat_map(|k| (0..candidates).map(move |c| (k, c)))
                .map(|(k, c)| mean(k, c))
                .collect(),
            passes: (0..candidates)
                .map(|c| share(&|sums| sums.passes[c]))
                .collect(),
            gates: (0..self.graph.gates.len() * candidates)
                .map(|at| GatePass {
                    passed: share(&|sums| sums.gates[at][0]),
                    unknown: share(&|sums| sums.gates[at][1]),
                })
                .collect(),
        }
    }
}
