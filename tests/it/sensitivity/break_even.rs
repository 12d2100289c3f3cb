//! Break-evens of inputs: jumps, gates, curves that turn, narrow regions.

use weigh::analysis::break_even::{BreakEven, break_evens};
use weigh::analysis::domain::DomainOrigin;
use weigh::analysis::tornado::{tornado, traverse};
use weigh::eval::Plan;

use super::world::{World, input};

/// A decision with one input `x`, one fact `f`, one criterion over `expr`, worth 0 at `worst` and 1 at `best`.
fn decision(x: &str, expr: &str, value: &str, rest: &str) -> String {
    format!(
        "
decision: one
as_of: 2026-11-22
inputs:
  x: {{title: {{en: X, zh: 变量}}, unit: '1', {x}}}
facts:
  f: {{title: {{en: F, zh: 事实}}, unit: '1'}}
  g: {{title: {{en: G, zh: 另一事实}}, unit: '1'}}
criteria:
  - {{id: k, expr: \"{expr}\", points: 1, value: {value}}}
{rest}"
    )
}

fn along(plan: &Plan<'_>, name: &str) -> BreakEven {
    let wanted = input(plan, name);
    break_evens(plan, &plan.shares())
        .inputs
        .into_iter()
        .find(|b| b.input == wanted)
        .expect("every input is searched")
}

fn ats(found: &BreakEven) -> Vec<f64> {
    found.flips.iter().map(|f| f.at).collect()
}

/// Flips are known to 1e-9 of their value; `ceil` itself forgives another 1e-9.
fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 2e-9 * a.abs().max(b.abs())
}

#[test]
fn a_crossing_of_two_lines_is_found_exactly() {
    // a: 100 + x; b: 400 + 0.5 x; less is better: b wins above x = 600.
    let text = decision(
        "value: 300, range: 0..1000",
        "g + f * x",
        "{shape: linear, worst: 2000, best: 0}",
        "candidates: [{id: a, facts: {f: 1, g: 100}}, {id: b, facts: {f: 0.5, g: 400}}]",
    );
    let world = World::yaml(&text);
    let plan = world.plan();
    let found = along(&plan, "x");
    assert_eq!(
        (found.below, found.flips.len(), found.flips[0].winner),
        (Some(0), 1, Some(1))
    );
    assert!(close(found.flips[0].at, 600.0), "{found:?}");
    // The lead falls from (400 - 100) / 2000 at 0 to -(1100 - 900) / 2000 at 1000.
    let (low, high) = found.swing.expect("both are ranked");
    assert!((low + 0.1).abs() < 1e-12 && (high - 0.15).abs() < 1e-12);
    // The facts of each candidate have break-evens of their own: a keeps first while 100 + 300 f <= 550.
    let fact = along(&plan, "candidates.a.f");
    assert_eq!(fact.domain.origin, DomainOrigin::Assumed);
    assert!((fact.domain.low - 0.1).abs() < 1e-15 && (fact.domain.high - 10.0).abs() < 1e-12);
    assert_eq!((fact.below, fact.flips.len()), (Some(0), 1));
    assert!(close(fact.flips[0].at, 1.5), "{fact:?}");
}

/// b is first only where x lies within 2.5 of 500: two flips 0.5 % of the range apart.
#[test]
fn two_flips_half_a_percent_apart_are_found() {
    let text = decision(
        "value: 300, range: 0..1000",
        "if(f == 1, 0.5, if(abs(x - 500) < 2.5, 0.9, 0.1))",
        "{shape: linear, worst: 0, best: 1}",
        "candidates: [{id: a, facts: {f: 1, g: 1}}, {id: b, facts: {f: 2, g: 1}}]",
    );
    let world = World::yaml(&text);
    let found = along(&world.plan(), "x");
    assert_eq!(
        found.flips.iter().map(|f| f.winner).collect::<Vec<_>>(),
        [Some(1), Some(0)]
    );
    assert!(
        close(found.flips[0].at, 497.5) && close(found.flips[1].at, 502.5),
        "{found:?}"
    );
}

/// As narrow as is promised: a region of 0.1 % of the range, wherever it lies.
#[test]
fn a_region_of_a_thousandth_of_the_range_is_found_wherever_it_lies() {
    for middle in [1.0, 123.4, 499.95, 731.77, 999.2] {
        let text = decision(
            "value: 300, range: 0..1000",
            &format!("if(f == 1, 0.5, if(abs(x - {middle}) <= 0.5005, 0.9, 0.1))"),
            "{shape: linear, worst: 0, best: 1}",
            "candidates: [{id: a, facts: {f: 1, g: 1}}, {id: b, facts: {f: 2, g: 1}}]",
        );
        let world = World::yaml(&text);
        let found = along(&world.plan(), "x");
        assert_eq!(found.flips.len(), 2, "around {middle}: {found:?}");
        assert!(
            close(found.flips[0].at, middle - 0.5005) && close(found.flips[1].at, middle + 0.5005),
            "{found:?}"
        );
    }
}

/// Nodes are whole: a needs ceil(x / 100) of them at 1 each, b needs ceil(x / 250) at 2.4 each; cheaper is better. b wins where
/// 2.4 ceil(x / 250) < ceil(x / 100): from just above 200 to 250, and from just above 400.
#[test]
fn jumps_of_ceil_are_closed_in_on() {
    let text = decision(
        "value: 150, range: 1..500",
        "ceil(x / f) * g",
        "{shape: linear, worst: 10, best: 0}",
        "candidates: [{id: a, facts: {f: 100, g: 1}}, {id: b, facts: {f: 250, g: 2.4}}]",
    );
    let world = World::yaml(&text);
    let found = along(&world.plan(), "x");
    assert_eq!(
        found.flips.iter().map(|f| f.winner).collect::<Vec<_>>(),
        [Some(1), Some(0), Some(1)],
        "{found:?}"
    );
    for (at, expected) in ats(&found).into_iter().zip([200.0, 250.0, 400.0]) {
        assert!(close(at, expected), "{at} is not {expected}");
    }
}

/// a is better everywhere but is screened out from 700 on.
#[test]
fn a_gate_flips_the_winner_and_the_lead_is_told_where_there_is_one() {
    let text = decision(
        "value: 300, range: 0..1000",
        "g",
        "{shape: linear, worst: 0, best: 1}",
        "gates:\n  - {gate: enough, ask: \"x < f\", screen: {when: false, reason: {en: too slow, zh: 太慢}}}\n\
         candidates: [{id: a, facts: {f: 700, g: 0.9}}, {id: b, facts: {f: 900, g: 0.4}}]",
    );
    let world = World::yaml(&text);
    let found = along(&world.plan(), "x");
    assert_eq!(
        found.flips.iter().map(|f| f.winner).collect::<Vec<_>>(),
        [Some(1), None]
    );
    assert!(
        close(found.flips[0].at, 700.0) && close(found.flips[1].at, 900.0),
        "{found:?}"
    );
    assert!(found.drops_out);
    let (low, high) = found.swing.expect("both are ranked below 700");
    assert!((low - 0.5).abs() < 1e-12 && (high - 0.5).abs() < 1e-12);
}

/// A target value function turns: a is worth 1 - |x f - 100| / 100 and beats the constant 0.6 of b between 60 and 140.
#[test]
fn a_curve_that_turns_flips_twice() {
    let text = decision(
        "value: 100, range: 10..190",
        "if(f == 1, x, 60)",
        "{shape: target, worst: 0, target: 100, best: 200}",
        "candidates: [{id: a, facts: {f: 1, g: 1}}, {id: b, facts: {f: 2, g: 1}}]",
    );
    let world = World::yaml(&text);
    let found = along(&world.plan(), "x");
    assert_eq!(
        (
            found.below,
            found.flips.iter().map(|f| f.winner).collect::<Vec<_>>()
        ),
        (Some(1), vec![Some(0), Some(1)])
    );
    assert!(
        close(found.flips[0].at, 60.0) && close(found.flips[1].at, 140.0),
        "{found:?}"
    );
}

/// Without anchors the observed range moves with the input, as it does when the value is set and ranked again.
#[test]
fn an_observed_range_moves_with_the_input() {
    let csv = "candidate,p,q\n@weight,1,1\nA,10,1\nB,6,3\nC,0,2\n";
    let world = World::csv(csv);
    let plan = world.plan();
    let found = break_evens(&plan, &plan.shares());
    let mut flips = 0;
    for one in &found.inputs {
        for flip in &one.flips {
            flips += 1;
            for (at, winner) in [
                (flip.at * (1.0 + 1e-7), flip.winner),
                (flip.at * (1.0 - 1e-7), before(one, flip.at)),
            ] {
                let again = World::csv_with(csv, &[format!("{}={at}", plan.input_name(one.input))]);
                let plan = again.plan();
                let scores: Vec<f64> = plan
                    .evaluate()
                    .rows
                    .iter()
                    .map(|r| r.score.expect("ranked"))
                    .collect();
                let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                assert!(
                    best - scores[winner.expect("somebody wins")] < 1e-9,
                    "{one:?} at {at}: {scores:?}"
                );
            }
        }
    }
    assert!(flips > 0);
}

fn before(one: &BreakEven, at: f64) -> Option<usize> {
    one.flips
        .iter()
        .rev()
        .find(|f| f.at < at)
        .map_or(one.below, |f| f.winner)
}

/// The lead is 0.3 at the point; `a.f` moves it by 0.3 between its quantiles, `x` (shared by both) not at all.
#[test]
fn the_tornado_is_sorted_by_what_each_input_does_to_the_lead() {
    let text = decision(
        "value: 100, range: 50..150",
        "f * 0.5 + g * 0.5 + x / 1000",
        "{shape: linear, worst: 0, best: 2}",
        "candidates: [{id: a, facts: {f: 0.2..1.4, g: 1}}, {id: b, facts: {f: 0.4, g: '0.35..0.45'}}]",
    );
    let world = World::yaml(&text);
    let plan = world.plan();
    let drawn = tornado(&plan, &plan.shares());
    assert_eq!(drawn.winner, Some(0));
    let names: Vec<String> = drawn
        .bars
        .iter()
        .map(|b| plan.input_name(b.input))
        .collect();
    let at = |name: &str| {
        names
            .iter()
            .position(|n| n == name)
            .unwrap_or_else(|| panic!("{name} in {names:?}"))
    };
    // Uniform: the quantiles 5 % and 95 % are 0.9 of the width apart. b's certain f is searched from 0.04 to 4.
    let bar = &drawn.bars[at("candidates.a.f")];
    assert!(bar.quantiles && (bar.at[0] - 0.26).abs() < 1e-12 && (bar.at[1] - 1.34).abs() < 1e-12);
    assert!((bar.length() - 0.9 * 1.2 * 0.25).abs() < 1e-9);
    assert!((drawn.bars[at("candidates.b.g")].length() - 0.9 * 0.1 * 0.25).abs() < 1e-9);
    // What moves nothing has no bar.
    assert!(!names.contains(&"x".to_owned()), "{names:?}");
    assert!(
        drawn
            .bars
            .windows(2)
            .all(|w| w[0].length() >= w[1].length())
    );
}

#[test]
fn sweeps_of_one_and_two_inputs_agree_with_the_formula() {
    let text = decision(
        "value: 300, range: 0..1000",
        "g + f * x",
        "{shape: linear, worst: 2000, best: 0}",
        "candidates: [{id: a, facts: {f: 1, g: 100}}, {id: b, facts: {f: 0.5, g: 400}}]",
    );
    let world = World::yaml(&text);
    let plan = world.plan();
    let (x, g) = (input(&plan, "x"), input(&plan, "candidates.a.g"));
    let one = traverse(&plan, &plan.shares(), &[(x, 0.0, 1000.0)]);
    assert_eq!(
        (one.axes[0].1.len(), one.winners[59], one.winners[61]),
        (101, Some(0), Some(1))
    );
    assert!((one.scores[1][100] - (1.0 - 900.0 / 2000.0)).abs() < 1e-12);
    let two = traverse(&plan, &plan.shares(), &[(x, 0.0, 1000.0), (g, 0.0, 400.0)]);
    assert_eq!(
        (two.winners.len(), two.axes[0].1[40], two.axes[1].1[40]),
        (41 * 41, 1000.0, 400.0)
    );
    for (i, &xv) in two.axes[0].1.iter().enumerate() {
        for (j, &gv) in two.axes[1].1.iter().enumerate() {
            let (a, b) = (gv + xv, 400.0 + 0.5 * xv);
            if (a - b).abs() > 1e-6 {
                assert_eq!(
                    two.winners[i * 41 + j],
                    Some(usize::from(b < a)),
                    "x = {xv}, g = {gv}"
                );
            }
        }
    }
}

/// Under another method the inputs are moved under that method: what it says when the value is set and ranked again.
#[test]
fn other_methods_have_break_evens_of_their_own() {
    let csv = "candidate,p,q,r\n@weight,3,2,1\n@direction,max,min,max\nA,7,4,3\nB,9,6,2\nC,4,2,6\n";
    let world = World::csv(csv);
    let plan = world.plan();
    for id in ["topsis", "vikor", "weighted-sum"] {
        let (method, params) = (
            weigh::rank::find(id).expect("known"),
            weigh::rank::Params::none(),
        );
        let scorer =
            weigh::analysis::ranking::scorer(&plan, method, &params).expect("not the value model");
        let sweeps = weigh::eval::Sweeps::by(&plan, &plan.shares(), &*scorer);
        let found = weigh::analysis::break_even::break_evens_of(&sweeps, true);
        let mut flips = 0;
        for one in &found.inputs {
            for flip in &one.flips {
                flips += 1;
                for (at, winner) in [
                    (flip.at * (1.0 + 1e-6), flip.winner),
                    (flip.at * (1.0 - 1e-6), before(one, flip.at)),
                ] {
                    let again =
                        World::csv_with(csv, &[format!("{}={at}", plan.input_name(one.input))]);
                    let plan = again.plan();
                    let ranking = weigh::analysis::ranking::ranking(
                        &plan,
                        method,
                        &params,
                        &weigh::analysis::standing::Standing::of(&plan, &plan.shares()),
                    )
                    .expect("defined");
                    assert_eq!(
                        Some(ranking.places[0].candidate),
                        winner,
                        "{id} {one:?} at {at}"
                    );
                }
            }
        }
        assert!(flips > 0, "{id}");
    }
}
