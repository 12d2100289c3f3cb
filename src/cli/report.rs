//! `weigh report`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::ReportArgs;
use super::decision::parse_method;
use super::output::Output;
use super::{Exit, Failure};
use crate::report::{
    BatchProgress, FolderWriter, ReportError, ReportJob, ReportOptions, ReportTemplate, write_batch,
};
use crate::tr;

pub(super) fn run(args: &ReportArgs, output: &mut Output) -> Result<Exit, Failure> {
    let (method, params) = parse_method(&args.method)?;
    let job = ReportJob::new(ReportOptions {
        templates: args.template.clone(),
        choice: args.choice.choice()?,
        method,
        params,
        lang: output.lang,
        charts: !args.no_charts,
        seed: args.seed,
    })?;
    let (paths, skipped): (Vec<&PathBuf>, Vec<&PathBuf>) =
        args.decisions.iter().partition(|path| is_decision(path));
    for path in &skipped {
        let shown = path.display();
        output.eprint(tr!(
            "note: {shown} holds no decision; skipped",
            "注意：{shown} 中没有决策；已跳过"
        ));
    }
    if args.supersedes.is_some() && (paths.len() != 1 || !job.has_template(&ReportTemplate::Adr)) {
        return Err(Failure::usage(tr!(
            "--supersedes needs --template adr and exactly one decision",
            "--supersedes 须与 --template adr 及单个决策同用"
        )));
    }
    let writer = FolderWriter::new(&args.out);
    let progress = ReportProgress {
        bar: progress_bar(paths.len()),
        output,
    };
    let summary = write_batch(&job, &paths, &writer, args.supersedes.as_deref(), &progress)?;
    progress.bar.finish_and_clear();
    let (reported, broken, skipped) = (summary.reported, summary.broken, skipped.len());
    let (written, unchanged) = writer.counts();
    let out = writer.folder().display();
    let mut line = tr!(
        "{reported} reported into {out}: {written} files written, {unchanged} unchanged",
        "已报告 {reported} 个决策至 {out}：写入 {written} 个文件，{unchanged} 个未变"
    );
    if broken > 0 {
        line.push(&tr!("; {broken} broken", "；{broken} 个有错误"));
    }
    if summary.kept > 0 {
        let kept = summary.kept;
        line.push(&tr!("; {kept} left as they are", "；{kept} 个保持原样"));
    }
    if skipped > 0 {
        line.push(&tr!("; {skipped} skipped", "；{skipped} 个跳过"));
    }
    output.print(line)?;
    Ok(if broken == 0 && summary.kept == 0 {
        Exit::Fine
    } else {
        Exit::Failed
    })
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Usage(message) => Self::usage(message),
            ReportError::Failed(message) | ReportError::Kept(message) => Self::failed(message),
            ReportError::Environment(message) => Self::environment(message),
        }
    }
}

/// A progress bar that is hidden while messages are printed.
struct ReportProgress<'o> {
    bar: ProgressBar,
    output: &'o Output,
}

impl BatchProgress for ReportProgress<'_> {
    fn step(&self) {
        self.bar.inc(1);
    }

    fn broken(&self, messages: &[String]) {
        self.bar
            .suspend(|| messages.iter().for_each(|line| self.output.eprint(line)));
    }
}

/// Whether a path may hold a decision: a file, standard input, or a folder with one in it.
fn is_decision(path: &Path) -> bool {
    let extension = path
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    if path.is_dir() {
        return path.join("decision.yaml").is_file();
    }
    // `examples/*` includes a README, which is skipped; a path that does not exist is reported later.
    path.as_os_str() == "-" || !path.exists() || matches!(extension, "yaml" | "yml" | "csv" | "")
}

/// Shows progress on a terminal, for more than one decision.
fn progress_bar(count: usize) -> ProgressBar {
    let shown = count > 1 && std::io::stderr().is_terminal();
    let target = if shown {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}")
        .expect("the template of the bar is sound");
    ProgressBar::with_draw_target(Some(count as u64), target).with_style(style)
}
