//! Lowers candidate documents to [`RawCandidate`]s.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::load::lower::fact::FactReader;

use crate::load::lower::library::rollup;
use crate::load::lower::spdx::is_spdx;
use crate::model::decision::Candidate;
use crate::model::evidence::{Fact, FactValue, Provenance};
use crate::model::library::{Measure, Rollup, Syntax};
use crate::quantity::date::Date;
use crate::schema::catalog::{CandidateDoc, CatalogDoc};
use crate::schema::fact::FactDoc;
use crate::schema::{Entries, Spanned};
use crate::source::{Span, did_you_mean_or_list};
use crate::tr;

/// A candidate as its file gives it: parts not yet combined, measurements not yet looked up.
#[derive(Clone, Debug)]
pub(crate) struct RawCandidate {
    pub id: String,
    pub name: Text,
    pub variant: Option<Text>,
    pub about: Option<Text>,
    pub facts: BTreeMap<Arc<str>, Fact>,
    /// Facts that refer to a measurement: `contract.operation.metric` and what narrows it.
    pub measured: BTreeMap<Arc<str>, MeasurementRef>,
    /// References to measurements that a stated fact replaces; measuring could still provide a value.
    pub replaced: BTreeMap<Arc<str>, MeasurementRef>,
    pub parts: Vec<Spanned<String>>,
    pub requires: Vec<Spanned<String>>,
    pub rollup: BTreeMap<String, Rollup>,
    pub span: Span,
}

impl RawCandidate {
    /// Returns a candidate without facts.
    pub(crate) fn new(id: &str, span: Span) -> Self {
        Self {
            id: id.to_owned(),
            name: Text::name(id),
            variant: None,
            about: None,
            facts: BTreeMap::new(),
            measured: BTreeMap::new(),
            replaced: BTreeMap::new(),
            parts: Vec::new(),
            requires: Vec::new(),
            rollup: BTreeMap::new(),
            span,
        }
    }

    /// Returns the candidate with stale facts replaced by what they are still worth.
    pub(crate) fn usable(mut self, measures: &BTreeMap<String, Measure>, today: Date) -> Self {
        self.facts = std::mem::take(&mut self.facts)
            .into_iter()
            .map(|(name, fact)| {
                let rule = measures.get(&*name).map(|m| m.stale).unwrap_or_default();
                (name, fact.usable(rule, today))
            })
            .collect();
        self
    }

    /// Returns the candidate with only its own facts.
    pub(crate) fn into_candidate(self) -> Candidate {
        Candidate {
            id: self.id,
            name: self.name,
            variant: self.variant,
            about: self.about,
            facts: self.facts,
            parts: self.parts.into_iter().map(|part| part.value).collect(),
            basic_parts: Vec::new(),
            unmet: Vec::new(),
            span: self.span,
        }
    }
}

/// A reference to a measurement.
#[derive(Clone, Debug)]
pub(crate) struct MeasurementRef {
    pub address: Spanned<String>,
    /// The candidate that was measured; `None` for the candidate itself.
    pub of: Option<String>,
    pub variant: Option<String>,
    pub at: Option<String>,
    pub span: Span,
}

impl MeasurementRef {
    /// Returns the contract: the address's first word.
    pub(crate) fn contract(&self) -> &str {
        self.address.value.split('.').next().unwrap_or_default()
    }
}

/// Splits a catalog file into candidates, each with the file's defaults if it has none of its own.
pub(crate) fn split_catalog(doc: CatalogDoc, sink: &mut Diagnostics) -> Vec<CandidateDoc> {
    let mut all = Vec::new();
    for mut candidate in doc.candidates {
        candidate.id = candidate.id.or(candidate.candidate.take());
        if candidate.defaults.is_none() {
            candidate.defaults.clone_from(&doc.defaults);
        }
        match (&candidate.id, candidate.facts.iter().next()) {
            (Some(_), _) => all.push(candidate),
            (None, Some((fact, _))) => {
                let message = tr!(
                    "the candidate with this fact has no `id`",
                    "含此事实的候选没有 `id`"
                );
                sink.push(
                    Diagnostic::new(Code::MissingKey, fact.span, message)
                        .hint(tr!("`- id: NAME`", "`- id: NAME`")),
                );
            }
            (None, None) => {}
        }
    }
    if let Some(id) = doc.candidate {
        all.push(CandidateDoc {
            id: Some(id),
            candidate: None,
            name: doc.name,
            variant: doc.variant,
            about: doc.about,
            defaults: doc.defaults,
            facts: doc.facts,
            parts: doc.parts,
            requires: doc.requires,
            rollup: doc.rollup,
            refresh: doc.refresh,
        });
    } else if let Some((key, _)) = doc.facts.iter().next() {
        let message = tr!(
            "this file has facts but no `candidate:`",
            "该文件有事实却没有 `candidate:`"
        );
        sink.push(Diagnostic::new(Code::MissingKey, key.span, message));
    }
    all
}

