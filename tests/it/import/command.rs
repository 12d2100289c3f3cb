//! `weigh bench import` as it is typed.

use std::ffi::OsStr;
use std::fs;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::*;

fn weigh(here: &TempDir, words: &[impl AsRef<OsStr>]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weigh"));
    command
        .args(["bench", "import"])
        .args(words)
        .current_dir(here)
        .stdin(Stdio::null())
        .env("LC_ALL", "C");
    command.output().expect("it runs")
}

fn sample(name: &str) -> String {
    folder().join(name).display().to_string()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn stored(here: &TempDir) -> Vec<Value> {
    let Ok(entries) = fs::read_dir(here.path().join(".weigh/evidence")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| serde_json::from_str(&fs::read_to_string(path).expect("there")).expect("JSON"))
        .collect()
}

const KNOWN: [&str; 6] = [
    "--source",
    "a blog",
    "--date",
    "2026-03-01",
    "--hardware",
    "unknown",
];

/// The words with all that a file may not say.
fn known(words: &[&str]) -> Vec<String> {
    words
        .iter()
        .chain(&KNOWN)
        .map(|word| (*word).to_owned())
        .collect()
}

#[test]
fn what_is_not_given_is_named_with_its_flag_and_nothing_is_stored() {
    let here = tempfile::tempdir().expect("a folder");
    let wrk = sample("wrk.txt");
    let k6 = sample("k6-handle.json");
    let cases: [(&[&str], &str); 6] = [
        (&[&wrk], "--candidate"),
        (&[&wrk, "--candidate", "gin"], "--source"),
        (
            &[&wrk, "--candidate", "gin", "--source", "a blog"],
            "--date",
        ),
        (
            &[
                &wrk,
                "--candidate",
                "gin",
                "--source",
                "a blog",
                "--date",
                "soon",
            ],
            "--date",
        ),
        (
            &[
                &wrk,
                "--candidate",
                "gin",
                "--source",
                "a blog",
                "--date",
                "2026-03-01",
            ],
            "--hardware",
        ),
        (
            &[
                &k6,
                "--candidate",
                "gin",
                "--source",
                "a blog",
                "--date",
                "2026-03-01",
                "--hardware",
                "unknown",
            ],
            "--model",
        ),
    ];
    for (words, flag) in cases {
        let output = weigh(&here, words);
        assert_eq!(output.status.code(), Some(2), "{flag}");
        assert!(
            text(&output.stderr).contains(flag),
            "{}",
            text(&output.stderr)
        );
    }
    assert!(stored(&here).is_empty());
}

#[test]
fn evidence_is_published_and_has_no_figure_the_tool_did_not_give() {
    let here = tempfile::tempdir().expect("a folder");
    let words = known(&[
        &sample("k6-handle.json"),
        "--candidate",
        "gin",
        "--contract",
        "auth",
        "--operation",
        "token",
        "--model",
        "closed",
    ]);
    let output = weigh(&here, &words);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(
        text(&output.stdout)
            .contains("stored as published evidence: .weigh/evidence/published-2026-03-01-")
    );
    let [evidence] = &stored(&here)[..] else {
        panic!("one file")
    };
    assert_eq!(
        (
            &evidence["kind"],
            &evidence["candidate"],
            &evidence["source"]
        ),
        (&"published".into(), &"gin".into(), &"a blog".into())
    );
    let figures = evidence["rounds"][0]["operations"]["token"]
        .as_object()
        .expect("figures");
    assert!(figures.contains_key("p95_us") && !figures.contains_key("p99_us"));
    assert!(
        evidence.get("machine").is_none(),
        "unknown hardware is left out"
    );
    assert_eq!(evidence["rounds"][0]["cells"][0]["model"], "closed");
}

/// What was imported feeds a score, marked as published and with what speaks against it.
#[test]
fn a_decision_draws_on_it() {
    let here = tempfile::tempdir().expect("a folder");
    let words = known(&[
        &sample("wrk.txt"),
        "--candidate",
        "gin",
        "--variant",
        "release",
        "--contract",
        "auth",
        "--operation",
        "token",
    ]);
    assert_eq!(weigh(&here, &words).status.code(), Some(0));
    let decision = "decision: d\ntitle: {en: d, zh: d}\nquestion: {en: q, zh: q}\nas_of: 2026-11-22\ncandidates: [gin, echo]\n\
                    criteria: [{use: performance, points: 10}]\n";
    fs::write(here.path().join("d.yaml"), decision).expect("written");
    let why = |candidate: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weigh"));
        let output = command
            .args(["why", "d.yaml", candidate])
            .current_dir(&here)
            .env("LC_ALL", "C")
            .output()
            .expect("it runs");
        text(&output.stdout)
    };
    let gin = why("gin");
    // 7,675 good answers in 3.10 s.
    for words in [
        "goodput = 2,476 req/s/core",
        "published · a blog · 2026-03-01",
        "littles-law",
    ] {
        assert!(gin.contains(words), "{words}: {gin}");
    }
    // The repository's run of echo is not mixed in.
    assert!(
        why("echo").contains("was not measured in your own session"),
        "{}",
        why("echo")
    );
}

