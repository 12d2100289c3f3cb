//! Two criteria against each other at the point estimate: which candidates are dominated on both, and what a step along the front costs.

use crate::eval::{Evaluation, Plan, Status};

/// Limit on the candidates of which all pairs are compared: with more of them the plane is too crowded to be read.
const MOST_COMPARED: usize = 2_000;

/// One candidate in the plane of two criteria.
#[derive(Clone, Debug)]
pub struct PlaneCandidate {
    /// Index of the candidate in the decision.
    pub candidate: usize,
    /// Values of both criteria, 0..1.
    pub at: (f64, f64),
    /// The candidates that are at least as good on both criteria and better on one.
    pub beaten_by: Vec<usize>,
}

/// A step from one candidate of the front to the next: the first measure gets better, the second worse.
#[derive(Clone, Copy, Debug)]
pub struct FrontStep {
    /// Where it begins, by index in the decision.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// How much the first criterion's measure changes, base units, without sign.
    pub gain: f64,
    /// The same for the second criterion's measure.
    pub loss: f64,
}

/// The plane of two criteria.
#[derive(Clone, Debug, Default)]
pub struct Tradeoff {
    /// The candidates that no gate screens out and whose measures are known, by the second criterion from best.
    pub spots: Vec<PlaneCandidate>,
    /// Number of candidates left out because a measure is missing.
    pub unknown: usize,
    /// The steps along the front, from the best of the second criterion to the best of the first.
    pub steps: Vec<FrontStep>,
}

/// Compares the candidates on two criteria, given by their places in the decision.
#[must_use]
pub fn tradeoff(plan: &Plan<'_>, evaluation: &Evaluation, axes: (usize, usize)) -> Tradeoff {
    let count = plan.graph.criteria.len();
    if axes.0 >= count || axes.1 >= count {
        return Tradeoff::default();
    }
    let (mut spots, mut unknown) = (Vec::new(), 0);
    for (candidate, row) in evaluation.rows.iter().enumerate() {
        if row.status == Status::Screened {
            continue;
        }
        if row.measures[axes.0].is_nan() || row.measures[axes.1].is_nan() {
            unknown += 1;
            continue;
        }
        spots.push(PlaneCandidate {
            candidate,
            at: (row.values[axes.0], row.values[axes.1]),
            beaten_by: Vec::new(),
        });
    }
    if spots.len() <= MOST_COMPARED {
        let all: Vec<((f64, f64), usize)> = spots.iter().map(|s| (s.at, s.candidate)).collect();
        for spot in &mut spots {
            let above = all.iter().filter(|(at, _)| beats(*at, spot.at));
            spot.beaten_by = above.map(|(_, candidate)| *candidate).collect();
        }
    }
    spots.sort_by(|a, b| {
        b.at.1
            .total_cmp(&a.at.1)
            .then(b.at.0.total_cmp(&a.at.0))
            .then(a.candidate.cmp(&b.candidate))
    });
    let steps = steps(evaluation, axes, &spots);
    Tradeoff {
        spots,
        unknown,
        steps,
    }
}

/// Whether one spot is at least as good on both axes and better on one.
fn beats(a: (f64, f64), b: (f64, f64)) -> bool {
    a.0 >= b.0 && a.1 >= b.1 && a != b
}

fn steps(
    evaluation: &Evaluation,
    axes: (usize, usize),
    spots: &[PlaneCandidate],
) -> Vec<FrontStep> {
    let measure = |spot: &PlaneCandidate, k: usize| evaluation.rows[spot.candidate].measures[k];
    let front: Vec<&PlaneCandidate> = spots.iter().filter(|s| s.beaten_by.is_empty()).collect();
    let pairs = front.windows(2).filter(|pair| pair[0].at != pair[1].at);
    pairs
        .map(|pair| FrontStep {
            from: pair[0].candidate,
            to: pair[1].candidate,
            gain: (measure(pair[1], axes.0) - measure(pair[0], axes.0)).abs(),
            loss: (measure(pair[1], axes.1) - measure(pair[0], axes.1)).abs(),
        })
        .collect()
}
