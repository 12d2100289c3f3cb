//! Candidates made of parts, from the decision file down: roll-ups, requirements, and gates that ask every part.

use std::fs;

use tempfile::TempDir;
use weigh::eval::{Evaluation, Plan, Status};
use weigh::graph;
use weigh::load::{self, Choice};
use weigh::quantity::date::Date;

/// A decision whose candidates, all but one, are Flask with something beside it.
const DECISION: &str = "
decision: auth-service
title: {en: Auth service, zh: 认证服务}
as_of: 2026-11-22
candidates:
  - {id: flask, facts: {goodput: 1200}}
  - {id: gin, facts: {goodput: 9800}}
  - {id: flask-queue, parts: [flask, rabbitmq], rollup: {ops_hours: sum}}
  - {id: flask-git, parts: [flask, distributed-vcs], rollup: {ops_hours: sum}}
  - {id: flask-streams, parts: [flask, kafka-streams], rollup: {licence: first}}
criteria:
  - {use: ops_cost, points: 30}
  - {use: team_fit, points: 25}
context: {workload.peak_rps: {value: 5000, range: 2000..12000}, horizon: 3 year}
team:
  members:
    - {id: ana, skill: {python: 4 year, flask: 3 year}}
    - {id: bo, skill: {python: 2 year, flask: 1 year, go: 3 month}}
existing: [EXISTING]
scenarios: {prototype: {set: {workload.peak_rps: 50}}, production: {}}
stakeholders: {ops: {profile: ops-first, share: 1}, dev: {profile: {team_fit: 60, ops_cost: 40}, share: 1}}
gates: [licence-allowed]
";

fn evaluated(existing: &str) -> (Vec<String>, Evaluation) {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("decision.yaml");
    fs::write(&file, DECISION.replace("EXISTING", existing)).expect("writable");
    let loaded = load::decision(
        &file,
        &Choice::plain(Date::parse("2026-11-22").expect("a day")),
    );
    let mut diagnostics = loaded.diagnostics;
    let decision = loaded.decision.expect("the decision is legal");
    let graph = graph::compile(&decision, &mut diagnostics).expect("the decision compiles");
    assert!(!diagnostics.has_errors());
    let evaluation = Plan::new(&decision, &graph).evaluate();
    (
        decision.candidates.iter().map(|c| c.id.clone()).collect(),
        evaluation,
    )
}

fn status(existing: &str, candidate: &str) -> (Status, String) {
    let (ids, evaluation) = evaluated(existing);
    let row = &evaluation.rows[ids
        .iter()
        .position(|id| id == candidate)
        .expect("a candidate of the decision")];
    (
        row.status,
        row.reasons
            .iter()
            .map(|r| r.en.as_str())
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

#[test]
fn a_queue_beside_a_framework_costs_toil_nodes_and_experience() {
    let (ids, evaluation) = evaluated("kafka");
    let of = |id: &str| &evaluation.rows[ids.iter().position(|i| i == id).expect("a candidate")];
    let (flask, queue) = (of("flask"), of("flask-queue"));
    assert_eq!(queue.status, Status::Ranked, "{:?}", queue.reasons);
    assert!(
        queue.measures[1] > flask.measures[1],
        "nobody knows RabbitMQ yet"
    );
    // 3..8 person-h/month of RabbitMQ at 70 EUR/person-h, by people to whom it is new (1.19), and 1 or 3 nodes at 40..60..90 EUR/month;
    // the nodes of Flask stay as they are, and incidents take the team's multiplier longer.
    let toil = (3.0 + 8.0) / 2.0 * 12.0 * 70.0 * 1.19;
    let nodes = (0.4 + 0.6 * 3.0) * (40.0 + 60.0 + 90.0) / 3.0 * 12.0;
    let labour = (2.0 + 4.0 + 8.0) / 3.0 * (1.0 + 3.0 + 6.0) / 3.0 * 70.0;
    let by_hand = toil + nodes + labour * (queue.measures[1] - flask.measures[1]);
    let year = 31_557_600.0;
    let more = (queue.measures[0] - flask.measures[0]) * year;
    assert!((more - by_hand).abs() < 0.5, "{more} {by_hand}");
}

#[test]
fn a_licence_gate_asks_every_part() {
    // BSD-3-Clause and MPL-2.0 are on the list, GPL-2.0-only is not.
    assert_eq!(status("kafka", "flask-queue").0, Status::Ranked);
    let (refused, reason) = status("kafka", "flask-git");
    assert_eq!(refused, Status::Screened);
    assert!(reason.contains("licence"), "{reason}");
}

#[test]
fn what_exists_meets_a_requirement_of_a_part() {
    assert_eq!(status("kafka", "flask-streams").0, Status::Ranked);
    let (refused, reason) = status("", "flask-streams");
    assert_eq!(refused, Status::Screened);
    assert!(reason.contains("needs kafka"), "{reason}");
}
