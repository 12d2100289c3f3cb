//! The validated world: a value that exists is legal.
//!
//! [`library`] is what may be said and computed (the yardsticks), [`decision`] one decision to evaluate.

pub mod catalog;
pub mod decision;
pub mod evidence;
pub mod library;
pub mod verdict;
