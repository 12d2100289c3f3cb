//! Works out calls: `if`, functions that files define, and questions about facts that their values do not answer.

use super::super::ast::{Expr, ExprKind, Function, split_name};
use super::super::{DefinedFunction, Type, licence};
use super::{Local, NOT_TAKEN, Worked, Worker, WorkingKind, WorkingStep, has_steps, rebuilt};
use crate::quantity::unit::Unit;

impl<'a> Worker<'a> {
    /// Whether a fact applies, which its value does not tell.
    pub(super) fn applies(&mut self, fact: &'a Expr) -> Worked {
        let ExprKind::Name(name) = &fact.kind else {
            unreachable!("checked")
        };
        let whole = match self.local(name) {
            Some(Local::Member(member, _)) => {
                format!(
                    "{}.{}",
                    member.input,
                    split_name(name).1.unwrap_or_default()
                )
            }
            _ => name.clone(),
        };
        let answer = self.scope.input(&format!("applies({whole})"));
        let value = answer.map_or(1.0, |answer| answer.value);
        self.answer(value)
    }

    /// Yes or no, as a figure.
    fn answer(&mut self, value: f64) -> Worked {
        let shown = self.scope.show(value, &Type::Flag, &Unit::one());
        self.leaf(value, Type::Flag, None, shown)
    }

    /// A call of a function that files define: its body, worked out with the arguments.
    pub(super) fn defined(
        &mut self,
        name: &str,
        function: &'a DefinedFunction,
        arguments: &'a [Expr],
    ) -> Worked {
        let mut bound = Vec::with_capacity(arguments.len());
        let mut shown = Vec::with_capacity(arguments.len());
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            let member = match &argument.kind {
                ExprKind::Name(name) if split_name(name).1.is_none() => self.local(name),
                _ => None,
            };
            let local = match member {
                Some(Local::Member(member, collection)) => {
                    shown.push(member.name.clone());
                    Local::Member(member, collection)
                }
                _ => {
                    let from = self.units.len();
                    let worked = self.expr(argument);
                    let unit = self.unit_for(&worked.kind, from);
                    let figure = match &worked.text {
                        Some(text) => format!("\"{text}\""),
                        None => self.scope.show(worked.value, &worked.kind, &unit),
                    };
                    shown.push(figure.clone());
                    Local::Argument {
                        value: worked.value,
                        kind: worked.kind,
                        text: worked.text,
                        shown: figure,
                    }
                }
            };
            bound.push((parameter.as_str(), local));
        }
        let above = std::mem::take(&mut self.steps);
        let outer = std::mem::replace(&mut self.frame, self.locals.len());
        self.locals.extend(bound);
        let from = self.units.len();
        let body = self.expr(&function.body);
        self.locals.truncate(self.frame);
        self.frame = outer;
        let steps = std::mem::replace(&mut self.steps, above);
        let unit = self.unit_for(&body.kind, from);
        let step = WorkingStep {
            kind: WorkingKind::Call,
            label: format!("{name}({})", shown.join(", ")),
            formulas: vec![self.render(&body.expr)],
            value: body.value,
            shown: self.scope.show(body.value, &body.kind, &unit),
            unit,
            weight: None,
            note: None,
            steps,
        };
        self.add_step(step, body.kind)
    }

    /// Whether a list allows a licence.
    pub(super) fn licence(&mut self, arguments: &'a [Expr]) -> Worked {
        let [asked, list] = [0, 1].map(|at| self.expr(&arguments[at]).value);
        let words = self.scope.words();
        let pair = words.text(asked).zip(words.entries_of(list));
        let allowed = pair.map_or(f64::NAN, |(asked, list)| {
            f64::from(u8::from(licence::is_allowed(asked, list)))
        });
        self.answer(allowed)
    }

    /// An `if`: only the branch that is taken is worked out.
    pub(super) fn choice(&mut self, arguments: &'a [Expr]) -> Worked {
        let condition = self.expr(&arguments[0]);
        let taken = match condition.value {
            answer if answer.is_nan() => None,
            0.0 => Some(2),
            _ => Some(1),
        };
        let mut branches = Vec::with_capacity(2);
        let (mut value, mut kind) = (f64::NAN, None);
        for at in [1, 2] {
            let branch = &arguments[at];
            if taken != Some(at) && has_steps(branch) {
                branches.push(self.figure(NOT_TAKEN.to_owned()));
                continue;
            }
            let worked = self.expr(branch);
            if taken == Some(at) {
                value = worked.value;
            }
            // The literal 0 fits every unit; the other branch says which.
            if kind.is_none() || !branch.is_zero() {
                kind = Some(worked.kind);
            }
            branches.push(worked.expr);
        }
        let arguments = std::iter::once(condition.expr).chain(branches).collect();
        rebuilt(
            value,
            kind.unwrap_or(Type::PLAIN),
            ExprKind::Call {
                function: Function::If,
                arguments,
            },
        )
    }
}
