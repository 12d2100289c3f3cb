//! Views of the catalogs: the list, one candidate with its sources, and the summary of evidence.

use schemars::JsonSchema;
use serde::Serialize;

use super::figure;
use crate::lang::{Lang, Text};
use crate::model::catalog::{Catalog, CatalogEntry};
use crate::model::evidence::{EvidenceKind, Fact, FactValue};
use crate::model::library::{Measure, ValueForm};
use crate::quantity::distribution::Distribution;

/// The candidates of a catalog.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ListView {
    /// By domain and id.
    pub candidates: Vec<ListRow>,
}

/// One candidate in the list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ListRow {
    pub domain: String,
    pub id: String,
    pub name: String,
    /// The concrete variant that the facts describe.
    pub variant: Option<String>,
    pub about: Option<String>,
}

/// Builds the view of the list.
#[must_use]
pub fn list<'a>(entries: impl Iterator<Item = &'a CatalogEntry>, lang: Lang) -> ListView {
    let words = |text: &Option<Text>| text.as_ref().map(|t| t.get(lang).to_owned());
    let row = |entry: &CatalogEntry| ListRow {
        domain: entry.domain.clone(),
        id: entry.candidate.id.clone(),
        name: entry.candidate.name.get(lang).to_owned(),
        variant: words(&entry.candidate.variant),
        about: words(&entry.candidate.about),
    };
    ListView {
        candidates: entries.map(row).collect(),
    }
}

/// One candidate.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShowView {
    pub id: String,
    pub name: String,
    pub domain: String,
    /// The concrete variant that the facts describe.
    pub variant: Option<String>,
    pub about: Option<String>,
    /// Its facts, in the order of their names.
    pub facts: Vec<FactView>,
}

/// One fact with its provenance.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FactView {
    pub fact: String,
    pub title: String,
    /// The value in its unit: a number, a flag, a word or a day; `null` where missing.
    pub value: serde_json::Value,
    /// Its 5 % quantile, if it is uncertain.
    pub low: Option<f64>,
    /// Its 95 % quantile.
    pub high: Option<f64>,
    /// The unit; `null` for what has none.
    pub unit: Option<String>,
    /// `measured`, `registry`, `published`, `policy` or `judged`.
    pub kind: Option<&'static str>,
    pub source: String,
    pub as_of: Option<String>,
    /// Date after which it is stale.
    pub expires: Option<String>,
    /// Whether that date has passed.
    pub stale: bool,
    /// Why the value is missing.
    pub missing: Option<String>,
    /// Why the question does not arise for the candidate.
    pub not_applicable: Option<String>,
    /// The value, formatted for display.
    #[serde(skip)]
    pub shown: String,
}

/// Builds the view of one candidate.
#[must_use]
pub fn show(catalog: &Catalog, entry: &CatalogEntry, lang: Lang) -> ShowView {
    let row = list(std::iter::once(entry), lang).candidates.remove(0);
    let measures = &catalog.library.measures;
    let facts = entry
        .candidate
        .facts
        .iter()
        .filter_map(|(name, fact)| Some(fact_view(name, fact, measures.get(&**name)?, lang)));
    ShowView {
        id: row.id,
        name: row.name,
        domain: row.domain,
        variant: row.variant,
        about: row.about,
        facts: facts.collect(),
    }
}

fn fact_view(name: &str, fact: &Fact, measure: &Measure, lang: Lang) -> FactView {
    let unit = match &measure.form {
        ValueForm::Number(unit) => Some(unit.name().to_owned()),
        _ => None,
    };
    let spread = match (&fact.value, &measure.form) {
        (FactValue::Number(d), ValueForm::Number(unit)) if !d.is_certain() => Some((
            unit.of_base(d.quantile(0.05)),
            unit.of_base(d.quantile(0.95)),
        )),
        _ => None,
    };
    let provenance = &fact.provenance;
    let missing = match &fact.value {
        FactValue::Missing { reason, .. } => Some(reason.get(lang).to_owned()),
        _ => None,
    };
    FactView {
        fact: name.to_owned(),
        title: measure.title.get(lang).to_owned(),
        value: value(fact, measure, lang),
        low: spread.and_then(|s| figure::json(s.0)),
        high: spread.and_then(|s| figure::json(s.1)),
        unit,
        kind: provenance
            .kind
            .filter(|_| missing.is_none())
            .map(EvidenceKind::word),
        source: if missing.is_none() {
            provenance.source.to_string()
        } else {
            String::new()
        },
        as_of: provenance
            .as_of
            .filter(|_| missing.is_none())
            .map(|d| d.to_string()),
        expires: provenance
            .expires
            .filter(|_| missing.is_none())
            .map(|d| d.to_string()),
        stale: fact.stale,
        missing,
        not_applicable: match &fact.value {
            FactValue::NotApplicable { reason } => Some(reason.get(lang).to_owned()),
            _ => None,
        },
        shown: shown(fact, measure, lang),
    }
}

