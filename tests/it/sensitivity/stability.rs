//! Stability intervals of weights.

use weigh::analysis::stability::{Stability, stability};
use weigh::rank::{Params, find};

use super::world::World;

/// Zavadskas et al. 2012, as in the derived sample `weight-stability-wsm`.
const ZAVADSKAS: &str = "\
candidate,C1,C2,C3,C4,C5,C6
@direction,max,min,min,max,min,max
@weight,0.221,0.159,0.175,0.127,0.117,0.201
A1,3,12.5,2,120,14,3
A2,5,15,3,110,38,4
A3,3,13,2,120,19,3
A4,4,14,2,100,31,4
A5,3,15,1.5,125,40,4
";

fn of(world: &World, method: &str, params: &[&str]) -> Stability {
    let params = Params::parse(params).expect("the parameters are well formed");
    stability(
        &world.plan(),
        find(method).expect("the method exists"),
        &params,
    )
    .expect("the method is defined here")
}

/// Low end, who takes over below, high end, who takes over above.
const EXPECTED: [(f64, Option<usize>, f64, Option<usize>); 6] = [
    (0.0, None, 0.247_587, Some(3)),
    (0.141_118, Some(4), 1.0, None),
    (0.119_888, Some(1), 0.186_294, Some(4)),
    (0.086_659, Some(3), 0.196_687, Some(4)),
    (0.112_261, Some(4), 1.0, None),
    (0.0, None, 0.211_938, Some(4)),
];

#[test]
fn weighted_sum_of_zavadskas_2012_has_the_derived_intervals() {
    let outcome = of(&World::csv(ZAVADSKAS), "weighted-sum", &[]);
    assert_eq!(outcome.winner, Some(0));
    assert!(outcome.exact);
    for (interval, (low, below, high, above)) in outcome.intervals.iter().zip(EXPECTED) {
        assert!(
            (interval.keeps.0 - low).abs() < 2e-5 && (interval.keeps.1 - high).abs() < 2e-5,
            "{interval:?}"
        );
        assert_eq!(
            (interval.below, interval.above),
            (below, above),
            "{interval:?}"
        );
    }
}

/// WASPAS with lambda = 1 is the weighted sum, but offers no contributions: it must be found by search.
#[test]
fn the_search_finds_the_closed_form() {
    let world = World::csv(ZAVADSKAS);
    let (searched, exact) = (
        of(&world, "waspas", &["lambda=1"]),
        of(&world, "weighted-sum", &[]),
    );
    assert!(!searched.exact);
    for (a, b) in searched.intervals.iter().zip(&exact.intervals) {
        assert!(
            (a.keeps.0 - b.keeps.0).abs() < 1e-6 && (a.keeps.1 - b.keeps.1).abs() < 1e-6,
            "{a:?} {b:?}"
        );
        assert_eq!((a.below, a.above), (b.below, b.above));
    }
    let (a, b) = (
        searched.winner_changes.absolute.expect("a change"),
        exact.winner_changes.absolute.expect("a change"),
    );
    assert_eq!(
        (a.criterion, a.over, a.under),
        (b.criterion, b.over, b.under)
    );
    assert!((a.absolute - b.absolute).abs() < 1e-6);
    let (a, b) = (
        searched.rank_changes.absolute.expect("a change"),
        exact.rank_changes.absolute.expect("a change"),
    );
    assert_eq!(
        (a.criterion, a.over, a.under),
        (b.criterion, b.over, b.under)
    );
    assert!((a.absolute - b.absolute).abs() < 1e-6);
}

/// Triantaphyllou and Sanchez 1997, closed form by hand: weights 0.6 and 0.4, A = (0.8, 0.3), B = (0.5, 0.7) score 0.60 and 0.58.
/// The weight of the first criterion falls by t with 0.02 / (0.5 - 0.8) = -0.0667 (11.1 %); the second grows by 0.02 / 0.4 = 0.05
/// (12.5 %): the smallest change is of the second by size and of the first as a part.
#[test]
fn smallest_changes_match_triantaphyllou_and_sanchez_1997() {
    let world =
        World::csv("candidate,x,y\n@weight,6,4\n@worst,0,0\n@best,1,1\nA,0.8,0.3\nB,0.5,0.7\n");
    let outcome = of(&world, "value", &[]);
    let absolute = outcome.winner_changes.absolute.expect("a change");
    assert_eq!(
        (absolute.criterion, absolute.over, absolute.under),
        (1, 0, 1)
    );
    assert!(
        (absolute.absolute - 0.05).abs() < 1e-12 && (absolute.relative - 0.125).abs() < 1e-12,
        "{absolute:?}"
    );
    assert!((absolute.to - 0.45 / 1.05).abs() < 1e-12);
    let relative = outcome.winner_changes.relative.expect("a change");
    assert_eq!(relative.criterion, 0);
    assert!(
        (relative.absolute + 0.02 / 0.3).abs() < 1e-12
            && (relative.relative + 0.02 / 0.18).abs() < 1e-12,
        "{relative:?}"
    );
    // Two candidates have one pair: any rank is the first rank.
    assert_eq!(outcome.winner_changes, outcome.rank_changes);
    // The share after the change is the end of the interval.
    assert!((outcome.intervals[1].keeps.1 - absolute.to).abs() < 1e-12);
    assert!((outcome.intervals[0].keeps.0 - relative.to).abs() < 1e-12);
}

