//! `weigh record`, `recheck` and `diff` as a user runs them.

mod choice;
mod rests_on;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn weigh(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weigh"))
        .current_dir(folder)
        .args(words)
        .env("LC_ALL", "C")
        .output()
        .expect("the binary runs")
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", said(output)))
}

fn git(folder: &Path, words: &[&str]) {
    let names = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
        "-c",
        "commit.gpgsign=false",
    ];
    let done = Command::new("git")
        .current_dir(folder)
        .args(names)
        .args(words)
        .output()
        .expect("git runs");
    assert!(done.status.success(), "{}", said(&done));
}

/// Two databases by price, with the date on which support ends as a gate.
fn decision(price: &str, points: &str, end: &str) -> String {
    format!(
        "decision: database\ntitle: Database\nas_of: 2026-06-01\ncandidates:\n\
         \x20 - id: postgresql-14\n    defaults: {{kind: registry, source: release data, as_of: 2026-01-01, expires: 2027-01-01}}\n    facts: {{price: {price}, upkeep_hours: 1 person-h/month, support_end: {end}}}\n\
         \x20 - id: postgresql-18\n    defaults: {{kind: registry, source: release data, as_of: 2026-01-01, expires: 2027-01-01}}\n    facts: {{price: 20 EUR, upkeep_hours: 2 person-h/month, support_end: 2030-11-14}}\n\
         facts:\n  price: {{title: Price, unit: EUR}}\n  upkeep_hours: {{title: Upkeep, unit: person-h/month}}\n\
         criteria:\n  - {{id: cost, title: Cost, expr: price, unit: EUR, points: {points}, value: {{shape: linear, worst: 100, best: 0}}}}\n\
         \x20 - {{id: work, title: Work, expr: upkeep_hours, unit: person-h/month, points: 1, value: {{shape: linear, worst: 10, best: 0}}}}\n\
         gates:\n  - {{gate: in-support, title: In support, ask: support_end > today, screen: {{when: false, reason: its support has ended}}}}\n"
    )
}

fn folder(text: &str) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("decision.yaml"), text).expect("a file can be written");
    dir
}

fn kinds(recheck: &Value) -> Vec<&str> {
    recheck["rechecks"][0]["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|f| f["kind"].as_str())
        .collect()
}

#[test]
fn a_record_is_the_same_every_time_and_holds_on_its_day() {
    let dir = folder(&decision("10 EUR", "3", "2026-11-12"));
    assert!(weigh(dir.path(), &["record", "."]).status.success());
    let first = fs::read(dir.path().join("record.json")).expect("it was written");
    let again = weigh(dir.path(), &["record", "."]);
    assert!(said(&again).contains("is up to date"), "{}", said(&again));
    assert_eq!(
        first,
        fs::read(dir.path().join("record.json")).expect("it is there")
    );
    let record: Value = serde_json::from_slice(&first).expect("JSON");
    assert_eq!(record["winner"], "postgresql-14");
    assert_eq!(
        record["files"]
            .as_object()
            .expect("files")
            .values()
            .filter(|h| h.as_str().is_some_and(|h| h.len() == 64))
            .count(),
        record["files"].as_object().map_or(0, |f| f.len())
    );
    let output = weigh(
        dir.path(),
        &[
            "recheck",
            ".",
            "--as-of",
            "2026-06-01",
            "--strict",
            "--format",
            "json",
        ],
    );
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(json(&output)["rechecks"][0]["status"], "holds");
}

/// PostgreSQL 14 went out of support on 2026-11-12 (<https://www.postgresql.org/support/versioning/>).
#[test]
fn the_end_of_support_flips_a_decision_that_asks_for_it() {
    let dir = folder(&decision("10 EUR", "3", "2026-11-12"));
    assert!(weigh(dir.path(), &["record", "."]).status.success());
    let output = weigh(
        dir.path(),
        &["recheck", ".", "--as-of", "2026-11-22", "--format", "json"],
    );
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let recheck = json(&output);
    assert_eq!(
        recheck["rechecks"][0]["winner"],
        serde_json::json!(["postgresql-14", "postgresql-18"])
    );
    assert!(
        kinds(&recheck).starts_with(&["flip", "support-ended"]),
        "{recheck}"
    );
    let chinese = said(&weigh(
        dir.path(),
        &[
            "recheck",
            "record.json",
            "--as-of",
            "2026-11-22",
            "--lang",
            "zh",
        ],
    ));
    assert!(
        chinese.contains("已翻转") && chinese.contains("被关卡筛除"),
        "{chinese}"
    );
}

#[test]
fn expiry_warns_and_fails_only_when_strict() {
    let dir = folder(&decision("10 EUR", "3", "2029-11-12"));
    assert!(weigh(dir.path(), &["record", "."]).status.success());
    let words = ["recheck", ".", "--as-of", "2027-02-01", "--format", "json"];
    let output = weigh(dir.path(), &words);
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        kinds(&json(&output)).contains(&"expired"),
        "{}",
        said(&output)
    );
    let strict: Vec<&str> = words.iter().copied().chain(["--strict"]).collect();
    assert_eq!(weigh(dir.path(), &strict).status.code(), Some(5));
}

