//! What well-formed formulas compute.

use weigh::formula::{Operand, Scratch};
use weigh::lang::Lang;

use super::world::{DAY, Formula, HOUR, MONTH, World, YEAR, complaints, value};

fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} is not {b}");
}

#[test]
fn operators_bind_as_in_arithmetic() {
    for (text, expected) in [
        ("2 + 3 * 4", 14.0),
        ("(2 + 3) * 4", 20.0),
        ("10 - 4 - 3", 3.0),
        ("100 / 10 / 2", 5.0),
        ("2 ^ 3 ^ 2", 512.0),
        ("-2 ^ 2", -4.0),
        ("(-2) ^ 2", 4.0),
        ("2 ^ -1", 0.5),
        ("2 * -3", -6.0),
        ("--3", 3.0),
        ("5 % * 200", 10.0),
        ("1_000 / 1e3", 1.0),
    ] {
        assert_eq!(value(text, &[]), expected, "{text}");
    }
}

#[test]
fn logic_binds_looser_than_comparison() {
    for (text, expected) in [
        ("1 < 2 and 2 < 3", 1.0),
        ("not 1 > 2 or false", 1.0),
        ("true or false and false", 1.0),
        ("1 == 1 && !(2 != 2) || false", 1.0),
        ("(1 < 2) == (3 >= 3)", 1.0),
        ("1 <= 1 and 1 > 1", 0.0),
        ("if(2 > 1, 10, 20)", 10.0),
    ] {
        assert_eq!(value(text, &[]), expected, "{text}");
    }
}

#[test]
fn each_function() {
    let e = std::f64::consts::E;
    for (text, expected) in [
        ("min(3, 1, 2)", 1.0),
        ("max(3, 1, 2)", 3.0),
        ("min(7)", 7.0),
        ("clamp(5, 0, 3)", 3.0),
        ("clamp(-5, 0, 3)", 0.0),
        ("clamp(2, 0, 3)", 2.0),
        ("ceil(2.1)", 3.0),
        ("floor(2.9)", 2.0),
        ("round(2.5)", 3.0),
        ("abs(-2)", 2.0),
        ("log10(1000)", 3.0),
        ("exp(0)", 1.0),
        ("exp(1)", e),
        ("pow(2, 10)", 1024.0),
        ("sqrt(9)", 3.0),
        ("ceil(130 * 3 / 130)", 3.0),
        ("ceil(0.1 + 0.2 + 0.7)", 1.0),
    ] {
        near(value(text, &[]), expected);
    }
    near(value("ln(x)", &[("x", e)]), 1.0);
}

#[test]
fn units_are_converted_and_dimensions_multiplied() {
    assert_eq!(
        Formula::new("toil * rate").kind,
        Formula::new("1 [EUR/month]").kind
    );
    assert_eq!(
        Formula::new("horizon / 1 year").kind,
        weigh::formula::Type::PLAIN
    );
    assert_eq!(Formula::new("(2 h) ^ 2").kind, Formula::new("1 [h^2]").kind);
    assert_eq!(
        Formula::new("sqrt(latency * latency)").kind,
        Formula::new("latency").kind
    );
    assert_eq!(
        Formula::new("max(0, latency)").kind,
        Formula::new("latency").kind
    );
    // 20 h a month at 80 EUR an hour is 19,200 EUR a year.
    near(
        value("20 [person-h/month] * 80 [EUR/person-h]", &[]) * YEAR,
        19_200.0,
    );
    assert_eq!(value("1 day + 3 h", &[]), DAY + 3.0 * HOUR);
    assert_eq!(value("1 person-day / 8 person-h", &[]), 1.0);
    assert_eq!(value("3 story + stories", &[("stories", 2.0)]), 5.0);
}

#[test]
fn nodes_for_a_load() {
    let formula =
        Formula::new("max(1 node, ceil(workload.peak_rps * (1 + 30 %) / (goodput * cores)))");
    assert_eq!(formula.kind, Formula::new("1 node").kind);
    assert_eq!(
        formula.at(&[
            ("workload.peak_rps", 300.0),
            ("goodput", 100.0),
            ("cores", 2.0)
        ]),
        2.0
    );
    assert_eq!(
        formula.at(&[
            ("workload.peak_rps", 1.0),
            ("goodput", 100.0),
            ("cores", 2.0)
        ]),
        1.0
    );
}

#[test]
fn chinese_names() {
    let formula = Formula::new("价格.节点 * 3 年");
    assert_eq!(formula.program.inputs(), ["价格.节点"]);
    near(formula.at(&[("价格.节点", 10.0 / MONTH)]), 360.0);
    assert_eq!(
        complaints("价格.结点 * 3 年", Lang::En)
            .matches("did you mean `价格.节点`?")
            .count(),
        1
    );
}

