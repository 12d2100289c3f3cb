//! Reads catalogs without a decision, for `weigh catalog show`, `check` and `refresh`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::Diagnostics;
use crate::load::choice::Choice;
use crate::load::lower::candidate::{RawCandidate, Vocabulary, lower_candidate};
use crate::load::lower::fact::FactReader;
use crate::load::read::archive::Archive;
use crate::load::read::layers::FolderLayers;
use crate::load::read::reader::Reader;
use crate::load::resolve::catalog_index::CatalogIndex;
use crate::load::resolve::criteria::{ProjectCriteria, build_library};
use crate::load::resolve::domain_defaults::DomainDefaults;
use crate::load::resolve::evidence::Evidence;
use crate::model::catalog::{Catalog, CatalogEntry};
use crate::model::evidence::Provenance;
use crate::schema::catalog::CandidateDoc;
use crate::schema::criteria::RefreshDoc;
use crate::source::Sources;

/// The catalogs within reach of a folder, with every problem found.
#[derive(Debug)]
pub struct LoadedCatalog {
    /// Candidates and vocabulary.
    pub catalog: Catalog,
    /// Each candidate's document, by id.
    pub docs: BTreeMap<String, CandidateDoc>,
    /// Which finding updates a fact, by fact.
    pub refresh: BTreeMap<String, RefreshDoc>,
    /// Every text that was read.
    pub sources: Sources,
    /// Every problem.
    pub diagnostics: Diagnostics,
}

impl LoadedCatalog {
    /// Returns the file that holds a candidate; `None` for a built-in one.
    #[must_use]
    pub fn file(&self, entry: &CatalogEntry) -> Option<PathBuf> {
        let name = self.sources.get(entry.candidate.span.source).name();
        (!name.starts_with("<built-in>/")).then(|| PathBuf::from(name))
    }
}

/// Reads every candidate of every domain within reach of a folder.
#[must_use]
pub fn catalog(folder: &Path, choice: &Choice) -> LoadedCatalog {
    let mut reader = Reader::default();
    let layers = FolderLayers::above(folder, &Archive::default());
    let as_of = choice.as_of.unwrap_or(choice.today);
    let criteria = ProjectCriteria::of_all_domains(&layers, &mut reader);
    let (docs, domains) = read_candidates(&mut CatalogIndex::new(&layers), &mut reader);
    let evidence = Evidence::read(&choice.evidence, &layers, &mut reader);

    let mut library = build_library(&criteria, None, &BTreeSet::new(), choice, &mut reader);
    let mut facts = FactReader::new(&library.units, &mut library.words, &mut reader, as_of);
    facts.in_catalog = true;
    let nothing = Arc::new(Provenance::default());
    let mut raw: BTreeMap<String, RawCandidate> = BTreeMap::new();
    let vocabulary = Vocabulary::of_parts(&library.measures, &library.names, &library.unread);
    let defaults = DomainDefaults::read(criteria.defaults(), vocabulary, &mut facts);
    for (id, doc) in &docs {
        let span = doc.id.as_ref().map(|id| id.span).unwrap_or_default();
        let domain = domains.get(id).map(String::as_str);
        let base = doc
            .parts
            .is_empty()
            .then(|| defaults.candidate(domain, id, span));
        let own = vocabulary.in_domain(domain);
        let candidate = lower_candidate(id, doc, base, own, &mut facts, &nothing, span);
        raw.insert(id.clone(), candidate);
    }
    evidence.resolve(
        &mut raw,
        &library.measures,
        &library.units,
        as_of,
        &layers,
        &mut reader.diagnostics,
    );

    let mut entries: Vec<CatalogEntry> = raw
        .into_values()
        .map(|raw| CatalogEntry {
            domain: domains[&raw.id].clone(),
            candidate: raw.into_candidate(),
        })
        .collect();
    entries.sort_by(|a, b| (&a.domain, &a.candidate.id).cmp(&(&b.domain, &b.candidate.id)));
    let refresh = criteria
        .docs()
        .flat_map(|doc| &doc.facts)
        .filter_map(|(name, measure)| Some((name.value.clone(), measure.refresh.clone()?)))
        .collect();
    LoadedCatalog {
        catalog: Catalog { library, entries },
        docs,
        refresh,
        sources: reader.sources,
        diagnostics: reader.diagnostics,
    }
}

/// Reads every candidate's document and domain, by id.
fn read_candidates(
    catalogs: &mut CatalogIndex,
    reader: &mut Reader,
) -> (BTreeMap<String, CandidateDoc>, BTreeMap<String, String>) {
    let (mut docs, mut domains) = (BTreeMap::new(), BTreeMap::new());
    for id in catalogs.ids_of_domain("*", reader) {
        if let Some(domain) = catalogs.domain(&id) {
            domains.insert(id.clone(), domain.to_owned());
        }
        if let Some(doc) = catalogs.take(&id, reader) {
            docs.insert(id, doc);
        }
    }
    (docs, domains)
}
