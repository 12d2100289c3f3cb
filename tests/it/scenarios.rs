//! The scenarios of a decision that is opened once are those that opening it under each of them gives.

use std::path::{Path, PathBuf};

use weigh::analysis::ranking;
use weigh::analysis::standing::Standing;
use weigh::diagnostic::Diagnostics;
use weigh::eval::Plan;
use weigh::load::{self, Archive, Choice, EvidenceChoice};
use weigh::model::decision::{Decision, TeamMember};
use weigh::model::evidence::Fact;
use weigh::quantity::date::Date;
use weigh::rank::Params;

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = std::fs::read_dir(folder)
        .expect("there are examples")
        .flatten()
        .map(|entry| entry.path());
    let mut all: Vec<PathBuf> = entries
        .filter(|path| path.join("decision.yaml").is_file())
        .collect();
    all.sort();
    all
}

/// Everything that a table of places shows of a decision, and what lies behind it.
fn outcome(decision: &Decision) -> String {
    let graph = weigh::graph::compile(decision, &mut Diagnostics::default())
        .expect("the examples are sound");
    let plan = Plan::new(decision, &graph);
    let method =
        weigh::rank::find(ranking::DEFAULT_METHOD).expect("the default method is in the list");
    let ranking = ranking::ranking(
        &plan,
        method,
        &Params::none(),
        &Standing::of(&plan, &plan.shares()),
    )
    .expect("the examples can be ranked");
    let Decision {
        title,
        scenario,
        context,
        team,
        ..
    } = decision;
    // Not where it is written: a file that is read later has another number.
    let known = |fact: &Fact| {
        (
            fact.value.point(),
            fact.value.is_uncertain(),
            fact.domain,
            fact.stale,
        )
    };
    let facts: Vec<_> = decision
        .candidates
        .iter()
        .map(|c| {
            (
                &c.id,
                c.facts
                    .iter()
                    .map(|(n, f)| (n, known(f)))
                    .collect::<Vec<_>>(),
            )
        })
        .collect();
    let context: Vec<_> = context
        .iter()
        .map(|(name, fact)| (name, known(fact)))
        .collect();
    let skill = |m: &TeamMember| {
        m.skill
            .iter()
            .map(|(name, fact)| (name.clone(), known(fact)))
            .collect::<Vec<_>>()
    };
    let team: Vec<_> = team
        .iter()
        .flat_map(|t| &t.members)
        .map(|m| (&m.id, known(&m.count), known(&m.share), skill(m)))
        .collect();
    format!(
        "{title:?} {scenario:?} {context:?} {team:?} {facts:?} {:?} {:?}",
        ranking.places, ranking.evaluation
    )
}

#[test]
fn a_scenario_is_the_same_whether_it_is_opened_with_the_decision_or_alone() {
    let today = Date::parse("2026-11-22").expect("a day");
    let plain = Choice {
        evidence: EvidenceChoice::Repository,
        ..Choice::plain(today)
    };
    // The archive is shared, as in a batch: from the second decision on most files come from there.
    let archive = Archive::default();
    let mut compared = 0;
    for path in examples() {
        let (loaded, scenarios) = load::decision_with_scenarios(&path, &plain, &archive);
        let decision = loaded.decision.expect("the examples are sound");
        let alone = load::decision(&path, &plain)
            .decision
            .expect("the examples are sound");
        assert!(outcome(&decision) == outcome(&alone), "{}", path.display());
        for name in &decision.scenarios {
            let with = scenarios.get(&name.id).expect("the decision has it");
            let choice = Choice {
                scenario: Some(name.id.clone()),
                ..plain.clone()
            };
            let alone = load::decision(&path, &choice)
                .decision
                .expect("the examples are sound");
            assert!(
                outcome(&with) == outcome(&alone),
                "{} in {}",
                name.id,
                path.display()
            );
            compared += 1;
        }
        assert!(scenarios.get("no such scenario").is_none());
    }
    assert!(compared > 20, "only {compared} scenarios");
}

#[test]
fn a_table_has_no_scenarios() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("prices.csv");
    std::fs::write(
        &path,
        "candidate,price\n@direction,min\n@worst,100\n@best,0\none,10\ntwo,20\n",
    )
    .expect("the folder is ours");
    let today = Date::parse("2026-11-22").expect("a day");
    let (loaded, scenarios) =
        load::decision_with_scenarios(&path, &Choice::plain(today), &Archive::default());
    assert!(
        loaded
            .decision
            .is_some_and(|decision| decision.scenarios.is_empty())
            && scenarios.get("growth").is_none()
    );
}
