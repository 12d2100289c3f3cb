//! Checks the arguments and result types of functions, tables and iterations.

use super::name::LocalType;
use super::scale::Scale;
use super::{
    Checker, Code, Diagnostic, Dimension, Expr, Operator, Span, Type, TypedPart, example_quantity,
    tr,
};
use crate::formula::LookupTable;
use crate::formula::ast::{ExprKind, Fold, Function, Iteration, IterationSource, SpannedWord};
use crate::formula::types::{CollectionField, DefinedFunction};
use crate::formula::{MAX_CALLS, MAX_OPERATIONS};
use crate::quantity::unit::Unit;
use crate::source::did_you_mean;

impl<'a> Checker<'a> {
    pub(super) fn check_call(
        &mut self,
        function: Function,
        arguments: &'a [Expr],
        span: Span,
    ) -> Option<Type> {
        let (least, most) = arity_of(function);
        if arguments.len() < least || arguments.len() > most {
            self.report_argument_count(function.word(), usage_of(function), arguments.len(), span);
            arguments
                .iter()
                .for_each(|argument| drop(self.infer_type(argument)));
            return None;
        }
        if function == Function::Applies {
            return self.check_applies(&arguments[0]);
        }
        if function == Function::LicenceAllowed {
            self.expect_text(&arguments[0]);
            self.expect_list(&arguments[1]);
            return Some(Type::Flag);
        }
        if function == Function::If {
            self.expect_flag(&arguments[0]);
            return self.check_common_type(&arguments[1..], span);
        }
        if matches!(function, Function::Min | Function::Max | Function::Clamp) {
            return self.check_ordered(arguments, span);
        }
        let parts: Vec<_> = arguments
            .iter()
            .map(|argument| self.infer_part(argument))
            .collect();
        if function == Function::Known {
            return Some(Type::Flag);
        }
        let first = parts[0].as_ref()?;
        match function {
            Function::Ceil | Function::Floor | Function::Round => {
                self.check_rounding(function, first).map(Type::Number)
            }
            Function::Abs => self.expect_number(first).map(Type::Number),
            Function::Ln | Function::Log10 | Function::Exp => {
                self.expect_plain_number(first).map(|()| Type::PLAIN)
            }
            Function::Sqrt => self.check_root(first).map(Type::Number),
            Function::Pow => self.check_power(first, parts[1].as_ref()?, &arguments[1]),
            Function::Applies
            | Function::LicenceAllowed
            | Function::If
            | Function::Known
            | Function::Min
            | Function::Max
            | Function::Clamp => {
                unreachable!("taken above")
            }
        }
    }

    /// Checks that the argument of `applies` is a name.
    fn check_applies(&mut self, fact: &'a Expr) -> Option<Type> {
        self.infer_type(fact)?;
        if matches!(fact.kind, ExprKind::Name(_)) {
            return Some(Type::Flag);
        }
        let message = tr!(
            "`applies` takes the name of a fact",
            "`applies` 的参数应为事实名称"
        );
        let hint = tr!(
            "ask for each fact by its name: `applies(authors)`",
            "请逐个写出事实名称：`applies(authors)`"
        );
        self.report(Diagnostic::new(Code::BadCall, fact.span(), message).hint(hint));
        None
    }

    fn report_argument_count(&mut self, name: &str, usage: &str, given: usize, span: Span) {
        let plural = if given == 1 { "" } else { "s" };
        let message = tr!(
            "`{name}` cannot take {given} argument{plural}",
            "`{name}` 不能接受 {given} 个参数"
        );
        self.report(
            Diagnostic::new(Code::BadCall, span, message)
                .hint(tr!("usage: `{usage}`", "用法：`{usage}`")),
        );
    }

    /// Returns the common type of the arguments.
    fn check_common_type(&mut self, parts: &'a [Expr], span: Span) -> Option<Type> {
        let parts: Vec<_> = parts
            .iter()
            .filter_map(|part| self.infer_part(part))
            .collect();
        let mut one = parts.first()?.clone();
        for part in &parts[1..] {
            // Both arguments are labelled; the primary span is the call.
            let kind = self.expect_same_type(&one, part, span)?;
            one = TypedPart {
                zero: one.zero && part.zero,
                scale: Scale::combine(Operator::Add, one.scale, part.scale.clone()),
                kind,
                span: one.span,
            };
        }
        Some(one.kind)
    }

