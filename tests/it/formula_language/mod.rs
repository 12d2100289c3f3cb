//! The language of the criteria: what formulas mean, what is said about wrong ones, and what holds for all of them.

mod diagnostics;
mod hostile;
mod meaning;
mod missing;
mod naive;
mod properties;
mod world;
