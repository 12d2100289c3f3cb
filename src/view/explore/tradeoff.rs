//! Two criteria against each other: the position of each candidate, which are dominated on both, and what a step along the front costs.

use crate::analysis::pareto::Front;
use crate::analysis::study::{Study, StudyRequest};
use crate::analysis::tradeoff::{self, FrontStep, tradeoff};
use crate::eval::{Evaluation, Plan};
use crate::lang::Lang;
use crate::view::figure;

/// One candidate in the plane.
#[derive(Clone, Debug)]
pub struct SpotView {
    /// Index in the decision.
    pub candidate: usize,
    pub name: String,
    /// Values of both criteria, 0..1.
    pub at: (f64, f64),
    /// Both measures for display.
    pub shown: (String, String),
    /// Whether another candidate is at least as good on both and better on one.
    pub beaten: bool,
    /// The names of those candidates.
    pub by: Vec<String>,
}

/// The plane of two criteria.
#[derive(Clone, Debug, Default)]
pub struct TradeoffPlane {
    /// The two criteria, by place.
    pub axes: (usize, usize),
    /// Their titles.
    pub titles: (String, String),
    /// The measures at value 0 and 1 of both, for display.
    pub ends: ((String, String), (String, String)),
    /// The candidates, by the second axis from best.
    pub spots: Vec<SpotView>,
    /// Candidates whose measure is not known.
    pub unknown: usize,
    /// The steps along the front, from the best of the second axis to the best of the first.
    pub steps: Vec<StepView>,
}

/// A step from one candidate of the front to the next: one measure gets better, the other worse.
#[derive(Clone, Debug)]
pub struct StepView {
    /// Where it begins, by index in the decision.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// How much better the first axis' measure gets.
    pub gain: String,
    /// How much worse the second's.
    pub loss: String,
    /// The gain for one unit of the loss.
    pub rate: Option<String>,
}

/// The steps for display; none if a criterion is a level or a flag, which have no differences.
fn steps(plan: &Plan<'_>, axes: (usize, usize), found: &[FrontStep], lang: Lang) -> Vec<StepView> {
    let node = |k: usize| &plan.graph.nodes[plan.graph.criteria[k].node];
    let (gained, lost) = (node(axes.0), node(axes.1));
    let is_figure =
        |n: &crate::graph::DecisionNode| matches!(n.value, crate::formula::Type::Number(_));
    if !is_figure(gained) || !is_figure(lost) {
        return Vec::new();
    }
    let unit = match lost.unit.suffix() {
        "" => format!("1 {}", plan.graph.criteria[axes.1].title.get(lang)),
        suffix => crate::view::unit::beside("1", suffix, lang),
    };
    let step = |step: &FrontStep| {
        let each = step.gain / step.loss * lost.unit.factor();
        let rate = each.is_finite().then(|| {
            let each = figure::of_node(plan.decision, gained, each, lang);
            format!("{each} / {unit}")
        });
        StepView {
            from: step.from,
            to: step.to,
            gain: figure::of_node(plan.decision, gained, step.gain, lang),
            loss: figure::of_node(plan.decision, lost, step.loss, lang),
            rate,
        }
    };
    found.iter().map(step).collect()
}

/// Builds the view of the plane.
#[must_use]
pub fn view(
    plan: &Plan<'_>,
    evaluation: &Evaluation,
    axes: (usize, usize),
    lang: Lang,
) -> TradeoffPlane {
    let count = plan.graph.criteria.len();
    if axes.0 >= count || axes.1 >= count {
        return TradeoffPlane::default();
    }
    let found = tradeoff(plan, evaluation, axes);
    let node = |k: usize| &plan.graph.nodes[plan.graph.criteria[k].node];
    let of = |k: usize, x: f64| figure::of_node(plan.decision, node(k), x, lang);
    let ends = |k: usize| {
        plan.functions[k]
            .anchors()
            .map_or_else(Default::default, |(w, b)| (of(k, w), of(k, b)))
    };
    let name = |c: usize| plan.decision.candidates[c].name.get(lang).to_owned();
    let measure = |c: usize, k: usize| of(k, evaluation.rows[c].measures[k]);
    let spot = |spot: &tradeoff::PlaneCandidate| SpotView {
        candidate: spot.candidate,
        name: name(spot.candidate),
        at: spot.at,
        shown: (
            measure(spot.candidate, axes.0),
            measure(spot.candidate, axes.1),
        ),
        beaten: !spot.beaten_by.is_empty(),
        by: spot.beaten_by.iter().map(|&c| name(c)).collect(),
    };
    let title = |k: usize| plan.graph.criteria[k].title.get(lang).to_owned();
    TradeoffPlane {
        axes,
        titles: (title(axes.0), title(axes.1)),
        ends: (ends(axes.0), ends(axes.1)),
        spots: found.spots.iter().map(spot).collect(),
        unknown: found.unknown,
        steps: steps(plan, axes, &found.steps, lang),
    }
}

/// Pareto dominance on all criteria: each candidate is efficient, dominated or perhaps beaten.
#[derive(Clone, Debug, Default)]
pub struct DominancePanel {
    /// Place in the decision and standing.
    pub standing: Vec<(usize, &'static str)>,
    pub samples: usize,
    pub seed: u64,
}

/// Compares all candidates on every criterion that has weight.
#[must_use]
pub fn dominance(plan: &Plan<'_>, lang: Lang) -> DominancePanel {
    let seed = plan.decision.seed;
    let Ok(found) = Study::new(plan, StudyRequest::of(plan.decision)).pareto(None) else {
        return DominancePanel::default();
    };
    let word = |front: Front| match front {
        Front::Efficient => lang.pick("efficient", "有效"),
        Front::Dominated => lang.pick("dominated", "被支配"),
        Front::Perhaps => lang.pick("perhaps beaten", "可能被支配"),
    };
    let standing = (0..found.candidates.len())
        .map(|i| (found.candidates[i], word(found.front(i))))
        .collect();
    DominancePanel {
        standing,
        samples: found.samples,
        seed,
    }
}
