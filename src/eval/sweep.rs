//! Inputs moved over many values while everything else stays at its point: only what rests on them is run again.
//!
//! [`Sweeps`] knows what the scores of a plan rest on; a [`Sweeper`] knows in addition which nodes its inputs move, for which
//! candidates; [`Sweeper::run`] goes through blocks of [`BLOCK`] lanes, so that columns stay in the cache. Nodes that
//! are the same for all candidates run once.

use super::BLOCK;
use super::leaf::InputId;
use super::plan::{Plan, fork};
use crate::formula::{Operand, Scratch};
use crate::graph::{BoundFormula, Compute};
use crate::model::library::MissingPolicy;
use crate::quantity::value_function::ValueFunction;

/// The scores of all candidates along one input.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The values of the input, base units.
    pub at: Vec<f64>,
    /// `scores[c][i]`: the score of candidate `c` at `at[i]`; NaN where it is screened out or incomplete there.
    pub scores: Vec<Vec<f64>>,
}

impl Sweep {
    /// The leader at `at[i]`: highest score, the first candidate among equals; `None` where nobody is ranked.
    #[must_use]
    pub fn leader(&self, i: usize) -> Option<usize> {
        let ranked = self
            .scores
            .iter()
            .enumerate()
            .filter(|(_, s)| !s[i].is_nan());
        ranked
            .max_by(|a, b| a.1[i].total_cmp(&b.1[i]).then(b.0.cmp(&a.0)))
            .map(|(c, _)| c)
    }
}

impl Plan<'_> {
    /// Moves one input over these values (base units).
    #[must_use]
    pub fn sweep(&self, input: InputId, at: &[f64], shares: &[f64]) -> Sweep {
        self.sweep_many(&[(input, at)], shares)
    }

    /// Moves several inputs at once: lane `i` takes the `i`-th value of each.
    #[must_use]
    pub fn sweep_many(&self, inputs: &[(InputId, &[f64])], shares: &[f64]) -> Sweep {
        Sweeps::new(self, shares).sweep(inputs)
    }
}

/// Scores of all candidates from their measures, for methods other than the additive value model: `measures[c]` holds a candidate's
/// measure of every criterion in base units, and is `None` for one that a gate keeps out. NaN for whom it does not rank.
pub type MeasureScorer<'p> = dyn Fn(&[Option<Vec<f64>>]) -> Vec<f64> + Sync + 'p;

/// What the scores of a plan rest on under given shares: prepared once, for sweeps of many inputs.
pub struct Sweeps<'p> {
    plan: &'p Plan<'p>,
    shares: Vec<f64>,
    /// Nodes that a score rests on.
    counts: Vec<bool>,
    /// Nodes without whose value a candidate has no score.
    needed: Vec<bool>,
    /// Each candidate's score at the point; NaN unless ranked.
    point: Vec<f64>,
    /// Who lacks something that no input gives, so that it has no score wherever they are.
    never: Vec<bool>,
    /// What scores them, where it is not the additive value model.
    scorer: Option<&'p MeasureScorer<'p>>,
}

/// What moves for one candidate, or for several alike.
struct Way {
    /// Nodes of its own to run, in order.
    nodes: Vec<usize>,
    /// Criteria whose measure moves.
    criteria: Vec<usize>,
    /// Gates whose answer moves: the node, and the answer that screens out.
    gates: Vec<(usize, bool)>,
}

/// Some inputs, ready to be moved.
pub struct Sweeper<'s> {
    sweeps: &'s Sweeps<'s>,
    inputs: Vec<InputId>,
    /// Shared nodes to run, in order.
    shared: Vec<usize>,
    ways: Vec<Way>,
    /// The candidates that move, each with its way and the part of its score that stays.
    moving: Vec<(usize, usize, f64)>,
    /// Criteria without anchors that move: the observed range of all candidates moves with them.
    observed: Vec<usize>,
}

/// Memory of a worker; keep it for the next sweep and little is allocated again.
#[derive(Default)]
pub struct SweepMemory {
    scratch: Scratch,
    columns: Vec<Vec<f64>>,
    moved: Vec<bool>,
    values: Vec<f64>,
    branch: Vec<f64>,
    /// Measures of the criteria without anchors, by criterion and candidate.
    observed: Vec<f64>,
}