#[test]
fn a_changed_price_flips_and_is_named() {
    let dir = folder(&decision("10 EUR", "3", "2029-11-12"));
    assert!(weigh(dir.path(), &["record", "."]).status.success());
    fs::write(
        dir.path().join("decision.yaml"),
        decision("60 EUR", "3", "2029-11-12"),
    )
    .expect("a file");
    let output = weigh(
        dir.path(),
        &["recheck", ".", "--as-of", "2026-06-01", "--format", "json"],
    );
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let recheck = json(&output);
    let facts: Vec<&Value> = recheck["rechecks"][0]["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|f| f["kind"] == "fact-changed")
        .collect();
    assert_eq!(facts.len(), 1, "{recheck}");
    assert_eq!(
        facts[0]["message"],
        "candidates.postgresql-14.price: 10 EUR -> 60 EUR"
    );
    assert_eq!(facts[0]["winner"], true);
}

#[test]
fn moved_anchors_and_a_lead_below_the_noise_are_told() {
    let dir = folder(&decision("10 EUR", "3", "2029-11-12"));
    assert!(weigh(dir.path(), &["record", "."]).status.success());
    let moved = decision("10..28 EUR", "3", "2029-11-12").replace("worst: 100", "worst: 200");
    fs::write(dir.path().join("decision.yaml"), moved).expect("a file");
    let output = weigh(
        dir.path(),
        &["recheck", ".", "--as-of", "2026-06-01", "--format", "json"],
    );
    let recheck = json(&output);
    let kinds = kinds(&recheck);
    assert!(
        kinds.contains(&"anchors-moved") && kinds.contains(&"fact-changed"),
        "{recheck}"
    );
    // 10..28 EUR over a swing of 200 EUR with share 0.75: the 5..95 % range of the lead is 0.75 * 16.2 / 200 wide.
    let moved: Value = {
        assert!(
            weigh(dir.path(), &["record", ".", "--out", "now.json"])
                .status
                .success()
        );
        serde_json::from_slice(&fs::read(dir.path().join("now.json")).expect("it was written"))
            .expect("JSON")
    };
    let noise = moved["lead"]["noise"].as_f64().expect("a noise");
    assert!((noise - 0.75 * 16.2 / 200.0 / 2.0).abs() < 0.001, "{noise}");
}

#[test]
fn a_difference_splits_exactly_into_weights_and_values() {
    let dir = folder(&decision("10 EUR", "3", "2029-11-12"));
    git(dir.path(), &["init", "-q"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "first"]);
    fs::write(
        dir.path().join("decision.yaml"),
        decision("40 EUR", "1", "2029-11-12"),
    )
    .expect("a file");
    let output = weigh(
        dir.path(),
        &[
            "diff",
            "HEAD:decision.yaml",
            "decision.yaml",
            "--format",
            "json",
        ],
    );
    assert!(output.status.success(), "{}", said(&output));
    let difference = json(&output);
    assert_eq!(
        difference["winner"],
        serde_json::json!(["postgresql-14", "postgresql-18"])
    );
    for shift in difference["ranking"].as_array().expect("a ranking") {
        let of = |x: &Value| x.as_f64().expect("a number");
        let change = of(&shift["score"][1]) - of(&shift["score"][0]);
        assert!(
            (change - of(&shift["by_weights"]) - of(&shift["by_values"])).abs() < 1e-9,
            "{shift}"
        );
    }
    let changes = difference["changes"].as_array().expect("changes");
    let of = |kind: &str| changes.iter().filter(|c| c["change"] == kind).count();
    assert_eq!(
        (of("weight"), of("input"), of("anchors")),
        (2, 1, 0),
        "{difference}"
    );
    let table = said(&weigh(dir.path(), &["diff", "HEAD:./decision.yaml", "."]));
    assert!(
        table.contains("weight of cost: 75.0 % -> 50.0 %")
            && table.contains("candidates.postgresql-14.price: 10 EUR -> 40 EUR  [cost]"),
        "{table}"
    );
    // The user's index is as it was.
    let status = Command::new("git")
        .current_dir(dir.path())
        .args(["status", "--porcelain"])
        .output()
        .expect("git runs");
    assert_eq!(
        String::from_utf8_lossy(&status.stdout),
        " M decision.yaml\n"
    );
}

#[test]
fn since_looks_only_at_what_changed() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for name in ["a", "b"] {
        fs::create_dir(dir.path().join(name)).expect("a folder");
        fs::write(
            dir.path().join(name).join("decision.yaml"),
            decision("10 EUR", "3", "2029-11-12"),
        )
        .expect("a file");
        assert!(weigh(dir.path(), &["record", name]).status.success());
    }
    git(dir.path(), &["init", "-q"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "first"]);
    fs::write(
        dir.path().join("a/decision.yaml"),
        decision("60 EUR", "3", "2029-11-12"),
    )
    .expect("a file");
    let output = weigh(
        dir.path(),
        &[
            "recheck",
            ".",
            "--since",
            "HEAD",
            "--as-of",
            "2026-06-01",
            "--format",
            "json",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let view = json(&output);
    assert_eq!(view["rechecks"].as_array().map(Vec::len), Some(1), "{view}");
    assert_eq!(
        view["unchanged"].as_array().map(Vec::len),
        Some(1),
        "{view}"
    );
}

#[test]
fn a_record_of_a_newer_form_is_refused_and_one_in_a_revision_is_read() {
    let dir = folder(&decision("10 EUR", "3", "2029-11-12"));
    assert!(weigh(dir.path(), &["record", "."]).status.success());
    git(dir.path(), &["init", "-q"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "first"]);
    fs::write(
        dir.path().join("decision.yaml"),
        decision("40 EUR", "3", "2029-11-12"),
    )
    .expect("a file");
    let output = weigh(dir.path(), &["diff", "HEAD:record.json", "decision.yaml"]);
    assert!(
        output.status.success() && said(&output).contains("price: 10 EUR -> 40 EUR"),
        "{}",
        said(&output)
    );
    let record = fs::read_to_string(dir.path().join("record.json")).expect("it was written");
    fs::write(
        dir.path().join("record.json"),
        record.replacen("\"record\": 1", "\"record\": 2", 1),
    )
    .expect("a file");
    for (words, code) in [
        (&["recheck", "."][..], 6),
        (&["diff", "record.json", "decision.yaml"][..], 1),
    ] {
        let output = weigh(dir.path(), words);
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(
            said(&output).contains("its format is 2"),
            "{}",
            said(&output)
        );
    }
}

/// Chinese characters take two columns each.
#[test]
fn findings_stand_in_line_in_both_languages() {
    use unicode_width::UnicodeWidthStr as _;
    let dir = folder(&decision("10 EUR", "3", "2026-11-12"));
    assert!(weigh(dir.path(), &["record", "."]).status.success());
    for (lang, begins) in [
        (
            "en",
            [
                "the winner was",
                "support of",
                "candidates.",
                "postgresql-14 was",
            ],
        ),
        (
            "zh",
            [
                "首位曾是",
                "postgresql-14 的支持",
                "candidates.",
                "postgresql-14 曾",
            ],
        ),
    ] {
        let output = weigh(
            dir.path(),
            &["recheck", ".", "--as-of", "2027-11-22", "--lang", lang],
        );
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        let text = said(&output);
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("  ")).collect();
        let column = |line: &&str| {
            begins
                .iter()
                .filter_map(|b| line.find(b))
                .min()
                .map(|at| line[..at].width())
        };
        let columns: std::collections::BTreeSet<usize> = lines.iter().filter_map(column).collect();
        assert!(
            lines.len() >= 4 && columns.len() == 1,
            "{columns:?} in\n{text}"
        );
    }
}

/// The gate asks for an end after today, so the last day of support is the first without.
#[test]
fn on_the_last_day_of_support_the_flip_names_its_reason() {
    let dir = folder(&decision("10 EUR", "3", "2026-11-12"));
    assert!(weigh(dir.path(), &["record", "."]).status.success());
    let output = weigh(
        dir.path(),
        &["recheck", ".", "--as-of", "2026-11-12", "--format", "json"],
    );
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        kinds(&json(&output)).starts_with(&["flip", "support-ended"]),
        "{}",
        said(&output)
    );
    let before = weigh(
        dir.path(),
        &["recheck", ".", "--as-of", "2026-11-11", "--strict"],
    );
    assert_eq!(before.status.code(), Some(0), "{}", said(&before));
}
