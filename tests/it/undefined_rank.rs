//! Cases in which a method's formula divides by nothing, takes a logarithm of nothing, or has nothing to compare: each has
//! a word, and no figure is ever NaN.

use weigh::rank::{
    Axis, Direction, MethodDetail, MethodResult, Params, Problem, RankError, find, methods, ranks,
};

const SWEEP: &[(&str, &[&str])] = &[
    ("value", &[]),
    ("value", &["clip=no"]),
    ("weighted-sum", &[]),
    ("weighted-sum", &["normalisation=minmax"]),
    ("weighted-sum", &["normalisation=sum"]),
    ("weighted-sum", &["normalisation=vector"]),
    ("weighted-sum", &["normalisation=none"]),
    ("weighted-product", &[]),
    ("weighted-product", &["normalisation=minmax"]),
    ("weighted-product", &["normalisation=sum"]),
    ("weighted-product", &["normalisation=vector"]),
    ("weighted-product", &["normalisation=none"]),
    ("waspas", &[]),
    ("topsis", &[]),
    ("topsis", &["normalisation=minmax"]),
    ("topsis", &["normalisation=max"]),
    ("topsis", &["normalisation=sum"]),
    ("vikor", &[]),
    ("promethee", &[]),
    ("promethee", &["shape=linear", "q=1", "p=2"]),
    ("promethee", &["shape=gaussian", "s=1"]),
    ("electre-1", &[]),
    (
        "electre-1",
        &["normalisation=minmax", "discordance=global-range"],
    ),
    ("marcos", &[]),
    ("spotis", &[]),
];

/// `directions` holds `+` for max and `-` for min; every criterion has the anchors 0 and 10.
fn problem<const K: usize>(
    directions: &str,
    rows: &[[f64; K]],
    weights: [f64; K],
) -> Result<Problem, RankError> {
    let axes = directions.chars().enumerate().map(|(k, sign)| match sign {
        '+' => Axis::new(&format!("C{}", k + 1), Direction::Max).anchored(0.0, 10.0),
        _ => Axis::new(&format!("C{}", k + 1), Direction::Min).anchored(10.0, 0.0),
    });
    let values = (0..K)
        .flat_map(|k| rows.iter().map(move |row| row[k]))
        .collect();
    Problem::new(axes.collect(), rows.len(), values, weights.to_vec())
}

fn legal<const K: usize>(directions: &str, rows: &[[f64; K]], weights: [f64; K]) -> Problem {
    problem(directions, rows, weights).expect("the matrix is legal")
}

fn run(method: &str, problem: &Problem, params: &[&str]) -> Result<MethodResult, RankError> {
    find(method)?.run(problem, &Params::parse(params)?)
}

fn finite(outcome: &MethodResult) -> bool {
    outcome
        .outputs
        .iter()
        .map(|(_, figures)| figures)
        .chain([&outcome.scores])
        .flatten()
        .all(|figure| figure.is_finite())
}

fn says(outcome: &MethodResult, word: &str) -> bool {
    outcome
        .warnings
        .iter()
        .any(|warning| warning.en.contains(word))
}

#[track_caller]
fn error_of(result: Result<MethodResult, RankError>) -> String {
    let error = result.expect_err("the formula is not defined here");
    assert!(!error.text().zh.is_empty());
    error.to_string()
}

#[test]
fn one_candidate_is_first_under_every_method() {
    for &(method, params) in SWEEP {
        let outcome = run(method, &legal("+-", &[[3.0, 4.0]], [1.0, 2.0]), params).expect(method);
        assert!(finite(&outcome), "{method} {params:?}");
        assert_eq!(
            ranks(&outcome.scores, outcome.higher_is_better),
            [1],
            "{method} {params:?}"
        );
        assert!(says(&outcome, "one candidate"), "{method} {params:?}");
    }
}

#[test]
fn one_criterion_orders_by_itself_under_every_method_that_ranks() {
    for &(method, params) in SWEEP.iter().filter(|(method, _)| *method != "electre-1") {
        let outcome =
            run(method, &legal("-", &[[3.0], [1.0], [8.0]], [5.0]), params).expect(method);
        assert_eq!(
            ranks(&outcome.scores, outcome.higher_is_better),
            [2, 1, 3],
            "{method} {params:?}"
        );
        assert!(says(&outcome, "one criterion"), "{method}");
    }
}

