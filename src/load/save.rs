//! What was read, written again: any project file as canonical YAML, a matrix as the CSV it could have been read from. For a
//! decision that was changed in memory, and for a spreadsheet.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::files::Place;
use super::{check, document, files, yaml};
use crate::diagnostic::Diagnostics;

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
use crate::schema::node::Node;
use crate::schema::{FileKind, write};
use crate::source::Sources;

/// Reads a project file of whatever kind and writes it in canonical form; reading that gives an equal document. `None` for a file
/// that is not sound, with the reasons in the sink, and for one of another program.
pub fn canonical(file: &Path, sources: &mut Sources, sink: &mut Diagnostics) -> Option<String> {
    fn rewrite<T: DeserializeOwned + Serialize>(
        node: Node,
        kind: FileKind,
        sink: &mut Diagnostics,
    ) -> Option<String> {
        let doc: T = document::lower(node, kind, sink)?;
        (!sink.has_errors()).then(|| write(&doc))
    }
    let source = files::read(&Place::Disk(file.to_owned()), sources, sink)?;
    let node = yaml::parse(source, sources, sink)?;
    let kind = check::kind_of(&node, file)?;
    match kind {
        FileKind::Catalog => rewrite::<CatalogDoc>(node, kind, sink),
        FileKind::Criteria => rewrite::<CriteriaDoc>(node, kind, sink),
        FileKind::Decision => rewrite::<DecisionDoc>(node, kind, sink),
        FileKind::Team => rewrite::<TeamDoc>(node, kind, sink),
        FileKind::Scenario => rewrite::<ScenarioDoc>(node, kind, sink),
        FileKind::Weights => rewrite::<WeightsDoc>(node, kind, sink),
        FileKind::Evidence => rewrite::<EvidenceDoc>(node, kind, sink),
        FileKind::Service => rewrite::<ServiceDoc>(node, kind, sink),
        FileKind::Contract => rewrite::<ContractDoc>(node, kind, sink),
    }
}

/// Writes a matrix decision as CSV; reading it gives the same decision again. `None` for a decision of another form.
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
    let mut rows: Vec<Vec<String>> = vec![line(
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
    rows.push(line(
        "@direction",
        columns.iter().map(|(.., c)| direction(c).to_owned()),
    ));
    rows.push(line(
        "@weight",
        columns.iter().map(|(_, points, _)| points.to_string()),
    ));
    let anchors = |c: &Criterion| match c.value {
        Some(ValueFunction::Linear { worst, best }) => (worst.to_string(), best.to_string()),
        _ => (String::new(), String::new()),
    };
    rows.push(line("@worst", columns.iter().map(|(.., c)| anchors(c).0)));
    rows.push(line("@best", columns.iter().map(|(.., c)| anchors(c).1)));
    let unit = |c: &Criterion| {
        c.unit
            .as_ref()
            .map_or_else(String::new, |(unit, _)| unit.suffix().to_owned())
    };
    rows.push(line("@unit", columns.iter().map(|(.., c)| unit(c))));
    for candidate in &decision.candidates {
        let cells =
            columns.iter().map(
                |(id, ..)| match candidate.facts.get(*id).map(|fact| &fact.value) {
                    Some(FactValue::Number(figures)) => written(figures),
                    _ => String::new(),
                },
            );
        rows.push(line(&candidate.id, cells));
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

fn line(first: &str, cells: impl Iterator<Item = String>) -> Vec<String> {
    std::iter::once(first.to_owned()).chain(cells).collect()
}

/// A quantity without its unit, as [`crate::quantity::parse`] reads it: every figure is written in full.
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
        // A cell bears no unit, so nothing was multiplied into the scale.
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
        Distribution::Samples(values) => format!("samples({})", list(values)),
    }
}
