//! Who stands where, before and after a turn.

use crate::tui::state::State;
use crate::view::explore::board;
use crate::view::figure;

/// The candidates, best first, under the knobs as they stand, and by how much the first leads.
pub(super) struct Places {
    order: Vec<usize>,
    lead: Option<f64>,
}

pub(super) fn places(state: &State) -> Places {
    state.session.plan(|plan| {
        let evaluation = plan.evaluate();
        let order = board::order(&evaluation);
        let score = |at: usize| order.get(at).and_then(|&c| evaluation.rows[c].score);
        let lead = score(0).zip(score(1)).map(|(first, second)| first - second);
        Places { order, lead }
    })
}

/// `; Gin 2 -> 1`: the candidates whose place changed; without any, what became of the first one's lead.
pub(super) fn moved(state: &State, before: &Places) -> String {
    let now = places(state);
    let place = |all: &[usize], c: usize| all.iter().position(|x| *x == c).map(|i| i + 1);
    let mut words = Vec::new();
    for (at, &c) in now.order.iter().enumerate() {
        match place(&before.order, c) {
            Some(was) if was == at + 1 => {}
            Some(was) => words.push(format!("{} {was} -> {}", state.name(c), at + 1)),
            None => words.push(format!("{} ? -> {}", state.name(c), at + 1)),
        }
    }
    words.truncate(3);
    if !words.is_empty() {
        return format!("; {}", words.join(", "));
    }
    let still = state
        .lang
        .pick("; no rank changed", "；名次未变")
        .to_owned();
    let shown = |lead: Option<f64>| lead.map(figure::score);
    match (shown(before.lead), shown(now.lead)) {
        (Some(was), Some(is)) if was != is => format!(
            "{still}{}{was} -> {is}",
            state.lang.pick(", lead ", "，领先 ")
        ),
        _ => still,
    }
}
