//! The domain in which an input is searched: the range that its author declared, else its support, else a tenth to ten times its value.

use crate::eval::{InputId, Leaf, Plan};
use crate::model::evidence::{Fact, FactValue};
use crate::quantity::distribution::Distribution;

/// Where a domain comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DomainOrigin {
    /// The author of the input: a `range`, or a value written as a range.
    Declared,
    /// An assumption: a tenth to ten times the value, or from zero to one unit if it is zero.
    Assumed,
}

/// The ends of a search, base units; the present value lies between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Domain {
    /// The low end.
    pub low: f64,
    /// The high end.
    pub high: f64,
    /// Where it comes from.
    pub origin: DomainOrigin,
}

/// The domain of an input.
///
/// No range was declared where a value is certain, stale, measured in repetitions, or has unbounded tails: then it is
/// searched from 0.1 to 10 times its point, in its own sign. Zero is searched up to one of its unit. A ratio, percentage or
/// working share between 0 and 1 goes no higher than 1.
#[must_use]
pub fn domain(plan: &Plan<'_>, input: InputId) -> Domain {
    let leaf = plan.leaf(input.node, input.candidate.unwrap_or(0));
    let point = leaf.point();
    let declared = match leaf {
        Leaf::Fact(fact) => declared(fact),
        _ => None,
    };
    if let Some((low, high)) = declared {
        return Domain {
            low: low.min(point),
            high: high.max(point),
            origin: DomainOrigin::Declared,
        };
    }
    let unit = &plan.graph.nodes[input.node].unit;
    let (mut low, mut high) = match point {
        x if x > 0.0 => (0.1 * x, 10.0 * x),
        x if x < 0.0 => (10.0 * x, 0.1 * x),
        _ => (
            0.0,
            unit.to_base(if unit.name() == "%" { 100.0 } else { 1.0 }),
        ),
    };
    let id = &plan.graph.nodes[input.node].id;
    let is_part = matches!(unit.name(), "%" | "percent" | "ratio")
        || (id.starts_with("team.") && id.ends_with(".share"));
    if is_part && (0.0..=1.0).contains(&point) {
        high = high.min(1.0);
    }
    // Ten times a number near `f64::MAX` overflows.
    (low, high) = (low.max(f64::MIN), high.min(f64::MAX));
    // Observed values lie inside, however wide they spread.
    if let Leaf::Fact(Fact {
        value: FactValue::Number(seen),
        ..
    }) = leaf
    {
        let (least, most) = seen.support();
        (low, high) = (low.min(least), high.max(most));
    }
    Domain {
        low,
        high,
        origin: DomainOrigin::Assumed,
    }
}

fn declared(fact: &Fact) -> Option<(f64, f64)> {
    let written = match &fact.value {
        // A stale fact was widened by the program, not by its author.
        _ if fact.stale => None,
        FactValue::Number(
            d @ (Distribution::Uniform { .. }
            | Distribution::Triangular { .. }
            | Distribution::Pert { .. }
            | Distribution::Beta { .. }
            | Distribution::Discrete(_)),
        ) => Some(d.support()),
        _ => None,
    };
    fact.domain.or(written).filter(|(low, high)| low < high)
}

/// The 5 % and 95 % quantile of an uncertain input, else the ends of its domain. The parts of a whole all sit at their own quantile.
#[must_use]
pub fn usual(plan: &Plan<'_>, input: InputId, domain: Domain) -> (f64, f64) {
    let leaf = plan.leaf(input.node, input.candidate.unwrap_or(0));
    match leaf {
        Leaf::Fact(fact) if leaf.is_uncertain() => (quantile(fact, 0.05), quantile(fact, 0.95)),
        _ => (domain.low, domain.high),
    }
}

fn quantile(fact: &Fact, p: f64) -> f64 {
    match &fact.value {
        FactValue::Number(d) => d.quantile(p),
        FactValue::Combined { rule, parts } => {
            rule.combine(parts.iter().map(|(_, part)| quantile(part, p)))
        }
        other => other.point(),
    }
}
