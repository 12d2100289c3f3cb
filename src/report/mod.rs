//! Views to Markdown through Tera, and to SVG.
//!
//! [`Engine`] holds the templates: the built-in ones of `templates/`, and those of a user's `templates/` folder, which win. Everything a
//! template prints is escaped for Markdown unless the template says `| safe`, so a cell cannot break its table. [`chart`] draws the
//! pictures, [`adr`] knows how a folder of decision records numbers and names its files, [`radar`] writes what technology radars read.
//! Nothing here opens a file: text comes in and goes out. Templates cannot compute: figures come from `view`, rounded.

pub mod adr;
pub mod chart;
mod engine;
mod escape;
mod index;
pub mod radar;

pub use engine::{Engine, Limited, TemplateError, built_in, is_built_in, tidy};
pub use escape::{code, link, markdown, prose};
pub use index::{BrokenRow, IndexRow, IndexView};
