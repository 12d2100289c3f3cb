//! `weigh`: which technology should we choose, and can we defend it?
//!
//! Text becomes documents, documents become a model, the model becomes a decision graph, the graph is evaluated for every
//! candidate and every sample, evaluations are analysed, and views show them. Nothing flows back: whatever changes a decision
//! changes a file, and files are text again.
//!
//! ```text
//!  YAML --load--> schema::*Doc --lower--> model --compile--> graph --run--> Evaluation --ask--> analysis::* --shape--> view::*
//!    ^                 |____________ diagnostics (collected, never thrown) ______|                      |-> cli
//!    |__ evidence files, $EDITOR <-- the only way back, through files
//! ```
//!
//! The rooms, in the order of the pipeline; each room's own page says what it owns and where to start reading:
//!
//! - [`source`], [`lang`], [`diagnostic`]: files and spans, the two languages, messages for the author of a file.
//! - [`schema`]: the shape of the files. [`load`]: the only room that reads project files.
//! - [`model`]: the validated world. [`formula`]: the little language of the criteria.
//! - [`graph`]: the compiled decision. [`eval`]: runs it, at the point and over samples.
//! - [`rank`] and [`weighting`]: the methods of the literature, one file each.
//! - [`analysis`]: questions asked of evaluations, one file each. [`view`]: plain data ready to show.
//! - [`report`]: views to Markdown and SVG. [`record`]: pinned outcomes, whether they hold, what changed.
//! - [`refresh`]: facts of the catalogs from registries, support data and repositories.
//! - [`mod@bench`]: reference services, verified and measured. [`import`]: result files of other tools.
//! - [`session`]: one open decision with its undo history; [`edit`]: saving beside it; [`tui`]: the terminal UI over both.
//! - [`cli`]: the words typed in a shell.
//!
//! `ARCHITECTURE.md` holds the import rules, which a test checks, and the recipes: new method, new analysis, new diagnostic. A new
//! criterion, formula, gate or candidate is YAML only.
//!
//! ```
//! use weigh::{eval::Plan, graph, load};
//! use weigh::quantity::date::Date;
//!
//! let today = Date::parse("2026-11-22").unwrap();
//! let loaded = load::decision("examples/small-shop".as_ref(), &load::Choice::plain(today));
//! let (decision, mut problems) = (loaded.decision.unwrap(), loaded.diagnostics);
//! let graph = graph::compile(&decision, &mut problems).unwrap();
//! let evaluation = Plan::new(&decision, &graph).evaluate();
//! for row in &evaluation.rows {
//!     if let Some(score) = row.score {
//!         let parts: f64 = row.contributions.iter().sum();
//!         assert!((score - parts).abs() < 1e-12);
//!     }
//! }
//! ```

pub mod lang;
pub mod source;

pub mod diagnostic;

pub mod schema;

pub mod model;
pub mod quantity;

pub mod formula;

pub mod load;

pub mod graph;

pub mod eval;

pub mod rank;
pub mod weighting;

pub mod analysis;

pub mod view;

pub mod record;
pub mod refresh;
pub mod report;

#[cfg(target_os = "linux")]
pub mod bench;
pub mod import;

pub mod edit;
pub mod session;
pub mod tui;

pub mod cli;
