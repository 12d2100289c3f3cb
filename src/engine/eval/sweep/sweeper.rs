//! Recomputes the nodes that some inputs move, in blocks of [`BLOCK`] lanes.

use super::rerun::{Rerun, SweepMemory};
use super::{MeasureScorer, MovedNodes, Sweeps, passes};
use crate::eval::BLOCK;
use crate::eval::leaf::InputId;
use crate::quantity::value_function::ValueFunction;

/// Some inputs, prepared to be moved together.
pub struct Sweeper<'s> {
    pub(super) sweeps: &'s Sweeps<'s>,
    pub(super) inputs: Vec<InputId>,
    /// Shared nodes to compute, in order.
    pub(super) shared: Vec<usize>,
    pub(super) ways: Vec<MovedNodes>,
    /// The candidates that move, each with its entry in `ways` and the part of its score that does not move.
    pub(super) moving: Vec<(usize, usize, f64)>,
    /// Criteria without anchors that move: the observed range of all candidates moves with them.
    pub(super) observed: Vec<usize>,
}

impl Sweeper<'_> {
    /// Returns the candidates whose scores may move, in the decision's order; all others keep their point estimate.
    pub fn moving(&self) -> impl ExactSizeIterator<Item = usize> {
        self.moving.iter().map(|(c, ..)| *c)
    }

    /// Returns an upper bound on the scores of the moving candidates; `None` if values may lie outside 0..1.
    #[must_use]
    pub fn reach(&self) -> Option<f64> {
        let plan = self.sweeps.dependence.plan;
        let bounded = plan.clip && self.sweeps.scorer.is_none() && self.observed.is_empty();
        let most = |(_, way, stays): &(usize, usize, f64)| {
            let moves = self.ways[*way]
                .criteria
                .iter()
                .map(|&k| self.sweeps.dependence.shares[k] * plan.functions[k].highest());
            stays + moves.sum::<f64>()
        };
        // The order of summation may change the last bits.
        bounded.then(|| {
            self.moving
                .iter()
                .map(most)
                .fold(f64::NEG_INFINITY, f64::max)
                + 1e-9
        })
    }

    /// Returns the scores of the moving candidates, lane `i` using the `i`-th value of each input; NaN if not ranked.
    #[must_use]
    pub fn run(&self, at: &[&[f64]], memory: &mut SweepMemory) -> Vec<Vec<f64>> {
        let plan = self.sweeps.dependence.plan;
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
        let plan = self.sweeps.dependence.plan;
        let (c, way, stays) = self.moving[m];
        let way = &self.ways[way];
        for &node in &way.nodes {
            memory.moved[node] = true;
        }
        let mut alive = !stays.is_nan() || !self.observed.is_empty();
        for &node in &way.nodes {
            self.node(node, Some(c), at, memory);
            // A needed value is missing in every lane: the remaining nodes cannot matter.
            if self.observed.is_empty()
                && self.sweeps.dependence.needed[node]
                && memory.columns[node].iter().all(|x| x.is_nan())
            {
                alive = false;
                break;
            }
        }
        if alive {
            scores.fill(stays);
            self.criteria(c, way, memory, scores);
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
    fn criteria(&self, c: usize, way: &MovedNodes, memory: &mut SweepMemory, scores: &mut [f64]) {
        let plan = self.sweeps.dependence.plan;
        memory.values.resize(BLOCK, 0.0);
        for &k in way.criteria.iter().filter(|k| !self.observed.contains(k)) {
            let slot = &plan.graph.criteria[k];
            let share = self.sweeps.dependence.shares[k];
            let values = &mut memory.values[..scores.len()];
            plan.functions[k].column(&memory.columns[slot.node], plan.clip, values);
            for (score, value) in scores.iter_mut().zip(values) {
                *score += share * plan.policy(k, c).known(*value);
            }
        }
    }

    /// Replaces additive scores by those of the method.
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

    /// Adds the contributions of the criteria without anchors, which use the observed range of the candidates.
    fn observed(
        &self,
        block: std::ops::Range<usize>,
        memory: &mut SweepMemory,
        scores: &mut [Vec<f64>],
    ) {
        let plan = self.sweeps.dependence.plan;
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
            let share = self.sweeps.dependence.shares[k];
            let columns = measures.chunks(lanes).zip(scores.iter_mut());
            for ((column, scores), c) in columns.zip(self.moving()) {
                for (lane, (x, score)) in column.iter().zip(&mut scores[block.clone()]).enumerate()
                {
                    let function = ValueFunction::observed(low[lane], high[lane], slot.direction);
                    *score += share * plan.policy(k, c).known(function.value(*x, plan.clip));
                }
            }
        }
    }

    fn node(&self, node: usize, candidate: Option<usize>, at: &[&[f64]], memory: &mut SweepMemory) {
        let rerun = Rerun {
            plan: self.sweeps.dependence.plan,
            inputs: &self.inputs,
            unmoved: self.sweeps.dependence.plan,
        };
        rerun.node(node, candidate, at, memory);
    }
}
