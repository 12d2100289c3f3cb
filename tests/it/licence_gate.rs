//! The licence gate: SPDX expressions against a list that a decision may replace.

use std::fs;

use proptest::prelude::*;
use tempfile::TempDir;
use weigh::eval::{Plan, Status};
use weigh::graph;
use weigh::load::{self, Choice};
use weigh::quantity::date::Date;

const PERMISSIVE: [&str; 4] = ["MIT", "ISC", "Apache-2.0", "Zlib"];

/// The status of candidates with these licences, and of a whole made of all of them.
fn statuses(licences: &[String], context: &str, set: &[&str]) -> Vec<Status> {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("decision.yaml");
    let mut text = "decision: d\nas_of: 2026-11-22\nfacts: {price: {title: Price, unit: '1', rollup: sum}}\ncandidates:\n".to_owned();
    let ids: Vec<String> = (0..licences.len()).map(|i| format!("c{i}")).collect();
    for (id, licence) in ids.iter().zip(licences) {
        text.push_str(&format!(
            "  - {{id: {id}, facts: {{price: 1, licence: '{licence}'}}}}\n"
        ));
    }
    text.push_str(&format!("  - {{id: all, parts: [{}]}}\n", ids.join(", ")));
    text.push_str("criteria: [{id: cheap, title: Cheap, expr: price, value: {worst: 100, best: 0}, points: 1}]\ngates: [licence-allowed]\n");
    text.push_str(context);
    fs::write(&file, text).expect("writable");
    let mut choice = Choice::plain(Date::parse("2026-11-22").expect("a day"));
    choice.set = set.iter().map(|s| (*s).to_owned()).collect();
    let loaded = load::decision(&file, &choice);
    let mut diagnostics = loaded.diagnostics;
    let found: Vec<String> = diagnostics
        .sorted()
        .iter()
        .map(|d| d.message.en.clone())
        .collect();
    assert!(!diagnostics.has_errors(), "{found:?}");
    let decision = loaded.decision.expect("read");
    let graph = graph::compile(&decision, &mut diagnostics).expect("compiles");
    let rows = Plan::new(&decision, &graph).evaluate().rows;
    rows.iter().map(|row| row.status).collect()
}

fn status(licence: &str, context: &str, set: &[&str]) -> Status {
    statuses(&[licence.to_owned()], context, set)[0]
}

#[test]
fn expressions_are_evaluated_not_compared_as_text() {
    for (licence, expected) in [
        ("MIT", Status::Ranked),
        ("MIT OR GPL-3.0-only", Status::Ranked),
        ("GPL-3.0-only OR (MIT AND ISC)", Status::Ranked),
        ("MIT AND GPL-3.0-only", Status::Screened),
        ("Apache-2.0 WITH LLVM-exception", Status::Ranked),
        ("AGPL-3.0-or-later", Status::Screened),
    ] {
        assert_eq!(status(licence, "", &[]), expected, "{licence}");
    }
}

#[test]
fn a_decision_replaces_the_list() {
    let list = "context: {licences.allowed: [GPL-3.0-only, LicenseRef-House]}\n";
    assert_eq!(status("MIT", list, &[]), Status::Screened);
    assert_eq!(status("GPL-2.0-or-later", list, &[]), Status::Ranked);
    assert_eq!(status("LicenseRef-House", list, &[]), Status::Ranked);
    let full = "context: {licences.allowed: {value: [MIT], source: legal, as_of: 2026-11-01}}\n";
    assert_eq!(status("ISC", full, &[]), Status::Screened);
    assert_eq!(
        status("ISC", "", &["licences.allowed=MIT, ISC"]),
        Status::Ranked
    );
    assert_eq!(
        status("Apache-2.0", "", &["licences.allowed=MIT, ISC"]),
        Status::Screened
    );
    assert_eq!(
        status("MIT", "context: {licences.allowed: []}\n", &[]),
        Status::Screened
    );
}

#[test]
fn a_list_is_no_text() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("decision.yaml");
    let text = "decision: d\ncandidates: [{id: a, facts: {licence: MIT}}]\ncriteria: [{id: k, title: K, expr: 'if(licence == licences.allowed, 1, 0)', value: {worst: 0, best: 1}, points: 1}]\n";
    fs::write(&file, text).expect("writable");
    let loaded = load::decision(
        &file,
        &Choice::plain(Date::parse("2026-11-22").expect("a day")),
    );
    let mut diagnostics = loaded.diagnostics;
    assert!(graph::compile(&loaded.decision.expect("read"), &mut diagnostics).is_none());
    assert!(diagnostics.sorted().iter().any(|d| d.code.id() == "E0304"));
}

fn licence() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "MIT",
        "ISC",
        "Apache-2.0",
        "GPL-3.0-only",
        "AGPL-3.0-only",
        "SSPL-1.0",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Both orders of an operator say the same; OR is never stricter than an operand, AND never laxer; and a whole is allowed if and
    /// only if each of its parts is.
    #[test]
    fn operators_mean_what_they_say(a in licence(), b in licence()) {
        let all = statuses(
            &[a.clone(), b.clone(), format!("{a} OR {b}"), format!("{b} OR {a}"), format!("{a} AND {b}"), format!("{b} AND {a}")],
            "",
            &[],
        );
        let allowed = |at: usize| all[at] == Status::Ranked;
        let expected = |id: &str| PERMISSIVE.contains(&id);
        prop_assert_eq!(allowed(0), expected(&a));
        prop_assert_eq!(allowed(2), expected(&a) || expected(&b));
        prop_assert_eq!(allowed(4), expected(&a) && expected(&b));
        prop_assert_eq!(allowed(2), allowed(3));
        prop_assert_eq!(allowed(4), allowed(5));
        prop_assert_eq!(allowed(6), (0..6).all(allowed));
    }

    /// A longer list never forbids what a shorter one allows.
    #[test]
    fn a_longer_list_allows_more(licence in licence(), more in licence()) {
        let on = |list: &str| status(&licence, "", &[&format!("licences.allowed={list}")]) == Status::Ranked;
        let (longer, own) = (format!("MIT, {more}"), format!("MIT, {licence}"));
        prop_assert!(!on("MIT") || on(&longer));
        prop_assert!(on(&own));
    }
}
