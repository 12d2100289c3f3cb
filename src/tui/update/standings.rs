//! The ranking before and after a change.

use crate::lang::Text;
use crate::tr;
use crate::tui::state::State;
use crate::view::figure;

/// The most candidates that a message names.
const MAX_NAMED: usize = 3;

/// The candidates, best first, and the first one's lead over the second.
pub(super) struct Standings {
    order: Vec<usize>,
    lead: Option<f64>,
}

/// Evaluates the decision under the present knobs.
pub(super) fn current_standings(state: &State) -> Standings {
    let standing = state.session.standing();
    let order: Vec<usize> = standing.places().into_iter().map(|(c, _)| c).collect();
    let score = |at: usize| order.get(at).and_then(|&c| standing.expected(c));
    let lead = score(0).zip(score(1)).map(|(first, second)| first - second);
    Standings { order, lead }
}

/// Describes what changed since `before`: `; Gin 2 -> 1`, or what became of the lead if every rank is the same.
pub(super) fn describe_changes(state: &State, before: &Standings) -> Text {
    let now = current_standings(state);
    let rank_before = |c: usize| before.order.iter().position(|x| *x == c).map(|at| at + 1);
    let moves: Vec<String> = now
        .order
        .iter()
        .zip(1..)
        .filter_map(|(&c, rank)| match rank_before(c) {
            Some(was) if was == rank => None,
            Some(was) => Some(format!("{} {was} -> {rank}", state.candidate_name(c))),
            None => Some(format!("{} ? -> {rank}", state.candidate_name(c))),
        })
        .take(MAX_NAMED)
        .collect();
    if !moves.is_empty() {
        let moves = moves.join(", ");
        return tr!("; {moves}", "; {moves}");
    }
    let mut unchanged = tr!("; no rank changed", "；名次未变");
    let shown = |lead: Option<f64>| lead.map(figure::score);
    if let (Some(was), Some(is)) = (shown(before.lead), shown(now.lead))
        && was != is
    {
        unchanged.push(&tr!(", lead {was} -> {is}", "，领先 {was} -> {is}"));
    }
    unchanged
}