    /// Returns the common type of arguments that can be ordered.
    fn check_ordered(&mut self, parts: &'a [Expr], span: Span) -> Option<Type> {
        let kind = self.check_common_type(parts, span)?;
        if matches!(kind, Type::Flag | Type::Text | Type::List) {
            self.report_unexpected_type(
                &TypedPart {
                    kind,
                    span: parts[0].span(),
                    zero: false,
                    scale: Scale::Ratio,
                },
                &tr!("a number or a date", "数值或日期"),
            );
            return None;
        }
        Some(kind)
    }

    /// Checks the argument of a rounding function. Only plain numbers and counted nouns can be rounded: for other quantities
    /// the result depends on the unit.
    fn check_rounding(&mut self, function: Function, part: &TypedPart) -> Option<Dimension> {
        let dimension = self.expect_number(part)?;
        if dimension.is_count() {
            return self.expect_no_scale(part).map(|()| dimension);
        }
        let kind = part.kind.described();
        let unit = example_quantity(&dimension);
        let message = tr!(
            "`{function}` of {kind} depends on the unit",
            "对{kind}使用 `{function}` 时结果取决于单位"
        );
        let hint = tr!(
            "choose the unit: `{function}(x / {unit}) * {unit}`",
            "请指明单位：`{function}(x / {unit}) * {unit}`"
        );
        self.report(Diagnostic::new(Code::DimensionMismatch, part.span, message).hint(hint));
        None
    }

    fn check_root(&mut self, part: &TypedPart) -> Option<Dimension> {
        let dimension = self.expect_number(part)?;
        let root = dimension.root();
        if root.is_none() {
            let kind = part.kind.described();
            let message = tr!("{kind} has no square root", "{kind}不能开平方");
            let unit = example_quantity(&dimension);
            let hint = tr!(
                "convert it to a plain number: `sqrt(x / {unit})`",
                "请先化为纯数值：`sqrt(x / {unit})`"
            );
            self.report(Diagnostic::new(Code::DimensionMismatch, part.span, message).hint(hint));
        }
        root
    }

    // --- tables -----------------------------------------------------------------------------------------------------

    pub(super) fn check_curve(
        &mut self,
        table: &SpannedWord,
        arguments: &'a [Expr],
        span: Span,
    ) -> Option<Type> {
        let name = &table.text;
        if let Some(function) = self.scope.function(name) {
            return self.check_defined(name, function, arguments, span);
        }
        let parts: Vec<_> = arguments
            .iter()
            .map(|argument| self.infer_part(argument))
            .collect();
        match self.scope.table(name) {
            Some(LookupTable::Curve { x, y, .. }) => {
                let [part] = parts.as_slice() else {
                    self.report_argument_count(name, &format!("{name}(x)"), parts.len(), span);
                    return None;
                };
                if let Some(part) = part {
                    self.check_curve_argument(table, x, part);
                }
                Some(Type::Number(y.dimension().clone()))
            }
            Some(LookupTable::Keyed { unit, arity, .. }) => {
                let keys = if *arity == 1 { "a" } else { "a, b" };
                let message = tr!("`{name}` takes text keys", "`{name}` 按键查找");
                let hint = tr!("write `{name}[{keys}]`", "请写成 `{name}[{keys}]`");
                self.report(Diagnostic::new(Code::BadCall, table.place.0, message).hint(hint));
                Some(Type::Number(unit.dimension().clone()))
            }
            None => {
                self.report_unknown_function(table);
                None
            }
        }
    }

    fn check_curve_argument(&mut self, table: &SpannedWord, x: &Unit, part: &TypedPart) {
        if part.dimension() == Some(x.dimension()) {
            match (Scale::of_unit(x.clone()), &part.scale) {
                (Scale::Bare(_), Scale::Carried(_)) => {
                    self.expect_no_scale(part);
                }
                (scale @ Scale::Carried(_), Scale::Bare(_)) => {
                    let axis = TypedPart {
                        scale,
                        zero: false,
                        span: table.place.0,
                        kind: part.kind.clone(),
                    };
                    self.expect_same_scale(&axis, part, part.span);
                }
                _ => {}
            }
            return;
        }
        if part.zero {
            return;
        }
        let x = x.dimension();
        let (found, wanted) = (part.kind.described(), Type::Number(x.clone()).described());
        let (name, code) = (
            &table.text,
            if part.dimension().is_some() {
                Code::DimensionMismatch
            } else {
                Code::TypeMismatch
            },
        );
        let message = tr!(
            "`{name}` takes {wanted}, not {found}",
            "`{name}` 应按{wanted}查找，而不是{found}"
        );
        self.report(Diagnostic::new(code, part.span, message));
    }