impl<'p> Sweeps<'p> {
    /// Prepares sweeps under these shares.
    #[must_use]
    pub fn new(plan: &'p Plan<'p>, shares: &[f64]) -> Self {
        let graph = plan.graph;
        let mut counts = vec![false; graph.nodes.len()];
        let mut needed = counts.clone();
        for (slot, share) in graph.criteria.iter().zip(shares) {
            counts[slot.node] |= *share > 0.0;
            needed[slot.node] |= *share > 0.0 && slot.missing == MissingPolicy::Exclude;
        }
        for gate in graph.gates.iter().filter(|gate| gate.screen.is_some()) {
            counts[gate.node] = true;
            needed[gate.node] = true;
        }
        // What a node rests on comes before it.
        for node in (0..graph.nodes.len()).rev() {
            if counts[node] {
                mark(&graph.nodes[node].compute, &mut counts);
            }
        }
        let point = plan
            .evaluate_with(shares)
            .rows
            .iter()
            .map(|row| row.score.unwrap_or(f64::NAN))
            .collect();
        let mut sweeps = Self {
            plan,
            shares: shares.to_vec(),
            counts,
            needed,
            point,
            never: Vec::new(),
            scorer: None,
        };
        if sweeps.point.iter().any(|score| score.is_nan()) {
            // Whoever lacks something while every input moves lacks it while one does.
            let inputs = plan.inputs();
            let lacks = |c: usize| {
                let own: Vec<InputId> = inputs
                    .iter()
                    .copied()
                    .filter(|i| i.candidate.is_none_or(|owner| owner == c))
                    .collect();
                let (shared, way) = sweeps.way(&own);
                sweeps.lacks(c, &own, &shared, &way)
            };
            sweeps.never = (0..plan.candidates()).map(lacks).collect();
        } else {
            sweeps.never = vec![false; plan.candidates()];
        }
        sweeps
    }

