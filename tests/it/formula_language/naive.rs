//! What a formula means, said a second time in the plainest way: one row at a time, straight from its shape. The program that
//! runs over columns must give the same bits.

use std::collections::BTreeMap;

use weigh::formula::{
    Expr, ExprKind, Fold, Function, Interpolate, Iteration, IterationSource, LookupTable, Operator,
    Scope, TextCodes, seconds_of,
};

const MISSING: f64 = f64::NAN;

/// One row: what names stand for in it.
pub(crate) struct Row<'a> {
    pub(crate) scope: &'a dyn Scope,
    pub(crate) words: &'a TextCodes,
    pub(crate) values: BTreeMap<String, f64>,
    /// Variables of iterations: `t` is a number, `s.key` a word, `p` or `s` a prefix of input names.
    pub(crate) variables: Vec<(String, Variable)>,
}

#[derive(Clone)]
pub(crate) enum Variable {
    Number(f64),
    Member(String, usize),
    Entry(String, String),
}

impl Row<'_> {
    pub(crate) fn value(&mut self, expr: &Expr) -> f64 {
        match &expr.kind {
            ExprKind::Number { figure, unit: None } => *figure,
            ExprKind::Number {
                figure,
                unit: Some(unit),
            } => self
                .scope
                .units()
                .parse(&unit.text)
                .expect("checked")
                .to_base(*figure),
            ExprKind::Flag(flag) => yes(*flag),
            ExprKind::Text(text) => self.code(text),
            ExprKind::Date(date) => seconds_of(*date),
            ExprKind::Name(name) => self.name(name),
            ExprKind::Negate(inner) => -self.value(inner),
            ExprKind::Not(inner) => 1.0 - self.value(inner),
            ExprKind::Chain { first, rest } => {
                let mut left = self.value(first);
                for link in rest {
                    let right = self.value(&link.right);
                    left = operate(link.operator, left, right);
                }
                left
            }
            ExprKind::Among { value, words } => {
                let value = self.value(value);
                if value.is_nan() {
                    MISSING
                } else {
                    yes(words.iter().any(|word| self.code(word) == value))
                }
            }
            ExprKind::Call {
                function,
                arguments,
            } => self.call(*function, arguments),
            ExprKind::Curve { table, arguments } => {
                let x = self.value(&arguments[0]);
                let Some(LookupTable::Curve {
                    points,
                    interpolate,
                    ..
                }) = self.scope.table(&table.text)
                else {
                    panic!("checked")
                };
                curve(points, *interpolate, x)
            }
            ExprKind::Keyed { table, keys } => self.keyed(&table.text, keys),
            ExprKind::Each(each) => self.each(each),
        }
    }

    fn code(&self, text: &str) -> f64 {
        self.words.find(text).expect("compiling met every text")
    }

    fn variable(&self, name: &str) -> Option<(Variable, String)> {
        let (head, field) = name.split_once('.').unwrap_or((name, ""));
        let (_, variable) = self
            .variables
            .iter()
            .rev()
            .find(|(variable, _)| variable == head)?;
        Some((variable.clone(), field.to_owned()))
    }

    /// Inputs that a program left out cannot matter; they are missing here.
    fn input(&self, name: &str) -> f64 {
        self.values.get(name).copied().unwrap_or(MISSING)
    }

    fn name(&self, name: &str) -> f64 {
        match self.variable(name) {
            None => self.input(name),
            Some((Variable::Number(number), _)) => number,
            Some((Variable::Member(prefix, _), field)) => self.input(&format!("{prefix}.{field}")),
            Some((Variable::Entry(_, key), field)) if field == "key" => self.code(&key),
            Some((Variable::Entry(input, _), _)) => self.input(&input),
        }
    }

    fn call(&mut self, function: Function, arguments: &[Expr]) -> f64 {
        if function == Function::If {
            let condition = self.value(&arguments[0]);
            return if condition.is_nan() {
                MISSING
            } else {
                self.value(&arguments[if condition == 1.0 { 1 } else { 2 }])
            };
        }
        let given: Vec<f64> = arguments
            .iter()
            .map(|argument| self.value(argument))
            .collect();
        if function == Function::Applies {
            return yes(true);
        }
        if function == Function::Known {
            return yes(!given[0].is_nan());
        }
        if given.iter().any(|value| value.is_nan()) {
            return MISSING;
        }
        let x = given[0];
        let nearly = if (x - x.round()).abs() <= 1e-9 * x.round().abs().max(1.0) {
            x.round()
        } else {
            x
        };
        finite(match function {
            Function::If | Function::Known | Function::Applies => unreachable!("taken above"),
            Function::LicenceAllowed => unreachable!("this world has no lists"),
            Function::Min => given
                .iter()
                .skip(1)
                .fold(x, |a, &b| if b < a { b } else { a }),
            Function::Max => given
                .iter()
                .skip(1)
                .fold(x, |a, &b| if b > a { b } else { a }),
            Function::Clamp if given[1] > given[2] => MISSING,
            Function::Clamp if x < given[1] => given[1],
            Function::Clamp if x > given[2] => given[2],
            Function::Clamp => x,
            Function::Ceil => nearly.ceil(),
            Function::Floor => nearly.floor(),
            Function::Round => x.round(),
            Function::Abs => x.abs(),
            Function::Ln => x.ln(),
            Function::Log10 => x.log10(),
            Function::Exp => x.exp(),
            Function::Sqrt => x.sqrt(),
            Function::Pow => power(x, given[1]),
        })
    }

    fn keyed(&mut self, name: &str, keys: &[Expr]) -> f64 {
        let codes: Vec<f64> = keys.iter().map(|key| self.value(key)).collect();
        if codes.iter().any(|code| code.is_nan()) {
            return MISSING;
        }
        if let Some((Variable::Member(prefix, at), field)) = self.variable(name) {
            let of = self
                .scope
                .collection(prefix.split('.').next().expect("a first part"))
                .expect("checked");
            let listed = of.members[at].keys.get(&field).into_iter().flatten();
            return match (
                listed.rev().find(|key| self.code(key) == codes[0]),
                &of.fields[&field],
            ) {
                (Some(key), _) => self.input(&format!("{prefix}.{field}.{key}")),
                (None, weigh::formula::CollectionField::Map { absent, .. }) => *absent,
                _ => panic!("checked"),
            };
        }
        let Some(LookupTable::Keyed { rows, default, .. }) = self.scope.table(name) else {
            panic!("checked")
        };
        let words: Option<Vec<String>> = codes
            .iter()
            .map(|&code| self.words.text(code).map(str::to_owned))
            .collect();
        words
            .and_then(|words| rows.get(&words).copied())
            .or(*default)
            .unwrap_or(MISSING)
    }

    fn each(&mut self, each: &Iteration) -> f64 {
        let Some(rounds) = self.rounds(&each.over) else {
            return MISSING;
        };
        let (mut total, mut weights, mut count) = (0.0, 0.0, 0);
        for round in rounds {
            self.variables.push((each.variable.text.clone(), round));
            let value = self.value(&each.body);
            let weight = each.weight.as_ref().map(|weight| self.value(weight));
            self.variables.pop();
            let value = weight.map_or(value, |weight| finite(weight * value));
            total = match each.fold {
                _ if count == 0 && !matches!(each.over, IterationSource::Range { .. }) => value,
                Fold::Sum | Fold::Mean | Fold::Count => finite(total + value),
                Fold::Min | Fold::Max if count == 0 => value,
                Fold::Min | Fold::Max if f64::is_nan(total) || value.is_nan() => MISSING,
                Fold::Min => {
                    if value < total {
                        value
                    } else {
                        total
                    }
                }
                Fold::Max => {
                    if value > total {
                        value
                    } else {
                        total
                    }
                }
            };
            weights = finite(weights + weight.unwrap_or(1.0));
            count += 1;
        }
        match each.fold {
            Fold::Sum | Fold::Count => total,
            _ if count == 0 => MISSING,
            Fold::Mean => finite(total / weights),
            Fold::Min | Fold::Max => total,
        }
    }

    fn rounds(&mut self, over: &IterationSource) -> Option<Vec<Variable>> {
        match over {
            IterationSource::Range { first, last } => {
                let (first, last) = (self.value(first), self.value(last));
                let span = last - first;
                let span = if (span - span.round()).abs() <= 1e-9 * span.round().abs().max(1.0) {
                    span.round()
                } else {
                    span
                };
                let count = span.floor() + 1.0;
                if first.is_nan() || last.is_nan() || count > 200.0 {
                    return None;
                }
                Some(
                    (0..count.max(0.0) as usize)
                        .map(|round| Variable::Number(first + round as f64))
                        .collect(),
                )
            }
            IterationSource::Named(word) => match self.variable(&word.text) {
                Some((Variable::Member(prefix, at), field)) => {
                    let of = self
                        .scope
                        .collection(prefix.split('.').next().expect("a first part"))
                        .expect("checked");
                    let keys = of.members[at].keys.get(&field).into_iter().flatten();
                    Some(
                        keys.map(|key| {
                            Variable::Entry(format!("{prefix}.{field}.{key}"), key.clone())
                        })
                        .collect(),
                    )
                }
                _ => {
                    let members = self
                        .scope
                        .collection(&word.text)
                        .expect("checked")
                        .members
                        .iter();
                    Some(
                        members
                            .enumerate()
                            .map(|(at, m)| Variable::Member(format!("{}.{}", word.text, m.id), at))
                            .collect(),
                    )
                }
            },
        }
    }
}

