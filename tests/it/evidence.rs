//! Measurements feed scores: which run is taken, what is not compared, and what is missing when a run is gone.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

fn weigh(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weigh"))
        .current_dir(folder)
        .args(words)
        .args(["--lang", "en"])
        .output()
        .expect("the binary runs")
}

fn ranking(folder: &Path, more: &[&str]) -> Value {
    let output = weigh(
        folder,
        &[&["rank", "decision.yaml", "--format", "json"], more].concat(),
    );
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The place of a candidate: its status, score and reasons.
fn place<'a>(ranking: &'a Value, id: &str) -> &'a Value {
    let places = ranking["ranking"].as_array().expect("a list");
    places
        .iter()
        .find(|place| place["candidate"] == id)
        .expect("it is a candidate")
}

/// Two candidates scored by the rate that was measured for each.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let fact = "facts: {rate: {measured: auth.token.goodput, per: core, variant: v}}";
    let decision = format!(
        "decision: rates\nas_of: 2026-11-22\nfacts: {{rate: {{title: Rate, unit: req/s/core}}}}\n\
         candidates: [{{id: one, {fact}}}, {{id: two, {fact}}}]\n\
         criteria: [{{id: speed, title: Speed, expr: rate, unit: req/s/core, value: {{worst: 0, best: 1000}}, points: 1}}]\n"
    );
    fs::write(folder.path().join("decision.yaml"), decision).expect("written");
    folder
}

/// Stores a run as the benchmark does: the figures, and the cells beside.
fn store(
    folder: &Path,
    place: &str,
    session: &str,
    candidate: &str,
    rates: &[f64],
) -> std::path::PathBuf {
    let place = folder.join(place);
    fs::create_dir_all(place.join("raw")).expect("a folder");
    let name = format!("{session}-{candidate}-auth.json");
    let round = |(at, rate): (usize, &f64)| json!({"round": at + 1, "operations": {"token": {"goodput_rps": rate}}, "process": {}});
    let run = json!({
        "run": format!("{session}-{candidate}-auth"), "session": session, "kind": "measured", "candidate": candidate, "variant": "v",
        "contract": "auth", "source": "weigh bench run", "as_of": "2026-11-20", "machine": "here", "verified": true, "verdicts": [],
        "rounds": rates.iter().enumerate().map(round).collect::<Vec<_>>(), "raw": format!("raw/{name}"), "service": format!("{candidate}-auth"),
    });
    fs::write(place.join("raw").join(&name), "{\"rounds\": []}").expect("written");
    fs::write(place.join(&name), run.to_string()).expect("written");
    place.join(name)
}

const OWN: &str = ".weigh/evidence";
const REPOSITORY: &str = "catalogs/evidence";

#[test]
fn a_deleted_run_makes_its_candidate_incomplete_and_says_what_would_complete_it() {
    let project = project();
    let here = project.path();
    let file = store(here, OWN, "20261120-1", "one", &[500.0, 510.0, 490.0]);
    store(here, OWN, "20261120-1", "two", &[700.0, 690.0, 710.0]);
    let both = ranking(here, &[]);
    assert_eq!(
        (&place(&both, "one")["status"], &place(&both, "two")["rank"]),
        (&json!("ranked"), &json!(1))
    );
    fs::remove_file(file).expect("it was there");
    let left = ranking(here, &[]);
    assert_eq!(
        (
            &place(&left, "one")["status"],
            &place(&left, "one")["score"]
        ),
        (&json!("incomplete"), &Value::Null)
    );
    assert!(
        place(&left, "one")["reasons"]
            .to_string()
            .contains("weigh bench run one-auth"),
        "{left}"
    );
    assert_eq!(place(&left, "two")["status"], "ranked");
}

#[test]
fn the_spread_of_the_rounds_becomes_the_spread_of_the_score_and_why_goes_down_to_them() {
    let project = project();
    let here = project.path();
    store(here, OWN, "20261120-1", "one", &[400.0, 500.0, 600.0]);
    store(here, OWN, "20261120-1", "two", &[500.0, 500.0, 500.0]);
    let places = ranking(here, &[]);
    let width = |id: &str| {
        let place = place(&places, id);
        place["high"].as_f64().expect("a number") - place["low"].as_f64().expect("a number")
    };
    assert!(width("one") > 0.1 && width("two") < 1e-9, "{places}");
    let why =
        String::from_utf8(weigh(here, &["why", "decision.yaml", "one"]).stdout).expect("text");
    for part in [
        "run 20261120-1-one-auth",
        "#1 400",
        "#2 500",
        "#3 600",
        "raw/20261120-1-one-auth.json",
        "machine here",
    ] {
        assert!(why.contains(part), "{part}: {why}");
    }
}

