//! What people decided, and whether a technology radar shows it: the keys `outcome:` and `radar:` of a decision file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scalar::Words;
use super::spanned::{Entries, Spanned};

/// What people decided. The ranking advises; this is the decision.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "outcome")]
pub struct OutcomeDoc {
    /// State of the decision.
    pub status: OutcomeStatusDoc,
    /// Id of the chosen candidate; required once the decision is accepted. It need not be the first of the ranking.
    pub chosen: Option<Spanned<String>>,
    /// The people who decided.
    #[serde(default)]
    pub by: Vec<Words>,
    /// Date of the decision.
    pub on: Option<Spanned<String>>,
    /// Why, in one sentence.
    pub because: Option<Words>,
    /// Who disagreed.
    #[serde(default)]
    pub dissent: Vec<DissentDoc>,
    /// Date by which the decision must be looked at again; `weigh recheck` reports when it is past.
    pub review_by: Option<Spanned<String>>,
    /// The decision or decision record that this one replaces.
    pub supersedes: Option<String>,
}

/// State of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "outcome-status")]
pub enum OutcomeStatusDoc {
    /// Under discussion.
    Proposed,
    /// In force.
    Accepted,
    /// Turned down.
    Rejected,
    /// No longer recommended, without a successor.
    Deprecated,
    /// Replaced by another decision.
    Superseded,
}

/// One person or group that would have decided otherwise.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "dissent")]
pub struct DissentDoc {
    /// The person or group.
    pub who: Words,
    /// Id of the candidate they prefer.
    pub prefers: Option<Spanned<String>>,
    /// Why.
    pub because: Option<Words>,
}

/// How a technology radar shows the candidates. A decision without this key does not appear on a radar.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "radar")]
pub struct RadarDoc {
    /// Quadrant of all candidates; by default the one that belongs to a candidate's catalog.
    pub quadrant: Option<QuadrantDoc>,
    /// Whether the chosen candidate is in use; by default, whether it is listed under `existing`.
    pub in_use: Option<bool>,
    /// Ring of a candidate, instead of the one that follows from the outcome.
    pub rings: Entries<Spanned<RingDoc>>,
}

/// Ring of a technology radar, from the inside out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "ring")]
pub enum RingDoc {
    /// Accepted and in use.
    Adopt,
    /// Accepted, not yet in use.
    Trial,
    /// Under discussion.
    Assess,
    /// Not for new work.
    Hold,
}

/// Quadrant of a technology radar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "quadrant")]
pub enum QuadrantDoc {
    /// Languages and frameworks.
    LanguagesAndFrameworks,
    /// Platforms.
    Platforms,
    /// Techniques.
    Techniques,
    /// Tools.
    Tools,
}
