//! Checks names, types and dimensions before anything is computed.
//!
//! A faulty part is reported once and has no type; expressions that contain it are not reported again.

mod call;
mod name;

use super::ast::{ChainLink, Expr, ExprKind, Operator};
use super::types::{Scope, Type};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::quantity::unit::{Dimension, Unit};
use crate::source::Span;
use crate::tr;
use name::Local;

/// The kind of a formula's value.
///
/// # Errors
/// `None` when something was reported to `sink`: an unknown name or unit, a mismatch of kinds or dimensions, a bad call.
pub fn check(expr: &Expr, scope: &dyn Scope, sink: &mut Diagnostics) -> Option<Type> {
    let mut checker = Checker {
        scope,
        sink,
        locals: Vec::new(),
        failed: false,
    };
    let found = checker.kind(expr);
    found.filter(|_| !checker.failed)
}

struct Checker<'a> {
    scope: &'a dyn Scope,
    sink: &'a mut Diagnostics,
    locals: Vec<(&'a str, Local<'a>)>,
    failed: bool,
}

/// A part of a formula and its kind.
#[derive(Clone)]
struct Part {
    kind: Type,
    span: Span,
    /// The number 0, which is zero of any unit.
    zero: bool,
}

impl Part {
    fn dimension(&self) -> Option<&Dimension> {
        match &self.kind {
            Type::Number(dimension) => Some(dimension),
            _ => None,
        }
    }
}

