//! Records of a project: what rests on its catalog and its evidence.

use super::*;

/// A project of one decision on two candidates of its own catalog, one of whose facts is measured.
fn project() -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder"))
            .expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    };
    file("weigh.yaml", "");
    file(
        "choice/decision.yaml",
        "decision: choice\nas_of: 2026-06-01\ncandidates: [alpha-host, beta-host]\n\
         criteria:\n  - {id: cost, expr: host_price, unit: EUR, points: 1, value: {shape: linear, worst: 100, best: 0}}\n\
         \x20 - {id: speed, expr: host_rate, unit: req/s, points: 1, value: {shape: linear, worst: 0, best: 1000}}\n",
    );
    file(
        "catalogs/hosts/domain.yaml",
        "facts:\n  host_price: {title: {en: Price, zh: 价格}, unit: EUR}\n  host_rate: {title: {en: Rate, zh: 速率}, unit: req/s}\n",
    );
    for (name, price) in [("alpha-host", 10), ("beta-host", 30)] {
        file(
            &format!("catalogs/hosts/{name}.yaml"),
            &catalog(name, price),
        );
        file(
            &format!("catalogs/evidence/{name}.yaml"),
            &evidence(name, "500, 510, 490"),
        );
    }
    dir
}

fn catalog(name: &str, price: u32) -> String {
    format!(
        "candidate: {name}\ndefaults: {{kind: published, source: price list, as_of: 2026-01-01, expires: 2027-01-01}}\n\
         facts:\n  host_price: {price} EUR\n  host_rate: {{measured: auth.token.goodput}}\n"
    )
}

/// One run of three rounds.
fn evidence(name: &str, rates: &str) -> String {
    let round = |(at, rate): (usize, &str)| {
        format!(
            "  - {{round: {}, operations: {{token: {{goodput_rps: {}}}}}}}\n",
            at + 1,
            rate.trim()
        )
    };
    let rounds: String = rates.split(',').enumerate().map(round).collect();
    format!(
        "run: {name}-1\nsession: one\nkind: measured\ncandidate: {name}\ncontract: auth\nsource: weigh bench run\nas_of: 2026-05-01\n\
         verified: true\nrounds:\n{rounds}"
    )
}

/// Rechecks the project as of the day of its decision; the exit code and the JSON.
fn recheck(dir: &TempDir, more: &[&str]) -> (Option<i32>, Value) {
    let words: Vec<&str> = [
        "recheck",
        ".",
        "--as-of",
        "2026-06-01",
        "--evidence",
        "repo",
        "--format",
        "json",
    ]
    .iter()
    .chain(more)
    .copied()
    .collect();
    let output = weigh(dir.path(), &words);
    (output.status.code(), json(&output))
}

#[test]
fn a_catalog_that_says_something_else_flips_what_rested_on_it() {
    let dir = project();
    let recorded = weigh(dir.path(), &["record", "choice", "--evidence", "repo"]);
    assert!(
        said(&recorded).contains("alpha-host"),
        "{}",
        said(&recorded)
    );
    let (code, view) = recheck(&dir, &["--strict"]);
    assert_eq!(
        (code, &view["rechecks"][0]["status"]),
        (Some(0), &Value::from("holds")),
        "{view}"
    );
    fs::write(
        dir.path().join("catalogs/hosts/alpha-host.yaml"),
        catalog("alpha-host", 90),
    )
    .expect("a file");
    let (code, view) = recheck(&dir, &[]);
    assert_eq!(code, Some(1), "{view}");
    assert_eq!(
        view["rechecks"][0]["winner"],
        serde_json::json!(["alpha-host", "beta-host"])
    );
    assert!(kinds(&view).contains(&"fact-changed"), "{view}");
}

