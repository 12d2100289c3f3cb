//! `weigh bench run`: verifies and measures services, stores the evidence and prints the results.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::progress::ProgressLines;
use super::selection::{Ready, keep_equipped, keep_requested, select_services};
use super::{consent, show, verify};
use crate::bench::interrupt::Interrupt;
use crate::bench::process::Host;
use crate::bench::run::{
    BenchSettings, Budget, Objective, RunSummary, ServiceResult, run as measure,
};
use crate::bench::statistics;
use crate::cli::args::TableOrJson;
use crate::cli::args::bench::RunArgs;
use crate::cli::output::Output;
use crate::cli::{Exit, Failure};
use crate::load::EvidenceChoice;
use crate::load::{self, Reader};
use crate::tr;

pub(super) fn run(args: &RunArgs, output: &mut Output) -> Result<Exit, Failure> {
    let settings = run_settings(args)?;
    let (services, mut exit) = select_services(&args.selection, false, output)?;
    let (services, _) = keep_equipped(keep_requested(services, &args.selection, output), output);
    let services = with_downstream(services, &parse_downstream(args)?)?;
    if services.is_empty() {
        return Err(Failure::environment(tr!(
            "no service is left to measure",
            "没有可测量的服务"
        )));
    }
    consent::ask_for_consent(&services, args.yes, output)?;
    let host = Host::new(Interrupt::install().map_err(Failure::from)?);
    let mut progress = ProgressLines::new(output.lang, services.len());
    let summary = measure(&host, &services, &settings, &mut progress);
    progress.finish();
    let summary = summary?;
    for service in &summary.services {
        if report_failure(service, output)? {
            exit = Exit::Failed;
        }
    }
    match args.format {
        TableOrJson::Json => output.print_json("bench-run", &to_json(&summary, output))?,
        TableOrJson::Table => print_session(&summary, output)?,
    }
    if summary.interrupted {
        let session = &summary.session;
        let message = tr!(
            "interrupted; results so far are stored, continue with `weigh bench run --resume {session}` and the same services",
            "已中断；已测得的结果已存储，对相同服务执行 `weigh bench run --resume {session}` 可继续"
        );
        return Err(Failure::environment(message));
    }
    Ok(exit)
}

fn run_settings(args: &RunArgs) -> Result<BenchSettings, Failure> {
    let slo = &args.slo;
    let objective = Objective::parse(slo).ok_or_else(|| {
        Failure::usage(tr!(
            "--slo takes an objective such as p99=50ms, not `{slo}`",
            "--slo 需要如 p99=50ms 的目标，而不是 `{slo}`"
        ))
    })?;
    if !(args.rate.is_finite() && (1.0..=1e6).contains(&args.rate)) {
        return Err(Failure::usage(tr!(
            "--rate takes 1 to 1,000,000 requests/s",
            "--rate 需要 1 到 1,000,000 请求/秒"
        )));
    }
    let resume = match args.resume.as_deref() {
        Some("last") => Some(last_session(args)?),
        other => other.map(str::to_owned),
    };
    // The source of the evidence: the command line without the program's path.
    let typed: Vec<String> = std::env::args().skip(1).collect();
    Ok(BenchSettings {
        budget: if args.thorough {
            Budget::Thorough
        } else {
            Budget::Quick
        },
        rounds: args.repetitions,
        seed: args.seed,
        required_rps: args.rate,
        objective,
        evidence: evidence_folder(args.evidence.as_ref()),
        command: format!("weigh {}", typed.join(" ")),
        machine: args.machine.clone(),
        resume,
        ..BenchSettings::default()
    })
}

/// Maximum latency of a downstream call (ms): a check waits 5 s for an order, which makes two.
const LONGEST_CALL_MS: u64 = 2000;

/// Parses `--downstream`: names and latencies (ms).
fn parse_downstream(args: &RunArgs) -> Result<Vec<(String, u64)>, Failure> {
    let one = |typed: &String| {
        let pair = typed
            .split_once('=')
            .and_then(|(name, ms)| Some((name.to_owned(), ms.parse().ok()?)));
        pair.filter(|(_, ms)| *ms <= LONGEST_CALL_MS).ok_or_else(|| {
            Failure::usage(tr!(
                "--downstream takes a name and at most {LONGEST_CALL_MS} ms, as in mail=1000, not `{typed}`",
                "--downstream 需要名称与不超过 {LONGEST_CALL_MS} 的毫秒数，如 mail=1000，而不是 `{typed}`"
            ))
        })
    };
    args.downstream.iter().map(one).collect()
}