#[test]
fn identical_candidates_tie_under_every_method() {
    for &(method, params) in SWEEP {
        let outcome =
            run(method, &legal("+-", &[[3.0, 4.0]; 4], [1.0, 2.0]), params).expect(method);
        assert!(finite(&outcome), "{method} {params:?}");
        assert_eq!(
            ranks(&outcome.scores, outcome.higher_is_better),
            [1; 4],
            "{method} {params:?}"
        );
        assert!(says(&outcome, "identical"), "{method}");
    }
}

#[test]
fn a_constant_criterion_is_named_and_changes_no_rank() {
    let rows = [[3.0, 4.0, 7.0], [5.0, 4.0, 7.5], [2.0, 4.0, 1.0]];
    let without = [[3.0, 7.0], [5.0, 7.5], [2.0, 1.0]];
    for &(method, params) in SWEEP.iter().filter(|(method, _)| *method != "electre-1") {
        let outcome = run(method, &legal("++-", &rows, [1.0, 4.0, 2.0]), params).expect(method);
        let fewer = run(method, &legal("+-", &without, [1.0, 2.0]), params).expect(method);
        assert!(
            finite(&outcome) && says(&outcome, "does not discriminate"),
            "{method} {params:?}"
        );
        let order = |outcome: &MethodResult| ranks(&outcome.scores, outcome.higher_is_better);
        assert_eq!(order(&outcome), order(&fewer), "{method} {params:?}");
    }
}

/// What a criterion without weight says, 0 and negative values included, changes no figure.
#[test]
fn a_criterion_of_weight_zero_counts_nowhere() {
    let plain = [[3.0, 7.0, 1.0], [5.0, 7.5, 2.0], [2.0, 1.0, 3.0]];
    let other = [[3.0, 7.0, 9.0], [5.0, 7.5, -5.0], [2.0, 1.0, 0.0]];
    for &(method, params) in SWEEP {
        let a = run(method, &legal("+-+", &plain, [1.0, 2.0, 0.0]), params).expect(method);
        let b = run(method, &legal("+-+", &other, [1.0, 2.0, 0.0]), params).expect(method);
        assert_eq!(a.scores, b.scores, "{method} {params:?}");
        assert!(says(&a, "weight 0"), "{method}");
    }
}

#[test]
fn no_matrix_is_made_of_nothing() {
    let refused = |result: Result<Problem, RankError>| result.expect_err("not legal").to_string();
    assert!(refused(problem::<1>("+", &[], [1.0])).contains("no candidate"));
    assert!(refused(Problem::new(Vec::new(), 1, Vec::new(), Vec::new())).contains("no criterion"));
    assert!(refused(problem("+", &[[f64::NAN]], [1.0])).contains("not a finite number"));
    assert!(
        refused(problem(
            "++",
            &[[1.0, 2.0], [1.0, f64::INFINITY]],
            [1.0, 1.0]
        ))
        .contains("`C2` of candidate number 2")
    );
    assert!(refused(problem("+", &[[1e200]], [1.0])).contains("another unit"));
    assert!(refused(problem("+", &[[1.0]], [0.0])).contains("all weights are 0"));
    assert!(refused(problem("++", &[[1.0, 1.0]], [2.0, -1.0])).contains("below 0"));
    assert!(refused(problem("+", &[[1.0]], [f64::NAN])).contains("weight of `C1`"));
    assert!(refused(problem("+", &[[1.0]], [f64::INFINITY])).contains("weight of `C1`"));
    assert!(refused(problem("+", &[[1.0]], [1e308])).contains("weight of `C1` is 1e308:"));
    let short = Problem::new(
        vec![Axis::new("a", Direction::Max)],
        2,
        vec![1.0],
        vec![1.0],
    );
    assert!(refused(short).contains("2 are needed"));
    let weights = Problem::new(
        vec![Axis::new("a", Direction::Max)],
        1,
        vec![1.0],
        vec![1.0, 1.0],
    );
    assert!(refused(weights).contains("2 weights for 1 criteria"));
    let anchors = |worst, best| {
        Problem::new(
            vec![Axis::new("a", Direction::Max).anchored(worst, best)],
            1,
            vec![1.0],
            vec![1.0],
        )
    };
    assert!(refused(anchors(5.0, 5.0)).contains("above"));
    assert!(refused(anchors(5.0, 1.0)).contains("above"));
    assert!(refused(anchors(0.0, f64::INFINITY)).contains("finite"));
}

