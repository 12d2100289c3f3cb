//! What the command line selects for a decision: scenario, stakeholder, weights, settings, evidence and date.

use std::path::PathBuf;

use crate::quantity::date::Date;

/// The options under which a decision is evaluated.
#[derive(Clone, Debug)]
pub struct Choice {
    /// A scenario's id, or the path of a scenario file.
    pub scenario: Option<String>,
    /// A stakeholder's id.
    pub stakeholder: Option<String>,
    /// A weight profile's id, or the path of a weights file.
    pub profile: Option<String>,
    /// `INPUT=VALUE` settings in order; later ones win.
    pub set: Vec<String>,
    /// Where evidence comes from.
    pub evidence: EvidenceChoice,
    /// The date from the command line; takes precedence over the decision's own `as_of`.
    pub as_of: Option<Date>,
    /// The current date, used if neither the command line nor the decision gives one.
    pub today: Date,
}

impl Choice {
    /// The default choice: the decision as its file declares it.
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

/// Where evidence is read from.
#[derive(Clone, Debug, Default)]
pub enum EvidenceChoice {
    /// This machine's own evidence, else the repository's.
    #[default]
    Nearest,
    /// Only what `catalogs/evidence/` holds, as in golden tests.
    Repository,
    /// Only this file or folder.
    Path(PathBuf),
}
