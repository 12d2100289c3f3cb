//! Reads the services that the command line selects.

use crate::bench::contract::Contract;
use crate::bench::manifest::ReferenceService;
use crate::cli::args::bench::SelectionArgs;
use crate::cli::output::Output;
use crate::cli::{Exit, Failure};
use crate::lang::Text;
use crate::load::ServiceFolder;
use crate::load::{self, Reader};
use crate::source::did_you_mean_clause;
use crate::tr;

/// A service with its contract, ready to be built.
pub(super) type Ready = (ReferenceService, Contract);

/// Returns the selected services. Those whose manifest has errors are left out, and the exit code says so.
pub(super) fn select_services(
    args: &SelectionArgs,
    whole: bool,
    output: &Output,
) -> Result<(Vec<Ready>, Exit), Failure> {
    let folders = load::service_folders(&args.services);
    let wanted = if whole || args.all || args.names.is_empty() && args.contract.is_some() {
        folders
    } else {
        find_named(&args.names, &folders)?
    };
    let mut reader = Reader::default();
    let loaded: Vec<_> = wanted
        .iter()
        .filter_map(|folder| load::service(folder, &mut reader))
        .collect();
    let mut exit = output.print_diagnostics(&reader.diagnostics, &reader.sources);
    let mut ready = Vec::new();
    for one in loaded.into_iter().filter(|one| {
        args.contract
            .as_ref()
            .is_none_or(|id| *id == one.service.contract)
    }) {
        match ReferenceService::new(one.service, &one.folder.path)
            .and_then(|service| Ok((service, Contract::new(one.contract)?)))
        {
            Ok(pair) => ready.push(pair),
            Err(error) => {
                output.print_error(&error.text());
                exit = Exit::Failed;
            }
        }
    }
    if ready.is_empty() && exit == Exit::Fine {
        return Err(Failure::usage(no_service_message(args)));
    }
    Ok((ready, exit))
}

fn find_named(names: &[String], folders: &[ServiceFolder]) -> Result<Vec<ServiceFolder>, Failure> {
    if names.is_empty() {
        let message = tr!(
            "name a service, or use --all or --contract; `weigh bench list` lists them",
            "请给出服务名，或用 --all、--contract；`weigh bench list` 可列出服务"
        );
        return Err(Failure::usage(message));
    }
    let one = |name: &String| {
        let found = folders.iter().find(|folder| folder.name == *name);
        found.cloned().ok_or_else(|| {
            let known = folders.iter().map(|folder| folder.name.as_str());
            let mut hint = did_you_mean_clause(name, known);
            if hint.is_empty() {
                hint = tr!(
                    "; `weigh bench list` lists the services, --services DIR adds a folder",
                    "；`weigh bench list` 可列出服务，--services DIR 指定其他目录"
                );
            }
            Failure::usage(tr!(
                "there is no service `{name}`{hint}",
                "没有服务 `{name}`{hint}"
            ))
        })
    };
    names.iter().map(one).collect()
}

fn no_service_message(args: &SelectionArgs) -> Text {
    match &args.contract {
        Some(contract) => tr!(
            "no service has the contract `{contract}`",
            "没有服务实现契约 `{contract}`"
        ),
        None => tr!(
            "no services found: a service is a folder with a service.yaml below examples/services or services; use --services DIR for another place",
            "此处没有服务：服务是 examples/services 或 services 之下含 service.yaml 的目录；也可用 --services DIR 指定"
        ),
    }
}

/// Leaves out services that are measured only by name, and says so.
pub(super) fn keep_requested(
    services: Vec<Ready>,
    args: &SelectionArgs,
    output: &Output,
) -> Vec<Ready> {
    let (fit, unasked): (Vec<Ready>, Vec<Ready>) =
        services.into_iter().partition(|(service, _)| {
            !service.doc.by_name || args.names.iter().any(|name| name == service.id())
        });
    for (service, _) in unasked {
        let id = service.id();
        output.eprint(&tr!(
            "{id} is measured only by name: weigh bench run {id}",
            "{id} 仅在指名时测量：weigh bench run {id}"
        ));
    }
    fit
}

/// Leaves out services whose tools are missing and says what to install. Returns the names of those left out.
pub(super) fn keep_equipped(services: Vec<Ready>, output: &Output) -> (Vec<Ready>, Vec<String>) {
    let mut left_out = Vec::new();
    let fit = services
        .into_iter()
        .filter(|(service, _)| {
            let missing = service.missing_tools();
            let id = service.id();
            for (_, advice) in &missing {
                output.eprint(&tr!("{id} is left out: {advice}", "跳过 {id}：{advice}"));
            }
            if !missing.is_empty() {
                left_out.push(id.to_owned());
            }
            missing.is_empty()
        })
        .collect();
    (fit, left_out)
}