#[test]
fn text_is_compared_not_ordered() {
    let mut formula = Formula::new("licence in ['MIT', \"Apache-2.0\"] and language != \"go\"");
    let [mit, gpl, go] = ["MIT", "GPL-3.0", "go"].map(|text| formula.words.code(text));
    assert_eq!(formula.at(&[("licence", mit), ("language", gpl)]), 1.0);
    assert_eq!(formula.at(&[("licence", gpl), ("language", gpl)]), 0.0);
    assert_eq!(formula.at(&[("licence", mit), ("language", go)]), 0.0);
}

#[test]
fn dates_differ_by_time() {
    // 1970-01-01 to 2026-11-22 are 20,779 days.
    assert_eq!(
        value("date(\"2026-11-22\") - date(\"1970-01-01\")", &[]),
        20_779.0 * DAY
    );
    assert_eq!(
        value(
            "date(\"2024-02-29\") + 366 day == date(\"2025-03-01\")",
            &[]
        ),
        1.0
    );
    assert_eq!(value("1 day + born > born - 1 day", &[("born", 0.0)]), 1.0);
    assert_eq!(
        value("max(born, date('1970-01-02'))", &[("born", 0.0)]),
        DAY
    );
}

#[test]
fn tables_are_looked_up() {
    assert_eq!(value("experience(6 month)", &[]), 1.09);
    assert_eq!(value("experience(1 month)", &[]), 1.20);
    assert_eq!(value("experience(20 year)", &[]), 0.84);
    // Halfway between 12 and 36 months on a log scale lies sqrt(12 * 36) months.
    near(value("experience(sqrt(12 * 36) * 1 month)", &[]), 0.955);
    assert_eq!(value("slope(x) + stairs(1.9)", &[("x", 2.5)]), 35.0);
    assert_eq!(
        value(
            "transfer[\"python\", \"go\"] + transfer[\"cobol\", \"go\"]",
            &[]
        ),
        0.5
    );
    near(value("wage[\"go\"] * 1 h", &[]), 90.0);
}

#[test]
fn a_row_is_picked_by_a_column_of_text() {
    let mut formula = Formula::new("wage[language]");
    let codes = ["go", "python", "cobol"].map(|text| formula.words.code(text));
    let column = [codes[0], codes[1], codes[2], f64::NAN];
    let mut out = [0.0; 4];
    formula.program.run(
        &[Operand::Lanes(&column)],
        4,
        &mut Scratch::default(),
        &mut out,
    );
    assert_eq!(out[..2], [90.0 / HOUR, 80.0 / HOUR]);
    assert!(out[2].is_nan() && out[3].is_nan());
}

#[test]
fn a_team_is_unrolled() {
    let formula = Formula::new("sum(p in team: p.share)");
    assert_eq!(
        formula.program.inputs(),
        ["team.ann.share", "team.bo.share"]
    );
    assert_eq!(formula.at(&[]), 1.5);
    near(value("mean(p in team: p.share)", &[]), 0.75);
    assert_eq!(
        value("max(p in team: p.share) - min(p in team: p.share)", &[]),
        0.5
    );
    assert_eq!(value("count(p in team: p.share >= 1)", &[]), 1.0);
    assert_eq!(value("max(p in team: p.joined)", &[]), DAY);
    // Multipliers are averaged, weighted by the share of work: (0.91 * 1 + 1.09 * 0.5) / 1.5.
    let best = "mean(p in team: experience(max(s in p.skill: s.value)), weight: p.share)";
    near(value(best, &[]), (0.91 + 1.09 * 0.5) / 1.5);
}

#[test]
fn a_map_is_picked_by_text_and_falls_back() {
    let mut formula = Formula::new("sum(p in team: p.skill[language]) / 1 month");
    let [go, python, cobol] = ["go", "python", "cobol"].map(|text| formula.words.code(text));
    assert_eq!(formula.at(&[("language", go)]), 36.0);
    assert_eq!(formula.at(&[("language", python)]), 18.0);
    assert_eq!(formula.at(&[("language", cobol)]), 0.0);
    assert!(formula.at(&[]).is_nan());
    assert_eq!(
        formula.used(&[("language", go)]),
        ["language", "team.ann.skill.go"]
    );
    // A constant key leaves only the one input.
    assert_eq!(
        Formula::new("sum(p in team: p.skill[\"go\"])")
            .program
            .inputs(),
        ["team.ann.skill.go"]
    );
}

#[test]
fn skills_carry_over_between_languages() {
    let formula = Formula::new(
        "max(p in team: max(s in p.skill: s.value * transfer[s.key, language])) / 1 month",
    );
    let go = formula.words.find("go").expect("the table was met");
    assert_eq!(formula.at(&[("language", go)]), 36.0);
    let alone = Formula::new(
        "min(p in team: max(s in p.skill: s.value * transfer[s.key, \"go\"])) / 1 month",
    );
    near(alone.at(&[]), 2.4);
}

