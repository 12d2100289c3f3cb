//! Facts of one candidate that cannot all be true: each rule of `consistency:` is evaluated for every candidate as a gate would be.
//!
//! A rule is skipped unless all its facts are known.

use crate::diagnostic::Diagnostics;
use crate::eval::Plan;
use crate::graph::{self, Compute};
use crate::lang::Text;
use crate::model::catalog::Catalog;
use crate::model::decision::Decision;
use crate::model::library::{Gate, GateAction, Library, Screen};
use crate::quantity::date::Date;

/// A rule that a candidate's facts break.
#[derive(Clone, Debug, PartialEq)]
pub struct Contradiction {
    /// The candidate in the catalog.
    pub entry: usize,
    /// The message.
    pub otherwise: Text,
    /// The facts that the rule uses.
    pub facts: Vec<String>,
}

/// Evaluates every rule for every candidate on a day; a rule that cannot be parsed is reported to the sink.
#[must_use]
pub fn contradictions(
    catalog: &Catalog,
    today: Date,
    sink: &mut Diagnostics,
) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for (id, rule) in &catalog.library.consistency {
        let gate = Gate {
            title: rule.otherwise.clone(),
            about: None,
            ask: rule.ask.clone(),
            action: GateAction::Screen(Screen {
                when: false,
                reason: rule.otherwise.clone(),
                at_least: Screen::USUAL_SHARE,
            }),
            source: None,
            span: rule.span,
        };
        let mut decision = Decision::of_library(Library {
            gates: [(id.clone(), gate)].into(),
            ..catalog.library.clone()
        });
        decision.as_of = today;
        decision.goals.clear();
        decision.gates = vec![id.clone()];
        decision.candidates = catalog
            .entries
            .iter()
            .map(|entry| entry.candidate.clone())
            .collect();
        let mut own = Diagnostics::default();
        let graph = graph::compile(&decision, &mut own);
        sink.append(own);
        let Some(graph) = graph else { continue };
        let plan = Plan::new(&decision, &graph);
        let Some(slot) = graph.gates.iter().find(|slot| slot.id == *id) else {
            continue;
        };
        let fact = |n: &usize| match &graph.nodes[*n].compute {
            Compute::Fact(name) => Some(name.clone()),
            _ => None,
        };
        let facts: Vec<String> = graph.rests_on(slot.node).iter().filter_map(fact).collect();
        let broken = (0..catalog.entries.len()).filter(|&c| plan.point[slot.node].of(c) == 0.0);
        found.extend(broken.map(|entry| Contradiction {
            entry,
            otherwise: rule.otherwise.clone(),
            facts: facts.clone(),
        }));
    }
    found.sort_by_key(|c| c.entry);
    found
}
