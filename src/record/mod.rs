//! Pinned results: what was decided and on which basis, whether it is still valid, and what has changed since.
//!
//! [`pin()`] stores a result and everything it rests on in a [`Record`], plain data that is written as `record.json` beside the
//! decision. [`recheck()`] compares a record with the decision as it reads today. [`diff()`] compares two states of a decision. Nothing
//! here opens a file.

mod diff;
mod pin;
mod recheck;

pub use diff::{Change, Difference, Shift, diff};
pub use pin::{Asked, Noise, PinnedCriterion, PinnedInput, Place, Record, hash, noise, pin};
pub use recheck::{Finding, Kind, Recheck, Verdict, recheck};
