//! Every decision below `examples/` ranks, in every scenario, and says how sure that is, as its golden output under `expected/`
//! says: `rank`, `robustness`, `sensitivity`, `next`, `pareto` and, where the decision has any, `stakeholders`.
//!
//! `WEIGH_BLESS=1 cargo test --test it examples` writes the golden output anew; look at `git diff` before committing it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::prelude::*;
use weigh::load::{self, Choice};
use weigh::quantity::date::Date;

/// What tells how sure a ranking is; few samples, because a debug build draws them slowly.
const QUESTIONS: [(&str, &[&str]); 5] = [
    ("robustness", &["--samples", "1000", "--seed", "7"]),
    ("sensitivity", &[]),
    ("next", &["--samples", "4096", "--seed", "7"]),
    ("pareto", &[]),
    ("stakeholders", &[]),
];

/// One run of the program and the file that holds what it must print.
struct Golden {
    decision: PathBuf,
    command: &'static str,
    arguments: Vec<String>,
    file: PathBuf,
}

/// The decisions below `examples/`; services are benchmarked and `broken` is refused, both on purpose.
fn decisions() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders(Path::new("examples")) {
        if folder.ends_with("services") || folder.ends_with("broken") {
            continue;
        }
        let files = fs::read_dir(&folder)
            .expect("the folder was just listed")
            .map(|entry| entry.expect("readable").path());
        let is_decision = |path: &PathBuf| {
            path.extension().is_some_and(|e| e == "yaml")
                && fs::read_to_string(path)
                    .expect("examples are text")
                    .lines()
                    .any(|line| line.starts_with("decision:"))
        };
        found.extend(files.filter(is_decision));
    }
    found.sort();
    found
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).expect("the examples are part of the repository");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

/// `rank` for `decision.yaml`, `article.rank` for `article.yaml` beside it.
fn stem(decision: &Path, command: &str) -> String {
    let name = decision
        .file_stem()
        .and_then(|s| s.to_str())
        .expect("examples have plain names");
    if name == "decision" {
        command.to_owned()
    } else {
        format!("{name}.{command}")
    }
}

fn goldens(decision: &Path) -> Vec<Golden> {
    let today = Date::parse("2026-11-22").expect("a day");
    let loaded = load::decision(decision, &Choice::plain(today));
    let folder = decision.parent().expect("a file lies in a folder");
    let read = loaded
        .decision
        .unwrap_or_else(|| panic!("{} does not load", decision.display()));
    let scenarios = read
        .scenarios
        .into_iter()
        .map(|scenario| scenario.id)
        .chain(scenario_files(folder));
    let expected = folder.join("expected");
    let golden = |command: &'static str, ending: &str, arguments: &[&str]| Golden {
        decision: decision.to_owned(),
        command,
        arguments: arguments.iter().map(|&a| a.to_owned()).collect(),
        file: expected.join(format!("{}.{ending}", stem(decision, command))),
    };
    let mut all = Vec::new();
    let questions = QUESTIONS
        .iter()
        .filter(|(command, _)| *command != "stakeholders" || !read.stakeholders.is_empty());
    for &(command, arguments) in std::iter::once(&("rank", &[] as &[&str])).chain(questions) {
        let forms: [(&str, &[&str]); 3] = [
            ("txt", &["--lang", "en"]),
            ("zh.txt", &["--lang", "zh"]),
            ("json", &["--lang", "en", "--format", "json"]),
        ];
        all.extend(
            forms
                .iter()
                .map(|(ending, form)| golden(command, ending, &[arguments, form].concat())),
        );
    }
    all.extend(scenarios.map(|id| {
        golden(
            "rank",
            &format!("{id}.txt"),
            &["--lang", "en", "--scenario", &id],
        )
    }));
    all
}

/// The ids of the scenarios that have a file of their own beside the decision.
fn scenario_files(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder.join("scenarios")) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.expect("readable").path());
    let mut ids: Vec<String> = paths
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    ids.sort();
    ids
}

