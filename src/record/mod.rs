//! The life of a decision after the meeting: what was decided and on what, whether that still holds, what changed since.
//!
//! [`pin()`] takes an outcome with everything it rests on into a [`Record`], plain data that lies as `record.json` beside the decision;
//! [`recheck()`] holds a record against the decision as it reads today; [`diff()`] compares two readings of a decision. Nothing here
//! opens a file.

mod diff;
mod pin;
mod recheck;

pub use diff::{Change, Difference, Shift, diff};
pub use pin::{Asked, Criterion, Input, Noise, Place, Record, hash, noise, pin};
pub use recheck::{Finding, Kind, Recheck, Verdict, recheck};
