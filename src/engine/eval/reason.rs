//! Explains why a node has no value, down to the missing leaf or the impossible operation.

use std::collections::BTreeSet;

use super::leaf::Leaf;
use super::plan::Plan;
use crate::formula::Undefined;
use crate::graph::{BoundFormula, Compute};
use crate::lang::Text;
use crate::model::evidence::FactValue;
use crate::model::library::ValueForm;
use crate::tr;

/// What a value of this form looks like.
fn example(form: &ValueForm) -> String {
    match form {
        ValueForm::List => "[A, B]".to_owned(),
        ValueForm::Number(unit) => {
            let suffix = unit.suffix();
            let space = if suffix.is_empty() { "" } else { " " };
            format!("LOW..HIGH{space}{suffix}")
        }
        ValueForm::Flag => "true|false".to_owned(),
        ValueForm::Text => "\"...\"".to_owned(),
        ValueForm::Date => "YYYY-MM-DD".to_owned(),
        ValueForm::Level(levels) => {
            let ids: Vec<&str> = levels.iter().map(|(_, id, _)| &**id).collect();
            ids.join("|")
        }
    }
}

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
                    .contains_part(part)
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
                        } => {
                            let add = self.completion(node, c);
                            tr!("{title}: {reason}{add}", "{title}：{reason}{add}")
                        }
                        FactValue::NotApplicable { reason } => tr!(
                            "{title}: does not apply: {reason}",
                            "{title}：不适用：{reason}"
                        ),
                        _ => {
                            let add = self.completion(node, c);
                            tr!("{title}: not known{add}", "{title}：未知{add}")
                        }
                    },
                    _ => {
                        let add = self.completion(node, c);
                        tr!(
                            "{title}: no catalog says{add}",
                            "{title}：目录中没有记载{add}"
                        )
                    }
                });
            }
        }
    }

    /// The line to write, and where, to give a candidate's missing leaf a value; empty if no file can give it.
    fn completion(&self, node: usize, c: usize) -> Text {
        let n = &self.graph.nodes[node];
        match &n.compute {
            Compute::Fact(name) => {
                let form = self.decision.library.measures.get(name).map(|m| &m.form);
                let line = format!("{name}: {}", form.map_or_else(String::new, example));
                let candidate = &self.decision.candidates[c];
                let id = &candidate.id;
                match &candidate.file {
                    Some(file) => tr!(
                        "; add `{line}` to the facts of {id} in {file}",
                        "；请在 {file} 中 {id} 的事实里添加 `{line}`"
                    ),
                    None => tr!(
                        "; list it in the decision as `{{id: {id}, facts: {{{line}}}}}`",
                        "；请在决策中写成 `{{id: {id}, facts: {{{line}}}}}`"
                    ),
                }
            }
            Compute::PartFact { part, measure } => {
                let form = self.decision.library.measures.get(measure).map(|m| &m.form);
                let line = format!("{measure}: {}", form.map_or_else(String::new, example));
                tr!(
                    "; add `{line}` to the facts of {part}",
                    "；请在 {part} 的事实里添加 `{line}`"
                )
            }
            Compute::Context(name) => {
                let form = self.decision.library.inputs.get(name).map(|i| &i.form);
                let Some(value) = form.map(example) else {
                    return Text::default();
                };
                tr!(
                    "; add `{name}: {value}` to the decision's `context:`",
                    "；请在决策的 `context:` 中添加 `{name}: {value}`"
                )
            }
            _ => Text::default(),
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
