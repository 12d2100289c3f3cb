//! `weigh check`. Diagnostics are the result of this command, so they go to standard output.

use super::args::{CheckArgs, ChoiceArgs, TableOrJson};
use super::output::Output;
use super::{Exit, Failure};
use crate::analysis::{anchors, staleness};
use crate::diagnostic;
use crate::eval::Plan;
use crate::graph;
use crate::load::{self, Reader};
use crate::source::Sources;
use crate::tr;
use crate::view;

pub(super) fn run(args: &CheckArgs, output: &mut Output) -> Result<Exit, Failure> {
    let choice = ChoiceArgs {
        scenario: None,
        stakeholder: None,
        profile: None,
        set: Vec::new(),
        evidence: None,
        as_of: args.as_of.clone(),
    };
    let mut reader = Reader::default();
    let checked = load::check(&args.paths, &choice.choice()?, &mut reader);
    let Reader {
        sources,
        diagnostics: mut sink,
    } = reader;
    for library in &checked.libraries {
        graph::check(library, &mut sink);
    }
    let mut remarks = Vec::new();
    for decision in &checked.decisions {
        let Some(graph) = graph::compile(decision, &mut sink) else {
            continue;
        };
        staleness::report_each(decision, &graph, &mut sink);
        let plan = Plan::new(decision, &graph);
        anchors::report(&plan, &mut sink);
        let own = view::remark::remarks(&plan);
        remarks.extend(own.into_iter().map(|remark| (decision.id.clone(), remark)));
    }
    let used = args.files.then(|| used_files(&sources));
    let roots = || {
        let shown = |root: &std::path::PathBuf| root.display().to_string();
        checked.roots.iter().map(shown).collect::<Vec<_>>()
    };
    match args.format {
        TableOrJson::Json => {
            let mut view = view::diagnostic::check(&sink, &sources, output.lang);
            view.remarks = remarks
                .iter()
                .map(|(decision, remark)| view::diagnostic::RemarkView {
                    decision: decision.clone(),
                    message: remark.get(output.lang).to_owned(),
                })
                .collect();
            view.projects = args.files.then(roots);
            view.files = used;
            output.print_json("check", &view)?;
        }
        TableOrJson::Table => {
            let style = output.style();
            for diagnostic in sink.sorted() {
                output.print(diagnostic::render(diagnostic, &sources, style))?;
                output.print("")?;
            }
            for (decision, remark) in &remarks {
                output.print(tr!(
                    "note: {decision}: {remark}",
                    "注意：{decision}：{remark}"
                ))?;
            }
            if let Some(used) = used {
                for root in roots() {
                    output.print(tr!("project {root}", "项目 {root}"))?;
                }
                for file in used {
                    output.print(format_args!("  {file}"))?;
                }
                output.print("")?;
            }
            let files = checked.files;
            let summary = diagnostic::summary(&sink);
            output.print(if files == 1 {
                tr!("1 file read: {summary}", "已读取 1 个文件：{summary}")
            } else {
                tr!(
                    "{files} files read: {summary}",
                    "已读取 {files} 个文件：{summary}"
                )
            })?;
        }
    }
    Ok(if sink.has_errors() {
        Exit::Failed
    } else {
        Exit::Fine
    })
}

/// Every file that was read, once, in the order of their names.
fn used_files(sources: &Sources) -> Vec<String> {
    let names = sources.iter().map(|source| source.name().to_owned());
    let files: std::collections::BTreeSet<String> = names.collect();
    files.into_iter().collect()
}
