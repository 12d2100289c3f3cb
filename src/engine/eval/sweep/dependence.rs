//! Which nodes the scores of a plan depend on, and which of them some inputs move.

use crate::eval::leaf::InputId;
use crate::eval::plan::Plan;
use crate::graph::Compute;
use crate::model::library::MissingPolicy;

/// What the scores of a plan depend on under given shares.
pub(in crate::eval) struct Dependence<'p> {
    pub plan: &'p Plan<'p>,
    pub shares: Vec<f64>,
    /// Nodes that a score depends on.
    pub counts: Vec<bool>,
    /// Nodes that every candidate needs for a score.
    pub needed: Vec<bool>,
}

/// What the inputs move for one candidate, or for several alike.
pub(in crate::eval) struct MovedNodes {
    /// Nodes to run, in order.
    pub nodes: Vec<usize>,
    /// Criteria whose measure moves.
    pub criteria: Vec<usize>,
    /// Gates whose answer moves: the node, and the answer that screens out.
    pub gates: Vec<(usize, bool)>,
}

impl<'p> Dependence<'p> {
    /// Marks the nodes below the criteria that have weight and below the gates that screen.
    pub(in crate::eval) fn new(plan: &'p Plan<'p>, shares: &[f64]) -> Self {
        let graph = plan.graph;
        let mut counts = vec![false; graph.nodes.len()];
        let mut needed = counts.clone();
        for (k, (slot, share)) in graph.criteria.iter().zip(shares).enumerate() {
            counts[slot.node] |= *share > 0.0;
            let excludes = |c| plan.policy(k, c) == MissingPolicy::Exclude;
            needed[slot.node] |=
                *share > 0.0 && plan.candidates() > 0 && (0..plan.candidates()).all(excludes);
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
        Self {
            plan,
            shares: shares.to_vec(),
            counts,
            needed,
        }
    }

    /// Returns the shared nodes that these inputs move, and what they move for a candidate.
    pub(in crate::eval) fn way(&self, inputs: &[InputId]) -> (Vec<usize>, MovedNodes) {
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
            .filter_map(|gate| gate.screen.as_ref().map(|screen| (gate.node, screen.when)));
        (
            shared,
            MovedNodes {
                nodes,
                criteria,
                gates: screens.filter(|(node, _)| moved[*node]).collect(),
            },
        )
    }
}

/// Returns the nodes that a computation reads.
fn rests(compute: &Compute) -> impl Iterator<Item = usize> {
    let (gate, first, second): (Option<usize>, &[usize], &[usize]) = match compute {
        Compute::Formula(step) => (None, &step.operands, &[]),
        Compute::Fork { gate, yes, no } => (Some(*gate), &yes.operands, &no.operands),
        _ => (None, &[], &[]),
    };
    let parts: &[Option<usize>] = match compute {
        Compute::OfPart { from, .. } => from,
        _ => &[],
    };
    gate.into_iter()
        .chain(first.iter().copied())
        .chain(second.iter().copied())
        .chain(parts.iter().flatten().copied())
}

fn mark(compute: &Compute, counts: &mut [bool]) {
    for below in rests(compute) {
        counts[below] = true;
    }
}
