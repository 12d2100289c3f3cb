//! Gates that an uncertain candidate sometimes fails: one convention in every command.

use weigh::analysis::study::{Study, StudyRequest};
use weigh::analysis::verdict::{Cap, VerdictClass};
use weigh::eval::Status;

use crate::sensitivity::world::World;

/// Two candidates; `a` is better but passes the gate only if its need, uniform on 0..10, is at most the limit.
fn world(limit: f64, at_least: &str) -> World {
    World::yaml(&format!(
        "
decision: gates
as_of: 2026-11-22
facts:
  need: {{title: {{en: Need, zh: 需求}}, unit: '1'}}
  worth: {{title: {{en: Worth, zh: 价值}}, unit: '1'}}
gates:
  - {{gate: fits, ask: 'need <= {limit}', screen: {{when: false, reason: {{en: too large, zh: 过大}}{at_least}}}}}
criteria:
  - {{id: k, expr: worth, points: 1, value: {{shape: linear, worst: 0, best: 10}}}}
candidates: [{{id: a, facts: {{need: 0..10, worth: 8}}}}, {{id: b, facts: {{need: 1, worth: 6}}}}]
"
    ))
}

fn first(world: &World) -> (Option<usize>, f64, f64, Status) {
    let plan = world.plan();
    let study = Study::new(&plan, StudyRequest::of(&world.decision));
    let (verdict, row) = (study.verdict(), &study.evaluation().rows[0]);
    (
        verdict.first,
        row.passes,
        verdict.first_share[0],
        row.status,
    )
}

#[test]
fn a_candidate_is_ranked_if_it_passes_in_half_of_the_draws() {
    let (winner, passes, share, status) = first(&world(7.0, ""));
    assert_eq!((winner, status), (Some(0), Status::Ranked));
    assert!((passes - 0.7).abs() < 0.02, "{passes}");
    // A draw in which it fails counts as last.
    assert!((share - passes).abs() < 1e-12, "{share}");
    let (winner, .., status) = first(&world(4.0, ""));
    assert_eq!((winner, status), (Some(1), Status::Screened));
}

#[test]
fn a_gate_may_ask_for_more() {
    let (winner, .., status) = first(&world(9.0, ", at_least: 95 %"));
    assert_eq!((winner, status), (Some(1), Status::Screened));
    let (winner, .., status) = first(&world(9.0, ", at_least: 85 %"));
    assert_eq!((winner, status), (Some(0), Status::Ranked));
}

/// A better candidate whose gate cannot be answered could be first: nothing is clear as long as its fact is missing.
#[test]
fn a_fact_that_only_a_gate_lacks_keeps_the_verdict_from_being_clear() {
    let world = World::yaml(
        "
decision: unanswered
as_of: 2026-11-22
facts:
  need: {title: {en: Need, zh: 需求}, unit: '1'}
  worth: {title: {en: Worth, zh: 价值}, unit: '1'}
gates:
  - {gate: fits, ask: 'need <= 7', screen: {when: false, reason: {en: too large, zh: 过大}}}
criteria:
  - {id: k, expr: worth, points: 1, value: {shape: linear, worst: 0, best: 10}}
candidates: [{id: a, facts: {need: {missing: nobody measured it}, worth: 9}}, {id: b, facts: {need: 1, worth: 6..7}}, {id: c, facts: {need: 1, worth: 1}}]
",
    );
    let plan = world.plan();
    let study = Study::new(&plan, StudyRequest::of(&world.decision));
    let verdict = study.verdict();
    assert_eq!(verdict.first, Some(1));
    assert_eq!(verdict.class, VerdictClass::Leaning);
    assert_eq!(verdict.cap, Some(Cap::MissingValue));
    let named: Vec<String> = verdict
        .rests_on
        .iter()
        .map(|own| plan.input_name(own.input))
        .collect();
    assert_eq!(named, ["candidates.a.need"]);
}

#[test]
fn the_score_is_the_mean_over_all_draws_gates_ignored() {
    let world = world(7.0, "");
    let plan = world.plan();
    let row = &plan.evaluate().rows[0];
    assert!((row.score.expect("ranked") - 0.8).abs() < 1e-12);
}
