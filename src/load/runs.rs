//! Reads stored runs of reference services for display.

use std::path::Path;

use crate::load::choice::EvidenceChoice;
use crate::load::read::archive::Archive;
use crate::load::read::layers::FolderLayers;
use crate::load::read::reader::Reader;
use crate::load::resolve::evidence::Evidence;
use crate::schema::evidence::{EvidenceDoc, RawRunDoc};

/// A valid evidence file, including its cells.
#[derive(Clone, Debug)]
pub struct StoredRun {
    /// The path as displayed.
    pub file: String,
    /// The file, with the cells of its raw file.
    pub doc: EvidenceDoc,
}

/// Returns the runs in the chosen locations, ordered by session and service.
#[must_use]
pub fn runs(choice: &EvidenceChoice, reader: &mut Reader) -> Vec<StoredRun> {
    let evidence = Evidence::read(
        choice,
        &FolderLayers::above(Path::new("."), &Archive::default()),
        reader,
    );
    let mut runs: Vec<StoredRun> = evidence
        .into_runs()
        .map(|(file, doc)| StoredRun {
            doc: with_cells(doc, Path::new(&file)),
            file,
        })
        .collect();
    runs.sort_by_cached_key(|StoredRun { doc, .. }| {
        let candidate = doc.candidate.value.clone();
        (doc.session.clone(), doc.service.clone(), candidate)
    });
    runs
}

/// Adds the cells of the raw file to their rounds, if there is one.
fn with_cells(mut doc: EvidenceDoc, file: &Path) -> EvidenceDoc {
    let raw = doc
        .raw
        .as_ref()
        .and_then(|raw| std::fs::read_to_string(file.parent()?.join(raw)).ok())
        .and_then(|text| serde_json::from_str::<RawRunDoc>(&text).ok());
    for own in raw.into_iter().flat_map(|raw| raw.rounds) {
        if let Some(round) = doc.rounds.iter_mut().find(|r| r.round == own.round) {
            round.cells = own.cells;
        }
    }
    doc
}
