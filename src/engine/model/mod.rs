//! The validated model: every value that exists is valid.
//!
//! - [`library`]: what a project defines: measures, inputs, formulas, criteria, gates, tables, units;
//! - [`decision`]: one decision to evaluate, with its scenario applied;
//! - [`catalog`]: every candidate that the project knows;
//! - [`evidence`]: facts with their provenance;
//! - [`remark`]: remarks on a benchmark run.
//!
//! Values are created by `load` from `schema` documents; `graph` compiles them. Start with
//! [`Decision`](decision::Decision).

pub mod catalog;
pub mod decision;
pub mod evidence;
pub mod library;
pub mod outcome;
pub mod remark;
