//! What others make of our Markdown: Mermaid's own parser, and the linter of the MADR project with the rules of its own records.
//!
//! Both run under Node, from `tests/services/mermaid/`, whose lock file pins them. Without Node the tests say that they were skipped; where
//! `CI` is set they fail instead.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/services/mermaid")
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Whether Node and the pinned packages are there; installs them once.
fn is_ready() -> bool {
    static READY: OnceLock<Result<(), String>> = OnceLock::new();
    let install = || {
        if tools().join("node_modules/mermaid").is_dir()
            && tools().join("node_modules/markdownlint-cli2").is_dir()
        {
            return Command::new("node")
                .arg("--version")
                .output()
                .map(drop)
                .map_err(|e| format!("node: {e}"));
        }
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        let output = Command::new(npm)
            .current_dir(tools())
            .args(words)
            .output()
            .map_err(|e| format!("npm: {e}"))?;
        if output.status.success() {
            Ok(())
        } else {
            Err(said(&output))
        }
    };
    match READY.get_or_init(install) {
        Ok(()) => true,
        Err(why) if std::env::var_os("CI").is_some() => {
            panic!("Node and npm are needed in CI: {why}")
        }
        Err(why) => {
            crate::print_uncaptured(&format!(
                "SKIPPED: Mermaid and MADR checks need Node and npm: {why}"
            ));
            false
        }
    }
}

fn weigh(folder: &Path, words: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_weigh"))
        .current_dir(folder)
        .args(words)
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", said(&output));
}

/// The examples, as paths from the root.
fn examples() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = std::fs::read_dir(root.join("examples")).expect("there are examples");
    let named = entries
        .flatten()
        .filter(|e| e.path().join("decision.yaml").is_file());
    let mut names: Vec<String> = named
        .map(|e| format!("examples/{}", e.file_name().to_string_lossy()))
        .collect();
    names.sort();
    names
}

/// Text that means something to Markdown, HTML, Mermaid or YAML. No address is in it: a bare one stays a link, which the linter minds.
const HOSTILE: &str =
    r#"a|b\|c `x` **b** <b>&amp; "q" ]--> end; %% {x} #35; subgraph [l](e) ; --- end"#;

/// A decision whose every title is hostile.
fn hostile(folder: &Path) {
    let quoted = HOSTILE.replace('\'', "''");
    let text = format!(
        "decision: hostile\ntitle: '{quoted}'\nas_of: 2026-11-22\ncandidates:\n\
         \x20 - {{id: one, name: '{quoted}', about: '{quoted}', facts: {{price: 10 EUR}}}}\n\
         \x20 - {{id: two, name: '1. {quoted}', facts: {{price: 20 EUR}}}}\n\
         facts:\n  price: {{title: '{quoted}', unit: EUR}}\n\
         criteria:\n  - {{id: cost, title: '{quoted}', expr: price, unit: EUR, points: 1, value: {{shape: linear, worst: 30, best: 0}}}}\n\
         gates:\n  - {{gate: cheap, title: '{quoted}', ask: price < 100 EUR, screen: {{when: false, reason: '{quoted}'}}}}\n"
    );
    std::fs::write(folder.join("decision.yaml"), text).expect("a file can be written");
}

fn markdown(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![below.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)
            .expect("it was written")
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension() == Some(OsStr::new("md")) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
#[ignore = "needs Node: cargo test --test services -- --ignored"]
fn every_mermaid_block_parses_with_mermaid() {
    if !is_ready() {
        return;
    }
    let (root, out) = (
        Path::new(env!("CARGO_MANIFEST_DIR")),
        tempfile::tempdir().expect("a temporary folder"),
    );
    let path = out.path().to_string_lossy().into_owned();
    for lang in ["en", "zh"] {
        let mut words = vec![
            "report",
            "--no-charts",
            "--evidence",
            "repo",
            "--lang",
            lang,
            "--out",
            &path,
        ];
        let examples = examples();
        words.extend(examples.iter().map(String::as_str));
        weigh(root, &words);
    }
    hostile(out.path());
    weigh(out.path(), &["report", ".", "--no-charts", "--out", "."]);
    let files = markdown(out.path());
    assert!(files.len() > 2 * examples().len(), "{files:?}");
    let output = Command::new("node")
        .arg(tools().join("parse.mjs"))
        .args(&files)
        .output()
        .expect("node was there before");
    let told = said(&output);
    assert!(output.status.success(), "{told}");
    let blocks: usize = told
        .split_whitespace()
        .next()
        .and_then(|n| n.parse().ok())
        .expect("the script counts the blocks");
    assert_eq!(blocks, files.len(), "{told}");
}

#[test]
#[ignore = "needs Node: cargo test --test services -- --ignored"]
fn decision_records_pass_the_rules_of_madr() {
    if !is_ready() {
        return;
    }
    let (root, out) = (
        Path::new(env!("CARGO_MANIFEST_DIR")),
        tempfile::tempdir().expect("a temporary folder"),
    );
    for lang in ["en", "zh"] {
        let path = out.path().join(lang).to_string_lossy().into_owned();
        let mut words = vec![
            "report",
            "--template",
            "adr",
            "--evidence",
            "repo",
            "--lang",
            lang,
            "--out",
            &path,
        ];
        let examples = examples();
        words.extend(examples.iter().map(String::as_str));
        weigh(root, &words);
    }
    hostile(out.path());
    weigh(
        out.path(),
        &["report", ".", "--template", "adr", "--out", "hostile"],
    );
    let lint = tools().join("node_modules/markdownlint-cli2/markdownlint-cli2-bin.mjs");
    let output = Command::new("node")
        .current_dir(out.path())
        .arg(lint)
        .arg("--config")
        .arg(tools().join("madr.markdownlint.json"))
        .arg("**/*.md")
        .output()
        .expect("node was there before");
    assert!(output.status.success(), "{}", said(&output));
    let linted = format!("Linting: {} file(s)", 2 * examples().len() + 1);
    assert!(said(&output).contains(&linted), "{}", said(&output));
}