#[test]
fn an_own_run_goes_before_the_repositorys_unless_that_is_asked_for() {
    let project = project();
    let here = project.path();
    for (place, session, one, two) in [
        (REPOSITORY, "20260101-1", 900.0, 100.0),
        (OWN, "20261120-1", 200.0, 300.0),
    ] {
        store(here, place, session, "one", &[one; 3]);
        store(here, place, session, "two", &[two; 3]);
    }
    let winner = |more: &[&str]| ranking(here, more)["ranking"][0]["candidate"].clone();
    assert_eq!(winner(&[]), "two");
    assert_eq!(winner(&["--evidence", "repo"]), "one");
    assert_eq!(winner(&["--evidence", REPOSITORY]), "one");
}

#[test]
fn figures_of_two_sessions_are_not_compared() {
    let project = project();
    let here = project.path();
    store(here, REPOSITORY, "20260101-1", "one", &[900.0; 3]);
    store(here, REPOSITORY, "20260101-1", "two", &[100.0; 3]);
    store(here, OWN, "20261120-1", "one", &[200.0; 3]);
    let places = ranking(here, &[]);
    assert_eq!(place(&places, "one")["status"], "ranked");
    let reasons = place(&places, "two")["reasons"].to_string();
    assert!(
        reasons.contains("20261120-1") && reasons.contains("--evidence repo"),
        "{reasons}"
    );
}

#[test]
fn the_newest_of_two_whole_sessions_is_taken() {
    let project = project();
    let here = project.path();
    for (session, one, two) in [("20261120-1", 900.0, 100.0), ("20261121-1", 200.0, 300.0)] {
        store(here, OWN, session, "one", &[one; 3]);
        store(here, OWN, session, "two", &[two; 3]);
    }
    assert_eq!(ranking(here, &[])["ranking"][0]["candidate"], "two");
}

#[test]
fn a_run_that_was_not_verified_or_bound_by_the_driver_feeds_no_score() {
    for (key, value) in [
        ("verified", json!(false)),
        ("verdicts", json!(["driver-bound"])),
        ("verdicts", json!(["server-bound", "broken-under-load"])),
    ] {
        let project = project();
        let here = project.path();
        let file = store(here, OWN, "20261120-1", "one", &[500.0; 3]);
        store(here, OWN, "20261120-1", "two", &[400.0; 3]);
        let mut run: Value =
            serde_json::from_str(&fs::read_to_string(&file).expect("it is there")).expect("JSON");
        run[key] = value;
        fs::write(&file, run.to_string()).expect("written");
        let places = ranking(here, &[]);
        assert_eq!(place(&places, "one")["status"], "incomplete", "{key}");
        assert_eq!(place(&places, "two")["status"], "ranked");
    }
}

#[test]
fn a_rate_at_an_objective_says_where_only_the_closed_loops_was_measured() {
    let project = project();
    let here = project.path();
    let decision = fs::read_to_string(here.join("decision.yaml")).expect("it is there");
    fs::write(
        here.join("decision.yaml"),
        decision.replace("variant: v}", "variant: v, at: p99 <= 50 ms}"),
    )
    .expect("written");
    let file = store(here, OWN, "20261120-1", "one", &[500.0; 3]);
    store(here, OWN, "20261120-1", "two", &[400.0; 3]);
    let why =
        || String::from_utf8(weigh(here, &["why", "decision.yaml", "one"]).stdout).expect("text");
    assert!(
        why().contains("did not search for the highest rate that meets p99 <= 50 ms"),
        "{}",
        why()
    );
    let mut run: Value =
        serde_json::from_str(&fs::read_to_string(&file).expect("it is there")).expect("JSON");
    for round in run["rounds"].as_array_mut().expect("rounds") {
        round["operations"]["token"]["goodput[p99 <= 50 ms]_rps"] = 300.0.into();
    }
    fs::write(&file, run.to_string()).expect("written");
    assert!(
        !why().contains("did not search") && why().contains("300"),
        "{}",
        why()
    );
}

#[test]
fn a_fact_may_draw_on_another_candidates_run() {
    let project = project();
    let here = project.path();
    let decision = fs::read_to_string(here.join("decision.yaml")).expect("it is there");
    let decision = decision.replacen(
        "measured: auth.token.goodput,",
        "measured: auth.token.goodput, of: two,",
        1,
    );
    fs::write(here.join("decision.yaml"), decision).expect("written");
    store(here, OWN, "20261120-1", "two", &[400.0; 3]);
    let places = ranking(here, &[]);
    assert_eq!(
        (
            &place(&places, "one")["rank"],
            &place(&places, "two")["rank"]
        ),
        (&json!(1), &json!(1)),
        "{places}"
    );
}
