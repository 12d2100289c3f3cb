//! Published cases and closed forms of the weights. Each test names its source.

mod best_worst_method;
mod from_data;
mod pairwise_comparison;

use crate::data::{ERSOY, TUS_ADALI};
use weigh::weighting::best_worst::{self, BestWorst, BestWorstModel};
use weigh::weighting::matrix::CriterionColumn;
use weigh::weighting::pairwise::{self, Comparison, Judgements, Pairwise};
use weigh::weighting::random_index::{RandomIndex, TABLES};
use weigh::weighting::rank_order::{self, RankOrderFormula};
use weigh::weighting::{WeightError, Weights, critic, entropy, merec, points, swing};

fn names(items: &[&str]) -> Vec<String> {
    items.iter().map(|&item| item.to_owned()).collect()
}

#[track_caller]
fn near(found: &Weights, expected: &[f64], tolerance: f64) {
    assert_eq!(found.weights.len(), expected.len());
    assert!((found.weights.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-12);
    for ((item, share), wanted) in found.weights.iter().zip(expected) {
        assert!(
            (share - wanted).abs() <= tolerance,
            "{item}: {share} is not {wanted} +- {tolerance}"
        );
    }
}

/// Barron, F. H., Barrett, B. E. (1996), four attributes; the other two formulas by hand.
#[test]
fn rank_order_barron_barrett_1996() {
    let order = names(&["a", "b", "c", "d"]);
    let of = |formula: RankOrderFormula| {
        rank_order::weights(formula, &order).expect("the order is legal")
    };
    near(
        &of(RankOrderFormula::Centroid),
        &[0.5208, 0.2708, 0.1458, 0.0625],
        5e-5,
    );
    near(&of(RankOrderFormula::Sum), &[0.4, 0.3, 0.2, 0.1], 1e-15);
    near(
        &of(RankOrderFormula::Reciprocal),
        &[0.48, 0.24, 0.16, 0.12],
        1e-15,
    );
    assert_eq!(
        RankOrderFormula::find("roc"),
        Some(RankOrderFormula::Centroid)
    );
    assert_eq!(RankOrderFormula::find("ROC"), None);
}

#[test]
fn points_and_swings_are_shares() {
    let given = |amounts: &[(&str, f64)]| {
        amounts
            .iter()
            .map(|&(item, amount)| (item.to_owned(), amount))
            .collect::<Vec<_>>()
    };
    let weights = swing::weights(&given(&[("a", 100.0), ("b", 60.0), ("c", 0.0)]))
        .expect("the swings are legal");
    near(&weights, &[0.625, 0.375, 0.0], 1e-15);
    assert!(weights.notes.is_empty());
    assert!(
        swing::weights(&given(&[("a", 80.0)])).expect("legal").notes[0]
            .en
            .contains("80")
    );
    assert!(
        points::weights(&given(&[("a", 0.0)]))
            .expect_err("nothing counts")
            .to_string()
            .contains("all amounts are 0")
    );
    assert!(
        points::weights(&given(&[("a", -1.0)]))
            .expect_err("negative")
            .to_string()
            .contains("-1")
    );
    assert!(points::weights(&given(&[("a", f64::INFINITY)])).is_err());
    assert!(
        points::weights(&given(&[("a", 1.0), ("a", 1.0)]))
            .expect_err("twice")
            .to_string()
            .contains("twice")
    );
    assert!(points::weights(&[]).is_err());
}
