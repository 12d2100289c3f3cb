//! Weights from pairwise comparisons (AHP), and the random indices behind their consistency ratio.

use super::*;

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
