//! Facts past their `expires` date that could turn the winner.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::eval::{Evaluation, Leaf, Plan, Status};
use crate::graph::{Compute, DecisionGraph};
use crate::lang::Text;
use crate::model::decision::Decision;
use crate::quantity::date::Date;
use crate::source::Span;
use crate::tr;

/// Facts that the summary names; it counts the rest.
const NAMED: usize = 3;

/// A fact past its `expires` date.
#[derive(Clone, Debug, PartialEq)]
pub struct StaleFact {
    /// Index of the candidate; `None` for an input or a value of a team member.
    pub candidate: Option<usize>,
    /// The measure or input.
    pub measure: String,
    /// `None` for a fact combined from parts.
    pub expired: Option<Date>,
    pub span: Span,
}

/// The stale facts that a decision uses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Staleness {
    /// Those that could turn the winner, most influential first.
    pub could_turn: Vec<StaleFact>,
    /// Those that could not.
    pub others: Vec<StaleFact>,
}

/// Returns the stale facts that a decision uses.
///
/// A fact could turn the winner if its candidate would change places with the first once every criterion that rests on the fact
/// had its best value (its worst, for a fact of the first), or if a gate of the first candidate or of one without a rank rests on it.
#[must_use]
pub fn staleness(plan: &Plan<'_>) -> Staleness {
    let evaluation = plan.evaluate();
    let order = super::standing::order(&evaluation);
    let mut found: Vec<(f64, StaleFact)> = Vec::new();
    for (node, facts) in stale_facts(plan.decision, plan.graph) {
        let affected = plan.graph.affected(&[node]);
        found.extend(facts.into_iter().map(|fact| {
            let excess = match fact.candidate {
                Some(c) => excess(plan, &evaluation, &order, &affected, c),
                None => excess_of_all(plan, &evaluation, &order, &affected),
            };
            (excess, fact)
        }));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (could_turn, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(excess, _)| *excess >= 0.0);
    let facts = |all: Vec<(f64, StaleFact)>| all.into_iter().map(|(_, fact)| fact).collect();
    Staleness {
        could_turn: facts(could_turn),
        others: facts(others),
    }
}

/// Returns the stale facts of every node that holds facts.
fn stale_facts(decision: &Decision, graph: &DecisionGraph) -> Vec<(usize, Vec<StaleFact>)> {
    let of_node = |measure: &String| {
        let candidates = decision.candidates.iter().enumerate();
        let stale = candidates.filter_map(|(candidate, c)| {
            let fact = c.facts.get(measure.as_str()).filter(|f| f.stale)?;
            Some(StaleFact {
                candidate: Some(candidate),
                measure: measure.clone(),
                expired: fact.provenance.expires,
                span: fact.span,
            })
        });
        stale.collect()
    };
    let of_part = |part: &String, measure: &String| {
        let fact = decision.parts[part].facts.get(measure.as_str());
        let Some(fact) = fact.filter(|f| f.stale) else {
            return Vec::new();
        };
        let candidates = decision.candidates.iter().enumerate();
        candidates
            .filter(|(_, c)| c.contains_part(part))
            .map(|(candidate, _)| StaleFact {
                candidate: Some(candidate),
                measure: measure.clone(),
                expired: fact.provenance.expires,
                span: fact.span,
            })
            .collect()
    };
    let shared = |name: &String| {
        let Leaf::Fact(fact) = crate::eval::shared_leaf(decision, name) else {
            return None;
        };
        fact.stale.then(|| StaleFact {
            candidate: None,
            measure: name.clone(),
            expired: fact.provenance.expires,
            span: fact.span,
        })
    };
    let nodes = graph.nodes.iter().enumerate();
    nodes
        .filter_map(|(node, n)| match &n.compute {
            Compute::Fact(measure) => Some((node, of_node(measure))),
            Compute::PartFact { part, measure } => Some((node, of_part(part, measure))),
            Compute::Context(name) => Some((node, shared(name).into_iter().collect())),
            _ => None,
        })
        .collect()
}

/// Returns by how much an input of all candidates can move one of them beyond the place where the winner turns.
fn excess_of_all(
    plan: &Plan<'_>,
    evaluation: &Evaluation,
    order: &[usize],
    affected: &[usize],
) -> f64 {
    let one = |c: usize| excess(plan, evaluation, order, affected, c);
    (0..plan.candidates())
        .map(one)
        .fold(f64::NEG_INFINITY, f64::max)
}

/// Returns by how much a fact can move its candidate beyond the place where the winner turns; negative if it cannot turn it.
fn excess(
    plan: &Plan<'_>,
    evaluation: &Evaluation,
    order: &[usize],
    affected: &[usize],
    candidate: usize,
) -> f64 {
    let Some(&first) = order.first() else {
        return f64::NEG_INFINITY;
    };
    let row = &evaluation.rows[candidate];
    let gated = plan
        .graph
        .gates
        .iter()
        .any(|gate| gate.screen.is_some() && affected.contains(&gate.node));
    if gated && (candidate == first || row.status != Status::Ranked) {
        return 0.0;
    }
    let reach: f64 = plan
        .graph
        .criteria
        .iter()
        .enumerate()
        .filter(|(_, criterion)| affected.contains(&criterion.node))
        .map(|(k, criterion)| {
            let value = row.values[k];
            let room = match (value.is_nan(), candidate == first) {
                (true, _) => 1.0,
                (false, true) => value,
                (false, false) => 1.0 - value,
            };
            criterion.share * room
        })
        .sum();
    if reach <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let score = |c: usize| evaluation.rows[c].score;
    let lead = if candidate == first {
        match order.get(1) {
            Some(&second) => score(first).zip(score(second)).map(|(a, b)| a - b),
            None => Some(f64::INFINITY),
        }
    } else {
        score(first).zip(score(candidate)).map(|(a, b)| a - b)
    };
    // A candidate without a score might come anywhere.
    lead.map_or(0.0, |lead| reach - lead)
}

/// Reports the stale facts that could turn the winner, in one warning of one line; nothing if there are none. The plan is made,
/// and its draws with it, only where a fact is stale.
pub fn report<'p>(decision: &Decision, plan: impl FnOnce() -> Plan<'p>, sink: &mut Diagnostics) {
    let of_candidates = decision.candidates.iter().flat_map(|c| c.facts.values());
    let of_team = decision.team.iter().flat_map(|team| &team.members);
    let of_team = of_team.flat_map(|m| [&m.count, &m.share].into_iter().chain(m.skill.values()));
    let mut facts = of_candidates
        .chain(of_team)
        .chain(decision.context.values());
    if facts.any(|fact| fact.stale)
        && let Some(diagnostic) = summary(decision, &staleness(&plan()))
    {
        sink.push(diagnostic);
    }
}