#[test]
fn a_new_measurement_flips_what_rested_on_the_old_one() {
    let dir = project();
    assert!(
        weigh(dir.path(), &["record", "choice", "--evidence", "repo"])
            .status
            .success()
    );
    fs::write(
        dir.path().join("catalogs/evidence/beta-host.yaml"),
        evidence("beta-host", "980, 990, 1000"),
    )
    .expect("a file");
    let (code, view) = recheck(&dir, &[]);
    assert_eq!(code, Some(1), "{view}");
    assert_eq!(
        view["rechecks"][0]["winner"],
        serde_json::json!(["alpha-host", "beta-host"])
    );
    let messages: Vec<&str> = view["rechecks"][0]["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|f| f["message"].as_str())
        .collect();
    assert!(
        messages
            .iter()
            .any(|m| m.contains("candidates.beta-host.host_rate: 500")),
        "{messages:?}"
    );
}

/// The lead shrinks from 0.1 to 0.025, and the winner is first only up to a price of 23.33 EUR: in two thirds of its range.
#[test]
fn a_lead_that_becomes_too_close_to_call_is_level() {
    let dir = folder(&decision("10 EUR", "3", "2029-11-12"));
    assert!(weigh(dir.path(), &["record", "."]).status.success());
    fs::write(
        dir.path().join("decision.yaml"),
        decision("10..30 EUR", "3", "2029-11-12"),
    )
    .expect("a file");
    let words = ["recheck", ".", "--as-of", "2026-06-01", "--format", "json"];
    let output = weigh(dir.path(), &words);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    let view = json(&output);
    let finding = view["rechecks"][0]["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .find(|f| f["kind"] == "level");
    let message = finding
        .and_then(|f| f["message"].as_str())
        .unwrap_or_else(|| panic!("no such finding in {view}"));
    assert!(
        message.contains("is first in 66 of 100 simulated cases and 0.024 ahead; it was not"),
        "{message}"
    );
    assert_eq!(view["rechecks"][0]["status"], "level");
    let strict: Vec<&str> = words.iter().copied().chain(["--strict"]).collect();
    assert_eq!(weigh(dir.path(), &strict).status.code(), Some(4));
}

#[test]
fn a_catalog_that_changed_since_a_revision_concerns_its_decision() {
    let dir = project();
    assert!(
        weigh(dir.path(), &["record", "choice", "--evidence", "repo"])
            .status
            .success()
    );
    git(dir.path(), &["init", "-q"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "first"]);
    let (code, view) = recheck(&dir, &["--since", "HEAD"]);
    assert_eq!(
        (code, view["unchanged"].as_array().map(Vec::len)),
        (Some(0), Some(1)),
        "{view}"
    );
    fs::write(
        dir.path().join("catalogs/hosts/beta-host.yaml"),
        catalog("beta-host", 5),
    )
    .expect("a file");
    let (code, view) = recheck(&dir, &["--since", "HEAD"]);
    assert_eq!(
        (code, view["rechecks"].as_array().map(Vec::len)),
        (Some(1), Some(1)),
        "{view}"
    );
}

#[test]
fn a_broken_record_and_a_lost_decision_fail_and_name_themselves() {
    let dir = project();
    assert!(
        weigh(dir.path(), &["record", "choice", "--evidence", "repo"])
            .status
            .success()
    );
    fs::create_dir(dir.path().join("other")).expect("a folder");
    fs::write(dir.path().join("other/record.json"), "{").expect("a file");
    fs::remove_file(dir.path().join("choice/decision.yaml")).expect("it was there");
    let (code, view) = recheck(&dir, &[]);
    assert_eq!(code, Some(6), "{view}");
    let errors: Vec<&str> = view["rechecks"]
        .as_array()
        .expect("rechecks")
        .iter()
        .filter_map(|r| r["error"].as_str())
        .collect();
    assert!(
        errors.len() == 2 && errors.iter().any(|e| e.contains("decision.yaml")),
        "{errors:?}"
    );
}

#[test]
fn since_takes_a_revision_and_no_flag_of_git() {
    let dir = project();
    assert!(
        weigh(dir.path(), &["record", "choice", "--evidence", "repo"])
            .status
            .success()
    );
    git(dir.path(), &["init", "-q"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "first"]);
    let output = weigh(dir.path(), &["recheck", ".", "--since=--output=stolen"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(!dir.path().join("stolen").exists());
}
