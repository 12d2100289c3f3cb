//! Compiles an expression to a [`Program`]: team members are unrolled, units and texts become numbers.
//!
//! `graph` shares common terms and folds constants; `layout` drops unused values and assigns cells and registers.

mod graph;
mod layout;

use super::ast::{
    Expr, ExprKind, Fold, Function, Iteration, IterationSource, Operator, SpannedWord, seconds_of,
    split,
};
use super::operation::{One, Operation, Two};
use super::parse::split_it;
use super::types::{Collection, CollectionField, CollectionMember, Scope};
use super::{LookupTable, MOST_OPERATIONS, Program, TextCodes, check};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tr;
use graph::{Graph, Id};

/// Compiles a formula after checking it. Texts are given their codes by `words`, which must be the one that the facts use.
///
/// The inputs are the names that the formula uses and, for a collection `team`, `team.<id>.<field>` and
/// `team.<id>.<field>.<key>`.
///
/// # Errors
/// `None` when something was reported to `sink`: whatever [`check`](check()) finds, or `FormulaTooLarge`.
pub fn compile(
    expr: &Expr,
    scope: &dyn Scope,
    words: &mut TextCodes,
    sink: &mut Diagnostics,
) -> Option<Program> {
    check(expr, scope, sink)?;
    let mut compiler = Compiler {
        scope,
        words,
        graph: Graph::default(),
        locals: Vec::new(),
        visits: 0,
    };
    match compiler.expr(expr) {
        Some(result) => Some(layout::program(compiler.graph, result)),
        None => {
            let message = tr!(
                "the formula takes more than {MOST_OPERATIONS} operations",
                "公式展开后超过 {MOST_OPERATIONS} 次运算"
            );
            sink.push(
                Diagnostic::new(Code::FormulaTooLarge, expr.span(), message).hint(split_it()),
            );
            None
        }
    }
}

/// Parts of a formula that are looked at before it is given up: more than the limit of operations could ever need.
const MOST_VISITS: usize = 16 * MOST_OPERATIONS;

struct Compiler<'a> {
    scope: &'a dyn Scope,
    words: &'a mut TextCodes,
    graph: Graph,
    locals: Vec<(&'a str, Local<'a>)>,
    visits: usize,
}

/// What an iteration's variable stands for.
#[derive(Clone)]
enum Local<'a> {
    Member {
        /// `team.ann`
        input: String,
        of: &'a Collection,
        member: &'a CollectionMember,
    },
    Entry {
        /// `team.ann.skill.go`
        input: String,
        key: &'a str,
    },
    Round(Id),
}

impl<'a> Compiler<'a> {
    /// `None` when the formula is too large.
    fn expr(&mut self, expr: &'a Expr) -> Option<Id> {
        self.visits += 1;
        if self.visits > MOST_VISITS {
            return None;
        }
        let span = expr.span();
        match &expr.kind {
            ExprKind::Number { figure, unit } => Some(self.number(*figure, unit.as_ref())),
            ExprKind::Flag(flag) => Some(self.graph.constant(f64::from(u8::from(*flag)))),
            ExprKind::Text(text) => Some(self.word(text)),
            ExprKind::Date(date) => Some(self.graph.constant(seconds_of(*date))),
            ExprKind::Name(name) => self.name(name),
            ExprKind::Negate(inner) => self.one(One::Negate, inner, span),
            ExprKind::Not(inner) => self.one(One::Not, inner, span),
            ExprKind::Chain { first, rest } => {
                let mut left = self.expr(first)?;
                for link in rest {
                    let right = self.expr(&link.right)?;
                    left = self.operator(
                        link.operator,
                        left,
                        right,
                        first.span().to(link.right.span()),
                    )?;
                }
                Some(left)
            }
            ExprKind::Among { value, words } => self.among(value, words, span),
            ExprKind::Call {
                function,
                arguments,
            } => self.call(*function, arguments, span),
            ExprKind::Curve { table, arguments } => {
                let x = self.expr(&arguments[0])?;
                let Some(LookupTable::Curve {
                    points,
                    interpolate,
                    ..
                }) = self.scope.table(&table.text)
                else {
                    unreachable!("checked")
                };
                let curve = self.graph.curve(&table.text, points, *interpolate);
                self.graph.add(Operation::Curve(curve), &[x], span)
            }
            ExprKind::Keyed { table, keys } => self.keyed(table, keys, span),
            ExprKind::Each(each) => self.each(each, span),
        }
    }

    // --- leaves -----------------------------------------------------------------------------------------------------

    fn number(&mut self, figure: f64, unit: Option<&SpannedWord>) -> Id {
        let unit = unit.map(|word| {
            self.scope
                .units()
                .parse(&word.text)
                .expect("the unit was checked")
        });
        self.graph
            .constant(unit.map_or(figure, |unit| unit.to_base(figure)))
    }

    fn word(&mut self, text: &str) -> Id {
        let code = self.words.code(text);
        self.graph.constant(code)
    }

