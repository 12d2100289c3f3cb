//! Sweeps: scores as a function of one or more inputs, with everything else at the point estimate.
//!
//! [`Sweeps`] finds out once which nodes the scores of a plan depend on. [`Sweeps::sweeper`] adds which of them some inputs
//! move, and for which candidates. [`Sweeper::run`] recomputes only those, in blocks of [`BLOCK`](super::BLOCK) lanes so that
//! columns stay in the cache. Nodes that are the same for all candidates run once.

pub(super) mod dependence;
pub(super) mod rerun;
mod sweeper;

pub use rerun::SweepMemory;
pub use sweeper::Sweeper;

use self::dependence::{Dependence, MovedNodes};
use super::leaf::InputId;
use super::plan::Plan;
use crate::graph::{BoundFormula, Compute};

/// The scores of all candidates along one input.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The values of the input, in base units.
    pub at: Vec<f64>,
    /// `scores[c][i]`: the score of candidate `c` at `at[i]`; NaN if it is screened out or incomplete there.
    pub scores: Vec<Vec<f64>>,
}

impl Sweep {
    /// Returns the leader at `at[i]`: the highest score, the first candidate among equals; `None` if none is ranked.
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

/// Scores all candidates from their measures, for methods other than the additive value model: `measures[c]` holds the
/// measure of every criterion in base units, or `None` for a candidate that a gate screens out. Returns NaN for a
/// candidate that it does not rank.
pub type MeasureScorer<'p> = dyn Fn(&[Option<Vec<f64>>]) -> Vec<f64> + Sync + 'p;

/// What the scores of a plan depend on under given shares. Prepare it once, then sweep many inputs.
pub struct Sweeps<'p> {
    dependence: Dependence<'p>,
    /// Each candidate's score at the point; NaN unless ranked.
    point: Vec<f64>,
    /// Candidates that lack something no input provides, so that they never have a score.
    never: Vec<bool>,
    /// Scores the candidates, if the method is not the additive value model.
    scorer: Option<&'p MeasureScorer<'p>>,
}

impl<'p> Sweeps<'p> {
    /// Prepares sweeps under these shares.
    #[must_use]
    pub fn new(plan: &'p Plan<'p>, shares: &[f64]) -> Self {
        let dependence = Dependence::new(plan, shares);
        let point = plan
            .evaluate_with(shares)
            .rows
            .iter()
            .map(|row| row.point.unwrap_or(f64::NAN))
            .collect();
        let mut sweeps = Self {
            dependence,
            point,
            never: Vec::new(),
            scorer: None,
        };
        if sweeps.point.iter().any(|score| score.is_nan()) {
            // A candidate that lacks something while every input moves lacks it while one does.
            let inputs = plan.inputs();
            let lacks = |c: usize| {
                let own: Vec<InputId> = inputs
                    .iter()
                    .copied()
                    .filter(|i| i.candidate.is_none_or(|owner| owner == c))
                    .collect();
                let (shared, way) = sweeps.dependence.way(&own);
                sweeps.lacks(c, &own, &shared, &way)
            };
            sweeps.never = (0..plan.candidates()).map(lacks).collect();
        } else {
            sweeps.never = vec![false; plan.candidates()];
        }
        sweeps
    }

    /// Prepares sweeps of another method's scores; higher must be better.
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

    /// Returns the plan that is swept.
    #[must_use]
    pub fn plan(&self) -> &'p Plan<'p> {
        self.dependence.plan
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

    /// Prepares some inputs to be moved together.
    #[must_use]
    pub fn sweeper(&self, inputs: &[InputId]) -> Sweeper<'_> {
        let common: Vec<InputId> = inputs
            .iter()
            .copied()
            .filter(|i| i.candidate.is_none())
            .collect();
        let (shared, way) = self.dependence.way(&common);
        let graph = self.dependence.plan.graph;
        let mut ways = vec![way];
        let mut by_candidate: Vec<(usize, usize)> = Vec::new();
        if !ways[0].criteria.is_empty() || !ways[0].gates.is_empty() {
            by_candidate.extend((0..self.dependence.plan.candidates()).map(|c| (c, 0)));
        }
        for c in inputs.iter().filter_map(|i| i.candidate) {
            let own: Vec<InputId> = inputs
                .iter()
                .copied()
                .filter(|i| i.candidate.is_none_or(|owner| owner == c))
                .collect();
            let (_, way) = self.dependence.way(&own);
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
            // Moving such a criterion moves its observed range, and with it the value of every candidate.
            let named: Vec<usize> = by_candidate.iter().map(|(c, _)| *c).collect();
            by_candidate.extend(
                (0..self.dependence.plan.candidates())
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
        // A candidate that cannot get a score need not be computed.
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

    /// Returns whether a candidate lacks something it needs whatever the values of these inputs are.
    fn lacks(&self, c: usize, inputs: &[InputId], shared: &[usize], way: &MovedNodes) -> bool {
        if !self.point[c].is_nan() {
            return false;
        }
        let plan = self.dependence.plan;
        let mut order: Vec<usize> = shared.iter().chain(&way.nodes).copied().collect();
        order.sort_unstable();
        // A value that does not move is missing if it is missing at the point.
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
                    Compute::OfPart { from, .. } => from[c].is_none_or(|node| missing[node]),
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
            if missing[node] && self.dependence.needed[node] {
                return true;
            }
        }
        false
    }

    /// Returns the part of a candidate's score that does not move; NaN if it has no score whatever the inputs are.
    fn staying(&self, c: usize, way: &MovedNodes, observed: &[usize]) -> f64 {
        let plan = self.dependence.plan;
        for gate in &plan.graph.gates {
            let Some(screen) = &gate.screen else {
                continue;
            };
            if !way.gates.iter().any(|(node, _)| *node == gate.node)
                && !screen.lets_pass(plan.point[gate.node].of(c))
            {
                return f64::NAN;
            }
        }
        let stays = |k: &usize| {
            self.dependence.shares[*k] > 0.0 && !way.criteria.contains(k) && !observed.contains(k)
        };
        let value = |k: usize| {
            let slot = &plan.graph.criteria[k];
            let value = plan.functions[k].value(plan.point[slot.node].of(c), plan.clip);
            self.dependence.shares[k] * plan.policy(k, c).known(value)
        };
        (0..plan.graph.criteria.len())
            .filter(stays)
            .map(value)
            .sum()
    }
}

/// A gate is passed by a known answer that does not screen out.
fn passes(answer: f64, when: bool) -> bool {
    !answer.is_nan() && (answer != 0.0) != when
}
