//! Which module may import which, and where a crate may be named: the tables of `ARCHITECTURE.md`, checked against the source.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Modules that everybody may import.
const LEAVES: [&str; 2] = ["lang", "source"];

/// Files of `src` that only declare or call what the modules hold.
const ROOTS: [&str; 2] = ["lib", "main"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A row of a table: the names in backticks of its first and of its second cell, and the second cell itself.
struct Row {
    subjects: Vec<String>,
    allowed: Vec<String>,
    cell: String,
}

/// The rows below the heading cells `first` and `second` in `ARCHITECTURE.md`.
fn table(first: &str, second: &str) -> Vec<Row> {
    let text =
        std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is there");
    let mut rows = text
        .lines()
        .map(|line| {
            line.trim()
                .trim_matches('|')
                .split('|')
                .map(str::trim)
                .collect::<Vec<_>>()
        })
        .skip_while(|cells| cells.get(..2) != Some(&[first, second]));
    assert!(
        rows.next().is_some(),
        "ARCHITECTURE.md has no table | {first} | {second} |"
    );
    // In brackets stands why, and that may name other modules.
    let names = |cell: &str| -> Vec<String> {
        let rule = cell.split('(').next().unwrap_or_default();
        rule.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    rows.skip(1)
        .take_while(|cells| cells.len() >= 2)
        .map(|cells| Row {
            subjects: names(cells[0]),
            allowed: names(cells[1]),
            cell: cells[1].to_owned(),
        })
        .collect()
}

/// Every Rust file of `src` with its module and its text. The folder `engine` is a package: its modules are like those beside it.
pub(crate) fn sources() -> Vec<(PathBuf, String, String)> {
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
                let module = inner
                    .iter()
                    .find(|part| *part != "engine")
                    .and_then(|p| p.to_str())
                    .unwrap_or_default()
                    .trim_end_matches(".rs")
                    .to_owned();
                let text = std::fs::read_to_string(&path).expect("source is text");
                found.push((inner, module, text));
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

/// The modules that a file names after `crate::`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = &code[at + path.len()..];
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let (module, behind) = rest.split_at(end);
        // A macro is at the crate's root whichever module defines it.
        if code[..at].ends_with('$') || behind.starts_with('!') || module == "tr" {
            continue;
        }
        assert!(
            !module.is_empty(),
            "imports of several modules in one line are hard to check: write a line for each"
        );
        all.insert(module.to_owned());
    }
    all
}

/// The table may not allow circles: a module imports modules of rows above its own.
#[test]
fn imports_point_up_the_table() {
    let mut above: BTreeSet<String> = BTreeSet::new();
    for row in table("module", "may import") {
        for other in &row.allowed {
            assert!(
                above.contains(other),
                "{:?} may import {other}, which is not above",
                row.subjects
            );
        }
        above.extend(row.subjects);
    }
}

#[test]
fn modules_import_what_they_may() {
    let rules = table("module", "may import");
    let mut wrong = Vec::new();
    let mut used: BTreeSet<(String, String)> = BTreeSet::new();
    for (path, module, text) in sources() {
        if ROOTS.contains(&module.as_str()) {
            continue;
        }
        let Some(row) = rules.iter().find(|row| row.subjects.contains(&module)) else {
            panic!(
                "{}: no row of ARCHITECTURE.md names `{module}`",
                path.display()
            );
        };
        for other in imports(&code(&text)) {
            let is_known = other == module || LEAVES.contains(&other.as_str());
            let is_allowed = row.cell.starts_with("all") || row.allowed.contains(&other);
            if !is_known && !is_allowed {
                wrong.push(format!(
                    "{}: {module} may not import {other}",
                    path.display()
                ));
            }
            used.insert((module.clone(), other));
        }
    }
    for row in &rules {
        for other in &row.allowed {
            let is_needed = row
                .subjects
                .iter()
                .any(|module| used.contains(&(module.clone(), other.clone())));
            if !is_needed {
                wrong.push(format!(
                    "ARCHITECTURE.md: {:?} never import {other}",
                    row.subjects
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_stay_in_their_modules() {
    let mut wrong = Vec::new();
    let rules = table("crate", "modules");
    for (path, module, text) in sources() {
        let code = code(&text);
        for row in rules.iter().filter(|row| !row.allowed.contains(&module)) {
            for name in &row.subjects {
                let is_used = code.match_indices(&format!("{name}::")).any(|(at, _)| {
                    !code[..at]
                        .ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':')
                });
                if is_used {
                    wrong.push(format!(
                        "{}: {name} belongs to {:?}",
                        path.display(),
                        row.allowed
                    ));
                }
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

/// Whether a documentation comment stands above line `at`, with nothing but attributes between.
fn is_documented(lines: &[&str], at: usize) -> bool {
    lines[..at]
        .iter()
        .rev()
        .take_while(|line| !line.trim().is_empty() && **line != "}")
        .any(|line| line.trim_start().starts_with("///") || line.contains("#[doc"))
}

/// Fields and methods may speak for themselves; what a module holds does not.
#[test]
fn modules_and_their_public_items_are_documented() {
    const ITEMS: [&str; 8] = [
        "fn ",
        "struct ",
        "enum ",
        "trait ",
        "type ",
        "const ",
        "static ",
        "macro_rules",
    ];
    let mut bare = Vec::new();
    for (path, _, text) in sources() {
        let lines: Vec<&str> = text.lines().collect();
        if !lines.first().is_some_and(|line| line.starts_with("//!")) {
            bare.push(format!(
                "src/{}:1: say what the module is for",
                path.display()
            ));
        }
        for (at, line) in lines.iter().enumerate() {
            let is_item = line
                .strip_prefix("pub ")
                .is_some_and(|rest| ITEMS.iter().any(|item| rest.starts_with(item)));
            if is_item && !is_documented(&lines, at) {
                bare.push(format!("src/{}:{}: {line}", path.display(), at + 1));
            }
        }
    }
    assert!(bare.is_empty(), "{}", bare.join("\n"));
}
