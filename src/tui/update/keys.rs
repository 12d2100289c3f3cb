//! Key presses: to the topmost overlay if there is one, else to the screen.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};

use super::cursor::move_cursor;
use super::{Effect, prompt, update};
use crate::tr;
use crate::tui::action::Action;
use crate::tui::keymap::KeyChord;
use crate::tui::state::{List, Overlay, PromptKind, State};

/// Handles a key press. The key that aborts works everywhere.
pub(super) fn press(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    let action = state.keymap.action(KeyChord::of(&key), state.screen);
    if action == Some(Action::Abort) {
        return update(state, Action::Abort);
    }
    match state.overlays.last() {
        None => action.map_or_else(Vec::new, |action| update(state, action)),
        Some(Overlay::Prompt(..)) => press_in_prompt(state, key),
        Some(Overlay::Palette(_)) => press_in_palette(state, key),
        Some(Overlay::Leave) => press_in_leave(state, key),
        Some(Overlay::Recover(_)) => press_in_recover(state, key),
        Some(Overlay::Help | Overlay::Glossary { .. }) => press_in_text(state, key, action),
    }
}

/// Appends pasted text to the line that is being typed: its first line, without control characters.
pub(super) fn paste(state: &mut State, text: &str) {
    if let Some(Overlay::Prompt(_, input) | Overlay::Palette(input)) = state.overlays.last_mut() {
        let line = text.lines().next().unwrap_or_default();
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        *input = Input::new(format!("{}{line}", input.value()));
    }
}

fn close_overlay(state: &mut State) -> Vec<Effect> {
    state.overlays.pop();
    Vec::new()
}

/// Edits the line that is being typed.
fn edit_line(state: &mut State, key: &KeyEvent) {
    if let Some(Overlay::Prompt(_, input) | Overlay::Palette(input)) = state.overlays.last_mut()
        && let Some(request) = edit_request(key)
    {
        input.handle(request);
    }
}

fn press_in_prompt(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    let is_filter = matches!(
        state.overlays.last(),
        Some(Overlay::Prompt(PromptKind::Filter, _))
    );
    match key.code {
        KeyCode::Enter => prompt::submit(state),
        KeyCode::Esc => {
            if is_filter {
                state.filter.clear();
            }
            close_overlay(state)
        }
        _ => {
            edit_line(state, &key);
            // The list is filtered while the filter is being typed.
            if let Some(Overlay::Prompt(PromptKind::Filter, input)) = state.overlays.last() {
                state.filter = input.value().to_owned();
            }
            Vec::new()
        }
    }
}

fn press_in_palette(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Esc => close_overlay(state),
        KeyCode::Char('p') if ctrl => close_overlay(state),
        KeyCode::Enter => {
            let action = state.commands().get(state.cursor(List::Palette)).copied();
            state.overlays.pop();
            action.map_or_else(Vec::new, |action| update(state, action))
        }
        KeyCode::Down => move_cursor(state, List::Palette, 1),
        KeyCode::Up => move_cursor(state, List::Palette, -1),
        _ => {
            edit_line(state, &key);
            state.set_cursor(List::Palette, 0);
            Vec::new()
        }
    }
}

fn press_in_leave(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Char('y') => vec![Effect::Forget, Effect::Quit],
        KeyCode::Char('s') => {
            state.overlays.pop();
            update(state, Action::SaveScenario)
        }
        KeyCode::Char('n' | 'q') | KeyCode::Esc => close_overlay(state),
        _ => Vec::new(),
    }
}

fn press_in_recover(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Char('y') | KeyCode::Enter => {
            if let Some(Overlay::Recover(kept)) = state.overlays.pop() {
                let knobs = kept.knobs(&state.session);
                let label = tr!("recovered changes", "恢复的改动");
                state.session.adopt(knobs, label);
                state.set_message(&tr!("unsaved changes restored", "已恢复未保存的改动"));
            }
            Vec::new()
        }
        KeyCode::Char('n') => {
            state.overlays.pop();
            vec![Effect::Forget]
        }
        KeyCode::Char('q') | KeyCode::Esc => close_overlay(state),
        _ => Vec::new(),
    }
}

/// Scrolls or closes an overlay that only shows text; the keys of the screens close it too.
fn press_in_text(state: &mut State, key: KeyEvent, action: Option<Action>) -> Vec<Effect> {
    match (key.code, action) {
        (KeyCode::Esc | KeyCode::Char('q' | '?') | KeyCode::Enter, _) => close_overlay(state),
        (_, Some(Action::Down)) => move_cursor(state, List::Help, 1),
        (_, Some(Action::Up)) => move_cursor(state, List::Help, -1),
        (_, Some(action)) if action.screen().is_some() => {
            state.overlays.pop();
            update(state, action)
        }
        _ => Vec::new(),
    }
}

/// The editing command of a key, after readline.
fn edit_request(key: &KeyEvent) -> Option<InputRequest> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match (key.code, ctrl) {
        (KeyCode::Backspace, false) | (KeyCode::Char('h'), true) => InputRequest::DeletePrevChar,
        (KeyCode::Delete, _) => InputRequest::DeleteNextChar,
        (KeyCode::Left, true) => InputRequest::GoToPrevWord,
        (KeyCode::Right, true) => InputRequest::GoToNextWord,
        (KeyCode::Left, false) => InputRequest::GoToPrevChar,
        (KeyCode::Right, false) => InputRequest::GoToNextChar,
        (KeyCode::Home, _) | (KeyCode::Char('a'), true) => InputRequest::GoToStart,
        (KeyCode::End, _) | (KeyCode::Char('e'), true) => InputRequest::GoToEnd,
        (KeyCode::Char('w'), true) | (KeyCode::Backspace, true) => InputRequest::DeletePrevWord,
        (KeyCode::Char('u'), true) => InputRequest::DeleteLine,
        (KeyCode::Char('k'), true) => InputRequest::DeleteTillEnd,
        (KeyCode::Char(c), false) => InputRequest::InsertChar(c),
        _ => return None,
    })
}
