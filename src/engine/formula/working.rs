//! Works a formula out at one point, step by step: every lookup, and every element of an iteration, with its figures.
//!
//! The steps are meant for a reader with a pocket calculator. What they add up to is what [`Program::point`](super::Program::point)
//! computes.

mod call;
mod iteration;
mod lookup;

use super::ast::{ChainLink, Expr, ExprKind, ExprSpan, Function, Operator, seconds_of, split_name};
use super::operation::{self as op, BinaryOp, UnaryOp};
use super::{DefinedFunction, LookupTable, TextCodes, Type};
use crate::lang::Text;
use crate::quantity::unit::{Dimension, Unit, Units};

/// The values that a formula is worked out with, and how they are shown.
pub trait WorkingScope {
    /// Returns the value of an input of the program, such as `work.effort` or `team.ann.share`.
    fn input(&self, name: &str) -> Option<WorkingInput>;
    /// Returns the table called `name`.
    fn table(&self, name: &str) -> Option<&LookupTable>;
    /// Returns the function called `name` that files define.
    fn function(&self, name: &str) -> Option<&DefinedFunction>;
    /// Returns the elements of a collection, in order.
    fn members(&self, collection: &str) -> Vec<WorkingMember>;
    /// Returns the value (base units) and the unit of a key that a member's map does not list; `None` if it has no value.
    fn absent(&self, collection: &str, field: &str) -> Option<(f64, Unit)>;
    /// Returns the codes of texts.
    fn words(&self) -> &TextCodes;
    /// Returns the known units.
    fn units(&self) -> &Units;
    /// Formats a value (base units) for display, a number in `unit`.
    fn show(&self, value: f64, kind: &Type, unit: &Unit) -> String;
}

/// The value of an input.
#[derive(Clone, Debug)]
pub struct WorkingInput {
    /// In base units; NaN if missing.
    pub value: f64,
    pub kind: Type,
    pub unit: Unit,
    /// The value, formatted for display.
    pub shown: String,
}

/// An element of a collection.
#[derive(Clone, Debug)]
pub struct WorkingMember {
    /// The prefix of its inputs: `team.ann`.
    pub input: String,
    /// Its name on the page.
    pub name: String,
    /// The keys that each map field lists.
    pub keys: Vec<(String, Vec<String>)>,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkingKind {
    /// Looks up a value of an element, `p.skill["go"]`, or a row of a table.
    Lookup,
    /// Computes a bound of a range.
    Bound,
    /// Folds the values of its inner steps.
    Iteration,
    /// Computes a function that files define.
    Call,
    /// Computes the value of one element.
    Element,
}

impl WorkingKind {
    /// Returns the word used in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Lookup => "lookup",
            Self::Bound => "bound",
            Self::Iteration => "iteration",
            Self::Call => "call",
            Self::Element => "element",
        }
    }
}

/// One step.
#[derive(Clone, Debug)]
pub struct WorkingStep {
    pub kind: WorkingKind,
    /// `p = ann` for an element, the formula as it is written for an iteration, else empty.
    pub label: String,
    /// Expressions with figures, from the written form to plain arithmetic. All of them equal the value.
    pub formulas: Vec<String>,
    /// In base units; NaN if undefined.
    pub value: f64,
    /// The unit it is shown in.
    pub unit: Unit,
    pub shown: String,
    /// The weight of an element: its formula, value and display.
    pub weight: Option<WorkingWeight>,
    /// What is assumed or was looked up.
    pub note: Option<Text>,
    /// The steps that its formulas rest on.
    pub steps: Vec<WorkingStep>,
}

/// The weight of an element in a mean.
#[derive(Clone, Debug)]
pub struct WorkingWeight {
    pub formula: String,
    /// In base units.
    pub value: f64,
    pub shown: String,
}

