//! Explains why a node has no value, down to the missing leaf or the impossible operation.

use std::collections::BTreeSet;

use super::leaf::Leaf;
use super::plan::Plan;
use crate::formula::Undefined;
use crate::graph::{BoundFormula, Compute};
use crate::lang::Text;
use crate::model::evidence::FactValue;
use crate::tr;

impl Plan<'_> {
    /// Returns every reason why a node has no value for a candidate; empty if it has one.
    #[must_use]
    pub fn why_missing(&self, node: usize, candidate: usize) -> Vec<Text> {
        let mut reasons = Vec::new();
        self.collect(node, candidate, &mut BTreeSet::new(), &mut reasons);
        reasons
    }

    /// Returns the commands that would measure a candidate's missing values.
    #[must_use]
    pub fn commands(&self, candidate: usize) -> Vec<String> {
        let facts = self
            .graph
            .nodes
            .iter()
            .filter_map(|node| match &node.compute {
                Compute::Fact(measure) => self.decision.candidates[candidate]
                    .facts
                    .get(measure.as_str()),
                Compute::PartFact { part, measure } => self.decision.candidates[candidate]
                    .basic_parts
                    .contains(part)
                    .then(|| self.decision.parts[part].facts.get(measure.as_str()))
                    .flatten(),
                _ => None,
            });
        let found: BTreeSet<String> = facts
            .filter_map(|fact| match &fact.value {
                FactValue::Missing {
                    command: Some(command),
                    ..
                } => Some(command.clone()),
                _ => None,
            })
            .collect();
        found.into_iter().collect()
    }

    fn collect(&self, node: usize, c: usize, seen: &mut BTreeSet<usize>, reasons: &mut Vec<Text>) {
        if !self.point[node].of(c).is_nan() || !seen.insert(node) {
            return;
        }
        let n = &self.graph.nodes[node];
        match &n.compute {
            Compute::Formula(step) => self.step(step, node, c, seen, reasons),
            Compute::OfPart { from, .. } => {
                from[c]
                    .iter()
                    .for_each(|&part| self.collect(part, c, seen, reasons));
            }
            Compute::Fork { gate, yes, no } => {
                let answer = self.point[*gate].of(c);
                if answer.is_nan() {
                    self.collect(*gate, c, seen, reasons);
                } else {
                    self.step(if answer == 0.0 { no } else { yes }, node, c, seen, reasons);
                }
            }
            _ => {
                let title = &n.title;
                reasons.push(match self.leaf(node, c) {
                    Leaf::Fact(fact) => match &fact.value {
                        FactValue::Missing {
                            reason,
                            command: Some(command),
                        } => tr!(
                            "{title}: {reason} (`{command}`)",
                            "{title}：{reason}（`{command}`）"
                        ),
                        FactValue::Missing {
                            reason,
                            command: None,
                        } => tr!("{title}: {reason}", "{title}：{reason}"),
                        FactValue::NotApplicable { reason } => tr!(
                            "{title}: does not apply: {reason}",
                            "{title}：不适用：{reason}"
                        ),
                        _ => tr!("{title}: not known", "{title}：未知"),
                    },
                    _ => tr!("{title}: no catalog says", "{title}：目录中没有记载"),
                });
            }
        }
    }

    fn step(
        &self,
        step: &BoundFormula,
        node: usize,
        c: usize,
        seen: &mut BTreeSet<usize>,
        reasons: &mut Vec<Text>,
    ) {
        let inputs = self.operands(step, c);
        for why in step.program.undefined(&inputs) {
            match why {
                Undefined::Missing(slot) => self.collect(step.operands[slot], c, seen, reasons),
                Undefined::Impossible { reason, .. } => {
                    let title = &self.graph.nodes[node].title;
                    reasons.push(tr!("{title}: {reason}", "{title}：{reason}"));
                }
            }
        }
        if reasons.is_empty() {
            let title = &self.graph.nodes[node].title;
            reasons.push(tr!("{title} has no value here", "{title} 在此处没有取值"));
        }
    }
}
