//! Chinese output holds no English but names, ids, code and units: every command, on every example.
//!
//! What may stand is gathered from the decision (ids, names, units, file paths, sources, which are quoted as they were published)
//! and from the program (commands, options, methods); a word that is in neither is a text that somebody forgot to translate.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::prelude::*;
use serde_json::Value;

/// Names of methods, people and formats that a Chinese text leaves as they are.
const NAMES: &[&str] = &[
    "CSV", "JSON", "SVG", "YAML", "Kendall", "tau", "Borda", "EUR", "SAW", "WPM", "SMAA", "CRITIC",
    "MEREC", "EVPI", "EVPPI", "Mermaid", "Monte", "Carlo", "Git", "JWT", "SQL", "gRPC", "API",
    "Markdown", "Schema", "saaty", "rezaei", "epsilon", "ISC", "Zlib", "two",
];
/// Words of the formula language, of the files' forms and of licences, which are code.
const CODE: &[&str] = &[
    "true", "false", "yaml", "yml", "csv", "json", "decision", "repo", "shell", "exp",
];

fn run(words: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_weigh"))
        .args(words)
        .args(["--color", "never"])
        .output()
        .expect("the program was built");
    assert!(
        run.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&run.stderr)
    );
    String::from_utf8(run.stdout).expect("output is UTF-8")
}

/// Words of three or more ASCII letters.
fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| word.len() >= 3)
        .map(str::to_owned)
        .collect()
}

