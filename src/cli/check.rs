//! `weigh check`. Diagnostics are the result of this command, so they go to standard output.

use super::args::{CheckArgs, ChoiceArgs, TableOrJson};
use super::output::Output;
use super::{Exit, Failure};
use crate::diagnostic;
use crate::graph;
use crate::load::{self, Reader};
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
    for decision in &checked.decisions {
        graph::compile(decision, &mut sink);
    }
    match args.format {
        TableOrJson::Json => {
            output.print_json(&view::diagnostic::check(&sink, &sources, output.lang))?
        }
        TableOrJson::Table => {
            let style = output.style();
            for diagnostic in sink.sorted() {
                output.print(diagnostic::render(diagnostic, &sources, style))?;
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