fn yes(flag: bool) -> f64 {
    if flag { 1.0 } else { 0.0 }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { MISSING }
}

fn operate(operator: Operator, a: f64, b: f64) -> f64 {
    match operator {
        Operator::And if a == 0.0 || b == 0.0 => return 0.0,
        Operator::Or if a == 1.0 || b == 1.0 => return 1.0,
        _ if a.is_nan() || b.is_nan() => return MISSING,
        _ => {}
    }
    // Computed figures are equal if they differ by at most a billionth of the larger one.
    let level = (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    finite(match operator {
        Operator::And => 1.0,
        Operator::Or => 0.0,
        Operator::Lt => yes(a < b && !level),
        Operator::Le => yes(a < b || level),
        Operator::Gt => yes(a > b && !level),
        Operator::Ge => yes(a > b || level),
        Operator::Eq => yes(level),
        Operator::Ne => yes(!level),
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mul => a * b,
        Operator::Div => a / b,
        Operator::Pow => power(a, b),
    })
}

/// Whole exponents up to 64 are multiplied out, by the square-and-multiply rule from the lowest bit up.
fn power(base: f64, exponent: f64) -> f64 {
    if exponent.fract() != 0.0 || exponent.abs() > 64.0 {
        return base.powf(exponent);
    }
    let whole = exponent.abs() as u32;
    let squares = std::iter::successors(Some(base), |square| Some(square * square));
    let product = squares
        .take(7)
        .enumerate()
        .filter(|(bit, _)| whole >> bit & 1 == 1)
        .fold(1.0, |all, (_, square)| all * square);
    if exponent < 0.0 {
        1.0 / product
    } else {
        product
    }
}

fn curve(points: &[(f64, f64)], interpolate: Interpolate, x: f64) -> f64 {
    if x.is_nan() || points.is_empty() {
        return MISSING;
    }
    if x < points[0].0 {
        return points[0].1;
    }
    let at = points
        .iter()
        .rposition(|point| point.0 <= x)
        .expect("x is not below the first");
    let Some(&(x1, y1)) = points.get(at + 1) else {
        return points[at].1;
    };
    let (x0, y0) = points[at];
    match interpolate {
        Interpolate::Step => y0,
        Interpolate::Linear => y0 + (y1 - y0) * ((x - x0) / (x1 - x0)),
        Interpolate::Log => y0 + (y1 - y0) * ((x.ln() - x0.ln()) / (x1.ln() - x0.ln())),
    }
}
