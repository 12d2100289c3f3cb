//! One candidate's path through the graph: the gates it met with their answers, and the measures its score depends on.

use super::plan::Plan;
use super::score::Status;
use crate::graph::{BoundFormula, Compute, NodeKind};

/// One node on the path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalkStep {
    /// Index of the node in the graph.
    pub node: usize,
    /// Its value, base units; NaN where missing or a group.
    pub value: f64,
    /// For a gate its answer; `None` if it is missing.
    pub answer: Option<bool>,
}

/// A candidate's path through the graph, in the order of computation.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// The nodes, each after the ones it depends on.
    pub steps: Vec<WalkStep>,
}

impl Plan<'_> {
    /// Returns the nodes that a candidate's score depends on. Branches that were not taken are left out; the path of a
    /// candidate that a gate screens out ends at that gate.
    #[must_use]
    pub fn walk(&self, candidate: usize) -> Walk {
        let mut on = vec![false; self.graph.nodes.len()];
        let mut out = false;
        for (g, gate) in self.graph.gates.iter().enumerate() {
            let Some(screen) = &gate.screen else {
                continue;
            };
            self.mark(gate.node, candidate, &mut on);
            if self.gate_status(g, screen, candidate) == Status::Screened {
                out = true;
                break;
            }
        }
        if !out {
            for slot in self.graph.criteria.iter().filter(|s| s.share > 0.0) {
                self.mark(slot.node, candidate, &mut on);
                for &objective in &slot.objectives {
                    on[objective] = true;
                }
            }
        }
        for (node, n) in self.graph.nodes.iter().enumerate() {
            if n.kind == NodeKind::Verdict {
                on[node] = true;
            }
        }
        let step = |node: usize| {
            let value = self.point[node].of(candidate);
            let is_gate = self.graph.nodes[node].kind == NodeKind::Gate;
            WalkStep {
                node,
                value,
                answer: (is_gate && !value.is_nan()).then_some(value != 0.0),
            }
        };
        Walk {
            steps: (0..on.len()).filter(|&n| on[n]).map(step).collect(),
        }
    }

    fn mark(&self, node: usize, c: usize, on: &mut [bool]) {
        if std::mem::replace(&mut on[node], true) {
            return;
        }
        match &self.graph.nodes[node].compute {
            Compute::Formula(step) => self.mark_step(step, c, on),
            Compute::OfPart { from, .. } => from[c].iter().for_each(|&n| self.mark(n, c, on)),
            Compute::Fork { gate, yes, no } => {
                self.mark(*gate, c, on);
                let answer = self.point[*gate].of(c);
                if !answer.is_nan() {
                    self.mark_step(if answer == 0.0 { no } else { yes }, c, on);
                }
            }
            _ => {}
        }
    }

    fn mark_step(&self, step: &BoundFormula, c: usize, on: &mut [bool]) {
        for slot in step.program.used(&self.operands(step, c)) {
            self.mark(step.operands[slot], c, on);
        }
    }
}
