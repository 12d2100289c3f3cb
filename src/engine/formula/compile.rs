//! Compiles an expression to a [`Program`]: unrolls team members and turns units and texts into numbers.
//!
//! `graph` shares common subexpressions and folds constants; `layout` drops unused values and assigns cells and registers.

mod graph;
mod layout;

use super::ast::{
    Expr, ExprKind, Fold, Function, Iteration, IterationSource, Operator, SpannedWord, seconds_of,
    split_name,
};
use super::operation::{BinaryOp, Operation, UnaryOp};
use super::parse::split_formula_hint;
use super::types::{Collection, CollectionField, CollectionMember, DefinedFunction, Scope};
use super::{LookupTable, MAX_OPERATIONS, Program, TextCodes, check};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tr;
use graph::{ValueGraph, ValueId};

/// Checks and compiles a formula. `words` assigns the codes of texts and must be the one used for the facts.
///
/// The inputs are the names that the formula uses and, for a collection `team`, `team.<id>.<field>` and
/// `team.<id>.<field>.<key>`.
///
/// # Errors
/// Returns `None` after reporting to `sink` the problems that [`check`](check()) finds, or `FormulaTooLarge`.
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
        graph: ValueGraph::default(),
        locals: Vec::new(),
        frame: 0,
        visits: 0,
    };
    match compiler.compile_expr(expr) {
        Some(result) => Some(layout::lay_out_program(compiler.graph, result)),
        None => {
            let message = tr!(
                "the formula takes more than {MAX_OPERATIONS} operations",
                "公式展开后超过 {MAX_OPERATIONS} 次运算"
            );
            sink.push(
                Diagnostic::new(Code::FormulaTooLarge, expr.span(), message)
                    .hint(split_formula_hint()),
            );
            None
        }
    }
}

/// How the input of `applies(fact)` begins.
const APPLIES: &str = "applies(";

/// Returns the fact that an input asks about, if it is that of `applies(fact)`.
#[must_use]
pub fn applies_to(input: &str) -> Option<&str> {
    input.strip_prefix(APPLIES)?.strip_suffix(')')
}

/// Maximum number of subexpressions visited before the formula is rejected as too large.
const MAX_VISITS: usize = 16 * MAX_OPERATIONS;

struct Compiler<'a> {
    scope: &'a dyn Scope,
    words: &'a mut TextCodes,
    graph: ValueGraph,
    locals: Vec<(&'a str, LoopBinding<'a>)>,
    /// Where the variables of the function that is being compiled begin in `locals`.
    frame: usize,
    visits: usize,
}

/// The value of a loop variable.
#[derive(Clone)]
enum LoopBinding<'a> {
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
    /// A number of a range, or the argument of a call.
    Value(ValueId),
}

impl<'a> Compiler<'a> {
    /// Compiles an expression; `None` if the formula is too large.
    fn compile_expr(&mut self, expr: &'a Expr) -> Option<ValueId> {
        self.visits += 1;
        if self.visits > MAX_VISITS {
            return None;
        }
        let span = expr.span();
        match &expr.kind {
            ExprKind::Number { figure, unit } => Some(self.number_constant(*figure, unit.as_ref())),
            ExprKind::Flag(flag) => Some(self.graph.add_constant(f64::from(u8::from(*flag)))),
            ExprKind::Text(text) => Some(self.text_constant(text)),
            ExprKind::Date(date) => Some(self.graph.add_constant(seconds_of(*date))),
            ExprKind::Name(name) => self.compile_name(name),
            ExprKind::Negate(inner) => self.add_unary(UnaryOp::Negate, inner, span),
            ExprKind::Not(inner) => self.add_unary(UnaryOp::Not, inner, span),
            ExprKind::Chain { first, rest } => {
                let mut left = self.compile_expr(first)?;
                for link in rest {
                    let right = self.compile_expr(&link.right)?;
                    left = self.compile_operator(
                        link.operator,
                        left,
                        right,
                        first.span().to(link.right.span()),
                    )?;
                }
                Some(left)
            }
            ExprKind::Among { value, words } => self.compile_among(value, words, span),
            ExprKind::Call {
                function,
                arguments,
            } => self.compile_call(*function, arguments, span),
            ExprKind::Curve { table, arguments } => {
                if let Some(function) = self.scope.function(&table.text) {
                    return self.compile_defined(function, arguments);
                }
                let x = self.compile_expr(&arguments[0])?;
                let Some(LookupTable::Curve {
                    points,
                    interpolate,
                    ..
                }) = self.scope.table(&table.text)
                else {
                    unreachable!("checked")
                };
                let curve = self.graph.add_curve(&table.text, points, *interpolate);
                self.graph
                    .add_operation(Operation::Curve(curve), &[x], span)
            }
            ExprKind::Keyed { table, keys } => self.compile_keyed(table, keys, span),
            ExprKind::Each(each) => self.compile_iteration(each, span),
        }
    }

