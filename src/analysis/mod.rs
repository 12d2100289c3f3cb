//! Questions asked of evaluations, one file each.
//!
//! [`ranking`] is the plain one: who comes first, by which method. Everything here takes a [`Plan`](crate::eval::Plan) and gives
//! plain figures in base units; `view` makes them readable.

pub mod compare;
pub mod ranking;