/// Every text below these keys.
fn below(value: &Value, keys: &[&str], found: &mut BTreeSet<String>) {
    match value {
        Value::Object(entries) => entries.iter().for_each(|(key, own)| match own {
            Value::String(text) if keys.contains(&key.as_str()) => found.extend(words(text)),
            _ => below(own, keys, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| below(item, keys, found)),
        _ => {}
    }
}

/// Subcommands, options and the values they take, at any depth.
fn of_the_program(command: &clap::Command, found: &mut BTreeSet<String>) {
    found.extend(words(command.get_name()));
    for argument in command.get_arguments() {
        found.extend(argument.get_long().map(words).unwrap_or_default());
        argument
            .get_possible_values()
            .iter()
            .for_each(|value| found.extend(words(value.get_name())));
        argument
            .get_default_values()
            .iter()
            .for_each(|value| found.extend(words(&value.to_string_lossy())));
    }
    command
        .get_subcommands()
        .for_each(|own| of_the_program(own, found));
}

fn decisions() -> Vec<PathBuf> {
    let folders = fs::read_dir("examples")
        .expect("the examples are part of the repository")
        .flatten()
        .map(|entry| entry.path());
    let mut all: Vec<PathBuf> = folders
        .map(|folder| folder.join("decision.yaml"))
        .filter(|file| file.is_file())
        .collect();
    all.sort();
    all
}

/// Words of the files that are not the program's to translate: Chinese texts as their authors wrote them, sources, names of
/// measured figures, and facts and inputs that are plain words, such as a language or a licence.
fn of_the_files() -> BTreeSet<String> {
    let (mut files, mut open) = (
        Vec::new(),
        ["catalogs", "criteria", "examples"]
            .map(PathBuf::from)
            .to_vec(),
    );
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(&folder)
            .expect("it is part of the repository")
            .flatten()
            .map(|entry| entry.path())
        {
            if path.is_dir() && !path.ends_with("broken") && !path.ends_with("services") {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "yaml") {
                let text = fs::read_to_string(&path).expect("files are text");
                files.push(serde_yaml::from_str::<Value>(&text).expect("the program reads it"));
            }
        }
    }
    let mut plain: BTreeSet<String> = BTreeSet::new();
    for section in files
        .iter()
        .flat_map(|file| ["facts", "inputs"].map(|name| &file[name]))
    {
        let entries = section.as_object().into_iter().flatten();
        plain.extend(
            entries
                .filter(|(_, own)| own["kind"] == "text")
                .map(|(name, _)| name.clone()),
        );
    }
    let mut found = BTreeSet::new();
    for file in &files {
        gather(file, &plain, &mut found);
        // Formulas and the names of functions are code.
        below(file, &["expr", "ask"], &mut found);
        let functions = file["functions"].as_object().into_iter().flatten();
        functions.for_each(|(name, _)| found.extend(words(name)));
    }
    found
}

fn gather(value: &Value, plain: &BTreeSet<String>, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(entries) => entries.iter().for_each(|(key, own)| {
            if key == "zh" || key == "source" || key == "measured" || plain.contains(key) {
                let text = own.as_str().or_else(|| own["value"].as_str());
                found.extend(text.map(words).unwrap_or_default());
            }
            gather(own, plain, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| gather(item, plain, found)),
        _ => {}
    }
}

/// Lines without what is quoted in backticks and without formulas and sources, which stand as they were written.
fn prose(output: &str) -> String {
    let code = |line: &str| {
        let line = line.trim_start();
        // A line of a file, quoted under its number.
        let quoted = line
            .split_once(" | ")
            .is_some_and(|(number, _)| number.trim().parse::<usize>().is_ok());
        quoted
            || line.starts_with("= ")
            || line.starts_with("$ ")
            || line.contains(" · ")
            || line.contains("出处：")
    };
    let lines = output.lines().filter(|line| !code(line));
    lines
        .map(|line| {
            line.split("$ ")
                .next()
                .unwrap_or_default()
                .split('`')
                .step_by(2)
                .collect::<Vec<_>>()
                .join(" ")
                + "\n"
        })
        .collect()
}

fn foreign(decision: &Path, program: &BTreeSet<String>) -> Vec<String> {
    let path = decision.to_str().expect("plain names");
    let repo = ["--evidence", "repo"];
    let json = |command: &str| -> Value {
        serde_json::from_str(&run(&[
            &[command, path, "--format", "json", "--lang", "en"],
            &repo[..],
        ]
        .concat()))
        .expect("it is JSON")
    };
    let (ranking, graph) = (json("rank"), json("graph"));
    let mut known = program.clone();
    known.extend(words(path));
    below(
        &ranking,
        &[
            "candidate",
            "name",
            "criterion",
            "node",
            "unit",
            "id",
            "decision",
            "scenario",
        ],
        &mut known,
    );
    below(&graph, &["id", "unit"], &mut known);
    let ids: Vec<&str> = ranking["ranking"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|place| place["candidate"].as_str())
        .collect();
    // Facts and what a team knows are named by keys of the files.
    let text = fs::read_to_string(decision).expect("examples are text");
    known.extend(
        text.split(['{', ',', '\n', '-'])
            .filter_map(|part| part.split_once(':'))
            .flat_map(|(key, _)| words(key)),
    );
    let (first, last) = (ids[0], ids[ids.len() - 1]);
    let mut asked: Vec<Vec<&str>> = vec![
        vec!["rank", path],
        vec!["robustness", path, "--samples", "256"],
        vec!["sensitivity", path],
        vec!["pareto", path],
        vec!["stakeholders", path],
        vec!["next", path, "--samples", "256"],
        vec!["check", path],
        vec!["graph", path],
        vec!["why", path, last],
    ];
    if first != last {
        asked.push(vec!["compare", path, first, last]);
    }
    let mut problems = Vec::new();
    for arguments in asked {
        let evidence = if arguments[0] == "check" {
            &[][..]
        } else {
            &repo[..]
        };
        let output = run(&[&arguments, evidence, &["--lang", "zh"]].concat());
        problems.extend(
            strange(&output, &known)
                .into_iter()
                .map(|found| format!("{} {path}: {found}", arguments[0])),
        );
    }
    problems
}

/// Lines with words that are not known.
fn strange(output: &str, known: &BTreeSet<String>) -> Vec<String> {
    let of_line = |line: &str| {
        // A path and its line say where something stands.
        let plain: Vec<&str> = line
            .split_whitespace()
            .filter(|word| !word.contains('/') && !word.contains('='))
            .collect();
        let unknown: Vec<String> = words(&plain.join(" ")).difference(known).cloned().collect();
        (!unknown.is_empty()).then(|| format!("{unknown:?} in {line}"))
    };
    prose(output).lines().filter_map(of_line).collect()
}

/// What the program itself is made of: commands, options, methods and their parameters.
fn of_the_whole_program() -> BTreeSet<String> {
    let mut program: BTreeSet<String> = NAMES
        .iter()
        .chain(CODE)
        .map(|word| (*word).to_owned())
        .collect();
    of_the_program(&weigh::cli::command(), &mut program);
    for method in weigh::rank::methods() {
        program.extend(words(method.id()));
        program.extend(
            method
                .parameters()
                .iter()
                .flat_map(|parameter| words(&format!("{} {:?}", parameter.name, parameter.domain))),
        );
    }
    program
}

#[test]
fn chinese_tables_and_explanations_hold_no_english() {
    let mut program = of_the_whole_program();
    program.extend(of_the_files());
    let problems: Vec<String> = decisions()
        .par_iter()
        .flat_map_iter(|decision| foreign(decision, &program))
        .collect();
    assert!(
        problems.is_empty(),
        "{} lines\n{}",
        problems.len(),
        problems.join("\n")
    );
}

/// Judgements of every kind, their items in Greek letters so that no item's name hides a word.
const JUDGEMENTS: [&str; 4] = [
    "{method: pairwise, items: [α, β, γ], comparisons: [{of: α, over: β, ratio: 3}, {of: β, over: γ, ratio: 5}, {of: α, over: γ, ratio: 2}]}",
    "{method: swing, swings: {α: 100, β: 60}}",
    "{method: rank-order, formula: roc, order: [α, β, γ]}",
    "{method: best-worst, best: α, worst: γ, best_to_others: {α: 1, β: 2, γ: 8}, others_to_worst: {α: 8, β: 4, γ: 1}}",
];

#[test]
fn weights_in_chinese_hold_no_english() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = of_the_whole_program();
    let mut problems = Vec::new();
    for (at, judgement) in JUDGEMENTS.iter().enumerate() {
        let file = folder.path().join(format!("{at}.yaml"));
        fs::write(&file, judgement).expect("written");
        problems.extend(strange(
            &run(&[
                "weights",
                file.to_str().expect("a plain name"),
                "--lang",
                "zh",
            ]),
            &program,
        ));
    }
    let matrix = folder.path().join("5.csv");
    fs::write(&matrix, "candidate,α,β\n甲,1,4\n乙,2,3\n丙,5,1\n").expect("written");
    for method in ["entropy", "critic", "merec"] {
        let words = [
            "weights",
            matrix.to_str().expect("a plain name"),
            "--method",
            method,
            "--lang",
            "zh",
        ];
        problems.extend(strange(&run(&words), &program));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn help_in_chinese_holds_no_english() {
    let program = of_the_whole_program();
    let mut asked = vec![Vec::new()];
    for command in weigh::cli::command().get_subcommands() {
        asked.push(vec![command.get_name().to_owned()]);
        asked.extend(
            command
                .get_subcommands()
                .map(|inner| vec![command.get_name().to_owned(), inner.get_name().to_owned()]),
        );
    }
    let mut problems = Vec::new();
    for path in asked {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let output = run(&[&path, &["--help", "--lang", "zh"][..]].concat());
        // Examples and flags are code; placeholders are written in capitals.
        let example = |line: &&str| {
            line.contains("示例：")
                || line.contains("从这里开始：")
                || line.contains("  weigh ")
                || line.trim_start().starts_with('-')
        };
        let lines = output.lines().filter(|line| !example(line));
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        let upper = |word: &str| word.chars().all(|c| c.is_ascii_uppercase());
        let known: BTreeSet<String> = program
            .iter()
            .cloned()
            .chain(words(&text).into_iter().filter(|word| upper(word)))
            .collect();
        problems.extend(
            strange(&text, &known)
                .into_iter()
                .map(|found| format!("{path:?}: {found}")),
        );
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_forgotten_word_is_found() {
    assert!(words(&prose("排名：first of `all`\n= x + y\n")).contains("first"));
    assert!(!words(&prose("排名：`first`\n= alpha + beta\n")).contains("first"));
}
