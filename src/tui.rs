//! The terminal UI: views and keys to a terminal.
//!
//! [`State`] is everything that is shown, and [`update()`](update::update) the only function that changes it, without a terminal.
//! [`draw()`] paints it; [`run()`] owns the terminal and carries out [`Effect`]s. Questions that take longer than a frame go to a
//! [`worker`](mod@worker) together with the generation of the session; an answer to an older generation is dropped. This module
//! knows sessions and views, and nothing about how either is computed.
//!
//! To add a screen, add a file in `screen/`, a variant of [`Screen`] and its keys in `keymap.rs`.

#![allow(
    missing_docs,
    reason = "the names of fields and variants say what they hold"
)]

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
