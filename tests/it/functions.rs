//! Functions that files define, and loops over the parts of a candidate.

use weigh::eval::Plan;
use weigh::graph;
use weigh::load::{self, Choice};
use weigh::quantity::date::Date;

use crate::sensitivity::world::World;

fn decision(functions: &str, expr: &str) -> String {
    format!(
        "
decision: functions
as_of: 2026-11-22
facts:
  size: {{title: {{en: Size, zh: 大小}}, unit: '1', rollup: sum}}
functions:
{functions}
formulas:
  asked: {{title: {{en: Asked, zh: 所问}}, expr: '{expr}'}}
criteria: [{{id: k, expr: asked, value: {{worst: 0, best: 10}}}}]
candidates:
  - {{id: one, facts: {{size: 2}}}}
  - {{id: other, facts: {{size: 1..3}}}}
  - {{id: third, facts: {{size: 7}}}}
  - {{id: pair, parts: [one, other]}}
  - {{id: nested, parts: [pair, third, one]}}
team: {{members: [{{id: a, share: 0.5, skill: {{go: 1 year}}}}, {{id: b}}]}}
"
    )
}

fn value(functions: &str, expr: &str) -> Vec<f64> {
    let world = World::yaml(&decision(functions, expr));
    let plan = world.plan();
    let at = plan.graph.find("asked").expect("the formula is used");
    (0..plan.candidates())
        .map(|c| plan.point[at].of(c))
        .collect()
}

fn errors(functions: &str, expr: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("decision.yaml");
    std::fs::write(&file, decision(functions, expr)).expect("the folder is writable");
    let mut loaded = load::decision(
        &file,
        &Choice::plain(Date::parse("2026-11-22").expect("a day")),
    );
    if let Some(decision) = &loaded.decision {
        drop(graph::compile(decision, &mut loaded.diagnostics));
    }
    let found = loaded.diagnostics.sorted();
    found
        .iter()
        .map(|d| format!("{} {}", d.code.id(), d.message.en))
        .collect()
}

const TWICE: &str = "  twice: {title: {en: Twice, zh: 两倍}, parameters: [x], expr: '2 * x'}";

#[test]
fn a_function_is_evaluated_where_it_is_called() {
    assert_eq!(value(TWICE, "twice(size) + twice(twice(1))")[0], 8.0);
    // Its variables are its own: `x` outside and `s` inside do not meet those of the caller.
    let functions =
        "  all: {title: {en: All, zh: 全部}, parameters: [x], expr: 'sum(s in 1..3: s * x)'}";
    assert_eq!(value(functions, "sum(s in 1..2: all(s))")[0], 6.0 + 12.0);
}

#[test]
fn a_parameter_may_stand_for_a_member() {
    let functions = "
  load_of: {title: {en: Load, zh: 负荷}, parameters: [p, factor], expr: 'p.share * factor + p.skill[\"go\"] / 1 year'}";
    assert_eq!(
        value(functions, "sum(p in team: load_of(p, size))")[0],
        (0.5 * 2.0 + 1.0) + 2.0
    );
}

#[test]
fn a_loop_over_parts_sees_each_basic_part_once() {
    let sum = value(TWICE, "sum(part in parts: twice(part.size))");
    assert_eq!(sum, [4.0, 4.0, 14.0, 8.0, 22.0]);
    assert_eq!(
        value(TWICE, "count(part in parts: part.size >= 2)"),
        [1.0, 1.0, 1.0, 2.0, 3.0]
    );
    assert_eq!(
        value(TWICE, "max(part in parts: part.size)"),
        [2.0, 2.0, 7.0, 2.0, 7.0]
    );
    assert_eq!(
        value(TWICE, "min(part in parts: part.size)"),
        [2.0, 2.0, 7.0, 2.0, 2.0]
    );
    let mean = value(TWICE, "mean(part in parts: part.size, weight: part.size)");
    assert!(
        (mean[4] - (4.0 + 4.0 + 49.0) / 11.0).abs() < 1e-12,
        "{mean:?}"
    );
}

