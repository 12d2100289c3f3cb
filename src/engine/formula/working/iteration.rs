//! Works out iterations: every element with its value and weight, and what they add up to.

use super::super::Type;
use super::super::ast::{Expr, ExprKind, Fold, Iteration, IterationSource, split_name};
use super::super::operation::{self as op, BinaryOp};
use super::{Local, NOT_TAKEN, Worked, Worker, WorkingKind, WorkingStep, WorkingWeight, bracketed};
use crate::lang::Text;
use crate::quantity::unit::Unit;
use crate::tr;

impl<'a> Worker<'a> {
    pub(super) fn iteration(&mut self, written: &'a Expr, each: &'a Iteration) -> Worked {
        let variable = each.variable.text.as_str();
        let mut rounds_known = true;
        let elements: Vec<(String, Local)> = match &each.over {
            IterationSource::Named(word) => self.elements(variable, &word.text),
            IterationSource::Range { first, last } => {
                let (first, last) = (self.bound(first), self.bound(last));
                let rounds = op::count_rounds(first, last);
                rounds_known = !rounds.is_nan();
                let rounds = if rounds_known { rounds as usize } else { 0 };
                (0..rounds)
                    .map(|round| {
                        let at = first + round as f64;
                        let shown = self.scope.show(at, &Type::PLAIN, &Unit::one());
                        (format!("{variable} = {shown}"), Local::Round(at))
                    })
                    .collect()
            }
        };
        let above = std::mem::take(&mut self.steps);
        let from = self.units.len();
        let mut steps = Vec::with_capacity(elements.len());
        let mut kind = Type::PLAIN;
        for (label, local) in elements {
            self.locals.push((variable, local));
            let (step, of) = self.element(each, label);
            self.locals.pop();
            steps.push(step);
            kind = of;
        }
        self.steps = above;
        if each.fold == Fold::Count {
            kind = Type::PLAIN;
        }
        let mut value = fold(each.fold, &steps);
        if !rounds_known {
            value = f64::NAN;
        }
        let unit = self.unit_for(&kind, from);
        let plain = |step: &WorkingStep| step.steps.is_empty() && step.weight.is_none();
        let literal = matches!(
            each.body.kind,
            ExprKind::Flag(_) | ExprKind::Number { unit: None, .. }
        );
        let formula = total(each.fold, &steps);
        let mut note = None;
        if literal && !steps.is_empty() && steps.iter().all(plain) {
            let start = format!("{variable} = ");
            let names = steps
                .iter()
                .map(|step| Text::name(step.label.strip_prefix(&start).unwrap_or(&step.label)));
            note = Some(Text::list(&names.collect::<Vec<_>>()));
            steps.clear();
        }
        if steps.is_empty() && note.is_none() {
            note = Some(tr!("nothing to go through", "没有可遍历的项"));
        }
        let step = WorkingStep {
            kind: WorkingKind::Iteration,
            label: written.to_string(),
            formulas: vec![formula],
            value,
            shown: self.scope.show(value, &kind, &unit),
            unit,
            weight: None,
            note,
            steps,
        };
        self.add_step(step, kind)
    }

    fn bound(&mut self, expr: &'a Expr) -> f64 {
        let worked = self.expr(expr);
        if !worked.is_figure() {
            let formula = self.render(&worked.expr);
            let shown = self.scope.show(worked.value, &worked.kind, &Unit::one());
            let step = WorkingStep {
                kind: WorkingKind::Bound,
                label: String::new(),
                formulas: vec![formula],
                value: worked.value,
                unit: Unit::one(),
                shown,
                weight: None,
                note: None,
                steps: Vec::new(),
            };
            self.add_step(step, worked.kind);
        }
        worked.value
    }

