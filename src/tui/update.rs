//! From an event or action to the next state, without a terminal. What needs the terminal or the system comes back as an
//! [`Effect`].

mod cursor;
mod keys;
mod knobs;
mod mouse;
mod prompt;
mod standings;
mod step;

use tui_input::Input;

use super::action::Action;
use super::event::Event;
use super::state::{FileLine, List, Overlay, PromptKind, State};
use super::theme::Ground;
use super::widget::wrap;
use crate::lang::Lang;
use crate::session::Turn;
use crate::tr;
pub(super) use knobs::max_points;

/// What the event loop has to carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Leave, after reports that are being written are finished.
    Quit,
    /// Leave at once.
    Abort,
    /// Suspend the process.
    Suspend,
    /// Copy a text to the clipboard.
    Copy(String),
    /// Open an editor.
    Edit(FileLine),
    /// Switch mouse capture on or off.
    Mouse(bool),
    /// Paint everything again.
    Repaint,
    /// Read the files again.
    Reload,
    /// Write the knobs as a scenario of this name.
    SaveScenario(String),
    /// Write the weights as a profile of this name.
    SaveProfile(String),
    /// Write the report of the decision as its files state it.
    Report,
    /// Write the present view to a file.
    Export(ExportFormat),
    /// Delete the copy of unsaved work.
    Forget,
}

/// The format of an exported view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    Markdown,
    Json,
}

/// Handles an event.
pub fn handle(state: &mut State, event: Event) -> Vec<Effect> {
    match event {
        Event::Key(key) => keys::press(state, key),
        Event::Paste(text) => {
            keys::paste(state, &text);
            Vec::new()
        }
        Event::Resize(width, height) => {
            state.size = (width, height);
            state.hits.clear();
            Vec::new()
        }
        Event::Press(x, y) => mouse::click(state, x, y),
        Event::Wheel(_, _, by) => update(state, if by > 0 { Action::Down } else { Action::Up }),
        Event::Release => {
            state.session.end_drag();
            Vec::new()
        }
    }
}

/// Carries out an action, or says why it is not available.
pub fn update(state: &mut State, action: Action) -> Vec<Effect> {
    if let Some(why) = action.unavailable(state) {
        state.set_message(&why);
        return Vec::new();
    }
    let list = state.list();
    let page = isize::try_from(state.size.1.saturating_sub(8).max(2) / 2).unwrap_or(1);
    match action {
        Action::Rank
        | Action::Tradeoff
        | Action::Sensitivity
        | Action::Robustness
        | Action::Why
        | Action::Graph
        | Action::Compare
        | Action::WhatIf
        | Action::Data => open_screen(state, action),
        Action::Down | Action::NextHit => cursor::move_cursor(state, list, 1),
        Action::Up | Action::PreviousHit => cursor::move_cursor(state, list, -1),
        Action::PageDown => cursor::move_cursor(state, list, page),
        Action::PageUp => cursor::move_cursor(state, list, -page),
        Action::First => cursor::move_cursor(state, list, isize::MIN),
        Action::Last => cursor::move_cursor(state, list, isize::MAX),
        Action::Left => cursor::move_sideways(state, -1),
        Action::Right => cursor::move_sideways(state, 1),
        Action::FarLeft => cursor::move_sideways(state, -5),
        Action::FarRight => cursor::move_sideways(state, 5),
        Action::NextPane => cursor::focus_pane(state, true),
        Action::PreviousPane => cursor::focus_pane(state, false),
        Action::Enter => cursor::open_row(state),
        Action::Back => {
            // Esc goes up one level and never leaves (workmux #98, tut #187).
            state.filter.clear();
            state.message.clear();
            Vec::new()
        }
        Action::NextCandidate => cursor::select_neighbour(state, 1),
        Action::PreviousCandidate => cursor::select_neighbour(state, -1),
        Action::NextRival => cursor::select_next_rival(state),
        Action::Swap => cursor::swap_candidates(state),
        Action::AxisX => cursor::change_axis(state, true),
        Action::AxisY => cursor::change_axis(state, false),
        Action::Undo => knobs::undo(state),
        Action::Redo => knobs::redo(state),
        Action::Set => knobs::ask_value(state),
        Action::Zero => {
            let turn = Turn::Points(state.cursor(List::Weights), 0.0);
            knobs::apply_turn(state, turn)
        }
        Action::Lock => {
            let turn = Turn::Lock(state.cursor(List::Weights));
            knobs::apply_turn(state, turn)
        }
        Action::Reset => knobs::reset_value(state),
        Action::ResetAll => {
            let declared = state.session.declared().clone();
            let label = tr!("all changes", "所有改动");
            state.session.adopt(declared, label);
            Vec::new()
        }
        Action::Snapshot => take_snapshot(state),
        Action::Restore => {
            let last = state.session.snapshots.len() - 1;
            state.session.restore(last);
            Vec::new()
        }
        Action::Adopt => {
            let shares = state.central_weights().unwrap_or_default();
            knobs::apply_turn(state, Turn::Shares(shares))
        }
        Action::Widen => {
            state.selection.spread = state.selection.spread.next();
            state.answers.robustness.invalidate();
            Vec::new()
        }
        Action::Expand => {
            state.toggle_all_branches();
            Vec::new()
        }
        Action::Filter => prompt::open_prompt(state, PromptKind::Filter),
        Action::SaveScenario => prompt::open_prompt(state, PromptKind::Scenario),
        // A report is made from files, so that the command line writes the same one.
        Action::Report if state.session.as_saved().is_none() => {
            prompt::open_prompt(state, PromptKind::Report)
        }
        Action::Report => vec![Effect::Report],
        Action::SaveProfile => prompt::open_prompt(state, PromptKind::Profile),
        Action::Help => prompt::push_overlay(state, Overlay::Help),
        Action::Palette => prompt::push_overlay(state, Overlay::Palette(Input::default())),
        Action::Glossary => open_glossary(state),
        Action::Language => switch_language(state),
        Action::Ground => switch_theme(state),
        Action::Mouse => switch_mouse(state),
        Action::CopyCell => vec![Effect::Copy(super::export::cell_at_cursor(state))],
        Action::CopyRow => vec![Effect::Copy(super::export::row_at_cursor(state))],
        Action::CopyCommand => vec![Effect::Copy(state.session.command("rank"))],
        Action::Export => vec![Effect::Export(ExportFormat::Markdown)],
        Action::ExportJson => vec![Effect::Export(ExportFormat::Json)],
        Action::Edit => {
            let place = state.file_at_cursor();
            place.map_or_else(Vec::new, |place| vec![Effect::Edit(place)])
        }
        Action::Reload => vec![Effect::Reload],
        Action::Redraw => vec![Effect::Repaint],
        Action::Suspend => vec![Effect::Suspend],
        Action::Abort => vec![Effect::Abort],
        Action::Quit if state.session.is_unsaved() => prompt::push_overlay(state, Overlay::Leave),
        Action::Quit => vec![Effect::Forget, Effect::Quit],
    }
}