#[test]
fn zeros_and_negative_values_where_a_formula_divides() {
    let zero_min = legal("+-", &[[1.0, 0.0], [2.0, 3.0]], [1.0, 1.0]);
    let negative = legal("++", &[[1.0, -1.0], [2.0, 3.0]], [1.0, 1.0]);
    for method in ["weighted-sum", "weighted-product", "waspas", "marcos"] {
        assert!(
            error_of(run(method, &zero_min, &[])).contains("`C2`"),
            "{method}"
        );
        assert!(
            error_of(run(method, &negative, &[])).contains("-1"),
            "{method}"
        );
    }
    assert!(error_of(run("topsis", &zero_min, &["normalisation=max"])).contains("divides"));
    assert!(
        error_of(run("weighted-product", &zero_min, &["normalisation=none"]))
            .contains("logarithms")
    );
    assert!(
        error_of(run("weighted-product", &negative, &["normalisation=none"]))
            .contains("logarithms")
    );
    for method in ["value", "topsis", "vikor", "promethee", "electre-1"] {
        assert!(
            finite(&run(method, &zero_min, &[]).expect(method)),
            "{method}"
        );
        assert!(
            finite(&run(method, &negative, &[]).expect(method)),
            "{method}"
        );
    }
}

#[test]
fn a_zero_factor_makes_the_product_zero_and_says_so() {
    let problem = legal("++", &[[0.0, 5.0], [2.0, 3.0]], [1.0, 1.0]);
    let product = run("weighted-product", &problem, &[]).expect("0 is a legal factor");
    assert_eq!(product.scores[0], 0.0);
    assert!(
        says(&product, "factor of 0") && product.outputs.is_empty(),
        "no logarithm of 0 is shown"
    );
    let waspas = run("waspas", &problem, &[]).expect("0 is a legal factor");
    assert!(finite(&waspas) && says(&waspas, "factor of 0"));
}

#[test]
fn a_column_of_zeros_is_constant() {
    let problem = legal("++", &[[0.0, 5.0], [0.0, 3.0]], [1.0, 1.0]);
    for normalisation in ["max", "sum", "vector", "minmax"] {
        let outcome = run(
            "weighted-sum",
            &problem,
            &[&format!("normalisation={normalisation}")],
        )
        .expect("defined");
        assert_eq!(ranks(&outcome.scores, true), [1, 2], "{normalisation}");
        assert!(finite(&outcome));
    }
    let marcos = legal("++", &[[0.0, 5.0], [4.0, 0.0]], [1.0, 1.0]);
    assert!(error_of(run("marcos", &marcos, &[])).contains("anti-ideal"));
}

#[test]
fn vikor_where_all_group_utilities_or_regrets_are_equal() {
    // S is 1/2 for both, R is 1/2 for both: Q is 0 for both and both are proposed.
    let outcome = run(
        "vikor",
        &legal("++", &[[0.0, 10.0], [10.0, 0.0]], [1.0, 1.0]),
        &[],
    )
    .expect("defined");
    assert_eq!(outcome.scores, [0.0, 0.0]);
    let MethodDetail::Vikor {
        compromise_set,
        acceptable_advantage,
        ..
    } = outcome.detail
    else {
        panic!("VIKOR has a compromise")
    };
    assert_eq!((compromise_set, acceptable_advantage), (vec![0, 1], false));

    let alone = run("vikor", &legal("+", &[[4.0]], [1.0]), &[]).expect("defined");
    let expected = MethodDetail::Vikor {
        compromise_set: vec![0],
        acceptable_advantage: true,
        acceptable_stability: true,
    };
    assert_eq!(alone.detail, expected);
}

#[test]
fn topsis_of_identical_candidates_is_half_way() {
    let outcome = run("topsis", &legal("+", &[[4.0], [4.0]], [1.0]), &[]).expect("defined");
    assert_eq!(outcome.scores, [0.5, 0.5]);
}

