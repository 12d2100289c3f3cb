//! Samples: the graph run over draws of every uncertain leaf, block by block.
//!
//! A block holds [`BLOCK`] samples of all candidates, so that its columns stay in the cache. Each leaf has a stream of its own,
//! seeded by the run's seed, the leaf's name and the block's number: neither the number of threads nor the order or number of
//! candidates changes a draw, and what two candidates share they share in every sample (common random numbers).

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::leaf::{InputId, Leaf};
use super::plan::{Plan, fork};
use crate::formula::{Operand, Scratch};
use crate::graph::{BoundFormula, Compute};
use crate::model::evidence::FactValue;
use crate::model::library::{MissingPolicy, Rollup};
use crate::quantity::sampler::{RandomStream, Sampler};

/// Samples in a block.
pub const BLOCK: usize = 256;

/// Where a node's column of one block comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// The point estimate: nothing uncertain below.
    Point,
    /// A drawn leaf or a computed node: a column in the block.
    Drawn,
}

/// How a leaf is drawn.
enum Draw {
    /// By its own stream.
    Own { name: String, sampler: Arc<Sampler> },
    /// From the draws of a whole's parts.
    Parts { rule: Rollup, parts: Vec<Draw> },
    /// It is certain.
    Fixed(f64),
}

/// One block of samples.
pub struct Block<'a> {
    /// The number of its first sample.
    pub first: usize,
    /// How many samples it holds.
    pub lanes: usize,
    /// Values of criterion `k` for candidate `c`: `values[(k * candidates + c) * lanes ..][..lanes]`; NaN where missing.
    pub values: &'a [f64],
    /// Measures, as `values`, in base units; empty unless asked for.
    pub measures: &'a [f64],
    /// 1 where candidate `c` passed every gate: `passed[c * lanes ..][..lanes]`.
    pub passed: &'a [f64],
    /// The draws of each uncertain input, in the order of [`Plan::uncertain`].
    pub draws: &'a [Vec<f64>],
    candidates: usize,
}

impl Block<'_> {
    /// The values of criterion `k` for candidate `c`.
    #[must_use]
    pub fn value(&self, k: usize, c: usize) -> &[f64] {
        &self.values[(k * self.candidates + c) * self.lanes..][..self.lanes]
    }

    /// The measures behind criterion `k` of candidate `c`; only in a run that [asks for them](Plan::tally_with_measures).
    #[must_use]
    pub fn measure(&self, k: usize, c: usize) -> &[f64] {
        &self.measures[(k * self.candidates + c) * self.lanes..][..self.lanes]
    }

    /// Its number: what its streams of random numbers are named by.
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

/// A copy of a block's values and passes that outlives the run: for questions asked of the same samples again.
pub struct KeptBlock {
    first: usize,
    lanes: usize,
    values: Vec<f64>,
    passed: Vec<f64>,
    candidates: usize,
}

impl Block<'_> {
    /// Copies values and passes.
    #[must_use]
    pub fn keep(&self) -> KeptBlock {
        let (lanes, candidates) = (self.lanes, self.candidates);
        KeptBlock {
            first: self.first,
            lanes,
            values: self.values.to_vec(),
            passed: self.passed.to_vec(),
            candidates,
        }
    }
}

impl KeptBlock {
    /// The block, without measures and draws.
    #[must_use]
    pub fn block(&self) -> Block<'_> {
        let (first, lanes, candidates) = (self.first, self.lanes, self.candidates);
        Block {
            first,
            lanes,
            values: &self.values,
            measures: &[],
            passed: &self.passed,
            draws: &[],
            candidates,
        }
    }
}

/// Samples that are kept, so that many questions are asked of the same draws.
pub struct KeptSamples {
    /// How many there are.
    pub count: usize,
    /// Their seed.
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

/// Most values that are kept (64 MB).
const KEPT: usize = 8_000_000;

/// What is prepared once for all blocks.
struct Setup<'p> {
    /// Nodes that must be run in samples, in order.
    active: Vec<usize>,
    /// Those of them that a gate rests on.
    gated: Vec<usize>,
    /// The candidates that have values; the others are only asked at the gates.
    valued: Vec<bool>,
    /// The criteria that have values.
    counted: Vec<bool>,
    source: Vec<Source>,
    draws: Vec<(InputId, Draw)>,
    /// The place among the draws of each leaf that is drawn: by node, then by candidate, or the first where all share it.
    drawn: Vec<Vec<Option<usize>>>,
    /// Whether blocks hold measures too.
    measures: bool,
    plan: &'p Plan<'p>,
}

