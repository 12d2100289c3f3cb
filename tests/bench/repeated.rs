//! Runs of the program itself: repeated after a change, killed in the middle, and looked at once the load is over.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::processes::{alive, until};
use serde_json::{Value, json};

/// A folder of services of its own, with a contract of one operation.
struct Stage(tempfile::TempDir);

impl Stage {
    fn new(contract: &str) -> Self {
        let stage = Self(tempfile::tempdir().expect("a folder"));
        stage.write(
            &format!("services/contracts/{}.yaml", name_of(contract)),
            contract,
        );
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }

    /// A service that writes its process id beside its manifest.
    fn service(&self, candidate: &str, contract: &str, defect: &str) -> String {
        let service = format!("{candidate}-{contract}");
        let program = std::env::current_exe().expect("this program");
        let script = format!(
            "echo $$ > {{FOLDER}}/pid; exec '{}' --exact serve --ignored --nocapture",
            program.display()
        );
        let manifest = json!({
            "service": service, "candidate": candidate, "variant": "threads", "contract": contract, "start": ["/bin/sh", "-c", script],
            "environment": {"DEFECT": defect, "EVENTS": "{DATA}"},
        });
        self.write(
            &format!("services/{service}/service.yaml"),
            &manifest.to_string(),
        );
        service
    }

    fn weigh(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weigh"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.weigh(arguments).output().expect("it starts")
    }

    /// One round of these services; what was stored, in their order.
    fn bench(&self, services: &[&str], folder: &str) -> (Output, Vec<Value>) {
        let mut arguments = vec![
            "bench",
            "run",
            "--services",
            "services",
            "--yes",
            "--repetitions",
            "1",
            "--evidence",
            folder,
        ];
        arguments.extend(services);
        let output = self.run(&arguments);
        let stored = |service: &&str| {
            evidence(&self.path(folder), service).unwrap_or_else(|| panic!("{service}: {output:?}"))
        };
        let stored = services.iter().map(stored).collect();
        (output, stored)
    }
}

fn name_of(contract: &str) -> String {
    serde_yaml::from_str::<Value>(contract).expect("it reads")["contract"]
        .as_str()
        .expect("it has a name")
        .to_owned()
}

fn evidence(folder: &Path, service: &str) -> Option<Value> {
    let files = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut mine = files.filter(|path| {
        path.to_string_lossy()
            .ends_with(&format!("-{service}.json"))
    });
    mine.next().map(|path| {
        serde_json::from_slice(&std::fs::read(path).expect("it is there")).expect("it is whole")
    })
}

const AUTH: &str = r#"
contract: auth
title: {en: A token, zh: 令牌}
operations:
  - operation: token
    title: {en: A token, zh: 令牌}
    vary: {user: [1, 1000]}
    request: {method: POST, path: /auth, json: {username: "user{user}", password: correct horse}}
    expect: {status: 200}
steps:
  - {step: healthz, title: {en: It lives, zh: 存活}, request: {path: /healthz}, expect: {status: 200}}
"#;

const DECISION: &str = r#"
decision: repeated
title: {en: Which is faster, zh: 孰快}
question: {en: Which is faster?, zh: 孰快？}
as_of: 2026-11-22
facts: {rate: {title: {en: Rate, zh: 速率}, unit: req/s}}
candidates:
  - {id: left, name: Left, facts: {rate: {measured: auth.token.goodput, variant: threads}}}
  - {id: right, name: Right, facts: {rate: {measured: auth.token.goodput, variant: threads}}}
criteria:
  - {id: speed, title: {en: Speed, zh: 速度}, expr: rate, unit: req/s, value: {shape: logarithmic, worst: 10, best: 100000}, points: 1}
"#;

