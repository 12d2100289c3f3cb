//! Pinned results: what was decided and on which basis, whether it is still valid, and what has changed since.
//!
//! [`pin()`] stores a result and everything it rests on in a [`Record`], plain data that is written as `record.json` beside the
//! decision. [`recheck()`] compares a record with the decision as it reads today. [`diff()`] compares two states of a decision. Nothing
//! here opens a file.

mod diff;
mod pin;
mod recheck;

pub use diff::{RecordChange, RecordDifference, ScoreShift, diff};
pub use pin::{
    LeadNoise, PinnedCriterion, PinnedInput, PinnedPlacement, Record, RecordRequest, hash, noise,
    pin,
};
pub use recheck::{DriftKind, Recheck, RecheckFinding, RecheckStatus, recheck};
