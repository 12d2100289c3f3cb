//! The evidence behind the figures: the context, every fact on a candidate's walk with source and date, the runs, and what is not known.

use std::collections::BTreeMap;

use serde::Serialize;

use super::date;
use crate::eval::{Leaf, Plan};
use crate::formula::Type;
use crate::graph::{Compute, NodeKind};
use crate::lang::{Lang, Text};
use crate::model::evidence::{EvidenceKind, Fact, FactValue, MeasuredRun};
use crate::model::remark;
use crate::quantity::date::Date;
use crate::tr;
use crate::view::figure;
use crate::view::rank::RankView;

/// The facts of one candidate.
#[derive(Debug, Serialize)]
pub struct EvidenceTable {
    pub name: String,
    /// Its facts, in the order of the graph.
    pub rows: Vec<EvidenceRow>,
}

/// One fact.
#[derive(Debug, Serialize)]
pub struct EvidenceRow {
    /// The title of the measure.
    pub title: String,
    /// The value.
    pub value: String,
    /// Its 5 % and 95 % quantile.
    pub range: String,
    /// What kind of evidence.
    pub kind: String,
    pub source: String,
    pub as_of: String,
    /// Expiry date, marked if it has passed.
    pub expires: String,
    /// The run it was measured in.
    pub run: String,
}

/// One input of the context.
#[derive(Debug, Serialize)]
pub struct ContextInputView {
    /// The name that `--set` takes.
    pub name: String,
    pub title: String,
    pub value: String,
    /// Its 5 % and 95 % quantile.
    pub range: String,
    /// Kind of evidence, for display.
    pub kind: String,
    pub source: String,
    pub as_of: String,
    pub expires: String,
}

/// One run behind measured facts.
#[derive(Debug, Serialize)]
pub struct RunRow {
    pub id: String,
    pub file: String,
    /// The service that was measured.
    pub service: String,
    pub machine: String,
    /// Remarks on the run.
    pub verdicts: String,
}

/// The missing facts of a candidate.
#[derive(Debug, Serialize)]
pub struct IncompleteView {
    pub name: String,
    /// The candidate's status, for display.
    pub status: String,
    pub reasons: Vec<String>,
    /// Commands that would provide what is missing.
    pub commands: Vec<String>,
}

/// The kind of evidence for display.
fn kind(kind: EvidenceKind) -> Text {
    match kind {
        EvidenceKind::Measured => tr!("measured", "实测"),
        EvidenceKind::Registry => tr!("registry", "登记"),
        EvidenceKind::Published => tr!("published", "公开发表"),
        EvidenceKind::Policy => tr!("policy", "方针"),
        EvidenceKind::Judged => tr!("judged", "判断"),
    }
}

/// Returns the inputs of the context that the graph uses.
pub(super) fn inputs(plan: &Plan<'_>, lang: Lang) -> Vec<ContextInputView> {
    let used = plan
        .graph
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, n)| n.kind == NodeKind::Context);
    used.map(|(at, n)| {
        let fact = match plan.leaf(at, 0) {
            Leaf::Fact(fact) => Some(fact),
            _ => None,
        };
        let range = fact.map_or_else(String::new, |fact| range(plan, at, fact));
        let provenance = fact.map(|fact| &fact.provenance);
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| date(day, lang));
        ContextInputView {
            kind: provenance
                .and_then(|p| p.kind)
                .map_or_else(String::new, |k| kind(k).get(lang).to_owned()),
            source: provenance.map_or_else(String::new, |p| p.source.to_string()),
            as_of: day(provenance.and_then(|p| p.as_of)),
            expires: fact.map_or_else(String::new, |fact| expires(fact, lang)),
            name: n.id.clone(),
            title: n.title.get(lang).to_owned(),
            value: shown(plan, at, 0, lang),
            range,
        }
    })
    .collect()
}

/// The facts on each candidate's walk, candidates in the order of the ranking.
pub(super) fn tables(plan: &Plan<'_>, rank: &RankView, lang: Lang) -> Vec<EvidenceTable> {
    let table = |p: &crate::view::rank::PlaceView| {
        let c = plan
            .decision
            .candidates
            .iter()
            .position(|own| own.id == p.candidate)?;
        let rows =
            plan.walk(c)
                .steps
                .into_iter()
                .filter_map(|step| match plan.leaf(step.node, c) {
                    Leaf::Fact(fact)
                        if matches!(
                            plan.graph.nodes[step.node].compute,
                            Compute::Fact(_) | Compute::PartFact { .. }
                        ) =>
                    {
                        Some(row(plan, step.node, c, fact, lang))
                    }
                    _ => None,
                });
        Some(EvidenceTable {
            name: p.name.clone(),
            rows: rows.collect(),
        })
    };
    rank.ranking
        .iter()
        .filter_map(table)
        .filter(|t| !t.rows.is_empty())
        .collect()
}

/// The day until which a fact is valid, marked if it has passed.
fn expires(fact: &Fact, lang: Lang) -> String {
    fact.provenance.expires.map_or_else(String::new, |d| {
        let day = date(d, lang);
        if fact.stale {
            tr!("{day} (expired)", "{day}（已过期）")
                .get(lang)
                .to_owned()
        } else {
            day
        }
    })
}

