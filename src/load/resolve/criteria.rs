//! The criteria files within reach, and the library built from them.

use crate::load::choice::Choice;
use crate::load::lower::library::LibraryBuilder;
use crate::load::read::archive::Listing;
use crate::load::read::file_ref::FileRef;
use crate::load::read::layers::FolderLayers;
use crate::load::read::reader::Reader;
use crate::load::resolve::catalog_index::CatalogIndex;
use crate::model::library::Library;
use crate::schema::FileKind;
use crate::schema::criteria::CriteriaDoc;
use crate::source::SourceId;

/// Reads the criteria files within reach and the sections of the domains.
pub(crate) fn read_criteria(
    layers: &FolderLayers,
    reader: &mut Reader,
) -> Vec<(CriteriaDoc, SourceId)> {
    let (criteria, catalogs) = (layers.list("criteria"), layers.list("catalogs"));

    criteria_files(&criteria, &catalogs)
        .filter_map(|file| reader.read_shared_document(file, FileKind::Criteria, &layers.archive))
        .collect()
}

/// Lists the criteria files and the domains' own files.
pub(crate) fn criteria_files<'l>(
    criteria: &'l Listing,
    catalogs: &'l Listing,
) -> impl Iterator<Item = &'l FileRef> {
    let is_own = |path: &String| !path.starts_with("weights/") && !path.starts_with("scenarios/");
    let own = criteria
        .iter()
        .filter(move |(path, _)| is_own(path))
        .map(|(_, place)| place);
    own.chain(CatalogIndex::domains(catalogs))
}

/// Builds the library from these criteria files and one further file.
pub(crate) fn build_library(
    criteria: &[(CriteriaDoc, SourceId)],
    further: Option<&CriteriaDoc>,
    choice: &Choice,
    reader: &mut Reader,
) -> Library {
    let mut builder = LibraryBuilder::new(reader, choice.as_of.unwrap_or(choice.today));
    let docs = || criteria.iter().map(|(doc, _)| doc).chain(further);
    for doc in docs() {
        builder.units(&doc.units);
    }
    for doc in docs() {
        builder.add(doc);
    }
    builder.library
}
