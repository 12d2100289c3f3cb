//! Checks names, types and dimensions before anything is computed.
//!
//! A faulty part is reported once and has no type; expressions that contain it are not reported again.

mod call;
mod name;
mod scale;

use super::ast::{ChainLink, Expr, ExprKind, Operator};
use super::types::{Scope, Type};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::quantity::unit::{Dimension, Unit};
use crate::source::Span;
use crate::tr;
use name::LocalType;
use scale::Scale;

/// Checks a formula and returns the type of its value.
///
/// # Errors
/// Returns `None` after reporting to `sink`: an unknown name or unit, mismatched types or dimensions, or an invalid call.
pub fn check(expr: &Expr, scope: &dyn Scope, sink: &mut Diagnostics) -> Option<Type> {
    let mut checker = Checker::new(scope, sink);
    let found = checker.infer_type(expr);
    found.filter(|_| !checker.failed)
}

/// Returns the unit that a dimensionless formula takes over from what it uses, such as `h/month`.
#[must_use]
pub fn carried_unit(expr: &Expr, scope: &dyn Scope) -> Option<Unit> {
    let mut unused = Diagnostics::default();
    let checker = Checker::new(scope, &mut unused);
    match checker.scale_of(expr) {
        Scale::Carried(unit) => Some(unit),
        _ => None,
    }
}

struct Checker<'a> {
    scope: &'a dyn Scope,
    sink: &'a mut Diagnostics,
    locals: Vec<(&'a str, LocalType<'a>)>,
    /// Where the variables of the function that is being checked begin in `locals`.
    frame: usize,
    /// How many calls of defined functions are open.
    calls: usize,
    /// How many calls of defined functions were checked.
    visits: usize,
    /// Whether the limits on calls were exceeded and reported.
    calls_exceeded: bool,
    failed: bool,
}

/// A subexpression with its type.
#[derive(Clone)]
struct TypedPart {
    kind: Type,
    span: Span,
    /// Whether it is the literal 0, which is compatible with every unit.
    zero: bool,
    /// Of a dimensionless number.
    scale: Scale,
}

impl TypedPart {
    fn dimension(&self) -> Option<&Dimension> {
        match &self.kind {
            Type::Number(dimension) => Some(dimension),
            _ => None,
        }
    }
}

