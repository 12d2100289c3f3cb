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
/// A number that nobody called uncertain is searched from 0.1 to 10 times its point, in its own sign. Zero is searched up to one of its unit. A ratio, percentage or
/// working share between 0 and 1 goes no higher than 1.
#[must_use]
pub fn domain(plan: &Plan<'_>, input: InputId) -> Domain {
    let leaf = plan.leaf(input.node, input.candidate.unwrap_or(0));
    let point = leaf.point();
    if let Some(domain) = realistic(plan, input) {
        return domain;
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
    if plan.is_part(input) && (0.0..=1.0).contains(&point) {
        high = high.min(1.0);
    }
    // Ten times a number near `f64::MAX` overflows.
    (low, high) = (low.max(f64::MIN), high.min(f64::MAX));
    Domain {
        low,
        high,
        origin: DomainOrigin::Assumed,
    }
}

/// Where an input may really be: the range that its author declared or wrote, else the 5 to 95 % span of an uncertain value;
/// `None` for a number that nobody called uncertain.
#[must_use]
pub fn realistic(plan: &Plan<'_>, input: InputId) -> Option<Domain> {
    let leaf = plan.leaf(input.node, input.candidate.unwrap_or(0));
    let Leaf::Fact(fact) = leaf else { return None };
    let span = leaf
        .is_uncertain()
        .then(|| (quantile(fact, 0.05), quantile(fact, 0.95)));
    let (low, high) = declared(fact).or(span).filter(|(low, high)| low < high)?;
    let point = leaf.point();
    Some(Domain {
        low: low.min(point),
        high: high.max(point),
        origin: DomainOrigin::Declared,
    })
}

/// The inputs to vary with their domains: those that may really be elsewhere, or with `all` every number. How many of a team's
/// members there are and how much of their time they give only matters as a product, so one of the two stands for both.
#[must_use]
pub fn varied(plan: &Plan<'_>, all: bool) -> Vec<(InputId, Domain)> {
    let domain_of = |input: InputId| {
        if all {
            Some(domain(plan, input))
        } else {
            realistic(plan, input)
        }
    };
    let varied: Vec<(InputId, Domain)> = plan
        .inputs()
        .into_iter()
        .filter_map(|input| Some((input, domain_of(input)?)))
        .collect();
    let id = |input: &InputId| plan.graph.nodes[input.node].id.as_str();
    let is_told_by_share = |(input, _): &(InputId, Domain)| {
        let Some(member) = id(input)
            .strip_prefix("team.")
            .and_then(|rest| rest.strip_suffix(".count"))
        else {
            return false;
        };
        let share = format!("team.{member}.share");
        varied.iter().any(|(other, _)| id(other) == share)
    };
    let kept = varied.iter().filter(|one| !is_told_by_share(one));
    kept.copied().collect()
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
