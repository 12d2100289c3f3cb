//! The validated world: a value that exists is legal.
pub mod unit;
