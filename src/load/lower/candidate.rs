//! Lowers candidate documents to [`RawCandidate`]s.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::is_licence_expression;
use crate::lang::Text;
use crate::load::lower::fact::FactReader;
use crate::model::decision::Candidate;
use crate::model::evidence::{Fact, FactValue, Provenance};
use crate::model::library::{Measure, NameSpace, Rollup, Syntax};
use crate::quantity::date::Date;
use crate::schema::catalog::{CandidateDoc, CatalogDoc};
use crate::schema::criteria::RollupDoc;
use crate::schema::fact::FactDoc;
use crate::schema::{Entries, Spanned};
use crate::source::{Span, suggest};
use crate::tr;

/// The facts that a candidate may state.
#[derive(Clone, Copy)]
pub(crate) struct Vocabulary<'a> {
    measures: &'a BTreeMap<String, Measure>,
    names: &'a NameSpace,
    unread: &'a BTreeSet<String>,
    /// The domain of the candidate, whose definition a name means if several domains have it.
    domain: Option<&'a str>,
    /// Whether it may state only the facts of all candidates and of its domain, as in a catalog; a decision may state any.
    is_confined: bool,
}

impl<'a> Vocabulary<'a> {
    /// The facts of a library, as a decision states them.
    pub(crate) fn of_parts(
        measures: &'a BTreeMap<String, Measure>,
        names: &'a NameSpace,
        unread: &'a BTreeSet<String>,
    ) -> Self {
        Self {
            measures,
            names,
            unread,
            domain: None,
            is_confined: false,
        }
    }

    /// The facts that a decision may state about a candidate of this domain.
    pub(crate) fn of_candidate(self, domain: Option<&'a str>) -> Self {
        Self { domain, ..self }
    }

    /// The facts that a catalog file of a domain may state: those of all candidates and its own.
    pub(crate) fn in_domain(self, domain: Option<&'a str>) -> Self {
        Self {
            domain,
            is_confined: domain.is_some(),
            ..self
        }
    }

    /// Returns the name in the library and the measure of a fact.
    fn find(&self, name: &str) -> Option<(&'a str, &'a Measure)> {
        let spelled = if self.names.aliases.is_empty() && self.names.ambiguous.is_empty() {
            None
        } else {
            self.names.spelled(self.domain, name)
        };
        let (key, measure) = self
            .measures
            .get_key_value(spelled.as_deref().unwrap_or(name))?;
        let belongs = match self.domain {
            Some(domain) if self.is_confined => {
                measure.domains.is_empty() || measure.domains.iter().any(|own| **own == *domain)
            }
            _ => true,
        };
        belongs.then_some((key.as_str(), measure))
    }

    /// Reports a fact that is not declared for this candidate, once for each name that was not reported already.
    fn report_unknown(&self, name: &Spanned<String>, sink: &mut Diagnostics) {
        let word = &name.value;
        if !sink.has_room() || self.unread.contains(word) {
            return;
        }
        if let Some((message, hint)) = self.names.explain(word) {
            let code = self
                .names
                .code_of(word, Code::AmbiguousName, Code::UnknownReference);
            sink.push(Diagnostic::new(code, name.span, message).hint(hint));
            return;
        }
        let known = self.measures.keys().map(String::as_str);
        let near = suggest(word, known.filter(|name| self.find(name).is_some()));
        let place = match self.domain.filter(|_| self.is_confined) {
            Some(domain) => tr!(
                "under `facts:` in `catalogs/{domain}/domain.yaml`",
                "`catalogs/{domain}/domain.yaml` 的 `facts:`"
            ),
            None => tr!("under `facts:` of the decision", "决策的 `facts:`"),
        };
        let declare = tr!(
            "declare it {place}: `{word}: {{title: {word}, unit: UNIT}}`",
            "请在{place}下声明：`{word}: {{title: {word}, unit: 单位}}`"
        );
        let hint = match near {
            Some(near) => tr!(
                "did you mean `{near}`? Otherwise {declare}",
                "是否想写 `{near}`？否则，{declare}"
            ),
            None => declare,
        };
        let message = tr!("there is no fact `{word}`", "没有名为 `{word}` 的事实");
        sink.push(Diagnostic::new(Code::UnknownReference, name.span, message).hint(hint));
    }
}

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
    /// Its domain and those of its parts: the domains whose facts it should have.
    pub domains: BTreeSet<Arc<str>>,
    /// The file that states its facts, if it is not built in.
    pub file: Option<Arc<str>>,
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
            domains: BTreeSet::new(),
            file: None,
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
            file: self.file,
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
            domain: None,
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
    vocabulary: Vocabulary<'_>,
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
    raw.rollup.extend(doc.rollup.iter().map(|(measure, rule)| {
        let key = vocabulary.find(&measure.value).map(|(key, _)| key);
        (key.unwrap_or(&measure.value).to_owned(), rollup(*rule))
    }));
    let inherited = reader.defaults(doc.defaults.as_ref(), outer);
    lower_facts(&mut raw, &doc.facts, vocabulary, reader, &inherited);
    raw
}

/// Lowers facts into a candidate; they replace those that it has.
pub(crate) fn lower_facts(
    raw: &mut RawCandidate,
    facts: &Entries<Spanned<FactDoc>>,
    vocabulary: Vocabulary<'_>,
    reader: &mut FactReader<'_>,
    inherited: &Arc<Provenance>,
) {
    for (name, doc) in facts {
        let Some((key, measure)) = vocabulary.find(&name.value) else {
            vocabulary.report_unknown(name, reader.sink);
            continue;
        };
        let key: Arc<str> = key.into();
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
                && !is_licence_expression(&text.en)
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

/// Converts the roll-up.
pub(crate) fn rollup(doc: RollupDoc) -> Rollup {
    match doc {
        RollupDoc::Sum => Rollup::Sum,
        RollupDoc::Max => Rollup::Max,
        RollupDoc::Min => Rollup::Min,
        RollupDoc::All => Rollup::All,
        RollupDoc::Any => Rollup::Any,
        RollupDoc::Weakest => Rollup::Weakest,
        RollupDoc::First => Rollup::First,
    }
}