/// Flows of a circle of three cancel; rounding must not break the tie.
#[test]
fn promethee_net_flows_of_a_circle_tie_at_zero() {
    let rows = [[1.0, 2.0, 3.0], [2.0, 3.0, 1.0], [3.0, 1.0, 2.0]];
    let outcome = run("promethee", &legal("+++", &rows, [0.1, 0.1, 0.1]), &[]).expect("defined");
    assert_eq!(outcome.scores, [0.0; 3]);
    assert_eq!(ranks(&outcome.scores, true), [1; 3]);
}

#[test]
fn promethee_shapes_ask_for_their_thresholds() {
    let problem = legal("++", &[[1.0, 2.0], [2.0, 1.0]], [1.0, 1.0]);
    assert!(error_of(run("promethee", &problem, &["shape=v-shape"])).contains("needs `p`"));
    assert!(error_of(run("promethee", &problem, &["shape.C2=gaussian"])).contains("`C2`"));
    assert!(
        error_of(run("promethee", &problem, &["shape=linear", "q=3", "p=2"]))
            .contains("above its preference threshold")
    );
    let step =
        run("promethee", &problem, &["shape=linear", "q=0.5", "p=0.5"]).expect("q = p is a step");
    assert_eq!(
        step.scores,
        run("promethee", &problem, &["shape=u-shape", "q=0.5"])
            .expect("defined")
            .scores
    );
}

#[test]
fn methods_that_compare_all_pairs_have_a_limit() {
    let many = |n: usize| {
        let values = (0..n).map(|i| i as f64).collect();
        Problem::new(vec![Axis::new("a", Direction::Max)], n, values, vec![1.0]).expect("legal")
    };
    assert!(matches!(
        run("electre-1", &many(2_001), &[]),
        Err(RankError::TooMany { limit: 2_000, .. })
    ));
    assert!(matches!(
        run("promethee", &many(5_001), &["shape=gaussian", "s=1"]),
        Err(RankError::TooMany { limit: 5_000, .. })
    ));
    assert!(run("promethee", &many(5_001), &["shape=level", "q=1", "p=2"]).is_ok());
}

/// A chain of outranking: the last is outranked only by one outside the kernel, so it is in it.
#[test]
fn electre_1_kernel_of_a_chain_and_of_a_circle() {
    let chain = legal("+", &[[10.0], [7.0], [4.0]], [1.0]);
    let outcome = run("electre-1", &chain, &["q=1"]).expect("defined");
    let MethodDetail::Electre { kernel, .. } = &outcome.detail else {
        panic!("ELECTRE I has a kernel")
    };
    assert_eq!(
        kernel,
        &[0],
        "without a discordance limit the first outranks both"
    );

    let rows = [
        [1.0, 2.0, 3.0],
        [2.0, 3.0, 1.0],
        [3.0, 1.0, 2.0],
        [0.0, 0.0, 0.0],
    ];
    let circle = run(
        "electre-1",
        &legal("+++", &rows, [1.0; 3]),
        &["p=0.6", "q=1"],
    )
    .expect("defined");
    let MethodDetail::Electre { kernel, .. } = &circle.detail else {
        panic!("ELECTRE I has a kernel")
    };
    assert_eq!(kernel, &[0, 1, 2], "a circle counts as one");
    assert!(says(&circle, "cycle"));

    // a outranks b and b outranks c, but c objects to a: a and c are the kernel.
    let rows = [[10.0, 8.0, 0.0], [9.0, 7.0, 4.0], [8.0, 6.0, 8.0]];
    let steps = run(
        "electre-1",
        &legal("+++", &rows, [1.0; 3]),
        &["p=0.6", "q=0.5"],
    )
    .expect("defined");
    let MethodDetail::Electre { kernel, .. } = &steps.detail else {
        panic!("ELECTRE I has a kernel")
    };
    assert_eq!(kernel, &[0, 2]);
    assert_eq!(
        steps.outputs[1].1,
        [1.0, 0.0, 0.0],
        "c is outranked, though not by the kernel"
    );
}

