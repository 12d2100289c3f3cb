//! `weigh bench run`: verify, measure, store, and say what came of it.

use serde_json::json;

use super::progress::Lines;
use super::selection::{Ready, asked_for, equipped, selected};
use super::{consent, show, verify};
use crate::bench::interrupt::Interrupt;
use crate::bench::process::Host;
use crate::bench::run::{Budget, Objective, Outcome, Settings, Summary, run as measure};
use crate::bench::statistics;
use crate::cli::args::TableOrJson;
use crate::cli::args::bench::RunArgs;
use crate::cli::output::Output;
use crate::cli::{Exit, Failure};
use crate::load::EvidenceChoice;
use crate::load::{self, Reader};
use crate::tr;

pub(super) fn run(args: &RunArgs, output: &mut Output) -> Result<Exit, Failure> {
    let settings = settings(args)?;
    let (services, mut exit) = selected(&args.selection, false, output)?;
    let (services, _) = equipped(asked_for(services, &args.selection, output), output);
    let services = waiting(services, &downstream(args)?)?;
    if services.is_empty() {
        return Err(Failure::environment(tr!(
            "there is no service left to measure",
            "没有可测量的服务"
        )));
    }
    consent::ask(&services, args.yes, output)?;
    let host = Host::new(Interrupt::install().map_err(Failure::from)?);
    let mut progress = Lines::new(output.lang, services.len());
    let summary = measure(&host, &services, &settings, &mut progress);
    progress.finish();
    let summary = summary?;
    for outcome in &summary.outcomes {
        if told(outcome, output)? {
            exit = Exit::Failed;
        }
    }
    match args.format {
        TableOrJson::Json => output.print_json(&to_json(&summary, output))?,
        TableOrJson::Table => result(&summary, output)?,
    }
    if summary.interrupted {
        let session = &summary.session;
        let message = tr!(
            "interrupted; what was measured is stored, `weigh bench run --resume {session}` with the same services goes on",
            "已中断；已测得的结果已存储，对相同服务执行 `weigh bench run --resume {session}` 可继续"
        );
        return Err(Failure::environment(message));
    }
    Ok(exit)
}

fn settings(args: &RunArgs) -> Result<Settings, Failure> {
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
    // The source of the evidence: what was typed, without the program's place on this machine.
    let typed: Vec<String> = std::env::args().skip(1).collect();
    Ok(Settings {
        budget: if args.thorough {
            Budget::Thorough
        } else {
            Budget::Quick
        },
        rounds: args.repetitions,
        seed: args.seed,
        required_rps: args.rate,
        objective,
        evidence: args.evidence.clone(),
        command: format!("weigh {}", typed.join(" ")),
        machine: args.machine.clone(),
        resume,
        ..Settings::default()
    })
}

/// Longest call downstream (ms): a check waits 5 s for an order, which makes two.
const LONGEST_CALL_MS: u64 = 2000;

/// What `--downstream` says: names and times (ms).
fn downstream(args: &RunArgs) -> Result<Vec<(String, u64)>, Failure> {
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

/// The services under contracts whose stubs take these times.
fn waiting(services: Vec<Ready>, times: &[(String, u64)]) -> Result<Vec<Ready>, Failure> {
    let one = |(service, contract): Ready| match contract.with_downstream(times) {
        Ok(contract) => Ok((service, contract)),
        Err(error) => Err(Failure::usage(error.text())),
    };
    services.into_iter().map(one).collect()
}

fn last_session(args: &RunArgs) -> Result<String, Failure> {
    let mut reader = Reader::default();
    let runs = if args.evidence.is_dir() {
        load::runs(&EvidenceChoice::Path(args.evidence.clone()), &mut reader)
    } else {
        Vec::new()
    };
    let last = runs.iter().map(|run| &run.doc.session).max();
    let shown = args.evidence.display();
    last.cloned().ok_or_else(|| {
        Failure::environment(tr!(
            "there is no session in `{shown}` to go on with",
            "`{shown}` 中没有可继续的会话"
        ))
    })
}

/// Says why a service was not measured to the end; whether that is so.
fn told(outcome: &Outcome, output: &mut Output) -> Result<bool, Failure> {
    let id = &outcome.service;
    if let Some(error) = &outcome.error {
        let error = error.text();
        output.print_error(&tr!(
            "{id} was not measured: {error}",
            "{id} 未能测量：{error}"
        ));
        return Ok(true);
    }
    if let Some(what) = &outcome.broken {
        output.print_error(&tr!(
            "{id} broke its contract under load: {what}",
            "{id} 在负载下违反契约：{what}"
        ));
        return Ok(true);
    }
    if let Some(verification) = outcome.verification.as_ref().filter(|v| !v.is_verified()) {
        verify::show(id, verification, output)?;
        return Ok(true);
    }
    Ok(false)
}

/// The table of the session, read from what was stored: the same that `weigh bench show` prints.
fn result(summary: &Summary, output: &mut Output) -> Result<(), Failure> {
    let mut reader = Reader::default();
    let paths = summary
        .outcomes
        .iter()
        .filter_map(|outcome| outcome.path.clone());
    let runs: Vec<_> = paths
        .flat_map(|path| load::runs(&EvidenceChoice::Path(path), &mut reader))
        .collect();
    if runs.is_empty() {
        return Ok(());
    }
    show::sessions(&runs, output)?;
    let session = &summary.session;
    output.print(&tr!(
        "More:  weigh bench show {session}",
        "详情：  weigh bench show {session}"
    ))
}

fn to_json(summary: &Summary, output: &Output) -> serde_json::Value {
    let services: Vec<_> = summary
        .outcomes
        .iter()
        .map(|o| {
            json!({
                "service": o.service, "verified": o.verification.as_ref().is_some_and(crate::bench::verify::Verification::is_verified),
                "error": o.error.as_ref().map(|e| output.localize(&e.text())), "rounds": o.rounds, "capacity_rps": o.capacity_rps,
                "mean_capacity_rps": statistics::mean(&o.capacity_rps), "verdicts": o.remarks, "file": o.path,
            })
        })
        .collect();
    json!({"session": summary.session, "driver_ceiling_rps": summary.ceiling_rps, "interrupted": summary.interrupted, "services": services})
}