impl<'a> Checker<'a> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.failed = true;
        self.sink.push(diagnostic);
    }

    fn part(&mut self, expr: &'a Expr) -> Option<Part> {
        let kind = self.kind(expr)?;
        Some(Part {
            kind,
            span: expr.span(),
            zero: expr.is_zero(),
        })
    }

    fn kind(&mut self, expr: &'a Expr) -> Option<Type> {
        match &expr.kind {
            ExprKind::Number { figure, unit: None } => {
                self.finite(*figure, &Unit::one(), expr.span())
            }
            ExprKind::Number {
                figure,
                unit: Some(word),
            } => self
                .unit(word)
                .and_then(|unit| self.finite(*figure, &unit, expr.span())),
            ExprKind::Flag(_) => Some(Type::Flag),
            ExprKind::Text(_) => Some(Type::Text),
            ExprKind::Date(_) => Some(Type::Date),
            ExprKind::Name(name) => self.name(name, expr.span()),
            ExprKind::Negate(inner) => {
                let inner = self.part(inner)?;
                self.number(&inner).map(Type::Number)
            }
            ExprKind::Not(inner) => {
                self.flag(inner);
                Some(Type::Flag)
            }
            ExprKind::Chain { first, rest } => self.chain(first, rest),
            ExprKind::Among { value, .. } => {
                self.text(value);
                Some(Type::Flag)
            }
            ExprKind::Call {
                function,
                arguments,
            } => self.call(*function, arguments, expr.span()),
            ExprKind::Curve { table, arguments } => self.curve(table, arguments, expr.span()),
            ExprKind::Keyed { table, keys } => self.keyed(table, keys, expr.span()),
            ExprKind::Each(each) => self.each(each),
        }
    }

    fn finite(&mut self, figure: f64, unit: &Unit, span: Span) -> Option<Type> {
        if unit.to_base(figure).is_finite() {
            return Some(Type::Number(unit.dimension().clone()));
        }
        self.report(Diagnostic::new(
            Code::FormulaSyntax,
            span,
            tr!("the quantity is too large", "数量过大"),
        ));
        None
    }

    // --- what is asked of a part ------------------------------------------------------------------------------------

    fn report_wanted(&mut self, part: &Part, wanted: &Text) {
        let found = part.kind.described();
        let message = tr!(
            "expected {wanted}, found {found}",
            "此处应为{wanted}，却是{found}"
        );
        self.report(Diagnostic::new(Code::TypeMismatch, part.span, message));
    }

    fn number(&mut self, part: &Part) -> Option<Dimension> {
        if let Some(dimension) = part.dimension() {
            return Some(dimension.clone());
        }
        self.report_wanted(part, &tr!("a number", "数值"));
        None
    }

    fn plain(&mut self, part: &Part) -> Option<()> {
        let dimension = self.number(part)?;
        if dimension.is_none() {
            return Some(());
        }
        let found = part.kind.described();
        let unit = example(&dimension);
        let hint = tr!(
            "divide by a quantity of the same kind: `x / {unit}`",
            "请除以同类的量：`x / {unit}`"
        );
        let message = tr!(
            "expected a plain number, found {found}",
            "此处应为纯数值，却是{found}"
        );
        self.report(Diagnostic::new(Code::DimensionMismatch, part.span, message).hint(hint));
        None
    }

    fn flag(&mut self, expr: &'a Expr) {
        if let Some(part) = self.part(expr).filter(|part| part.kind != Type::Flag) {
            self.report_wanted(&part, &tr!("yes or no", "是非值"));
        }
    }

    fn text(&mut self, expr: &'a Expr) {
        if let Some(part) = self.part(expr).filter(|part| part.kind != Type::Text) {
            self.report_wanted(&part, &tr!("text", "文本"));
        }
    }

    // --- operators --------------------------------------------------------------------------------------------------

    fn chain(&mut self, first: &'a Expr, rest: &'a [ChainLink]) -> Option<Type> {
        if matches!(rest[0].operator, Operator::And | Operator::Or) {
            self.flag(first);
            rest.iter().for_each(|link| self.flag(&link.right));
            return Some(Type::Flag);
        }
        let mut left = self.part(first);
        for link in rest {
            let right = self.part(&link.right);
            let span = first.span().to(link.right.span());
            let kind = match (&left, &right) {
                (Some(left), Some(right)) => self.operate(link, left, right),
                _ => None,
            };
            // A comparison is yes or no whatever was wrong with its sides.
            let kind =
                kind.or((link.operator.rank() == super::ast::rank::COMPARE).then_some(Type::Flag));
            left = kind.map(|kind| Part {
                kind,
                span,
                zero: false,
            });
        }
        left.map(|part| part.kind)
    }

    fn operate(&mut self, link: &'a ChainLink, left: &Part, right: &Part) -> Option<Type> {
        match link.operator {
            Operator::Add | Operator::Sub => self.sum(link, left, right),
            Operator::Mul => Some(Type::Number(self.number(left)?.times(&self.number(right)?))),
            Operator::Div => Some(Type::Number(self.number(left)?.over(&self.number(right)?))),
            Operator::Pow => self.power(left, right, &link.right),
            Operator::Eq | Operator::Ne => self.same(left, right, link.place.0).map(|_| Type::Flag),
            Operator::Lt | Operator::Le | Operator::Gt | Operator::Ge => {
                let kind = self.same(left, right, link.place.0)?;
                if matches!(kind, Type::Flag | Type::Text) {
                    self.report_wanted(
                        left,
                        &tr!(
                            "a number or a date, which have an order",
                            "可比较大小的数值或日期"
                        ),
                    );
                }
                Some(Type::Flag)
            }
            Operator::And | Operator::Or => unreachable!("chain takes them apart"),
        }
    }

    fn sum(&mut self, link: &ChainLink, left: &Part, right: &Part) -> Option<Type> {
        let time = |part: &Part| part.zero || part.dimension() == Some(&Dimension::time());
        match (&left.kind, &right.kind) {
            (Type::Number(_), Type::Number(_)) => self.same(left, right, link.place.0),
            (Type::Date, Type::Date) if link.operator == Operator::Sub => {
                Some(Type::Number(Dimension::time()))
            }
            (Type::Date, Type::Number(_)) if time(right) => Some(Type::Date),
            (Type::Number(_), Type::Date) if time(left) && link.operator == Operator::Add => {
                Some(Type::Date)
            }
            (Type::Date, Type::Number(_)) | (Type::Number(_), Type::Date) => {
                self.mismatch(Code::DimensionMismatch, left, right, link.place.0);
                None
            }
            (Type::Date, Type::Date) => {
                self.mismatch(Code::TypeMismatch, left, right, link.place.0);
                None
            }
            (Type::Number(_) | Type::Date, _) => self.number(right).and(None),
            _ => self.number(left).and(None),
        }
    }

    /// The one kind of two parts, which must agree; the number 0 agrees with any number.
    fn same(&mut self, left: &Part, right: &Part, at: Span) -> Option<Type> {
        match (&left.kind, &right.kind) {
            (a, b) if a == b => Some(a.clone()),
            (Type::Number(_), b @ Type::Number(_)) if left.zero => Some(b.clone()),
            (a @ Type::Number(_), Type::Number(_)) if right.zero => Some(a.clone()),
            (Type::Number(_), Type::Number(_)) => {
                self.mismatch(Code::DimensionMismatch, left, right, at);
                None
            }
            _ => {
                self.mismatch(Code::TypeMismatch, left, right, at);
                None
            }
        }
    }

    fn mismatch(&mut self, code: Code, left: &Part, right: &Part, at: Span) {
        let (a, b) = (left.kind.described(), right.kind.described());
        let message = tr!("{a} and {b} do not go together", "{a}与{b}不能放在一起运算");
        let diagnostic = Diagnostic::new(code, at, message)
            .label(left.span, a.clone())
            .label(right.span, b.clone());
        self.report(diagnostic.maybe_hint(bridge(left, right)));
    }

    /// `base ^ exponent`: with a dimension the exponent must be known here, since it decides the dimension of the result.
    fn power(&mut self, base: &Part, exponent: &Part, written: &Expr) -> Option<Type> {
        let dimension = self.number(base);
        self.plain(exponent)?;
        let dimension = dimension?;
        if dimension.is_none() {
            return Some(Type::PLAIN);
        }
        let whole = constant(written).filter(|n| n.fract() == 0.0 && n.abs() <= 12.0);
        if whole.is_none() {
            let kind = base.kind.described();
            let message = tr!(
                "{kind} can only be raised to a whole number between -12 and 12",
                "{kind}的指数只能是 -12 到 12 之间的整数"
            );
            let unit = example(&dimension);
            let hint = tr!(
                "make the base a plain number: `(x / {unit}) ^ y`",
                "请先化为纯数值：`(x / {unit}) ^ y`"
            );
            self.report(
                Diagnostic::new(Code::DimensionMismatch, exponent.span, message)
                    .label(base.span, base.kind.described())
                    .hint(hint),
            );
        }
        whole.map(|n| Type::Number(dimension.power(n as i8)))
    }
}

