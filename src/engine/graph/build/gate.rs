//! Builds the gates of a graph: questions that screen candidates out, and forks whose branches join again.

use super::{Builder, plain};
use crate::diagnostic::{Code, Diagnostic};
use crate::formula::Type;
use crate::graph::{BoundFormula, Compute, DecisionNode, Edge, GateNode, NodeKind};
use crate::model::library::{GateAction, Screen};
use crate::quantity::unit::Unit;
use crate::source::Span;
use crate::tr;

impl Builder<'_> {
    /// Builds a gate; gives the node in which the branches of a fork join, else the node of the question.
    pub(super) fn gate(&mut self, id: &str) -> Option<usize> {
        if let Some(slot) = self.gates.iter().find(|g| g.id == id) {
            return Some(slot.join.unwrap_or(slot.node));
        }
        let gate = &self.decision.library.gates[id];
        let asked = self.step(&gate.ask);
        let question = asked.and_then(|(step, kind)| {
            if kind != Type::Flag {
                let what = kind.described();
                let message = tr!(
                    "a gate needs a yes-or-no question, this is {what}",
                    "关卡应回答是或否，此处却是{what}"
                );
                self.sink
                    .push(Diagnostic::new(Code::BadGate, gate.ask.span(), message));
                return None;
            }
            let (feeds, shared) = (plain(&step), self.is_shared(&step));
            let node = DecisionNode {
                id: self.free_id(id),
                kind: NodeKind::Gate,
                title: gate.title.clone(),
                unit: Unit::one(),
                value: Type::Flag,
                compute: Compute::Formula(step),
                shared,
                span: gate.span,
            };
            Some(self.push(node, &feeds))
        });
        match &gate.action {
            GateAction::Screen(screen) => {
                let node = question?;
                self.gates.push(GateNode {
                    node,
                    id: id.to_owned(),
                    screen: Some(screen.clone()),
                    join: None,
                });
                Some(node)
            }
            GateAction::Fork {
                yes,
                no,
                gives,
                unit,
            } => {
                let on_path = self.path.last() == Some(gives);
                if !on_path {
                    self.path.push(gives.clone());
                }
                let branches = [self.step(yes), self.step(no)];
                if !on_path {
                    self.path.pop();
                }
                let join = self.join(id, gives, unit.as_ref(), question?, branches)?;
                self.built.insert(gives.clone(), Some(join));
                Some(join)
            }
        }
    }

    fn join(
        &mut self,
        id: &str,
        gives: &str,
        unit: Option<&(Unit, Span)>,
        question: usize,
        branches: [Option<(BoundFormula, Type)>; 2],
    ) -> Option<usize> {
        let [yes, no] = branches;
        let ((yes, yes_kind), (no, no_kind)) = (yes?, no?);
        let gate = &self.decision.library.gates[id];
        let GateAction::Fork {
            yes: yes_expr,
            no: no_expr,
            ..
        } = &gate.action
        else {
            return None;
        };
        if yes_kind != no_kind {
            let (yes, no) = (yes_kind.described(), no_kind.described());
            let message = tr!(
                "the branches do not join: yes gives {yes}, no gives {no}",
                "两个分支无法汇合：是分支为{yes}，否分支为{no}"
            );
            self.sink.push(
                Diagnostic::new(Code::BadGate, no_expr.span(), message)
                    .label(yes_expr.span(), tr!("the other branch", "另一分支")),
            );
            return None;
        }
        let unit = self.unit(unit, &yes_kind, yes_expr)?;
        let mut feeds = vec![(question, Edge::Plain)];
        feeds.extend(yes.operands.iter().map(|&n| (n, Edge::Yes)));
        feeds.extend(no.operands.iter().map(|&n| (n, Edge::No)));
        let shared = self.nodes[question].shared && self.is_shared(&yes) && self.is_shared(&no);
        let node = DecisionNode {
            id: gives.to_owned(),
            kind: NodeKind::Formula,
            title: gate.title.clone(),
            unit,
            value: yes_kind,
            compute: Compute::Fork {
                gate: question,
                yes,
                no,
            },
            shared,
            span: gate.span,
        };
        let join = self.push(node, &feeds);
        self.gates.push(GateNode {
            node: question,
            id: id.to_owned(),
            screen: None,
            join: Some(join),
        });
        Some(join)
    }

    /// Requirements that nothing meets screen a candidate out; where no candidate has any, there is no such gate.
    pub(super) fn requirements(&mut self) {
        if self.decision.candidates.iter().all(|c| c.unmet.is_empty()) {
            return;
        }
        let node = DecisionNode {
            id: "requirements".to_owned(),
            kind: NodeKind::Gate,
            title: tr!("Requirements met", "前提满足"),
            unit: Unit::one(),
            value: Type::Flag,
            compute: Compute::Requirements,
            shared: false,
            span: Span::default(),
        };
        let node = self.push(node, &[]);
        self.gates.push(GateNode {
            node,
            id: "requirements".to_owned(),
            screen: Some(Screen {
                when: false,
                reason: tr!("a requirement is not met", "前提未满足"),
                at_least: Screen::USUAL_SHARE,
            }),
            join: None,
        });
    }
}
