//! The criteria files within reach, and the library built from them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::load::choice::Choice;
use crate::load::lower::definitions::{Elsewhere, Sections, add_names};
use crate::load::lower::library::LibraryBuilder;
use crate::load::read::archive::Listing;
use crate::load::read::file_ref::FileRef;
use crate::load::read::layers::{FolderLayers, Layer};
use crate::load::read::reader::Reader;
use crate::model::library::Library;
use crate::schema::FileKind;
use crate::schema::criteria::{CriteriaDoc, FactSettings};
use crate::source::SourceId;

/// The criteria files of a project, and the files of the domains that contribute to it.
#[derive(Debug, Default)]
pub(crate) struct ProjectCriteria {
    files: Vec<CriteriaFile>,
    /// The names of the domains that do not contribute.
    elsewhere: Elsewhere,
}

/// A criteria file, or the file of a domain.
#[derive(Debug)]
struct CriteriaFile {
    doc: CriteriaDoc,
    source: SourceId,
    domain: Option<Arc<str>>,
    layer: Layer,
}

impl ProjectCriteria {
    /// Reads the criteria files within reach, which concern every candidate.
    pub(crate) fn shared(layers: &FolderLayers, reader: &mut Reader) -> Self {
        let mut all = Self::default();
        for file in criteria_files(&layers.list("criteria")) {
            let layer = layers.layer(file, "criteria");
            all.read(file, None, layer, layers, reader);
        }
        all
    }

    /// Reads the criteria files within reach and the files of every domain.
    pub(crate) fn of_all_domains(layers: &FolderLayers, reader: &mut Reader) -> Self {
        let mut all = Self::shared(layers, reader);
        all.add_domains(|_| true, layers, reader);
        all
    }

    /// Reads the files of the wanted domains. Of the others only the names are kept, and their problems are not reported.
    pub(crate) fn add_domains(
        &mut self,
        is_wanted: impl Fn(&str) -> bool,
        layers: &FolderLayers,
        reader: &mut Reader,
    ) {
        let mut aside = Reader::default();
        for (domain, file) in layers.domains() {
            let domain: Arc<str> = domain.into();
            if is_wanted(&domain) {
                let layer = layers.layer(&file, "catalogs");
                self.read(&file, Some(domain), layer, layers, reader);
            } else if let Some((doc, _)) = aside.read_shared_document::<CriteriaDoc>(
                &file,
                FileKind::Criteria,
                &layers.archive,
            ) {
                add_names(&domain, &doc, &mut self.elsewhere);
            }
        }
    }

    fn read(
        &mut self,
        file: &FileRef,
        domain: Option<Arc<str>>,
        layer: Layer,
        layers: &FolderLayers,
        reader: &mut Reader,
    ) {
        let read = reader.read_shared_document(file, FileKind::Criteria, &layers.archive);
        self.files.extend(read.map(|(doc, source)| CriteriaFile {
            doc,
            source,
            domain,
            layer,
        }));
    }

    /// Whether this file is one of them.
    pub(crate) fn contains(&self, source: SourceId) -> bool {
        self.files.iter().any(|file| file.source == source)
    }

    /// The documents, with what each says.
    pub(crate) fn docs(&self) -> impl Iterator<Item = &CriteriaDoc> {
        self.files.iter().map(|file| &file.doc)
    }

    /// The default facts that each file gives, with its domain.
    pub(crate) fn defaults(&self) -> impl Iterator<Item = (&FactSettings, Option<&str>)> {
        let files = self.files.iter();
        files.map(|file| (&file.doc.defaults, file.domain.as_deref()))
    }

    /// What each file defines.
    pub(crate) fn sections(&self) -> impl Iterator<Item = Sections<'_>> {
        self.files
            .iter()
            .map(|file| Sections::of_criteria(&file.doc, file.domain.as_ref(), file.layer))
    }

    /// The names of the domains that do not contribute.
    pub(crate) fn elsewhere(&self) -> Elsewhere {
        self.elsewhere.clone()
    }
}

/// Lists the criteria files.
pub(crate) fn criteria_files(criteria: &Listing) -> impl Iterator<Item = &FileRef> {
    let is_own = |path: &String| !path.starts_with("weights/") && !path.starts_with("scenarios/");
    criteria
        .iter()
        .filter(move |(path, _)| is_own(path))
        .map(|(_, place)| place)
}

/// Builds the library from these criteria files and one further file; `units` are declared besides theirs.
pub(crate) fn build_library(
    criteria: &ProjectCriteria,
    further: Option<&CriteriaDoc>,
    units: &BTreeSet<String>,
    choice: &Choice,
    reader: &mut Reader,
) -> Library {
    let mut builder = LibraryBuilder::new(reader, choice.as_of.unwrap_or(choice.today));
    for doc in criteria.docs().chain(further) {
        builder.units(&doc.units);
    }
    builder.know_units(units);
    let further = further.map(|doc| Sections::of_criteria(doc, None, 0));
    let sections: Vec<Sections<'_>> = criteria.sections().chain(further).collect();
    builder.define(&sections, criteria.elsewhere());
    builder.library
}
