//! The validated world: a value that exists is legal.
//!
//! [`library`] is what may be said and computed (the yardsticks), [`decision`] one decision to evaluate. Leaves that the formula
//! language shares: [`mod@unit`], [`quantity`], [`distribution`], [`date`].

pub mod catalog;
pub mod date;
pub mod decision;
pub mod distribution;
pub mod evidence;
pub mod library;
pub mod quantity;
pub mod sampler;
pub mod unit;
pub mod value_function;
pub mod verdict;
