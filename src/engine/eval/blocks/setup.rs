//! Prepares a run once for all blocks ([`Setup`]) and computes one block in a worker's buffers ([`Arena`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draw::{Draw, draw, fill};
use crate::eval::leaf::InputId;
use crate::eval::plan::{Plan, fork};
use crate::eval::sweep::rerun::Unmoved;
use crate::formula::{Operand, Scratch};
use crate::graph::{BoundFormula, Compute};
use crate::model::library::MissingPolicy;
use crate::quantity::sampler::{RandomStream, Sampler};

/// Whether a node's column is constant or drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColumnSource {
    /// The point estimate: the node depends on nothing uncertain.
    Point,
    /// A drawn leaf or a computed node: a column in the block.
    Drawn,
}

/// What is prepared once for all blocks.
pub(in crate::eval) struct Setup<'p> {
    /// Nodes to compute in samples, in order.
    active: Vec<usize>,
    /// Those of them that a gate depends on.
    gated: Vec<usize>,
    /// Whether a candidate gets values; otherwise only its gates are computed.
    valued: Vec<bool>,
    /// Whether a criterion gets values.
    counted: Vec<bool>,
    source: Vec<ColumnSource>,
    draws: Vec<(InputId, Draw)>,
    /// The index into `draws` of each drawn leaf: by node, then by candidate (0 if all candidates share it).
    drawn: Vec<Vec<Option<usize>>>,
    /// Whether blocks hold measures too.
    measures: bool,
    plan: &'p Plan<'p>,
}

/// Buffers of one worker, reused from block to block.
#[derive(Default)]
pub(super) struct Arena {
    scratch: Scratch,
    /// Columns of shared nodes.
    shared: Vec<Vec<f64>>,
    /// Columns of the present candidate.
    own: Vec<Vec<f64>>,
    pub(super) values: Vec<f64>,
    pub(super) measures: Vec<f64>,
    pub(super) passed: Vec<f64>,
    pub(super) gate_counts: Vec<[u32; 2]>,
    pub(super) draws: Vec<Vec<f64>>,
    yes: Vec<f64>,
    no: Vec<f64>,
}

impl<'p> Setup<'p> {
    pub(in crate::eval) fn new(plan: &'p Plan<'p>, measures: bool) -> Self {
        let uncertain = plan.uncertain();
        let nodes: Vec<usize> = uncertain.iter().map(|i| i.node).collect();
        let affected = plan.graph.affected(&nodes);
        let mut source = vec![ColumnSource::Point; plan.graph.nodes.len()];
        for &node in &affected {
            source[node] = ColumnSource::Drawn;
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
                        (plan.judged_spread, plan.is_part(input)),
                        &mut samplers,
                    ),
                )
            })
            .collect();
        let active: Vec<usize> = affected
            .into_iter()
            .filter(|&n| plan.graph.nodes[n].compute.is_derived())
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

    /// Restricts the run to these candidates and criteria and drops the nodes that only the others need. Draws are seeded
    /// by name, so the remaining draws do not change.
    pub(in crate::eval) fn only(&mut self, candidates: &[usize], criteria: &[usize]) {
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

    /// How many inputs are drawn.
    pub(super) fn drawn_inputs(&self) -> usize {
        self.draws.len()
    }

    pub(super) fn run(&self, number: usize, lanes: usize, seed: u64, arena: &mut Arena) {
        self.run_keeping(number, lanes, seed, arena, &mut |_, _| {});
    }

    /// Runs a block and shows `keep` the columns of every candidate's own nodes before the next one replaces them.
    fn run_keeping(
        &self,
        number: usize,
        lanes: usize,
        seed: u64,
        arena: &mut Arena,
        keep: &mut dyn FnMut(usize, &[Vec<f64>]),
    ) {
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
        arena
            .gate_counts
            .resize(plan.graph.gates.len() * candidates, [0; 2]);
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
            keep(c, &arena.own);
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

    /// Returns the column of a node, or its point estimate in every lane.
    fn operand<'a>(
        &'a self,
        node: usize,
        candidate: Option<usize>,
        lanes: usize,
        arena: &'a Arena,
    ) -> Operand<'a> {
        let columns = [&arena.draws[..], &arena.shared, &arena.own];
        self.operand_in(node, candidate, lanes, columns)
    }

    /// Returns the column of a node among those of the drawn inputs, the shared nodes and the candidate's own nodes, or its
    /// point estimate in every lane.
    fn operand_in<'a>(
        &'a self,
        node: usize,
        candidate: Option<usize>,
        lanes: usize,
        [draws, shared, own]: [&'a [Vec<f64>]; 3],
    ) -> Operand<'a> {
        let point = || Operand::Splat(self.plan.point[node].of(candidate.unwrap_or(0)));
        if self.source[node] == ColumnSource::Point {
            return point();
        }
        let n = &self.plan.graph.nodes[node];
        match n.compute {
            Compute::Fact(_) | Compute::Context(_) | Compute::PartFact { .. } => {
                let owner = if n.shared { 0 } else { candidate.unwrap_or(0) };
                let drawn = self.drawn[node].get(owner).copied().flatten();
                drawn.map_or_else(point, |at| Operand::Lanes(&draws[at][..lanes]))
            }
            Compute::Applies { .. } => point(),
            _ if n.shared => Operand::Lanes(&shared[node][..lanes]),
            _ => Operand::Lanes(&own[node][..lanes]),
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
            Compute::OfPart { from, .. } => {
                match from[candidate.expect("a part is a candidate's own")] {
                    None => out.fill(f64::NAN),
                    Some(node) => match self.operand(node, candidate, lanes, arena) {
                        Operand::Splat(x) => out.fill(x),
                        Operand::Lanes(column) => out.copy_from_slice(column),
                    },
                }
            }
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
        let candidates = self.plan.candidates();
        let mut counts = std::mem::take(&mut arena.gate_counts);
        for (g, gate) in self.plan.graph.gates.iter().enumerate() {
            let Some(screen) = &gate.screen else {
                continue;
            };
            counts[g * candidates + c] = match self.operand(gate.node, Some(c), lanes, arena) {
                Operand::Splat(answer) => {
                    let passes = screen.lets_pass(answer);
                    if !passes {
                        own.fill(0.0);
                    }
                    let all = lanes as u32;
                    [
                        if passes { all } else { 0 },
                        if answer.is_nan() { all } else { 0 },
                    ]
                }
                Operand::Lanes(answers) => {
                    let mut count = [0_u32; 2];
                    for (passed, answer) in own.iter_mut().zip(answers) {
                        let passes = screen.lets_pass(*answer);
                        count[0] += u32::from(passes);
                        count[1] += u32::from(answer.is_nan());
                        *passed = if passes { *passed } else { 0.0 };
                    }
                    count
                }
            };
        }
        (arena.passed, arena.gate_counts) = (passed, counts);
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
            let policy = plan.policy(k, c);
            if policy != MissingPolicy::Exclude && own.iter().any(|v| v.is_nan()) {
                let name = format!("missing.{}.{}", plan.decision.candidates[c].id, slot.id);
                let mut stream = RandomStream::new(seed, &name, number);
                for value in own.iter_mut() {
                    let uniform = stream.uniform();
                    if value.is_nan() {
                        *value = match policy {
                            MissingPolicy::Range => uniform,
                            other => other.known(f64::NAN),
                        };
                    }
                }
            }
        }
        (arena.values, arena.measures) = (values, kept);
    }
}

