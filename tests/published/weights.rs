//! Published cases and closed forms of the weights. Each test names its source.

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

fn columns<const K: usize>(directions: &str, rows: &[[f64; K]]) -> Vec<CriterionColumn> {
    let column = |(k, sign): (usize, char)| CriterionColumn {
        criterion: format!("C{}", k + 1),
        higher_is_better: sign == '+',
        values: rows.iter().map(|row| row[k]).collect(),
    };
    directions.chars().enumerate().map(column).collect()
}

fn matrix<const N: usize>(items: [&str; N], rows: [[f64; N]; N]) -> Pairwise {
    Pairwise {
        items: names(&items),
        judgements: Judgements::Matrix(rows.map(|row| row.map(Some).to_vec()).to_vec()),
        children: Vec::new(),
    }
}

fn compared(items: &[&str], comparisons: &[(&str, &str, f64)]) -> Pairwise {
    let comparison = |&(of, over, ratio): &(&str, &str, f64)| Comparison {
        of: of.to_owned(),
        over: over.to_owned(),
        ratio,
    };
    Pairwise {
        items: names(items),
        judgements: Judgements::List(comparisons.iter().map(comparison).collect()),
        children: Vec::new(),
    }
}

/// Saaty, T. L. (2008). Decision making with the analytic hierarchy process. Int. J. Services Sciences 1(1), 83-98: which
/// drink is consumed more in the US.
#[test]
fn pairwise_saaty_2008_drinks() {
    let judged = matrix(
        ["coffee", "wine", "tea", "beer", "soda", "milk", "water"],
        [
            [1.0, 9.0, 5.0, 2.0, 1.0, 1.0, 1.0 / 2.0],
            [
                1.0 / 9.0,
                1.0,
                1.0 / 3.0,
                1.0 / 9.0,
                1.0 / 9.0,
                1.0 / 9.0,
                1.0 / 9.0,
            ],
            [
                1.0 / 5.0,
                3.0,
                1.0,
                1.0 / 3.0,
                1.0 / 4.0,
                1.0 / 3.0,
                1.0 / 9.0,
            ],
            [1.0 / 2.0, 9.0, 3.0, 1.0, 1.0 / 2.0, 1.0, 1.0 / 3.0],
            [1.0, 9.0, 4.0, 2.0, 1.0, 2.0, 1.0 / 2.0],
            [1.0, 9.0, 3.0, 1.0, 1.0 / 2.0, 1.0, 1.0 / 3.0],
            [2.0, 9.0, 9.0, 3.0, 2.0, 3.0, 1.0],
        ],
    );
    let weights =
        pairwise::weights(&judged, RandomIndex::default()).expect("the judgements are complete");
    near(
        &weights,
        &[0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327],
        6e-4,
    );
    let consistency = weights
        .consistency
        .expect("pairwise comparisons have a consistency");
    assert!((consistency.lambda_max.expect("an eigenvalue") - 7.17663).abs() < 1e-5);
    assert!((consistency.index - 0.029438).abs() < 1e-6);
    assert!((consistency.ratio.expect("seven items are in the table") - 0.022).abs() < 6e-4);
    assert_eq!(
        (consistency.random_index, consistency.table.as_str()),
        (Some(1.32), "saaty1980")
    );
    assert!(weights.notes.is_empty());
}