    /// Checks a call of a defined function: its body, with the parameters bound to the types of the arguments.
    fn check_defined(
        &mut self,
        name: &str,
        function: &'a DefinedFunction,
        arguments: &'a [Expr],
        span: Span,
    ) -> Option<Type> {
        if function.parameters.len() != arguments.len() {
            self.report_argument_count(name, &function.usage(name), arguments.len(), span);
            return None;
        }
        if self.calls_exceeded {
            return None;
        }
        self.visits += 1;
        if self.calls == MAX_CALLS || self.visits > MAX_OPERATIONS {
            let message = tr!(
                "`{name}` calls itself, or functions that call one another more than {MAX_CALLS} deep",
                "`{name}` 调用了自身，或函数之间的调用超过 {MAX_CALLS} 层"
            );
            self.report(Diagnostic::new(Code::TooDeep, span, message));
            self.calls_exceeded = true;
            return None;
        }
        let mut bound = Vec::with_capacity(arguments.len());
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            let member = match &argument.kind {
                ExprKind::Name(name) => self
                    .find_local(name)
                    .filter(|(local, field)| {
                        matches!(local, LocalType::Member(_) | LocalType::Unknown)
                            && field.is_none()
                    })
                    .map(|(local, _)| local),
                _ => None,
            };
            let local = match member {
                Some(member) => member,
                None => self
                    .infer_type(argument)
                    .map_or(LocalType::Unknown, LocalType::Argument),
            };
            bound.push((parameter.as_str(), local));
        }
        let outer = std::mem::replace(&mut self.frame, self.locals.len());
        self.locals.extend(bound);
        self.calls += 1;
        let kind = self.infer_type(&function.body);
        self.calls -= 1;
        self.locals.truncate(self.frame);
        self.frame = outer;
        kind
    }

    fn report_unknown_function(&mut self, word: &SpannedWord) {
        let name = &word.text;
        let curves =
            self.scope.names().into_iter().filter(|name| {
                self.scope.table(name).is_some() || self.scope.function(name).is_some()
            });
        let functions = Function::ALL
            .iter()
            .map(|f| f.word())
            .chain(Fold::ALL.iter().map(|f| f.word()))
            .chain(["date"]);
        let hint = did_you_mean(name, functions.chain(curves)).or_else(|| {
            self.scope
                .type_of(name)
                .map(|_| tr!("multiplication is written `*`", "乘法写作 `*`"))
        });
        let message = tr!("there is no function `{name}`", "没有函数 `{name}`");
        self.report(Diagnostic::new(Code::BadCall, word.place.0, message).maybe_hint(hint));
    }

    pub(super) fn check_keyed(
        &mut self,
        table: &SpannedWord,
        keys: &'a [Expr],
        span: Span,
    ) -> Option<Type> {
        keys.iter().for_each(|key| self.expect_text(key));
        let name = &table.text;
        if let Some((local, field)) = self.find_local(name) {
            let value = self.resolve_map(local, field, table)?;
            if keys.len() != 1 {
                self.report_argument_count(name, &format!("{name}[a]"), keys.len(), span);
            }
            return Some(value.clone());
        }
        match self.scope.table(name) {
            Some(LookupTable::Keyed { arity, unit, .. }) => {
                if keys.len() != *arity {
                    let usage = if *arity == 1 {
                        format!("{name}[a]")
                    } else {
                        format!("{name}[a, b]")
                    };
                    self.report_argument_count(name, &usage, keys.len(), span);
                }
                Some(Type::Number(unit.dimension().clone()))
            }
            Some(LookupTable::Curve { y, .. }) => {
                let message = tr!("`{name}` takes a number", "`{name}` 按数值查找");
                let hint = tr!("write `{name}(x)`", "请写成 `{name}(x)`");
                self.report(Diagnostic::new(Code::BadCall, table.place.0, message).hint(hint));
                Some(Type::Number(y.dimension().clone()))
            }
            None if self.scope.type_of(name).is_some() || self.scope.collection(name).is_some() => {
                let message = tr!("`{name}` is not a table", "`{name}` 不是表格");
                self.report(Diagnostic::new(Code::TypeMismatch, table.place.0, message));
                None
            }
            None => {
                let unknown = self.unknown_name(name, table.place.0);
                self.report(unknown);
                None
            }
        }
    }

    /// Returns the value type of a map field of a loop variable.
    fn resolve_map(
        &mut self,
        local: LocalType<'a>,
        field: Option<&str>,
        word: &SpannedWord,
    ) -> Option<&'a Type> {
        let (name, span) = (&word.text, word.place.0);
        match (local, field) {
            (LocalType::Unknown, _) => None,
            (LocalType::Member(of), Some(field)) => match of.fields.get(field) {
                Some(CollectionField::Map { value, .. }) => Some(value),
                Some(CollectionField::Value(_)) => self.report_not_a_map(name, span),
                None => {
                    self.report_unknown_field(
                        field,
                        of.fields.keys().map(String::as_str),
                        name,
                        span,
                    );
                    None
                }
            },
            _ => self.report_not_a_map(name, span),
        }
    }

    fn report_not_a_map(&mut self, name: &str, span: Span) -> Option<&'a Type> {
        let message = tr!("`{name}` is not a map", "`{name}` 不含多个值");
        self.report(Diagnostic::new(Code::TypeMismatch, span, message));
        None
    }

    // --- iterations -------------------------------------------------------------------------------------------------

    pub(super) fn check_iteration(&mut self, each: &'a Iteration) -> Option<Type> {
        let local = self.resolve_source(&each.over);
        self.locals.push((&each.variable.text, local));
        let body = self.infer_part(&each.body);
        let weight = each
            .weight
            .as_ref()
            .and_then(|weight| self.infer_part(weight));
        self.locals.pop();
        if let Some(weight) = weight {
            self.expect_number(&weight);
        }
        let body = body?;
        match each.fold {
            Fold::Count => {
                if body.kind != Type::Flag {
                    self.report_unexpected_type(&body, &tr!("yes or no", "是非值"));
                }
                Some(Type::PLAIN)
            }
            Fold::Min | Fold::Max if body.kind == Type::Date => Some(Type::Date),
            Fold::Sum | Fold::Mean | Fold::Min | Fold::Max => {
                self.expect_number(&body).map(Type::Number)
            }
        }
    }

    fn resolve_source(&mut self, over: &'a IterationSource) -> LocalType<'a> {
        match over {
            IterationSource::Named(word) => match self.find_local(&word.text) {
                Some((local, field)) => self
                    .resolve_map(local, field, word)
                    .map_or(LocalType::Unknown, LocalType::Entry),
                None => self.resolve_collection(word),
            },
            IterationSource::Range { first, last } => {
                for bound in [first, last] {
                    if let Some(part) = self.infer_part(bound) {
                        self.expect_plain_number(&part);
                    }
                }
                LocalType::Round
            }
        }
    }

    fn resolve_collection(&mut self, word: &SpannedWord) -> LocalType<'a> {
        let (name, span) = (&word.text, word.place.0);
        if let Some(found) = self.scope.collection(name) {
            return LocalType::Member(found);
        }
        let diagnostic = if self.scope.type_of(name).is_some() || self.scope.table(name).is_some() {
            let message = tr!("`{name}` is not a collection", "`{name}` 不是可遍历的集合");
            Diagnostic::new(Code::TypeMismatch, span, message).hint(tr!(
                "a range needs two bounds: `1..{name}`",
                "范围有两端：`1..{name}`"
            ))
        } else {
            self.unknown_name(name, span)
        };
        self.report(diagnostic);
        LocalType::Unknown
    }
}

/// Returns the minimum and maximum number of arguments.
fn arity_of(function: Function) -> (usize, usize) {
    match function {
        Function::Min | Function::Max => (1, usize::MAX),
        Function::If | Function::Clamp => (3, 3),
        Function::Pow | Function::LicenceAllowed => (2, 2),
        _ => (1, 1),
    }
}

fn usage_of(function: Function) -> &'static str {
    match function {
        Function::If => "if(condition, then, else)",
        Function::Known => "known(x)",
        Function::Applies => "applies(fact)",
        Function::LicenceAllowed => "licence_allowed(licence, licences.allowed)",
        Function::Min => "min(a, b, ...)",
        Function::Max => "max(a, b, ...)",
        Function::Clamp => "clamp(x, low, high)",
        Function::Ceil => "ceil(x)",
        Function::Floor => "floor(x)",
        Function::Round => "round(x)",
        Function::Abs => "abs(x)",
        Function::Ln => "ln(x)",
        Function::Log10 => "log10(x)",
        Function::Exp => "exp(x)",
        Function::Pow => "pow(x, exponent)",
        Function::Sqrt => "sqrt(x)",
    }
}
