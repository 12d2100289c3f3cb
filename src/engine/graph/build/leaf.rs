//! Builds the leaves of a graph: facts of candidates, inputs of the context, values of team members.

use super::Builder;
use crate::diagnostic::{Code, Diagnostic};
use crate::formula::Type;
use crate::graph::{Compute, DecisionNode, NodeKind};
use crate::lang::Text;
use crate::model::evidence::{EvidenceKind, FactValue};
use crate::model::library::ValueForm;
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

    /// A value of a team member, as compiled programs name it.
    pub(super) fn member(&mut self, name: &str, at: Span) -> usize {
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
