//! Every decision below `examples/` runs through `rank`, `robustness`, `sensitivity`, `next`, `pareto` and, where it names any,
//! `stakeholders`, as text and as JSON; in Chinese too, which `chinese.rs` does for those whose text is not kept.
//!
//! What is compared: the printed text of four examples and the JSON of one with the files in their `expected/`; what each decision
//! comes to (order, leader, front) with `expected.yaml` beside this file; and every JSON document with what must hold for any
//! decision (`invariants.rs`). `WEIGH_BLESS=1 cargo test --test it examples` rewrites the files; read `git diff` before you commit.

mod invariants;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::prelude::*;
use serde_json::Value;
use weigh::load::{self, Choice};
use weigh::quantity::date::Date;

/// Examples whose text is kept in both languages: two candidates with stakeholders, measured services, many candidates, a fork.
const PRINTED: [&str; 4] = [
    "adopt-or-build",
    "auth-service",
    "order-api",
    "primary-database",
];

/// The example whose JSON is kept too.
const AS_JSON: &str = "auth-service";

const EXPECTED: &str = "tests/it/examples/expected.yaml";

/// The analyses and how they are asked; few samples, because a debug build draws them slowly.
const QUESTIONS: [(&str, &[&str]); 6] = [
    ("rank", &[]),
    ("robustness", &["--samples", "1000", "--seed", "7"]),
    ("sensitivity", &[]),
    ("next", &["--samples", "4096", "--seed", "7"]),
    ("pareto", &[]),
    ("stakeholders", &[]),
];

/// The forms in which a command answers, and how the files with the answers end.
const FORMS: [(&str, &[&str]); 3] = [
    ("txt", &["--lang", "en"]),
    ("zh.txt", &["--lang", "zh"]),
    ("json", &["--lang", "en", "--format", "json"]),
];