    fn local(&self, name: &str) -> Option<Local<'a>> {
        let (head, _) = split(name);
        self.locals
            .iter()
            .rev()
            .find(|(variable, _)| *variable == head)
            .map(|(_, local)| local.clone())
    }

    fn name(&mut self, name: &str) -> Option<Id> {
        let field = split(name).1.unwrap_or_default();
        match self.local(name) {
            None => Some(self.graph.input(name)),
            Some(Local::Round(round)) => Some(round),
            Some(Local::Member { input, .. }) => {
                Some(self.graph.input(&format!("{input}.{field}")))
            }
            Some(Local::Entry { key, .. }) if field == "key" => Some(self.word(key)),
            Some(Local::Entry { input, .. }) => Some(self.graph.input(&input)),
        }
    }

    // --- operators and functions ------------------------------------------------------------------------------------

    fn one(&mut self, one: One, inner: &'a Expr, span: Span) -> Option<Id> {
        let inner = self.expr(inner)?;
        self.graph.add(Operation::One(one), &[inner], span)
    }

    fn two(&mut self, two: Two, left: Id, right: Id, span: Span) -> Option<Id> {
        self.graph.add(Operation::Two(two), &[left, right], span)
    }

    fn operator(&mut self, operator: Operator, left: Id, right: Id, span: Span) -> Option<Id> {
        let (two, left, right) = match operator {
            Operator::Or => (Two::Or, left, right),
            Operator::And => (Two::And, left, right),
            Operator::Lt => (Two::Lt, left, right),
            Operator::Le => (Two::Le, left, right),
            Operator::Gt => (Two::Lt, right, left),
            Operator::Ge => (Two::Le, right, left),
            Operator::Eq => (Two::Eq, left, right),
            Operator::Ne => (Two::Ne, left, right),
            Operator::Add => (Two::Add, left, right),
            Operator::Sub => (Two::Sub, left, right),
            Operator::Mul => (Two::Mul, left, right),
            Operator::Div => (Two::Div, left, right),
            Operator::Pow => (Two::Pow, left, right),
        };
        self.two(two, left, right, span)
    }

    fn among(&mut self, value: &'a Expr, words: &'a [String], span: Span) -> Option<Id> {
        let value = self.expr(value)?;
        let mut found = self.graph.constant(0.0);
        for (at, word) in words.iter().enumerate() {
            let word = self.word(word);
            let this = self.two(Two::Eq, value, word, span)?;
            found = if at == 0 {
                this
            } else {
                self.two(Two::Or, found, this, span)?
            };
        }
        for joined in self.words.joined_of(words) {
            let joined = self.graph.constant(joined);
            let this = self.two(Two::Eq, value, joined, span)?;
            found = self.two(Two::Or, found, this, span)?;
        }
        Some(found)
    }

    fn call(&mut self, function: Function, arguments: &'a [Expr], span: Span) -> Option<Id> {
        let one = match function {
            Function::If => return self.choice(arguments, span),
            Function::Min => return self.least(Two::Min, arguments, span),
            Function::Max => return self.least(Two::Max, arguments, span),
            Function::Clamp => {
                let [x, low, high] = [&arguments[0], &arguments[1], &arguments[2]]
                    .map(|argument| self.expr(argument));
                return self.graph.add(Operation::Clamp, &[x?, low?, high?], span);
            }
            Function::Pow => {
                let (base, exponent) = (self.expr(&arguments[0])?, self.expr(&arguments[1])?);
                return self.two(Two::Pow, base, exponent, span);
            }
            Function::Known => One::Known,
            Function::Ceil => One::Ceil,
            Function::Floor => One::Floor,
            Function::Round => One::Round,
            Function::Abs => One::Abs,
            Function::Ln => One::Ln,
            Function::Log10 => One::Log10,
            Function::Exp => One::Exp,
            Function::Sqrt => One::Sqrt,
        };
        self.one(one, &arguments[0], span)
    }

    /// A branch that cannot be taken is not even compiled, so that its names are no inputs.
    fn choice(&mut self, arguments: &'a [Expr], span: Span) -> Option<Id> {
        let condition = self.expr(&arguments[0])?;
        if let Some(known) = self.graph.constant_of(condition) {
            return self.expr(&arguments[if known == 0.0 { 2 } else { 1 }]);
        }
        let (then, otherwise) = (self.expr(&arguments[1])?, self.expr(&arguments[2])?);
        self.graph
            .add(Operation::Select, &[condition, then, otherwise], span)
    }

    fn least(&mut self, two: Two, parts: &'a [Expr], span: Span) -> Option<Id> {
        let mut least = self.expr(&parts[0])?;
        for part in &parts[1..] {
            let part = self.expr(part)?;
            least = self.two(two, least, part, span)?;
        }
        Some(least)
    }

    // --- tables and maps --------------------------------------------------------------------------------------------

    fn keyed(&mut self, table: &'a SpannedWord, keys: &'a [Expr], span: Span) -> Option<Id> {
        let a = self.expr(&keys[0])?;
        if let Some(Local::Member { input, of, member }) = self.local(&table.text) {
            let field = split(&table.text)
                .1
                .expect("checked: a member's map has a name");
            return self.listed(&format!("{input}.{field}"), field, of, member, a, span);
        }
        let b = match keys.get(1) {
            Some(key) => self.expr(key)?,
            None => self.graph.constant(0.0),
        };
        let Some(LookupTable::Keyed { rows, default, .. }) = self.scope.table(&table.text) else {
            unreachable!("checked")
        };
        let rows = self.graph.rows(&table.text, rows, *default, self.words);
        self.graph.add(Operation::Row(rows), &[a, b], span)
    }

    /// The value under a key: a choice among those that the member lists.
    fn listed(
        &mut self,
        input: &str,
        field: &str,
        of: &Collection,
        member: &CollectionMember,
        key: Id,
        span: Span,
    ) -> Option<Id> {
        let absent = match of.fields.get(field) {
            Some(CollectionField::Map { absent, .. }) if absent.is_finite() => {
                self.graph.constant(*absent)
            }
            _ => self.graph.add(Operation::Absent, &[], span)?,
        };
        let mut value = absent;
        for listed in member.keys.get(field).into_iter().flatten() {
            let code = self.word(listed);
            let this = self.two(Two::Eq, key, code, span)?;
            let input = self.graph.input(&format!("{input}.{listed}"));
            value = self
                .graph
                .add(Operation::Select, &[this, input, value], span)?;
        }
        // With nothing listed a missing key would not be noticed.
        if member.keys.get(field).is_none_or(Vec::is_empty) {
            let known = self.two(Two::Eq, key, key, span)?;
            value = self
                .graph
                .add(Operation::Select, &[known, value, value], span)?;
        }
        Some(value)
    }

    // --- iterations -------------------------------------------------------------------------------------------------

    fn each(&mut self, each: &'a Iteration, span: Span) -> Option<Id> {
        match &each.over {
            IterationSource::Range { first, last } => self.range(each, first, last, span),
            IterationSource::Named(word) => self.unrolled(each, word, span),
        }
    }

    fn range(
        &mut self,
        each: &'a Iteration,
        first: &'a Expr,
        last: &'a Expr,
        span: Span,
    ) -> Option<Id> {
        let (first, last) = (self.expr(first)?, self.expr(last)?);
        let round = self.graph.open(first, last, span)?;
        let (value, weight) = self.round(each, Local::Round(round), span)?;
        self.graph.close(each.fold, value, weight, span)
    }

    /// What one round computes; a value that has a weight comes multiplied by it.
    fn round(
        &mut self,
        each: &'a Iteration,
        local: Local<'a>,
        span: Span,
    ) -> Option<(Id, Option<Id>)> {
        self.locals.push((&each.variable.text, local));
        let value = self.expr(&each.body);
        let weight = each.weight.as_ref().map(|weight| self.expr(weight));
        self.locals.pop();
        match weight {
            None => Some((value?, None)),
            Some(weight) => Some((self.two(Two::Mul, weight?, value?, span)?, Some(weight?))),
        }
    }

    fn unrolled(&mut self, each: &'a Iteration, word: &'a SpannedWord, span: Span) -> Option<Id> {
        let mut values = Vec::new();
        let mut weights = Vec::new();
        for local in self.members(word) {
            let (value, weight) = self.round(each, local, span)?;
            values.push(value);
            weights.extend(weight);
        }
        let total = match (each.fold, values.is_empty()) {
            (Fold::Sum | Fold::Count, true) => return Some(self.graph.constant(0.0)),
            (_, true) => return self.graph.add(Operation::Nothing, &[], span),
            (Fold::Sum | Fold::Count | Fold::Mean, _) => self.all(Two::Add, &values, span)?,
            (Fold::Min, _) => self.all(Two::Min, &values, span)?,
            (Fold::Max, _) => self.all(Two::Max, &values, span)?,
        };
        if each.fold != Fold::Mean {
            return Some(total);
        }
        let weight = match weights.is_empty() {
            true => self.graph.constant(values.len() as f64),
            false => self.all(Two::Add, &weights, span)?,
        };
        self.two(Two::Div, total, weight, span)
    }

    fn all(&mut self, two: Two, values: &[Id], span: Span) -> Option<Id> {
        values[1..]
            .iter()
            .try_fold(values[0], |left, &right| self.two(two, left, right, span))
    }

    fn members(&self, word: &'a SpannedWord) -> Vec<Local<'a>> {
        let name = &word.text;
        if let Some(Local::Member { input, member, .. }) = self.local(name) {
            let field = split(name).1.unwrap_or_default();
            let keys = member.keys.get(field).into_iter().flatten();
            return keys
                .map(|key| Local::Entry {
                    input: format!("{input}.{field}.{key}"),
                    key,
                })
                .collect();
        }
        let of = self
            .scope
            .collection(name)
            .expect("the collection was checked");
        of.members
            .iter()
            .map(|member| Local::Member {
                input: format!("{name}.{}", member.id),
                of,
                member,
            })
            .collect()
    }
}
