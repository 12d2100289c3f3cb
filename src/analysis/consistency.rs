//! Facts of one candidate that cannot all be true: each rule of `consistency:` is asked of every candidate as a gate would be.
//!
//! A rule whose facts are not all known says nothing.

use crate::diagnostic::Diagnostics;
use crate::eval::Plan;
use crate::graph::{self, Compute};
use crate::lang::Text;
use crate::model::catalog::Catalog;
use crate::model::decision::Decision;
use crate::model::library::{Gate, GateAction, Library};
use crate::quantity::date::Date;

/// A rule that a candidate's facts break.
#[derive(Clone, Debug, PartialEq)]
pub struct Contradiction {
    /// Which candidate of the catalog.
    pub entry: usize,
    /// What is said of it.
    pub otherwise: Text,
    /// The facts that the rule rests on.
    pub facts: Vec<String>,
}

/// Asks every rule of every candidate on a day; a rule that cannot be read goes to the sink.
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
            action: GateAction::Screen {
                when: false,
                reason: rule.otherwise.clone(),
            },
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
        // Staleness is told once for each fact, not once for each rule.
        sink.append(own.without(crate::diagnostic::Code::StaleFact));
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
