//! Reads decision files into a [`Decision`]: everything that a decision refers to is read, and all problems are
//! reported at once.
//!
//! [`Draft`] is what all scenarios share; `chosen` reads what a choice selects, `settings` applies inputs,
//! `candidates` finds and assembles the candidates.

mod candidates;
mod chosen;
mod draft;
mod settings;

use std::path::Path;

pub(super) use candidates::no_candidate;
pub(super) use draft::Draft;

use crate::load::choice::Choice;
use crate::load::read::archive::Archive;
use crate::load::read::reader::Reader;
use crate::model::decision::Decision;
use crate::source::SourceId;

/// Reads a decision file and everything it refers to.
pub(super) fn open(
    file: &Path,
    source: SourceId,
    choice: &Choice,
    archive: &Archive,
    reader: &mut Reader,
) -> Option<Decision> {
    let (draft, chosen) = Draft::read(file, source, choice, archive, reader)?;
    Some(draft.complete(chosen, choice, reader))
}

/// Does the same and also returns the draft that the decision's scenarios start from.
pub(super) fn open_with_draft(
    file: &Path,
    source: SourceId,
    choice: &Choice,
    archive: &Archive,
    reader: &mut Reader,
) -> Option<(Decision, Draft)> {
    let (draft, chosen) = Draft::read(file, source, choice, archive, reader)?;
    let decision = draft.clone().complete(chosen, choice, reader);
    Some((decision, draft))
}

/// The seed of a decision that declares none.
pub(super) const DEFAULT_SEED: u64 = 7;

fn default_id(file: &Path) -> String {
    let stem = file
        .file_stem()
        .and_then(|s| s.to_str())
        .unwrap_or("decision");
    let folder = file
        .parent()
        .and_then(Path::file_name)
        .and_then(|s| s.to_str());
    if stem == "decision" {
        folder.unwrap_or(stem).to_owned()
    } else {
        stem.to_owned()
    }
}