/// A formula worked out.
#[derive(Clone, Debug)]
pub struct Working {
    /// In base units; NaN if undefined.
    pub value: f64,
    /// The formula with figures in place of names, lookups and iterations.
    pub formula: String,
    /// The steps behind those figures.
    pub steps: Vec<WorkingStep>,
}

/// Stands for a branch that is not taken.
pub const NOT_TAKEN: &str = "...";

/// Works out a formula that [`check`](super::check()) accepts. `unit` is the one that its result is shown in.
#[must_use]
pub fn work_out(expr: &Expr, unit: &Unit, scope: &dyn WorkingScope) -> Working {
    let mut worker = Worker {
        scope,
        locals: Vec::new(),
        frame: 0,
        shown: Vec::new(),
        units: vec![unit.clone()],
        steps: Vec::new(),
        texts: Vec::new(),
    };
    let worked = worker.expr(expr);
    if matches!(expr.kind, ExprKind::Each(_))
        && let Some(last) = worker.steps.pop()
    {
        // The formula is the iteration: its total is the result.
        let mut steps = worker.steps;
        steps.extend(last.steps);
        let formula = last.formulas.into_iter().next().unwrap_or(last.shown);
        return Working {
            value: worked.value,
            formula,
            steps,
        };
    }
    Working {
        value: worked.value,
        formula: worker.render(&worked.expr),
        steps: worker.steps,
    }
}

struct Worker<'a> {
    scope: &'a dyn WorkingScope,
    locals: Vec<(&'a str, Local)>,
    /// Where the variables of the function that is being worked out begin in `locals`.
    frame: usize,
    /// Figures that stand in rewritten expressions as `#0`, `#1`, ...
    shown: Vec<String>,
    /// Units met so far; a computed value is shown in one of them.
    units: Vec<Unit>,
    steps: Vec<WorkingStep>,
    /// Texts of the formula that no fact has.
    texts: Vec<String>,
}

/// The value of a loop variable.
#[derive(Clone)]
enum Local {
    Member(WorkingMember, String),
    Entry {
        input: String,
        key: String,
    },
    Round(f64),
    /// The argument of a call.
    Argument {
        value: f64,
        kind: Type,
        text: Option<String>,
        shown: String,
    },
}

struct Worked {
    value: f64,
    kind: Type,
    /// The text behind the code, for keys.
    text: Option<String>,
    /// The expression with figures in place of names.
    expr: Expr,
}

impl Worked {
    fn is_figure(&self) -> bool {
        matches!(
            self.expr.kind,
            ExprKind::Name(_) | ExprKind::Number { .. } | ExprKind::Flag(_)
        )
    }
}

impl<'a> Worker<'a> {
    fn render(&self, expr: &Expr) -> String {
        expr.substitute(&|name| {
            let at: usize = name.strip_prefix('#')?.parse().ok()?;
            self.shown.get(at).cloned()
        })
    }

    /// Returns an expression that is printed as this figure.
    fn figure(&mut self, shown: String) -> Expr {
        self.shown.push(shown);
        Expr {
            kind: ExprKind::Name(format!("#{}", self.shown.len() - 1)),
            place: ExprSpan::default(),
        }
    }

    /// Returns a unit for a computed value: one met since `from`, else one met before, else the base unit.
    fn unit_for(&self, kind: &Type, from: usize) -> Unit {
        let Type::Number(dimension) = kind else {
            return Unit::one();
        };
        if dimension.is_none() {
            return Unit::one();
        }
        let (before, since) = self.units.split_at(from.min(self.units.len()));
        since
            .iter()
            .chain(before)
            .find(|unit| unit.dimension() == dimension)
            .cloned()
            .unwrap_or_else(|| Unit::base_of(dimension))
    }

