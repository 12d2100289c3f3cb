//! The inputs of a decision: every leaf of its graph, with what is known about its value.

use crate::graph::Compute;
use crate::model::decision::Decision;
use crate::model::evidence::{Fact, FactValue};

/// Identifies a leaf: its node and, for a fact, the candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InputId {
    /// Index of its node in the graph.
    pub node: usize,
    /// The candidate whose fact it is; `None` for an input that all candidates share.
    pub candidate: Option<usize>,
}

/// What is known about a leaf.
#[derive(Clone, Copy, Debug)]
pub enum Leaf<'a> {
    /// A fact, an input, a value of a team member.
    Fact(&'a Fact),
    /// A number that is given: the decision's day, a requirement met or not.
    Given(f64),
    /// No file gives a value.
    Nothing,
}

impl Leaf<'_> {
    /// Returns the point estimate; NaN if it is missing.
    #[must_use]
    pub fn point(&self) -> f64 {
        match self {
            Self::Fact(fact) => fact.value.point(),
            Self::Given(x) => *x,
            Self::Nothing => f64::NAN,
        }
    }

    /// Returns whether samples differ.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        matches!(self, Self::Fact(fact) if fact.value.is_uncertain())
    }

    /// Returns whether it is a number from a file, which a sweep may replace.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Fact(fact) if matches!(fact.value, FactValue::Number(_) | FactValue::Combined { .. }))
    }
}

/// Returns the leaf behind a node for a candidate (any candidate, if the node is shared).
pub(super) fn leaf<'a>(decision: &'a Decision, compute: &Compute, candidate: usize) -> Leaf<'a> {
    match compute {
        Compute::Fact(measure) => decision.candidates[candidate]
            .facts
            .get(measure.as_str())
            .map_or(Leaf::Nothing, Leaf::Fact),
        Compute::Applies { measure, part } => {
            let own = &decision.candidates[candidate];
            let parts = &own.basic_parts;
            let part = part.and_then(|place| parts.get(place).filter(|_| parts.len() > 1));
            let facts = part.map_or(&own.facts, |part| &decision.parts[part].facts);
            let fact = facts.get(measure.as_str());
            let applies = fact.is_none_or(|fact| !fact.value.is_not_applicable());
            Leaf::Given(f64::from(u8::from(applies)))
        }
        Compute::Context(name) => shared_leaf(decision, name),
        Compute::Requirements => Leaf::Given(if decision.candidates[candidate].unmet.is_empty() {
            1.0
        } else {
            0.0
        }),
        Compute::PartFact { part, measure } => decision.parts[part]
            .facts
            .get(measure.as_str())
            .map_or(Leaf::Nothing, Leaf::Fact),
        Compute::HasPart(place) => {
            let parts = decision.candidates[candidate].basic_parts.len().max(1);
            Leaf::Given(f64::from(u8::from(*place < parts)))
        }
        Compute::Formula(_) | Compute::Fork { .. } | Compute::OfPart { .. } | Compute::Group => {
            Leaf::Nothing
        }
    }
}

/// Returns the leaf behind an input or a value of a team member.
#[must_use]
pub fn shared_leaf<'a>(decision: &'a Decision, name: &str) -> Leaf<'a> {
    if let Some(fact) = decision.context.get(name) {
        return Leaf::Fact(fact);
    }
    if name == "today" {
        return Leaf::Given(decision.as_of.seconds());
    }
    let Some((team, rest)) = decision.team.as_ref().zip(name.strip_prefix("team.")) else {
        return Leaf::Nothing;
    };
    let hit = team.members.iter().find_map(|m| {
        rest.strip_prefix(m.id.as_str())?
            .strip_prefix('.')
            .map(|field| (m, field))
    });
    let Some((member, field)) = hit else {
        return Leaf::Nothing;
    };
    match field {
        "share" => Leaf::Fact(&member.share),
        "count" => Leaf::Fact(&member.count),
        other => other
            .strip_prefix("skill.")
            .and_then(|s| member.skill.get(s))
            .map_or(Leaf::Nothing, Leaf::Fact),
    }
}