fn row(plan: &Plan<'_>, at: usize, c: usize, fact: &Fact, lang: Lang) -> EvidenceRow {
    let node = &plan.graph.nodes[at];
    let p = &fact.provenance;
    let mut value = shown(plan, at, c, lang);
    if let FactValue::Missing { reason, .. } | FactValue::Assumed { reason, .. } = &fact.value {
        value = reason.get(lang).to_owned();
    }
    if let FactValue::NotApplicable { reason } = &fact.value {
        value = tr!("does not apply: {reason}", "不适用：{reason}")
            .get(lang)
            .to_owned();
    }
    let parts = match &fact.value {
        FactValue::Combined { parts, .. } => parts
            .iter()
            .map(|(id, part)| format!("{id}: {}", part.provenance.source))
            .collect(),
        _ => Vec::new(),
    };
    EvidenceRow {
        title: node.title.get(lang).to_owned(),
        value,
        range: range(plan, at, fact),
        kind: p
            .kind
            .map_or_else(String::new, |k| kind(k).get(lang).to_owned()),
        source: if parts.is_empty() {
            p.source.to_string()
        } else {
            parts.join("; ")
        },
        as_of: p.as_of.map_or_else(String::new, |d| date(d, lang)),
        expires: expires(fact, lang),
        run: p
            .run
            .as_ref()
            .map_or_else(String::new, |run| run.id.clone()),
    }
}

/// The value of a node for display, days as the language writes them.
fn shown(plan: &Plan<'_>, at: usize, c: usize, lang: Lang) -> String {
    let (node, value) = (&plan.graph.nodes[at], plan.point[at].of(c));
    match node.value {
        Type::Date => Date::of_seconds(value)
            .filter(|_| !value.is_nan())
            .map_or_else(|| figure::MISSING.to_owned(), |d| date(d, lang)),
        _ => figure::of_node(plan.decision, node, value, lang),
    }
}

fn range(plan: &Plan<'_>, at: usize, fact: &Fact) -> String {
    let node = &plan.graph.nodes[at];
    match &fact.value {
        FactValue::Number(d) if !d.is_certain() => {
            let of = |p: f64| figure::number(node.unit.of_base(d.quantile(p)));
            format!("{}–{}", of(0.05), of(0.95))
        }
        _ => String::new(),
    }
}

/// Every fact that the graph can use, with its candidate and node.
fn used<'p>(plan: &'p Plan<'_>) -> impl Iterator<Item = (usize, usize, &'p Fact)> {
    let nodes = plan.graph.nodes.iter().enumerate();
    nodes.flat_map(move |(at, n)| {
        let of = move |c: usize| match plan.leaf(at, c) {
            Leaf::Fact(fact) => Some((c, at, fact)),
            _ => None,
        };
        let owners: Vec<usize> = match &n.compute {
            Compute::Fact(_) => (0..plan.candidates()).collect(),
            Compute::PartFact { part, .. } => {
                let candidates = &plan.decision.candidates;
                let first = candidates.iter().position(|c| c.contains_part(part));
                first.into_iter().collect()
            }
            _ => Vec::new(),
        };
        owners.into_iter().filter_map(of)
    })
}

/// The runs behind measured facts, by id.
pub(super) fn runs(plan: &Plan<'_>, lang: Lang) -> Vec<RunRow> {
    let found: BTreeMap<&str, &MeasuredRun> = used(plan)
        .filter_map(|(.., f)| f.provenance.run.as_deref())
        .map(|r| (r.id.as_str(), r))
        .collect();
    let row = |run: &MeasuredRun| RunRow {
        id: run.id.clone(),
        file: run.file.clone(),
        service: run.service.clone(),
        machine: run.machine.clone().unwrap_or_default(),
        verdicts: remark::names(&run.remarks).get(lang).to_owned(),
    };
    found.into_values().map(row).collect()
}

/// Candidates without a rank, and those whose score assumes something.
pub(super) fn unknown(plan: &Plan<'_>, rank: &RankView, lang: Lang) -> Vec<IncompleteView> {
    let told = rank
        .ranking
        .iter()
        .filter(|p| !p.reasons.is_empty() && p.status != "screened");
    told.map(|p| {
        let c = plan
            .decision
            .candidates
            .iter()
            .position(|own| own.id == p.candidate)
            .expect("the ranking is of this decision");
        IncompleteView {
            name: p.name.clone(),
            status: super::standing::status(p.status).get(lang).to_owned(),
            reasons: p.reasons.clone(),
            commands: plan.commands(c),
        }
    })
    .collect()
}

/// Returns the stale facts in use.
pub(super) fn expired(plan: &Plan<'_>, lang: Lang) -> Vec<String> {
    let stale = used(plan).filter(|(.., fact)| fact.stale);
    stale
        .map(|(c, at, fact)| {
            let (name, title) = (
                plan.decision.candidates[c].name.get(lang),
                plan.graph.nodes[at].title.get(lang),
            );
            let day = fact
                .provenance
                .expires
                .map_or_else(String::new, |d| date(d, lang));
            tr!(
                "{name}: {title}, since {day}",
                "{name}：{title}，自 {day} 起"
            )
            .get(lang)
            .to_owned()
        })
        .collect()
}