    // --- leaves -----------------------------------------------------------------------------------------------------

    fn number_constant(&mut self, figure: f64, unit: Option<&SpannedWord>) -> ValueId {
        let unit = unit.map(|word| {
            self.scope
                .units()
                .parse(&word.text)
                .expect("the unit was checked")
        });
        self.graph
            .add_constant(unit.map_or(figure, |unit| unit.to_base(figure)))
    }

    fn text_constant(&mut self, text: &str) -> ValueId {
        let code = self.words.code(text);
        self.graph.add_constant(code)
    }

    /// Compiles the body of a function with its parameters bound to the arguments.
    fn compile_defined(
        &mut self,
        function: &'a DefinedFunction,
        arguments: &'a [Expr],
    ) -> Option<ValueId> {
        let mut bound = Vec::with_capacity(arguments.len());
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            let member = match &argument.kind {
                ExprKind::Name(name) => self.find_binding(name).filter(|binding| {
                    matches!(binding, LoopBinding::Member { .. }) && split_name(name).1.is_none()
                }),
                _ => None,
            };
            let binding = match member {
                Some(member) => member,
                None => LoopBinding::Value(self.compile_expr(argument)?),
            };
            bound.push((parameter.as_str(), binding));
        }
        let outer = std::mem::replace(&mut self.frame, self.locals.len());
        self.locals.extend(bound);
        let value = self.compile_expr(&function.body);
        self.locals.truncate(self.frame);
        self.frame = outer;
        value
    }

    fn find_binding(&self, name: &str) -> Option<LoopBinding<'a>> {
        let (head, _) = split_name(name);
        self.locals[self.frame..]
            .iter()
            .rev()
            .find(|(variable, _)| *variable == head)
            .map(|(_, local)| local.clone())
    }

    fn compile_name(&mut self, name: &str) -> Option<ValueId> {
        let field = split_name(name).1.unwrap_or_default();
        match self.find_binding(name) {
            None => Some(self.graph.add_input(name)),
            Some(LoopBinding::Value(value)) => Some(value),
            Some(LoopBinding::Member { input, .. }) => {
                Some(self.graph.add_input(&format!("{input}.{field}")))
            }
            Some(LoopBinding::Entry { key, .. }) if field == "key" => Some(self.text_constant(key)),
            Some(LoopBinding::Entry { input, .. }) => Some(self.graph.add_input(&input)),
        }
    }

    // --- operators and functions ------------------------------------------------------------------------------------

    fn add_unary(&mut self, one: UnaryOp, inner: &'a Expr, span: Span) -> Option<ValueId> {
        let inner = self.compile_expr(inner)?;
        self.graph
            .add_operation(Operation::Unary(one), &[inner], span)
    }

    fn add_binary(
        &mut self,
        two: BinaryOp,
        left: ValueId,
        right: ValueId,
        span: Span,
    ) -> Option<ValueId> {
        self.graph
            .add_operation(Operation::Binary(two), &[left, right], span)
    }

    fn compile_operator(
        &mut self,
        operator: Operator,
        left: ValueId,
        right: ValueId,
        span: Span,
    ) -> Option<ValueId> {
        let (two, left, right) = match operator {
            Operator::Or => (BinaryOp::Or, left, right),
            Operator::And => (BinaryOp::And, left, right),
            Operator::Lt => (BinaryOp::Lt, left, right),
            Operator::Le => (BinaryOp::Le, left, right),
            Operator::Gt => (BinaryOp::Lt, right, left),
            Operator::Ge => (BinaryOp::Le, right, left),
            Operator::Eq => (BinaryOp::Eq, left, right),
            Operator::Ne => (BinaryOp::Ne, left, right),
            Operator::Add => (BinaryOp::Add, left, right),
            Operator::Sub => (BinaryOp::Sub, left, right),
            Operator::Mul => (BinaryOp::Mul, left, right),
            Operator::Div => (BinaryOp::Div, left, right),
            Operator::Pow => (BinaryOp::Pow, left, right),
        };
        self.add_binary(two, left, right, span)
    }

    fn compile_among(
        &mut self,
        value: &'a Expr,
        words: &'a [String],
        span: Span,
    ) -> Option<ValueId> {
        let value = self.compile_expr(value)?;
        let mut found = self.graph.add_constant(0.0);
        for (at, word) in words.iter().enumerate() {
            let word = self.text_constant(word);
            let this = self.add_binary(BinaryOp::Eq, value, word, span)?;
            found = if at == 0 {
                this
            } else {
                self.add_binary(BinaryOp::Or, found, this, span)?
            };
        }
        for joined in self.words.joined_of(words) {
            let joined = self.graph.add_constant(joined);
            let this = self.add_binary(BinaryOp::Eq, value, joined, span)?;
            found = self.add_binary(BinaryOp::Or, found, this, span)?;
        }
        Some(found)
    }

    fn compile_call(
        &mut self,
        function: Function,
        arguments: &'a [Expr],
        span: Span,
    ) -> Option<ValueId> {
        let one = match function {
            Function::LicenceAllowed => {
                let (licence, list) = (
                    self.compile_expr(&arguments[0])?,
                    self.compile_expr(&arguments[1])?,
                );
                let allowed = self.words.allowed_licences();
                // No table has a name with brackets.
                let rows = self
                    .graph
                    .add_rows("licence_allowed()", &allowed, None, self.words);
                return self
                    .graph
                    .add_operation(Operation::Row(rows), &[licence, list], span);
            }
            Function::Applies => return self.compile_applies(&arguments[0]),
            Function::If => return self.compile_if(arguments, span),
            Function::Min => return self.compile_extreme(BinaryOp::Min, arguments, span),
            Function::Max => return self.compile_extreme(BinaryOp::Max, arguments, span),
            Function::Clamp => {
                let [x, low, high] = [&arguments[0], &arguments[1], &arguments[2]]
                    .map(|argument| self.compile_expr(argument));
                return self
                    .graph
                    .add_operation(Operation::Clamp, &[x?, low?, high?], span);
            }
            Function::Pow => {
                let (base, exponent) = (
                    self.compile_expr(&arguments[0])?,
                    self.compile_expr(&arguments[1])?,
                );
                return self.add_binary(BinaryOp::Pow, base, exponent, span);
            }
            Function::Known => UnaryOp::Known,
            Function::Ceil => UnaryOp::Ceil,
            Function::Floor => UnaryOp::Floor,
            Function::Round => UnaryOp::Round,
            Function::Abs => UnaryOp::Abs,
            Function::Ln => UnaryOp::Ln,
            Function::Log10 => UnaryOp::Log10,
            Function::Exp => UnaryOp::Exp,
            Function::Sqrt => UnaryOp::Sqrt,
        };
        self.add_unary(one, &arguments[0], span)
    }

    /// Compiles `applies(fact)` to an input of its own: whether a fact applies cannot be seen from its value.
    fn compile_applies(&mut self, fact: &'a Expr) -> Option<ValueId> {
        let ExprKind::Name(name) = &fact.kind else {
            unreachable!("checked")
        };
        let whole = match self.find_binding(name) {
            None => name.clone(),
            Some(LoopBinding::Member { input, .. }) => {
                format!("{input}.{}", split_name(name).1.unwrap_or_default())
            }
            Some(LoopBinding::Entry { .. } | LoopBinding::Value(_)) => {
                return Some(self.graph.add_constant(1.0));
            }
        };
        Some(self.graph.add_input(&format!("{APPLIES}{whole})")))
    }

    /// Compiles an `if`. A branch that cannot be taken is not compiled, so its names do not become inputs.
    fn compile_if(&mut self, arguments: &'a [Expr], span: Span) -> Option<ValueId> {
        let condition = self.compile_expr(&arguments[0])?;
        if let Some(known) = self.graph.constant_of(condition) {
            return self.compile_expr(&arguments[if known == 0.0 { 2 } else { 1 }]);
        }
        let (then, otherwise) = (
            self.compile_expr(&arguments[1])?,
            self.compile_expr(&arguments[2])?,
        );
        self.graph
            .add_operation(Operation::Select, &[condition, then, otherwise], span)
    }

    fn compile_extreme(&mut self, two: BinaryOp, parts: &'a [Expr], span: Span) -> Option<ValueId> {
        let mut least = self.compile_expr(&parts[0])?;
        for part in &parts[1..] {
            let part = self.compile_expr(part)?;
            least = self.add_binary(two, least, part, span)?;
        }
        Some(least)
    }

    // --- tables and maps --------------------------------------------------------------------------------------------

    fn compile_keyed(
        &mut self,
        table: &'a SpannedWord,
        keys: &'a [Expr],
        span: Span,
    ) -> Option<ValueId> {
        let a = self.compile_expr(&keys[0])?;
        if let Some(LoopBinding::Member { input, of, member }) = self.find_binding(&table.text) {
            let field = split_name(&table.text)
                .1
                .expect("checked: a member's map has a name");
            return self.select_listed(&format!("{input}.{field}"), field, of, member, a, span);
        }
        let b = match keys.get(1) {
            Some(key) => self.compile_expr(key)?,
            None => self.graph.add_constant(0.0),
        };
        let Some(LookupTable::Keyed { rows, default, .. }) = self.scope.table(&table.text) else {
            unreachable!("checked")
        };
        let rows = self.graph.add_rows(&table.text, rows, *default, self.words);
        self.graph
            .add_operation(Operation::Row(rows), &[a, b], span)
    }

    /// Compiles a map lookup to a selection among the keys that the member lists.
    fn select_listed(
        &mut self,
        input: &str,
        field: &str,
        of: &Collection,
        member: &CollectionMember,
        key: ValueId,
        span: Span,
    ) -> Option<ValueId> {
        let absent = match of.fields.get(field) {
            Some(CollectionField::Map { absent, .. }) if absent.is_finite() => {
                self.graph.add_constant(*absent)
            }
            _ => self.graph.add_operation(Operation::Absent, &[], span)?,
        };
        let mut value = absent;
        for listed in member.keys.get(field).into_iter().flatten() {
            let code = self.text_constant(listed);
            let this = self.add_binary(BinaryOp::Eq, key, code, span)?;
            let input = self.graph.add_input(&format!("{input}.{listed}"));
            value = self
                .graph
                .add_operation(Operation::Select, &[this, input, value], span)?;
        }
        // Without listed keys a missing key would otherwise go unnoticed.
        if member.keys.get(field).is_none_or(Vec::is_empty) {
            let known = self.add_binary(BinaryOp::Eq, key, key, span)?;
            value = self
                .graph
                .add_operation(Operation::Select, &[known, value, value], span)?;
        }
        Some(value)
    }

    // --- iterations -------------------------------------------------------------------------------------------------

    fn compile_iteration(&mut self, each: &'a Iteration, span: Span) -> Option<ValueId> {
        match &each.over {
            IterationSource::Range { first, last } => self.compile_range(each, first, last, span),
            IterationSource::Named(word) => self.unroll_members(each, word, span),
        }
    }

    fn compile_range(
        &mut self,
        each: &'a Iteration,
        first: &'a Expr,
        last: &'a Expr,
        span: Span,
    ) -> Option<ValueId> {
        let (first, last) = (self.compile_expr(first)?, self.compile_expr(last)?);
        let round = self.graph.open_loop(first, last, span)?;
        let (value, weight) = self.compile_round(each, LoopBinding::Value(round), span)?;
        self.graph.close_loop(each.fold, value, weight, span)
    }

    /// Compiles the body for one element. Returns the value, multiplied by its weight if it has one, and the weight.
    fn compile_round(
        &mut self,
        each: &'a Iteration,
        local: LoopBinding<'a>,
        span: Span,
    ) -> Option<(ValueId, Option<ValueId>)> {
        self.locals.push((&each.variable.text, local));
        let value = self.compile_expr(&each.body);
        let weight = each.weight.as_ref().map(|weight| self.compile_expr(weight));
        self.locals.pop();
        match weight {
            None => Some((value?, None)),
            Some(weight) => Some((
                self.add_binary(BinaryOp::Mul, weight?, value?, span)?,
                Some(weight?),
            )),
        }
    }

    fn unroll_members(
        &mut self,
        each: &'a Iteration,
        word: &'a SpannedWord,
        span: Span,
    ) -> Option<ValueId> {
        let mut values = Vec::new();
        let mut weights = Vec::new();
        for local in self.bind_members(word) {
            let present = match &local {
                LoopBinding::Member { input, member, .. } if member.optional => {
                    Some(self.graph.add_input(input))
                }
                _ => None,
            };
            let (value, weight) = self.compile_round(each, local, span)?;
            let weight = match (weight, each.fold) {
                (None, Fold::Mean) => Some(self.graph.add_constant(1.0)),
                (weight, _) => weight,
            };
            values.push((value, present));
            weights.extend(weight.map(|weight| (weight, present)));
        }
        let total = match (each.fold, values.is_empty()) {
            (Fold::Sum | Fold::Count, true) => return Some(self.graph.add_constant(0.0)),
            (_, true) => return self.graph.add_operation(Operation::Nothing, &[], span),
            (Fold::Sum | Fold::Count | Fold::Mean, _) => {
                self.combine_values(BinaryOp::Add, &values, span)?
            }
            (Fold::Min, _) => self.combine_values(BinaryOp::Min, &values, span)?,
            (Fold::Max, _) => self.combine_values(BinaryOp::Max, &values, span)?,
        };
        if each.fold != Fold::Mean {
            return Some(total);
        }
        let weight = self.combine_values(BinaryOp::Add, &weights, span)?;
        self.add_binary(BinaryOp::Div, total, weight, span)
    }

    /// Combines values in order. One that not every candidate has is skipped where it is absent; the first is always there.
    fn combine_values(
        &mut self,
        two: BinaryOp,
        values: &[(ValueId, Option<ValueId>)],
        span: Span,
    ) -> Option<ValueId> {
        values[1..]
            .iter()
            .try_fold(values[0].0, |left, &(right, present)| {
                let both = self.add_binary(two, left, right, span)?;
                match present {
                    None => Some(both),
                    Some(present) => {
                        self.graph
                            .add_operation(Operation::Select, &[present, both, left], span)
                    }
                }
            })
    }

    fn bind_members(&self, word: &'a SpannedWord) -> Vec<LoopBinding<'a>> {
        let name = &word.text;
        if let Some(LoopBinding::Member { input, member, .. }) = self.find_binding(name) {
            let field = split_name(name).1.unwrap_or_default();
            let keys = member.keys.get(field).into_iter().flatten();
            return keys
                .map(|key| LoopBinding::Entry {
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
            .map(|member| LoopBinding::Member {
                input: format!("{name}.{}", member.id),
                of,
                member,
            })
            .collect()
    }
}
