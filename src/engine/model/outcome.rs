//! What people decided, beside what the ranking advises.

use crate::lang::Text;
use crate::quantity::date::Date;
use crate::tr;

/// The state of a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutcomeStatus {
    /// Under discussion; also the state of a decision that says nothing.
    #[default]
    Proposed,
    Accepted,
    Rejected,
    Deprecated,
    Superseded,
}

impl OutcomeStatus {
    /// All states.
    pub const ALL: [Self; 5] = [
        Self::Proposed,
        Self::Accepted,
        Self::Rejected,
        Self::Deprecated,
        Self::Superseded,
    ];

    /// Returns the key in decision files and records.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Deprecated => "deprecated",
            Self::Superseded => "superseded",
        }
    }

    /// Returns the status of this key.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// Returns the name for display.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Proposed => tr!("proposed", "提议中"),
            Self::Accepted => tr!("accepted", "已采纳"),
            Self::Rejected => tr!("rejected", "已否决"),
            Self::Deprecated => tr!("deprecated", "已弃用"),
            Self::Superseded => tr!("superseded", "已被取代"),
        }
    }

    /// Returns the status of a choice for display: `gin accepted`.
    #[must_use]
    pub fn of_choice(self, chosen: Option<&str>) -> Text {
        let status = self.text();
        match chosen {
            Some(id) => tr!("{id} {status}", "{id}（{status}）"),
            None => status,
        }
    }

    /// Whether the choice stands or may still come to stand.
    #[must_use]
    pub fn is_open_or_in_force(self) -> bool {
        matches!(self, Self::Proposed | Self::Accepted)
    }
}

/// What people decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub status: OutcomeStatus,
    /// Id of the chosen candidate, which is one of the decision's.
    pub chosen: Option<String>,
    /// The people who decided.
    pub by: Vec<Text>,
    /// The date of the decision.
    pub on: Option<Date>,
    pub because: Option<Text>,
    pub dissent: Vec<Dissent>,
    /// The date by which the decision must be looked at again.
    pub review_by: Option<Date>,
    /// The decision or decision record that this one replaces.
    pub supersedes: Option<String>,
}

/// One person or group that would have decided otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Dissent {
    pub who: Text,
    /// Id of the candidate they prefer.
    pub prefers: Option<String>,
    pub because: Option<Text>,
}

/// How a technology radar shows a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RadarEntry {
    pub quadrant: Option<Quadrant>,
    /// Whether what was chosen is in use.
    pub is_in_use: bool,
    /// Rings that the decision states itself, by candidate.
    pub rings: Vec<(String, Ring)>,
}

/// A ring of a technology radar, from the inside out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ring {
    /// Accepted and in use.
    Adopt,
    /// Accepted, not yet in use.
    Trial,
    /// Under discussion.
    Assess,
    /// Not for new work.
    Hold,
}

impl Ring {
    /// All rings, from the inside out.
    pub const ALL: [Self; 4] = [Self::Adopt, Self::Trial, Self::Assess, Self::Hold];

    /// Returns the name that radars use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Adopt => "adopt",
            Self::Trial => "trial",
            Self::Assess => "assess",
            Self::Hold => "hold",
        }
    }

    /// Returns the ring of this name, in any case.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|ring| ring.word().eq_ignore_ascii_case(word))
    }
}

/// A quadrant of a technology radar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quadrant {
    LanguagesAndFrameworks,
    Platforms,
    Techniques,
    Tools,
}

impl Quadrant {
    /// All quadrants, in the order of Zalando's radar.
    pub const ALL: [Self; 4] = [
        Self::LanguagesAndFrameworks,
        Self::Platforms,
        Self::Techniques,
        Self::Tools,
    ];

    /// Returns the name that radars use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LanguagesAndFrameworks => "languages-and-frameworks",
            Self::Platforms => "platforms",
            Self::Techniques => "techniques",
            Self::Tools => "tools",
        }
    }

    /// Returns the quadrant of this name.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|q| q.word() == word)
    }
}