impl<'a> Checker<'a> {
    fn new(scope: &'a dyn Scope, sink: &'a mut Diagnostics) -> Self {
        Self {
            scope,
            sink,
            locals: Vec::new(),
            frame: 0,
            calls: 0,
            visits: 0,
            calls_exceeded: false,
            failed: false,
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.failed = true;
        self.sink.push(diagnostic);
    }

    fn infer_part(&mut self, expr: &'a Expr) -> Option<TypedPart> {
        let kind = self.infer_type(expr)?;
        let scale = if kind == Type::PLAIN {
            self.scale_of(expr)
        } else {
            Scale::Ratio
        };
        Some(TypedPart {
            kind,
            span: expr.span(),
            zero: expr.is_zero(),
            scale,
        })
    }

    fn infer_type(&mut self, expr: &'a Expr) -> Option<Type> {
        match &expr.kind {
            ExprKind::Number { figure, unit: None } => {
                self.check_finite(*figure, &Unit::one(), expr.span())
            }
            ExprKind::Number {
                figure,
                unit: Some(word),
            } => self
                .parse_unit(word)
                .and_then(|unit| self.check_finite(*figure, &unit, expr.span())),
            ExprKind::Flag(_) => Some(Type::Flag),
            ExprKind::Text(_) => Some(Type::Text),
            ExprKind::Date(_) => Some(Type::Date),
            ExprKind::Name(name) => self.check_name(name, expr.span()),
            ExprKind::Negate(inner) => {
                let inner = self.infer_part(inner)?;
                self.expect_number(&inner).map(Type::Number)
            }
            ExprKind::Not(inner) => {
                self.expect_flag(inner);
                Some(Type::Flag)
            }
            ExprKind::Chain { first, rest } => self.check_chain(first, rest),
            ExprKind::Among { value, .. } => {
                self.expect_text(value);
                Some(Type::Flag)
            }
            ExprKind::Call {
                function,
                arguments,
            } => self.check_call(*function, arguments, expr.span()),
            ExprKind::Curve { table, arguments } => self.check_curve(table, arguments, expr.span()),
            ExprKind::Keyed { table, keys } => self.check_keyed(table, keys, expr.span()),
            ExprKind::Each(each) => self.check_iteration(each),
        }
    }

    fn check_finite(&mut self, figure: f64, unit: &Unit, span: Span) -> Option<Type> {
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

    // --- expectations -----------------------------------------------------------------------------------------------

    fn report_unexpected_type(&mut self, part: &TypedPart, wanted: &Text) {
        let found = part.kind.described();
        let message = tr!(
            "expected {wanted}, found {found}",
            "此处应为{wanted}，却是{found}"
        );
        self.report(Diagnostic::new(Code::TypeMismatch, part.span, message));
    }

    fn expect_number(&mut self, part: &TypedPart) -> Option<Dimension> {
        if let Some(dimension) = part.dimension() {
            return Some(dimension.clone());
        }
        self.report_unexpected_type(part, &tr!("a number", "数值"));
        None
    }

    fn expect_plain_number(&mut self, part: &TypedPart) -> Option<()> {
        let dimension = self.expect_number(part)?;
        if dimension.is_none() {
            return self.expect_no_scale(part);
        }
        let found = part.kind.described();
        let unit = example_quantity(&dimension);
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

    fn expect_flag(&mut self, expr: &'a Expr) {
        if let Some(part) = self.infer_part(expr).filter(|part| part.kind != Type::Flag) {
            self.report_unexpected_type(&part, &tr!("yes or no", "是非值"));
        }
    }

    fn expect_text(&mut self, expr: &'a Expr) {
        if let Some(part) = self.infer_part(expr).filter(|part| part.kind != Type::Text) {
            self.report_unexpected_type(&part, &tr!("text", "文本"));
        }
    }

    fn expect_list(&mut self, expr: &'a Expr) {
        if let Some(part) = self.infer_part(expr).filter(|part| part.kind != Type::List) {
            self.report_unexpected_type(&part, &tr!("a list", "列表"));
        }
    }

    // --- operators --------------------------------------------------------------------------------------------------

    fn check_chain(&mut self, first: &'a Expr, rest: &'a [ChainLink]) -> Option<Type> {
        if matches!(rest[0].operator, Operator::And | Operator::Or) {
            self.expect_flag(first);
            rest.iter().for_each(|link| self.expect_flag(&link.right));
            return Some(Type::Flag);
        }
        let mut left = self.infer_part(first);
        for link in rest {
            let right = self.infer_part(&link.right);
            let span = first.span().to(link.right.span());
            let kind = match (&left, &right) {
                (Some(left), Some(right)) => self.check_operator(link, left, right),
                _ => None,
            };
            // A comparison is a flag even if its operands are invalid.
            let kind = kind.or(
                (link.operator.precedence() == super::ast::precedence::COMPARE)
                    .then_some(Type::Flag),
            );
            let scale = match (left, right) {
                (Some(left), Some(right)) => Scale::combine(link.operator, left.scale, right.scale),
                _ => Scale::Ratio,
            };
            left = kind.map(|kind| TypedPart {
                kind,
                span,
                zero: false,
                scale,
            });
        }
        left.map(|part| part.kind)
    }

    fn check_operator(
        &mut self,
        link: &'a ChainLink,
        left: &TypedPart,
        right: &TypedPart,
    ) -> Option<Type> {
        match link.operator {
            Operator::Add | Operator::Sub => self.check_sum(link, left, right),
            Operator::Mul => Some(Type::Number(
                self.expect_number(left)?.times(&self.expect_number(right)?),
            )),
            Operator::Div => Some(Type::Number(
                self.expect_number(left)?.over(&self.expect_number(right)?),
            )),
            Operator::Pow => self.check_power(left, right, &link.right),
            Operator::Eq | Operator::Ne => self
                .expect_same_type(left, right, link.place.0)
                .map(|_| Type::Flag),
            Operator::Lt | Operator::Le | Operator::Gt | Operator::Ge => {
                let kind = self.expect_same_type(left, right, link.place.0)?;
                if matches!(kind, Type::Flag | Type::Text | Type::List) {
                    self.report_unexpected_type(
                        left,
                        &tr!(
                            "an ordered value (a number or a date)",
                            "可比较大小的数值或日期"
                        ),
                    );
                }
                Some(Type::Flag)
            }
            Operator::And | Operator::Or => unreachable!("chain takes them apart"),
        }
    }

    fn check_sum(&mut self, link: &ChainLink, left: &TypedPart, right: &TypedPart) -> Option<Type> {
        let time = |part: &TypedPart| part.zero || part.dimension() == Some(&Dimension::time());
        match (&left.kind, &right.kind) {
            (Type::Number(_), Type::Number(_)) => self.expect_same_type(left, right, link.place.0),
            (Type::Date, Type::Date) if link.operator == Operator::Sub => {
                Some(Type::Number(Dimension::time()))
            }
            (Type::Date, Type::Number(_)) if time(right) => Some(Type::Date),
            (Type::Number(_), Type::Date) if time(left) && link.operator == Operator::Add => {
                Some(Type::Date)
            }
            (Type::Date, Type::Number(_)) | (Type::Number(_), Type::Date) => {
                self.report_mismatch(Code::DimensionMismatch, left, right, link.place.0);
                None
            }
            (Type::Date, Type::Date) => {
                self.report_mismatch(Code::TypeMismatch, left, right, link.place.0);
                None
            }
            (Type::Number(_) | Type::Date, _) => self.expect_number(right).and(None),
            _ => self.expect_number(left).and(None),
        }
    }

    /// Returns the common type of two operands; the literal 0 agrees with every number.
    fn expect_same_type(&mut self, left: &TypedPart, right: &TypedPart, at: Span) -> Option<Type> {
        match (&left.kind, &right.kind) {
            (a, b) if a == b => {
                if Self::is_plain(left) {
                    self.expect_same_scale(left, right, at)?;
                }
                Some(a.clone())
            }
            (Type::Number(_), b @ Type::Number(_)) if left.zero => Some(b.clone()),
            (a @ Type::Number(_), Type::Number(_)) if right.zero => Some(a.clone()),
            (Type::Number(_), Type::Number(_)) => {
                self.report_mismatch(Code::DimensionMismatch, left, right, at);
                None
            }
            _ => {
                self.report_mismatch(Code::TypeMismatch, left, right, at);
                None
            }
        }
    }

    fn report_mismatch(&mut self, code: Code, left: &TypedPart, right: &TypedPart, at: Span) {
        let (a, b) = (left.kind.described(), right.kind.described());
        let message = tr!("{a} and {b} are not compatible", "{a}与{b}不能放在一起运算");
        let diagnostic = Diagnostic::new(code, at, message)
            .label(left.span, a.clone())
            .label(right.span, b.clone());
        self.report(diagnostic.maybe_hint(conversion_hint(left, right)));
    }

    /// Checks `base ^ exponent`. If the base has a dimension, the exponent must be a literal, because it decides the dimension
    /// of the result.
    fn check_power(
        &mut self,
        base: &TypedPart,
        exponent: &TypedPart,
        written: &Expr,
    ) -> Option<Type> {
        let dimension = self.expect_number(base);
        self.expect_plain_number(exponent)?;
        let dimension = dimension?;
        if dimension.is_none() {
            return Some(Type::PLAIN);
        }
        let whole = literal_number(written).filter(|n| n.fract() == 0.0 && n.abs() <= 12.0);
        if whole.is_none() {
            let kind = base.kind.described();
            let message = tr!(
                "{kind} can only be raised to a whole number between -12 and 12",
                "{kind}的指数只能是 -12 到 12 之间的整数"
            );
            let unit = example_quantity(&dimension);
            let hint = tr!(
                "convert the base to a plain number: `(x / {unit}) ^ y`",
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

/// Returns the number of a literal with an optional sign.
fn literal_number(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Number { figure, unit: None } => Some(*figure),
        ExprKind::Negate(inner) => literal_number(inner).map(|figure| -figure),
        _ => None,
    }
}

/// Returns a quantity of a dimension in formula syntax: `1 h`, `1 MB`, `1 [EUR/s]`.
fn example_quantity(dimension: &Dimension) -> String {
    let symbol = dimension.to_string();
    match symbol.as_str() {
        "s" => "1 h".to_owned(),
        "B" => "1 MB".to_owned(),
        _ if *dimension == Dimension::labour() => "1 person-day".to_owned(),
        word if super::lexer::is_bare_unit(word) => format!("1 {word}"),
        compound => format!("1 [{compound}]"),
    }
}

/// Returns a hint on how to make two operands compatible.
fn conversion_hint(left: &TypedPart, right: &TypedPart) -> Option<Text> {
    if left.kind == Type::Date || right.kind == Type::Date {
        return Some(tr!(
            "a time can be added to a date, as in `date(\"2026-11-22\") + 30 day`",
            "日期可与时间相加减，例如 `date(\"2026-11-22\") + 30 day`"
        ));
    }
    let (a, b) = (left.dimension()?, right.dimension()?);
    let (plain, other) = if a.is_none() { (a, b) } else { (b, a) };
    if plain.is_none() && !other.is_none() {
        let unit = example_quantity(other);
        return Some(tr!(
            "give the plain number a unit, as in `{unit}`",
            "请给纯数值加上单位，例如 `{unit}`"
        ));
    }
    let factor = example_quantity(&a.over(b));
    Some(tr!(
        "convert one of them with a factor such as `{factor}`",
        "请用形如 `{factor}` 的系数换算其中一方"
    ))
}
