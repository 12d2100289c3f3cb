//! x
pub mod lang;
pub mod text;
pub mod diagnostic;
pub mod model;
