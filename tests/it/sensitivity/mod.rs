//! Stability intervals, break-evens, tornado and sweeps: published and derived cases, closed forms, brute force, undefined cases.

mod break_even;
mod command;
mod properties;
mod stability;
mod undefined;
pub(crate) mod world;
