//! The value of completing an incomplete candidate.
//!
//! Only the anchors of its missing criteria are known, so each value is drawn uniformly between them, as under `missing: range`. The
//! gain is the candidate's score above that of the present choice, 0 if it is lower. It is an upper bound rather than an estimate
//! and is therefore listed separately.

use super::Estimate;
use crate::eval::{InputId, Leaf, Plan, Status};
use crate::graph::Compute;
use crate::model::evidence::FactValue;
use crate::model::library::MissingPolicy;
use crate::quantity::sampler::RandomStream;

/// An incomplete candidate and what it lacks.
#[derive(Clone, Debug, PartialEq)]
pub struct IncompleteCandidate {
    pub candidate: usize,
    /// The facts that are missing.
    pub facts: Vec<InputId>,
    /// The criteria that have no value without them.
    pub criteria: Vec<usize>,
    /// The ids of the gates that cannot be answered without them.
    pub gates: Vec<String>,
    /// Its score if those criteria took their best value and it passed those gates.
    pub best_score: f64,
    /// Whether it may then be first.
    pub possible: bool,
    /// The expected gain in score.
    pub value: Estimate,
    /// How often it would be first.
    pub chance: f64,
    /// The commands that would measure them.
    pub commands: Vec<String>,
}

/// What a candidate lacks.
pub struct Lacking {
    /// The facts that are missing.
    pub facts: Vec<InputId>,
    /// The criteria with weight that have no value without them.
    pub criteria: Vec<usize>,
    /// The screening gates that cannot be answered without them.
    pub gates: Vec<usize>,
    /// What the other criteria contribute.
    pub known: f64,
}

impl Lacking {
    /// What a candidate lacks under these shares; nothing if it is complete.
    #[must_use]
    pub fn of(plan: &Plan<'_>, shares: &[f64], c: usize) -> Self {
        let graph = plan.graph;
        let unknown = |node: usize| plan.point[node].of(c).is_nan();
        let criteria: Vec<usize> = (0..shares.len())
            .filter(|&k| {
                let is_settled = matches!(plan.policy(k, c), MissingPolicy::Fixed(_));
                shares[k] > 0.0
                    && !is_settled
                    && (unknown(graph.criteria[k].node) || plan.mean_value(k, c).is_nan())
            })
            .collect();
        let gates: Vec<usize> = (0..graph.gates.len())
            .filter(|&g| graph.gates[g].screen.is_some() && unknown(graph.gates[g].node))
            .collect();
        let way = walked(plan, c);
        let mut facts: Vec<InputId> = Vec::new();
        for node in criteria
            .iter()
            .map(|&k| graph.criteria[k].node)
            .chain(gates.iter().map(|&g| graph.gates[g].node))
        {
            facts.extend(missing(plan, node, c, &way));
        }
        facts.sort_unstable();
        facts.dedup();
        let value = |k: usize| shares[k] * plan.mean_value(k, c);
        let known: f64 = (0..shares.len())
            .filter(|k| shares[*k] > 0.0 && !criteria.contains(k))
            .map(value)
            .sum();
        Self {
            facts,
            criteria,
            gates,
            known,
        }
    }
}

/// Returns the incomplete candidates with what they lack, the most valuable first; `best` is the expected score of the present choice.
#[must_use]
pub fn gaps(
    plan: &Plan<'_>,
    shares: &[f64],
    status: &[Status],
    best: f64,
    samples: usize,
    seed: u64,
) -> Vec<IncompleteCandidate> {
    let incomplete = (0..plan.candidates()).filter(|&c| status[c] == Status::Incomplete);
    let mut all: Vec<IncompleteCandidate> = incomplete
        .map(|c| gap(plan, shares, c, best, samples, seed))
        .collect();
    all.sort_by(|a, b| {
        b.value
            .value
            .total_cmp(&a.value.value)
            .then(b.best_score.total_cmp(&a.best_score))
            .then(a.candidate.cmp(&b.candidate))
    });
    all
}

fn gap(
    plan: &Plan<'_>,
    shares: &[f64],
    c: usize,
    best: f64,
    samples: usize,
    seed: u64,
) -> IncompleteCandidate {
    let Lacking {
        facts,
        criteria,
        gates,
        known,
    } = Lacking::of(plan, shares, c);
    let best_score = known + criteria.iter().map(|&k| shares[k]).sum::<f64>();
    let mut stream = RandomStream::new(seed, &format!("gap.{}", plan.decision.candidates[c].id), 0);
    let draw = |_| {
        let score = known
            + criteria
                .iter()
                .map(|&k| shares[k] * stream.uniform())
                .sum::<f64>();
        (score - best).max(0.0)
    };
    let gained: Vec<f64> = (0..samples).map(draw).collect();
    let mut commands = plan.commands(c);
    commands.dedup();
    IncompleteCandidate {
        candidate: c,
        facts,
        criteria,
        gates: gates
            .iter()
            .map(|&g| plan.graph.gates[g].id.clone())
            .collect(),
        best_score,
        possible: best_score > best,
        value: super::estimate(&gained),
        chance: gained.iter().filter(|g| **g > 0.0).count() as f64 / samples as f64,
        commands,
    }
}

/// The nodes on a candidate's walk.
fn walked(plan: &Plan<'_>, c: usize) -> Vec<usize> {
    let steps = plan.walk(c).steps.into_iter();
    steps.map(|step| step.node).collect()
}

/// The facts of a candidate that are missing below a node.
pub(super) fn below(plan: &Plan<'_>, node: usize, c: usize) -> Vec<InputId> {
    let way = walked(plan, c);
    missing(plan, node, c, &way)
}

/// The facts of a candidate that are missing below a node, along its walk (`way`).
fn missing(plan: &Plan<'_>, node: usize, c: usize, way: &[usize]) -> Vec<InputId> {
    let below = plan
        .graph
        .rests_on(node)
        .into_iter()
        .filter(|n| way.contains(n) && plan.point[*n].of(c).is_nan());
    let is_lacking = |n: usize| match plan.leaf(n, c) {
        Leaf::Fact(fact) => matches!(fact.value, FactValue::Missing { .. }),
        _ => true,
    };
    below
        .filter_map(|node| {
            let candidate = match &plan.graph.nodes[node].compute {
                Compute::Fact(_) => Some(c),
                Compute::PartFact { .. } => None,
                _ => return None,
            };
            is_lacking(node).then_some(InputId { node, candidate })
        })
        .collect()
}
