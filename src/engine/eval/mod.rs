//! Runs the compiled graph: point estimates, Monte Carlo samples and sweeps over inputs.
//!
//! Start with [`Plan`]. It holds a decision, its graph and the value of every node at the point estimate. Then:
//!
//! - [`Plan::evaluate`] gives every candidate its expected score over the common draws and returns an [`Evaluation`];
//! - [`Pinning`] gives expected scores with some inputs known;
//! - [`Plan::tally`] runs Monte Carlo samples in [`Block`]s of [`BLOCK`];
//! - [`Plan::sweep`] and [`Sweeps`] move inputs over many values and rerun only the nodes that depend on them;
//! - [`Plan::walk`] lists the nodes that one candidate's score depends on, [`Plan::why_missing`] explains a missing value.
//!
//! A node's value is a column of `f64` in base units, NaN for missing. At the point estimate its lanes are the candidates, in
//! samples they are the samples of one candidate; both run the same compiled program. Nothing here prints, rounds or ranks.

mod applicability;
mod blocks;
mod expectation;
mod leaf;
mod pinned;
mod plan;
mod reason;
mod score;
mod sweep;
mod walk;
mod watch;

pub(crate) use blocks::group;
pub use blocks::{BLOCK, Block, KeptBlock, KeptSamples};
pub use expectation::{CommonDraws, DRAWS, Expectation, GatePass};
pub use leaf::{InputId, Leaf, shared_leaf};
pub use pinned::{Pin, Pinning};
pub use plan::{NodeValue, Plan};
pub use score::{CandidateScore, Evaluation, Status};
pub use sweep::{MeasureScorer, Sweep, SweepMemory, Sweeper, Sweeps};
pub use walk::{Walk, WalkStep};
pub use watch::Watch;
