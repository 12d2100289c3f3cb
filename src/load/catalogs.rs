//! The catalogs as such, without a decision: what `weigh catalog` shows and checks, and the documents that `refresh` edits.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::Archive;
use super::catalog::{self, RawCandidate, Shelf};
use super::choice::Choice;
use super::decision::criteria_files;
use super::evidence::Evidence;
use super::fact::FactReader;
use super::files::Layers;
use super::library::LibraryBuilder;
use crate::diagnostic::Diagnostics;
use crate::model::catalog::{Catalog, CatalogEntry};
use crate::model::decision::Candidate;
use crate::model::evidence::Provenance;
use crate::schema::catalog::CandidateDoc;
use crate::schema::criteria::RefreshDoc;
use crate::source::Sources;

/// The catalogs within reach of a folder, with everything that was said on the way.
#[derive(Debug)]
pub struct LoadedCatalog {
    /// Candidates and vocabulary.
    pub catalog: Catalog,
    /// Each candidate's document, by id.
    pub docs: BTreeMap<String, CandidateDoc>,
    /// Which finding brings a fact up to date, by fact.
    pub refresh: BTreeMap<String, RefreshDoc>,
    /// Every text that was read.
    pub sources: Sources,
    /// Every problem.
    pub diagnostics: Diagnostics,
}

impl LoadedCatalog {
    /// The file on the disk in which a candidate stands; `None` for a built-in one.
    #[must_use]
    pub fn file(&self, entry: &CatalogEntry) -> Option<PathBuf> {
        let name = self.sources.get(entry.candidate.span.source).name();
        (!name.starts_with("<built-in>/")).then(|| PathBuf::from(name))
    }
}

/// Reads every candidate of every domain within reach of a folder.
#[must_use]
pub fn catalog(folder: &Path, choice: &Choice) -> LoadedCatalog {
    let (mut sources, mut sink) = (Sources::default(), Diagnostics::default());
    let layers = Layers::above(folder, &Archive::default());
    let as_of = choice.as_of.unwrap_or(choice.today);
    let criteria = criteria_files(&layers, &mut sources, &mut sink);
    let mut shelf = Shelf::new(&layers);
    let (docs, domains) = documents(&mut shelf, &mut sources, &mut sink);
    let evidence = Evidence::read(&choice.evidence, &layers, &mut sources, &mut sink);

    let mut builder = LibraryBuilder::new(&sources, &mut sink, as_of);
    for (doc, _) in &criteria {
        builder.units(&doc.units);
    }
    for (doc, _) in &criteria {
        builder.add(doc);
    }
    let mut library = builder.library;
    let mut words = std::mem::take(&mut library.words);
    let mut reader = FactReader {
        units: &library.units,
        words: &mut words,
        sources: &sources,
        sink: &mut sink,
        as_of,
        in_catalog: true,
    };
    let nobody = Arc::new(Provenance::default());
    let mut raw: BTreeMap<String, RawCandidate> = BTreeMap::new();
    for (id, doc) in &docs {
        let span = doc.id.as_ref().map(|id| id.span).unwrap_or_default();
        raw.insert(
            id.clone(),
            catalog::candidate(id, doc, None, &library.measures, &mut reader, &nobody, span),
        );
    }
    evidence.resolve(
        &mut raw,
        &library.measures,
        &library.units,
        as_of,
        &layers,
        &mut sink,
    );
    library.words = words;

    let mut entries: Vec<CatalogEntry> = raw
        .into_values()
        .map(|raw| CatalogEntry {
            domain: domains[&raw.id].clone(),
            candidate: plain(raw),
        })
        .collect();
    entries.sort_by(|a, b| (&a.domain, &a.candidate.id).cmp(&(&b.domain, &b.candidate.id)));
    let refresh = criteria
        .iter()
        .flat_map(|(doc, _)| &doc.facts)
        .filter_map(|(name, measure)| Some((name.value.clone(), measure.refresh.clone()?)))
        .collect();
    LoadedCatalog {
        catalog: Catalog { library, entries },
        docs,
        refresh,
        sources,
        diagnostics: sink,
    }
}

/// Every candidate's document and domain, by id.
fn documents(
    shelf: &mut Shelf,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> (BTreeMap<String, CandidateDoc>, BTreeMap<String, String>) {
    let (mut docs, mut domains) = (BTreeMap::new(), BTreeMap::new());
    for id in shelf.of_domain("*", sources, sink) {
        if let Some(domain) = shelf.domain(&id) {
            domains.insert(id.clone(), domain.to_owned());
        }
        if let Some(doc) = shelf.take(&id, sources, sink) {
            docs.insert(id, doc);
        }
    }
    (docs, domains)
}

/// A candidate by its own facts alone.
fn plain(raw: RawCandidate) -> Candidate {
    Candidate {
        id: raw.id,
        name: raw.name,
        variant: raw.variant,
        about: raw.about,
        facts: raw.facts,
        parts: raw.parts.into_iter().map(|p| p.value).collect(),
        unmet: Vec::new(),
        span: raw.span,
    }
}
