//! Work that no file holds yet, kept aside after every change and offered after a crash.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Session;
use crate::edit;

/// What is kept of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnsavedWork {
    /// Points by criterion.
    pub points: BTreeMap<String, f64>,
    /// Locked shares by criterion.
    pub locked: BTreeMap<String, f64>,
    /// Values of inputs, base units.
    pub settings: BTreeMap<String, f64>,
}

impl UnsavedWork {
    /// What there is to keep of a session.
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

    /// The knobs it stands for in a session.
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

/// The file of a decision in a folder of kept work.
fn place(folder: &Path, decision: &Path) -> PathBuf {
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

/// Keeps a session's unsaved work in a folder. A folder that takes nothing is no reason to stop working.
pub fn keep(folder: &Path, session: &Session) {
    if !session.is_unsaved() {
        forget(folder, session.path());
        return;
    }
    let text =
        serde_json::to_string(&UnsavedWork::of(session)).expect("numbers by name are plain data");
    drop(edit::write(&place(folder, session.path()), &text));
}

/// What was kept of a decision.
#[must_use]
pub fn kept(folder: &Path, decision: &Path) -> Option<UnsavedWork> {
    serde_json::from_str(&std::fs::read_to_string(place(folder, decision)).ok()?).ok()
}

/// Forgets what was kept.
pub fn forget(folder: &Path, decision: &Path) {
    drop(std::fs::remove_file(place(folder, decision)));
}
