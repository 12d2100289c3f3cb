//! The candidates of a decision: the listed ids, their facts in catalogs and in the decision, and their parts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::TextCodes;
use crate::load::lower::candidate::{self, RawCandidate, Vocabulary};
use crate::load::lower::fact::FactReader;
use crate::load::read::file_ref;
use crate::load::read::reader::Reader;
use crate::load::resolve::catalog_index::CatalogIndex;
use crate::load::resolve::composite;
use crate::load::resolve::domain_defaults::DomainDefaults;
use crate::model::decision::{Candidate, Part};
use crate::model::evidence::Provenance;
use crate::model::library::{Library, Measure};
use crate::schema::catalog::CandidateDoc;
use crate::schema::decision::{DecisionDoc, OrId};
use crate::schema::fact::FactDoc;
use crate::source::{Span, did_you_mean_or_list, suggest};
use crate::tr;

/// Limit on the candidates of one decision.
const MOST_CANDIDATES: usize = 200_000;

/// A candidate that a decision names.
#[derive(Debug)]
pub(super) struct NamedCandidate {
    pub id: String,
    /// The decision's own document for it.
    own: Option<Box<CandidateDoc>>,
    span: Span,
}

/// Lists the candidates that a decision names, in its order.
pub(super) fn named_candidates(
    doc: &DecisionDoc,
    catalogs: &mut CatalogIndex,
    reader: &mut Reader,
) -> Vec<NamedCandidate> {
    let mut all: Vec<NamedCandidate> = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in &doc.candidates {
        let named = |id: String, own: Option<Box<CandidateDoc>>| NamedCandidate {
            id,
            own,
            span: entry.span,
        };
        let several: Vec<NamedCandidate> = match &entry.value {
            OrId::Id(id) if id == "*" || id.ends_with("/*") => {
                let found = catalogs.ids_of_domain(id.trim_end_matches("/*"), reader);
                if found.is_empty() {
                    let message = tr!(
                        "no catalog has candidates in `{id}`",
                        "没有目录含有 `{id}` 的候选"
                    );
                    reader.report(Diagnostic::new(Code::UnknownReference, entry.span, message));
                }
                found.into_iter().map(|id| named(id, None)).collect()
            }
            OrId::Id(id) => vec![named(id.clone(), None)],
            OrId::Inline(own) => match own.id.as_ref().or(own.candidate.as_ref()) {
                Some(id) => vec![named(id.value.clone(), Some(own.clone()))],
                None => {
                    let message = tr!("a candidate needs an `id`", "候选需要 `id`");
                    reader.report(Diagnostic::new(Code::MissingKey, entry.span, message));
                    continue;
                }
            },
        };
        for candidate in several {
            if !seen.insert(candidate.id.clone()) {
                let id = &candidate.id;
                let message = tr!(
                    "the candidate `{id}` is listed twice",
                    "候选 `{id}` 被列出两次"
                );
                reader.report(Diagnostic::new(Code::DefinedTwice, entry.span, message));
            } else if all.len() < MOST_CANDIDATES {
                all.push(candidate);
            } else {
                let message = tr!(
                    "more than {MOST_CANDIDATES} candidates",
                    "候选超过 {MOST_CANDIDATES} 个"
                );
                reader.report(Diagnostic::new(Code::OutOfRange, entry.span, message));
                return all;
            }
        }
    }
    all
}

/// The documents of one candidate; at least one of the two exists.
pub(super) struct CandidateDocs {
    catalog: Option<CandidateDoc>,
    own: Option<Box<CandidateDoc>>,
    domain: Option<Arc<str>>,
    /// The file of the catalog's document, or else the decision; `None` for a built-in one.
    file: Option<Arc<str>>,
    span: Span,
}

impl CandidateDocs {
    /// Whether a fact refers to a measurement.
    pub(super) fn refer_to_measurement(&self) -> bool {
        let docs = self.catalog.iter().chain(self.own.as_deref());
        docs.flat_map(|doc| doc.facts.iter())
            .any(|(_, fact)| matches!(&fact.value, FactDoc::Full(full) if full.measured.is_some()))
    }

    /// The domain that the candidate comes from.
    pub(super) fn domain(&self) -> Option<&str> {
        self.domain.as_deref()
    }

    /// Lowers the catalog's document, then the decision's on top.
    pub(super) fn lower(
        self,
        id: &str,
        vocabulary: Vocabulary<'_>,
        measures: &BTreeMap<String, Measure>,
        reader: &mut FactReader<'_>,
        decision_defaults: &Arc<Provenance>,
        domain_defaults: &DomainDefaults,
    ) -> RawCandidate {
        let nothing = Arc::new(Provenance::default());
        reader.in_catalog = true;
        let domain = self.domain.as_deref();
        let own_facts = vocabulary.in_domain(domain);
        let base = self.catalog.map(|doc| {
            // A composite has the facts of its parts.
            let base = doc
                .parts
                .is_empty()
                .then(|| domain_defaults.candidate(domain, id, self.span));
            candidate::lower_candidate(id, &doc, base, own_facts, reader, &nothing, self.span)
        });
        reader.in_catalog = false;
        let is_plain = self.own.as_ref().is_some_and(|doc| doc.parts.is_empty());
        let base =
            base.or_else(|| is_plain.then(|| domain_defaults.candidate(domain, id, self.span)));
        let mut raw = match self.own {
            Some(own) => candidate::lower_candidate(
                id,
                &own,
                base,
                vocabulary.of_candidate(domain),
                reader,
                decision_defaults,
                self.span,
            ),
            None => base.expect("a candidate without a document of its own was found in a catalog"),
        };
        raw.domains.extend(self.domain);
        raw.file = self.file;
        raw.usable(measures, reader.as_of)
    }
}

