//! Writes project files again: any file as canonical YAML, a matrix as the CSV it could have been read from. Used
//! for a decision that was changed in memory, and for spreadsheets.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::load::read::file_ref::FileRef;
use crate::load::read::kind;
use crate::load::read::reader::Reader;
use crate::model::decision::{Decision, Goal};
use crate::model::evidence::FactValue;
use crate::model::library::Criterion;
use crate::quantity::distribution::Distribution;
use crate::quantity::value_function::{Direction, ValueFunction};
use crate::schema::bench::{ContractDoc, ServiceDoc};
use crate::schema::catalog::CatalogDoc;
use crate::schema::criteria::{CriteriaDoc, WeightsDoc};
use crate::schema::decision::{DecisionDoc, ScenarioDoc, TeamDoc};
use crate::schema::evidence::EvidenceDoc;
use crate::schema::{FileKind, write};
use crate::yaml::Node;

/// Reads a project file of any kind and returns it in canonical form; reading the result gives an equal document.
/// `None` for a file with errors, after reporting them, and for a file of another program.
pub fn canonical(file: &Path, reader: &mut Reader) -> Option<String> {
    fn rewrite<T: DeserializeOwned + Serialize>(
        node: Node,
        kind: FileKind,
        reader: &mut Reader,
    ) -> Option<String> {
        let doc: T = reader.read_node(node, kind)?;
        (!reader.diagnostics.has_errors()).then(|| write(&doc))
    }
    let source = reader.read_text(&FileRef::Disk(file.to_owned()))?;
    let node = reader.parse_yaml(source)?;
    let kind = kind::kind_of(&node, file)?;
    match kind {
        FileKind::Catalog => rewrite::<CatalogDoc>(node, kind, reader),
        FileKind::Criteria => rewrite::<CriteriaDoc>(node, kind, reader),
        FileKind::Decision => rewrite::<DecisionDoc>(node, kind, reader),
        FileKind::Team => rewrite::<TeamDoc>(node, kind, reader),
        FileKind::Scenario => rewrite::<ScenarioDoc>(node, kind, reader),
        FileKind::Weights => rewrite::<WeightsDoc>(node, kind, reader),
        FileKind::Evidence => rewrite::<EvidenceDoc>(node, kind, reader),
        FileKind::Service => rewrite::<ServiceDoc>(node, kind, reader),
        FileKind::Contract => rewrite::<ContractDoc>(node, kind, reader),
    }
}

/// Returns a matrix decision as CSV; reading the result gives the same decision. `None` for other decisions.
#[must_use]
pub fn matrix(decision: &Decision) -> Option<String> {
    if !decision.matrix {
        return None;
    }
    let columns: Vec<(&str, f64, &Criterion)> = decision
        .goals
        .iter()
        .map(|goal| match goal {
            Goal::Criterion { id, points, .. } => {
                Some((id.as_str(), *points, decision.library.criteria.get(id)?))
            }
            Goal::Objective { .. } => None,
        })
        .collect::<Option<_>>()?;
    let mut rows: Vec<Vec<String>> = vec![matrix_row(
        "candidate",
        columns.iter().map(|(id, ..)| (*id).to_owned()),
    )];
    let direction = |criterion: &Criterion| {
        if criterion.direction == Direction::Max {
            "max"
        } else {
            "min"
        }
    };
    rows.push(matrix_row(
        "@direction",
        columns.iter().map(|(.., c)| direction(c).to_owned()),
    ));
    rows.push(matrix_row(
        "@weight",
        columns.iter().map(|(_, points, _)| points.to_string()),
    ));
    let anchors = |c: &Criterion| match c.value {
        Some(ValueFunction::Linear { worst, best }) => (worst.to_string(), best.to_string()),
        _ => (String::new(), String::new()),
    };
    rows.push(matrix_row(
        "@worst",
        columns.iter().map(|(.., c)| anchors(c).0),
    ));
    rows.push(matrix_row(
        "@best",
        columns.iter().map(|(.., c)| anchors(c).1),
    ));
    let unit = |c: &Criterion| {
        c.unit
            .as_ref()
            .map_or_else(String::new, |(unit, _)| unit.suffix().to_owned())
    };
    rows.push(matrix_row("@unit", columns.iter().map(|(.., c)| unit(c))));
    for candidate in &decision.candidates {
        let cells =
            columns.iter().map(
                |(id, ..)| match candidate.facts.get(*id).map(|fact| &fact.value) {
                    Some(FactValue::Number(figures)) => written(figures),
                    _ => String::new(),
                },
            );
        rows.push(matrix_row(&candidate.id, cells));
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row)
            .expect("rows of one length, written to memory");
    }
    let bytes = writer
        .into_inner()
        .expect("writing to memory does not fail");
    Some(String::from_utf8(bytes).expect("cells are text"))
}

fn matrix_row(first: &str, cells: impl Iterator<Item = String>) -> Vec<String> {
    std::iter::once(first.to_owned()).chain(cells).collect()
}

/// Formats a quantity without its unit in the syntax of [`crate::quantity::parse`]; every figure is written in
/// full.
fn written(figures: &Distribution) -> String {
    let list = |values: &[f64]| {
        values
            .iter()
            .map(f64::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match figures {
        Distribution::Certain(x) => x.to_string(),
        Distribution::Uniform { low, high } => format!("{low}..{high}"),
        Distribution::Triangular { low, mode, high } => format!("{low}..{mode}..{high}"),
        Distribution::Pert { low, mode, high } => format!("pert({low}, {mode}, {high})"),
        Distribution::Normal { mean, sd } => format!("normal({mean}, {sd})"),
        Distribution::LogNormal { mu, sigma, scale } => {
            format!("lognormal({}, {sigma})", mu + scale.ln())
        }
        // A cell has no unit, so the scale factor is 1.
        Distribution::Beta { a, b, .. } => format!("beta({a}, {b})"),
        Distribution::Discrete(points) => {
            format!(
                "discrete({})",
                points
                    .iter()
                    .map(|(x, p)| format!("{x}:{p}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        }
        Distribution::Samples { group, values } => {
            let group = group
                .as_ref()
                .map_or_else(String::new, |g| format!("{g}: "));
            format!("samples({group}{})", list(values))
        }
    }
}
