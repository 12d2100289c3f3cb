//! Plain data for display: sorted, rounded and labelled in a language. `--format json` prints it serialised.
//!
//! There is one view per question; reports and the terminal UI show selections of it. Rounding happens here and nowhere else.
//! This module computes no scores.

pub mod bench;
pub mod catalog;
pub mod compare;
pub mod diagnostic;
pub mod document;
pub mod explore;
pub mod figure;
pub mod graph;
pub mod next;
pub mod outcome;
pub mod pareto;
pub mod rank;
pub mod remark;
pub mod report;
pub mod robustness;
pub mod sensitivity;
pub mod stakeholders;
pub mod svg;
pub mod unit;
pub mod verdict;
pub mod weights;
pub mod why;