    /// Prepares sweeps of what another method says; higher scores are better.
    #[must_use]
    pub fn by(plan: &'p Plan<'p>, shares: &[f64], scorer: &'p MeasureScorer<'p>) -> Self {
        let mut sweeps = Self::new(plan, shares);
        let row = |c: usize| {
            let in_play = !sweeps.point[c].is_nan();
            in_play.then(|| {
                plan.graph
                    .criteria
                    .iter()
                    .map(|slot| plan.point[slot.node].of(c))
                    .collect()
            })
        };
        sweeps.point = scorer(&(0..plan.candidates()).map(row).collect::<Vec<_>>());
        sweeps.scorer = Some(scorer);
        sweeps
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &'p Plan<'p> {
        self.plan
    }

    /// Moves several inputs at once: lane `i` takes the `i`-th value of each.
    #[must_use]
    pub fn sweep(&self, inputs: &[(InputId, &[f64])]) -> Sweep {
        let ids: Vec<InputId> = inputs.iter().map(|(input, _)| *input).collect();
        let at: Vec<&[f64]> = inputs.iter().map(|(_, at)| *at).collect();
        let sweeper = self.sweeper(&ids);
        let lanes = at.first().map_or(0, |at| at.len());
        let mut scores: Vec<Vec<f64>> =
            self.point.iter().map(|score| vec![*score; lanes]).collect();
        let moved = sweeper.run(&at, &mut SweepMemory::default());
        for (c, column) in sweeper.moving().zip(moved) {
            scores[c] = column;
        }
        Sweep {
            at: at.first().map_or_else(Vec::new, |at| at.to_vec()),
            scores,
        }
    }

    /// Each candidate's score at the point; NaN unless it is ranked.
    #[must_use]
    pub fn point(&self) -> &[f64] {
        &self.point
    }

    /// Makes some inputs ready to be moved together.
    #[must_use]
    pub fn sweeper(&self, inputs: &[InputId]) -> Sweeper<'_> {
        let common: Vec<InputId> = inputs
            .iter()
            .copied()
            .filter(|i| i.candidate.is_none())
            .collect();
        let (shared, way) = self.way(&common);
        let graph = self.plan.graph;
        let mut ways = vec![way];
        let mut by_candidate: Vec<(usize, usize)> = Vec::new();
        if !ways[0].criteria.is_empty() || !ways[0].gates.is_empty() {
            by_candidate.extend((0..self.plan.candidates()).map(|c| (c, 0)));
        }
        for c in inputs.iter().filter_map(|i| i.candidate) {
            let own: Vec<InputId> = inputs
                .iter()
                .copied()
                .filter(|i| i.candidate.is_none_or(|owner| owner == c))
                .collect();
            let (_, way) = self.way(&own);
            if way.criteria.is_empty() && way.gates.is_empty() {
                continue;
            }
            ways.push(way);
            by_candidate.retain(|(other, _)| *other != c);
            by_candidate.push((c, ways.len() - 1));
        }
        by_candidate.sort_unstable();
        let mut observed: Vec<usize> = by_candidate
            .iter()
            .flat_map(|(_, way)| &ways[*way].criteria)
            .copied()
            .collect();
        observed.sort_unstable();
        observed.dedup();
        observed.retain(|&k| graph.criteria[k].value.is_none());
        if self.scorer.is_some() && !by_candidate.is_empty() {
            observed = (0..graph.criteria.len()).collect();
        }
        if !observed.is_empty() {
            // Whoever moves such a criterion moves its range, and with it everybody's value.
            let named: Vec<usize> = by_candidate.iter().map(|(c, _)| *c).collect();
            by_candidate.extend(
                (0..self.plan.candidates())
                    .filter(|c| named.binary_search(c).is_err())
                    .map(|c| (c, 0)),
            );
            by_candidate.sort_unstable();
        }
        if observed.is_empty() {
            by_candidate.retain(|(c, _)| !self.never[*c]);
        }
        let moving = by_candidate
            .into_iter()
            .map(|(c, way)| (c, way, self.staying(c, &ways[way], &observed)));
        // Where nothing can give a candidate a score, nothing need be run for it.
        let hopeless = |(c, way, stays): &(usize, usize, f64)| {
            stays.is_nan() || self.lacks(*c, inputs, &shared, &ways[*way])
        };
        let moving = moving
            .filter(|one| !observed.is_empty() || !hopeless(one))
            .collect();
        Sweeper {
            sweeps: self,
            inputs: inputs.to_vec(),
            shared,
            ways,
            moving,
            observed,
        }
    }

    /// The shared nodes that these inputs move, and the way of a candidate that they move.
    fn way(&self, inputs: &[InputId]) -> (Vec<usize>, Way) {
        let graph = self.plan.graph;
        let mut moved = vec![false; graph.nodes.len()];
        let (mut shared, mut nodes) = (Vec::new(), Vec::new());
        if let Some(first) = inputs.iter().map(|i| i.node).min() {
            for node in (first..graph.nodes.len()).filter(|&n| self.counts[n]) {
                let n = &graph.nodes[node];
                moved[node] = inputs.iter().any(|i| i.node == node)
                    || rests(&n.compute).any(|below| moved[below]);
                if moved[node] {
                    if n.shared { &mut shared } else { &mut nodes }.push(node);
                }
            }
        }
        let criteria = (0..graph.criteria.len())
            .filter(|&k| self.shares[k] > 0.0 && moved[graph.criteria[k].node])
            .collect();
        let screens = graph
            .gates
            .iter()
            .filter_map(|gate| gate.screen.as_ref().map(|(when, _)| (gate.node, *when)));
        (
            shared,
            Way {
                nodes,
                criteria,
                gates: screens.filter(|(node, _)| moved[*node]).collect(),
            },
        )
    }

