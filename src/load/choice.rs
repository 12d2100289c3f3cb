//! What the command line chooses on top of a decision: scenario, stakeholder, weights, settings, evidence, today.

use std::path::PathBuf;

use crate::quantity::date::Date;

/// The choice under which a decision is evaluated.
#[derive(Clone, Debug)]
pub struct Choice {
    /// A scenario's id, or the path of a scenario file.
    pub scenario: Option<String>,
    /// A stakeholder's id.
    pub stakeholder: Option<String>,
    /// A weight profile's id, or the path of a weights file.
    pub profile: Option<String>,
    /// `INPUT=VALUE`, in order; later ones win.
    pub set: Vec<String>,
    /// Where evidence comes from.
    pub evidence: EvidenceChoice,
    /// Today, where the user says which day that is; wins over the decision's own `as_of`.
    pub as_of: Option<Date>,
    /// Today by the clock, where neither the user nor the decision says.
    pub today: Date,
}

impl Choice {
    /// The plain choice: the decision as it stands.
    #[must_use]
    pub fn plain(today: Date) -> Self {
        Self {
            scenario: None,
            stakeholder: None,
            profile: None,
            set: Vec::new(),
            evidence: EvidenceChoice::default(),
            as_of: None,
            today,
        }
    }
}

/// Where evidence may come from.
#[derive(Clone, Debug, Default)]
pub enum EvidenceChoice {
    /// This machine's, else the repository's.
    #[default]
    Nearest,
    /// Only what `catalogs/evidence/` holds: golden tests do.
    Repository,
    /// Only this file or folder.
    Path(PathBuf),
}
