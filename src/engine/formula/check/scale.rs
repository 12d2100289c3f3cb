//! Display units of dimensionless quantities.
//!
//! `h/month` has no dimension, but its figures are not those of a plain number: 6 h/month is 0.008. A bare number beside it
//! would be taken in another scale than its author reads, so the two may not be compared or added.

use super::{Checker, Code, Diagnostic, Dimension, Expr, ExprKind, Operator, TypedPart, tr};
use crate::formula::LookupTable;
use crate::formula::ast::{Fold, Function};
use crate::quantity::unit::Unit;
use crate::source::Span;

/// The scale in which the figures of a dimensionless quantity are read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scale {
    /// A number without a unit; its figure if it is a literal.
    Bare(Option<f64>),
    /// A ratio, a percentage, or the quotient of quantities of one kind: its figure is itself.
    Ratio,
    /// A quantity in a unit such as `h/month`.
    Carried(Unit),
}

impl Scale {
    /// Returns the scale of a quantity declared in `unit`.
    pub(super) fn of_unit(unit: Unit) -> Self {
        if unit.carries_scale() {
            Self::Carried(unit)
        } else if unit.name() == "1" {
            Self::Bare(None)
        } else {
            Self::Ratio
        }
    }

    /// Returns the scale of `left operator right`.
    pub(super) fn combine(operator: Operator, left: Self, right: Self) -> Self {
        match (operator, left, right) {
            (Operator::Mul | Operator::Div, Self::Carried(_), Self::Carried(_)) => Self::Ratio,
            (Operator::Div, _, Self::Carried(_)) | (Operator::Pow, _, _) => Self::Ratio,
            (_, Self::Carried(unit), _) | (_, _, Self::Carried(unit)) => Self::Carried(unit),
            (_, Self::Bare(_), Self::Bare(_)) => Self::Bare(None),
            _ => Self::Ratio,
        }
    }
}

impl<'a> Checker<'a> {
    /// Returns the scale of a dimensionless expression; a ratio where it cannot be told.
    pub(super) fn scale_of(&self, expr: &Expr) -> Scale {
        match &expr.kind {
            ExprKind::Number { figure, unit: None } => Scale::Bare(Some(*figure)),
            ExprKind::Number {
                unit: Some(word), ..
            } => match self.scope.units().parse(&word.text) {
                Ok(unit) => Scale::of_unit(unit),
                Err(_) => Scale::Ratio,
            },
            ExprKind::Name(name) if self.find_local(name).is_none() => {
                match self.scope.unit_of(name) {
                    Some(unit) => Scale::of_unit(unit),
                    None => Scale::Ratio,
                }
            }
            ExprKind::Negate(inner) => match self.scale_of(inner) {
                Scale::Bare(figure) => Scale::Bare(figure.map(|x| -x)),
                scale => scale,
            },
            ExprKind::Chain { first, rest } => {
                rest.iter().fold(self.scale_of(first), |left, link| {
                    Scale::combine(link.operator, left, self.scale_of(&link.right))
                })
            }
            ExprKind::Call {
                function,
                arguments,
            } => {
                let parts = match function {
                    Function::If => arguments.get(1..).unwrap_or_default(),
                    Function::Min | Function::Max | Function::Clamp | Function::Abs => arguments,
                    _ => return Scale::Ratio,
                };
                let scales = parts.iter().map(|part| self.scale_of(part));
                scales
                    .reduce(|left, right| Scale::combine(Operator::Add, left, right))
                    .unwrap_or(Scale::Ratio)
            }
            ExprKind::Curve { table, .. } => match self.scope.table(&table.text) {
                Some(LookupTable::Curve { y, .. }) => Scale::of_unit(y.clone()),
                _ => Scale::Ratio,
            },
            ExprKind::Keyed { table, .. } => match self.scope.table(&table.text) {
                Some(LookupTable::Keyed { unit, .. }) => Scale::of_unit(unit.clone()),
                _ => Scale::Ratio,
            },
            ExprKind::Each(each) if each.fold != Fold::Count => self.scale_of(&each.body),
            _ => Scale::Ratio,
        }
    }

    /// Reports a bare number beside a quantity whose unit is part of its figure.
    pub(super) fn expect_same_scale(
        &mut self,
        left: &TypedPart,
        right: &TypedPart,
        at: Span,
    ) -> Option<()> {
        let (unit, bare, figure) = match (&left.scale, &right.scale) {
            (Scale::Carried(unit), Scale::Bare(figure)) if !right.zero => (unit, right, figure),
            (Scale::Bare(figure), Scale::Carried(unit)) if !left.zero => (unit, left, figure),
            _ => return Some(()),
        };
        let unit = unit.name();
        let message = tr!(
            "a bare number and a quantity in `{unit}` are not compatible",
            "无单位的数与以 `{unit}` 计的量不能放在一起运算"
        );
        let hint = match figure {
            Some(figure) => tr!(
                "give the number its unit: `{figure} [{unit}]`",
                "请给该数写上单位：`{figure} [{unit}]`"
            ),
            None => tr!(
                "declare it in `{unit}`, or divide the quantity by a unit: `x / 1 [{unit}]`",
                "请以 `{unit}` 声明该数，或将该量除以单位：`x / 1 [{unit}]`"
            ),
        };
        let place = if bare.span == left.span {
            right.span
        } else {
            left.span
        };
        self.report(
            Diagnostic::new(Code::DimensionMismatch, at, message)
                .label(bare.span, tr!("a bare number", "无单位的数"))
                .label(place, tr!("in `{unit}`", "以 `{unit}` 计"))
                .hint(hint),
        );
        None
    }

    /// Reports a quantity in a unit such as `h/month` where a plain number is needed.
    pub(super) fn expect_no_scale(&mut self, part: &TypedPart) -> Option<()> {
        let Scale::Carried(unit) = &part.scale else {
            return Some(());
        };
        let unit = unit.name();
        let message = tr!(
            "expected a plain number, found a quantity in `{unit}`",
            "此处应为纯数值，却是以 `{unit}` 计的量"
        );
        let hint = tr!(
            "divide by a unit: `x / 1 [{unit}]`",
            "请除以单位：`x / 1 [{unit}]`"
        );
        self.report(Diagnostic::new(Code::DimensionMismatch, part.span, message).hint(hint));
        None
    }

    /// Returns whether a part is a number without a dimension.
    pub(super) fn is_plain(part: &TypedPart) -> bool {
        part.dimension().is_some_and(Dimension::is_none)
    }
}
