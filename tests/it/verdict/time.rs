//! The calendar alone changes no verdict.

use weigh::analysis::study::{Study, StudyRequest};
use weigh::graph;
use weigh::load::{self, Choice};
use weigh::quantity::date::Date;

/// The first candidate of a decision on a day, and the number of facts that are stale by then.
fn first(path: &std::path::Path, day: &str) -> (Option<String>, usize) {
    let choice = Choice::plain(Date::parse(day).expect("a day"));
    let mut loaded = load::decision(path, &choice);
    let decision = loaded.decision.expect("the examples are sound");
    let graph = graph::compile(&decision, &mut loaded.diagnostics).expect("they compile");
    let request = StudyRequest::of(&decision);
    let plan = request.plan(&decision, &graph);
    let study = Study::new(&plan, request);
    let first = study.standing().first();
    let stale = decision
        .candidates
        .iter()
        .flat_map(|candidate| candidate.facts.values())
        .filter(|fact| fact.stale)
        .count();
    (first.map(|c| decision.candidates[c].id.clone()), stale)
}

#[test]
fn no_first_changes_without_a_stale_fact() {
    for path in crate::examples::decisions() {
        let (now, _) = first(&path, "2026-11-22");
        for year in [2027, 2028, 2031, 2036, 2046] {
            let (then, stale) = first(&path, &format!("{year}-11-22"));
            assert!(
                then == now || stale > 0,
                "{}: {now:?} becomes {then:?} in {year}, and no fact says why",
                path.display()
            );
        }
    }
}
