//! Compares findings with the present facts and proposes updates, but never for judged or measured facts.

use std::collections::BTreeMap;

use super::release::version_numbers;
use super::{Findings, FoundValue, SourceFinding};
use crate::model::decision::Candidate;
use crate::model::evidence::{EvidenceKind, Fact, FactValue};
use crate::model::library::{Measure, ValueForm};
use crate::quantity::date::Date;
use crate::schema::criteria::{FindingDoc, RefreshDoc};
use crate::source::Span;

/// A proposed update of one fact.
#[derive(Clone, Debug, PartialEq)]
pub struct FactUpdate {
    pub fact: String,
    /// The present value; `None` if it is missing.
    pub old: Option<String>,
    /// The value that the source reports.
    pub new: FoundValue,
    pub source: String,
    pub as_of: Date,
    /// Date after which the fact is stale.
    pub expires: Option<Date>,
    /// Whether `kind: registry` must be written because the fact has another kind.
    pub says_kind: bool,
    /// Where the fact is in its file.
    pub span: Span,
}

impl FactUpdate {
    /// Whether the value changes, not only its dates.
    #[must_use]
    pub fn is_of_value(&self) -> bool {
        self.old.as_deref() != Some(display_value(&self.new).as_str())
    }
}

/// Returns the proposed updates of a candidate's facts. `answers` are in the order in which the catalog names the
/// sources; the first one with a finding wins.
#[must_use]
pub fn propose_updates(
    candidate: &Candidate,
    answers: &[&Findings],
    refresh: &BTreeMap<String, RefreshDoc>,
    measures: &BTreeMap<String, Measure>,
) -> Vec<FactUpdate> {
    let mut all = Vec::new();
    for (name, rule) in refresh {
        let (Some(fact), Some(measure)) = (candidate.facts.get(name.as_str()), measures.get(name))
        else {
            continue;
        };
        let Some(finding) = answers
            .iter()
            .find_map(|findings| findings.get(&rule.finding))
        else {
            continue;
        };
        all.extend(propose_update(name, fact, measure, rule, finding));
    }
    all
}

fn propose_update(
    name: &str,
    fact: &Fact,
    measure: &Measure,
    rule: &RefreshDoc,
    finding: &SourceFinding,
) -> Option<FactUpdate> {
    let provenance = &fact.provenance;
    let known = present_value(fact, measure);
    // What does not apply cannot be looked up.
    if fact.value.is_not_applicable() {
        return None;
    }
    let missing = matches!(fact.value, FactValue::Missing { .. });
    // A reference to a measurement is missing until it is measured; registries cannot provide it.
    let measured = matches!(
        &fact.value,
        FactValue::Missing {
            command: Some(_),
            ..
        }
    ) || provenance.run.is_some();
    if measured
        || !missing
            && matches!(
                provenance.kind,
                Some(EvidenceKind::Judged | EvidenceKind::Policy | EvidenceKind::Measured)
            )
    {
        return None;
    }
    if !missing {
        // Newer evidence wins, and so does equally old evidence with the same value.
        let same = known.as_deref() == Some(display_value(&finding.value).as_str());
        if provenance
            .as_of
            .is_some_and(|day| day > finding.as_of || day == finding.as_of && same)
        {
            return None;
        }
        if goes_the_wrong_way(rule.finding, &fact.value, &finding.value) {
            return None;
        }
        // A fact that does not expire is not updated just to renew its date.
        if same && provenance.expires.is_none() {
            return None;
        }
    }
    let expires = Date::of_seconds(finding.as_of.seconds() + f64::from(rule.days) * 86_400.0);
    Some(FactUpdate {
        fact: name.to_owned(),
        old: known,
        new: finding.value.clone(),
        source: finding.source.clone(),
        as_of: finding.as_of,
        // A first release never expires.
        expires: expires.filter(|_| rule.finding != FindingDoc::FirstRelease),
        says_kind: provenance.kind != Some(EvidenceKind::Registry),
        span: fact.span,
    })
}

/// Whether a source knows less than the catalog. A project may have joined a registry late, and support data may
/// lag behind, so a first release can only move earlier and a newest release only later.
fn goes_the_wrong_way(what: FindingDoc, old: &FactValue, new: &FoundValue) -> bool {
    match (what, old, new) {
        (FindingDoc::FirstRelease, FactValue::Date(old), FoundValue::Day(new)) => old <= new,
        (FindingDoc::NewestRelease, FactValue::Date(old), FoundValue::Day(new)) => new < old,
        (FindingDoc::NewestVersion, FactValue::Word(_, old), FoundValue::Text(new)) => {
            version_numbers(&old.en)
                .zip(version_numbers(new))
                .is_some_and(|(old, new)| new < old)
        }
        _ => false,
    }
}

/// Returns the present value, formatted as a finding would be.
fn present_value(fact: &Fact, measure: &Measure) -> Option<String> {
    match (&fact.value, &measure.form) {
        (FactValue::Number(d), ValueForm::Number(unit)) => Some(unit.of_base(d.mean()).to_string()),
        (FactValue::Word(_, text), _) => Some(text.en.clone()),
        (FactValue::Date(day), _) => Some(day.to_string()),
        (FactValue::Flag(flag), _) => Some(flag.to_string()),
        _ => None,
    }
}

/// Formats a value for display.
#[must_use]
pub fn display_value(found: &FoundValue) -> String {
    match found {
        FoundValue::Text(text) => text.clone(),
        FoundValue::Day(day) => day.to_string(),
        FoundValue::Number(x) => x.to_string(),
    }
}