    /// Whether a candidate lacks something that it needs wherever these inputs are.
    fn lacks(&self, c: usize, inputs: &[InputId], shared: &[usize], way: &Way) -> bool {
        if !self.point[c].is_nan() {
            return false;
        }
        let plan = self.plan;
        let mut order: Vec<usize> = shared.iter().chain(&way.nodes).copied().collect();
        order.sort_unstable();
        // What does not move is missing where it is missing at the point.
        let mut missing: Vec<bool> = plan
            .point
            .iter()
            .map(|column| column.of(c).is_nan())
            .collect();
        let without = |step: &BoundFormula, missing: &[bool]| {
            step.program.needs_any_of(
                &step
                    .operands
                    .iter()
                    .map(|&n| missing[n])
                    .collect::<Vec<_>>(),
            )
        };
        for &node in &order {
            let is_input = inputs
                .iter()
                .any(|i| i.node == node && i.candidate.is_none_or(|owner| owner == c));
            missing[node] = !is_input
                && match &plan.graph.nodes[node].compute {
                    Compute::Formula(step) => without(step, &missing),
                    Compute::Fork { gate, .. } if missing[*gate] => true,
                    Compute::Fork { gate, yes, no } if order.binary_search(gate).is_ok() => {
                        without(yes, &missing) && without(no, &missing)
                    }
                    Compute::Fork { gate, yes, no } => without(
                        if plan.point[*gate].of(c) == 0.0 {
                            no
                        } else {
                            yes
                        },
                        &missing,
                    ),
                    _ => false,
                };
            if missing[node] && self.needed[node] {
                return true;
            }
        }
        false
    }

    /// The part of a candidate's score that stays; NaN where it has none whatever the inputs are.
    fn staying(&self, c: usize, way: &Way, observed: &[usize]) -> f64 {
        let plan = self.plan;
        for gate in &plan.graph.gates {
            let Some((when, _)) = &gate.screen else {
                continue;
            };
            if !way.gates.iter().any(|(node, _)| *node == gate.node)
                && !passes(plan.point[gate.node].of(c), *when)
            {
                return f64::NAN;
            }
        }
        let stays =
            |k: &usize| self.shares[*k] > 0.0 && !way.criteria.contains(k) && !observed.contains(k);
        let value = |k: usize| {
            let slot = &plan.graph.criteria[k];
            self.shares[k]
                * known(
                    plan.functions[k].value(plan.point[slot.node].of(c), plan.clip),
                    slot.missing,
                )
        };
        (0..plan.graph.criteria.len())
            .filter(stays)
            .map(value)
            .sum()
    }
}

/// The nodes that a computation reads.
fn rests(compute: &Compute) -> impl Iterator<Item = usize> {
    let (gate, first, second): (Option<usize>, &[usize], &[usize]) = match compute {
        Compute::Formula(step) => (None, &step.operands, &[]),
        Compute::Fork { gate, yes, no } => (Some(*gate), &yes.operands, &no.operands),
        _ => (None, &[], &[]),
    };
    gate.into_iter()
        .chain(first.iter().copied())
        .chain(second.iter().copied())
}

fn mark(compute: &Compute, counts: &mut [bool]) {
    for below in rests(compute) {
        counts[below] = true;
    }
}

/// A gate is passed by a known answer that does not screen out.
fn passes(answer: f64, when: bool) -> bool {
    !answer.is_nan() && (answer != 0.0) != when
}

/// A value, or what the criterion's policy puts in its place at the point.
fn known(value: f64, missing: MissingPolicy) -> f64 {
    match missing {
        _ if !value.is_nan() => value,
        MissingPolicy::Exclude => f64::NAN,
        MissingPolicy::Pessimistic => 0.0,
        MissingPolicy::Range => 0.5,
    }
}

