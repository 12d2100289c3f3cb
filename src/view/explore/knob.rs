//! The inputs of the context and the team as sliders: value, range, and the value in the files.

use crate::analysis::domain::domain;
use crate::eval::{InputId, Plan};
use crate::formula::Type;
use crate::graph::Compute;
use crate::lang::Lang;
use crate::view::figure;

/// One input.
#[derive(Clone, Debug)]
pub struct Knob {
    pub name: String,
    pub title: String,
    /// Its value, base units.
    pub value: f64,
    /// The value, formatted for display.
    pub shown: String,
    /// Its range, base units.
    pub range: (f64, f64),
    /// Whether it is yes or no.
    pub flag: bool,
    /// Whether it counts people, so that it moves in whole numbers.
    pub whole: bool,
    /// The unit in which values are entered.
    pub unit: String,
    /// Base units in one of its unit.
    pub factor: f64,
    /// Whether the decision itself sets it, or its team does.
    pub own: bool,
}

/// All inputs that matter to the decision: those that it sets itself first.
#[must_use]
pub fn view(plan: &Plan<'_>, sources: &crate::source::Sources, lang: Lang) -> Vec<Knob> {
    let mut knobs = Vec::new();
    for (at, node) in plan.graph.nodes.iter().enumerate() {
        if !matches!(node.compute, Compute::Context(_)) || node.id == "today" {
            continue;
        }
        let leaf = plan.leaf(at, 0);
        let flag = node.value == Type::Flag;
        if !flag && !leaf.is_number() {
            continue;
        }
        let crate::eval::Leaf::Fact(fact) = leaf else {
            continue;
        };
        let value = leaf.point();
        if value.is_nan() {
            continue;
        }
        let whole = node.id.starts_with("team.") && node.id.ends_with(".count");
        let range = if flag {
            (0.0, 1.0)
        } else if whole {
            // From none to a few more than there are: the usual question is about one more.
            (0.0, value.ceil() + 4.0)
        } else {
            let domain = domain(
                plan,
                InputId {
                    node: at,
                    candidate: None,
                },
            );
            (domain.low, domain.high)
        };
        let file = if fact.span == crate::source::Span::default() {
            ""
        } else {
            sources.get(fact.span.source).name()
        };
        knobs.push(Knob {
            name: node.id.clone(),
            title: node.title.get(lang).to_owned(),
            value,
            shown: figure::of_node(plan.decision, node, value, lang),
            range,
            flag,
            whole,
            unit: node.unit.suffix().to_owned(),
            factor: node.unit.factor(),
            own: !file.starts_with('<')
                && !file.starts_with("criteria/")
                && !file.contains("/criteria/")
                && !file.contains("catalogs/"),
        });
    }
    // Head counts come before the skills of each member.
    knobs.sort_by_key(|knob| (!knob.own, knob.name.starts_with("team."), !knob.whole));
    knobs
}

/// A value of an input for display.
#[must_use]
pub fn shown(plan: &Plan<'_>, name: &str, value: f64, lang: Lang) -> String {
    let node = plan.graph.nodes.iter().find(|n| n.id == name);
    node.map_or_else(
        || figure::number(value),
        |n| figure::of_node(plan.decision, n, value, lang),
    )
}