/// Finds the documents of the named candidates and of their parts, by id.
pub(super) fn candidate_docs(
    named: &mut [NamedCandidate],
    catalogs: &mut CatalogIndex,
    reader: &mut Reader,
) -> BTreeMap<String, CandidateDocs> {
    let mut docs = BTreeMap::new();
    let mut open: Vec<(String, Span)> = named
        .iter()
        .rev()
        .map(|candidate| (candidate.id.clone(), candidate.span))
        .collect();
    // A candidate that the decision describes may first be met as a part of another.
    let mut described: BTreeMap<String, Box<CandidateDoc>> = named
        .iter_mut()
        .filter_map(|candidate| Some((candidate.id.clone(), candidate.own.take()?)))
        .collect();
    while let Some((id, span)) = open.pop() {
        if docs.contains_key(&id) {
            continue;
        }
        let own = described.remove(&id);
        let catalog = catalogs.take(&id, reader);
        if catalog.is_none() && own.is_none() {
            if reader.diagnostics.has_room() {
                reader.report(no_candidate(&id, span, catalogs));
            }
            continue;
        }
        let domain = own.as_ref().and_then(|own| own.domain.as_ref());
        if let Some(written) = domain
            && !catalogs.has_domain(&written.value)
        {
            let word = &written.value;
            let message = tr!("there is no domain `{word}`", "没有名为 `{word}` 的领域");
            let hint = did_you_mean_or_list(word, catalogs.domains());
            let unknown = Diagnostic::new(Code::UnknownReference, written.span, message);
            reader.report(unknown.maybe_hint(hint));
        }
        let domain = match (domain, catalogs.domain(&id)) {
            (Some(written), _) => Some(written.value.as_str().into()),
            (None, of_catalog) => of_catalog.filter(|_| catalog.is_some()).map(Arc::from),
        };
        let home = match &catalog {
            Some(doc) => doc.id.as_ref().map(|id| id.span),
            None => Some(span),
        };
        let file = home.map(|at| reader.sources.get(at.source).name());
        let file = file
            .filter(|name| !name.starts_with("<built-in>/"))
            .map(Arc::from);
        let parts = own
            .iter()
            .flat_map(|doc| &doc.parts)
            .chain(catalog.iter().flat_map(|doc| &doc.parts));
        open.extend(parts.map(|part| (part.value.clone(), part.span)));
        let found = CandidateDocs {
            catalog,
            own,
            domain,
            file,
            span,
        };
        docs.insert(id, found);
    }
    docs
}

/// Reports a candidate that no catalog has, with how to add it.
pub(in crate::load) fn no_candidate(id: &str, span: Span, catalogs: &CatalogIndex) -> Diagnostic {
    let add = tr!(
        "add it as `catalogs/DOMAIN/{id}.yaml`, or describe it in the decision: `- {{id: {id}, facts: {{...}}}}`",
        "请新建 `catalogs/领域/{id}.yaml`，或在决策中描述：`- {{id: {id}, facts: {{...}}}}`"
    );
    let add = match &catalogs.outside {
        Some(outside) => {
            let outside = file_ref::shown(outside);
            tr!(
                "{add}; if `{outside}` is the root of your project, put an empty `weigh.yaml` into it",
                "{add}；若 `{outside}` 是项目的根目录，请在其中放一个空的 `weigh.yaml`"
            )
        }
        None => add,
    };
    let hint = match suggest(id, catalogs.ids()) {
        Some(near) => tr!(
            "did you mean `{near}`? Otherwise {add}",
            "是否想写 `{near}`？否则，{add}"
        ),
        None => add,
    };
    let message = tr!("there is no candidate `{id}`", "没有名为 `{id}` 的候选");
    Diagnostic::new(Code::UnknownReference, span, message).hint(hint)
}

/// The candidates of a decision, and what composites among them come down to.
pub(super) struct Assembled {
    pub candidates: Vec<Candidate>,
    pub parts: BTreeMap<String, Part>,
}

/// Combines parts and keeps the candidates that the decision names, in its order.
pub(super) fn assemble_candidates(
    named: &[NamedCandidate],
    mut raw: BTreeMap<String, RawCandidate>,
    library: &Library,
    words: &mut TextCodes,
    existing: &BTreeSet<String>,
    sink: &mut Diagnostics,
) -> Assembled {
    composite::combine_all(&mut raw, &library.measures, words, sink);
    let basic: Vec<Vec<String>> = named
        .iter()
        .map(|candidate| composite::basic_parts(&candidate.id, &raw))
        .collect();
    let ids: BTreeSet<&String> = basic.iter().flatten().collect();
    let parts = ids.into_iter().filter_map(|id| {
        let part = raw.get(id)?;
        let (name, facts) = (part.name.clone(), part.facts.clone());
        Some((id.clone(), Part { name, facts }))
    });
    let parts = parts.collect();
    let unmet: Vec<Vec<String>> = named
        .iter()
        .map(|candidate| {
            raw.get(&candidate.id).map_or_else(Vec::new, |candidate| {
                composite::unmet(candidate, &composite::parts(candidate, &raw), existing)
            })
        })
        .collect();
    let mut all = Vec::with_capacity(named.len());
    for (candidate, (unmet, basic_parts)) in named.iter().zip(unmet.into_iter().zip(basic)) {
        if let Some(raw) = raw.remove(&candidate.id) {
            all.push(Candidate {
                unmet,
                basic_parts,
                ..raw.into_candidate()
            });
        }
    }
    Assembled {
        candidates: all,
        parts,
    }
}