#[test]
fn an_empty_team_adds_up_to_nothing_but_has_no_mean() {
    let world = World::new().without_team();
    assert_eq!(
        Formula::within(&world, "sum(p in team: p.share)").at(&[]),
        0.0
    );
    assert_eq!(
        Formula::within(&world, "count(p in team: p.share > 1)").at(&[]),
        0.0
    );
    let mean = Formula::within(&world, "mean(p in team: p.share)");
    assert!(mean.at(&[]).is_nan());
    assert_eq!(mean.undefined(&[]), ["there are no values to combine"]);
}

#[test]
fn years_are_discounted() {
    // The present value of 100 a year for 5 years at 5 % is 432.9476670630...
    let formula = Formula::new("sum(t in 1..horizon / 1 year: 100 / (1 + x) ^ t)");
    near(
        formula.at(&[("horizon", 5.0 * YEAR), ("x", 0.05)]),
        432.947_667_063_082_4,
    );
    assert_eq!(value("sum(t in 1..100: t)", &[]), 5050.0);
    assert_eq!(value("mean(t in 1..4: t, weight: t)", &[]), 3.0);
    assert_eq!(
        value("max(t in 0..4: t * (4 - t)) - min(t in 2..3: t)", &[]),
        2.0
    );
    assert_eq!(value("count(t in 1..10: t > x)", &[("x", 7.0)]), 3.0);
    assert_eq!(value("sum(t in 1..3: sum(u in t..3: t * u))", &[]), 25.0);
    assert_eq!(value("sum(t in 1..0: 1)", &[]), 0.0);
}

#[test]
fn each_lane_has_its_own_horizon() {
    let formula =
        Formula::new("sum(t in 1..horizon / 1 year: x * t) + mean(t in 1..horizon / 1 year: t)");
    let horizons: Vec<f64> = (0..600).map(|lane| f64::from(lane % 7) * YEAR).collect();
    let x: Vec<f64> = (0..600)
        .map(|lane| if lane % 11 == 0 { f64::NAN } else { 2.0 })
        .collect();
    let operands: Vec<_> = formula
        .program
        .inputs()
        .iter()
        .map(|name| Operand::Lanes(if name == "x" { &x } else { &horizons }))
        .collect();
    let mut out = vec![0.0; 600];
    formula
        .program
        .run(&operands, 600, &mut Scratch::default(), &mut out);
    for (lane, &found) in out.iter().enumerate() {
        let n = (lane % 7) as f64;
        let expected = if lane % 11 == 0 || n == 0.0 {
            f64::NAN
        } else {
            n * (n + 1.0) + (n + 1.0) / 2.0
        };
        assert!(
            found == expected || (found.is_nan() && expected.is_nan()),
            "lane {lane}: {found}, not {expected}"
        );
    }
}

#[test]
fn what_does_not_change_with_the_year_leaves_the_loop() {
    let inside = Formula::new("sum(t in 1..5: ln(x) * exp(y) + t)")
        .program
        .operations();
    let outside = Formula::new("ln(x) * exp(y)").program.operations();
    // Enter, add, repeat: the product is computed before.
    assert_eq!(inside, outside + 3);
}

#[test]
fn equal_terms_are_computed_once_and_constants_beforehand() {
    assert_eq!(
        Formula::new("ln(x + 1) * ln(x + 1)").program.operations(),
        3
    );
    assert_eq!(Formula::new("x * (2 + 3 * 4) ^ 2").program.operations(), 1);
    assert_eq!(Formula::new("if(1 > 2, x, y)").program.inputs(), ["y"]);
    assert_eq!(Formula::new("1 + 1").program.operations(), 0);
    assert_eq!(Formula::new("1 * x / 1").program.operations(), 0);
}

#[test]
fn names_tables_and_collections_are_told_apart() {
    let text = "sum(p in team: p.share * transfer[language, \"go\"]) + experience(horizon) * x + sum(t in 1..y: t + x)";
    let expr = Formula::new(text).expr;
    let only = |found: Vec<(&str, weigh::source::Span)>| {
        found
            .into_iter()
            .map(|(name, _)| name.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(only(expr.names()), ["language", "horizon", "x", "y", "x"]);
    assert_eq!(only(expr.tables()), ["transfer", "experience"]);
    assert_eq!(only(expr.collections()), ["team"]);
}

#[test]
fn figures_take_the_place_of_names() {
    let show = |name: &str| match name {
        "x" => Some("-2".to_owned()),
        "rate" => Some("80 EUR/person-h".to_owned()),
        "toil" => Some("20 person-h/month".to_owned()),
        _ => None,
    };
    let shown = |text: &str| Formula::new(text).expr.substitute(&show);
    assert_eq!(shown("toil * rate"), "20 person-h/month * 80 EUR/person-h");
    assert_eq!(shown("(1 + x) * ((y))"), "(1 + (-2)) * y");
    assert_eq!(shown("1 / rate"), "1 / (80 EUR/person-h)");
    assert_eq!(shown("sum(x in 1..2: x)"), "sum(x in 1..2: x)");
}
