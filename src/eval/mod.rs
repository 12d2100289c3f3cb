//! Runs the graph: for one scenario an [`Evaluation`], for samples a stream of [`Block`]s.
//!
//! A node's value is a column of `f64` in base units: over candidates for the point estimate, over samples of one candidate
//! otherwise. [`Plan`] holds the decision, its graph and the value of every node at the point; [`Plan::evaluate`] gives scores,
//! contributions and status; [`Plan::blocks`] runs samples. Nothing here prints, rounds or ranks.

mod blocks;
mod leaf;
mod plan;
mod reason;
mod score;
mod sweep;
mod walk;
mod watch;

pub(crate) use blocks::group;
pub use blocks::{BLOCK, Block, KeptBlock, KeptSamples};
pub use leaf::{InputId, Leaf};
pub use plan::{NodeValue, Plan};
pub use score::{CandidateScore, Evaluation, Status};
pub use sweep::{MeasureScorer, Sweep, SweepMemory, Sweeper, Sweeps};
pub use walk::{Walk, WalkStep};
pub use watch::Watch;