/// The columns of one block of draws: every node that they move, for some candidates.
pub(in crate::eval) struct BaseColumns {
    lanes: usize,
    draws: Vec<Vec<f64>>,
    shared: Vec<Vec<f64>>,
    /// Columns of each of the candidates, in their order.
    own: Vec<Vec<Vec<f64>>>,
    /// The place of each candidate of the decision in `own`.
    place: Vec<usize>,
    values: Vec<f64>,
}

/// The columns with what says where to find them.
pub(in crate::eval) struct BaseBlock<'a> {
    pub(in crate::eval) setup: &'a Setup<'a>,
    pub(in crate::eval) columns: &'a BaseColumns,
}

impl Setup<'_> {
    /// Computes one block and keeps every column of these candidates, which ascend.
    pub(in crate::eval) fn base_columns(
        &self,
        candidates: &[usize],
        number: usize,
        lanes: usize,
    ) -> BaseColumns {
        let mut arena = Arena::default();
        let mut own = Vec::new();
        self.run_keeping(
            number,
            lanes,
            self.plan.seed,
            &mut arena,
            &mut |c, columns| {
                if candidates.binary_search(&c).is_ok() {
                    let kept = columns.iter().enumerate();
                    own.push(
                        kept.map(|(node, column)| {
                            if self.active.binary_search(&node).is_ok() {
                                column.clone()
                            } else {
                                Vec::new()
                            }
                        })
                        .collect(),
                    );
                }
            },
        );
        let mut place = vec![0; self.plan.candidates()];
        for (at, &c) in candidates.iter().enumerate() {
            place[c] = at;
        }
        BaseColumns {
            lanes,
            draws: arena.draws,
            shared: arena.shared,
            own,
            place,
            values: arena.values,
        }
    }

    /// How many numbers [`base_columns`](Self::base_columns) keeps for each lane.
    pub(in crate::eval) fn base_width(&self, candidates: usize) -> usize {
        let plan = self.plan;
        candidates * self.active.len()
            + self.draws.len()
            + plan.graph.nodes.len()
            + plan.graph.criteria.len() * plan.candidates()
    }
}

impl BaseBlock<'_> {
    pub(in crate::eval) fn lanes(&self) -> usize {
        self.columns.lanes
    }

    /// The values of criterion `k` for candidate `c`.
    pub(in crate::eval) fn value(&self, k: usize, c: usize) -> &[f64] {
        let lanes = self.columns.lanes;
        let at = (k * self.setup.plan.candidates() + c) * lanes;
        &self.columns.values[at..][..lanes]
    }
}

impl Unmoved for BaseBlock<'_> {
    fn operand(&self, node: usize, candidate: Option<usize>) -> Operand<'_> {
        let own: &[Vec<f64>] = match candidate {
            Some(c) => &self.columns.own[self.columns.place[c]],
            None => &[],
        };
        let columns = [&self.columns.draws[..], &self.columns.shared, own];
        self.setup
            .operand_in(node, candidate, self.columns.lanes, columns)
    }
}
