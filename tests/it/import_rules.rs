//! Which room may speak to which: the table of `ARCHITECTURE.md`, checked against the source.
//!
//! `lang` and `text` are leaves that everyone may use, and so are the leaves of `model` (units, quantities, dates ...), which know
//! nothing of decisions.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A room and what it may import beside `lang`, `text` and itself; `model` is the whole room, `model::unit` one leaf of it.
const RULES: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("lang", &[]),
    ("diagnostic", &[]),
    // `validate` reports what does not fit, so it knows diagnostics.
    ("schema", &["diagnostic"]),
    ("formula", &["diagnostic", "quantity"]),
    // The validated world holds parsed formulas, tables and word codes.
    ("model", &["formula"]),
    // A weights file may hold judgements: reading it is deriving the weights.
    (
        "load",
        &["diagnostic", "schema", "model", "formula", "weighting"],
    ),
    ("graph", &["diagnostic", "model", "formula"]),
    ("eval", &["model", "formula", "graph"]),
    ("rank", &["model", "eval"]),
    ("weighting", &["model", "eval", "rank"]),
    (
        "analysis",
        &[
            "diagnostic",
            "model",
            "graph",
            "eval",
            "rank",
            "weighting",
            "formula",
        ],
    ),
    (
        "session",
        &[
            "diagnostic",
            "model",
            "formula",
            "load",
            "graph",
            "eval",
            "rank",
            "weighting",
            "analysis",
            "edit",
        ],
    ),
    (
        "view",
        &[
            "model",
            "graph",
            "eval",
            "rank",
            "weighting",
            "analysis",
            "diagnostic",
            "formula",
        ],
    ),
    ("report", &["view"]),
    ("tui", &["session", "view", "diagnostic"]),
    ("edit", &["diagnostic", "schema", "model"]),
    (
        "record",
        &["diagnostic", "schema", "model", "graph", "eval", "analysis"],
    ),
    ("refresh", &["diagnostic", "schema", "model"]),
    ("import", &["model", "schema", "diagnostic"]),
    ("bench", &["model", "schema", "diagnostic", "import"]),
];

/// Leaves of `model`: they import no other room but `lang` and `text`, and only leaves of their own.
const LEAVES: &[&str] = &[
    "unit",
    "quantity",
    "distribution",
    "date",
    "sampler",
    "value_function",
];

