//! `weigh bench verify`: runs every step of the contract and prints the exact responses where one fails.

use serde_json::{Value, json};

use super::consent;
use super::progress::ProgressLines;
use super::selection::{keep_equipped, select_services};
use crate::bench::error::BenchError;
use crate::bench::interrupt::Interrupt;
use crate::bench::process::Host;
use crate::bench::progress::{BenchPhase, Progress};
use crate::bench::verify::{StepFailure, Verification, verify};
use crate::cli::args::TableOrJson;
use crate::cli::args::bench::VerifyArgs;
use crate::cli::output::Output;
use crate::cli::{Exit, Failure};
use crate::tr;

pub(super) fn run(args: &VerifyArgs, output: &mut Output) -> Result<Exit, Failure> {
    let (services, mut exit) = select_services(&args.selection, false, output)?;
    let (services, left_out) = keep_equipped(services, output);
    consent::ask_for_consent(&services, args.yes, output)?;
    let mut host = Host::new(Interrupt::install().map_err(Failure::from)?);
    // Nothing is measured here, so a service may use every core.
    host.service_cores.clear();
    let mut progress = ProgressLines::new(output.lang, services.len());
    let mut results: Vec<Value> = Vec::new();
    for (service, contract) in &services {
        progress.phase(service.id(), &BenchPhase::Build);
        let built = host.build(service);
        let failed_at = if built.is_ok() { "verify" } else { "build" };
        let verified = built.and_then(|()| verify(&host, service, contract, &mut progress));
        progress.clear();
        match verified {
            Ok(verification) => {
                if !verification.is_verified() {
                    exit = Exit::Failed;
                }
                match args.format {
                    TableOrJson::Table => show(service.id(), &verification, output)?,
                    TableOrJson::Json => results.push(to_json(service.id(), &verification, output)),
                }
            }
            Err(BenchError::Interrupted) => return Err(BenchError::Interrupted.into()),
            Err(error) => {
                let (id, text) = (service.id(), error.text());
                exit = Exit::Failed;
                match args.format {
                    TableOrJson::Table => output.print(format_args!("✗ {id}: {}", output.localize(&text)))?,
                    TableOrJson::Json => {
                        results.push(json!({"service": id, "verified": false, "failed_at": failed_at, "error": output.localize(&text)}))
                    }
                }
            }
        }
        output.flush()?;
    }
    if args.format == TableOrJson::Json {
        output.print_json(
            "bench-verify",
            &json!({ "services": results, "left_out": left_out }),
        )?;
    }
    Ok(exit)
}

/// Prints the result of one service, each failure with the request, the expected and the actual response.
pub(super) fn show(
    id: &str,
    verification: &Verification,
    output: &mut Output,
) -> Result<(), Failure> {
    let Verification {
        checks,
        passed,
        seconds,
        ..
    } = verification;
    let line = if verification.is_verified() {
        tr!(
            "✓ {id}: {passed} of {checks} checks, {seconds:.1} s",
            "✓ {id}：{checks} 项检查通过 {passed} 项，{seconds:.1} 秒"
        )
    } else {
        tr!(
            "✗ {id}: failed, {passed} of {checks} checks",
            "✗ {id}：未通过，{checks} 项检查通过 {passed} 项"
        )
    };
    output.print(&line)?;
    for (what, reason) in &verification.unsupported {
        output.print(&tr!(
            "  without {what}: {reason}",
            "  不含 {what}：{reason}"
        ))?;
    }
    for failure in &verification.failures {
        let StepFailure {
            step,
            title,
            request,
            expected,
            actual,
        } = failure;
        output.print(&tr!(
            "  {step}: {title}\n    request:  {request}\n    expected: {expected}\n    actual:   {actual}",
            "  {step}：{title}\n    请求：{request}\n    期望：{expected}\n    实际：{actual}"
        ))?;
    }
    Ok(())
}

fn to_json(id: &str, verification: &Verification, output: &Output) -> Value {
    let failures: Vec<Value> = verification
        .failures
        .iter()
        .map(|f| {
            json!({"step": f.step, "title": output.localize(&f.title), "request": f.request, "expected": output.localize(&f.expected), "actual": output.localize(&f.actual)})
        })
        .collect();
    json!({
        "service": id, "verified": verification.is_verified(), "contract_hash": verification.contract_hash, "checks": verification.checks,
        "passed": verification.passed, "figures": verification.figures, "failures": failures,
        "unsupported": verification.unsupported.iter().map(|(what, reason)| (what.clone(), output.localize(reason))).collect::<std::collections::BTreeMap<_, _>>(),
    })
}
