//! Records of decisions: what was decided and on which basis, whether it is still valid, and what has changed
//! since.
//!
//! [`pin()`] stores a result and everything it depends on in a [`Record`], plain data that is written as
//! `record.json` next to the decision. [`recheck()`] compares a record with the current state of the decision.
//! [`diff()`] compares two states of a decision. This module does no I/O.

mod diff;
mod pin;
mod recheck;

pub use diff::{RecordChange, RecordDifference, ScoreShift, diff};
pub use pin::{
    LeadNoise, PinnedChoice, PinnedCriterion, PinnedInput, PinnedOutcome, PinnedPlacement, Record,
    RecordRequest, hash_text, lead_noise, pin, pin_inputs,
};
pub use recheck::{DriftKind, Recheck, RecheckFinding, RecheckStatus, recheck, recorded_choice};