fn printed(golden: &Golden) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_weigh"))
        .arg(golden.command)
        .arg(&golden.decision)
        .args(&golden.arguments)
        .args(["--evidence", "repo", "--color", "never"])
        .output()
        .expect("the program was just built");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(
        run.status.success(),
        "{} {} {:?}\n{said}",
        golden.command,
        golden.decision.display(),
        golden.arguments
    );
    String::from_utf8(run.stdout).expect("output is UTF-8")
}

/// The first line in which the two differ.
fn difference(golden: &Golden, expected: &str, actual: &str) -> String {
    let at = expected
        .lines()
        .zip(actual.lines())
        .position(|(e, a)| e != a);
    let at = at.unwrap_or_else(|| expected.lines().count().min(actual.lines().count()));
    let line = |text: &str| text.lines().nth(at).unwrap_or("(end)").to_owned();
    format!(
        "{}:{}\n  expected: {}\n  printed:  {}",
        golden.file.display(),
        at + 1,
        line(expected),
        line(actual)
    )
}

#[test]
fn examples_print_their_golden_output() {
    let goldens: Vec<Golden> = decisions()
        .iter()
        .flat_map(|decision| goldens(decision))
        .collect();
    assert!(
        goldens.len() > 300,
        "only {} runs were found",
        goldens.len()
    );
    let bless = std::env::var_os("WEIGH_BLESS").is_some();
    let problems: Vec<String> = goldens
        .par_iter()
        .filter_map(|golden| {
            let actual = printed(golden);
            if bless {
                fs::create_dir_all(golden.file.parent().expect("a file lies in a folder"))
                    .expect("writable");
                fs::write(&golden.file, actual).expect("writable");
                return None;
            }
            match fs::read_to_string(&golden.file) {
                Err(_) => Some(format!(
                    "{} is missing: WEIGH_BLESS=1 writes it",
                    golden.file.display()
                )),
                Ok(text) => {
                    let expected = text.replace("\r\n", "\n");
                    (expected != actual).then(|| difference(golden, &expected, &actual))
                }
            }
        })
        .collect();
    assert!(
        problems.is_empty(),
        "{} of {} runs differ\n{}",
        problems.len(),
        goldens.len(),
        problems.join("\n")
    );
}

#[test]
fn no_golden_output_is_left_over() {
    let mut wanted: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for golden in decisions().iter().flat_map(|decision| goldens(decision)) {
        wanted
            .entry(
                golden
                    .file
                    .parent()
                    .expect("a file lies in a folder")
                    .to_owned(),
            )
            .or_default()
            .push(golden.file);
    }
    for (folder, files) in wanted {
        for entry in fs::read_dir(&folder).expect("golden output is part of the repository") {
            let path = entry.expect("readable").path();
            let ours = |name: &str| {
                let mut commands = QUESTIONS
                    .iter()
                    .map(|(command, _)| *command)
                    .chain(["rank"]);
                commands.any(|command| name.split('.').take(2).any(|part| part == command))
            };
            let is_ours = path.file_name().and_then(|n| n.to_str()).is_some_and(ours);
            assert!(
                !is_ours || files.contains(&path),
                "{} belongs to no run",
                path.display()
            );
        }
    }
}

#[test]
fn every_example_says_what_it_decides() {
    let index =
        fs::read_to_string("examples/README.md").expect("the index is part of the repository");
    for decision in decisions() {
        let folder = decision.parent().expect("a file lies in a folder");
        let name = folder
            .file_name()
            .and_then(|n| n.to_str())
            .expect("examples have plain names");
        let readme = fs::read_to_string(folder.join("README.md"))
            .unwrap_or_else(|_| panic!("{name} has no README.md"));
        assert!(
            readme.contains(&format!("weigh rank examples/{name}")),
            "the README of {name} does not say how to run it"
        );
        assert!(
            index.contains(&format!("({name}/")),
            "examples/README.md does not list {name}"
        );
    }
}