/// A part is the same thing in every composite: one draw, one input.
#[test]
fn a_part_has_one_draw_wherever_it_is() {
    let world = World::yaml(&decision(TWICE, "sum(part in parts: part.size)"));
    let plan = world.plan();
    let rows = plan.evaluate().rows;
    assert!((rows[3].score.expect("ranked") - rows[1].score.expect("ranked") - 0.2).abs() < 1e-12);
    let names: Vec<String> = plan
        .inputs()
        .into_iter()
        .map(|i| plan.input_name(i))
        .collect();
    let of_other = names
        .iter()
        .filter(|name| *name == "candidates.other.size")
        .count();
    assert_eq!(of_other, 1, "{names:?}");
    let input = plan
        .inputs()
        .into_iter()
        .find(|&i| plan.input_name(i) == "candidates.other.size");
    let pinning = weigh::eval::Pinning::new(&plan, &plan.shares(), &[1, 3]);
    let pin = weigh::eval::Pin::one(input.expect("an input"), vec![1.0, 3.0]);
    let scores = pinning.scores(&[pin], 16);
    let by_hand = [[0.1, 0.3], [0.3, 0.5]];
    for (found, wanted) in scores[0].iter().zip(by_hand) {
        assert!(
            found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12),
            "{scores:?}"
        );
    }
}

/// The same as one roll-up would give, in every sample, whatever stands beside the composite.
#[test]
fn a_sum_over_parts_equals_the_rolled_up_fact() {
    let spread = |expr: &str| {
        let world = World::yaml(&decision(TWICE, expr));
        let plan = Plan::new(&world.decision, &world.graph);
        let rows = plan.evaluate().rows;
        rows.iter()
            .map(|row| row.score.expect("ranked").to_bits())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        spread("sum(part in parts: part.size)")[..4],
        spread("size")[..4]
    );
}

#[test]
fn wrong_calls_are_told() {
    let arity = errors(TWICE, "twice(size, size)");
    assert!(
        arity[0].starts_with("E0305") && arity[0].contains("twice"),
        "{arity:?}"
    );
    let unit = errors(TWICE, "twice(1 week) + 1");
    assert_eq!(unit.len(), 1, "{unit:?}");
    let unknown = errors(TWICE, "twise(size)");
    assert!(
        unknown[0].contains("there is no function `twise`"),
        "{unknown:?}"
    );
    let inner = errors(
        "  f: {title: {en: F, zh: F}, parameters: [x], expr: 'x + nothing_known'}",
        "f(size)",
    );
    assert!(
        inner[0].contains("unknown name `nothing_known`"),
        "{inner:?}"
    );
    let twice = errors(
        "  f: {title: {en: F, zh: F}, parameters: [x, x], expr: 'x'}",
        "f(size, size)",
    );
    assert!(twice[0].contains("listed twice"), "{twice:?}");
    let word = errors(
        "  f: {title: {en: F, zh: F}, parameters: [x.y], expr: '1'}",
        "f(size)",
    );
    assert!(word[0].contains("cannot be a parameter"), "{word:?}");
}

/// Functions that call themselves, or twice as many with each level, end soon with an error.
#[test]
fn calls_without_end_are_refused() {
    let own = errors(
        "  f: {title: {en: F, zh: F}, parameters: [x], expr: 'f(x)'}",
        "f(size)",
    );
    assert!(
        own[0].starts_with("E") && own[0].contains("calls itself"),
        "{own:?}"
    );
    let mut doubling = "  f0: {title: {en: F, zh: F}, parameters: [x], expr: 'x'}\n".to_owned();
    for level in 1..30 {
        let below = level - 1;
        doubling += &format!(
            "  f{level}: {{title: {{en: F, zh: F}}, parameters: [x], expr: 'f{below}(x) + f{below}(x)'}}\n"
        );
    }
    let many = errors(&doubling, "f29(size)");
    assert!(!many.is_empty() && many.len() < 5, "{many:?}");
}
