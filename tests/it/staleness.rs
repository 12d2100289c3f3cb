//! What passes with the calendar alone: no candidate changes its status, and none comes first without a word about a stale fact.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use weigh::analysis::staleness::{self, Staleness};
use weigh::diagnostic::{Code, Diagnostics};
use weigh::eval::{Plan, Status};
use weigh::graph;
use weigh::load::{self, Choice, EvidenceChoice};
use weigh::model::evidence::FactValue;
use weigh::quantity::date::Date;

/// What one day says about a decision.
struct Day {
    status: BTreeMap<String, Status>,
    first: Option<String>,
    staleness: Staleness,
    ids: Vec<String>,
    /// Candidates with an end of support that holds for good.
    pinned: Vec<String>,
    diagnostics: Diagnostics,
}

fn on(decision: &Path, day: Option<Date>) -> Day {
    let today = day.unwrap_or_else(|| Date::parse("2026-11-22").expect("a day"));
    let choice = Choice {
        as_of: day,
        evidence: EvidenceChoice::Repository,
        ..Choice::plain(today)
    };
    let loaded = load::decision(decision, &choice);
    let mut diagnostics = loaded.diagnostics;
    let decision = loaded.decision.expect("the example is sound");
    let graph = graph::compile(&decision, &mut diagnostics).expect("the example is sound");
    let plan = || weigh::eval::Plan::new(&decision, &graph);
    staleness::report(&decision, plan, &mut diagnostics);
    let plan = Plan::new(&decision, &graph);
    let evaluation = plan.evaluate();
    let ids: Vec<String> = decision.candidates.iter().map(|c| c.id.clone()).collect();
    let pinned = decision
        .candidates
        .iter()
        .filter(|c| matches!(c.facts.get("support_end"), Some(f) if matches!(f.value, FactValue::Date(_))))
        .map(|c| c.id.clone())
        .collect();
    Day {
        status: ids
            .iter()
            .cloned()
            .zip(evaluation.rows.iter().map(|row| row.status))
            .collect(),
        first: evaluation
            .rows
            .iter()
            .zip(&ids)
            .filter_map(|(row, id)| Some((row.score?, id.clone())))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, id)| id),
        staleness: staleness::staleness(&plan),
        ids,
        pinned,
        diagnostics,
    }
}

fn examples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut all: Vec<PathBuf> = std::fs::read_dir(root)
        .expect("the repository has examples")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("decision.yaml").is_file())
        .collect();
    all.sort();
    assert!(all.len() > 15, "{all:?}");
    all
}

#[test]
fn the_calendar_alone_screens_nobody_out_and_turns_no_winner_silently() {
    for example in examples() {
        let now = on(&example, None);
        let mut before = now.first.clone();
        for years in [1, 2, 5, 10, 20] {
            let day = Date::parse(&format!("{}-11-22", 2026 + years)).expect("a day");
            let then = on(&example, Some(day));
            let shown = example.display();
            for (id, status) in &now.status {
                assert!(
                    then.status[id] == *status || then.pinned.contains(id),
                    "{shown}: {id} was {status:?} and is {:?} on {day}",
                    then.status[id]
                );
            }
            let named = then.staleness.could_turn.iter().any(|fact| {
                let id = fact.candidate.map(|c| &then.ids[c]);
                id == before.as_ref() || id == then.first.as_ref()
            });
            // Every fact of the catalogs has expired after two years: nothing is left that the calendar could move.
            assert!(
                then.first == before || named && years <= 2,
                "{shown}: {before:?} was first and {:?} is on {day}, and no stale fact is named",
                then.first
            );
            let warnings = then
                .diagnostics
                .sorted()
                .into_iter()
                .filter(|d| d.code == Code::StaleFact)
                .count();
            assert!(warnings <= 1, "{shown}: {warnings} lines about stale facts");
            before = then.first;
        }
    }
}

#[test]
fn a_pinned_release_is_screened_out_when_its_support_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("decision.yaml");
    let text = "decision: d\ncandidates: [postgresql-14, postgresql]\ncriteria: [{use: support, points: 1}]\ngates: [supported]\n";
    std::fs::write(&file, text).expect("written");
    let status = |id: &str, day: &str| on(folder.path(), Date::parse(day)).status[id];
    assert_eq!(status("postgresql-14", "2026-11-01"), Status::Ranked);
    for day in ["2026-11-22", "2027-02-23", "2040-01-01"] {
        assert_eq!(status("postgresql-14", day), Status::Screened, "{day}");
        assert_eq!(status("postgresql", day), Status::Ranked, "{day}");
    }
}

#[test]
fn a_new_decision_is_dated_today() {
    let folder = tempfile::tempdir().expect("a folder");
    let today = || {
        let now = std::time::SystemTime::now();
        let since = now
            .duration_since(std::time::UNIX_EPOCH)
            .expect("after 1970");
        Date::of_seconds((since.as_secs() / 86_400 * 86_400) as f64)
            .expect("a day")
            .to_string()
    };
    let before = today();
    for words in [&["init", "d"][..], &["init", "d", "--domain", "queues"]] {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_weigh"))
            .args(words)
            .current_dir(folder.path())
            .output()
            .expect("the program runs");
        assert!(run.status.success(), "{run:?}");
    }
    let days = [before, today()];
    let read = |file: &str| std::fs::read_to_string(folder.path().join(file)).expect("written");
    for file in ["d/decision.yaml", "d/catalogs/queues/first-candidate.yaml"] {
        let text = read(file);
        let dated = days
            .iter()
            .any(|day| text.contains(&format!("as_of: {day}")));
        assert!(dated, "{file} is not dated {days:?}:\n{text}");
        assert!(
            !text.contains("TODAY") && !text.contains("NEXT_YEAR"),
            "{text}"
        );
    }
}
