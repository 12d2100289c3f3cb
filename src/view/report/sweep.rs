//! One input swept over its range.

use super::{SweepLine, SweepSection};
use crate::eval::{InputId, Plan, Sweep};
use crate::lang::Lang;
use crate::tr;
use crate::view::figure;

/// Builds the view of a sweep: one line per candidate, one sentence per change of the first candidate.
#[must_use]
pub fn sweep_section(plan: &Plan<'_>, input: InputId, sweep: &Sweep, lang: Lang) -> SweepSection {
    let node = &plan.graph.nodes[input.node];
    let name = |c: usize| plan.decision.candidates[c].name.get(lang).to_owned();
    let lines = plan
        .decision
        .candidates
        .iter()
        .zip(&sweep.scores)
        .map(|(candidate, scores)| SweepLine {
            name: candidate.name.get(lang).to_owned(),
            scores: scores.iter().map(|&s| figure::json(s)).collect(),
        });
    let title = node.title.get(lang);
    let mut sentences = Vec::new();
    for i in 1..sweep.at.len() {
        let (before, after) = (sweep.leader(i - 1), sweep.leader(i));
        if before == after {
            continue;
        }
        let at =
            [sweep.at[i - 1], sweep.at[i]].map(|x| figure::of_node(plan.decision, node, x, lang));
        let [low, high] = &at;
        let from = before.map_or_else(|| tr!("no candidate", "无人").get(lang).to_owned(), name);
        let to = after.map_or_else(|| tr!("no candidate", "无人").get(lang).to_owned(), name);
        let sentence = tr!(
            "{title}: between {low} and {high} the first place goes from {from} to {to}.",
            "{title}：在 {low} 与 {high} 之间，首位由 {from} 变为 {to}。"
        );
        sentences.push(sentence.get(lang).to_owned());
    }
    if sentences.is_empty()
        && let (Some(low), Some(high), Some(leader)) =
            (sweep.at.first(), sweep.at.last(), sweep.leader(0))
    {
        let [low, high] = [*low, *high].map(|x| figure::of_node(plan.decision, node, x, lang));
        let first = name(leader);
        let sentence = tr!(
            "{title}: from {low} to {high} {first} stays first.",
            "{title}：从 {low} 到 {high}，{first} 始终居首。"
        );
        sentences.push(sentence.get(lang).to_owned());
    }
    SweepSection {
        title: title.to_owned(),
        unit: crate::view::unit::heading(node.unit.suffix(), lang),
        present: node.unit.of_base(plan.point[input.node].of(0)),
        at: sweep.at.iter().map(|&x| node.unit.of_base(x)).collect(),
        lines: lines.collect(),
        sentences,
    }
}