    fn code(&mut self, text: &str) -> f64 {
        if let Some(code) = self.scope.words().find(text) {
            return code;
        }
        let at = self.texts.iter().position(|own| own == text);
        let at = at.unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        });
        // Below all codes of facts.
        -1.0 - at as f64
    }

    fn expr(&mut self, expr: &'a Expr) -> Worked {
        let kept = |value: f64, kind: Type| Worked {
            value,
            kind,
            text: None,
            expr: expr.clone(),
        };
        match &expr.kind {
            ExprKind::Number { figure, unit } => {
                let unit = unit
                    .as_ref()
                    .and_then(|word| self.scope.units().parse(&word.text).ok());
                let Some(unit) = unit else {
                    return kept(*figure, Type::PLAIN);
                };
                let worked = kept(
                    unit.to_base(*figure),
                    Type::Number(unit.dimension().clone()),
                );
                self.units.push(unit);
                worked
            }
            ExprKind::Flag(flag) => kept(f64::from(u8::from(*flag)), Type::Flag),
            ExprKind::Text(text) => Worked {
                text: Some(text.clone()),
                ..kept(self.code(text), Type::Text)
            },
            ExprKind::Date(date) => kept(seconds_of(*date), Type::Date),
            ExprKind::Name(name) => self.name(name),
            ExprKind::Negate(inner) => {
                let inner = self.expr(inner);
                let value = op::apply_unary(UnaryOp::Negate, inner.value);
                let kind = inner.kind.clone();
                rebuilt(value, kind, ExprKind::Negate(Box::new(inner.expr)))
            }
            ExprKind::Not(inner) => {
                let inner = self.expr(inner);
                let value = op::apply_unary(UnaryOp::Not, inner.value);
                rebuilt(value, Type::Flag, ExprKind::Not(Box::new(inner.expr)))
            }
            ExprKind::Chain { first, rest } => self.chain(first, rest),
            ExprKind::Among { value, words } => self.among(value, words),
            ExprKind::Call {
                function,
                arguments,
            } => self.call(*function, arguments),
            ExprKind::Curve { table, arguments } => match self.scope.function(&table.text) {
                Some(function) => self.defined(&table.text, function, arguments),
                None => self.curve(table, &arguments[0]),
            },
            ExprKind::Keyed { table, keys } => self.keyed(table, keys),
            ExprKind::Each(each) => self.iteration(expr, each),
        }
    }

    // --- leaves -----------------------------------------------------------------------------------------------------

    fn local(&self, name: &str) -> Option<Local> {
        let (head, _) = split_name(name);
        let visible = self.locals[self.frame..].iter().rev();
        let bound = visible.clone().find(|(own, _)| *own == head);
        bound.map(|(_, local)| local.clone())
    }

    fn name(&mut self, name: &str) -> Worked {
        let field = split_name(name).1.unwrap_or_default();
        match self.local(name) {
            None => self.input(name),
            Some(Local::Round(round)) => {
                let shown = self.scope.show(round, &Type::PLAIN, &Unit::one());
                self.leaf(round, Type::PLAIN, None, shown)
            }
            Some(Local::Argument {
                value,
                kind,
                text,
                shown,
            }) => self.leaf(value, kind, text, shown),
            Some(Local::Member(member, _)) => self.input(&format!("{}.{field}", member.input)),
            Some(Local::Entry { key, .. }) if field == "key" => {
                let code = self.code(&key);
                let shown = format!("\"{key}\"");
                self.leaf(code, Type::Text, Some(key), shown)
            }
            Some(Local::Entry { input, .. }) => self.input(&input),
        }
    }

    fn leaf(&mut self, value: f64, kind: Type, text: Option<String>, shown: String) -> Worked {
        Worked {
            value,
            kind,
            text,
            expr: self.figure(shown),
        }
    }

    fn input(&mut self, name: &str) -> Worked {
        let Some(input) = self.scope.input(name) else {
            return self.leaf(f64::NAN, Type::PLAIN, None, "?".to_owned());
        };
        self.units.push(input.unit);
        let text = (input.kind == Type::Text)
            .then(|| self.scope.words().text(input.value).map(str::to_owned))
            .flatten();
        self.leaf(input.value, input.kind, text, input.shown)
    }

    // --- operators and functions ------------------------------------------------------------------------------------

    fn chain(&mut self, first: &'a Expr, rest: &'a [ChainLink]) -> Worked {
        let mut left = self.expr(first);
        let mut is_zero = first.is_zero();
        let mut links = Vec::with_capacity(rest.len());
        for link in rest {
            let right = self.expr(&link.right);
            let kind = match link.operator {
                Operator::Add | Operator::Sub if is_zero => right.kind.clone(),
                operator => kind_of_chain(operator, &left.kind, &right.kind, right.value),
            };
            is_zero = false;
            left.value = apply_operator(link.operator, left.value, right.value);
            left.kind = kind;
            links.push(ChainLink {
                operator: link.operator,
                place: link.place,
                right: right.expr,
            });
        }
        rebuilt(
            left.value,
            left.kind,
            ExprKind::Chain {
                first: Box::new(left.expr),
                rest: links,
            },
        )
    }

    fn among(&mut self, value: &'a Expr, words: &'a [String]) -> Worked {
        let value = self.expr(value);
        let listed: Vec<f64> = words.iter().map(|word| self.code(word)).collect();
        let joined = self.scope.words().joined_of(words);
        let found = if value.value.is_nan() {
            f64::NAN
        } else {
            let found = listed
                .iter()
                .chain(&joined)
                .any(|code| *code == value.value);
            f64::from(u8::from(found))
        };
        rebuilt(
            found,
            Type::Flag,
            ExprKind::Among {
                value: Box::new(value.expr),
                words: words.to_vec(),
            },
        )
    }

    fn call(&mut self, function: Function, arguments: &'a [Expr]) -> Worked {
        match function {
            Function::If => return self.choice(arguments),
            Function::Applies => return self.applies(&arguments[0]),
            Function::LicenceAllowed => return self.licence(arguments),
            _ => {}
        }
        let worked: Vec<Worked> = arguments.iter().map(|part| self.expr(part)).collect();
        let values: Vec<f64> = worked.iter().map(|part| part.value).collect();
        let own = arguments.iter().zip(&worked);
        let kind = own
            .clone()
            .find(|(written, _)| !written.is_zero())
            .or_else(|| own.clone().next())
            .map_or(Type::PLAIN, |(_, part)| part.kind.clone());
        let all = |two: BinaryOp| {
            let folded = values.iter().copied();
            folded.reduce(|a, b| op::apply_binary(two, a, b))
        };
        let one = |one: UnaryOp| op::apply_unary(one, values[0]);
        let (value, kind) = match function {
            Function::If | Function::Applies | Function::LicenceAllowed => {
                unreachable!("handled above")
            }
            Function::Known => (one(UnaryOp::Known), Type::Flag),
            Function::Min => (all(BinaryOp::Min).unwrap_or(f64::NAN), kind),
            Function::Max => (all(BinaryOp::Max).unwrap_or(f64::NAN), kind),
            Function::Clamp => (op::clamp(values[0], values[1], values[2]), kind),
            Function::Pow => {
                let kind = kind_of_chain(Operator::Pow, &worked[0].kind, &kind, values[1]);
                (op::power(values[0], values[1]), kind)
            }
            Function::Ceil => (one(UnaryOp::Ceil), kind),
            Function::Floor => (one(UnaryOp::Floor), kind),
            Function::Round => (one(UnaryOp::Round), kind),
            Function::Abs => (one(UnaryOp::Abs), kind),
            Function::Ln => (one(UnaryOp::Ln), Type::PLAIN),
            Function::Log10 => (one(UnaryOp::Log10), Type::PLAIN),
            Function::Exp => (one(UnaryOp::Exp), Type::PLAIN),
            Function::Sqrt => {
                let kind = match kind {
                    Type::Number(d) => Type::Number(d.root().unwrap_or(Dimension::NONE)),
                    other => other,
                };
                (one(UnaryOp::Sqrt), kind)
            }
        };
        let arguments = worked.into_iter().map(|part| part.expr).collect();
        rebuilt(
            value,
            kind,
            ExprKind::Call {
                function,
                arguments,
            },
        )
    }

    // --- steps ------------------------------------------------------------------------------------------------------

    /// Adds a step unless the same one is there already, and returns its value as a figure.
    fn add_step(&mut self, step: WorkingStep, kind: Type) -> Worked {
        let shown = step.shown.clone();
        let value = step.value;
        self.units.push(step.unit.clone());
        let is_known = self.steps.iter().any(|own| {
            (own.kind, &own.label, own.formulas.first())
                == (step.kind, &step.label, step.formulas.first())
        });
        if !is_known {
            self.steps.push(step);
        }
        self.leaf(value, kind, None, shown)
    }
}