/// Wang, Y. M., Chin, K. S. (2011). A linear programming approximation to the eigenvector method in the analytic hierarchy
/// process. Information Sciences 181(23), 5240-5248.
#[test]
fn pairwise_wang_chin_2011() {
    let judged = matrix(
        ["a", "b", "c", "d", "e", "f"],
        [
            [1.0, 4.0, 3.0, 1.0, 3.0, 4.0],
            [1.0 / 4.0, 1.0, 7.0, 3.0, 1.0 / 5.0, 1.0],
            [1.0 / 3.0, 1.0 / 7.0, 1.0, 1.0 / 5.0, 1.0 / 5.0, 1.0 / 6.0],
            [1.0, 1.0 / 3.0, 5.0, 1.0, 1.0, 1.0 / 3.0],
            [1.0 / 3.0, 5.0, 5.0, 1.0, 1.0, 3.0],
            [1.0 / 4.0, 1.0, 6.0, 3.0, 1.0 / 3.0, 1.0],
        ],
    );
    let weights =
        pairwise::weights(&judged, RandomIndex::default()).expect("the judgements are complete");
    near(
        &weights,
        &[0.3208, 0.1395, 0.0348, 0.1285, 0.2374, 0.1391],
        5e-5,
    );
    assert!(
        weights.notes[0].en.contains("contradict"),
        "this matrix is known for its inconsistency"
    );
}

/// Wikipedia, Analytic hierarchy process, leader example; ratios as in the documentation of AHPy, which rounds on the way. The candidates are
/// leaves below all four criteria and add up what they get from each.
#[test]
fn pairwise_hierarchy_wikipedia_leader_example() {
    let leaders = ["moll", "nell", "sue"];
    let level = |mn: f64, ms: f64, ns: f64| {
        compared(
            &leaders,
            &[
                ("moll", "nell", mn),
                ("moll", "sue", ms),
                ("nell", "sue", ns),
            ],
        )
    };
    let mut goal = compared(
        &["experience", "education", "charisma", "age"],
        &[
            ("experience", "education", 4.0),
            ("experience", "charisma", 3.0),
            ("experience", "age", 7.0),
            ("education", "charisma", 1.0 / 3.0),
            ("education", "age", 3.0),
            ("charisma", "age", 5.0),
        ],
    );
    let table = RandomIndex::find("saaty2005").expect("the table is known");
    near(
        &pairwise::weights(&goal, table).expect("complete"),
        &[0.548, 0.127, 0.270, 0.056],
        5e-4,
    );
    goal.children = vec![
        ("experience".to_owned(), level(0.25, 4.0, 9.0)),
        ("education".to_owned(), level(3.0, 0.2, 1.0 / 7.0)),
        ("charisma".to_owned(), level(5.0, 9.0, 4.0)),
        ("age".to_owned(), level(1.0 / 3.0, 5.0, 9.0)),
    ];
    let weights = pairwise::weights(&goal, table).expect("the judgements are complete");
    near(&weights, &[0.358, 0.493, 0.149], 6e-4);
    let ratio = |consistency: &weigh::weighting::JudgementConsistency| {
        consistency.ratio.expect("small tables")
    };
    assert!(
        (ratio(weights.consistency.as_ref().expect("the goal is judged")) - 0.044).abs() < 5e-4
    );
    let levels: Vec<(&str, f64)> = weights
        .levels
        .iter()
        .map(|(item, level)| (item.as_str(), ratio(level)))
        .collect();
    assert_eq!(levels[0].0, "experience");
    assert!(
        (levels[0].1 - 0.035).abs() < 6e-4 && (levels[1].1 - 0.062).abs() < 6e-4,
        "{levels:?}"
    );
}

