//! Runs the graph: for one scenario an [`Evaluation`], for samples a stream of [`Block`]s.
//!
//! A node's value is a column of `f64` in base units: over candidates for the point estimate, over samples of one candidate
//! otherwise. [`Plan`] holds the decision, its graph and the value of every node at the point; [`Plan::evaluate`] gives scores,
//! contributions and status; [`Plan::blocks`] runs samples. Nothing here prints, rounds or ranks.

mod blocks;
mod leaf;
mod plan;
mod reason;
mod sweep;
mod verdict;
mod walk;
mod watch;

pub(crate) use blocks::group;
pub use blocks::{BLOCK, Block, KeptBlock, Samples};
pub use leaf::{InputId, Leaf};
pub use plan::{Column, Plan};
pub use sweep::{Memory, Scorer, Sweep, Sweeper, Sweeps};
pub use verdict::{Evaluation, Row, Status};
pub use walk::{Walk, WalkStep};
pub use watch::Watch;
