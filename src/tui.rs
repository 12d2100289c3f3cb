//! The terminal UI: views and keys to a terminal.
//!
//! [`State`] is everything that is shown; [`update()`](update::update) is the only place that changes it, without a terminal;
//! [`draw()`] paints it; [`run()`] owns the terminal and carries out [`Effect`]s. Heavy questions go to a [`worker`](mod@worker), with the
//! generation of the session they were asked in: answers to older ones are dropped. The room knows sessions and views and nothing
//! of how either computes. To add a screen: a file in `screen/`, a line in [`state::Screen`], its keys in `keymap.rs`.

pub mod action;
mod clipboard;
mod draw;
mod effects;
pub mod event;
mod export;
pub mod keymap;
mod overlay;
mod run;
mod screen;
pub mod state;
mod terminal;
mod theme;
pub mod update;
mod widget;
mod wiring;
pub mod worker;

pub use action::Action;
pub use draw::draw;
pub use keymap::Keymap;
pub use run::{Ending, Options, run};
pub use state::{Screen, State};
pub use terminal::hold;
pub use theme::{Colors, Ground, Look};
pub use update::Effect;
pub use worker::Reporter;
