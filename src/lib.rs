//! `weigh` ranks technologies for a team, a load and a budget, and shows where each number comes from and how robust the ranking is.
//!
//! This is the library behind the program of the same name. The program is a thin layer over it: everything it prints can be computed here.
//!
//! # A first ranking
//!
//! A decision is a folder of YAML files. Reading it gives a model and a list of problems; compiling gives a graph; evaluating the graph gives
//! each candidate its score:
//!
//! ```
//! use weigh::{eval::Plan, graph, load};
//! use weigh::quantity::date::Date;
//!
//! let today = Date::parse("2026-11-22").expect("a date");
//! let loaded = load::decision("examples/small-shop".as_ref(), &load::Choice::plain(today));
//! let (decision, mut problems) = (loaded.decision.expect("a sound decision"), loaded.diagnostics);
//!
//! let graph = graph::compile(&decision, &mut problems).expect("a sound graph");
//! let evaluation = Plan::new(&decision, &graph).evaluate();
//!
//! for row in &evaluation.rows {
//!     if let Some(score) = row.score {
//!         // The score is the sum of what each criterion contributes.
//!         let parts: f64 = row.contributions.iter().sum();
//!         assert!((score - parts).abs() < 1e-12);
//!     }
//! }
//! ```
//!
//! # How it works
//!
//! Data flows one way. Text becomes documents, documents become a model, the model becomes a decision graph. The graph is evaluated for every
//! candidate, once with point estimates and once for each Monte Carlo sample. Analyses ask questions of evaluations, and views prepare the
//! answers for display. A change of a decision is always a change of a file.
//!
//! ```text
//!  YAML --load--> schema::*Doc --lower--> model --compile--> graph --run--> evaluation --ask--> analysis::* --shape--> view::*
//!    ^                 |____________ diagnostics (collected, never thrown) ______|                      |-> cli, report, tui
//!    |__ evidence files, $EDITOR: the only way back
//! ```
//!
//! # The modules
//!
//! In the order of the pipeline. The page of each module says what it owns and where to start reading.
//!
//! | modules | what they hold |
//! |---|---|
//! | [`source`], [`lang`], [`diagnostic`], [`yaml`] | files and spans; the two languages; messages about a file; its text as a tree |
//! | [`quantity`] | units, distributions, dates, value functions |
//! | [`schema`], [`load`] | the shape of the files; reading them |
//! | [`formula`], [`model`] | the formula language; the validated decision |
//! | [`graph`], [`eval`] | the compiled decision; its evaluation at the point and over samples |
//! | [`rank`], [`weighting`] | aggregation and weighting methods of the literature, one file per method |
//! | [`analysis`] | sensitivity, robustness, value of information and other questions, one file per question |
//! | [`view`], [`report`] | plain data for display; Markdown and SVG |
//! | [`record`], [`edit`] | pinned results and whether they still hold; changes to files |
//! | [`session`], [`tui`] | an open decision with undo; the terminal UI |
//! | [`mod@bench`], [`import`], [`refresh`] | reference services; results of other tools; facts from registries |
//! | [`cli`] | the command line |
//!
//! `ARCHITECTURE.md` in the repository lists which module may import which, and where each kind of change goes. A new criterion, formula, gate
//! or candidate needs YAML only.

// The core is a package of its own, which a release build optimises more.
pub use weigh_engine::{
    analysis, diagnostic, eval, formula, graph, lang, model, quantity, rank, source, tr, weighting,
    yaml,
};

pub mod schema;

pub mod load;

pub mod view;

pub mod record;
#[cfg(feature = "refresh")]
pub mod refresh;
pub mod report;

#[cfg(all(feature = "bench", target_os = "linux"))]
pub mod bench;
#[cfg(feature = "bench")]
pub mod import;

pub mod edit;
pub mod session;
#[cfg(feature = "tui")]
pub mod tui;

pub mod cli;
