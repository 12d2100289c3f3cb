//! Findings against the facts as they stand: what would be written, and nothing that a person judged or a bench measured.

use std::collections::BTreeMap;

use super::release::numbers;
use super::{Findings, FoundValue, SourceFinding};
use crate::model::decision::Candidate;
use crate::model::evidence::{EvidenceKind, Fact, FactValue};
use crate::model::library::{Measure, ValueForm};
use crate::quantity::date::Date;
use crate::schema::criteria::{FindingDoc, RefreshDoc};
use crate::source::Span;

/// A fact that would be written anew.
#[derive(Clone, Debug, PartialEq)]
pub struct FactUpdate {
    /// The fact.
    pub fact: String,
    /// What stands there; `None` where it is missing.
    pub old: Option<String>,
    /// What the source says.
    pub new: FoundValue,
    /// Who says so.
    pub source: String,
    /// Date of the evidence.
    pub as_of: Date,
    /// Date after which it is stale.
    pub expires: Option<Date>,
    /// Whether the fact must say that it comes from a registry, because it said otherwise.
    pub says_kind: bool,
    /// Where the fact stands.
    pub span: Span,
}

impl FactUpdate {
    /// Whether the value itself changes, and not only since when it is known.
    #[must_use]
    pub fn is_of_value(&self) -> bool {
        self.old.as_deref() != Some(shown(&self.new).as_str())
    }
}

/// What would be written into a candidate's facts; `answers` are in the order in which its catalog names the sources, and the first
/// that tells a thing is believed.
#[must_use]
pub fn changes(
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
        all.extend(change(name, fact, measure, rule, finding));
    }
    all
}

fn change(
    name: &str,
    fact: &Fact,
    measure: &Measure,
    rule: &RefreshDoc,
    finding: &SourceFinding,
) -> Option<FactUpdate> {
    let provenance = &fact.provenance;
    let known = stands(fact, measure);
    let missing = matches!(fact.value, FactValue::Missing { .. });
    // A reference to a measurement is missing until it is measured, and no registry can tell it.
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
                Some(EvidenceKind::Judged | EvidenceKind::Measured)
            )
    {
        return None;
    }
    if !missing {
        // What was gathered later knows better, and so does a source that is as old and says the same.
        let same = known.as_deref() == Some(shown(&finding.value).as_str());
        if provenance
            .as_of
            .is_some_and(|day| day > finding.as_of || day == finding.as_of && same)
        {
            return None;
        }
        if goes_the_wrong_way(rule.finding, &fact.value, &finding.value) {
            return None;
        }
        // What does not expire is not looked up again for the date's sake.
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
        // The first release stays what it was.
        expires: expires.filter(|_| rule.finding != FindingDoc::FirstRelease),
        says_kind: provenance.kind != Some(EvidenceKind::Registry),
        span: fact.span,
    })
}

/// Whether a source knows less than the catalog: a registry that was joined late has no first release, support data may lag behind the
/// newest one. The first can only be found to be earlier, the newest to be later.
fn goes_the_wrong_way(what: FindingDoc, old: &FactValue, new: &FoundValue) -> bool {
    match (what, old, new) {
        (FindingDoc::FirstRelease, FactValue::Date(old), FoundValue::Day(new)) => old <= new,
        (FindingDoc::NewestRelease, FactValue::Date(old), FoundValue::Day(new)) => new < old,
        (FindingDoc::NewestVersion, FactValue::Word(_, old), FoundValue::Text(new)) => {
            numbers(&old.en)
                .zip(numbers(new))
                .is_some_and(|(old, new)| new < old)
        }
        _ => false,
    }
}

/// The value that stands there, written as a finding would be.
fn stands(fact: &Fact, measure: &Measure) -> Option<String> {
    match (&fact.value, &measure.form) {
        (FactValue::Number(d), ValueForm::Number(unit)) => {
            Some(unit.of_base(d.point()).to_string())
        }
        (FactValue::Word(_, text), _) => Some(text.en.clone()),
        (FactValue::Date(day), _) => Some(day.to_string()),
        (FactValue::Flag(flag), _) => Some(flag.to_string()),
        _ => None,
    }
}

/// A found value for people.
#[must_use]
pub fn shown(found: &FoundValue) -> String {
    match found {
        FoundValue::Text(text) => text.clone(),
        FoundValue::Day(day) => day.to_string(),
        FoundValue::Number(x) => x.to_string(),
    }
}
