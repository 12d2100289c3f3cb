//! Changes of weights and inputs, and going back over them.

use super::Effect;
use super::prompt::open_prompt;
use super::standings::{current_standings, describe_changes};
use super::step::next_value;
use crate::lang::Text;
use crate::session::Turn;
use crate::tr;
use crate::tui::state::{List, PromptKind, State};
use crate::view::explore::knob::Knob;

/// The right end of the weight sliders.
pub(in crate::tui) fn max_points(state: &State) -> f64 {
    let declared = state.session.declared().points.iter();
    let points = declared.chain(&state.session.knobs().points);
    points.copied().fold(crate::session::MOST_POINTS, f64::max)
}

/// Applies a change and says what it did to the ranking.
pub(super) fn apply_turn(state: &mut State, turn: Turn) -> Vec<Effect> {
    let standings = current_standings(state);
    let points_before = match turn {
        Turn::Points(k, _) => state.session.knobs().points.get(k).copied(),
        _ => None,
    };
    if let Err(why) = state.session.turn(turn.clone()) {
        state.set_message(&why);
        return Vec::new();
    }
    let mut message = describe_turn(state, &turn, points_before.unwrap_or(0.0));
    message.push(&describe_changes(state, &standings));
    state.set_message(&message);
    Vec::new()
}

/// Describes a change that was just applied: `Team fit 25 -> 26`.
fn describe_turn(state: &State, turn: &Turn, points_before: f64) -> Text {
    match turn {
        Turn::Points(k, _) => {
            let criterion = state.views.board.criteria.get(*k);
            let title = criterion.map_or("", |c| c.title.as_str());
            let now = state.session.knobs().points[*k];
            Text::name(format!("{title} {points_before} -> {now}"))
        }
        Turn::Set(name, value) => {
            let knob = state.views.knobs.iter().find(|knob| knob.name == *name);
            let title = knob.map_or(name.as_str(), |knob| knob.title.as_str());
            let value = value.map_or_else(
                || tr!("as declared", "按声明"),
                |value| Text::name(state.session.model().format_value(name, value)),
            );
            tr!("{title} -> {value}", "{title} -> {value}")
        }
        Turn::Lock(_) => tr!("lock", "锁定"),
        Turn::Shares(_) => tr!("weights adopted", "已采用权重"),
    }
}

/// Undoes the last step.
pub(super) fn undo(state: &mut State) -> Vec<Effect> {
    let standings = current_standings(state);
    if let Some(step) = state.session.undo() {
        let changes = describe_changes(state, &standings);
        state.set_message(&tr!("undone: {step}{changes}", "已撤销：{step}{changes}"));
    }
    Vec::new()
}

/// Applies the last undone step again.
pub(super) fn redo(state: &mut State) -> Vec<Effect> {
    let standings = current_standings(state);
    if let Some(step) = state.session.redo() {
        let changes = describe_changes(state, &standings);
        state.set_message(&tr!("redone: {step}{changes}", "已重做：{step}{changes}"));
    }
    Vec::new()
}

fn selected_knob(state: &State) -> Option<&Knob> {
    state.views.knobs.get(state.cursor(List::Knobs))
}

/// Changes the weight under the cursor by some points.
pub(super) fn change_weight(state: &mut State, by: f64) -> Vec<Effect> {
    let k = state.cursor(List::Weights);
    let points = state.session.knobs().points.get(k).copied();
    points.map_or_else(Vec::new, |points| {
        apply_turn(state, Turn::Points(k, points + by))
    })
}

/// Moves the input under the cursor by some steps; a switch goes on or off.
pub(super) fn change_input(state: &mut State, by: f64) -> Vec<Effect> {
    let Some(knob) = selected_knob(state) else {
        return Vec::new();
    };
    let value = if knob.flag {
        f64::from(u8::from(by > 0.0))
    } else {
        next_value(knob, by)
    };
    let turn = Turn::Set(knob.name.clone(), Some(value));
    apply_turn(state, turn)
}

/// Gives the weight or input under the cursor the value of the files.
pub(super) fn reset_value(state: &mut State) -> Vec<Effect> {
    let turn = if state.list() == List::Knobs {
        selected_knob(state).map(|knob| Turn::Set(knob.name.clone(), None))
    } else {
        let k = state.cursor(List::Weights);
        let points = state.session.declared().points.get(k);
        points.map(|&points| Turn::Points(k, points))
    };
    turn.map_or_else(Vec::new, |turn| apply_turn(state, turn))
}

/// Asks for the value under the cursor; flips a switch.
pub(super) fn ask_value(state: &mut State) -> Vec<Effect> {
    if state.list() != List::Knobs {
        let k = state.cursor(List::Weights);
        return open_prompt(state, PromptKind::Points(k));
    }
    let Some(knob) = selected_knob(state) else {
        return Vec::new();
    };
    if knob.flag {
        let turn = Turn::Set(knob.name.clone(), Some(1.0 - knob.value));
        return apply_turn(state, turn);
    }
    let name = knob.name.clone();
    open_prompt(state, PromptKind::Knob(name))
}