fn value(fact: &Fact, measure: &Measure, lang: Lang) -> serde_json::Value {
    match (&fact.value, &measure.form) {
        (FactValue::Number(d), ValueForm::Number(unit)) => {
            figure::json(unit.of_base(d.mean())).into()
        }
        (FactValue::Flag(flag), _) => (*flag).into(),
        (FactValue::Word(code, _), ValueForm::Level(levels)) => levels
            .iter()
            .find(|l| l.0 == *code)
            .map(|l| l.1.to_string())
            .into(),
        (FactValue::Word(_, text), _) => text.get(lang).into(),
        (FactValue::Date(day), _) => day.to_string().into(),
        _ => serde_json::Value::Null,
    }
}

fn shown(fact: &Fact, measure: &Measure, lang: Lang) -> String {
    match (&fact.value, &measure.form) {
        (FactValue::Number(d), ValueForm::Number(unit)) => {
            let figures = match d {
                Distribution::Certain(x) => figure::number(unit.of_base(*x)),
                other => {
                    let (low, high) = other.support();
                    // A tail without an end is cut where 90 % lie within.
                    let low = if low.is_finite() {
                        low
                    } else {
                        other.quantile(0.05)
                    };
                    let high = if high.is_finite() {
                        high
                    } else {
                        other.quantile(0.95)
                    };
                    format!(
                        "{}..{}",
                        figure::number(unit.of_base(low)),
                        figure::number(unit.of_base(high))
                    )
                }
            };
            super::unit::beside(&figures, unit.suffix(), lang)
        }
        (FactValue::Flag(yes), _) => figure::flag(*yes).get(lang).to_owned(),
        (FactValue::Word(_, text), _) => text.get(lang).to_owned(),
        (FactValue::Date(day), _) => day.to_string(),
        (FactValue::NotApplicable { .. }, _) => figure::not_applicable().get(lang).to_owned(),
        _ => figure::MISSING.to_owned(),
    }
}

/// The evidence of the catalogs, counted by kind.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TrustView {
    /// One row per candidate.
    pub candidates: Vec<TrustRow>,
    /// The totals.
    pub total: Counts,
}

/// One candidate's facts, counted by kind.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TrustRow {
    pub domain: String,
    pub id: String,
    #[serde(flatten)]
    pub counts: Counts,
}

/// How many facts there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Counts {
    /// Measured by a reference service.
    pub measured: usize,
    /// From a registry or a repository.
    pub registry: usize,
    /// Published by a third party.
    pub published: usize,
    /// Judged, with a scale and a range.
    pub judged: usize,
    /// The team's own policies and design choices.
    pub policy: usize,
    /// The question does not arise for the candidate.
    pub not_applicable: usize,
    /// Unknown, or not measured yet.
    pub missing: usize,
    /// Past their `expires` date; counted above too.
    pub stale: usize,
    /// Facts with a source: measured, registry and published.
    pub sourced: usize,
    /// Share of missing facts, 0 to 1.
    pub missing_share: f64,
}

impl Counts {
    fn count(&mut self, fact: &Fact) {
        match (&fact.value, fact.provenance.kind) {
            (FactValue::Missing { .. }, _) => self.missing += 1,
            (FactValue::NotApplicable { .. }, _) => self.not_applicable += 1,
            (_, Some(EvidenceKind::Policy)) => self.policy += 1,
            (_, Some(EvidenceKind::Measured)) => self.measured += 1,
            (_, Some(EvidenceKind::Registry)) => self.registry += 1,
            (_, Some(EvidenceKind::Judged)) => self.judged += 1,
            // What does not say its kind was published at least here.
            (_, Some(EvidenceKind::Published) | None) => self.published += 1,
        }
        self.stale += usize::from(fact.stale);
    }

    fn closed(mut self) -> Self {
        self.sourced = self.measured + self.registry + self.published;
        let all = self.sourced + self.policy + self.judged + self.missing;
        self.missing_share =
            figure::json(self.missing as f64 / all.max(1) as f64).unwrap_or_default();
        self
    }
}

/// Builds the summary of evidence.
#[must_use]
pub fn trust<'a>(entries: impl Iterator<Item = &'a CatalogEntry>) -> TrustView {
    let mut total = Counts::default();
    let row = |entry: &CatalogEntry| {
        let mut counts = Counts::default();
        for fact in entry.candidate.facts.values() {
            counts.count(fact);
            total.count(fact);
        }
        TrustRow {
            domain: entry.domain.clone(),
            id: entry.candidate.id.clone(),
            counts: counts.closed(),
        }
    };
    let candidates = entries.map(row).collect();
    TrustView {
        candidates,
        total: total.closed(),
    }
}
