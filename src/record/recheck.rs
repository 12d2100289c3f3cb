//! Compares a record with the current state of the decision, as of today.
//!
//! What is checked is the choice of people: the candidate under `outcome:` of the decision file, else the one that was recorded,
//! else the winner of the record.

mod finding;

use schemars::JsonSchema;
use serde::Serialize;

use super::diff::diff;
use super::pin::{PinnedChoice, PinnedOutcome, Record};
use crate::analysis::choice::ChoiceRank;
use crate::lang::Text;
use crate::model::outcome::OutcomeStatus;
use crate::quantity::date::Date;
use crate::tr;

/// What a recheck finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DriftKind {
    /// Another candidate is clearly ahead of the choice, or the choice is not ranked.
    Flip,
    /// The choice and another candidate cannot be told apart.
    Level,
    /// The review date is past.
    ReviewDue,
    /// The decision file states another outcome than the record.
    OutcomeChanged,
    /// Support of a candidate has ended.
    SupportEnded,
    /// Anchors, shape, unit or formula of a criterion changed, so its weight was elicited for a different swing.
    AnchorsMoved,
    /// A weight changed.
    WeightChanged,
    /// A fact has expired.
    Expired,
    /// A candidate was added or removed, or its status changed.
    CandidateChanged,
    /// The ranking below the winner changed.
    OrderChanged,
    /// A fact or an input of the context has another value.
    FactChanged,
    /// A measured fact comes from another run.
    EvidenceChanged,
    /// The record was written by another version of weigh.
    VersionChanged,
}

/// A difference between the record and the current state.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RecheckFinding {
    pub kind: DriftKind,
    /// Whether it concerns the choice.
    pub winner: bool,
    #[serde(serialize_with = "english")]
    #[schemars(with = "String")]
    pub message: Text,
}

fn english<S: serde::Serializer>(text: &Text, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text.en)
}

/// The result of a recheck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RecheckStatus {
    /// The choice is clearly first, and nothing has changed.
    Holds,
    /// The choice is clearly first, but there are findings to review.
    Warns,
    /// The choice cannot be told apart from another candidate.
    Level,
    /// Another candidate is clearly first.
    Flipped,
    /// The decision was rejected, deprecated or superseded: there is nothing to hold.
    Retired,
}

/// A record compared with the current state of the decision.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Recheck {
    pub decision: String,
    /// The date of the recheck.
    pub as_of: String,
    pub status: RecheckStatus,
    /// What the decision file says people decided.
    pub outcome: Option<PinnedOutcome>,
    /// The verdict as it is now, in English.
    pub verdict: serde_json::Value,
    /// Where the choice stood then and stands now.
    pub choice: [Option<PinnedChoice>; 2],
    /// The winner then and now.
    pub winner: [Option<String>; 2],
    /// The differences, most severe first.
    pub findings: Vec<RecheckFinding>,
}

/// Compares a record with the same decision as recorded today.
#[must_use]
pub fn recheck(old: &Record, new: &Record, today: Date) -> Recheck {
    let standing = new.choice.as_ref().map(|choice| choice.standing);
    let is_retired = new
        .outcome
        .as_ref()
        .and_then(|outcome| OutcomeStatus::of_word(&outcome.status))
        .is_some_and(|status| !status.is_open_or_in_force());
    let is_gone = gone(old, new);
    let status = match standing {
        _ if is_retired => RecheckStatus::Retired,
        _ if is_gone => RecheckStatus::Flipped,
        None if old.winner.is_none() => RecheckStatus::Holds,
        None | Some(ChoiceRank::Behind | ChoiceRank::NotRanked) => RecheckStatus::Flipped,
        Some(ChoiceRank::Level) => RecheckStatus::Level,
        Some(ChoiceRank::First) => RecheckStatus::Holds,
    };
    let mut findings = finding::all(old, new, status, today);
    findings.sort_by_key(|f| (f.kind, !f.winner));
    // A new version of weigh alone is not a reason to review.
    let is_weighty = findings.iter().any(|f| f.kind != DriftKind::VersionChanged);
    Recheck {
        decision: new.decision.clone(),
        as_of: today.to_string(),
        status: if status == RecheckStatus::Holds && is_weighty {
            RecheckStatus::Warns
        } else {
            status
        },
        outcome: new.outcome.clone(),
        verdict: new.verdict.clone(),
        choice: [old.choice.clone(), new.choice.clone()],
        winner: [old.winner.clone(), new.winner.clone()],
        findings,
    }
}

/// The candidate that was recorded as chosen: by people, else the winner.
#[must_use]
pub fn recorded_choice(old: &Record) -> Option<&str> {
    let chosen = old.choice.as_ref().map(|choice| choice.candidate.as_str());
    chosen.or(old.winner.as_deref())
}

/// Whether what was recorded as chosen is no longer a candidate and people have not chosen another.
fn gone(old: &Record, new: &Record) -> bool {
    let states_choice = new.outcome.as_ref().is_some_and(|o| o.chosen.is_some());
    recorded_choice(old)
        .is_some_and(|id| !states_choice && !new.ranking.iter().any(|place| place.candidate == id))
}

/// Describes a difference of scores for a message.
fn shown(x: f64) -> String {
    format!("{:.3}", x.abs())
}

/// Returns the end of a sentence about the choice that people accepted in spite of it.
fn despite(new: &Record) -> Text {
    match new.outcome.as_ref().map(|outcome| outcome.status.as_str()) {
        Some("accepted") => tr!("; people accepted it all the same", "；人们仍决定采纳"),
        _ => Text::default(),
    }
}
