//! Moving through lists, candidates, criteria and the graph, and opening what is under the cursor.

use super::knobs::{ask_value, change_input, change_weight};
use super::{Effect, update};
use crate::tui::action::Action;
use crate::tui::state::{List, Screen, State};

/// Moves the cursor of a list by some rows, not beyond its ends.
pub(super) fn move_cursor(state: &mut State, list: List, by: isize) -> Vec<Effect> {
    state.set_cursor(list, state.cursor(list).saturating_add_signed(by));
    state.session.end_drag();
    Vec::new()
}

/// Focuses the next pane of the screen, or the previous one.
pub(super) fn focus_pane(state: &mut State, forwards: bool) -> Vec<Effect> {
    let count = state.screen.lists().len();
    let step = if forwards { 1 } else { count - 1 };
    state.set_pane((state.pane() + step) % count);
    Vec::new()
}

/// Selects the candidate some ranks further down, not beyond the last.
pub(super) fn select_neighbour(state: &mut State, by: isize) -> Vec<Effect> {
    let order = state.ranking_order();
    let selected = state.selection.candidate;
    if let Some(at) = order.iter().position(|c| *c == selected) {
        let next = at.saturating_add_signed(by).min(order.len() - 1);
        state.selection.candidate = order[next];
    }
    Vec::new()
}

/// Compares with the next candidate of the ranking, round and round.
pub(super) fn select_next_rival(state: &mut State) -> Vec<Effect> {
    let order = state.ranking_order();
    let now = state
        .opponent()
        .and_then(|rival| order.iter().position(|c| *c == rival))
        .unwrap_or(0);
    let mut following = order.iter().cycle().skip(now + 1).take(order.len());
    state.selection.rival = following
        .find(|c| **c != state.selection.candidate)
        .copied();
    Vec::new()
}

/// Exchanges the two candidates of the comparison.
pub(super) fn swap_candidates(state: &mut State) -> Vec<Effect> {
    if let Some(rival) = state.opponent() {
        state.selection.rival = Some(state.selection.candidate);
        state.selection.candidate = rival;
    }
    Vec::new()
}

/// Puts the next criterion on an axis of the trade-off, skipping the one on the other axis.
pub(super) fn change_axis(state: &mut State, is_right: bool) -> Vec<Effect> {
    let count = state.views.board.criteria.len().max(1);
    let (right, up) = &mut state.selection.axes;
    let (axis, other) = if is_right { (right, up) } else { (up, right) };
    *axis = (*axis + 1) % count;
    if axis == other {
        *axis = (*axis + 1) % count;
    }
    Vec::new()
}

/// Left and right: less or more of a value, else to the side.
pub(super) fn move_sideways(state: &mut State, steps: i8) -> Vec<Effect> {
    let forwards = steps > 0;
    match state.list() {
        List::Weights | List::Places => return change_weight(state, f64::from(steps)),
        List::Knobs => return change_input(state, f64::from(steps)),
        List::Cells => {
            let last = state.views.matrix.criteria.len().saturating_sub(1);
            let next = state.selection.criterion;
            state.selection.criterion = next.saturating_add_signed(steps.into()).min(last);
        }
        List::Tree => {
            let branch = state.views.tree.get(state.cursor(List::Tree));
            if let Some(branch) = branch.filter(|branch| branch.open == Some(!forwards)) {
                let key = branch.key.clone();
                state.toggle_branch(&key);
            }
        }
        List::Nodes => {
            for _ in 0..steps.unsigned_abs() {
                let node = node_along_edge(state, forwards);
                state.set_cursor(List::Nodes, node);
            }
        }
        List::Spots
        | List::Bars
        | List::Ranges
        | List::Chances
        | List::Rows
        | List::Ranks
        | List::Facts
        | List::Problems
        | List::Palette
        | List::Help => {}
    }
    Vec::new()
}

/// The nearest node at the other end of an edge of the selected node; the selected node itself if it has no such edge.
fn node_along_edge(state: &State, forwards: bool) -> usize {
    let (layers, rows) = (&state.views.layers, &state.views.wiring.rows);
    let at = state.cursor(List::Nodes);
    let Some(own) = layers.nodes.get(at) else {
        return at;
    };
    let ends = if forwards { &own.used } else { &own.feeds };
    let distance = |n: &usize| {
        let columns = layers.nodes[*n].column.abs_diff(own.column);
        (columns, rows[*n].abs_diff(rows[at]))
    };
    ends.iter().copied().min_by_key(distance).unwrap_or(at)
}

/// Opens what is under the cursor.
pub(super) fn open_row(state: &mut State) -> Vec<Effect> {
    let list = state.list();
    let at = state.cursor(list);
    match list {
        List::Tree => {
            let branch = state.views.tree.get(at);
            if let Some(branch) = branch.filter(|branch| branch.open.is_some()) {
                let key = branch.key.clone();
                state.toggle_branch(&key);
            }
            Vec::new()
        }
        List::Knobs => ask_value(state),
        List::Bars => {
            let input = state.shown_bars().get(at).map(|bar| bar.input.clone());
            // Facts of a candidate are not among the inputs.
            if let Some(name) = input.filter(|name| !name.starts_with("candidates.")) {
                state.screen = Screen::WhatIf;
                state.filter = name;
                state.set_pane(0);
            }
            Vec::new()
        }
        List::Ranges => update(state, Action::Rank),
        List::Chances if state.central_weights().is_some() => update(state, Action::Adopt),
        List::Problems if at >= state.views.problems.len() => {
            let command = state.command_at(at - state.views.problems.len());
            command.map_or_else(Vec::new, |command| vec![Effect::Copy(command)])
        }
        List::Problems | List::Facts => update(state, Action::Edit),
        List::Weights
        | List::Places
        | List::Spots
        | List::Chances
        | List::Nodes
        | List::Rows
        | List::Ranks
        | List::Cells
        | List::Palette
        | List::Help => update(state, Action::Why),
    }
}
