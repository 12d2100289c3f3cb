//! The core of `weigh`: everything between a validated decision and the answers about it, and the YAML parser.
//!
//! Nothing here knows a folder, a terminal or a network. `load`, in the crate `weigh`, reads files with [`yaml`] and builds the [`model`];
//! [`graph`] compiles it, [`eval`] evaluates the graph at the point and over samples, and [`analysis`] asks questions of evaluations. The
//! methods of the literature are in [`rank`] and [`weighting`].
//!
//! This is a crate of its own because of how it is compiled. Every sample and every byte of a file runs through it, so it gets full
//! optimisation, while what surrounds it (the command line, views, reports, the terminal UI) is compiled quickly and runs fast enough. A
//! generic function is optimised like the crate that calls it, so a closure that runs for every sample belongs here too.
//!
//! `weigh` re-exports every module: `weigh::eval` is `weigh_engine::eval`. Programs normally depend on `weigh` only.

pub mod lang;
pub mod source;

pub mod diagnostic;

pub mod yaml;

pub mod model;
pub mod quantity;

pub mod formula;

pub mod graph;

pub mod eval;

pub mod rank;
pub mod weighting;

pub mod analysis;
