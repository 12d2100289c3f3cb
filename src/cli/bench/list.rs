//! `weigh bench list`: services, contracts, and what each needs on this machine.

use serde_json::json;

use super::selection::{Ready, select_services};
use crate::bench::manifest::ReferenceService;
use crate::cli::args::TableOrJson;
use crate::cli::args::bench::ListArgs;
use crate::cli::output::Output;
use crate::cli::table::{Side, TextTable};
use crate::cli::{Exit, Failure};
use crate::lang::Text;
use crate::tr;

pub(super) fn run(args: &ListArgs, output: &mut Output) -> Result<Exit, Failure> {
    let (services, exit) =
        select_services(&args.selection, args.selection.names.is_empty(), output)?;
    if args.format == TableOrJson::Json {
        let all: Vec<_> = services
            .iter()
            .map(|(service, contract)| {
                let doc = &service.doc;
                let missing: Vec<String> = service.missing_tools().iter().map(|(_, advice)| output.localize(advice)).collect();
                json!({
                    "service": doc.service, "contract": doc.contract, "contract_hash": contract.hash(), "candidate": doc.candidate,
                    "variant": doc.variant, "versions": doc.versions, "tools": doc.tools, "missing": missing, "by_name": doc.by_name, "folder": service.folder,
                })
            })
            .collect();
        output.print_json("bench-list", &json!({ "services": all }))?;
        return Ok(exit);
    }
    let head = vec![
        output.localize(tr!("service", "服务")),
        output.localize(tr!("contract", "契约")),
        output.localize(tr!("candidate", "候选")),
        output.localize(tr!("versions", "版本")),
        output.localize(tr!("on this machine", "本机")),
    ];
    let mut table = TextTable::new(head, vec![Side::Left; 5]);
    for (service, _) in &services {
        let doc = &service.doc;
        let candidate = doc.variant.as_ref().map_or_else(
            || doc.candidate.clone(),
            |variant| format!("{} ({variant})", doc.candidate),
        );
        table.row(vec![
            doc.service.clone(),
            doc.contract.clone(),
            candidate,
            list_versions(service),
            output.localize(readiness(service)),
        ]);
    }
    output.print_table(&table)?;
    output.print("")?;
    output.print(output.localize(tr!(
        "Run a benchmark:  weigh bench run {0}",
        "测量其一：  weigh bench run {0}",
        example_service(&services)
    )))?;
    Ok(exit)
}

fn example_service(services: &[Ready]) -> &str {
    services
        .iter()
        .find(|(service, _)| service.missing_tools().is_empty())
        .or(services.first())
        .map_or("SERVICE", |(service, _)| service.id())
}

/// Lists two versions, that of the candidate itself first.
fn list_versions(service: &ReferenceService) -> String {
    let doc = &service.doc;
    let mut all: Vec<(&String, &String)> = doc.versions.iter().collect();
    all.sort_by_key(|(name, _)| !doc.candidate.contains(name.as_str()));
    all.iter()
        .take(2)
        .map(|(name, version)| format!("{name} {version}"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn readiness(service: &ReferenceService) -> Text {
    let missing = service.missing_tools();
    if missing.is_empty() {
        return if service.doc.by_name {
            tr!("ready, only by name", "就绪，仅在指名时测量")
        } else {
            tr!("ready", "就绪")
        };
    }
    Text::join(missing.iter().map(|(_, advice)| advice), &tr!("; ", "；"))
}