#[test]
fn spotis_refuses_criteria_without_bounds_and_warns_beyond_them() {
    let bare = Problem::new(
        vec![Axis::new("cost", Direction::Min)],
        2,
        vec![1.0, 2.0],
        vec![1.0],
    )
    .expect("legal");
    assert!(error_of(run("spotis", &bare, &[])).contains("`cost`"));
    assert!(says(
        &run("value", &bare, &[]).expect("the observed range stands in"),
        "can reverse ranks"
    ));
    let beyond = run("spotis", &legal("+", &[[11.0], [5.0]], [1.0]), &[]).expect("defined");
    assert!(says(&beyond, "outside its bounds"));
    assert!(
        error_of(run(
            "spotis",
            &legal("+", &[[1.0]], [1.0]),
            &["expected.C1=11"]
        ))
        .contains("outside")
    );
}

#[test]
fn parameters_are_checked_by_name_and_value() {
    let problem = legal("++", &[[1.0, 2.0], [2.0, 1.0]], [1.0, 1.0]);
    let refused = |method: &str, param: &str| {
        let error = run(method, &problem, &[param]).expect_err("the parameter is wrong");
        assert!(matches!(error, RankError::Parameter { .. }), "{param}");
        error.to_string()
    };
    assert!(refused("topsis", "normalization=max").contains("did you mean `normalisation`?"));
    assert!(refused("topsis", "normalisation=vectr").contains("did you mean `vector`?"));
    assert!(refused("topsis", "normalisation=none").contains("vector | minmax | max | sum"));
    assert!(refused("vikor", "v=NaN").contains("a number from 0 to 1"));
    assert!(refused("vikor", "v=1.01").contains("a number from 0 to 1"));
    assert!(refused("vikor", "v=").contains("cannot be ``"));
    assert!(refused("promethee", "p=inf").contains("above 0"));
    assert!(refused("promethee", "q=-1").contains("0 or above"));
    assert!(refused("promethee", "shape.C3=usual").contains("does not name a criterion"));
    assert!(refused("vikor", "v.C1=0.5").contains("cannot be set for a single one"));
    assert!(refused("spotis", "lambda=1").contains("there is no parameter `lambda`"));
    assert!(
        Params::parse(["v"])
            .expect_err("no value")
            .to_string()
            .contains("name=value")
    );
    assert!(
        Params::parse(["v=1", "v=0"])
            .expect_err("twice")
            .to_string()
            .contains("twice")
    );
    let Err(unknown) = find("topsys") else {
        panic!("there is no such method")
    };
    assert!(unknown.to_string().contains("did you mean `topsis`?"));
}

#[test]
fn parameters_in_force_are_listed_with_their_defaults() {
    let problem = legal("++", &[[1.0, 2.0], [2.0, 1.0]], [1.0, 1.0]);
    let outcome = run("promethee", &problem, &["shape.C1=v-shape", "p.C1=3"]).expect("defined");
    let listed: Vec<(&str, &str)> = outcome
        .params
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let expected = [
        ("shape", "usual"),
        ("q", "0"),
        ("weights", "normalised"),
        ("shape.C1", "v-shape"),
        ("p.C1", "3"),
    ];
    assert_eq!(listed, expected);
}

#[test]
fn every_method_says_what_it_is_in_both_languages() {
    for method in methods() {
        for text in [method.title(), method.assumptions()] {
            assert!(
                !text.en.is_empty() && !text.zh.is_empty(),
                "{}",
                method.id()
            );
        }
        let cited = |year: u32| method.citation().contains(&format!("({year})"));
        assert!((1900..2027).any(cited), "{} names a year", method.id());
        for parameter in method.parameters() {
            assert!(
                !parameter.meaning().zh.is_empty() && !parameter.allowed().en.is_empty(),
                "{}",
                parameter.name
            );
        }
    }
}

/// Weights as given may be so large that figures overflow; the answer is an error, not infinity.
#[test]
fn overflow_is_refused() {
    let problem = legal("+", &[[1e140], [1e-140]], [1e3]);
    let error = error_of(run(
        "weighted-product",
        &problem,
        &["normalisation=none", "weights=as-given"],
    ));
    assert!(error.contains("overflows"));
    let wide = legal("+", &[[1e150], [-1e150]], [1e150]);
    for &(method, params) in SWEEP {
        let params: Vec<&str> = params.iter().copied().chain(["weights=as-given"]).collect();
        if let Ok(outcome) = run(method, &wide, &params) {
            assert!(finite(&outcome), "{method}");
        }
    }
}