/// Memory of one worker.
#[derive(Default)]
struct Arena {
    scratch: Scratch,
    /// Columns of shared nodes.
    shared: Vec<Vec<f64>>,
    /// Columns of the candidate at hand.
    own: Vec<Vec<f64>>,
    values: Vec<f64>,
    measures: Vec<f64>,
    passed: Vec<f64>,
    draws: Vec<Vec<f64>>,
    yes: Vec<f64>,
    no: Vec<f64>,
}

impl Plan<'_> {
    /// The inputs whose samples differ, in the order of [`Block::draws`].
    #[must_use]
    pub fn uncertain(&self) -> Vec<InputId> {
        let mut all = self.inputs();
        all.retain(|input| {
            self.leaf(input.node, input.candidate.unwrap_or(0))
                .is_uncertain()
        });
        all
    }

    /// Draws samples and keeps them; `None` where they would take more than 64 MB. Only these candidates get values, and only of these
    /// criteria; what gates answer is known of all.
    #[must_use]
    pub fn samples(
        &self,
        count: usize,
        seed: u64,
        candidates: &[usize],
        criteria: &[usize],
    ) -> Option<KeptSamples> {
        if count.saturating_mul(self.candidates() * (self.graph.criteria.len() + 1)) > KEPT {
            return None;
        }
        let mut setup = Setup::new(self, false);
        setup.only(candidates, criteria);
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

    /// Runs `samples` samples and gives what `each` makes of every block, in order of the blocks.
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

    /// Runs `samples` samples; each of at most 16 groups of neighbouring blocks adds up in a tally of its own, in order. The
    /// groups are the same whatever the number of threads, so sums of tallies are the same to the last bit.
    pub fn tally<A: Send>(
        &self,
        samples: usize,
        seed: u64,
        new: impl Fn() -> A + Sync,
        add: impl Fn(&mut A, &Block<'_>) + Sync,
    ) -> Vec<A> {
        self.run_blocks(samples, seed, false, group(samples), new, add)
    }

    /// As [`Plan::tally`], in blocks that hold the measures too.
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

impl<'p> Setup<'p> {
    fn new(plan: &'p Plan<'p>, measures: bool) -> Self {
        let uncertain = plan.uncertain();
        let nodes: Vec<usize> = uncertain.iter().map(|i| i.node).collect();
        let affected = plan.graph.affected(&nodes);
        let mut source = vec![Source::Point; plan.graph.nodes.len()];
        for &node in &affected {
            source[node] = Source::Drawn;
        }
        let mut samplers: BTreeMap<String, Arc<Sampler>> = BTreeMap::new();
        let draws: Vec<(InputId, Draw)> = uncertain
            .iter()
            .map(|&input| {
                let leaf = plan.leaf(input.node, input.candidate.unwrap_or(0));
                (
                    input,
                    draw(
                        &leaf,
                        plan.input_name(input),
                        &plan.graph.nodes[input.node].id,
                        &mut samplers,
                    ),
                )
            })
            .collect();
        let active: Vec<usize> = affected
            .into_iter()
            .filter(|&n| {
                matches!(
                    plan.graph.nodes[n].compute,
                    Compute::Formula(_) | Compute::Fork { .. }
                )
            })
            .collect();
        let below = plan
            .graph
            .below(plan.graph.gates.iter().map(|gate| gate.node));
        let gated = active.iter().copied().filter(|&n| below[n]).collect();
        let (valued, counted) = (
            vec![true; plan.candidates()],
            vec![true; plan.graph.criteria.len()],
        );
        let mut setup = Self {
            active,
            gated,
            valued,
            counted,
            source,
            draws,
            drawn: Vec::new(),
            measures,
            plan,
        };
        setup.place_draws();
        setup
    }

    fn place_draws(&mut self) {
        self.drawn = vec![Vec::new(); self.plan.graph.nodes.len()];
        for (at, (input, _)) in self.draws.iter().enumerate() {
            let own = &mut self.drawn[input.node];
            let c = input.candidate.unwrap_or(0);
            own.resize(own.len().max(c + 1), None);
            own[c] = Some(at);
        }
    }

    /// Leaves out what nobody asks for: values of other candidates and criteria, with what only they rest on. Draws go by name, so
    /// the others stay as they are.
    fn only(&mut self, candidates: &[usize], criteria: &[usize]) {
        self.valued = (0..self.plan.candidates())
            .map(|c| candidates.contains(&c))
            .collect();
        self.counted = (0..self.plan.graph.criteria.len())
            .map(|k| criteria.contains(&k))
            .collect();
        let graph = self.plan.graph;
        let gates = graph.gates.iter().map(|gate| gate.node);
        let asked = graph.below(gates.chain(criteria.iter().map(|&k| graph.criteria[k].node)));
        let at_gates = graph.below(graph.gates.iter().map(|gate| gate.node));
        self.active.retain(|&node| asked[node]);
        self.draws.retain(|(input, _)| {
            asked[input.node]
                && (at_gates[input.node] || input.candidate.is_none_or(|c| self.valued[c]))
        });
        self.place_draws();
    }

    fn run(&self, number: usize, lanes: usize, seed: u64, arena: &mut Arena) {
        let plan = self.plan;
        let (nodes, candidates) = (plan.graph.nodes.len(), plan.candidates());
        arena.draws.resize_with(self.draws.len(), Vec::new);
        for ((_, draw), column) in self.draws.iter().zip(&mut arena.draws) {
            column.resize(lanes, 0.0);
            fill(draw, seed, number, column);
        }
        for columns in [&mut arena.shared, &mut arena.own] {
            columns.resize_with(nodes, Vec::new);
            for column in columns.iter_mut() {
                column.resize(lanes, 0.0);
            }
        }
        arena
            .values
            .resize(plan.graph.criteria.len() * candidates * lanes, 0.0);
        arena.passed.resize(candidates * lanes, 1.0);
        if self.measures {
            arena
                .measures
                .resize(plan.graph.criteria.len() * candidates * lanes, 0.0);
        }
        for &node in self.active.iter().filter(|&&n| plan.graph.nodes[n].shared) {
            self.node(node, None, lanes, arena);
        }
        for c in 0..candidates {
            let nodes = if self.valued[c] {
                &self.active
            } else {
                &self.gated
            };
            for &node in nodes.iter().filter(|&&n| !plan.graph.nodes[n].shared) {
                self.node(node, Some(c), lanes, arena);
            }
            self.gates(c, lanes, arena);
            if self.valued[c] {
                self.values(c, lanes, seed, number, arena);
            } else {
                (0..plan.graph.criteria.len()).for_each(|k| {
                    arena.values[(k * candidates + c) * lanes..][..lanes].fill(f64::NAN)
                });
            }
        }
    }

    /// The column of a node, or its point.
    fn operand<'a>(
        &'a self,
        node: usize,
        candidate: Option<usize>,
        lanes: usize,
        arena: &'a Arena,
    ) -> Operand<'a> {
        let point = || Operand::Splat(self.plan.point[node].of(candidate.unwrap_or(0)));
        if self.source[node] == Source::Point {
            return point();
        }
        let n = &self.plan.graph.nodes[node];
        match n.compute {
            Compute::Fact(_) | Compute::Context(_) => {
                let own = if n.shared { 0 } else { candidate.unwrap_or(0) };
                let drawn = self.drawn[node].get(own).copied().flatten();
                drawn.map_or_else(point, |at| Operand::Lanes(&arena.draws[at][..lanes]))
            }
            _ if n.shared => Operand::Lanes(&arena.shared[node][..lanes]),
            _ => Operand::Lanes(&arena.own[node][..lanes]),
        }
    }

    fn step(
        &self,
        step: &BoundFormula,
        candidate: Option<usize>,
        lanes: usize,
        arena: &mut Arena,
        out: &mut [f64],
    ) {
        let mut scratch = std::mem::take(&mut arena.scratch);
        let operands: Vec<Operand<'_>> = step
            .operands
            .iter()
            .map(|&n| self.operand(n, candidate, lanes, arena))
            .collect();
        step.program.run(&operands, lanes, &mut scratch, out);
        drop(operands);
        arena.scratch = scratch;
    }

    fn node(&self, node: usize, candidate: Option<usize>, lanes: usize, arena: &mut Arena) {
        let shared = self.plan.graph.nodes[node].shared;
        let take = |arena: &mut Arena| {
            std::mem::take(if shared {
                &mut arena.shared[node]
            } else {
                &mut arena.own[node]
            })
        };
        let mut out = take(arena);
        match &self.plan.graph.nodes[node].compute {
            Compute::Formula(step) => self.step(step, candidate, lanes, arena, &mut out),
            Compute::Fork { gate, yes, no } => {
                let (mut a, mut b) = (
                    std::mem::take(&mut arena.yes),
                    std::mem::take(&mut arena.no),
                );
                a.resize(lanes, 0.0);
                b.resize(lanes, 0.0);
                self.step(yes, candidate, lanes, arena, &mut a);
                self.step(no, candidate, lanes, arena, &mut b);
                match self.operand(*gate, candidate, lanes, arena) {
                    Operand::Splat(answer) => out
                        .iter_mut()
                        .zip(a.iter().zip(&b))
                        .for_each(|(o, (y, n))| *o = fork(answer, *y, *n)),
                    Operand::Lanes(answers) => {
                        for (o, (answer, (y, n))) in
                            out.iter_mut().zip(answers.iter().zip(a.iter().zip(&b)))
                        {
                            *o = fork(*answer, *y, *n);
                        }
                    }
                }
                (arena.yes, arena.no) = (a, b);
            }
            _ => {}
        }
        *(if shared {
            &mut arena.shared[node]
        } else {
            &mut arena.own[node]
        }) = out;
    }

    fn gates(&self, c: usize, lanes: usize, arena: &mut Arena) {
        let mut passed = std::mem::take(&mut arena.passed);
        let own = &mut passed[c * lanes..][..lanes];
        own.fill(1.0);
        for gate in &self.plan.graph.gates {
            let Some((when, _)) = &gate.screen else {
                continue;
            };
            // An unknown answer is no pass.
            let pass = |answer: f64| !answer.is_nan() && (answer != 0.0) != *when;
            match self.operand(gate.node, Some(c), lanes, arena) {
                Operand::Splat(answer) if pass(answer) => {}
                Operand::Splat(_) => own.fill(0.0),
                Operand::Lanes(answers) => own
                    .iter_mut()
                    .zip(answers)
                    .for_each(|(p, a)| *p = if pass(*a) { *p } else { 0.0 }),
            }
        }
        arena.passed = passed;
    }

    fn values(&self, c: usize, lanes: usize, seed: u64, number: usize, arena: &mut Arena) {
        let plan = self.plan;
        let (mut values, mut kept) = (
            std::mem::take(&mut arena.values),
            std::mem::take(&mut arena.measures),
        );
        for (k, slot) in plan.graph.criteria.iter().enumerate() {
            let at = (k * plan.candidates() + c) * lanes;
            let own = &mut values[at..][..lanes];
            if !self.counted[k] {
                own.fill(f64::NAN);
                continue;
            }
            let measures = self.operand(slot.node, Some(c), lanes, arena);
            match measures {
                Operand::Splat(measure) => own.fill(plan.functions[k].value(measure, plan.clip)),
                Operand::Lanes(measures) => plan.functions[k].column(measures, plan.clip, own),
            }
            if self.measures {
                match measures {
                    Operand::Splat(measure) => kept[at..][..lanes].fill(measure),
                    Operand::Lanes(measures) => kept[at..][..lanes].copy_from_slice(measures),
                }
            }
            if slot.missing != MissingPolicy::Exclude && own.iter().any(|v| v.is_nan()) {
                let name = format!("missing.{}.{}", plan.decision.candidates[c].id, slot.id);
                let mut stream = RandomStream::new(seed, &name, number);
                let range = slot.missing == MissingPolicy::Range;
                for value in own.iter_mut() {
                    let uniform = stream.uniform();
                    if value.is_nan() {
                        *value = if range { uniform } else { 0.0 };
                    }
                }
            }
        }
        (arena.values, arena.measures) = (values, kept);
    }
}

