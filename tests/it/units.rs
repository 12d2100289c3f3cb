//! Units tell the truth: labour is not time, a bare number is not `h/month`, and rounding decides nothing.

use weigh::analysis::pareto::{Dominance, pareto};
use weigh::diagnostic::{Code, Diagnostics, Style, render};
use weigh::eval::{Plan, Status};
use weigh::graph;
use weigh::lang::Lang;
use weigh::load::{self, Choice};
use weigh::quantity::date::Date;
use weigh::rank::{Axis, Direction, Params, Problem, methods, ranks};

use crate::sensitivity::world::World;

const DECISION: &str = "
decision: x
title: X
as_of: 2026-11-22
facts:
  care: {title: Care, unit: h/month}
  chores: {title: Chores, unit: person-h/month}
  setup: {title: Setup, unit: person-day}
  busy: {title: Busy, unit: '%'}
  factor: {title: Factor, unit: '1'}
inputs:
  lifetime: {title: Lifetime, unit: year, value: 3}
  pay: {title: Pay, unit: EUR/person-h, value: 70}
candidates:
  - {id: a, facts: {care: 6, chores: 6, setup: 1, busy: 57, factor: 2}}
  - {id: b, facts: {care: 1, chores: 1, setup: 2, busy: 58, factor: 3}}
team: {members: [{id: ana, count: 2, share: 0.5}]}
formulas:
  twice: {title: Twice, expr: care * 2}
  asked: {title: Asked, expr: EXPR}
criteria:
  - {id: c, title: C, expr: factor, unit: '1', points: 1, value: {worst: 9, best: 0}}
gates:
  - gate: g
    title: G
    ask: ASK
    screen: {when: false, reason: no}
";

/// The diagnostics of a decision with this formula and gate, and which candidates its gate lets through.
fn asked(expr: &str, ask: &str) -> (Diagnostics, String, Vec<bool>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("decision.yaml");
    let quoted = |text: &str| format!("\"{text}\"");
    let text = DECISION
        .replace("EXPR", &quoted(expr))
        .replace("ASK", &quoted(ask));
    std::fs::write(&path, text).expect("the folder is ours");
    let choice = Choice::plain(Date::parse("2026-11-22").expect("a day"));
    let loaded = load::decision(&path, &choice);
    let mut sink = loaded.diagnostics;
    let passed = loaded.decision.map_or_else(Vec::new, |decision| {
        let compiled = graph::compile(&decision, &mut sink);
        compiled.map_or_else(Vec::new, |graph| {
            let rows = Plan::new(&decision, &graph).evaluate().rows;
            rows.iter().map(|r| r.status != Status::Screened).collect()
        })
    });
    let style = Style {
        lang: Lang::En,
        color: false,
    };
    let said = sink
        .sorted()
        .iter()
        .map(|d| render(d, &loaded.sources, style))
        .collect();
    (sink, said, passed)
}

fn mismatch(ask: &str) -> String {
    let (sink, said, _) = asked("1", ask);
    let found = sink
        .sorted()
        .iter()
        .any(|d| d.code == Code::DimensionMismatch);
    assert!(found, "`{ask}` passes: {said}");
    said
}

fn passes(ask: &str) -> Vec<bool> {
    let (sink, said, passed) = asked("1", ask);
    assert!(!sink.has_errors(), "`{ask}`: {said}");
    passed
}

#[test]
fn a_bare_number_beside_a_display_unit_is_an_error_that_says_what_to_write() {
    let said = mismatch("care <= 2");
    assert!(said.contains("`2 [h/month]`"), "{said}");
    for ask in [
        "2 >= care",
        "care == 2",
        "care != 2",
        "care + 1 > 0",
        "1 - care > 0",
        "care * 2 < 3",
        "2 * -care < 3",
        "care / 2 < 3",
        "care < factor",
        "care < factor * 2",
        "max(care, 1) > 0",
        "clamp(care, 0, 1) > 0",
        "if(factor > 1, care, 1) > 0",
        "abs(care) < 2",
        "twice <= 2",
        "ceil(care) > 0",
        "round(twice) > 0",
        "ln(care) < 0",
        "2 ^ care > 0",
        "sum(t in 1..3: care) < 2",
        "6 [h/month] > 2",
    ] {
        mismatch(ask);
    }
    for (ask, passed) in [
        ("care <= 2 [h/month]", [false, true]),
        ("care / 1 [h/month] <= 2", [false, true]),
        ("care <= 20 [h/year]", [false, true]),
        ("care <= 0.5 %", [false, true]),
        ("care > 0", [true, true]),
        ("twice <= 4 [h/month]", [false, true]),
        ("care / twice < 1", [true, true]),
        ("busy + 0.5 > 0.1", [true, true]),
        ("factor * busy <= 1.2", [true, false]),
    ] {
        assert_eq!(passes(ask), passed, "{ask}");
    }
}

