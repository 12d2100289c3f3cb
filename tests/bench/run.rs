//! A run from end to end, on a service whose every answer is known.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use weigh::bench::contract::Contract;
use weigh::bench::interrupt::Interrupt;
use weigh::bench::manifest::ReferenceService;
use weigh::bench::process::Host;
use weigh::bench::progress::{BenchPhase, Progress};
use weigh::bench::run::{BenchSettings, run};
use weigh::bench::supervisor::SUBCOMMAND;

fn entrant(defect: &str) -> (ReferenceService, Contract) {
    let program = std::env::current_exe().expect("this program");
    let manifest = format!(
        "{{service: wrong_service, candidate: none, variant: threads, contract: auth, handler: [mod.rs], start: ['{}', --exact, serve, --ignored, --nocapture], environment: {{DEFECT: '{defect}'}}}}",
        program.display()
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/wrong_service");
    let service = ReferenceService::new(
        serde_yaml::from_str(&manifest).expect("the manifest reads"),
        &folder,
    )
    .expect("the manifest is complete");
    let text = include_str!("../../examples/services/contracts/auth.yaml");
    (
        service,
        Contract::new(serde_yaml::from_str(text).expect("the contract reads"))
            .expect("the contract is complete"),
    )
}

fn host(interrupt: &Interrupt) -> Host {
    let mut host =
        Host::new(interrupt.clone()).supervised_by(env!("CARGO_BIN_EXE_weigh"), &[SUBCOMMAND]);
    host.service_cores.clear();
    host
}

fn settings(evidence: &Path) -> BenchSettings {
    BenchSettings {
        rounds: Some(1),
        evidence: evidence.to_owned(),
        quiet_limit: Duration::ZERO,
        required_rps: 250.0,
        ..BenchSettings::default()
    }
}

fn numbers(value: &Value) -> bool {
    value.as_object().is_some_and(|map| {
        !map.is_empty() && map.values().all(|v| v.as_f64().is_some_and(f64::is_finite))
    })
}

/// Raises the interrupt in the middle of the second round.
struct CtrlC(Interrupt, u32);

impl Progress for CtrlC {
    fn round(&mut self, round: u32, _: u32, _: &[String]) {
        self.1 = round;
    }
    fn phase(&mut self, _: &str, phase: &BenchPhase) {
        if self.1 == 2 && matches!(phase, BenchPhase::Closed { .. }) {
            self.0.raise();
        }
    }
}

#[test]
#[ignore = "benchmarks services for minutes: `cargo test --test bench -- --ignored --skip serve`"]
fn a_round_is_stored_and_ctrl_c_keeps_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let interrupt = Interrupt::default();
    let services = [entrant("")];
    let settings = BenchSettings {
        rounds: Some(2),
        ..settings(folder.path())
    };
    let summary = run(
        &host(&interrupt),
        &services,
        &settings,
        &mut CtrlC(interrupt.clone(), 0),
    )
    .expect("it ends well");
    assert!(
        summary.interrupted && summary.services[0].rounds == 1,
        "{summary:?}"
    );

    let path = summary.services[0]
        .path
        .clone()
        .expect("one round was stored");
    let evidence: Value =
        serde_json::from_slice(&std::fs::read(&path).expect("it is there")).expect("it is whole");
    for (key, wanted) in [
        ("kind", "measured"),
        ("candidate", "none"),
        ("variant", "threads"),
        ("contract", "auth"),
        ("source", "weigh bench run"),
    ] {
        assert_eq!(evidence[key], wanted);
    }
    assert_eq!(
        (&evidence["verified"], &evidence["contract_hash"]),
        (
            &Value::Bool(true),
            &Value::String(services[0].1.hash().to_owned())
        )
    );
    let round = &evidence["rounds"][0];
    let (token, process) = (&round["operations"]["token"], &round["process"]);
    assert!(
        numbers(token) && numbers(&round["operations"]["get_user"]) && numbers(process),
        "{round}"
    );
    for key in [
        "goodput_rps",
        "p50_us",
        "p99_us",
        "max_us",
        "mean_us",
        "pss_peak_bytes",
    ] {
        assert!(
            token[key].as_f64().is_some_and(|x| x > 0.0),
            "{key}: {token}"
        );
    }
    for key in [
        "start_up_ms",
        "pss_idle_bytes",
        "pss_peak_bytes",
        "cpu_per_request_us",
    ] {
        assert!(
            process[key].as_f64().is_some_and(|x| x > 0.0),
            "{key}: {process}"
        );
    }
    assert_eq!(token["errors_count"], 0.0, "{token}");
    assert!(
        round.get("cells").is_none(),
        "cells lie in the raw file: {round}"
    );
    let raw_path = folder
        .path()
        .join(evidence["raw"].as_str().expect("the raw file's name"));
    let raw: Value = serde_json::from_slice(&std::fs::read(&raw_path).expect("it is there"))
        .expect("it is whole");
    let open = raw["rounds"][0]["cells"]
        .as_array()
        .and_then(|cells| cells.iter().find(|c| c["model"] == "open"))
        .expect("an open loop");
    assert_eq!(
        (&open["offered_rps"], &open["latency_basis"]),
        (&Value::from(250.0), &Value::from("intended"))
    );
    assert!(
        open["histogram"]
            .as_str()
            .is_some_and(|h| h.starts_with("HISTE")),
        "HdrHistogram V2 in base64"
    );
    assert_eq!(
        std::fs::read_dir(folder.path())
            .expect("the folder")
            .count(),
        2,
        "nothing half-written beside it"
    );

    // What is stored is not measured again: of one round, nothing is left to do.
    let resumed = BenchSettings {
        resume: Some(summary.session),
        rounds: Some(1),
        ..settings
    };
    let summary = run(
        &host(&Interrupt::default()),
        &services,
        &resumed,
        &mut weigh::bench::progress::Silent,
    )
    .expect("it ends well");
    assert_eq!(
        (summary.services[0].rounds, summary.interrupted),
        (1, false)
    );
}

#[test]
fn what_is_not_verified_is_not_measured() {
    let folder = tempfile::tempdir().expect("a folder");
    let services = [entrant("constant-token")];
    let summary = run(
        &host(&Interrupt::default()),
        &services,
        &settings(folder.path()),
        &mut weigh::bench::progress::Silent,
    )
    .expect("it ends well");
    let outcome = &summary.services[0];
    assert!(outcome.rounds == 0 && outcome.path.is_none() && outcome.error.is_none());
    assert_eq!(
        outcome
            .verification
            .as_ref()
            .map(|v| v.failures[0].step.as_str()),
        Some("tokens-differ")
    );
    assert_eq!(
        std::fs::read_dir(folder.path())
            .expect("the folder")
            .count(),
        0
    );
}

#[test]
fn a_service_that_cannot_start_is_told_with_its_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut service, contract) = entrant("");
    service.doc.start = ["/bin/sh", "-c", "echo the disk is full; exit 3"]
        .map(str::to_owned)
        .to_vec();
    let services = [(service, contract)];
    let summary = run(
        &host(&Interrupt::default()),
        &services,
        &settings(folder.path()),
        &mut weigh::bench::progress::Silent,
    )
    .expect("it ends well");
    let error = summary.services[0]
        .error
        .as_ref()
        .expect("it did not start")
        .to_string();
    assert!(
        error.contains("the disk is full") && error.contains('3'),
        "{error}"
    );
}
