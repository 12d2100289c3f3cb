//! Two criteria against each other: where everybody stands, who is beaten on both, and what moving along the front costs.

use crate::analysis::pareto::Front;
use crate::analysis::study::{Request, Study};
use crate::eval::{Evaluation, Plan, Status};
use crate::lang::Lang;
use crate::view::figure;

/// One candidate in the plane.
#[derive(Clone, Debug)]
pub struct Spot {
    /// Its place in the decision.
    pub candidate: usize,
    /// What it is called.
    pub name: String,
    /// Values of both criteria, 0..1.
    pub at: (f64, f64),
    /// Both measures for people.
    pub shown: (String, String),
    /// Whether somebody is at least as good on both and better on one.
    pub beaten: bool,
    /// Names of those.
    pub by: Vec<String>,
}

/// The plane of two criteria.
#[derive(Clone, Debug, Default)]
pub struct Plane {
    /// The two criteria, by place.
    pub axes: (usize, usize),
    /// Their titles.
    pub titles: (String, String),
    /// The measures at value 0 and 1 of both, for people.
    pub ends: ((String, String), (String, String)),
    /// Who stands where, by the first axis from best.
    pub spots: Vec<Spot>,
    /// Candidates whose measure is not known.
    pub unknown: usize,
    /// The steps along the front, from the best of the second axis to the best of the first.
    pub steps: Vec<Step>,
}

/// A step from one candidate of the front to the next: one measure gets better, the other worse.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it begins, by place in the decision.
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

fn steps(
    plan: &Plan<'_>,
    evaluation: &Evaluation,
    axes: (usize, usize),
    spots: &[Spot],
    lang: Lang,
) -> Vec<Step> {
    let node = |k: usize| &plan.graph.nodes[plan.graph.criteria[k].node];
    let (gained, lost) = (node(axes.0), node(axes.1));
    // Levels and flags have no differences.
    let is_figure = |n: &crate::graph::Node| matches!(n.value, crate::formula::Type::Number(_));
    if !is_figure(gained) || !is_figure(lost) {
        return Vec::new();
    }
    let measure = |s: &Spot, k: usize| evaluation.rows[s.candidate].measures[k];
    let front: Vec<&Spot> = spots.iter().filter(|s| !s.beaten).collect();
    let pairs = front.windows(2).filter(|pair| pair[0].at != pair[1].at);
    pairs
        .map(|pair| {
            let gain = (measure(pair[1], axes.0) - measure(pair[0], axes.0)).abs();
            let loss = (measure(pair[1], axes.1) - measure(pair[0], axes.1)).abs();
            let each = gain / loss * lost.unit.factor();
            let unit = match lost.unit.suffix() {
                "" => plan.graph.criteria[axes.1].title.get(lang),
                suffix => suffix,
            };
            let rate = each.is_finite().then(|| {
                format!(
                    "{} / 1 {unit}",
                    figure::of_node(plan.decision, gained, each, lang)
                )
            });
            Step {
                from: pair[0].candidate,
                to: pair[1].candidate,
                gain: figure::of_node(plan.decision, gained, gain, lang),
                loss: figure::of_node(plan.decision, lost, loss, lang),
                rate,
            }
        })
        .collect()
}

/// Shapes the plane.
#[must_use]
pub fn view(plan: &Plan<'_>, evaluation: &Evaluation, axes: (usize, usize), lang: Lang) -> Plane {
    let count = plan.graph.criteria.len();
    if axes.0 >= count || axes.1 >= count {
        return Plane::default();
    }
    let node = |k: usize| &plan.graph.nodes[plan.graph.criteria[k].node];
    let of = |k: usize, x: f64| figure::of_node(plan.decision, node(k), x, lang);
    let ends = |k: usize| {
        plan.functions[k]
            .anchors()
            .map_or_else(Default::default, |(w, b)| (of(k, w), of(k, b)))
    };
    let mut spots = Vec::new();
    let mut unknown = 0;
    for (c, row) in evaluation.rows.iter().enumerate() {
        if row.status == Status::Screened {
            continue;
        }
        if row.measures[axes.0].is_nan() || row.measures[axes.1].is_nan() {
            unknown += 1;
            continue;
        }
        spots.push(Spot {
            candidate: c,
            name: plan.decision.candidates[c].name.get(lang).to_owned(),
            at: (row.values[axes.0], row.values[axes.1]),
            shown: (
                of(axes.0, row.measures[axes.0]),
                of(axes.1, row.measures[axes.1]),
            ),
            beaten: false,
            by: Vec::new(),
        });
    }
    let better = |a: (f64, f64), b: (f64, f64)| a.0 >= b.0 && a.1 >= b.1 && a != b;
    // Every pair: beyond this many candidates the plane would be a blot anyway.
    if spots.len() <= 2_000 {
        let all: Vec<((f64, f64), String)> = spots.iter().map(|s| (s.at, s.name.clone())).collect();
        for spot in &mut spots {
            spot.by = all
                .iter()
                .filter(|(at, _)| better(*at, spot.at))
                .map(|(_, name)| name.clone())
                .collect();
            spot.beaten = !spot.by.is_empty();
        }
    }
    spots.sort_by(|a, b| {
        b.at.1
            .total_cmp(&a.at.1)
            .then(b.at.0.total_cmp(&a.at.0))
            .then(a.candidate.cmp(&b.candidate))
    });
    let title = |k: usize| plan.graph.criteria[k].title.get(lang).to_owned();
    let steps = steps(plan, evaluation, axes, &spots, lang);
    Plane {
        axes,
        titles: (title(axes.0), title(axes.1)),
        ends: (ends(axes.0), ends(axes.1)),
        spots,
        unknown,
        steps,
    }
}

/// Who is beaten on all criteria, whatever is not known: name, and `efficient`, `perhaps` or `dominated`.
#[derive(Clone, Debug, Default)]
pub struct Dominance {
    /// Place in the decision and standing.
    pub standing: Vec<(usize, &'static str)>,
    /// Samples behind it.
    pub samples: usize,
    /// Their seed.
    pub seed: u64,
}

/// Compares everybody on all criteria that weigh something.
#[must_use]
pub fn dominance(plan: &Plan<'_>, lang: Lang) -> Dominance {
    let seed = plan.decision.seed;
    let Ok(found) = Study::new(plan, Request::of(plan.decision)).pareto(None) else {
        return Dominance::default();
    };
    let word = |front: Front| match front {
        Front::Efficient => lang.pick("efficient", "有效"),
        Front::Dominated => lang.pick("dominated", "被支配"),
        Front::Perhaps => lang.pick("perhaps beaten", "可能被支配"),
    };
    let standing = (0..found.candidates.len())
        .map(|i| (found.candidates[i], word(found.front(i))))
        .collect();
    Dominance {
        standing,
        samples: found.samples,
        seed,
    }
}