/// Papathanasiou, J., Ploskas, N. (2018). Multiple Criteria Decision Aid. Springer, chapter 5: six sites below four criteria.
#[test]
fn pairwise_hierarchy_papathanasiou_ploskas_2018() {
    let sites = ["a", "b", "c", "d", "e", "f"];
    let criteria = [
        [1.0, 1.0, 5.0, 3.0],
        [1.0, 1.0, 5.0, 3.0],
        [1.0 / 5.0, 1.0 / 5.0, 1.0, 1.0 / 3.0],
        [1.0 / 3.0, 1.0 / 3.0, 3.0, 1.0],
    ];
    let mut goal = matrix(["k1", "k2", "k3", "k4"], criteria);
    let upper = [
        [
            5.0,
            1.0,
            1.0,
            1.0 / 3.0,
            3.0,
            1.0 / 3.0,
            1.0 / 5.0,
            1.0 / 7.0,
            1.0,
            1.0 / 3.0,
            1.0 / 5.0,
            1.0,
            1.0 / 3.0,
            3.0,
            7.0,
        ],
        [
            7.0,
            3.0,
            1.0 / 3.0,
            1.0 / 3.0,
            1.0 / 3.0,
            1.0 / 3.0,
            1.0 / 7.0,
            1.0 / 9.0,
            1.0 / 7.0,
            1.0 / 5.0,
            1.0 / 5.0,
            1.0 / 5.0,
            1.0,
            1.0,
            1.0,
        ],
        [
            1.0 / 9.0,
            1.0 / 7.0,
            1.0 / 9.0,
            1.0,
            1.0 / 5.0,
            1.0,
            1.0,
            5.0,
            3.0,
            1.0,
            5.0,
            1.0,
            7.0,
            3.0,
            1.0 / 3.0,
        ],
        [
            1.0 / 5.0,
            1.0 / 5.0,
            1.0 / 3.0,
            1.0 / 7.0,
            1.0 / 5.0,
            1.0,
            3.0,
            1.0 / 3.0,
            1.0,
            1.0,
            1.0 / 3.0,
            1.0,
            1.0 / 7.0,
            1.0,
            5.0,
        ],
    ];
    for (criterion, ratios) in ["k1", "k2", "k3", "k4"].into_iter().zip(upper) {
        let pairs = (0..6).flat_map(|i| (i + 1..6).map(move |j| (i, j)));
        let judged: Vec<(&str, &str, f64)> = pairs
            .zip(ratios)
            .map(|((i, j), ratio)| (sites[i], sites[j], ratio))
            .collect();
        goal.children
            .push((criterion.to_owned(), compared(&sites, &judged)));
    }
    let weights =
        pairwise::weights(&goal, RandomIndex::default()).expect("the judgements are complete");
    near(&weights, &[0.117, 0.071, 0.095, 0.212, 0.350, 0.155], 5e-4);
}

#[test]
fn pairwise_consistent_judgements_give_their_weights_and_no_worst() {
    let judged = compared(
        &["a", "b", "c"],
        &[("a", "b", 2.0), ("c", "b", 0.5), ("a", "c", 4.0)],
    );
    let weights =
        pairwise::weights(&judged, RandomIndex::Number(0.52)).expect("the judgements are complete");
    near(&weights, &[4.0 / 7.0, 2.0 / 7.0, 1.0 / 7.0], 1e-12);
    let consistency = weights
        .consistency
        .expect("pairwise comparisons have a consistency");
    assert!(
        consistency
            .ratio
            .expect("a number is an index for any size")
            < 1e-12
    );
    assert_eq!(
        (consistency.worst, consistency.table.as_str()),
        (None, "0.52")
    );
}

#[test]
fn pairwise_names_the_worst_judgement_and_what_would_fit() {
    // 2 x 2 x 2 = 8 all along the chain, but a over d is judged 1/2.
    let judged = compared(
        &["a", "b", "c", "d"],
        &[
            ("a", "b", 2.0),
            ("b", "c", 2.0),
            ("c", "d", 2.0),
            ("a", "c", 4.0),
            ("b", "d", 4.0),
            ("d", "a", 2.0),
        ],
    );
    let weights =
        pairwise::weights(&judged, RandomIndex::default()).expect("the judgements are complete");
    let consistency = weights
        .consistency
        .as_ref()
        .expect("pairwise comparisons have a consistency");
    let worst = consistency.worst.as_ref().expect("one judgement is off");
    assert_eq!(
        (worst.of.as_str(), worst.over.as_str(), worst.ratio),
        ("d", "a", 2.0)
    );
    assert!(
        worst.consistent < 1.0,
        "the others put a over d: {}",
        worst.consistent
    );
    assert!(consistency.ratio.expect("four items are in the table") > 0.1);
    assert!(weights.notes[0].zh.contains("判断互相矛盾"));
}

