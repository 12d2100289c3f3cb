//! Which analyses go into a report: each is run here and shaped by `view::report`.

use crate::analysis::ranking::Ranking;
use crate::eval::{InputId, Leaf, Plan};
use crate::graph::Compute;
use crate::lang::Lang;
use crate::view::report::{Sections, sweep_section};

/// Values along the swept input.
const STEPS: usize = 101;
/// The input that is swept where a decision has it.
const LOAD: &str = "workload.peak_rps";

pub(super) fn sections(plan: &Plan<'_>, ranking: &Ranking, lang: Lang) -> Sections {
    let sweep = if ranking.additive { swept(plan) } else { None };
    let sweep = sweep.map(|(input, at)| {
        let sweep = plan.sweep(input, &at, &ranking.evaluation.shares);
        sweep_section(plan, input, &sweep, lang)
    });
    Sections { sensitivity: None, robustness: None, sweep }
}

/// The load where its author gave it a range, else the first input of the context that has one; with values along the range.
fn swept(plan: &Plan<'_>) -> Option<(InputId, Vec<f64>)> {
    let ranged = |input: &InputId| {
        let named = matches!(plan.graph.nodes[input.node].compute, Compute::Context(_));
        let domain = match plan.leaf(input.node, 0) {
            Leaf::Fact(fact) => fact.domain,
            _ => None,
        };
        domain.filter(|(low, high)| named && low < high).map(|domain| (*input, domain))
    };
    let all: Vec<(InputId, (f64, f64))> = plan.inputs().iter().filter_map(ranged).collect();
    let (input, (low, high)) = all.iter().find(|(i, _)| plan.graph.nodes[i.node].id == LOAD).or(all.first()).copied()?;
    let step = |i: usize| i as f64 / (STEPS - 1) as f64;
    // Even steps on the axis on which it is drawn.
    let logarithmic = low > 0.0 && high / low > 20.0;
    let at = (0..STEPS).map(|i| if logarithmic { low * (high / low).powf(step(i)) } else { low + (high - low) * step(i) });
    Some((input, at.collect()))
}
