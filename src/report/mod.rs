//! Reports of decisions: Markdown through Tera, charts as SVG, files written atomically.
//!
//! [`write_batch`] reports many decisions under one [`ReportJob`], [`write_report`] a single one. A job opens a decision, runs the
//! analyses its templates need, shapes them with `view` and renders the pages; [`FolderWriter`] writes them. [`Engine`] holds the
//! templates: the built-in ones of `templates/`, overridden by those in the user's `templates/` folder. Everything a template
//! prints is escaped for Markdown unless it says `| safe`, so a cell cannot break its table. Templates cannot compute: figures
//! come from `view`, rounded. [`chart`] draws the charts, [`adr`] numbers and names decision records as their folder does, and
//! [`radar`] writes the data files of technology radars.

pub mod adr;
mod batch;
pub mod chart;
mod engine;
mod error;
mod escape;
mod files;
mod index;
mod job;
pub mod marked;
pub mod radar;
mod records;
pub mod sandbox;
mod sections;
mod template;

pub use batch::{BatchProgress, BatchSummary, write_batch};
pub use engine::{Engine, Limited, TemplateError, built_in, is_built_in, tidy};
pub use error::ReportError;
pub use escape::{code, link, markdown, prose};
pub use files::{FolderWriter, replace_file};
pub use index::{BrokenRow, IndexRow, IndexView};
pub use job::{ReportJob, ReportOptions, WrittenReport, write_report};
pub use template::ReportTemplate;