/// The issue's own words: a slower service changes score and rank in a repeated run.
#[test]
#[ignore = "benchmarks services for minutes: `cargo test --test bench -- --ignored --skip serve`"]
fn a_service_made_slower_loses_score_and_rank_in_the_repeated_run() {
    let stage = Stage::new(AUTH);
    stage.write("decision.yaml", DECISION);
    let mut scores = Vec::new();
    for (folder, left, right) in [("before", "", "slow"), ("after", "slow", "")] {
        let services = [
            stage.service("left", "auth", left),
            stage.service("right", "auth", right),
        ];
        stage.bench(&[&services[0], &services[1]], folder);
        let output = stage.run(&[
            "rank",
            "decision.yaml",
            "--evidence",
            folder,
            "--format",
            "json",
        ]);
        let ranking: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
        let rows = ranking["ranking"].as_array().expect("candidates").clone();
        let of = |id: &str, key: &str| {
            rows.iter()
                .find(|row| row["candidate"] == id)
                .map(|row| row[key].clone())
                .unwrap_or_default()
        };
        let rank = |id| of(id, "rank").as_u64();
        assert_eq!(
            (rank("left"), rank("right")),
            if left.is_empty() {
                (Some(1), Some(2))
            } else {
                (Some(2), Some(1))
            },
            "{rows:?}"
        );
        scores.push(of("left", "score").as_f64().expect("a score"));
    }
    assert!(scores[0] > scores[1] + 0.05, "{scores:?}");
}

