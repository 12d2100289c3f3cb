//! x
pub mod analysis;
pub mod cli;
pub mod diagnostic;
pub mod eval;
pub mod formula;
pub mod graph;
pub mod lang;
pub mod load;
pub mod model;
pub mod rank;
pub mod record;
pub mod report;
pub mod schema;
pub mod text;
pub mod view;
pub mod weighting;
