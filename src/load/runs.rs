//! Stored runs of reference services, for looking at.

use std::path::Path;

use serde_json::Value;

use super::archive::Archive;
use super::evidence::{Evidence, EvidenceChoice};
use super::files::Layers;
use crate::diagnostic::Diagnostics;
use crate::source::Sources;

/// An evidence file that is sound.
#[derive(Clone, Debug)]
pub struct StoredRun {
    /// Its path, as a user would type it.
    pub file: String,
    /// Everything it says.
    pub stored: Value,
}

/// The runs of the first tier that holds any: this machine's, else the repository's; or those of one place.
#[must_use]
pub fn runs(
    choice: &EvidenceChoice,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Vec<StoredRun> {
    let evidence = Evidence::read(
        choice,
        &Layers::above(Path::new("."), &Archive::default()),
        sources,
        sink,
    );
    let mut runs: Vec<StoredRun> = evidence
        .files()
        .filter_map(|file| {
            let text = sources.get(sources.find(file)?).text();
            // Evidence is written as JSON, but any YAML of the same shape is read too.
            let stored: Value = serde_json::from_str(text)
                .ok()
                .or_else(|| serde_yaml::from_str(text).ok())?;
            Some(StoredRun {
                file: file.to_owned(),
                stored: with_cells(stored, Path::new(file)),
            })
        })
        .collect();
    let key = |run: &StoredRun| {
        ["session", "service", "candidate"]
            .map(|key| run.stored[key].as_str().unwrap_or_default().to_owned())
    };
    runs.sort_by_cached_key(key);
    runs
}

/// Puts the cells of the raw file to their rounds, where there is one.
fn with_cells(mut stored: Value, file: &Path) -> Value {
    let Some(raw) = stored["raw"]
        .as_str()
        .and_then(|raw| std::fs::read_to_string(file.parent()?.join(raw)).ok())
    else {
        return stored;
    };
    let Ok(raw) = serde_json::from_str::<Value>(&raw) else {
        return stored;
    };
    for round in stored["rounds"].as_array_mut().into_iter().flatten() {
        let own = raw["rounds"]
            .as_array()
            .and_then(|all| all.iter().find(|other| other["round"] == round["round"]));
        if let (Some(own), Some(map)) = (own, round.as_object_mut()) {
            map.insert("cells".to_owned(), own["cells"].clone());
        }
    }
    stored
}
