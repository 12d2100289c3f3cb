//! Plain data ready to show: sorted, rounded, labelled, in a language; `--format json` is this, serialised.
//!
//! Rounding happens here and nowhere else. Nothing here computes a score.

pub mod bench;
pub mod catalog;
pub mod compare;
pub mod diagnostic;
pub mod explore;
pub mod figure;
pub mod graph;
pub mod next;
pub mod pareto;
pub mod rank;
pub mod report;
pub mod robustness;
pub mod sensitivity;
pub mod stakeholders;
pub mod svg;
pub mod weights;
pub mod why;
