//! Reads the candidate rows of a matrix.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::table::MatrixRow;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::model::decision::Candidate;
use crate::model::evidence::{Fact, FactValue, Provenance};
use crate::quantity;
use crate::quantity::distribution::Distribution;
use crate::quantity::unit::Units;
use crate::source::Span;
use crate::tr;

/// Reads the candidate rows.
pub(super) fn lower_candidates(
    body: &[MatrixRow],
    criteria: &[(String, Span)],
    units: &Units,
    sink: &mut Diagnostics,
) -> Vec<Candidate> {
    let nothing = Arc::new(Provenance::default());
    let names: Vec<Arc<str>> = criteria.iter().map(|(id, _)| id.as_str().into()).collect();
    let mut seen = HashSet::new();
    let mut all = Vec::with_capacity(body.len());
    for row in body {
        let (id, span) = &row[0];
        if id.is_empty() {
            sink.push(Diagnostic::new(
                Code::BadMatrix,
                *span,
                tr!("this row has no candidate", "该行没有候选名"),
            ));
            continue;
        }
        if !seen.insert(id.as_str()) {
            let message = tr!(
                "the candidate `{id}` is listed twice",
                "候选 `{id}` 被列出两次"
            );
            sink.push(Diagnostic::new(Code::BadMatrix, *span, message));
            continue;
        }
        let mut facts = BTreeMap::new();
        for (name, (cell, at)) in names.iter().zip(&row[1..]) {
            if let Some(value) = cell_value(cell, *at, units, sink) {
                facts.insert(
                    name.clone(),
                    Fact {
                        value,
                        provenance: nothing.clone(),
                        domain: None,
                        span: *at,
                        stale: false,
                    },
                );
            }
        }
        all.push(Candidate {
            id: id.clone(),
            name: Text::name(id),
            variant: None,
            about: None,
            facts,
            parts: Vec::new(),
            basic_parts: Vec::new(),
            unmet: Vec::new(),
            file: None,
            span: *span,
        });
    }
    all
}

/// Reads one cell: a number, a range, or nothing.
pub(super) fn cell_value(
    cell: &str,
    at: Span,
    units: &Units,
    sink: &mut Diagnostics,
) -> Option<FactValue> {
    if cell.is_empty() {
        return Some(FactValue::Missing {
            reason: tr!("the cell is empty", "单元格为空"),
            command: None,
        });
    }
    if let Ok(x) = cell.parse::<f64>()
        && x.is_finite()
    {
        return Some(FactValue::Number(Distribution::Certain(x)));
    }
    match quantity::parse(cell, units) {
        Ok(written) if written.unit.is_none() => Some(FactValue::Number(written.figures)),
        Ok(_) => {
            let message = tr!(
                "a cell has no unit; `@unit` names the column's",
                "单元格不带单位；列的单位由 `@unit` 指明"
            );
            sink.push(Diagnostic::new(Code::BadMatrix, at, message));
            None
        }
        Err(error) => {
            let code = if error.kind == quantity::QuantityErrorKind::Distribution {
                Code::BadDistribution
            } else {
                Code::BadMatrix
            };
            let message = if code == Code::BadMatrix {
                tr!(
                    "`{cell}` is neither a number nor a range",
                    "`{cell}` 既不是数字也不是区间"
                )
            } else {
                error.message
            };
            let hint = if cell.starts_with('=') {
                tr!(
                    "save the values of a spreadsheet, not its formulas",
                    "请保存电子表格的数值，而不是公式"
                )
            } else {
                tr!(
                    "write `3.5`, `2..6`, `1..2..4` or `pert(1,2,4)`; leave the cell empty where it is not known",
                    "可写 `3.5`、`2..6`、`1..2..4` 或 `pert(1,2,4)`；未知时留空"
                )
            };
            sink.push(Diagnostic::new(code, at, message).hint(hint));
            None
        }
    }
}
