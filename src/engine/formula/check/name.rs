//! Resolves names: values, fields of a loop variable, units.

use super::{Checker, Code, Diagnostic, Span, Text, Type, tr};
use crate::formula::LookupTable;
use crate::formula::ast::{Fold, Function, SpannedWord, split_name};
use crate::formula::types::{Collection, CollectionField};
use crate::quantity::unit::Unit;
use crate::source::{did_you_mean, suggest};

/// What a loop variable refers to.
#[derive(Clone)]
pub(super) enum LocalType<'a> {
    /// A member of a collection.
    Member(&'a Collection),
    /// A map entry, with the type of its value.
    Entry(&'a Type),
    /// A number of a range.
    Round,
    /// The argument of a call.
    Argument(Type),
    /// The source was invalid and reported; uses of the variable are not reported again.
    Unknown,
}

impl<'a> Checker<'a> {
    /// Returns the loop variable that a name begins with, and the field.
    pub(super) fn find_local<'n>(&self, name: &'n str) -> Option<(LocalType<'a>, Option<&'n str>)> {
        let (head, field) = split_name(name);
        let found = self.locals[self.frame..]
            .iter()
            .rev()
            .find(|(variable, _)| *variable == head);
        found.map(|(_, local)| (local.clone(), field))
    }

    pub(super) fn check_name(&mut self, name: &str, span: Span) -> Option<Type> {
        match self.find_local(name) {
            Some((local, field)) => self.check_field(local, field, name, span),
            None => match self.scope.type_of(name) {
                Some(kind) => Some(kind),
                None => {
                    self.report_misused_name(name, span);
                    None
                }
            },
        }
    }

    fn check_field(
        &mut self,
        local: LocalType<'a>,
        field: Option<&str>,
        name: &str,
        span: Span,
    ) -> Option<Type> {
        match (local, field) {
            (LocalType::Unknown, _) => None,
            (LocalType::Round, None) => Some(Type::PLAIN),
            (LocalType::Argument(kind), None) => Some(kind),
            (LocalType::Entry(_), Some("key")) => Some(Type::Text),
            (LocalType::Entry(kind), Some("value")) => Some(kind.clone()),
            (LocalType::Member(of), Some(field)) => match of.fields.get(field) {
                Some(CollectionField::Value(kind)) => Some(kind.clone()),
                Some(CollectionField::Map { .. }) => {
                    let hint = tr!("give a key: `{name}[\"go\"]`", "请指明键：`{name}[\"go\"]`");
                    let message = tr!(
                        "`{name}` is a map with one value per key",
                        "`{name}` 对每个键各有一个值"
                    );
                    self.report(Diagnostic::new(Code::TypeMismatch, span, message).hint(hint));
                    None
                }
                None => self.report_unknown_field(
                    field,
                    of.fields.keys().map(String::as_str),
                    name,
                    span,
                ),
            },
            (LocalType::Round | LocalType::Argument(_), Some(_)) => {
                let message = tr!("`{name}`: a value has no fields", "`{name}`：值没有字段");
                self.report(Diagnostic::new(Code::UnknownName, span, message));
                None
            }
            (LocalType::Entry(_), Some(field)) => {
                self.report_unknown_field(field, ["key", "value"], name, span)
            }
            (LocalType::Entry(_), None) => self.report_missing_field(name, &["key", "value"], span),
            (LocalType::Member(of), None) => self.report_missing_field(
                name,
                &of.fields.keys().map(String::as_str).collect::<Vec<_>>(),
                span,
            ),
        }
    }

    /// Reports an unknown field. Always returns `None`.
    pub(super) fn report_unknown_field<'n>(
        &mut self,
        field: &str,
        known: impl IntoIterator<Item = &'n str>,
        name: &str,
        span: Span,
    ) -> Option<Type> {
        let known: Vec<_> = known.into_iter().collect();
        let (head, _) = split_name(name);
        let hint = match suggest(field, known.iter().copied()) {
            Some(near) => tr!(
                "did you mean `{head}.{near}`?",
                "是否想写 `{head}.{near}`？"
            ),
            None => list_fields(head, &known),
        };
        let message = tr!("unknown name `{name}`", "未知名称 `{name}`");
        self.report(Diagnostic::new(Code::UnknownName, span, message).hint(hint));
        None
    }

    fn report_missing_field(&mut self, name: &str, known: &[&str], span: Span) -> Option<Type> {
        let message = tr!(
            "`{name}` is not a value; it has fields",
            "`{name}` 不是值，而是带有字段"
        );
        self.report(
            Diagnostic::new(Code::TypeMismatch, span, message).hint(list_fields(name, known)),
        );
        None
    }

    /// Reports a name that is not a value: a table, collection or function, or unknown.
    fn report_misused_name(&mut self, name: &str, span: Span) {
        let diagnostic = if let Some(table) = self.scope.table(name) {
            let call = match table {
                LookupTable::Curve { .. } => format!("{name}(x)"),
                LookupTable::Keyed { arity: 1, .. } => format!("{name}[\"a\"]"),
                LookupTable::Keyed { .. } => format!("{name}[\"a\", \"b\"]"),
            };
            let message = tr!(
                "`{name}` is a table and needs an argument",
                "`{name}` 是表格，需要给出查找项"
            );
            Diagnostic::new(Code::TypeMismatch, span, message)
                .hint(tr!("write `{call}`", "请写成 `{call}`"))
        } else if self.scope.collection(name).is_some() {
            let message = tr!(
                "`{name}` is a collection, not a single value",
                "`{name}` 不是单个值，而是一组"
            );
            let hint = tr!(
                "iterate over it: `mean(p in {name}: ...)`",
                "请遍历它：`mean(p in {name}: ...)`"
            );
            Diagnostic::new(Code::TypeMismatch, span, message).hint(hint)
        } else if let Some(function) = self.scope.function(name) {
            let usage = function.usage(name);
            let message = tr!(
                "`{name}` is a function and needs arguments",
                "`{name}` 是函数，需要参数"
            );
            Diagnostic::new(Code::BadCall, span, message)
                .hint(tr!("write `{usage}`", "请写成 `{usage}`"))
        } else if Function::find(name).is_some() || Fold::find(name).is_some() || name == "date" {
            let message = tr!(
                "`{name}` is a function and needs arguments",
                "`{name}` 是函数，需要参数"
            );
            Diagnostic::new(Code::BadCall, span, message)
                .hint(tr!("write `{name}(...)`", "请写成 `{name}(...)`"))
        } else {
            self.unknown_name(name, span)
        };
        self.report(diagnostic);
    }

    pub(super) fn unknown_name(&self, name: &str, span: Span) -> Diagnostic {
        let visible = self.locals[self.frame..].iter();
        let variables = visible.map(|(variable, _)| *variable);
        let hint = if self.scope.units().word(name).is_some() {
            Some(tr!(
                "`{name}` is a unit: it follows a number, as in `1 {name}`; a compound unit is written in brackets, as in `80 [EUR/person-h]`",
                "`{name}` 是单位：写在数字之后，如 `1 {name}`；复合单位写在方括号内，如 `80 [EUR/person-h]`"
            ))
        } else {
            did_you_mean(name, self.scope.names().into_iter().chain(variables))
        };
        Diagnostic::new(
            Code::UnknownName,
            span,
            tr!("unknown name `{name}`", "未知名称 `{name}`"),
        )
        .maybe_hint(hint)
    }

    pub(super) fn parse_unit(&mut self, word: &SpannedWord) -> Option<Unit> {
        let SpannedWord {
            text: written,
            place,
        } = word;
        match self.scope.units().parse(written) {
            Ok(unit) => Some(unit),
            Err(_)
                if self.scope.type_of(written).is_some() || self.find_local(written).is_some() =>
            {
                let message = tr!("`{written}` is not a unit", "`{written}` 不是单位");
                let hint = tr!(
                    "multiplication is written `*`: `2 * {written}`",
                    "乘法写作 `*`：`2 * {written}`"
                );
                self.report(Diagnostic::new(Code::UnknownUnit, place.0, message).hint(hint));
                None
            }
            Err(error) => {
                let span = place.0.slice(error.start, error.end);
                self.report(
                    Diagnostic::new(Code::UnknownUnit, span, error.message).maybe_hint(error.hint),
                );
                None
            }
        }
    }
}

fn list_fields(name: &str, known: &[&str]) -> Text {
    let list = known
        .iter()
        .map(|field| Text::name(format!("`{name}.{field}`")))
        .collect::<Vec<_>>();
    let list = Text::list(&list);
    tr!("it has {list}", "可用：{list}")
}