impl Sweeper<'_> {
    /// The candidates whose scores may move, in the decision's order; all others keep their score at the point.
    pub fn moving(&self) -> impl ExactSizeIterator<Item = usize> {
        self.moving.iter().map(|(c, ..)| *c)
    }

    /// A score that no moving candidate exceeds wherever the inputs are; `None` where values may lie outside 0..1.
    #[must_use]
    pub fn reach(&self) -> Option<f64> {
        let plan = self.sweeps.plan;
        let bounded = plan.clip && self.sweeps.scorer.is_none() && self.observed.is_empty();
        let most = |(_, way, stays): &(usize, usize, f64)| {
            let moves = self.ways[*way]
                .criteria
                .iter()
                .map(|&k| self.sweeps.shares[k] * plan.functions[k].highest());
            stays + moves.sum::<f64>()
        };
        // The order of a sum may move its last bits.
        bounded.then(|| {
            self.moving
                .iter()
                .map(most)
                .fold(f64::NEG_INFINITY, f64::max)
                + 1e-9
        })
    }

    /// The scores of the moving candidates where lane `i` takes the `i`-th value of each input; NaN where one is not ranked.
    #[must_use]
    pub fn run(&self, at: &[&[f64]], memory: &mut SweepMemory) -> Vec<Vec<f64>> {
        let plan = self.sweeps.plan;
        let lanes = at.first().map_or(0, |at| at.len());
        let mut scores = vec![vec![f64::NAN; lanes]; self.moving.len()];
        memory.columns.resize_with(plan.graph.nodes.len(), Vec::new);
        memory.moved.clear();
        memory.moved.resize(plan.graph.nodes.len(), false);
        for &node in &self.shared {
            memory.moved[node] = true;
        }
        for start in (0..lanes).step_by(BLOCK) {
            let block = start..(start + BLOCK).min(lanes);
            let here: Vec<&[f64]> = at.iter().map(|at| &at[block.clone()]).collect();
            for &node in &self.shared {
                self.node(node, None, &here, memory);
            }
            memory
                .observed
                .resize(self.observed.len() * self.moving.len() * block.len(), 0.0);
            for (m, column) in scores.iter_mut().enumerate() {
                self.candidate(m, &here, memory, &mut column[block.clone()]);
            }
            match self.sweeps.scorer {
                Some(scorer) => self.scored(scorer, block, memory, &mut scores),
                None => self.observed(block, memory, &mut scores),
            }
        }
        scores
    }

    fn candidate(&self, m: usize, at: &[&[f64]], memory: &mut SweepMemory, scores: &mut [f64]) {
        let plan = self.sweeps.plan;
        let (c, way, stays) = self.moving[m];
        let way = &self.ways[way];
        for &node in &way.nodes {
            memory.moved[node] = true;
        }
        let mut alive = !stays.is_nan() || !self.observed.is_empty();
        for &node in &way.nodes {
            self.node(node, Some(c), at, memory);
            // Without a needed value nothing that follows can matter.
            if self.observed.is_empty()
                && self.sweeps.needed[node]
                && memory.columns[node].iter().all(|x| x.is_nan())
            {
                alive = false;
                break;
            }
        }
        if alive {
            scores.fill(stays);
            self.criteria(way, memory, scores);
            for (node, when) in &way.gates {
                for (score, answer) in scores.iter_mut().zip(&memory.columns[*node]) {
                    *score = if passes(*answer, *when) {
                        *score
                    } else {
                        f64::NAN
                    };
                }
            }
        }
        let lanes = scores.len();
        for (o, &k) in self.observed.iter().enumerate() {
            let node = plan.graph.criteria[k].node;
            let own = &mut memory.observed[(o * self.moving.len() + m) * lanes..][..lanes];
            if memory.moved[node] {
                own.copy_from_slice(&memory.columns[node])
            } else {
                own.fill(plan.point[node].of(c))
            }
        }
        for &node in &way.nodes {
            memory.moved[node] = false;
        }
    }

    /// Adds the contributions of the criteria that move and have anchors.
    fn criteria(&self, way: &Way, memory: &mut SweepMemory, scores: &mut [f64]) {
        let plan = self.sweeps.plan;
        memory.values.resize(BLOCK, 0.0);
        for &k in way.criteria.iter().filter(|k| !self.observed.contains(k)) {
            let slot = &plan.graph.criteria[k];
            let share = self.sweeps.shares[k];
            let values = &mut memory.values[..scores.len()];
            plan.functions[k].column(&memory.columns[slot.node], plan.clip, values);
            for (score, value) in scores.iter_mut().zip(values) {
                *score += share * known(*value, slot.missing);
            }
        }
    }

    /// Puts a method's scores in the place of additive ones.
    fn scored(
        &self,
        scorer: &MeasureScorer<'_>,
        block: std::ops::Range<usize>,
        memory: &SweepMemory,
        scores: &mut [Vec<f64>],
    ) {
        let lanes = block.len();
        for lane in 0..lanes {
            let row = |m: usize| {
                let measure =
                    |o: usize| memory.observed[(o * self.moving.len() + m) * lanes + lane];
                let in_play = !scores[m][block.start + lane].is_nan();
                in_play.then(|| (0..self.observed.len()).map(measure).collect())
            };
            if self.moving.is_empty() {
                return;
            }
            let found = scorer(&(0..self.moving.len()).map(row).collect::<Vec<_>>());
            for (column, score) in scores.iter_mut().zip(found) {
                column[block.start + lane] = score;
            }
        }
    }

    /// Adds the contributions of the criteria whose range is the candidates' own.
    fn observed(
        &self,
        block: std::ops::Range<usize>,
        memory: &mut SweepMemory,
        scores: &mut [Vec<f64>],
    ) {
        let plan = self.sweeps.plan;
        let lanes = block.len();
        for (o, &k) in self.observed.iter().enumerate() {
            let slot = &plan.graph.criteria[k];
            let measures =
                &memory.observed[o * self.moving.len() * lanes..][..self.moving.len() * lanes];
            let (mut low, mut high) = (vec![f64::INFINITY; lanes], vec![f64::NEG_INFINITY; lanes]);
            for column in measures.chunks(lanes) {
                for ((low, high), x) in low.iter_mut().zip(&mut high).zip(column) {
                    (*low, *high) = (low.min(*x), high.max(*x));
                }
            }
            let share = self.sweeps.shares[k];
            for (column, scores) in measures.chunks(lanes).zip(scores.iter_mut()) {
                for (lane, (x, score)) in column.iter().zip(&mut scores[block.clone()]).enumerate()
                {
                    let function = ValueFunction::observed(low[lane], high[lane], slot.direction);
                    *score += share * known(function.value(*x, plan.clip), slot.missing);
                }
            }
        }
    }

    fn node(&self, node: usize, candidate: Option<usize>, at: &[&[f64]], memory: &mut SweepMemory) {
        let lanes = at[0].len();
        let mut out = std::mem::take(&mut memory.columns[node]);
        out.resize(lanes, 0.0);
        let hit =
            self.inputs.iter().zip(at).find(|(i, _)| {
                i.node == node && (i.candidate.is_none() || i.candidate == candidate)
            });
        if let Some((_, at)) = hit {
            out.copy_from_slice(at);
        } else {
            match &self.sweeps.plan.graph.nodes[node].compute {
                Compute::Formula(step) => self.step(step, candidate, lanes, memory, &mut out),
                Compute::Fork { gate, yes, no } if memory.moved[*gate] => {
                    let mut other = std::mem::take(&mut memory.branch);
                    other.resize(lanes, 0.0);
                    self.step(yes, candidate, lanes, memory, &mut out);
                    self.step(no, candidate, lanes, memory, &mut other);
                    for ((out, no), answer) in
                        out.iter_mut().zip(&other).zip(&memory.columns[*gate])
                    {
                        *out = fork(*answer, *out, *no);
                    }
                    memory.branch = other;
                }
                Compute::Fork { gate, yes, no } => {
                    let answer = self.sweeps.plan.point[*gate].of(candidate.unwrap_or(0));
                    if answer.is_nan() {
                        out.fill(f64::NAN);
                    } else {
                        self.step(
                            if answer == 0.0 { no } else { yes },
                            candidate,
                            lanes,
                            memory,
                            &mut out,
                        );
                    }
                }
                _ => unreachable!("only inputs and what is computed moves"),
            }
        }
        memory.columns[node] = out;
    }

    fn step(
        &self,
        step: &BoundFormula,
        candidate: Option<usize>,
        lanes: usize,
        memory: &mut SweepMemory,
        out: &mut [f64],
    ) {
        let mut scratch = std::mem::take(&mut memory.scratch);
        let operand = |&n: &usize| {
            if memory.moved[n] {
                Operand::Lanes(&memory.columns[n][..lanes])
            } else {
                Operand::Splat(self.sweeps.plan.point[n].of(candidate.unwrap_or(0)))
            }
        };
        let operands: Vec<Operand<'_>> = step.operands.iter().map(operand).collect();
        step.program.run(&operands, lanes, &mut scratch, out);
        memory.scratch = scratch;
    }
}
