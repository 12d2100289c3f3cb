//! Missing values, impossible operations, and what a value rests on.

use super::world::{Formula, YEAR, value};

const MISSING: f64 = f64::NAN;

#[test]
fn arithmetic_and_comparison_pass_it_on() {
    for text in [
        "x + 1",
        "0 * x",
        "x ^ 0",
        "-x",
        "min(x, 1)",
        "max(1, x)",
        "x < 1",
        "x == x",
        "not (x > 1)",
        "clamp(1, 0, x)",
        "slope(x)",
    ] {
        assert!(value(text, &[]).is_nan(), "{text}");
    }
    assert!(value("language in [\"go\"]", &[]).is_nan());
    assert!(value("sum(t in 1..x: t)", &[]).is_nan());
}

#[test]
fn logic_is_three_valued() {
    for (text, expected) in [
        ("x > 1 and false", 0.0),
        ("false and x > 1", 0.0),
        ("x > 1 or true", 1.0),
        ("true or x > 1", 1.0),
        ("x > 1 and true", MISSING),
        ("x > 1 or false", MISSING),
    ] {
        let found = value(text, &[]);
        assert!(
            found == expected || (found.is_nan() && expected.is_nan()),
            "{text}: {found}"
        );
    }
}

#[test]
fn a_branch_not_taken_does_not_matter() {
    let formula = Formula::new("if(x > 3, y, z)");
    assert_eq!(formula.at(&[("x", 5.0), ("y", 1.0)]), 1.0);
    assert_eq!(formula.used(&[("x", 5.0), ("y", 1.0)]), ["x", "y"]);
    assert_eq!(formula.used(&[("x", 0.0), ("y", 1.0)]), ["x", "z"]);
    assert_eq!(formula.undefined(&[("x", 0.0), ("y", 1.0)]), ["missing z"]);
    assert_eq!(formula.undefined(&[("y", 1.0), ("z", 1.0)]), ["missing x"]);
    assert_eq!(formula.used(&[("y", 1.0)]), ["x"]);
}

#[test]
fn known_asks_without_failing() {
    let formula = Formula::new("if(known(x), x, 7)");
    assert_eq!(formula.at(&[("x", 2.0)]), 2.0);
    assert_eq!(formula.at(&[]), 7.0);
    assert_eq!(value("known(1 / x)", &[("x", 0.0)]), 0.0);
    assert_eq!(value("known(3)", &[]), 1.0);
}

#[test]
fn what_cannot_be_computed_says_why() {
    for (text, given, reason) in [
        ("1 / x", 0.0, "division by zero"),
        ("ln(x)", 0.0, "logarithm of zero"),
        ("log10(x)", -1.0, "logarithm of a negative number"),
        ("sqrt(x)", -1.0, "square root of a negative number"),
        (
            "x ^ 0.5",
            -1.0,
            "a negative number to a power that is not whole",
        ),
        (
            "x ^ -1",
            0.0,
            "zero to a negative power is a division by zero",
        ),
        ("exp(x)", 1000.0, "the result is too large"),
        ("x * 1e300", 1e300, "the result is too large"),
        (
            "clamp(1, x, 0)",
            1.0,
            "the lower limit is above the upper limit",
        ),
        ("sum(t in 1..x: t)", 1e6, "more than 200 rounds"),
        ("mean(t in 1..x: t)", 0.0, "there are no values to combine"),
        (
            "mean(t in 1..2: t, weight: x)",
            0.0,
            "the weights add up to zero, or the sum is too large",
        ),
        ("sum(t in 0..2: 1 / (t - x))", 1.0, "division by zero"),
    ] {
        let formula = Formula::new(text);
        assert!(formula.at(&[("x", given)]).is_nan(), "{text}");
        assert_eq!(formula.undefined(&[("x", given)]), [reason], "{text}");
        assert_eq!(formula.undefined(&[]), ["missing x"], "{text}");
    }
    assert_eq!(Formula::new("1 / 0").undefined(&[]), ["division by zero"]);
    assert_eq!(
        Formula::new("wage[\"cobol\"]").undefined(&[]),
        ["`wage` has no such row and no default"]
    );
}

#[test]
fn the_place_of_an_impossible_operation_is_told() {
    let formula = Formula::new("x + 10 / (y - 2)");
    let why = formula
        .program
        .undefined(&formula.inputs(&[("x", 1.0), ("y", 2.0)]));
    let [weigh::formula::Undefined::Impossible { reason, .. }] = why.as_slice() else {
        panic!("{why:?}")
    };
    assert_eq!(reason.zh, "除以零");
}

#[test]
fn all_reasons_are_told_and_none_twice() {
    let formula = Formula::new("x + x * y + 1 / z");
    assert_eq!(
        formula.undefined(&[("z", 0.0)]),
        ["missing x", "missing y", "division by zero"]
    );
    assert_eq!(
        formula.undefined(&[("x", 1.0), ("y", 1.0), ("z", 1.0)]),
        [""; 0]
    );
}

#[test]
fn infinity_never_comes_out() {
    // 1 / (1e300 * 1e300) would be 0 if infinity were let through.
    assert!(value("1 / (x * x)", &[("x", 1e300)]).is_nan());
    assert!(value("if(x * x > 1, 1, 0)", &[("x", 1e300)]).is_nan());
    assert!(value("exp(-exp(x))", &[("x", 1e3)]).is_nan());
}

#[test]
fn used_reaches_into_loops_and_teams() {
    let formula = Formula::new("sum(t in 1..horizon / 1 year: if(t > 2, x, y))");
    assert_eq!(
        formula.used(&[("horizon", 2.0 * YEAR), ("x", 1.0), ("y", 1.0)]),
        ["horizon", "y"]
    );
    assert_eq!(
        formula.used(&[("horizon", 3.0 * YEAR), ("x", 1.0), ("y", 1.0)]),
        ["horizon", "x", "y"]
    );
    assert_eq!(
        formula.used(&[("horizon", 0.0), ("x", 1.0), ("y", 1.0)]),
        ["horizon"]
    );
    assert_eq!(
        formula.undefined(&[("horizon", 3.0 * YEAR), ("y", 1.0)]),
        ["missing x"]
    );
    let team = Formula::new("if(x > 1, sum(p in team: p.share), 0)");
    assert_eq!(
        team.used(&[("x", 2.0)]),
        ["x", "team.ann.share", "team.bo.share"]
    );
    assert_eq!(team.used(&[("x", 0.0)]), ["x"]);
}
