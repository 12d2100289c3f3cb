//! One candidate, nobody ranked, zero weights, constant criteria, ties, huge figures: defined, and never NaN.

use weigh::analysis::break_even::break_evens;
use weigh::analysis::stability::stability;
use weigh::analysis::tornado::tornado;
use weigh::rank::{Params, find};

use super::world::World;

fn weights(world: &World, method: &str) -> weigh::analysis::stability::Stability {
    stability(&world.plan(), find(method).expect("known"), &Params::none()).expect("defined")
}

#[test]
fn one_candidate_is_first_whatever_moves() {
    let world = World::csv("candidate,x,y\n@worst,0,0\n@best,1,1\nA,0.3,0.4\n");
    for method in ["value", "weighted-sum", "topsis"] {
        let outcome = weights(&world, method);
        assert_eq!((outcome.winner, outcome.ranked), (Some(0), 1));
        assert!(
            outcome
                .intervals
                .iter()
                .all(|i| i.keeps == (0.0, 1.0) && i.below.is_none() && i.above.is_none()),
            "{method}"
        );
        assert!(
            outcome.winner_changes.absolute.is_none() && outcome.rank_changes.absolute.is_none()
        );
    }
    let plan = world.plan();
    let found = break_evens(&plan, &plan.shares());
    assert!(
        found
            .inputs
            .iter()
            .all(|b| b.flips.is_empty() && b.swing.is_none())
    );
    assert!(tornado(&plan, &plan.shares()).lead.is_nan());
}

#[test]
fn nobody_ranked_gives_no_interval_and_no_flip() {
    let world = World::csv("candidate,x,y\n@worst,0,0\n@best,1,1\nA,,0.4\nB,0.2,\n");
    for method in ["value", "weighted-sum", "topsis"] {
        let outcome = weights(&world, method);
        assert_eq!((outcome.winner, outcome.intervals.len()), (None, 0));
    }
    let plan = world.plan();
    let found = break_evens(&plan, &plan.shares());
    assert_eq!(found.winner, None);
    assert!(
        found
            .inputs
            .iter()
            .all(|b| b.below.is_none() && b.flips.is_empty() && b.swing.is_none())
    );
}

#[test]
fn a_single_criterion_has_no_other_weight_to_trade_with() {
    let world = World::csv("candidate,x\n@worst,0\n@best,1\nA,0.3\nB,0.2\n");
    for method in ["value", "topsis"] {
        let outcome = weights(&world, method);
        assert_eq!(outcome.intervals[0].keeps, (0.0, 1.0));
        assert!(outcome.winner_changes.absolute.is_none());
    }
}

#[test]
fn a_weight_of_zero_has_an_interval_and_no_relative_change() {
    let world =
        World::csv("candidate,x,y\n@weight,1,0\n@worst,0,0\n@best,1,1\nA,0.6,0.1\nB,0.4,0.9\n");
    let outcome = weights(&world, "value");
    // 0.2 (1 - x) = 0.8 x at x = 0.2.
    assert_eq!(outcome.intervals[1].keeps.0, 0.0);
    assert!((outcome.intervals[1].keeps.1 - 0.2).abs() < 1e-12);
    let absolute = outcome.winner_changes.absolute.expect("a change");
    assert_eq!(absolute.criterion, 1);
    assert!(outcome.winner_changes.relative.is_none());
}

#[test]
fn a_winner_that_lacks_an_unweighted_fact_loses_with_any_weight_on_it() {
    let world = World::csv(
        "candidate,x,y\n@weight,1,0\n@worst,0,0\n@best,1,1\nA,0.6,\nB,0.4,0.9\nC,0.5,0.1\n",
    );
    let interval = weights(&world, "value").intervals[1];
    assert_eq!((interval.keeps, interval.above), ((0.0, 0.0), Some(2)));
}

#[test]
fn identical_candidates_share_the_first_rank_and_never_flip() {
    let world = World::csv("candidate,x,y\n@worst,0,0\n@best,1,1\nA,0.3,0.4\nB,0.3,0.4\n");
    let outcome = weights(&world, "value");
    assert!(outcome.intervals.iter().all(|i| i.keeps == (0.0, 1.0)));
    let plan = world.plan();
    let found = break_evens(&plan, &plan.shares());
    // A wins by order; less of its own x and B is first, more of B's and B is first.
    let flips: Vec<usize> = found.inputs.iter().map(|b| b.flips.len()).collect();
    assert!(flips.iter().all(|n| *n == 1), "{flips:?}");
    assert!(
        found
            .inputs
            .iter()
            .all(|b| (b.flips[0].at - b.value).abs() < 1e-9)
    );
}

#[test]
fn a_tie_leaves_an_interval_of_one_side() {
    let world = World::csv("candidate,x,y\n@worst,0,0\n@best,1,1\nA,0.6,0.4\nB,0.4,0.6\n");
    let outcome = weights(&world, "value");
    assert_eq!(outcome.intervals[0].keeps, (0.5, 1.0));
    assert_eq!(outcome.intervals[1].keeps, (0.0, 0.5));
    assert_eq!(
        outcome.winner_changes.absolute.expect("a change").absolute,
        0.0
    );
}

#[test]
fn constant_criteria_and_zeros_stay_numbers() {
    let world = World::csv("candidate,x,y,z\n@direction,max,min,max\nA,0,5,-2\nB,0,5,-3\n");
    let plan = world.plan();
    let found = break_evens(&plan, &plan.shares());
    for b in &found.inputs {
        assert!(
            b.domain.low.is_finite() && b.domain.high.is_finite() && b.domain.low < b.domain.high,
            "{b:?}"
        );
        assert!(b.domain.low <= b.value && b.value <= b.domain.high);
        assert!(
            b.swing
                .is_some_and(|(low, high)| low.is_finite() && high.is_finite())
        );
        assert!(b.flips.iter().all(|f| f.at.is_finite()));
    }
    for interval in weights(&world, "value").intervals {
        assert!(interval.keeps.0.is_finite() && interval.keeps.1.is_finite());
    }
}
