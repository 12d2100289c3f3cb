//! Builds the tree of goals: objectives, and the criteria that candidates are scored by.

use super::{Builder, plain};
use crate::diagnostic::{Code, Diagnostic};
use crate::formula::Type;
use crate::graph::weights::parts;
use crate::graph::{Compute, CriterionNode, DecisionNode, NodeKind};
use crate::model::decision::Goal;
use crate::quantity::unit::Unit;
use crate::quantity::value_function::ValueFunction;
use crate::tr;

impl Builder<'_> {
    pub(super) fn goals(&mut self, goals: &[Goal], share: f64, above: &mut Vec<usize>) {
        for (goal, part) in parts(goals, share) {
            match goal {
                Goal::Criterion { id, points, .. } => self.criterion(id, *points, part, above),
                Goal::Objective {
                    id,
                    title,
                    goals,
                    span,
                    ..
                } => {
                    let node = self.nodes.len();
                    let own = DecisionNode {
                        id: self.free_id(id),
                        kind: NodeKind::Objective,
                        title: title.clone(),
                        unit: Unit::one(),
                        value: Type::PLAIN,
                        compute: Compute::Group,
                        shared: false,
                        span: *span,
                    };
                    self.push(own, &[]);
                    if let Some(&outer) = above.last() {
                        self.objectives.push((node, outer));
                    }
                    above.push(node);
                    self.goals(goals, part, above);
                    above.pop();
                }
            }
        }
    }

    fn criterion(&mut self, id: &str, points: f64, share: f64, above: &[usize]) {
        let criterion = &self.decision.library.criteria[id];
        let Some((step, kind)) = self.step(&criterion.expr) else {
            return;
        };
        let Some(unit) = self.unit(criterion.unit.as_ref(), &kind, &criterion.expr) else {
            return;
        };
        if !self.value_fits(id, &kind) {
            return;
        }
        let (feeds, shared) = (plain(&step), self.is_shared(&step));
        let node = DecisionNode {
            id: self.free_id(id),
            kind: NodeKind::Criterion,
            title: criterion.title.clone(),
            unit,
            value: kind,
            compute: Compute::Formula(step),
            shared,
            span: criterion.span,
        };
        let node = self.push(node, &feeds);
        if let Some(&objective) = above.last() {
            self.objectives.push((node, objective));
        }
        self.criteria.push(CriterionNode {
            node,
            id: id.to_owned(),
            title: criterion.title.clone(),
            value: criterion.value.clone(),
            direction: criterion.direction,
            missing: criterion.missing,
            not_applicable: criterion.not_applicable,
            points,
            share,
            objectives: above.to_vec(),
        });
    }

    fn value_fits(&mut self, id: &str, kind: &Type) -> bool {
        let criterion = &self.decision.library.criteria[id];
        let levels = matches!(criterion.value, Some(ValueFunction::Levels(_)));
        let fits = match kind {
            Type::Number(_) => !levels,
            Type::Flag | Type::Text => levels,
            Type::Date | Type::List => false,
        };
        if !fits {
            let what = kind.described();
            let message = tr!(
                "the criterion computes {what}, which its value function cannot take",
                "该准则的结果是{what}，其价值函数无法接受"
            );
            let hint = tr!(
                "words and flags take `shape: levels`, numbers every other shape",
                "词与是否用 `shape: levels`，数字用其他形状"
            );
            self.sink.push(
                Diagnostic::new(Code::TypeMismatch, criterion.expr.span(), message).hint(hint),
            );
        }
        fits
    }
}