/// Lowers a candidate's document on top of `base`, its catalog entry: a decision's own facts take precedence.
pub(crate) fn lower_candidate(
    id: &str,
    doc: &CandidateDoc,
    base: Option<RawCandidate>,
    measures: &BTreeMap<String, Measure>,
    reader: &mut FactReader<'_>,
    outer: &Arc<Provenance>,
    span: Span,
) -> RawCandidate {
    let mut raw = base.unwrap_or_else(|| RawCandidate::new(id, span));
    let text = |words: &Option<crate::schema::Words>| words.as_ref().map(|w| w.0.clone());
    raw.name = text(&doc.name).unwrap_or(raw.name);
    raw.variant = text(&doc.variant).or(raw.variant);
    raw.about = text(&doc.about).or(raw.about);
    if !doc.parts.is_empty() {
        raw.parts.clone_from(&doc.parts);
    }
    raw.requires.extend(doc.requires.iter().cloned());
    raw.rollup.extend(
        doc.rollup
            .iter()
            .map(|(measure, rule)| (measure.value.clone(), rollup(*rule))),
    );
    let inherited = reader.defaults(doc.defaults.as_ref(), outer);
    lower_facts(&mut raw, &doc.facts, measures, reader, &inherited);
    raw
}

/// Lowers facts into a candidate; they replace those that it has.
pub(crate) fn lower_facts(
    raw: &mut RawCandidate,
    facts: &Entries<Spanned<FactDoc>>,
    measures: &BTreeMap<String, Measure>,
    reader: &mut FactReader<'_>,
    inherited: &Arc<Provenance>,
) {
    for (name, doc) in facts {
        let Some((key, measure)) = measures.get_key_value(&name.value) else {
            let word = &name.value;
            if !reader.sink.has_room() {
                continue;
            }
            let hint = did_you_mean_or_list(word, measures.keys().map(String::as_str));
            let message = tr!("there is no fact `{word}`", "没有名为 `{word}` 的事实");
            reader
                .sink
                .push(Diagnostic::new(Code::UnknownReference, name.span, message).maybe_hint(hint));
            continue;
        };
        let key: Arc<str> = key.as_str().into();
        if let FactDoc::Full(full) = &doc.value
            && let Some(address) = &full.measured
        {
            raw.facts.remove(&key);
            let measured = MeasurementRef {
                address: address.clone(),
                of: full.of.as_ref().map(|id| id.value.clone()),
                variant: full.variant.as_ref().map(|v| v.value.clone()),
                at: full.at.as_ref().map(|a| a.value.clone()),
                span: doc.span,
            };
            raw.measured.insert(key, measured);
            continue;
        }
        if let Some(fact) = reader.fact(doc, &measure.form, inherited) {
            if let (Some(Syntax::Spdx), FactValue::Word(_, text)) = (measure.syntax, &fact.value)
                && reader.in_catalog
                && !is_spdx(&text.en)
            {
                let text = &text.en;
                let message = tr!(
                    "`{text}` is not an SPDX expression",
                    "`{text}` 不是 SPDX 表达式"
                );
                let hint = tr!(
                    "as in `MIT OR Apache-2.0`, or `LicenseRef-NAME`",
                    "例如 `MIT OR Apache-2.0`，或 `LicenseRef-名称`"
                );
                reader
                    .sink
                    .push(Diagnostic::new(Code::ContradictoryFact, fact.span, message).hint(hint));
            }
            if let Some(measured) = raw.measured.remove(&key) {
                raw.replaced.insert(key.clone(), measured);
            }
            raw.facts.insert(key, fact);
        }
    }
}
