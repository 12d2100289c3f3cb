//! Tornado and traverses of expected scores: see [`Pinning`].

use super::{SwingBar, Tornado, Traverse, lattice};
use crate::analysis::domain::{Domain, usual};
use crate::analysis::known::KnownRace;
use crate::analysis::race;
use crate::analysis::standing::Standing;
use crate::eval::{InputId, Pin, Pinning, Plan};

/// Bars are computed from all draws up to this many inputs, from one block beyond.
const MOST_FROM_ALL: usize = 120;
/// Candidates whose scores a traverse follows.
const MOST_FOLLOWED: usize = 60;

/// The lead of the first candidate with each input known to be at the low or the high end of its usual range.
#[must_use]
pub fn expected_tornado(
    plan: &Plan<'_>,
    standing: &Standing,
    pinning: &Pinning<'_>,
    inputs: &[(InputId, Domain)],
) -> Tornado {
    let ends: Vec<[f64; 2]> = inputs
        .iter()
        .map(|(input, domain)| {
            let (low, high) = usual(plan, *input, *domain);
            [low, high]
        })
        .collect();
    let pins: Vec<Pin> = inputs
        .iter()
        .zip(&ends)
        .map(|((input, _), ends)| Pin::one(*input, ends.to_vec()))
        .collect();
    let blocks = if pins.len() <= MOST_FROM_ALL {
        usize::MAX
    } else {
        1
    };
    let first = standing.first();
    let race = KnownRace::new(pinning, first);
    let mut bars: Vec<SwingBar> = inputs
        .iter()
        .zip(ends)
        .zip(pinning.scores(&pins, blocks))
        .map(|(((input, _), at), scores)| SwingBar {
            input: *input,
            at,
            quantiles: plan
                .leaf(input.node, input.candidate.unwrap_or(0))
                .is_uncertain(),
            lead: [0, 1].map(|lane| race.lead(&scores, lane)),
            score: [0, 1].map(|lane| race.score(&scores, lane)),
            winner: [0, 1].map(|lane| race.leader(&scores, lane, first)),
        })
        // A bar of length 0 with the same first at both ends says nothing.
        .filter(|bar| bar.length() > 0.0 || bar.winner.iter().any(|winner| *winner != first))
        .collect();
    bars.sort_by(|a, b| {
        b.length()
            .total_cmp(&a.length())
            .then(a.input.cmp(&b.input))
    });
    let expected = |at: usize| standing.order.get(at).and_then(|&c| standing.expected(c));
    Tornado {
        winner: first,
        lead: expected(0)
            .zip(expected(1))
            .map_or(f64::NAN, |(first, second)| first - second),
        bars,
    }
}

/// Expected scores with one or two inputs known to be at each point of a lattice; see [`traverse`](super::traverse).
#[must_use]
pub fn expected_traverse(
    plan: &Plan<'_>,
    standing: &Standing,
    ranges: &[(InputId, f64, f64)],
) -> Traverse {
    let (axes, columns) = lattice(ranges);
    let inputs = axes.iter().map(|(input, _)| *input).collect();
    let scores = expected_scores(
        plan,
        standing,
        Pin {
            inputs,
            at: columns,
        },
    );
    let lanes = scores.first().map_or(0, Vec::len);
    let winners = (0..lanes)
        .map(|lane| race::winner(&scores.iter().map(|own| own[lane]).collect::<Vec<_>>()))
        .collect();
    Traverse {
        axes,
        scores,
        winners,
    }
}

/// Expected scores of all candidates of the decision along a pin; NaN where one is not ranked, or is too far behind to be followed.
pub(in crate::analysis) fn expected_scores(
    plan: &Plan<'_>,
    standing: &Standing,
    pin: Pin,
) -> Vec<Vec<f64>> {
    let lanes = pin.at.first().map_or(0, Vec::len);
    let mut followed: Vec<usize> = standing.order.clone();
    followed.extend((0..plan.candidates()).filter(|c| {
        standing.ranks[*c].is_none()
            && standing.evaluation.rows[*c]
                .contributions
                .iter()
                .all(|x| !x.is_nan())
    }));
    followed.truncate(MOST_FOLLOWED);
    let pinning = Pinning::new(plan, &standing.evaluation.shares, &followed);
    // A plane has as many points as a line has draws.
    let blocks = if lanes > 200 { 1 } else { 4 };
    let found = pinning.scores(&[pin], blocks).remove(0);
    let mut scores = vec![vec![f64::NAN; lanes]; plan.candidates()];
    for (&c, own) in pinning.candidates().iter().zip(found) {
        scores[c] = own;
    }
    scores
}