/// The decisions below `examples/`; services are benchmarked and `broken` is refused, both on purpose.
pub(crate) fn decisions() -> Vec<PathBuf> {
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

/// `auth-service/article` for `examples/auth-service/article.yaml`.
fn title(decision: &Path) -> String {
    let below = decision.strip_prefix("examples").expect("an example");
    below
        .with_extension("")
        .to_string_lossy()
        .replace('\\', "/")
}

/// One call of the program.
struct Call {
    decision: PathBuf,
    command: &'static str,
    form: &'static str,
    scenario: Option<String>,
    arguments: Vec<String>,
}

impl Call {
    /// The file that holds what must be printed, for the examples that have one.
    fn golden(&self) -> Option<PathBuf> {
        let (example, name) = title(&self.decision)
            .split_once('/')
            .map(|(e, n)| (e.to_owned(), n.to_owned()))?;
        let kept = if self.form == "json" {
            example == AS_JSON
        } else {
            PRINTED.contains(&example.as_str())
        };
        (kept && name == "decision" && self.scenario.is_none()).then(|| {
            self.decision
                .with_file_name("expected")
                .join(format!("{}.{}", self.command, self.form))
        })
    }

    fn run(&self) -> String {
        let run = Command::new(env!("CARGO_BIN_EXE_weigh"))
            .arg(self.command)
            .arg(&self.decision)
            .args(&self.arguments)
            .args(["--evidence", "repo", "--color", "never"])
            .output()
            .expect("the program was just built");
        let messages = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{}\n{messages}", self.describe());
        String::from_utf8(run.stdout).expect("output is UTF-8")
    }

    fn describe(&self) -> String {
        format!(
            "{} {} {}",
            self.command,
            self.decision.display(),
            self.arguments.join(" ")
        )
    }
}

/// Every command in every form, then each scenario.
fn calls(decision: &Path) -> Vec<Call> {
    let today = Date::parse("2026-11-22").expect("a day");
    let read = load::decision(decision, &Choice::plain(today))
        .decision
        .unwrap_or_else(|| panic!("{} does not load", decision.display()));
    let call = |command, form, scenario: Option<&String>, arguments: &[&str]| Call {
        decision: decision.to_owned(),
        command,
        form,
        scenario: scenario.cloned(),
        arguments: arguments.iter().map(|&a| a.to_owned()).collect(),
    };
    let mut all = Vec::new();
    for (command, samples) in QUESTIONS {
        if command == "stakeholders" && read.stakeholders.is_empty() {
            continue;
        }
        for (form, words) in FORMS {
            let asked = call(command, form, None, &[samples, words].concat());
            if form == "json" || asked.golden().is_some() {
                all.push(asked);
            } else if form == "txt" {
                // Only that it prints: `chinese.rs` does the same in Chinese.
                let few: &[&str] = if samples.is_empty() {
                    &[]
                } else {
                    &["--samples", "256"]
                };
                all.push(call(command, form, None, &[few, words].concat()));
            }
        }
    }
    let folder = decision.parent().expect("a file lies in a folder");
    let own = read.scenarios.into_iter().map(|scenario| scenario.id);
    let scenarios: BTreeSet<String> = own.chain(scenario_files(folder)).collect();
    for id in scenarios {
        let words = ["--lang", "en", "--format", "json", "--scenario", &id];
        all.push(call("rank", "json", Some(&id), &words));
    }
    all
}

/// Every call with what it printed.
fn answers() -> Vec<(Call, String)> {
    let calls: Vec<Call> = decisions()
        .iter()
        .flat_map(|decision| calls(decision))
        .collect();
    assert!(calls.len() > 250, "only {} calls were found", calls.len());
    calls
        .into_par_iter()
        .map(|call| {
            let text = call.run();
            (call, text)
        })
        .collect()
}

/// Compares a file with what it should hold, or writes it where `WEIGH_BLESS` is set; says where they differ.
fn compare(file: &Path, actual: &str) -> Option<String> {
    if std::env::var_os("WEIGH_BLESS").is_some() {
        fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("writable");
        fs::write(file, actual).expect("writable");
        return None;
    }
    let Ok(text) = fs::read_to_string(file) else {
        return Some(format!(
            "{} is missing: WEIGH_BLESS=1 writes it",
            file.display()
        ));
    };
    let expected = text.replace("\r\n", "\n");
    (expected != actual).then(|| {
        let same = expected
            .lines()
            .zip(actual.lines())
            .take_while(|(e, a)| e == a)
            .count();
        let line = |text: &str| text.lines().nth(same).unwrap_or("(end)").to_owned();
        format!(
            "{}:{}\n  expected: {}\n  printed:  {}",
            file.display(),
            same + 1,
            line(&expected),
            line(actual)
        )
    })
}

fn ids(list: &Value) -> String {
    let names: Vec<&str> = list
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    format!("[{}]", names.join(", "))
}

/// The candidates of a ranking that have a rank, in its order.
fn order(rank: &Value) -> String {
    let names: Vec<&str> = invariants::ranked(rank)
        .into_iter()
        .filter_map(|row| row["candidate"].as_str())
        .collect();
    format!("[{}]", names.join(", "))
}

/// What a decision comes to, a line per answer.
fn outcome(call: &Call, answer: &Value) -> String {
    let mut lines = String::new();
    let mut say =
        |key: &str, value: String| writeln!(lines, "  {key}: {value}").expect("a String takes it");
    match (call.command, &call.scenario) {
        ("rank", Some(id)) => say(&format!("in {id}"), order(answer)),
        ("rank", None) => {
            say("order", order(answer));
            let unranked = answer["ranking"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|row| row["status"] != "ranked");
            let named: Vec<String> = unranked
                .map(|row| {
                    format!(
                        "{}: {}",
                        row["candidate"].as_str().unwrap_or_default(),
                        row["status"].as_str().unwrap_or_default()
                    )
                })
                .collect();
            if !named.is_empty() {
                say("without a rank", format!("{{{}}}", named.join(", ")));
            }
        }
        ("robustness", _) => {
            let rows = answer["rank_acceptability"]
                .as_object()
                .expect("one row per candidate");
            let first = |row: &Value| row[0].as_f64().unwrap_or(0.0);
            let leader = rows.iter().max_by(|a, b| first(a.1).total_cmp(&first(b.1)));
            say(
                "most often first",
                leader.map(|(id, _)| id.clone()).unwrap_or_default(),
            );
        }
        ("sensitivity", _) => {
            let change = &answer["smallest_change_of_winner"]["relative"];
            if let (Some(criterion), Some(under)) =
                (change["criterion"].as_str(), change["under"].as_str())
            {
                say(
                    "smallest change of weights",
                    format!("{{criterion: {criterion}, winner: {under}}}"),
                );
            }
        }
        ("next", _) => say(
            "best on average",
            answer["choice"].as_str().unwrap_or("nobody").to_owned(),
        ),
        ("pareto", _) => say("front", ids(&answer["front"])),
        ("stakeholders", _) => {
            for person in answer["stakeholders"]
                .as_array()
                .expect("a list of stakeholders")
            {
                say(
                    &format!("for {}", person["stakeholder"].as_str().unwrap_or_default()),
                    person["ranking"][0]["candidate"]
                        .as_str()
                        .unwrap_or("nobody")
                        .to_owned(),
                );
            }
        }
        (other, _) => panic!("{other} has no outcome"),
    }
    lines
}

#[test]
fn every_example_answers_every_question() {
    let mut problems = Vec::new();
    let mut outcomes: BTreeMap<String, String> = BTreeMap::new();
    let answers = answers();
    for (call, text) in &answers {
        if let Some(file) = call.golden() {
            problems.extend(compare(&file, text));
        }
        if call.form == "json" {
            let answer: Value = serde_json::from_str(text).expect("one JSON document");
            let mut broken = invariants::check(call.command, &answer);
            broken.extend(crate::json_documents::misfits(call.command, &answer));
            problems.extend(
                broken
                    .into_iter()
                    .map(|what| format!("{}: {what}", call.describe())),
            );
            *outcomes.entry(title(&call.decision)).or_default() += &outcome(call, &answer);
            continue;
        }
        let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        assert!(
            !words.contains("NaN") && !words.contains("inf"),
            "{}:\n{text}",
            call.describe()
        );
        let is_chinese = text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        assert!(
            is_chinese || call.form != "zh.txt",
            "{}:\n{text}",
            call.describe()
        );
    }
    let head =
        "# What each example comes to. Written by `WEIGH_BLESS=1 cargo test --test it examples`.\n";
    let list = outcomes
        .iter()
        .map(|(title, lines)| format!("{title}:\n{lines}"));
    let expected = std::iter::once(head.to_owned())
        .chain(list)
        .collect::<String>();
    problems.extend(compare(Path::new(EXPECTED), &expected));
    assert!(
        problems.is_empty(),
        "{} problems\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn no_golden_output_is_left_over() {
    let wanted: BTreeSet<PathBuf> = decisions()
        .iter()
        .flat_map(|decision| calls(decision))
        .filter_map(|call| call.golden())
        .collect();
    for folder in folders(Path::new("examples")) {
        for entry in fs::read_dir(folder.join("expected")).into_iter().flatten() {
            let path = entry.expect("readable").path();
            let name = path
                .file_name()
                .and_then(|n| n.to_str())
                .expect("examples have plain names");
            let is_ours = name.ends_with(".txt") || name.ends_with(".json");
            assert!(
                !is_ours || wanted.contains(&path),
                "{} belongs to no call",
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