/// The number that is written there, if it is one.
fn constant(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Number { figure, unit: None } => Some(*figure),
        ExprKind::Negate(inner) => constant(inner).map(|figure| -figure),
        _ => None,
    }
}

/// One of a dimension, as a formula writes it: `1 h`, `1 MB`, `1 [EUR/s]`.
fn example(dimension: &Dimension) -> String {
    let symbol = dimension.to_string();
    match symbol.as_str() {
        "s" => "1 h".to_owned(),
        "B" => "1 MB".to_owned(),
        word if super::lexer::is_bare_unit(word) => format!("1 {word}"),
        compound => format!("1 [{compound}]"),
    }
}

/// What would turn one number into the other.
fn bridge(left: &Part, right: &Part) -> Option<Text> {
    if left.kind == Type::Date || right.kind == Type::Date {
        return Some(tr!(
            "a date and a time go together, as in `date(\"2026-11-22\") + 30 day`",
            "日期可与时间相加减，例如 `date(\"2026-11-22\") + 30 day`"
        ));
    }
    let (a, b) = (left.dimension()?, right.dimension()?);
    let (plain, other) = if a.is_none() { (a, b) } else { (b, a) };
    if plain.is_none() && !other.is_none() {
        let unit = example(other);
        return Some(tr!(
            "give the plain number a unit, as in `{unit}`",
            "请给纯数值加上单位，例如 `{unit}`"
        ));
    }
    let factor = example(&a.over(b));
    Some(tr!(
        "turn one into the other with a factor such as `{factor}`",
        "请用形如 `{factor}` 的系数换算其中一方"
    ))
}