#[test]
fn rows_are_chosen_by_name_and_share_a_session() {
    let here = tempfile::tempdir().expect("a folder");
    let file = sample("techempower.json");
    let output = weigh(&here, &[&file, "--candidate", "jin", "--source", "TFB"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("did you mean `gin`?"),
        "{}",
        text(&output.stderr)
    );
    let output = weigh(
        &here,
        &[
            &file,
            "--candidate",
            "gin",
            "--candidate",
            "flask-sync=flask",
            "--source",
            "TFB",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let files = stored(&here);
    let names: Vec<_> = files
        .iter()
        .map(|file| file["candidate"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(names, ["flask-sync", "gin"]);
    assert_eq!(files[0]["session"], files[1]["session"]);
    // Date and hardware are the file's own.
    assert_eq!(
        (&files[1]["as_of"], &files[1]["machine"]),
        (&"2026-11-22".into(), &"two servers, 10 Gbit/s".into())
    );
}

#[test]
fn several_files_of_one_candidate_are_its_rounds() {
    let here = tempfile::tempdir().expect("a folder");
    let words = known(&[
        &sample("wrk.txt"),
        &sample("wrk-non2xx.txt"),
        "--candidate",
        "gin",
    ]);
    assert_eq!(weigh(&here, &words).status.code(), Some(0));
    let [evidence] = &stored(&here)[..] else {
        panic!("one file")
    };
    let rounds: Vec<_> = evidence["rounds"]
        .as_array()
        .expect("rounds")
        .iter()
        .map(|round| round["round"].as_u64())
        .collect();
    assert_eq!(rounds, [Some(1), Some(2)]);
}

/// Different files from unknown hardware are not to be compared, so each candidate has a session of its own.
#[test]
fn unknown_hardware_parts_the_sessions() {
    let here = tempfile::tempdir().expect("a folder");
    let files = [sample("wrk.txt"), sample("hey.txt")];
    let mut words = vec![
        files[0].as_str(),
        files[1].as_str(),
        "--candidate",
        "gin=wrk.txt",
        "--candidate",
        "echo=hey.txt",
        "--model",
        "closed",
    ];
    words.extend(KNOWN);
    assert_eq!(weigh(&here, &words).status.code(), Some(0));
    let stored = stored(&here);
    assert_ne!(stored[0]["session"], stored[1]["session"]);
}

#[test]
fn a_broken_file_among_good_ones_stores_nothing() {
    let here = tempfile::tempdir().expect("a folder");
    let good = fs::read_to_string(folder().join("wrk.txt")).expect("there");
    fs::write(here.path().join("cut.txt"), &good[..good.len() / 2]).expect("written");
    let words = known(&[&sample("wrk.txt"), "cut.txt", "--candidate", "gin"]);
    let output = weigh(&here, &words);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.contains("error: cut.txt:") && said.contains("nothing was stored"),
        "{said}"
    );
    assert!(stored(&here).is_empty());
    let missing = known(&["missing.txt", "--candidate", "gin"]);
    assert_eq!(weigh(&here, &missing).status.code(), Some(3));
}

#[test]
fn a_dry_run_audits_and_stores_nothing_in_both_languages() {
    let here = tempfile::tempdir().expect("a folder");
    let output = weigh(
        &here,
        &[&sample("wrk-non2xx.txt"), "--dry-run", "--lang", "zh"],
    );
    let said = text(&output.stdout);
    assert!(
        said.contains("试运行：没有存储任何内容") && said.contains("10% 的请求失败"),
        "{said}"
    );
    let output = weigh(
        &here,
        &[&sample("wrk-non2xx.txt"), "--dry-run", "--format", "json"],
    );
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let words: Vec<_> = json["runs"][0]["audit"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|found| found["word"].as_str())
        .collect();
    assert!(
        words.contains(&Some("littles-law")) && words.contains(&Some("errors")),
        "{words:?}"
    );
    assert!(stored(&here).is_empty());
}

#[test]
fn ids_cannot_leave_the_folder() {
    let here = tempfile::tempdir().expect("a folder");
    for id in ["../gin", "a/b", ".gin", "", "a b"] {
        let words = known(&[&sample("wrk.txt"), "--candidate", id]);
        assert_eq!(weigh(&here, &words).status.code(), Some(2), "{id:?}");
        let words = known(&[&sample("wrk.txt"), "--candidate", "gin", "--variant", id]);
        assert_eq!(
            weigh(&here, &words).status.code(),
            Some(2),
            "variant {id:?}"
        );
    }
}