#[test]
fn pairwise_two_items_are_always_consistent() {
    let weights = pairwise::weights(
        &compared(&["a", "b"], &[("a", "b", 9.0)]),
        RandomIndex::default(),
    )
    .expect("complete");
    near(&weights, &[0.9, 0.1], 1e-15);
    assert_eq!(weights.consistency.expect("a pair").ratio, Some(0.0));
}

#[test]
fn pairwise_missing_pairs_are_named() {
    let error = pairwise::weights(
        &compared(&["a", "b", "c"], &[("a", "b", 3.0)]),
        RandomIndex::default(),
    );
    let Err(WeightError::Missing { pairs, text }) = error else {
        panic!("two pairs are missing")
    };
    assert_eq!(
        pairs,
        [
            ("a".to_owned(), "c".to_owned()),
            ("b".to_owned(), "c".to_owned())
        ]
    );
    assert!(text.en.contains("a/c, b/c"));
}

#[test]
fn pairwise_refuses_what_cannot_hold() {
    let refused = |judged: Pairwise| {
        pairwise::weights(&judged, RandomIndex::default())
            .expect_err("cannot hold")
            .to_string()
    };
    assert!(refused(compared(&["a", "b"], &[("a", "b", 0.0)])).contains("above 0"));
    assert!(refused(compared(&["a", "b"], &[("a", "b", f64::NAN)])).contains("above 0"));
    assert!(
        refused(compared(&["a", "b"], &[("a", "b", 2.0), ("b", "a", 2.0)]))
            .contains("1 divided by the other")
    );
    assert!(refused(compared(&["a", "b"], &[("a", "x", 2.0)])).contains("`x`"));
    assert!(refused(compared(&["a", "a"], &[])).contains("listed twice"));
    assert!(refused(compared(&[], &[])).contains("no items"));
    assert!(
        refused(matrix(["a", "b"], [[2.0, 1.0], [1.0, 1.0]])).contains("1 divided by the other")
    );
}

/// The tables in full, each as its source prints it and as other programs carry it: AHPy (Saaty 2005; Donegan & Dodd), pyDecision
/// (Saaty 1980), pymcdm (Golden & Wang).
#[test]
fn random_index_tables_are_those_of_their_sources() {
    let tables: [(&str, &[f64]); 5] = [
        (
            "saaty1980",
            &[
                0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
            ],
        ),
        (
            "saaty2005",
            &[
                0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59,
            ],
        ),
        (
            "donegan-dodd1991",
            &[
                0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213, 1.4497,
                1.4643, 1.4822, 1.4969, 1.5078, 1.5153, 1.5262, 1.5313, 1.5371,
            ],
        ),
        (
            "golden-wang1989",
            &[
                0.5799, 0.8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537, 1.4882, 1.5117, 1.5356,
                1.5571, 1.5714, 1.5831,
            ],
        ),
        (
            "alonso-lamata2006",
            &[
                0.5247, 0.8816, 1.1086, 1.2479, 1.3417, 1.4057, 1.4499, 1.4854, 1.5140, 1.5365,
                1.5551, 1.5713, 1.5838,
            ],
        ),
    ];
    for (id, values) in tables {
        let table = RandomIndex::find(id).expect("the table is known");
        let found: Vec<Option<f64>> = (3..3 + values.len()).map(|n| table.of(n)).collect();
        assert_eq!(
            found,
            values.iter().copied().map(Some).collect::<Vec<_>>(),
            "{id}"
        );
    }
    assert_eq!(TABLES.len(), tables.len());
    assert_eq!(
        RandomIndex::find("tummala-ling1998"),
        RandomIndex::find("golden-wang1989")
    );
}