#[test]
#[ignore = "benchmarks services for minutes: `cargo test --test bench -- --ignored --skip serve`"]
fn kill_9_in_the_second_round_leaves_no_process_and_the_first_round() {
    let stage = Stage::new(AUTH);
    let service = stage.service("left", "auth", "");
    let arguments = [
        "bench",
        "run",
        &service,
        "--services",
        "services",
        "--yes",
        "--repetitions",
        "3",
        "--evidence",
        "kept",
    ];
    let mut weigh = stage
        .weigh(&arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    until(Duration::from_secs(60), "the first round is stored", || {
        evidence(&stage.path("kept"), &service).is_some()
    });
    let pid_file = stage.path(&format!("services/{service}/pid"));
    let pid = || {
        std::fs::read_to_string(&pid_file)
            .unwrap_or_default()
            .trim()
            .parse::<u32>()
            .ok()
    };
    let first = pid();
    until(
        Duration::from_secs(30),
        "the second round's process starts",
        || pid() != first && pid().is_some_and(alive),
    );
    // `Child::kill` sends SIGKILL, which nobody can handle.
    weigh.kill().expect("it lives");
    weigh.wait().expect("it ends");
    until(Duration::from_secs(10), "no orphan is left", || {
        pid().is_some_and(|pid| !alive(pid))
    });
    let stored = evidence(&stage.path("kept"), &service).expect("the first round is whole");
    assert_eq!(stored["rounds"].as_array().map(Vec::len), Some(1));
    let shown = stage.run(&["bench", "show", "--evidence", "kept"]);
    assert!(
        shown.status.success() && String::from_utf8_lossy(&shown.stdout).contains(&service),
        "{shown:?}"
    );
}

/// A contract of the repository, reduced to one operation and the steps that its aftermath rests on.
fn reduced(text: &str, operation: &str, checks: &[&str]) -> String {
    let mut contract: Value = serde_yaml::from_str(text).expect("the contract reads");
    let keep = |list: &mut Value, holds: &dyn Fn(&Value) -> bool| {
        list.as_array_mut()
            .expect("a list")
            .retain(|one| holds(one))
    };
    keep(&mut contract["operations"], &|one| {
        one["operation"] == operation
    });
    contract["operations"][0]["latency"] = false.into();
    keep(&mut contract["steps"], &|one| {
        checks.iter().any(|check| one["check"] == *check) && one.get("needs").is_none()
    });
    contract.to_string()
}

fn under_load(contract: &str, defect: &str) -> (Output, Value) {
    let stage = Stage::new(contract);
    let service = stage.service("left", &name_of(contract), defect);
    let (output, mut stored) = stage.bench(&[&service], "kept");
    (output, stored.remove(0))
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
#[ignore = "benchmarks services for minutes: `cargo test --test bench -- --ignored --skip serve`"]
fn money_lost_only_under_load_takes_the_numbers_their_worth() {
    let contract = reduced(
        include_str!("../../examples/services/contracts/records.yaml"),
        "transfer",
        &["transfers-balanced"],
    );
    let (output, stored) = under_load(&contract, "");
    assert!(output.status.success(), "{}", words(&output));
    let after = &stored["rounds"][0]["after_load"];
    let counted = after["counted_count"].as_f64().expect("its own counter");
    assert!(
        counted > 1000.0 && !stored["verdicts"].to_string().contains("broken"),
        "{stored}"
    );

    let (output, stored) = under_load(&contract, "loses-money-late");
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    assert!(
        words(&output).contains("GET /api/accounts: expected sum 1000000"),
        "{}",
        words(&output)
    );
    assert!(
        stored["verdicts"].to_string().contains("broken-under-load"),
        "{}",
        stored["verdicts"]
    );
}

#[test]
#[ignore = "benchmarks services for minutes: `cargo test --test bench -- --ignored --skip serve`"]
fn calls_downstream_take_what_the_command_line_says_where_there_are_any() {
    let stage = Stage::new(AUTH);
    let service = stage.service("left", "auth", "");
    for (typed, wrong) in [
        ("mail", "not `mail`"),
        ("mail=soon", "mail=1000"),
        ("mail=60000", "2000 ms"),
        ("mail=1", "no downstream calls"),
    ] {
        let output = stage.run(&[
            "bench",
            "run",
            &service,
            "--services",
            "services",
            "--yes",
            "--downstream",
            typed,
        ]);
        assert_eq!(output.status.code(), Some(2), "{typed}: {}", words(&output));
        assert!(
            words(&output).contains(wrong),
            "{typed}: {}",
            words(&output)
        );
    }
}

#[test]
#[ignore = "benchmarks services for minutes: `cargo test --test bench -- --ignored --skip serve`"]
fn money_that_nobody_claims_to_keep_is_counted() {
    let records = include_str!("../../examples/services/contracts/records.yaml");
    let contract = reduced(records, "transfer", &["transfers-balanced"])
        .replace("transfers-balanced", "transfers-audited");
    let (output, stored) = under_load(&contract, "loses-money-late");
    assert!(
        output.status.success() && stored["verified"] == true,
        "{}",
        words(&output)
    );
    assert!(
        !stored["verdicts"].to_string().contains("broken"),
        "{stored}"
    );
    // It is right as long as few transfers are made, and wrong after the load.
    assert_eq!(stored["verification_figures"]["sum_error_count"], 0.0);
    assert!(
        stored["rounds"][0]["after_load"]["sum_error_count"]
            .as_f64()
            .expect("counted")
            > 0.0,
        "{stored}"
    );
}

#[test]
#[ignore = "benchmarks services for minutes: `cargo test --test bench -- --ignored --skip serve`"]
fn a_mail_sent_twice_only_under_load_is_seen() {
    let contract = reduced(
        include_str!("../../examples/services/contracts/orders.yaml"),
        "sync",
        &["exactly-once"],
    );
    let (output, stored) = under_load(&contract, "");
    assert!(output.status.success(), "{}", words(&output));
    let after = &stored["rounds"][0]["after_load"];
    assert!(
        after["orders_done_count"]
            .as_f64()
            .is_some_and(|done| done > 1000.0)
            && after["orders_left_count"] == 0.0,
        "{after}"
    );

    let (output, stored) = under_load(&contract, "mails-twice-late");
    assert!(
        words(&output).contains("were made twice"),
        "{}",
        words(&output)
    );
    assert!(
        stored["verdicts"].to_string().contains("broken-under-load"),
        "{}",
        stored["verdicts"]
    );
}

#[test]
#[ignore = "benchmarks services for minutes: `cargo test --test bench -- --ignored --skip serve`"]
fn what_is_measured_only_by_name_is_left_out_of_all_and_said() {
    let stage = Stage::new(include_str!("../../examples/services/contracts/auth.yaml"));
    let service = stage.service("gin", "auth", "");
    let manifest = std::fs::read_to_string(stage.path(&format!("services/{service}/service.yaml")))
        .expect("just written");
    let mut manifest: Value = serde_json::from_str(&manifest).expect("it reads");
    manifest["by_name"] = json!(true);
    stage.write(
        &format!("services/{service}/service.yaml"),
        &manifest.to_string(),
    );
    for whole in [vec!["--all"], vec!["--contract", "auth"]] {
        let output = stage.run(
            &[
                &[
                    "bench",
                    "run",
                    "--services",
                    "services",
                    "--yes",
                    "--lang",
                    "en",
                ],
                &whole[..],
            ]
            .concat(),
        );
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            said.contains("gin-auth is measured only by name: weigh bench run gin-auth"),
            "{said}"
        );
        assert!(
            said.contains("no service is left to measure") && !output.status.success(),
            "{said}"
        );
    }
    let (_, stored) = stage.bench(&[&service], "evidence");
    assert_eq!(
        stored[0]["rounds"].as_array().map(Vec::len),
        Some(1),
        "by its name it is measured"
    );
}
