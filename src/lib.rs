//! x
pub mod analysis;
pub mod cli;
pub mod diagnostic;
pub mod edit;
pub mod eval;
pub mod formula;
pub mod graph;
pub mod lang;
pub mod load;
pub mod model;
pub mod rank;
pub mod schema;
pub mod session;
pub mod text;
pub mod tui;
pub mod view;
pub mod weighting;