fn draw(
    leaf: &Leaf<'_>,
    name: String,
    measure: &str,
    samplers: &mut BTreeMap<String, Arc<Sampler>>,
) -> Draw {
    let Leaf::Fact(fact) = leaf else {
        return Draw::Fixed(leaf.point());
    };
    match &fact.value {
        FactValue::Combined { rule, parts } => {
            let own = |(id, part): &(Arc<str>, crate::model::evidence::Fact)| {
                draw(
                    &Leaf::Fact(part),
                    format!("candidates.{id}.{measure}"),
                    measure,
                    samplers,
                )
            };
            Draw::Parts {
                rule: *rule,
                parts: parts.iter().map(own).collect(),
            }
        }
        FactValue::Number(distribution) if !distribution.is_certain() => {
            let sampler = samplers
                .entry(name.clone())
                .or_insert_with(|| Arc::new(Sampler::new(distribution)))
                .clone();
            Draw::Own { name, sampler }
        }
        other => Draw::Fixed(other.point()),
    }
}

fn fill(draw: &Draw, seed: u64, number: usize, out: &mut [f64]) {
    match draw {
        Draw::Fixed(x) => out.fill(*x),
        Draw::Own { name, sampler } => sampler.fill(seed, name, number, out),
        Draw::Parts { rule, parts } => {
            let columns: Vec<Vec<f64>> = parts
                .iter()
                .map(|part| {
                    let mut column = vec![0.0; out.len()];
                    fill(part, seed, number, &mut column);
                    column
                })
                .collect();
            for (lane, x) in out.iter_mut().enumerate() {
                *x = rule.combine(columns.iter().map(|column| column[lane]));
            }
        }
    }
}
