//! Works out lookups: curves, tables with keys, and maps of elements.

use super::super::ast::{Expr, SpannedWord, split_name};
use super::super::operation as op;
use super::super::table::Curve;
use super::super::{Interpolate, LookupTable, Type};
use super::{Local, Worked, Worker, WorkingKind, WorkingMember, WorkingStep, bracketed};
use crate::lang::Text;
use crate::quantity::unit::Unit;
use crate::tr;

impl<'a> Worker<'a> {
    pub(super) fn curve(&mut self, table: &'a SpannedWord, argument: &'a Expr) -> Worked {
        let argument = self.expr(argument);
        let Some(LookupTable::Curve {
            x,
            y,
            points,
            interpolate,
        }) = self.scope.table(&table.text)
        else {
            return self.leaf(f64::NAN, Type::PLAIN, None, "?".to_owned());
        };
        let value = op::finite_or_nan(Curve::new(points, *interpolate).at(argument.value));
        let kind = Type::Number(y.dimension().clone());
        let scope = self.scope;
        let show_x = |at: f64| scope.show(at, &Type::Number(x.dimension().clone()), x);
        let show_y = |at: f64| scope.show(at, &kind, y);
        let at = show_x(argument.value);
        let call = format!("{}({at})", table.text);
        let mut formulas = Vec::new();
        if !argument.is_figure() {
            let inner = self.render(&argument.expr);
            formulas.push(format!("{}({inner})", table.text));
        }
        formulas.push(call);
        let mut note = None;
        if !argument.value.is_nan() && !points.is_empty() {
            match between(points, argument.value, *interpolate) {
                Ok([(x0, y0), (x1, y1)]) => {
                    let part = match interpolate {
                        Interpolate::Log => format!(
                            "ln({at} / {}) / ln({} / {})",
                            bracketed(&show_x(x0)),
                            show_x(x1),
                            bracketed(&show_x(x0))
                        ),
                        _ => format!(
                            "({at} - {}) / ({} - {})",
                            show_x(x0),
                            show_x(x1),
                            show_x(x0)
                        ),
                    };
                    let (y0, y1) = (show_y(y0), show_y(y1));
                    formulas.push(format!("{y0} + ({y1} - {y0}) * {part}"));
                }
                Err(why) => note = Some(why(&show_x)),
            }
        }
        let step = WorkingStep {
            kind: WorkingKind::Lookup,
            label: String::new(),
            formulas,
            value,
            unit: y.clone(),
            shown: show_y(value),
            weight: None,
            note,
            steps: Vec::new(),
        };
        self.add_step(step, kind)
    }

    pub(super) fn keyed(&mut self, table: &'a SpannedWord, keys: &'a [Expr]) -> Worked {
        let keys: Vec<Worked> = keys.iter().map(|key| self.expr(key)).collect();
        let written: Vec<String> = keys.iter().map(|key| self.render(&key.expr)).collect();
        let texts: Option<Vec<String>> = keys.iter().map(|key| key.text.clone()).collect();
        let (value, unit, note) = match self.local(&table.text) {
            Some(Local::Member(member, collection)) => {
                let field = split_name(&table.text).1.unwrap_or_default();
                self.map_value(&member, &collection, field, texts.as_deref())
            }
            _ => self.row(&table.text, texts),
        };
        let kind = Type::Number(unit.dimension().clone());
        let step = WorkingStep {
            kind: WorkingKind::Lookup,
            label: String::new(),
            formulas: vec![format!("{}[{}]", table.text, written.join(", "))],
            value,
            shown: self.scope.show(value, &kind, &unit),
            unit,
            weight: None,
            note,
            steps: Vec::new(),
        };
        self.add_step(step, kind)
    }

    /// The value of a key in a member's map.
    fn map_value(
        &self,
        member: &WorkingMember,
        collection: &str,
        field: &str,
        key: Option<&[String]>,
    ) -> (f64, Unit, Option<Text>) {
        let absent = self.scope.absent(collection, field);
        let unit = || absent.as_ref().map_or_else(Unit::one, |(_, u)| u.clone());
        let Some([key]) = key else {
            return (f64::NAN, unit(), None);
        };
        let listed = member.keys.iter().find(|(own, _)| own == field);
        if listed.is_some_and(|(_, keys)| keys.contains(key))
            && let Some(input) = self.scope.input(&format!("{}.{field}.{key}", member.input))
        {
            return (input.value, input.unit, None);
        }
        match absent {
            Some((value, unit)) => {
                let figure = unit.of_base(value);
                let note = tr!("not listed: assumed {figure}", "未登记：假定为 {figure}");
                (value, unit, Some(note))
            }
            None => (f64::NAN, Unit::one(), Some(tr!("not listed", "未登记"))),
        }
    }

    /// The value of a row of a table.
    fn row(&self, table: &str, keys: Option<Vec<String>>) -> (f64, Unit, Option<Text>) {
        let Some(LookupTable::Keyed {
            rows,
            default,
            unit,
            ..
        }) = self.scope.table(table)
        else {
            return (f64::NAN, Unit::one(), None);
        };
        let Some(keys) = keys else {
            return (f64::NAN, unit.clone(), None);
        };
        match (rows.get(&keys), default) {
            (Some(value), _) => (*value, unit.clone(), None),
            (None, Some(value)) => {
                let note = tr!(
                    "not in the table: its default",
                    "表中没有此项：取表的默认值"
                );
                (*value, unit.clone(), Some(note))
            }
            (None, None) => {
                let note = tr!("not in the table", "表中没有此项");
                (f64::NAN, unit.clone(), Some(note))
            }
        }
    }
}

/// What is said of an argument that needs no arithmetic, given how it is shown.
type PointNote<'p> = Box<dyn Fn(&dyn Fn(f64) -> String) -> Text + 'p>;

/// Returns the points of a curve around `x`, or what to say if the value is that of one point.
fn between(
    points: &[(f64, f64)],
    x: f64,
    interpolate: Interpolate,
) -> Result<[(f64, f64); 2], PointNote<'_>> {
    let above = points.partition_point(|point| point.0 <= x);
    let Some(below) = above.checked_sub(1) else {
        let first = points[0].0;
        return Err(Box::new(move |show| {
            let first = show(first);
            tr!(
                "the table begins at {first}: its first value",
                "表从 {first} 开始：取首个值"
            )
        }));
    };
    let low = points[below];
    if above == points.len() && x > low.0 {
        return Err(Box::new(move |show| {
            let last = show(low.0);
            tr!(
                "the table ends at {last}: its last value",
                "表止于 {last}：取末尾值"
            )
        }));
    }
    if x == low.0 || interpolate == Interpolate::Step || above == points.len() {
        return Err(Box::new(move |show| {
            let point = show(low.0);
            tr!("the table's value from {point}", "表中自 {point} 起的值")
        }));
    }
    Ok([low, points[above]])
}