fn rebuilt(value: f64, kind: Type, expr: ExprKind) -> Worked {
    Worked {
        value,
        kind,
        text: None,
        expr: Expr {
            kind: expr,
            place: ExprSpan::default(),
        },
    }
}

/// Returns whether working out the expression adds steps.
fn has_steps(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number { .. }
        | ExprKind::Flag(_)
        | ExprKind::Text(_)
        | ExprKind::Date(_)
        | ExprKind::Name(_) => false,
        ExprKind::Negate(inner) | ExprKind::Not(inner) | ExprKind::Among { value: inner, .. } => {
            has_steps(inner)
        }
        ExprKind::Chain { first, rest } => {
            has_steps(first) || rest.iter().any(|link| has_steps(&link.right))
        }
        ExprKind::Call { arguments, .. } => arguments.iter().any(has_steps),
        ExprKind::Curve { .. } | ExprKind::Keyed { .. } | ExprKind::Each(_) => true,
    }
}

fn apply_operator(operator: Operator, a: f64, b: f64) -> f64 {
    let (two, a, b) = match operator {
        Operator::Or => (BinaryOp::Or, a, b),
        Operator::And => (BinaryOp::And, a, b),
        Operator::Lt => (BinaryOp::Lt, a, b),
        Operator::Le => (BinaryOp::Le, a, b),
        Operator::Gt => (BinaryOp::Lt, b, a),
        Operator::Ge => (BinaryOp::Le, b, a),
        Operator::Eq => (BinaryOp::Eq, a, b),
        Operator::Ne => (BinaryOp::Ne, a, b),
        Operator::Add => (BinaryOp::Add, a, b),
        Operator::Sub => (BinaryOp::Sub, a, b),
        Operator::Mul => (BinaryOp::Mul, a, b),
        Operator::Div => (BinaryOp::Div, a, b),
        Operator::Pow => (BinaryOp::Pow, a, b),
    };
    op::apply_binary(two, a, b)
}

fn kind_of_chain(operator: Operator, left: &Type, right: &Type, exponent: f64) -> Type {
    match (operator, left, right) {
        (Operator::Mul, Type::Number(a), Type::Number(b)) => Type::Number(a.times(b)),
        (Operator::Div, Type::Number(a), Type::Number(b)) => Type::Number(a.over(b)),
        (Operator::Pow, Type::Number(a), _) if !a.is_none() => {
            Type::Number(a.power(exponent.clamp(-100.0, 100.0) as i8))
        }
        (Operator::Sub, Type::Date, Type::Date) => Type::Number(Dimension::time()),
        (Operator::Add, Type::Number(_), Type::Date) => Type::Date,
        (Operator::Add | Operator::Sub | Operator::Mul | Operator::Div | Operator::Pow, ..) => {
            left.clone()
        }
        _ => Type::Flag,
    }
}

/// A figure as an operand: a negative one, or one with a `/` in its unit, gets brackets.
fn bracketed(figure: &str) -> String {
    if figure.starts_with('-') || figure.contains('/') {
        format!("({figure})")
    } else {
        figure.to_owned()
    }
}