fn summary(decision: &Decision, found: &Staleness) -> Option<Diagnostic> {
    if found.could_turn.is_empty() {
        return None;
    }
    let named = found.could_turn.iter().take(NAMED).map(|fact| {
        let measure = &fact.measure;
        let Some(candidate) = fact.candidate else {
            return match fact.expired {
                Some(day) => tr!("`{measure}` ({day})", "`{measure}`（{day}）"),
                None => tr!("`{measure}`", "`{measure}`"),
            };
        };
        let id = &decision.candidates[candidate].id;
        match fact.expired {
            Some(day) => tr!(
                "`{measure}` of `{id}` ({day})",
                "`{id}` 的 `{measure}`（{day}）"
            ),
            None => tr!("`{measure}` of `{id}`", "`{id}` 的 `{measure}`"),
        }
    });
    let named = Text::list(&named.collect::<Vec<_>>());
    let mut message = tr!(
        "facts past their date that could change the winner: {named}",
        "可能改变首选的过期事实：{named}"
    );
    let more = found.could_turn.len().saturating_sub(NAMED);
    if more > 0 {
        message.push(&tr!(" and {more} more", " 等，另有 {more} 项"));
    }
    let others = found.others.len();
    if others > 0 {
        message.push(&tr!(
            "; {others} others could not",
            "；其余 {others} 项不影响首选"
        ));
    }
    message.push(&tr!(
        ": `weigh catalog check`",
        "：`weigh catalog check` 可逐项查看"
    ));
    Some(Diagnostic {
        code: Code::StaleFact,
        span: None,
        file: None,
        message,
        labels: Vec::new(),
        hint: None,
    })
}

/// Reports every stale fact that a decision uses, each at its place.
pub fn report_each(decision: &Decision, graph: &DecisionGraph, sink: &mut Diagnostics) {
    for fact in stale_facts(decision, graph)
        .into_iter()
        .flat_map(|(_, facts)| facts)
    {
        let Some(day) = fact.expired else { continue };
        let measure = &fact.measure;
        let id = fact.candidate.map(|c| &decision.candidates[c].id);
        let message = match id {
            None => tr!(
                "`{measure}` expired on {day}",
                "`{measure}` 已于 {day} 过期"
            ),
            Some(id) => tr!(
                "`{measure}` of `{id}` expired on {day}",
                "`{id}` 的 `{measure}` 已于 {day} 过期"
            ),
        };
        let hint = tr!(
            "look it up again, then write the new `as_of` and `expires`",
            "请重新查证，并更新 `as_of` 与 `expires`"
        );
        sink.push(Diagnostic::new(Code::StaleFact, fact.span, message).hint(hint));
    }
}