/// Crates and the rooms that may name them.
const CRATES: &[(&str, &[&str])] = &[
    ("ratatui", &["tui"]),
    // The progress of a benchmark asks it how wide the terminal is.
    ("crossterm", &["tui", "cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("tera", &["report"]),
    ("annotate_snippets", &["diagnostic"]),
    ("fearless_simd", &["analysis"]),
    // The graph's type is petgraph's; the analyses and views that walk it read that type.
    ("petgraph", &["graph", "eval", "analysis", "view"]),
    // Files are read in `load`; evidence is written by `bench` and `import`, pinned outcomes by `record`, facts by `refresh`.
    (
        "serde_yaml",
        &["load", "bench", "import", "record", "refresh", "edit"],
    ),
    ("csv", &["load", "cli", "import", "view", "report"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of `src` with its room and its text.
fn sources() -> Vec<(PathBuf, String, String)> {
    let (mut found, mut open) = (Vec::new(), vec![root().join("src")]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)
            .expect("src can be listed")
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let inner = path
                    .strip_prefix(root().join("src"))
                    .expect("below src")
                    .to_owned();
                let room = inner
                    .iter()
                    .next()
                    .and_then(|p| p.to_str())
                    .unwrap_or_default()
                    .trim_end_matches(".rs")
                    .to_owned();
                let text = std::fs::read_to_string(&path).expect("source is text");
                found.push((inner, room, text));
            }
        }
    }
    found.sort();
    found
}

/// The code of a file: neither comments nor its unit tests.
fn code(text: &str) -> String {
    let own = text.split("#[cfg(test)]").next().unwrap_or_default();
    own.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// `room` or `room::part` after every `crate::` of a file.
fn imports(code: &str) -> BTreeSet<(String, Option<String>)> {
    let word = |text: &str| {
        text.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let mut all = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = &code[at + path.len()..];
        let room = word(rest);
        let behind = &rest[room.len()..];
        // The macro `text!` bears the name of a room.
        if code[..at].ends_with('$') || behind.starts_with('!') {
            continue;
        }
        assert!(
            !room.is_empty(),
            "imports of several rooms in one line are hard to check: write a line for each"
        );
        let parts: Vec<String> = match behind.strip_prefix("::") {
            Some(list) if list.starts_with('{') => list[1..]
                .split('}')
                .next()
                .unwrap_or_default()
                .split(',')
                .map(|p| word(p.trim()))
                .collect(),
            Some(part) => vec![word(part)],
            None => Vec::new(),
        };
        if parts.is_empty() {
            all.insert((room.clone(), None));
        }
        all.extend(parts.into_iter().map(|part| (room.clone(), Some(part))));
    }
    all
}

#[test]
fn rooms_import_what_they_may() {
    let mut wrong = Vec::new();
    for (path, room, text) in sources() {
        // The door, the binary and the command line may see everything.
        let Some((_, allowed)) = RULES.iter().find(|(r, _)| *r == room) else {
            assert!(
                ["lib", "main", "cli"].contains(&room.as_str()),
                "{}: no rule for this room",
                path.display()
            );
            continue;
        };
        for (other, part) in imports(&code(&text)) {
            let whole = [room.as_str(), "lang", "source"].contains(&other.as_str())
                || allowed.contains(&other.as_str());
            let leaf = part
                .as_ref()
                .is_some_and(|p| allowed.contains(&format!("{other}::{p}").as_str()));
            if !whole && !leaf {
                wrong.push(format!("{}: {room} may not import {other}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn leaves_of_the_model_know_no_decisions() {
    let mut seen = 0;
    for (path, room, text) in sources() {
        let stem = path
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or_default();
        if room != "model" || !LEAVES.contains(&stem) {
            continue;
        }
        seen += 1;
        for (other, part) in imports(&code(&text)) {
            let known = ["lang", "source"].contains(&other.as_str())
                || other == "model" && part.is_some_and(|p| LEAVES.contains(&p.as_str()));
            assert!(known, "{}: a leaf may not import {other}", path.display());
        }
    }
    assert_eq!(seen, LEAVES.len(), "a leaf has moved");
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for (path, room, text) in sources() {
        let code = code(&text);
        for (name, rooms) in CRATES {
            let used = code.match_indices(&format!("{name}::")).any(|(at, _)| {
                !code[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':')
            });
            if used && !rooms.contains(&room.as_str()) {
                wrong.push(format!("{}: {name} belongs to {rooms:?}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_criterion_is_known_to_the_program() {
    let mut ids = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("criteria"))
        .expect("criteria ship")
        .flatten()
    {
        if entry.path().extension().is_some_and(|e| e == "yaml") {
            let text = std::fs::read_to_string(entry.path()).expect("criteria are text");
            let doc: serde_json::Value = serde_yaml::from_str(&text).expect("criteria are YAML");
            ids.extend(
                doc.get("criteria")
                    .and_then(|c| c.as_object())
                    .into_iter()
                    .flat_map(|c| c.keys().cloned()),
            );
        }
    }
    assert!(ids.len() >= 8, "only {ids:?}");
    let mut wrong = Vec::new();
    for (path, _, text) in sources() {
        for id in &ids {
            // A plain word such as `performance` may stand in a sentence; as a whole string, or with its underscore, it is the id.
            let as_string = text.contains(&format!("\"{id}\""));
            if as_string || id.contains('_') && text.contains(id.as_str()) {
                wrong.push(format!("{}: {id}", path.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "criteria are YAML only:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn files_are_of_a_readable_size_and_named_from_the_field() {
    for (path, _, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= 600, "{} has {lines} lines", path.display());
        for part in path.iter().filter_map(|p| p.to_str()) {
            let name = part.trim_end_matches(".rs");
            for vague in ["util", "common", "helper", "manager", "misc"] {
                assert!(
                    !name.contains(vague),
                    "{}: {vague} says nothing",
                    path.display()
                );
            }
        }
    }
}
