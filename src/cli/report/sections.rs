//! Which analyses go into a report: each is run here and shaped by `view::report`.

use crate::analysis::acceptability::{self, acceptability, ranks_of};
use crate::analysis::agreement::agreement;
use crate::analysis::ranking::{self, Ranking};
use crate::analysis::reversal::reversals;
use crate::analysis::weight_space::WeightSpace;
use crate::analysis::{break_even, stability, tornado};
use crate::eval::{InputId, Leaf, Plan, Samples, Sweep, Sweeps};
use crate::graph::Compute;
use crate::lang::Lang;
use crate::rank::Params;
use crate::view;
use crate::view::report::{RobustnessSection, Sections, SensitivitySection, sweep_section};

/// Values along the swept input.
const STEPS: usize = 101;
/// The input that is swept where a decision has it.
const LOAD: &str = "workload.peak_rps";

/// Inputs that get a sentence: those that change the winner soonest.
const MOST_SENTENCES: usize = 12;
/// Bars of the tornado that a template is given, the longest; the picture shows fewer.
const MOST_BARS: usize = 40;

/// How far weights vary there: relative standard deviation of an average share.
const SPREAD: f64 = 0.2;

/// The sections of a decision; one whose analysis cannot be applied stays out.
pub(super) fn sections(
    plan: &Plan<'_>,
    ranking: &Ranking,
    samples: Option<&Samples>,
    params: &Params,
    lang: Lang,
) -> Sections {
    if ranking.ranked.len() < 2 {
        return Sections::default();
    }
    let shares = plan.shares();
    let sweeps = Sweeps::new(plan, &shares);
    let (sensitivity, (robustness, sweep)) = rayon::join(
        || sensitivity(&sweeps, ranking, params, lang),
        || {
            let robustness = robustness(plan, ranking, samples, params, lang);
            let sweep = if ranking.additive {
                swept(&sweeps)
            } else {
                None
            };
            (
                robustness,
                sweep.map(|(input, sweep)| sweep_section(plan, input, &sweep, lang)),
            )
        },
    );
    Sections {
        sensitivity,
        robustness,
        sweep,
    }
}

fn sensitivity(
    sweeps: &Sweeps<'_>,
    ranking: &Ranking,
    params: &Params,
    lang: Lang,
) -> Option<SensitivitySection> {
    let (plan, method) = (sweeps.plan(), ranking.method);
    let stability = stability::stability(plan, method, params).ok()?;
    let scorer = ranking::scorer(plan, method, params);
    let by_method = scorer
        .as_deref()
        .map(|scorer| Sweeps::by(plan, &plan.shares(), scorer));
    let moving = by_method.as_ref().unwrap_or(sweeps);
    let (break_evens, mut tornado) = rayon::join(
        || break_even::break_evens_of(moving).nearest(MOST_SENTENCES),
        || tornado::tornado_of(moving),
    );
    tornado.bars.truncate(MOST_BARS);
    let found = view::sensitivity::Found {
        method,
        stability: &stability,
        break_evens: &break_evens,
        tornado: &tornado,
        sweeps: &[],
    };
    Some(SensitivitySection::of(
        &view::sensitivity::view(plan, &found, lang),
        plan,
        lang,
    ))
}

fn robustness(
    plan: &Plan<'_>,
    ranking: &Ranking,
    samples: Option<&Samples>,
    params: &Params,
    lang: Lang,
) -> Option<RobustnessSection> {
    let method = ranking.method;
    let shares = plan.shares();
    let space =
        WeightSpace::near(&shares, SPREAD).unwrap_or_else(|_| WeightSpace::declared(&shares));
    let acceptability = match samples {
        Some(samples) => ranks_of(plan, &space, method, params, samples),
        None => acceptability(
            plan,
            &space,
            method,
            params,
            acceptability::SAMPLES,
            ranking.seed,
        ),
    };
    let acceptability = acceptability.ok()?;
    let (agreement, reversals) = (
        agreement(plan, method, params).ok()?,
        reversals(plan, method, params).ok()?,
    );
    let findings = view::robustness::Findings {
        acceptability: &acceptability,
        space: &space,
        agreement: &agreement,
        reversals: &reversals,
        method: method.id(),
    };
    Some(RobustnessSection::of(
        &view::robustness::view(plan, &findings, Vec::new(), lang),
        plan,
        ranking,
        lang,
    ))
}

/// The load where its author gave it a range and it moves a score, else the first such input of the context; moved along its range.
fn swept(sweeps: &Sweeps<'_>) -> Option<(InputId, Sweep)> {
    let plan = sweeps.plan();
    let ranged = |input: &InputId| {
        let named = matches!(plan.graph.nodes[input.node].compute, Compute::Context(_));
        let domain = match plan.leaf(input.node, 0) {
            Leaf::Fact(fact) => fact.domain,
            _ => None,
        };
        domain
            .filter(|(low, high)| named && low < high)
            .map(|domain| (*input, domain))
    };
    let all: Vec<(InputId, (f64, f64))> = plan.inputs().iter().filter_map(ranged).collect();
    let (load, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|(i, _)| plan.graph.nodes[i.node].id == LOAD);
    let runs = load
        .into_iter()
        .chain(others)
        .map(|(input, domain)| (input, sweeps.sweep(&[(input, &along(domain))])));
    // A picture of level lines tells nothing.
    let moves = |scores: &[f64]| {
        scores
            .iter()
            .any(|s| !s.is_nan() && (s - scores[0]).abs() > 1e-9)
    };
    runs.into_iter()
        .find(|(_, sweep)| sweep.scores.iter().any(|scores| moves(scores)))
}

/// Values along a range.
fn along((low, high): (f64, f64)) -> Vec<f64> {
    let step = |i: usize| i as f64 / (STEPS - 1) as f64;
    // Even steps on the axis on which it is drawn.
    let logarithmic = low > 0.0 && high / low > 20.0;
    (0..STEPS)
        .map(|i| {
            if logarithmic {
                low * (high / low).powf(step(i))
            } else {
                low + (high - low) * step(i)
            }
        })
        .collect()
}
