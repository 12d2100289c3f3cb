//! Weights by the best-worst method.

use super::*;

fn best_and_worst(
    items: &[&str],
    best: &str,
    worst: &str,
    from_best: &[f64],
    to_worst: &[f64],
) -> BestWorst {
    let row = |ratios: &[f64]| {
        items
            .iter()
            .zip(ratios)
            .map(|(item, &ratio)| ((*item).to_owned(), ratio))
            .collect()
    };
    BestWorst {
        best: best.to_owned(),
        worst: worst.to_owned(),
        best_to_others: row(from_best),
        others_to_worst: row(to_worst),
    }
}

/// Rezaei, J. (2015). Best-worst multi-criteria decision-making method. Omega 53, 49-57: the car, where epsilon solves
/// (5 - e)(2 - e) = 8 + e.
#[test]
fn best_worst_nonlinear_rezaei_2015() {
    let judged = best_and_worst(
        &["C1", "C2", "C3"],
        "C3",
        "C1",
        &[8.0, 2.0, 1.0],
        &[1.0, 5.0, 8.0],
    );
    let weights = best_worst::weights(&judged, BestWorstModel::Nonlinear)
        .expect("the judgements are complete");
    near(&weights, &[0.071, 0.338, 0.589], 2e-3);
    let epsilon = weights.epsilon.expect("a deviation");
    assert!(
        (epsilon - (4.0 - 14.0_f64.sqrt())).abs() < 1e-12,
        "{epsilon}"
    );
    let consistency = weights.consistency.expect("a ratio");
    assert!((consistency.ratio.expect("8 is in the table") - epsilon / 4.47).abs() < 1e-12);
    assert_eq!(
        consistency.worst.map(|worst| worst.over),
        Some("C2".to_owned())
    );
    assert!(
        weights.intervals.is_empty(),
        "three criteria leave no choice"
    );
}

/// Judgements that agree: weights in proportion 4 : 8 : 2 : 4 : 1 and no deviation, in both models.
#[test]
fn best_worst_consistent_judgements_give_their_weights() {
    let items = ["quality", "price", "comfort", "safety", "style"];
    let judged = best_and_worst(
        &items,
        "price",
        "style",
        &[2.0, 1.0, 4.0, 2.0, 8.0],
        &[4.0, 8.0, 2.0, 4.0, 1.0],
    );
    for model in [BestWorstModel::Nonlinear, BestWorstModel::Linear] {
        let weights = best_worst::weights(&judged, model).expect("the judgements are complete");
        near(
            &weights,
            &[4.0 / 19.0, 8.0 / 19.0, 2.0 / 19.0, 4.0 / 19.0, 1.0 / 19.0],
            1e-9,
        );
        assert!(weights.epsilon.expect("a deviation") < 1e-9);
        assert!(weights.intervals.is_empty());
    }
}

/// The optimum found by an independent linear solver (HiGHS), in 65ths.
#[test]
fn best_worst_linear_optimum() {
    let items = ["quality", "price", "comfort", "safety", "style"];
    let judged = best_and_worst(
        &items,
        "price",
        "style",
        &[2.0, 1.0, 4.0, 3.0, 8.0],
        &[4.0, 8.0, 4.0, 2.0, 1.0],
    );
    let weights =
        best_worst::weights(&judged, BestWorstModel::Linear).expect("the judgements are complete");
    near(
        &weights,
        &[
            16.0 / 65.0,
            28.0 / 65.0,
            8.0 / 65.0,
            10.0 / 65.0,
            3.0 / 65.0,
        ],
        1e-10,
    );
    assert!((weights.epsilon.expect("a deviation") - 4.0 / 65.0).abs() < 1e-10);

    let car = best_and_worst(
        &["C1", "C2", "C3"],
        "C3",
        "C1",
        &[8.0, 2.0, 1.0],
        &[1.0, 5.0, 8.0],
    );
    let car =
        best_worst::weights(&car, BestWorstModel::Linear).expect("the judgements are complete");
    near(&car, &[1.0 / 14.0, 4.5 / 14.0, 8.5 / 14.0], 1e-10);
}

/// Four criteria that contradict each other: every weight vector inside the intervals' box deviates by epsilon and no more.
#[test]
fn best_worst_several_optima_are_given_as_intervals() {
    let judged = best_and_worst(
        &["a", "b", "c", "d"],
        "a",
        "d",
        &[1.0, 2.0, 3.0, 9.0],
        &[9.0, 7.0, 3.0, 1.0],
    );
    let weights = best_worst::weights(&judged, BestWorstModel::Nonlinear)
        .expect("the judgements are complete");
    assert_eq!(weights.intervals.len(), 4);
    assert!(weights.notes[0].en.contains("equally well"));
    for ((item, share), (_, low, high)) in weights.weights.iter().zip(&weights.intervals) {
        assert!(
            low <= high && *share > low - 0.01 && *share < high + 0.01,
            "{item}: {share} in {low}..{high}"
        );
    }
    let epsilon = weights.epsilon.expect("a deviation");
    // b binds: (7 - e)(2 - e) = 9 + e.
    assert!(
        (epsilon - (5.0 - 20.0_f64.sqrt())).abs() < 1e-12,
        "{epsilon}"
    );
}

#[test]
fn best_worst_refuses_what_cannot_hold() {
    let refused = |judged: BestWorst| {
        best_worst::weights(&judged, BestWorstModel::Nonlinear).expect_err("cannot hold")
    };
    let missing = refused(best_and_worst(
        &["a", "b", "c"],
        "a",
        "c",
        &[1.0, 2.0, 4.0],
        &[4.0],
    ));
    let WeightError::Missing { pairs, .. } = missing else {
        panic!("b over c is missing")
    };
    assert_eq!(pairs, [("b".to_owned(), "c".to_owned())]);
    assert!(
        refused(best_and_worst(
            &["a", "b"],
            "a",
            "a",
            &[1.0, 2.0],
            &[1.0, 2.0]
        ))
        .to_string()
        .contains("both")
    );
    assert!(
        refused(best_and_worst(
            &["a", "b"],
            "a",
            "b",
            &[1.0, 0.5],
            &[0.5, 1.0]
        ))
        .to_string()
        .contains("below 1")
    );
    assert!(
        refused(best_and_worst(
            &["a", "b"],
            "a",
            "b",
            &[2.0, 2.0],
            &[2.0, 1.0]
        ))
        .to_string()
        .contains("itself")
    );
}