fn open_screen(state: &mut State, action: Action) -> Vec<Effect> {
    if let Some(screen) = action.screen() {
        if state.screen != screen {
            state.filter.clear();
        }
        state.screen = screen;
        state.message.clear();
    }
    Vec::new()
}

/// Keeps the present state under the next letter.
fn take_snapshot(state: &mut State) -> Vec<Effect> {
    let name = ('a'..='z')
        .nth(state.session.snapshots.len() % 26)
        .unwrap_or('z');
    state.session.snapshot(name.to_string());
    state.set_message(&tr!(
        "snapshot {name} taken: press `b` to go back to it",
        "已保存快照 {name}：按 `b` 返回"
    ));
    Vec::new()
}

fn switch_language(state: &mut State) -> Vec<Effect> {
    state.lang = match state.lang {
        Lang::En => Lang::Zh,
        Lang::Zh => Lang::En,
    };
    state.answers.invalidate();
    Vec::new()
}

fn switch_theme(state: &mut State) -> Vec<Effect> {
    let message = match state.look.ground {
        Ground::Light => tr!("dark theme", "深色主题"),
        Ground::Dark => tr!("light theme", "浅色主题"),
    };
    state.look.ground = match state.look.ground {
        Ground::Light => Ground::Dark,
        Ground::Dark => Ground::Light,
    };
    state.set_message(&message);
    Vec::new()
}

fn switch_mouse(state: &mut State) -> Vec<Effect> {
    state.mouse = !state.mouse;
    let message = if state.mouse {
        tr!("mouse on", "鼠标已启用")
    } else {
        tr!("mouse off: text can be selected", "鼠标已关闭：可选择文本")
    };
    state.set_message(&message);
    vec![Effect::Mouse(state.mouse)]
}

fn open_glossary(state: &mut State) -> Vec<Effect> {
    let (title, lines) = super::screen::glossary_entry(state);
    let lines = lines.iter().flat_map(|line| wrap(line, 66)).collect();
    prompt::push_overlay(state, Overlay::Glossary { title, lines })
}