/// 500,000 random matrices of each size, as the R package ahpsurvey (F. Cho, 2019) carries them: an independent simulation of what
/// Alonso & Lamata (2006) simulated.
#[test]
fn random_indices_of_alonso_lamata_agree_with_another_simulation() {
    let simulated = [
        0.525_168_6,
        0.883_665_1,
        1.108_101_4,
        1.249_277_4,
        1.341_551_4,
        1.404_846_6,
        1.450_719_7,
        1.485_726_6,
        1.514_102_2,
        1.535_663_8,
        1.554_592_5,
        1.570_349_8,
        1.583_995_8,
    ];
    let table = RandomIndex::find("alonso-lamata2006").expect("the table is known");
    for (n, simulated) in (3..).zip(simulated) {
        let found = table.of(n).expect("the table has 3 to 15 items");
        assert!(
            (found - simulated).abs() < 2.5e-3,
            "{n}: {found} and {simulated}"
        );
    }
}

#[test]
fn random_index_tables_end_where_their_source_ends() {
    let of = |id: &str, n: usize| RandomIndex::find(id).expect("the table is known").of(n);
    assert_eq!(
        ["saaty1980", "saaty2005", "golden-wang1989"].map(|id| of(id, 16)),
        [None; 3]
    );
    assert_eq!(of("donegan-dodd1991", 21), None);
    // Beyond its table the source gives a formula, here with the figures made from it by others.
    for (n, wanted) in (16..).zip([
        1.5978, 1.6086, 1.6181, 1.6265, 1.6341, 1.6409, 1.6470, 1.6526, 1.6577, 1.6624, 1.6667,
    ]) {
        assert!(
            (of("alonso-lamata2006", n).expect("the source gives a formula") - wanted).abs()
                < 1.1e-4,
            "{n}"
        );
    }
    assert_eq!(of("1.3", 5), Some(1.3));
    assert!(
        TABLES
            .iter()
            .all(|table| RandomIndex::Table(table).of(2) == Some(0.0))
    );
    assert!(
        RandomIndex::find("saaty1999").is_none()
            && RandomIndex::find("-1").is_none()
            && RandomIndex::find("NaN").is_none()
    );
}

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

/// Ulutaş, A. (2019). Entropi ve MABAC yöntemleri ile personel seçimi. OPUS 13(19), 1552-1573.
#[test]
fn entropy_ulutas_2019_personnel() {
    let rows = [
        [2.0, 1.0, 4.0, 7.0, 6.0, 6.0, 7.0, 3000.0],
        [4.0, 1.0, 5.0, 6.0, 7.0, 7.0, 6.0, 3500.0],
        [3.0, 2.0, 6.0, 6.0, 5.0, 6.0, 8.0, 4000.0],
        [5.0, 1.0, 5.0, 7.0, 6.0, 7.0, 7.0, 3000.0],
        [4.0, 2.0, 5.0, 6.0, 7.0, 7.0, 6.0, 3000.0],
        [3.0, 2.0, 6.0, 6.0, 6.0, 6.0, 6.0, 3500.0],
    ];
    let weights = entropy::weights(&columns("++++++++", &rows)).expect("the values are positive");
    near(
        &weights,
        &[
            0.2996736, 0.4413673, 0.0700909, 0.0212382, 0.0490229, 0.0230804, 0.0477633, 0.0477633,
        ],
        1e-6,
    );
}

