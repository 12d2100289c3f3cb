//! Reads the `@` rows of a matrix: the settings of each criterion.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::table::MatrixRow;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::{Expr, ExprKind, ExprSpan};
use crate::lang::Text;
use crate::model::evidence::StaleRule;
use crate::model::library::{Background, Criterion, Measure, MissingPolicy, ValueForm};
use crate::quantity::unit::Unit;
use crate::quantity::value_function::{Direction, ValueFunction};
use crate::source::Span;
use crate::tr;

/// The `@` rows of one column.
pub(super) struct MatrixColumn {
    direction: Direction,
    pub weight: f64,
    worst: Option<f64>,
    best: Option<f64>,
    unit: Unit,
    place: Option<Span>,
}

impl MatrixColumn {
    pub(super) fn read(
        about: &BTreeMap<String, MatrixRow>,
        k: usize,
        sink: &mut Diagnostics,
    ) -> Self {
        let cell = |row: &str| {
            about
                .get(row)
                .map(|r| &r[k])
                .filter(|(text, _)| !text.is_empty())
        };
        let mut number = |row: &str| -> Option<f64> {
            let (text, span) = cell(row)?;
            let read = text.parse::<f64>().ok().filter(|x| x.is_finite());
            if read.is_none() {
                let message = tr!("`{text}` is not a number", "`{text}` 不是数字");
                sink.push(Diagnostic::new(Code::BadMatrix, *span, message));
            }
            read
        };
        let (weight, worst, best) = (number("@weight"), number("@worst"), number("@best"));
        if let (Some(x), Some((_, span))) = (weight, cell("@weight"))
            && x < 0.0
        {
            sink.push(Diagnostic::new(
                Code::OutOfRange,
                *span,
                tr!(
                    "points are zero or more, not {x}",
                    "点数应不小于零，而不是 {x}"
                ),
            ));
        }
        let direction = match cell("@direction").map(|(t, s)| (t.as_str(), *s)) {
            None | Some(("max", _)) => Direction::Max,
            Some(("min", _)) => Direction::Min,
            Some((other, span)) => {
                let message = tr!(
                    "a direction is `max` or `min`, not `{other}`",
                    "方向应为 `max` 或 `min`，而不是 `{other}`"
                );
                sink.push(Diagnostic::new(Code::BadMatrix, span, message));
                Direction::Max
            }
        };
        let unit = cell("@unit").map_or_else(Unit::one, |(text, _)| Unit::label(text));
        let place = cell("@best")
            .or_else(|| cell("@worst"))
            .map(|(_, span)| *span);
        Self {
            direction,
            weight: weight.map_or(1.0, |x| x.max(0.0)),
            worst,
            best,
            unit,
            place,
        }
    }

    pub(super) fn measure(&self, id: &str, span: Span) -> Measure {
        Measure {
            title: Text::name(id),
            about: None,
            form: ValueForm::Number(self.unit.clone()),
            rollup: None,
            syntax: None,
            stale: StaleRule::default(),
            domains: Vec::new(),
            span,
        }
    }

    pub(super) fn criterion(&self, id: &str, span: Span, sink: &mut Diagnostics) -> Criterion {
        let value = match (self.worst, self.best) {
            (Some(worst), Some(best)) => {
                let fits = if self.direction == Direction::Max {
                    worst < best
                } else {
                    worst > best
                };
                if !fits {
                    let message = tr!(
                        "`@worst` {worst} and `@best` {best} do not fit the direction",
                        "`@worst` {worst} 与 `@best` {best} 与方向不符"
                    );
                    sink.push(Diagnostic::new(
                        Code::BadAnchors,
                        self.place.unwrap_or(span),
                        message,
                    ));
                }
                Some(ValueFunction::Linear { worst, best })
            }
            (None, None) => None,
            _ => {
                let message = tr!(
                    "give both `@worst` and `@best`, or neither",
                    "`@worst` 与 `@best` 须同时给出或都不给"
                );
                sink.push(Diagnostic::new(
                    Code::BadAnchors,
                    self.place.unwrap_or(span),
                    message,
                ));
                None
            }
        };
        Criterion {
            title: Text::name(id),
            expr: Arc::new(Expr {
                kind: ExprKind::Name(id.to_owned()),
                place: ExprSpan(span),
            }),
            unit: Some((self.unit.clone(), span)),
            value,
            direction: self.direction,
            missing: MissingPolicy::Exclude,
            not_applicable: None,
            legacy: None,
            background: Background::default(),
            span,
        }
    }
}