    fn elements(&self, variable: &str, source: &str) -> Vec<(String, Local)> {
        if let Some(Local::Member(member, _)) = self.local(source) {
            let field = split_name(source).1.unwrap_or_default();
            let keys = member.keys.iter().filter(|(own, _)| own == field);
            return keys
                .flat_map(|(_, keys)| keys)
                .map(|key| {
                    let input = format!("{}.{field}.{key}", member.input);
                    let key = key.clone();
                    (format!("{variable} = {key}"), Local::Entry { input, key })
                })
                .collect();
        }
        let members = self.scope.members(source).into_iter();
        members
            .map(|member| {
                let label = format!("{variable} = {}", member.name);
                (label, Local::Member(member, source.to_owned()))
            })
            .collect()
    }

    fn element(&mut self, each: &'a Iteration, label: String) -> (WorkingStep, Type) {
        let from = self.units.len();
        let body = self.expr(&each.body);
        let unit = match self.units.first() {
            Some(target) if body.kind == Type::Number(target.dimension().clone()) => target.clone(),
            _ => self.unit_for(&body.kind, from),
        };
        let weight = each.weight.as_ref().map(|weight| {
            let from = self.units.len();
            let worked = self.expr(weight);
            let unit = self.unit_for(&worked.kind, from);
            WorkingWeight {
                formula: self.render(&worked.expr),
                value: worked.value,
                shown: self.scope.show(worked.value, &worked.kind, &unit),
            }
        });
        let step = WorkingStep {
            kind: WorkingKind::Element,
            label,
            formulas: vec![self.render(&body.expr)],
            value: body.value,
            shown: self.scope.show(body.value, &body.kind, &unit),
            unit,
            weight,
            note: None,
            steps: std::mem::take(&mut self.steps),
        };
        (step, body.kind)
    }
}

fn fold(fold: Fold, steps: &[WorkingStep]) -> f64 {
    let values = steps.iter().map(|step| step.value);
    let sum = |values: &mut dyn Iterator<Item = f64>| {
        values.fold(0.0, |sum, value| op::finite_or_nan(sum + value))
    };
    let extreme = |two: BinaryOp| {
        let values = steps.iter().map(|step| step.value);
        values
            .reduce(|a, b| op::apply_binary(two, a, b))
            .unwrap_or(f64::NAN)
    };
    match fold {
        Fold::Sum | Fold::Count => sum(&mut values.into_iter()),
        Fold::Min => extreme(BinaryOp::Min),
        Fold::Max => extreme(BinaryOp::Max),
        Fold::Mean => {
            let weight = |step: &WorkingStep| step.weight.as_ref().map_or(1.0, |w| w.value);
            let weighted = sum(&mut steps.iter().map(|step| weight(step) * step.value));
            op::finite_or_nan(weighted / sum(&mut steps.iter().map(weight)))
        }
    }
}

/// Most values that are written out in a total.
const MOST_VALUES: usize = 40;

/// The arithmetic that combines the elements.
fn total(fold: Fold, steps: &[WorkingStep]) -> String {
    if steps.len() > MOST_VALUES {
        return format!("{fold}({NOT_TAKEN})");
    }
    let counted = |step: &WorkingStep| match fold {
        Fold::Count if step.value.is_nan() => "?".to_owned(),
        Fold::Count => step.value.to_string(),
        _ => bracketed(&step.shown),
    };
    let values: Vec<String> = steps.iter().map(counted).collect();
    match fold {
        Fold::Sum | Fold::Count if values.is_empty() => "0".to_owned(),
        _ if values.is_empty() => "?".to_owned(),
        Fold::Sum | Fold::Count => values.join(" + "),
        Fold::Min | Fold::Max => format!("{fold}({})", values.join(", ")),
        Fold::Mean => {
            let weights: Vec<&str> = steps
                .iter()
                .filter_map(|step| step.weight.as_ref().map(|w| w.shown.as_str()))
                .collect();
            if weights.len() < values.len() {
                return format!("({}) / {}", values.join(" + "), values.len());
            }
            let weighted = weights.iter().zip(&values);
            let weighted: Vec<String> = weighted
                .map(|(w, value)| format!("{w} * {value}"))
                .collect();
            let divisor = match weights[..] {
                [only] => bracketed(only),
                _ => format!("({})", weights.join(" + ")),
            };
            format!("({}) / {divisor}", weighted.join(" + "))
        }
    }
}