/// Published matrices whose entropy weights pyrepo-mcda tests: Xu, X. (2004), EJOR 156(2), 530-532; Zavadskas, E. K., Podvezko, V.
/// (2016), Int. J. Information Technology & Decision Making 15(2), 267-283; Ersoy, Y. (2021), LogForum 17(3); Lee, H. C., Chang,
/// C. T. (2018), Renewable and Sustainable Energy Reviews 92, 883-896.
#[test]
fn entropy_xu_2004_zavadskas_2016_ersoy_2021_lee_chang_2018() {
    let of =
        |columns: &[CriterionColumn]| entropy::weights(columns).expect("the values are positive");
    let xu = columns(
        "++++",
        &[
            [30.0, 30.0, 38.0, 29.0],
            [19.0, 54.0, 86.0, 29.0],
            [19.0, 15.0, 85.0, 28.9],
            [68.0, 70.0, 60.0, 29.0],
        ],
    );
    near(&of(&xu), &[0.4630, 0.3992, 0.1378, 0.0], 5e-5);
    let zavadskas = columns(
        "-+-+",
        &[
            [3.0, 100.0, 10.0, 7.0],
            [2.5, 80.0, 8.0, 5.0],
            [1.8, 50.0, 20.0, 11.0],
            [2.2, 70.0, 12.0, 9.0],
        ],
    );
    near(&of(&zavadskas), &[0.1146, 0.1981, 0.4185, 0.2689], 5e-5);
    let ersoy = columns("++++--", &ERSOY);
    near(
        &of(&ersoy),
        &[0.405, 0.221, 0.134, 0.199, 0.007, 0.034],
        5e-4,
    );
    let lee = columns(
        "---+++--++",
        &[
            [4550.0, 30.0, 6.74, 20.0, 15.0, 5.0, 85.0, 150.0, 0.87, 4.76],
            [3005.0, 60.86, 2.4, 35.0, 27.0, 4.0, 26.0, 200.0, 0.17, 4.51],
            [2040.0, 14.85, 1.7, 90.0, 25.0, 5.0, 26.0, 500.0, 0.27, 4.19],
            [3370.0, 99.4, 3.25, 25.3, 54.0, 3.0, 45.0, 222.0, 0.21, 3.78],
            [
                3920.0, 112.6, 4.93, 11.4, 71.7, 2.0, 50.0, 100.0, 0.25, 4.11,
            ],
        ],
    );
    near(
        &of(&lee),
        &[
            0.026, 0.154, 0.089, 0.199, 0.115, 0.04, 0.08, 0.123, 0.172, 0.002,
        ],
        5e-4,
    );
}

/// Elsayed, E. A., Dawood, A. K. S., Karthikeyan, R. (2017). Evaluating alternatives through the application of TOPSIS
/// method with entropy weight. Int. J. Eng. Trends Technol. 46(2), 60-66.
#[test]
fn entropy_elsayed_2017() {
    let rows = [
        [7.0, 312.0, 1891.0, 6613.0, 163.0],
        [72.0, 88.0, 728.0, 941804.0, 1078.0],
        [10.0, 252.0, 2594.0, 3466.0, 117471.0],
        [10.0, 145.0, 980.0, 2371.0, 86329.0],
        [65.0, 54.0, 350.0, 501.0, 29897.0],
        [29.0, 48.0, 380.0, 912.0, 34051.0],
        [7.0, 476.0, 3300.0, 78470.0, 2212.0],
        [70.0, 87.0, 650.0, 733.0, 819000.0],
        [4.0, 86.0, 591.0, 3015.0, 103.0],
        [12.0, 79.0, 579.0, 3240.0, 96098.0],
        [21.0, 45.0, 261.0, 1253.0, 453.0],
        [1.0, 72.0, 530.0, 4333.0, 0.1048],
    ];
    let weights = entropy::weights(&columns("+++++", &rows)).expect("the values are positive");
    near(
        &weights,
        &[0.104991, 0.069124, 0.071373, 0.449937, 0.304575],
        5e-7,
    );
}

/// The paper the method is from (Diakoulaki et al. 1995), eight firms; figures to eight digits as tested by scikit-criteria.
#[test]
fn critic_diakoulaki_1995_pharmaceutical_firms() {
    let rows = [
        [61.0, 1.08, 4.33],
        [20.7, 0.26, 4.34],
        [16.3, 1.98, 2.53],
        [9.0, 3.29, 1.65],
        [5.4, 2.77, 2.33],
        [4.0, 4.12, 1.21],
        [-6.1, 3.52, 2.10],
        [-34.6, 3.31, 0.98],
    ];
    let weights = critic::weights(&columns("+++", &rows)).expect("the columns differ");
    near(&weights, &[0.202_225_54, 0.480_901_73, 0.316_872_73], 5e-9);
}