const HIERARCHY: &str = "
decision: hierarchy
as_of: 2026-11-22
facts:
  a: {title: {en: A, zh: 甲}, unit: '1'}
  b: {title: {en: B, zh: 乙}, unit: '1'}
  c: {title: {en: C, zh: 丙}, unit: '1'}
criteria:
  - objective: quality
    points: 50
    criteria:
      - {id: ka, expr: a, points: 60, value: {shape: linear, worst: 0, best: 1}}
      - {id: kb, expr: b, points: 40, value: {shape: linear, worst: 0, best: 1}}
  - {id: kc, expr: c, points: 50, value: {shape: linear, worst: 0, best: 1}}
candidates:
  - {id: p, facts: {a: 0.9, b: 0.2, c: 0.5}}
  - {id: q, facts: {a: 0.3, b: 0.8, c: 0.6}}
";

#[test]
fn objectives_give_intervals_on_leaf_shares() {
    let outcome = of(&World::yaml(HIERARCHY), "value", &[]);
    // Shares 0.3, 0.2, 0.5; D = 0.27 + 0.04 + 0.25 - (0.09 + 0.16 + 0.30) = 0.01; d = 0.6, -0.6, -0.1.
    let expected = [
        (0.3 + 0.01 * 0.7 / (0.01 - 0.6), 1.0),
        (0.0, 0.2 + 0.01 * 0.8 / (0.01 + 0.6)),
        (0.0, 0.5 + 0.01 * 0.5 / (0.01 + 0.1)),
    ];
    for (interval, (low, high)) in outcome.intervals.iter().zip(expected) {
        assert!(
            (interval.keeps.0 - low).abs() < 1e-12 && (interval.keeps.1 - high).abs() < 1e-12,
            "{interval:?}"
        );
    }
}

/// Each end, stepped over, makes the named rival first: the intervals of every method are checked against the method itself.
#[test]
fn beyond_each_end_the_named_rival_is_first_under_every_method() {
    let world = World::csv(ZAVADSKAS);
    let plan = world.plan();
    let evaluation = plan.evaluate();
    let problem = weigh::analysis::ranking::problem(&plan, &evaluation, &[0, 1, 2, 3, 4])
        .expect("a legal matrix");
    for id in [
        "weighted-product",
        "topsis",
        "vikor",
        "marcos",
        "promethee",
        "waspas",
    ] {
        let outcome = of(&world, id, &[]);
        let first = |k: usize, x: f64| {
            let shares = problem.shares();
            let weights = (0..6)
                .map(|j| {
                    if j == k {
                        x
                    } else {
                        shares[j] * (1.0 - x) / (1.0 - shares[k])
                    }
                })
                .collect();
            let run = find(id)
                .expect("known")
                .run(
                    &problem.with_weights(weights).expect("legal"),
                    &Params::none(),
                )
                .expect("defined");
            let ranks = weigh::rank::ranks(&run.scores, run.higher_is_better);
            ranks.iter().position(|r| *r == 1)
        };
        let mut ends = 0;
        for interval in &outcome.intervals {
            for (rival, at, out) in [
                (interval.below, interval.keeps.0, -1e-6),
                (interval.above, interval.keeps.1, 1e-6),
            ] {
                if rival.is_some() {
                    ends += 1;
                    assert_eq!(
                        first(interval.criterion, at - out),
                        outcome.winner,
                        "{id} {interval:?}"
                    );
                    assert_eq!(
                        first(interval.criterion, at + out),
                        rival,
                        "{id} {interval:?}"
                    );
                }
            }
        }
        assert!(ends > 0, "{id} has no end at all");
    }
}
