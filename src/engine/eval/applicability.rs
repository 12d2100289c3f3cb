//! Measures that are unknown because a fact does not apply to a candidate, and what they are worth.

use super::leaf::Leaf;
use super::plan::Plan;
use crate::formula::Undefined;
use crate::graph::{BoundFormula, Compute};
use crate::model::evidence::FactValue;
use crate::model::library::MissingPolicy;

/// Why a leaf has no value for a candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Lack {
    NotApplicable,
    Missing,
}

impl Plan<'_> {
    /// Returns what a missing measure of criterion `k` is worth for candidate `c`: what the criterion says about facts that do not
    /// apply if one of them is the cause, else its policy for missing facts.
    #[must_use]
    pub fn policy(&self, k: usize, c: usize) -> MissingPolicy {
        self.policies[k * self.candidates() + c]
    }

    pub(super) fn missing_policies(&self) -> Vec<MissingPolicy> {
        let criteria = &self.graph.criteria;
        let mut all: Vec<MissingPolicy> = criteria
            .iter()
            .flat_map(|slot| std::iter::repeat_n(slot.missing, self.candidates()))
            .collect();
        for (c, candidate) in self.decision.candidates.iter().enumerate() {
            let parts = candidate.basic_parts.iter();
            let parts = parts.flat_map(|part| self.decision.parts[part].facts.values());
            let mut facts = candidate.facts.values().chain(parts);
            if !facts.any(|fact| fact.value.is_not_applicable()) {
                continue;
            }
            let unknown = self.nodes_not_applicable(c);
            for (k, slot) in criteria.iter().enumerate() {
                let is_cause = if self.point[slot.node].of(c).is_nan() {
                    unknown[slot.node]
                } else {
                    self.lacks_only_what_does_not_apply(slot.node, c)
                };
                if is_cause {
                    all[k * self.candidates() + c] = slot
                        .not_applicable
                        .map_or(MissingPolicy::Exclude, MissingPolicy::Fixed);
                }
            }
        }
        all
    }

    /// Returns for every node whether it is unknown at the point because a fact does not apply to the candidate.
    fn nodes_not_applicable(&self, c: usize) -> Vec<bool> {
        let mut unknown = vec![false; self.graph.nodes.len()];
        let caused = |step: &BoundFormula, unknown: &[bool]| {
            let reasons = step.program.undefined(&self.operands(step, c));
            let mut causes = reasons.iter();
            causes
                .any(|why| matches!(why, Undefined::Missing(slot) if unknown[step.operands[*slot]]))
        };
        for (node, n) in self.graph.nodes.iter().enumerate() {
            if !self.point[node].of(c).is_nan() {
                continue;
            }
            unknown[node] = match &n.compute {
                Compute::Formula(step) => caused(step, &unknown),
                Compute::OfPart { from, .. } => from[c].is_some_and(|part| unknown[part]),
                Compute::Fork { gate, .. } if self.point[*gate].of(c).is_nan() => unknown[*gate],
                Compute::Fork { gate, yes, no } => {
                    let is_no = self.point[*gate].of(c) == 0.0;
                    caused(if is_no { no } else { yes }, &unknown)
                }
                _ => self.lack(node, c) == Some(Lack::NotApplicable),
            };
        }
        unknown
    }

    /// Returns whether what a node may need and lacks does not apply to the candidate: then a draw without a value has no other cause.
    fn lacks_only_what_does_not_apply(&self, node: usize, c: usize) -> bool {
        let lacks: Vec<Lack> = self
            .graph
            .rests_on(node)
            .into_iter()
            .filter_map(|n| self.lack(n, c))
            .collect();
        !lacks.is_empty() && lacks.iter().all(|lack| *lack == Lack::NotApplicable)
    }

    fn lack(&self, node: usize, c: usize) -> Option<Lack> {
        match &self.graph.nodes[node].compute {
            Compute::Fact(_) | Compute::Context(_) => {}
            Compute::PartFact { part, .. } => {
                if !self.decision.candidates[c].contains_part(part) {
                    return None;
                }
            }
            _ => return None,
        }
        match self.leaf(node, c) {
            Leaf::Fact(fact) => match fact.value {
                FactValue::NotApplicable { .. } => Some(Lack::NotApplicable),
                _ => fact.value.point().is_nan().then_some(Lack::Missing),
            },
            Leaf::Nothing => Some(Lack::Missing),
            Leaf::Given(_) => None,
        }
    }
}
