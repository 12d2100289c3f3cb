//! Lowers look-up tables: curves, and rows with one or two keys.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::formula::{Interpolate, LookupTable};
use crate::load::lower::library::LibraryBuilder;
use crate::quantity::unit::Unit;
use crate::schema::Spanned;
use crate::schema::criteria::{InterpolateDoc, RowDoc, TableDoc};
use crate::tr;

impl LibraryBuilder<'_> {
    pub(super) fn table(&mut self, name: &Spanned<String>, doc: &TableDoc) -> Option<LookupTable> {
        let unit = self.unit(doc.unit.as_ref())?;
        if !doc.points.is_empty() {
            return self.curve(name, doc, unit);
        }
        let arity = doc.keys.len();
        let mut rows = BTreeMap::new();
        for (key, row) in &doc.rows {
            match (row, arity) {
                (RowDoc::One(x), 1) => {
                    rows.insert(vec![key.value.clone()], unit.to_base(*x));
                }
                (RowDoc::Two(cells), 2) => {
                    for (second, x) in cells {
                        rows.insert(
                            vec![key.value.clone(), second.value.clone()],
                            unit.to_base(*x),
                        );
                    }
                }
                _ => {
                    let message = tr!(
                        "a row of this table has {arity} key(s)",
                        "该表的每行应有 {arity} 个键"
                    );
                    self.sink
                        .push(Diagnostic::new(Code::WrongType, key.span, message));
                }
            }
        }
        if arity == 0 || arity > 2 || rows.is_empty() {
            let message = tr!(
                "a table has `points:`, or one or two `keys:` and `rows:`",
                "表格应有 `points:`，或一至两个 `keys:` 与 `rows:`"
            );
            self.sink
                .push(Diagnostic::new(Code::MissingKey, name.span, message));
            return None;
        }
        Some(LookupTable::Keyed {
            arity,
            rows,
            default: doc.default.map(|x| unit.to_base(x)),
            unit,
        })
    }

    fn curve(&mut self, name: &Spanned<String>, doc: &TableDoc, y: Unit) -> Option<LookupTable> {
        let x = self.unit(doc.x.as_ref())?;
        let mut points = Vec::new();
        for (at, value) in &doc.points {
            let Ok(argument) = at.value.parse::<f64>() else {
                let word = &at.value;
                self.sink.push(Diagnostic::new(
                    Code::WrongType,
                    at.span,
                    tr!(
                        "expected a number, found `{word}`",
                        "应为数字，却是 `{word}`"
                    ),
                ));
                continue;
            };
            points.push((x.to_base(argument), y.to_base(*value)));
        }
        let rises = points.windows(2).all(|w| w[0].0 < w[1].0);
        let interpolate = match doc.interpolate {
            InterpolateDoc::Linear => Interpolate::Linear,
            InterpolateDoc::Log => Interpolate::Log,
            InterpolateDoc::Step => Interpolate::Step,
        };
        let positive = interpolate != Interpolate::Log || points.iter().all(|p| p.0 > 0.0);
        if !rises || !positive {
            let message = tr!(
                "the points of a table must ascend, and be positive for `log`",
                "表格的点必须递增；`log` 插值时须为正"
            );
            self.sink
                .push(Diagnostic::new(Code::BadAnchors, name.span, message));
            return None;
        }
        Some(LookupTable::Curve {
            x,
            y,
            points,
            interpolate,
        })
    }
}
