//! The catalogs that ship, and `weigh catalog` over them: how far they can be trusted, that every candidate is of use, and that what
//! was judged is known for what it is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rayon::prelude::*;
use serde_json::Value;
use weigh::diagnostic::Diagnostics;
use weigh::eval::{Leaf, Plan, Status};
use weigh::graph;
use weigh::load::{self, Choice, EvidenceChoice};
use weigh::model::evidence::EvidenceKind;
use weigh::quantity::date::Date;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn choice() -> Choice {
    Choice {
        evidence: EvidenceChoice::Repository,
        ..Choice::plain(Date::parse("2026-11-22").expect("a day"))
    }
}

fn weigh(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weigh"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the program was just built")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// Every decision below `examples/`; `broken` is refused on purpose, services are benchmarked.
fn decisions() -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![root().join("examples")]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("examples ship").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() && !["broken", "services", "expected"].contains(&name.as_str()) {
                open.push(path);
            } else if name.ends_with(".yaml")
                && fs::read_to_string(&path)
                    .is_ok_and(|t| t.lines().any(|l| l.starts_with("decision:")))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_shipped_catalog_is_clean_and_sourced() {
    let output = weigh(
        root(),
        &[
            "catalog",
            "check",
            "--evidence",
            "repo",
            "--as-of",
            "2026-11-22",
            "--format",
            "json",
        ],
    );
    let said = json(&output);
    assert!(output.status.success(), "{}", said["diagnostics"]);
    let missing = said["total"]["missing_share"].as_f64().expect("a share");
    assert!(missing < 0.2, "{missing} of all facts are missing");
    let candidates = said["candidates"].as_array().expect("a list");
    assert!(candidates.len() >= 53, "only {}", candidates.len());
    for row in candidates.iter().filter(|r| {
        ["web-frameworks", "databases"].contains(&r["domain"].as_str().unwrap_or_default())
    }) {
        assert!(row["sourced"].as_u64() >= Some(12), "{row}");
    }
}

#[test]
fn every_shipped_candidate_ranks_in_an_example() {
    let ranked: BTreeSet<String> = decisions()
        .par_iter()
        .flat_map_iter(|path| ranked(path))
        .collect();
    let catalog = load::catalog(root(), &choice()).catalog;
    let never: Vec<&str> = catalog
        .entries
        .iter()
        .map(|e| e.candidate.id.as_str())
        .filter(|id| !ranked.contains(*id))
        .collect();
    assert!(never.is_empty(), "never ranked: {never:?}");
}

/// The candidates that rank in a decision, whatever the scenario.
fn ranked(path: &Path) -> Vec<String> {
    let plain = load::decision(path, &choice())
        .decision
        .unwrap_or_else(|| panic!("{} does not load", path.display()));
    let scenarios = plain
        .scenarios
        .iter()
        .map(|s| Some(s.id.clone()))
        .chain([None]);
    let mut all = Vec::new();
    for scenario in scenarios {
        let loaded = load::decision(
            path,
            &Choice {
                scenario,
                ..choice()
            },
        );
        let decision = loaded.decision.expect("its scenarios load as it does");
        let graph =
            graph::compile(&decision, &mut Diagnostics::default()).expect("examples compile");
        let rows = Plan::new(&decision, &graph).evaluate().rows;
        let is_ranked = rows
            .iter()
            .zip(&decision.candidates)
            .filter(|(row, _)| row.status == Status::Ranked);
        all.extend(is_ranked.map(|(_, candidate)| candidate.id.clone()));
    }
    all
}

#[test]
fn a_judgement_that_can_change_the_winner_is_among_the_unknowns() {
    let mut seen = 0;
    for path in decisions() {
        let pivotal = pivotal_judgements(&path);
        if pivotal.is_empty() {
            continue;
        }
        seen += pivotal.len();
        let shown = path.display().to_string();
        let output = weigh(
            root(),
            &[
                "next",
                &shown,
                "--samples",
                "4096",
                "--evidence",
                "repo",
                "--format",
                "json",
            ],
        );
        let said = json(&output);
        let listed: BTreeSet<&str> = said["unknowns"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|u| u["input"].as_str())
            .collect();
        for input in pivotal {
            assert!(
                listed.contains(input.as_str()),
                "{shown}: {input} can change the winner and is not among {listed:?}"
            );
        }
    }
    assert!(seen >= 10, "only {seen} judgements matter anywhere");
}

/// The judged facts of a decision that change its winner at one end of their range, all else at its point.
fn pivotal_judgements(path: &Path) -> Vec<String> {
    let decision = load::decision(path, &choice())
        .decision
        .expect("examples load");
    let graph = graph::compile(&decision, &mut Diagnostics::default()).expect("examples compile");
    let plan = Plan::new(&decision, &graph);
    let shares = plan.shares();
    let mut all = Vec::new();
    for input in plan.inputs() {
        let Some(candidate) = input.candidate else {
            continue;
        };
        let Leaf::Fact(fact) = plan.leaf(input.node, candidate) else {
            continue;
        };
        let weigh::model::evidence::FactValue::Number(figures) = &fact.value else {
            continue;
        };
        if fact.provenance.kind != Some(EvidenceKind::Judged) || figures.is_certain() {
            continue;
        }
        let (low, high) = figures.support();
        let sweep = plan.sweep(input, &[figures.mean(), low, high], &shares);
        if (1..3).any(|i| sweep.leader(i) != sweep.leader(0)) {
            all.push(plan.input_name(input));
        }
    }
    all
}

