//! Opening overlays, and what becomes of a line that was typed.

use tui_input::Input;

use super::Effect;
use super::knobs::apply_turn;
use crate::session::Turn;
use crate::tr;
use crate::tui::state::{List, Overlay, PromptKind, State};

/// Puts an overlay on top, scrolled to its first row.
pub(super) fn push_overlay(state: &mut State, overlay: Overlay) -> Vec<Effect> {
    state.set_cursor(List::Help, 0);
    state.set_cursor(List::Palette, 0);
    state.overlays.push(overlay);
    Vec::new()
}

/// Opens a prompt for a line of text.
pub(super) fn open_prompt(state: &mut State, kind: PromptKind) -> Vec<Effect> {
    push_overlay(state, Overlay::Prompt(kind, Input::default()))
}

/// Closes the prompt and acts on what was typed.
pub(super) fn submit(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Prompt(kind, input)) = state.overlays.pop() else {
        return Vec::new();
    };
    let value = input.value().trim();
    match kind {
        PromptKind::Filter => {
            value.clone_into(&mut state.filter);
            Vec::new()
        }
        PromptKind::Points(k) => submit_number(state, value, |points| Turn::Points(k, points)),
        PromptKind::Knob(name) => {
            let knob = state.views.knobs.iter().find(|knob| knob.name == name);
            let factor = knob.map_or(1.0, |knob| knob.factor);
            submit_number(state, value, |figure| {
                Turn::Set(name, Some(figure * factor))
            })
        }
        PromptKind::Scenario => submit_name(state, value, |name| vec![Effect::SaveScenario(name)]),
        PromptKind::Report => submit_name(state, value, |name| {
            vec![Effect::SaveScenario(name), Effect::Report]
        }),
        PromptKind::Profile => submit_name(state, value, |name| vec![Effect::SaveProfile(name)]),
    }
}

/// Reads a number, with or without commas between thousands, and applies the change it stands for.
fn submit_number(state: &mut State, typed: &str, turn: impl FnOnce(f64) -> Turn) -> Vec<Effect> {
    let number = typed.replace(',', "").parse::<f64>();
    match number {
        Ok(number) if number.is_finite() => apply_turn(state, turn(number)),
        _ => {
            state.set_message(&tr!("`{typed}` is not a number", "`{typed}` 不是数字"));
            Vec::new()
        }
    }
}

/// Takes the typed name, or the proposed one if none was typed; refuses what would not be a plain file name.
fn submit_name(
    state: &mut State,
    typed: &str,
    effects: impl FnOnce(String) -> Vec<Effect>,
) -> Vec<Effect> {
    let name = if typed.is_empty() {
        state.proposed_name()
    } else {
        typed.to_owned()
    };
    let is_plain = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if is_plain {
        return effects(name);
    }
    state.set_message(&tr!(
        "a name may contain letters, digits, - and _",
        "名称只能包含字母、数字、- 与 _"
    ));
    Vec::new()
}
