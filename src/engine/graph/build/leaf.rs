//! Builds the leaves of a graph: facts of candidates and of their parts, inputs of the context, values of team members.

use super::Builder;
use crate::diagnostic::{Code, Diagnostic};
use crate::formula::Type;
use crate::graph::scope::PARTS;
use crate::graph::{Compute, DecisionNode, Edge, NodeKind};
use crate::lang::Text;
use crate::model::decision::Candidate;
use crate::model::evidence::{EvidenceKind, FactValue};
use crate::model::library::{Rollup, ValueForm};
use crate::quantity::unit::Unit;
use crate::source::Span;
use crate::tr;

impl Builder<'_> {
    pub(super) fn fact(&mut self, name: &str) -> usize {
        let measure = &self.decision.library.measures[name];
        let measured = self.decision.candidates.iter().any(|c| {
            c.facts.get(name).is_some_and(|f| {
                f.provenance.kind == Some(EvidenceKind::Measured)
                    || matches!(
                        &f.value,
                        FactValue::Missing {
                            command: Some(_),
                            ..
                        }
                    )
            })
        });
        let node = DecisionNode {
            id: name.to_owned(),
            kind: if measured {
                NodeKind::Measurement
            } else {
                NodeKind::Fact
            },
            title: measure.title.clone(),
            unit: measure.form.unit(),
            value: measure.form.kind(),
            compute: Compute::Fact(name.to_owned()),
            shared: false,
            span: measure.span,
        };
        self.push(node, &[])
    }

    /// Whether a fact applies to each candidate, or to one of its parts; `name` is how the program calls it.
    pub(super) fn applies(&mut self, name: &str, asked: &str, at: Span) -> Option<usize> {
        let part = asked
            .strip_prefix(PARTS)
            .and_then(|rest| rest.strip_prefix('.')?.split_once('.'));
        let (part, fact) = match part {
            Some((place, fact)) => (place.parse().ok(), fact),
            None => (None, asked),
        };
        if !self.decision.library.measures.contains_key(fact) {
            let message = tr!(
                "`applies` takes the name of a fact, and `{fact}` is none",
                "`applies` 的参数是事实名称，而 `{fact}` 不是事实"
            );
            let hint = tr!(
                "ask for the fact that it rests on; for anything else, `known({fact})`",
                "请改用其所依据的事实；其他情形用 `known({fact})`"
            );
            self.sink
                .push(Diagnostic::new(Code::BadCall, at, message).hint(hint));
            return None;
        }
        let own = match part {
            Some(_) => self.element(asked, at),
            None => self.name(fact, at)?,
        };
        let title = self.nodes[own].title.clone();
        let node = DecisionNode {
            id: name.to_owned(),
            kind: NodeKind::Fact,
            title: tr!("{title} applies", "{title} 适用"),
            unit: Unit::one(),
            value: Type::Flag,
            compute: Compute::Applies {
                measure: fact.to_owned(),
                part,
            },
            shared: false,
            span: at,
        };
        let built = self.push(node, &[(own, Edge::Plain)]);
        self.built.insert(name.to_owned(), Some(built));
        Some(built)
    }

    pub(super) fn input(&mut self, name: &str, used_at: Span) -> Option<usize> {
        let (title, form, span) = match self.decision.library.inputs.get(name) {
            Some(input) => {
                if !self.decision.context.contains_key(name) {
                    let unit = input.form.unit();
                    let (suffix, at) = (unit.suffix(), input.span);
                    let space = if suffix.is_empty() { "" } else { " " };
                    let message = tr!(
                        "the decision gives no value for the input `{name}`",
                        "决策没有给出输入 `{name}` 的值"
                    );
                    let hint = tr!(
                        "`context: {{{name}: 100{space}{suffix}}}`",
                        "`context: {{{name}: 100{space}{suffix}}}`"
                    );
                    self.sink
                        .push(Diagnostic::new(Code::InputWithoutValue, at, message).hint(hint));
                    return None;
                }
                (input.title.clone(), input.form.clone(), input.span)
            }
            None => (tr!("Today", "今天"), ValueForm::Date, used_at),
        };
        let node = DecisionNode {
            id: name.to_owned(),
            kind: NodeKind::Context,
            title,
            unit: form.unit(),
            value: form.kind(),
            compute: Compute::Context(name.to_owned()),
            shared: true,
            span,
        };
        Some(self.push(node, &[]))
    }

    /// `bo · go`, `bo · count`: who, and which of their values.
    fn member_title(&self, name: &str) -> Text {
        let (id, field) = name
            .strip_prefix("team.")
            .and_then(|rest| rest.split_once('.'))
            .unwrap_or((name, ""));
        let member = self
            .decision
            .team
            .iter()
            .flat_map(|team| &team.members)
            .find(|m| m.id == id);
        let who = member.map_or_else(|| Text::name(id), |m| m.name.clone());
        let what = match field {
            "count" => tr!("count", "人数"),
            "share" => tr!("share", "投入比例"),
            _ => Text::name(field.strip_prefix("skill.").unwrap_or(field)),
        };
        tr!("{who} · {what}", "{who} · {what}")
    }

    /// A value of a team member or of a part, as compiled programs name it.
    pub(super) fn element(&mut self, name: &str, at: Span) -> usize {
        match name
            .strip_prefix(PARTS)
            .and_then(|rest| rest.strip_prefix('.'))
        {
            Some(part) => self.part(part, name, at),
            None => self.member(name, at),
        }
    }

    /// A fact of the part at one place, `0.licence`, or whether there is a part, `1`.
    fn part(&mut self, part: &str, name: &str, at: Span) -> usize {
        if let Some(Some(built)) = self.built.get(name) {
            return *built;
        }
        let (place, measure) = match part.split_once('.') {
            Some((place, measure)) => (place, Some(measure)),
            None => (part, None),
        };
        let place: usize = place.parse().expect("a member of `parts` is its place");
        let built = match measure {
            Some(measure) => self.fact_of_part(place, measure, name),
            None => self.push(
                DecisionNode {
                    id: name.to_owned(),
                    kind: NodeKind::Fact,
                    title: part_title(place),
                    unit: Unit::one(),
                    value: Type::Flag,
                    compute: Compute::HasPart(place),
                    shared: false,
                    span: at,
                },
                &[],
            ),
        };
        self.built.insert(name.to_owned(), Some(built));
        built
    }

    fn fact_of_part(&mut self, place: usize, measure: &str, name: &str) -> usize {
        let decision = self.decision;
        // Without composites every candidate is its own only part.
        if decision.parts.is_empty() {
            return self.own_fact(measure);
        }
        let mut sources = Vec::with_capacity(decision.candidates.len());
        for candidate in &decision.candidates {
            self.report_unused_fact(candidate, measure);
            let part = if candidate.basic_parts.is_empty() {
                (place == 0).then_some(&candidate.id)
            } else {
                candidate.basic_parts.get(place)
            };
            sources.push(part.map(|part| {
                let is_part = decision.parts.contains_key(part);
                if is_part && !candidate.states_itself(measure, &decision.parts[part]) {
                    self.part_fact(part, measure)
                } else {
                    self.own_fact(measure)
                }
            }));
        }
        let of = &decision.library.measures[measure];
        let feeds: std::collections::BTreeSet<usize> = sources.iter().flatten().copied().collect();
        let feeds: Vec<(usize, Edge)> = feeds.into_iter().map(|n| (n, Edge::Plain)).collect();
        let (title, part) = (of.title.clone(), part_title(place));
        let node = DecisionNode {
            id: name.to_owned(),
            kind: NodeKind::Fact,
            title: tr!("{part} · {title}", "{part} · {title}"),
            unit: of.form.unit(),
            value: of.form.kind(),
            compute: Compute::OfPart {
                measure: measure.to_owned(),
                from: sources,
            },
            shared: false,
            span: of.span,
        };
        self.push(node, &feeds)
    }

    fn own_fact(&mut self, measure: &str) -> usize {
        match self.built.get(measure) {
            Some(Some(built)) => *built,
            _ => {
                let built = self.fact(measure);
                self.built.insert(measure.to_owned(), Some(built));
                built
            }
        }
    }

    /// Warns of a number that a composite states itself, where a formula reads those of its parts.
    fn report_unused_fact(&mut self, candidate: &Candidate, measure: &str) {
        let rollup = self.decision.library.measures[measure].rollup;
        let Some(fact) = candidate.facts.get(measure).filter(|fact| {
            candidate.basic_parts.len() > 1
                && rollup != Some(Rollup::First)
                && matches!(fact.value, FactValue::Number(_))
        }) else {
            return;
        };
        let (id, part) = (&candidate.id, &candidate.basic_parts[0]);
        let message = tr!(
            "`{id}` states `{measure}` itself, but a formula reads that of each of its parts",
            "`{id}` 自身给出了 `{measure}`，但公式读取的是各组成部分的值"
        );
        let hint = tr!(
            "state it on a part: `--set candidates.{part}.{measure}=VALUE`",
            "请在组成部分上给出：`--set candidates.{part}.{measure}=VALUE`"
        );
        let warning = Diagnostic::new(Code::WholeFactUnused, fact.span, message).hint(hint);
        if self.reported_facts.insert((id.clone(), measure.to_owned())) {
            self.sink.push(warning);
        }
    }

    /// A fact of a part, whatever contains it.
    fn part_fact(&mut self, part: &str, measure: &str) -> usize {
        let id = format!("candidates.{part}.{measure}");
        if let Some(Some(built)) = self.built.get(&id) {
            return *built;
        }
        let of = &self.decision.library.measures[measure];
        let (title, name) = (of.title.clone(), self.decision.parts[part].name.clone());
        let node = DecisionNode {
            id: id.clone(),
            kind: NodeKind::Fact,
            title: tr!("{name} · {title}", "{name} · {title}"),
            unit: of.form.unit(),
            value: of.form.kind(),
            compute: Compute::PartFact {
                part: part.to_owned(),
                measure: measure.to_owned(),
            },
            shared: true,
            span: of.span,
        };
        let built = self.push(node, &[]);
        self.built.insert(id, Some(built));
        built
    }

    /// A value of a team member, as compiled programs name it.
    fn member(&mut self, name: &str, at: Span) -> usize {
        if let Some(Some(built)) = self.built.get(name) {
            return *built;
        }
        let unit = if name.contains(".skill.") {
            let month = self.decision.library.units.word("month");
            month.expect("month is a built-in unit")
        } else if name.ends_with(".count") {
            Unit::person()
        } else {
            Unit::one()
        };
        let title = self.member_title(name);
        let value = Type::Number(unit.dimension().clone());
        let node = DecisionNode {
            id: name.to_owned(),
            kind: NodeKind::Context,
            title,
            unit,
            value,
            compute: Compute::Context(name.to_owned()),
            shared: true,
            span: at,
        };
        let built = self.push(node, &[]);
        self.built.insert(name.to_owned(), Some(built));
        built
    }
}

fn part_title(place: usize) -> Text {
    let number = place + 1;
    tr!("part {number}", "第 {number} 部分")
}
