//! Reads a weights file on its own, for the commands that take one.

use std::collections::BTreeSet;
use std::path::Path;

use crate::diagnostic::Diagnostics;
use crate::load::choice::Choice;
use crate::load::lower::anchors;
use crate::load::lower::fact::FactReader;
use crate::load::read::archive::Archive;
use crate::load::read::file_ref::FileRef;
use crate::load::read::layers::FolderLayers;
use crate::load::read::reader::Reader;
use crate::load::resolve::criteria::{ProjectCriteria, build_library};
use crate::quantity::date::Date;
use crate::schema::FileKind;
use crate::schema::criteria::WeightsDoc;
use crate::source::Sources;

/// A weights file with the problems found while reading it.
#[derive(Debug)]
pub struct LoadedWeights {
    /// `None` if it could not be read.
    pub doc: Option<WeightsDoc>,
    /// Every text that was read.
    pub sources: Sources,
    /// Every problem.
    pub diagnostics: Diagnostics,
}

/// Reads a weights file, or `-` for standard input. Reports weights that were elicited for other anchors (`for:`)
/// than the criteria within reach have.
#[must_use]
pub fn weights(path: &Path, today: Date) -> LoadedWeights {
    let mut reader = Reader::default();
    let doc = reader
        .read_document::<WeightsDoc>(&FileRef::Disk(path.to_owned()), FileKind::Weights)
        .map(|(doc, _)| doc);
    if let Some(doc) = doc.as_ref().filter(|doc| !doc.anchors.is_empty()) {
        let folder = path.parent().unwrap_or(Path::new("."));
        let layers = FolderLayers::above(folder, &Archive::default());
        let criteria = ProjectCriteria::of_all_domains(&layers, &mut reader);
        let mut library = build_library(
            &criteria,
            None,
            &BTreeSet::new(),
            &Choice::plain(today),
            &mut reader,
        );
        let mut facts = FactReader::new(&library.units, &mut library.words, &mut reader, today);
        anchors::check(&doc.anchors.0, &library.criteria, &mut facts);
    }
    LoadedWeights {
        doc,
        sources: reader.sources,
        diagnostics: reader.diagnostics,
    }
}
