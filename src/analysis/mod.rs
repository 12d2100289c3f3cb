//! Questions asked of evaluations, one file each.
//!
//! [`ranking`] is the plain one: who comes first, by which method. Everything here takes a [`Plan`](crate::eval::Plan) and gives
//! plain figures in base units; `view` makes them readable.

pub mod acceptability;
pub mod agreement;
pub mod break_even;
pub mod compare;
pub mod consistency;
pub mod domain;
mod lanes;
pub mod pareto;
mod race;
pub mod ranking;
pub mod reversal;
pub mod stability;
pub mod stakeholders;
pub mod tornado;
pub mod value_of_information;
pub mod weight_space;
