//! Analyses of a decision, one per file.
//!
//! [`study`] is the way in: a plan and a request become a [`Study`](study::Study), which owns every choice of method, weights,
//! samples and seed. The other modules each answer one question from a [`Plan`](crate::eval::Plan), in plain figures and base
//! units; `view` makes them readable.

pub mod acceptability;
pub mod agreement;
pub mod anchors;
pub mod break_even;
pub mod choice;
pub mod clipping;
pub mod compare;
pub mod consistency;
pub mod domain;
pub mod influence;
mod known;
mod lanes;
pub mod load_sweep;
pub mod pareto;
mod race;
pub mod ranking;
pub mod reversal;
pub mod stability;
pub mod stakeholders;
pub mod staleness;
pub mod standing;
pub mod study;
pub mod tornado;
pub mod tradeoff;
pub mod value_of_information;
pub mod verdict;
pub mod weight_space;