#[test]
fn labour_is_neither_a_number_nor_a_time() {
    for ask in [
        "chores <= 2",
        "setup + lifetime > 0",
        "setup < 3 day",
        "chores < 6 [h/month]",
        "sum(p in team: p.count) > 1",
        "setup / sum(p in team: p.count) > 2",
    ] {
        mismatch(ask);
    }
    for (ask, passed) in [
        ("chores <= 2 [person-h/month]", [false, true]),
        (
            "setup / sum(p in team: p.count * p.share) <= 0.2 week",
            [true, false],
        ),
        ("chores * pay <= 100 [EUR/month]", [false, true]),
        ("chores * lifetime <= 36 person-h", [false, true]),
        ("setup * pay <= 560 EUR", [true, false]),
    ] {
        assert_eq!(passes(ask), passed, "{ask}");
    }
}

#[test]
fn rounding_answers_no_gate() {
    for ask in [
        "busy <= 0.57",
        "busy == 0.57",
        "not (busy > 0.57)",
        "not (busy < 0.57)",
        "0.57 >= busy",
    ] {
        assert!(passes(ask)[0], "{ask}");
    }
    // Whatever percentage: its hundredth is not below itself.
    let each = |percent: i32| {
        let share = f64::from(percent) / 100.0;
        format!("{percent} % == {share} and not ({percent} % < {share})")
    };
    let all: Vec<String> = (1..100).map(each).collect();
    assert_eq!(passes(&all.join(" and ")), [true, true]);
}

/// Two candidates that differ in the last bit of one measure tie under every method, wherever the measure lies in its range and
/// whatever the third candidate is.
#[test]
fn rounding_separates_no_candidates_under_any_method() {
    for method in methods() {
        for (i, j) in [(1, 2), (2, 4), (3, 6), (1, 7), (6, 7)] {
            let (p, q) = (f64::from(i) / 10.0, f64::from(j) / 10.0);
            let (sum, one) = (p + q, f64::from(i + j) / 10.0);
            for other in [0.05, 0.35, 5.0, 5e12] {
                for direction in [Direction::Max, Direction::Min] {
                    let axes = vec![
                        Axis::new("x", direction).anchored(
                            if direction == Direction::Max {
                                0.3
                            } else {
                                9e12
                            },
                            if direction == Direction::Max {
                                9e12
                            } else {
                                0.3
                            },
                        ),
                        Axis::new("y", Direction::Max).anchored(0.0, 4.0),
                    ];
                    let values = vec![sum, one, other, 2.0, 2.0, 3.0];
                    let problem = Problem::new(axes, 3, values, vec![1.0, 1.0]).expect("legal");
                    let Ok(result) = method.run(&problem, &Params::none()) else {
                        continue;
                    };
                    let places = ranks(&result.scores, result.higher_is_better);
                    assert_eq!(
                        places[0],
                        places[1],
                        "{} {sum} {one} {other} {direction:?}: {:?}",
                        method.id(),
                        result.scores
                    );
                }
            }
        }
    }
}

/// Nor does a large score make two small ones equal.
#[test]
fn ties_do_not_depend_on_the_other_scores() {
    assert_eq!(ranks(&[1.0, 1e-13, 2e-13, 9e-13], true), [1, 4, 3, 2]);
    assert_eq!(ranks(&[5e12, 1.0, 2.0, 5.0], true), [1, 4, 3, 2]);
    assert_eq!(ranks(&[-5e12, -1.0, -1.0 - 1e-12], false), [1, 2, 2]);
}

/// Nor does rounding make one candidate dominate another, in the middle of the anchors or on one.
#[test]
fn rounding_dominates_nobody() {
    for (i, j) in [(1, 2), (2, 4), (3, 6), (1, 7), (6, 7)] {
        let (sum, one) = (
            f64::from(i) / 10.0 + f64::from(j) / 10.0,
            f64::from(i + j) / 10.0,
        );
        for (direction, worst, best) in [
            ("max", 0.0, 9.0),
            ("max", one, 9.0),
            ("max", 0.0, one),
            ("min", 9.0, 0.0),
            ("min", 9.0, one),
            ("min", one, 0.0),
        ] {
            let world = World::csv(&format!(
                "candidate,x,y\n@direction,{direction},max\n@worst,{worst},0\n@best,{best},4\na,{sum},2\nb,{one},2\n"
            ));
            let found = pareto(&world.plan(), None, 1).expect("two candidates");
            for (a, b) in [(0, 1), (1, 0)] {
                let relation = found.relation(a, b);
                assert_eq!(
                    relation,
                    Dominance::No,
                    "{sum} {one} {direction} {worst} {best}"
                );
            }
        }
    }
}
