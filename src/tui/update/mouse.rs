//! Clicks and drags on what the last frame drew.

use ratatui::layout::Position;

use super::knobs::{apply_turn, max_points};
use super::step::round_to_two_digits;
use super::{Effect, update};
use crate::session::Turn;
use crate::tui::state::{List, State};
use crate::tui::widget::{ClickTarget, Hit};

/// Handles a press or a drag at a position of the terminal.
pub(super) fn click(state: &mut State, x: u16, y: u16) -> Vec<Effect> {
    let position = Position { x, y };
    let mut hits = state.hits.iter().rev();
    let Some(&hit) = hits.find(|hit| hit.area.contains(position)) else {
        return Vec::new();
    };
    match hit.target {
        ClickTarget::Tab(screen) => update(state, screen.action()),
        ClickTarget::Row(list, at) => {
            select_row(state, list, at);
            Vec::new()
        }
        ClickTarget::Slider(list, at) => {
            select_row(state, list, at);
            move_slider(state, hit, x, list, at)
        }
    }
}

/// Focuses the pane of a list and moves its cursor.
fn select_row(state: &mut State, list: List, at: usize) {
    if let Some(pane) = state.screen.lists().iter().position(|own| *own == list) {
        state.set_pane(pane);
    }
    state.set_cursor(list, at);
}

fn move_slider(state: &mut State, hit: Hit, x: u16, list: List, at: usize) -> Vec<Effect> {
    let steps = hit.area.width.saturating_sub(1).max(1);
    let part = f64::from(x - hit.area.x) / f64::from(steps);
    if list == List::Weights {
        let points = (part * max_points(state)).round();
        return apply_turn(state, Turn::Points(at, points));
    }
    let Some(knob) = state.views.knobs.get(at) else {
        return Vec::new();
    };
    let value = knob.range.0 + part * (knob.range.1 - knob.range.0);
    let turn = Turn::Set(knob.name.clone(), Some(round_to_two_digits(knob, value)));
    apply_turn(state, turn)
}
