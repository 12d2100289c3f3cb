//! Unsaved work, stored after every change and offered for recovery after a crash.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Session;
use crate::edit;

/// The unsaved changes of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnsavedWork {
    pub points: BTreeMap<String, f64>,
    pub locked: BTreeMap<String, f64>,
    /// Values of inputs, in base units.
    pub settings: BTreeMap<String, f64>,
}

impl UnsavedWork {
    /// Returns the unsaved changes of a session.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        let ids = || {
            session
                .model()
                .graph
                .criteria
                .iter()
                .map(|slot| slot.id.clone())
        };
        let knobs = session.knobs();
        Self {
            points: ids().zip(knobs.points.iter().copied()).collect(),
            locked: ids()
                .zip(&knobs.locked)
                .filter_map(|(id, lock)| lock.map(|s| (id, s)))
                .collect(),
            settings: knobs.settings.clone(),
        }
    }

    /// Returns the knobs that these changes give in a session.
    #[must_use]
    pub fn knobs(&self, session: &Session) -> super::Knobs {
        let mut knobs = session.declared().clone();
        for (at, slot) in session.model().graph.criteria.iter().enumerate() {
            if let Some(points) = self
                .points
                .get(&slot.id)
                .filter(|p| p.is_finite() && **p >= 0.0)
            {
                knobs.points[at] = *points;
            }
            knobs.locked[at] = self
                .locked
                .get(&slot.id)
                .copied()
                .filter(|s| (0.0..1.0).contains(s));
        }
        let known = self
            .settings
            .iter()
            .filter(|(name, value)| session.model().fact(name).is_some() && value.is_finite());
        knobs.settings = known.map(|(name, value)| (name.clone(), *value)).collect();
        knobs
    }
}

/// Returns the path of a decision's unsaved work in a folder.
fn unsaved_path(folder: &Path, decision: &Path) -> PathBuf {
    use sha2::{Digest, Sha256};
    let absolute = std::path::absolute(decision).unwrap_or_else(|_| decision.to_owned());
    let hash = Sha256::digest(absolute.to_string_lossy().as_bytes());
    let name: String = hash
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    folder.join(format!("{name}.json"))
}

/// Stores a session's unsaved work in a folder. Failure to write is ignored: it must not interrupt the user.
pub fn store_unsaved(folder: &Path, session: &Session) {
    if !session.is_unsaved() {
        delete_unsaved(folder, session.path());
        return;
    }
    let text =
        serde_json::to_string(&UnsavedWork::of(session)).expect("numbers by name are plain data");
    drop(edit::write_file(
        &unsaved_path(folder, session.path()),
        &text,
    ));
}

/// Reads the unsaved work of a decision.
#[must_use]
pub fn read_unsaved(folder: &Path, decision: &Path) -> Option<UnsavedWork> {
    serde_json::from_str(&std::fs::read_to_string(unsaved_path(folder, decision)).ok()?).ok()
}

/// Deletes the unsaved work of a decision.
pub fn delete_unsaved(folder: &Path, decision: &Path) {
    drop(std::fs::remove_file(unsaved_path(folder, decision)));
}