/// A catalog of one candidate with these facts.
fn project(facts: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let domain = folder.path().join("catalogs/demo");
    fs::create_dir_all(&domain).expect("a folder can be made");
    let text = format!("candidate: small\nname: Small\nfacts:\n{facts}");
    fs::write(domain.join("small.yaml"), text).expect("a file can be written");
    folder
}

#[test]
fn contradictory_and_unsourced_facts_are_errors_and_stale_ones_warnings() {
    let cases = [
        (
            "  first_release: {value: 2024-01-01, source: a}\n  newest_release: {value: 2023-01-01, source: a}\n",
            "E0510",
            1,
        ),
        (
            "  newest_release: {value: 2027-01-01, source: a}\n",
            "E0510",
            1,
        ),
        (
            "  support_end: {value: 2001-01-01, source: a}\n  first_release: {value: 2002-01-01, source: a}\n",
            "E0510",
            1,
        ),
        (
            "  authors: {value: 2, source: a}\n  absence_factor: {value: 3, source: a}\n",
            "E0510",
            1,
        ),
        (
            "  licence: {value: Apache License Version 2, source: a}\n",
            "E0510",
            1,
        ),
        ("  licence: MIT\n", "E0507", 1),
        (
            "  ops_hours: {value: 3, kind: judged, scale: hours}\n",
            "E0207",
            1,
        ),
        (
            "  licence: {value: MIT, source: a, as_of: 2025-01-01, expires: 2026-01-01}\n",
            "W0505",
            0,
        ),
    ];
    for (facts, code, exit) in cases {
        let project = project(facts);
        let output = weigh(
            project.path(),
            &[
                "catalog",
                "check",
                "--domain",
                "demo",
                "--as-of",
                "2026-11-22",
                "--format",
                "json",
            ],
        );
        let said = json(&output);
        let codes: Vec<&str> = said["diagnostics"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|d| d["code"].as_str())
            .collect();
        assert!(codes.contains(&code), "{facts}: {codes:?}");
        assert_eq!(output.status.code(), Some(exit), "{facts}");
    }
}

#[test]
fn facts_that_are_not_known_contradict_nothing() {
    let project = project(
        "  first_release: {value: 2024-01-01, source: a}\n  newest_release: {missing: nobody looked}\n  licence: {missing: none}\n",
    );
    let output = weigh(
        project.path(),
        &[
            "catalog",
            "check",
            "--domain",
            "demo",
            "--as-of",
            "2026-11-22",
            "--format",
            "json",
        ],
    );
    assert!(output.status.success(), "{}", json(&output)["diagnostics"]);
}

#[test]
fn a_candidate_is_shown_with_who_says_what() {
    let said = json(&weigh(
        root(),
        &["catalog", "show", "gin", "--format", "json", "--lang", "en"],
    ));
    assert_eq!(
        (said["id"].as_str(), said["name"].as_str()),
        (Some("gin"), Some("Gin"))
    );
    let fact = |name: &str| {
        said["facts"]
            .as_array()
            .and_then(|all| all.iter().find(|f| f["fact"] == name))
            .cloned()
            .expect("a fact")
    };
    assert_eq!(fact("licence")["value"], "MIT");
    assert_eq!(
        (
            fact("authors")["unit"].as_str(),
            fact("authors")["kind"].as_str()
        ),
        (Some("person"), Some("registry"))
    );
    let learning = fact("learning_weeks");
    assert!(
        learning["low"].as_f64() < learning["high"].as_f64() && learning["kind"] == "judged",
        "{learning}"
    );
    for key in ["source", "as_of", "expires"] {
        assert!(fact("licence")[key].is_string(), "{key}");
    }
    assert_eq!(
        weigh(root(), &["catalog", "show", "gni"]).status.code(),
        Some(2)
    );
}

#[test]
fn domains_are_listed() {
    let said = json(&weigh(
        root(),
        &[
            "catalog",
            "list",
            "--domain",
            "streaming",
            "--format",
            "json",
        ],
    ));
    let ids: Vec<&str> = said["candidates"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|c| c["id"].as_str())
        .collect();
    assert_eq!(ids, ["flink", "kafka", "kafka-streams", "nats", "rabbitmq"]);
    assert_eq!(
        weigh(root(), &["catalog", "list", "--domain", "streeming"])
            .status
            .code(),
        Some(2)
    );
}

/// The lines that the catalogs' README gives for a domain of one's own.
#[cfg(unix)]
#[test]
fn the_readmes_new_domain_works() {
    let readme = fs::read_to_string(root().join("catalogs/README.md")).expect("it ships");
    let behind = readme
        .split_once("## A domain of your own")
        .expect("a section")
        .1;
    let lines = behind
        .split_once("```sh\n")
        .and_then(|(_, rest)| rest.split_once("```"))
        .expect("a block")
        .0;
    assert!(
        lines.lines().count() <= 12,
        "ten lines, not {}",
        lines.lines().count()
    );
    let folder = tempfile::tempdir().expect("a folder");
    let bin = Path::new(env!("CARGO_BIN_EXE_weigh"))
        .parent()
        .expect("it lies in a folder")
        .display()
        .to_string();
    let path = format!("{bin}:{}", std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .args(["-ec", lines])
        .current_dir(folder.path())
        .env("PATH", path)
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        said.contains("First candidate") && said.contains("0 errors"),
        "{said}"
    );
}
