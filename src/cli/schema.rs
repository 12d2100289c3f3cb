//! `weigh schema`: the JSON Schema of a file kind, or of the JSON that a command prints.

use serde_json::Value as Json;

use super::args::SchemaArgs;
use super::output::Output;
use super::{Exit, Failure};
use crate::record::{Record, RecordDifference};
use crate::schema::FileKind;
use crate::source::did_you_mean_clause;
use crate::tr;
use crate::view::document::{ErrorView, json_schema, schema_name};
use crate::view::{
    catalog, compare, diagnostic, graph, next, pareto, rank, robustness, sensitivity, stakeholders,
    weights, why,
};

/// A command's JSON output.
struct CommandOutput {
    /// The command's words, joined by hyphens.
    command: &'static str,
    schema: fn(&str) -> Json,
}

macro_rules! outputs {
    ($($(#[$on:meta])* $command:literal: $body:ty,)*) => {
        [$($(#[$on])* CommandOutput { command: $command, schema: json_schema::<$body> },)*]
    };
}

/// Returns every JSON output.
fn outputs() -> Vec<CommandOutput> {
    Vec::from(outputs! {
        "check": diagnostic::CheckView,
        "rank": rank::RankView,
        "why": why::WhyView,
        "compare": compare::CompareView,
        "pareto": pareto::ParetoView,
        "stakeholders": stakeholders::StakeholdersView,
        "graph": graph::GraphView,
        "sensitivity": sensitivity::SensitivityView,
        "robustness": robustness::RobustnessView,
        "next": next::NextView,
        "weights": weights::WeightsView,
        "record": Record,
        "recheck": super::recheck::View,
        "diff": RecordDifference,
        "uses": super::uses::UsesView,
        "catalog-list": catalog::ListView,
        "catalog-show": catalog::ShowView,
        "catalog-check": super::catalog::CheckedView,
        #[cfg(feature = "refresh")]
        "catalog-refresh": super::catalog::RefreshView,
        #[cfg(feature = "bench")]
        "bench-list": super::bench::output_schema::ListJson,
        #[cfg(feature = "bench")]
        "bench-verify": super::bench::output_schema::VerifyJson,
        #[cfg(feature = "bench")]
        "bench-run": super::bench::output_schema::RunJson,
        #[cfg(feature = "bench")]
        "bench-show": super::bench::output_schema::ShowJson,
        #[cfg(feature = "bench")]
        "bench-import": super::bench::output_schema::ImportJson,
        "error": ErrorView,
    })
}

pub(super) fn run(args: &SchemaArgs, output: &mut Output) -> Result<Exit, Failure> {
    let word = args.kind.join("-");
    let outputs = outputs();
    // A file kind and a command may have the same name; the command's output also answers to the name of its schema.
    let schema = FileKind::find(&word)
        .map(FileKind::json_schema)
        .or_else(|| {
            let own = |o: &&CommandOutput| o.command == word || schema_name(o.command) == word;
            outputs.iter().find(own).map(|o| (o.schema)(o.command))
        })
        .ok_or_else(|| {
            let known = FileKind::ALL.map(FileKind::word);
            let commands: Vec<&str> = outputs.iter().map(|o| o.command).collect();
            let all = known.iter().chain(&commands).copied();
            let hint = did_you_mean_clause(&word, all);
            let (kinds, commands) = (known.join(", "), commands.join(", "));
            Failure::usage(tr!(
                "there is no file kind or JSON output `{word}`; file kinds: {kinds}; commands: {commands}{hint}",
                "没有名为 `{word}` 的文件类型或 JSON 输出；文件类型：{kinds}；命令：{commands}{hint}"
            ))
        })?;
    let text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    output.print(text)?;
    Ok(Exit::Fine)
}