/// Replaces the latencies of the contracts' downstream stubs.
fn with_downstream(services: Vec<Ready>, times: &[(String, u64)]) -> Result<Vec<Ready>, Failure> {
    let one = |(service, contract): Ready| match contract.with_downstream(times) {
        Ok(contract) => Ok((service, contract)),
        Err(error) => Err(Failure::usage(error.text())),
    };
    services.into_iter().map(one).collect()
}

/// Returns the folder that evidence is stored in: the named one, else that of the project that the working directory belongs to,
/// where every decision of the project looks.
pub(super) fn evidence_folder(named: Option<&PathBuf>) -> PathBuf {
    named.cloned().unwrap_or_else(|| {
        let root = load::project_root(Path::new("."));
        let here = std::env::current_dir().is_ok_and(|here| here == root);
        let own = Path::new(".weigh/evidence");
        if here { own.to_owned() } else { root.join(own) }
    })
}

fn last_session(args: &RunArgs) -> Result<String, Failure> {
    let mut reader = Reader::default();
    let folder = evidence_folder(args.evidence.as_ref());
    let runs = if folder.is_dir() {
        load::runs(&EvidenceChoice::Path(folder.clone()), &mut reader)
    } else {
        Vec::new()
    };
    let last = runs.iter().map(|run| &run.doc.session).max();
    let shown = folder.display();
    last.cloned().ok_or_else(|| {
        Failure::environment(tr!(
            "there is no session in `{shown}` to continue",
            "`{shown}` 中没有可继续的会话"
        ))
    })
}

/// Prints why a service was not measured completely. Returns whether that is so.
fn report_failure(service: &ServiceResult, output: &mut Output) -> Result<bool, Failure> {
    let id = &service.service;
    if let Some(error) = &service.error {
        let error = error.text();
        output.print_error(&tr!(
            "{id} was not measured: {error}",
            "{id} 未能测量：{error}"
        ));
        return Ok(true);
    }
    if let Some(what) = &service.broken {
        output.print_error(&tr!(
            "{id} broke its contract under load: {what}",
            "{id} 在负载下违反契约：{what}"
        ));
        return Ok(true);
    }
    if let Some(verification) = service.verification.as_ref().filter(|v| !v.is_verified()) {
        verify::show(id, verification, output)?;
        return Ok(true);
    }
    Ok(false)
}

/// Prints the session's table from the stored evidence, as `weigh bench show` does.
fn print_session(summary: &RunSummary, output: &mut Output) -> Result<(), Failure> {
    let mut reader = Reader::default();
    let paths = summary
        .services
        .iter()
        .filter_map(|service| service.path.clone());
    let runs: Vec<_> = paths
        .flat_map(|path| load::runs(&EvidenceChoice::Path(path), &mut reader))
        .collect();
    if runs.is_empty() {
        return Ok(());
    }
    show::print_sessions(&runs, output)?;
    let session = &summary.session;
    output.print(&tr!(
        "More:  weigh bench show {session}",
        "详情：  weigh bench show {session}"
    ))
}

fn to_json(summary: &RunSummary, output: &Output) -> serde_json::Value {
    let services: Vec<_> = summary
        .services
        .iter()
        .map(|o| {
            json!({
                "service": o.service, "verified": o.verification.as_ref().is_some_and(crate::bench::verify::Verification::is_verified),
                "error": o.error.as_ref().map(|e| output.localize(e.text())), "rounds": o.rounds, "capacity_rps": o.capacity_rps,
                "mean_capacity_rps": statistics::mean(&o.capacity_rps), "verdicts": o.remarks, "file": o.path,
            })
        })
        .collect();
    json!({"session": summary.session, "driver_ceiling_rps": summary.ceiling_rps, "interrupted": summary.interrupted, "services": services})
}