/// Tuş, A., Aytaç Adalı, E. (2019). The new combination with CRITIC and WASPAS methods for the time and attendance software
/// selection problem. Opsearch 56(2), 528-538; all criteria read as benefits.
#[test]
fn critic_tus_adali_2019_time_and_attendance_software() {
    let weights = critic::weights(&columns("++++++", &TUS_ADALI)).expect("the columns differ");
    near(&weights, &[0.157, 0.249, 0.168, 0.121, 0.154, 0.151], 6e-4);
}

/// Akçakanat, Ö., Aksoy, E., Teker, T. (2018), banks of the TR-61 region, with a min criterion; figures as tested by JMcDM.
#[test]
fn critic_akcakanat_2018_with_a_min_criterion() {
    let rows = [
        [12.9918, 0.7264, -1.1009, 1.598139592],
        [4.1201, 5.8824, 3.4483, 1.021563567],
        [4.1039, 0.0, -0.5076, 0.984469444],
    ];
    let weights = critic::weights(&columns("++-+", &rows)).expect("the columns differ");
    near(
        &weights,
        &[0.16883925, 0.418444976, 0.249124763, 0.163591012],
        5e-6,
    );
}

/// Keshavarz-Ghorabaee, M., Amiri, M., Zavadskas, E. K., Turskis, Z., Antucheviciene, J. (2021). Determination of objective
/// weights using a new method based on the removal effects of criteria (MEREC). Symmetry 13(4), 525.
#[test]
fn merec_keshavarz_ghorabaee_2021() {
    let rows = [
        [450.0, 8000.0, 54.0, 145.0],
        [10.0, 9100.0, 2.0, 160.0],
        [100.0, 8200.0, 31.0, 153.0],
        [220.0, 9300.0, 1.0, 162.0],
        [5.0, 8400.0, 23.0, 158.0],
    ];
    let weights = merec::weights(&columns("++--", &rows)).expect("the values are positive");
    near(&weights, &[0.5752, 0.0141, 0.4016, 0.0091], 5e-5);
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

#[test]
fn weights_from_data_are_defined_on_degenerate_columns() {
    let constant = columns("+-", &[[1.0, 5.0], [1.0, 2.0], [1.0, 9.0]]);
    for (name, weights) in [
        ("entropy", entropy::weights(&constant)),
        ("critic", critic::weights(&constant)),
        ("merec", merec::weights(&constant)),
    ] {
        let weights = weights.expect(name);
        near(&weights, &[0.0, 1.0], 0.0);
        assert!(weights.notes[0].en.contains("constant"), "{name}");
    }
    let flat = columns("++", &[[1.0, 5.0], [1.0, 5.0]]);
    let zeros = columns("++", &[[0.0, 1.0], [0.0, 2.0]]);
    let negative = columns("++", &[[-1.0, 1.0], [3.0, 2.0]]);
    let infinite = columns("+", &[[f64::INFINITY], [1.0]]);
    for weights in [entropy::weights, critic::weights, merec::weights] {
        assert!(matches!(weights(&flat), Err(WeightError::Uninformative(_))));
        assert!(matches!(weights(&infinite), Err(WeightError::Number(_))));
        assert!(matches!(
            weights(&columns("+", &[[1.0]])),
            Err(WeightError::Shape(_))
        ));
        assert!(matches!(weights(&[]), Err(WeightError::Shape(_))));
    }
    assert!(
        entropy::weights(&zeros)
            .expect_err("no shares")
            .to_string()
            .contains("C1")
    );
    assert!(
        entropy::weights(&negative)
            .expect_err("no shares")
            .to_string()
            .contains("-1")
    );
    assert!(merec::weights(&zeros).is_err() && merec::weights(&negative).is_err());
    let alike = columns("++", &[[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]);
    assert!(
        critic::weights(&alike)
            .expect_err("no conflict")
            .to_string()
            .contains("fully correlated")
    );
}
