//! `weigh report`: reports of one decision or of many, side by side on all cores.
//!
//! Each decision is opened, analysed, rendered and written by itself, so that a broken one stops nobody; what is said about them is
//! printed in the order in which they were named, whatever the threads did. A file is only written where its text changes, and
//! always moved into place whole.

mod bounded;
mod job;
mod records;
mod sections;
pub(super) mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;

pub(super) use bounded::{COMMAND, serve};
use job::{Done, Job, Outcome, Template};
use write::Writer;

use super::args::ReportArgs;
use super::output::Output;
use super::{Exit, Failure};
use crate::eval::Watch;
use crate::lang::{Lang, Text};
use crate::load::{Archive, Choice};
use crate::report::{BrokenRow, Engine, IndexRow, IndexView, TemplateError, radar};
use crate::tr;

/// Decisions whose texts are made together; those of two parts are held at once.
const PART: usize = 32;

pub(super) fn run(args: &ReportArgs, output: &mut Output) -> Result<Exit, Failure> {
    let job = job(args, output.lang)?;
    let (paths, skipped): (Vec<&PathBuf>, Vec<&PathBuf>) =
        args.decisions.iter().partition(|path| is_decision(path));
    for path in &skipped {
        let shown = path.display();
        output.eprint(&tr!(
            "note: {shown} holds no decision; skipped",
            "注意：{shown} 中没有决策；已跳过"
        ));
    }
    if args.supersedes.is_some() && (paths.len() != 1 || !job.templates.contains(&Template::Adr)) {
        return Err(Failure::usage(tr!(
            "--supersedes goes with --template adr and one decision",
            "--supersedes 须与 --template adr 及单个决策同用"
        )));
    }
    let bar = progress(paths.len());
    let writer = Writer::new(&args.out);
    let (mut done, mut broken) = (Vec::new(), Vec::new());
    let mut folders = BTreeMap::new();
    let one = |path: &&PathBuf| {
        let outcome = job.run(path);
        bar.inc(1);
        outcome
    };
    let mut settle = |part: &[&PathBuf], outcomes: Vec<Outcome>| -> Result<(), Failure> {
        for (outcome, path) in outcomes.into_iter().zip(part) {
            match outcome {
                Outcome::Done(mut one) => {
                    one.folder = apart(one.folder, &mut folders);
                    for (name, text) in std::mem::take(&mut one.files) {
                        writer.write(&Path::new(&one.folder).join(name), &text)?;
                    }
                    done.push(*one);
                }
                Outcome::Broken { said, first } => {
                    bar.suspend(|| said.iter().for_each(|line| output.eprint(line)));
                    broken.push(BrokenRow {
                        path: path.display().to_string(),
                        message: first,
                    });
                }
            }
        }
        Ok(())
    };
    // In parts, so that few texts are held at once; one part is written while the next is made, the last beside nothing.
    let (mut before, mut ready): (&[&PathBuf], Vec<Outcome>) = (&[], Vec::new());
    for part in paths.chunks(PART).chain([&[][..]]) {
        let mut made = Vec::new();
        rayon::in_place_scope(|scope| {
            if job.bounded.is_none() {
                // Templates are needed last, and parsed while the first decision is read.
                scope.spawn(|_| _ = job.engine());
            }
            scope.spawn(|_| made = part.par_iter().map(one).collect());
            settle(before, std::mem::take(&mut ready))
        })?;
        (before, ready) = (part, made);
    }
    bar.finish_and_clear();
    whole(&job, &mut done, &broken, &writer, args)?;
    summary(&done, &broken, skipped.len(), &writer, output)?;
    Ok(if broken.is_empty() {
        Exit::Fine
    } else {
        Exit::Failed
    })
}

/// Writes the report of one decision as the command without options would; gives its file.
pub(super) fn one(
    path: &Path,
    choice: &Choice,
    lang: Lang,
    out: &Path,
    watch: &Watch,
) -> Result<PathBuf, Failure> {
    let own = bounded::folder(Path::new("templates"))?;
    let bounded = bounded(own, lang)?;
    let method = crate::rank::find(crate::analysis::ranking::DEFAULT_METHOD)
        .expect("the default method is in the list");
    let job = Job {
        engine: OnceLock::new(),
        bounded,
        templates: vec![Template::Report],
        choice: choice.clone(),
        given: super::args::ChoiceArgs::of(choice).given(),
        archive: Archive::default(),
        method,
        params: crate::rank::Params::none(),
        lang,
        charts: true,
        seed: None,
        watch: Some(watch),
    };
    let writer = Writer::new(out);
    match job.run(path) {
        Outcome::Done(done) => {
            let mut report = PathBuf::new();
            for (name, text) in &done.files {
                let file = Path::new(&done.folder).join(name);
                writer.write(&file, text)?;
                if file.extension().is_some_and(|e| e == "md") {
                    report = out.join(file);
                }
            }
            Ok(report)
        }
        Outcome::Broken { first, .. } => Err(Failure::failed(Text::name(first))),
    }
}

/// What is asked for, with templates read and parsed.
fn job(args: &ReportArgs, lang: Lang) -> Result<Job<'static>, Failure> {
    let (method, params) = super::decision::parse_method(&args.method)?;
    let mut own = bounded::folder(Path::new("templates"))?;
    let mut templates = Vec::new();
    for name in &args.template {
        let template = template(name, &mut own)?;
        if !templates.contains(&template) {
            templates.push(template);
        }
    }
    let mut files = BTreeSet::new();
    for (_, file) in templates.iter().filter_map(|template| template.page(lang)) {
        if !files.insert(file.clone()) {
            return Err(Failure::usage(tr!(
                "two templates would write `{file}`: rename one",
                "两个模板都会写入 `{file}`：请改名其中之一"
            )));
        }
    }
    Ok(Job {
        engine: OnceLock::new(),
        bounded: bounded(own, lang)?,
        templates,
        choice: args.choice.choice()?,
        given: args.choice.given(),
        archive: Archive::default(),
        method,
        params,
        lang,
        charts: !args.no_charts,
        seed: args.seed,
        watch: None,
    })
}

/// What renders where any template is the user's. One that does not parse is found here, before any work is done.
fn bounded(own: Vec<(String, String)>, lang: Lang) -> Result<Option<bounded::Bounded>, Failure> {
    if own.is_empty() {
        return Ok(None);
    }
    Engine::new(&own, lang).map_err(|error| template_failure(&error))?;
    Ok(Some(bounded::Bounded::new(own)))
}

fn template(name: &str, own: &mut Vec<(String, String)>) -> Result<Template, Failure> {
    if let Some(template) = Template::built_in(name) {
        return Ok(template);
    }
    let path = Path::new(name);
    if !path.is_file() {
        let known = "report, adr, comparison, index, radar";
        return Err(Failure::usage(tr!(
            "`{name}` is neither a template ({known}) nor a file",
            "`{name}` 既不是模板（{known}），也不是文件"
        )));
    }
    let text = bounded::read(path)?;
    own.push((name.to_owned(), text));
    let stem = path
        .file_stem()
        .and_then(|s| s.to_str())
        .unwrap_or("report")
        .to_owned();
    let ending = path
        .extension()
        .and_then(|s| s.to_str())
        .filter(|e| !matches!(*e, "tera" | "j2"))
        .unwrap_or("md")
        .to_owned();
    // `page.html.tera` makes `page.html`.
    let file = if path.extension().is_some_and(|e| e == "tera" || e == "j2") {
        stem
    } else {
        format!("{stem}.{ending}")
    };
    Ok(Template::Own {
        name: name.to_owned(),
        file,
    })
}

/// A template's error with its line, for people.
pub(super) fn template_failure(error: &TemplateError) -> Failure {
    let TemplateError {
        file,
        line,
        column,
        message,
        excerpt,
    } = error;
    let place = if *line > 0 {
        format!("{file}:{line}:{column}")
    } else {
        file.clone()
    };
    let shown = if excerpt.is_empty() {
        String::new()
    } else {
        format!("\n  {line} | {excerpt}")
    };
    Failure::failed(tr!(
        "template {place}: {message}{shown}",
        "模板 {place}：{message}{shown}"
    ))
}

/// A file, standard input, or a folder with a decision in it.
fn is_decision(path: &Path) -> bool {
    let ending = path
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    if path.is_dir() {
        return path.join("decision.yaml").is_file();
    }
    // What a shell puts for `examples/*` has the README among it; a path that is not there is told so.
    path.as_os_str() == "-" || !path.exists() || matches!(ending, "yaml" | "yml" | "csv" | "")
}

/// A bar on a terminal, for more than one decision.
fn progress(count: usize) -> ProgressBar {
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

/// Two decisions of one id go into two folders, the later one with a number.
fn apart(folder: String, taken: &mut BTreeMap<String, usize>) -> String {
    let count = taken.entry(folder.clone()).or_insert(0);
    *count += 1;
    if *count > 1 {
        format!("{folder}-{count}")
    } else {
        folder
    }
}

/// What is written once for all decisions: index, radar, decision records.
fn whole(
    job: &Job<'_>,
    done: &mut [Done],
    broken: &[BrokenRow],
    writer: &Writer,
    args: &ReportArgs,
) -> Result<(), Failure> {
    let suffix = job::suffix(job.lang);
    if job.templates.contains(&Template::Index) {
        let row = |one: &Done| {
            let report = format!("{}/report{suffix}.md", one.folder);
            // A link leads to what this run writes or another has written.
            let is_there = job.templates.contains(&Template::Report)
                || writer.folder().join(&report).is_file();
            IndexRow {
                link: if is_there { report } else { String::new() },
                ..one.row.clone()
            }
        };
        let rows: Vec<IndexRow> = done.iter().map(row).collect();
        let view = IndexView {
            lang: crate::view::report::word(job.lang),
            version: env!("CARGO_PKG_VERSION"),
            decisions: rows,
            broken: broken.to_vec(),
        };
        writer.write(
            Path::new(&format!("index{suffix}.md")),
            &job.page("index.md", &view)?,
        )?;
    }
    if job.templates.contains(&Template::Radar) {
        let blips = radar::merge(
            done.iter_mut()
                .flat_map(|one| std::mem::take(&mut one.blips)),
        );
        let date = done
            .iter()
            .map(|one| one.date.as_str())
            .max()
            .unwrap_or_default();
        writer.write(Path::new("radar.csv"), &radar::csv(&blips))?;
        writer.write(Path::new("radar.json"), &radar::json(&blips))?;
        writer.write(
            Path::new("radar-zalando.json"),
            &radar::zalando(&blips, date),
        )?;
    }
    if job.templates.contains(&Template::Adr) {
        records::write(job, done, writer, args.supersedes.as_deref())?;
    }
    Ok(())
}

fn summary(
    done: &[Done],
    broken: &[BrokenRow],
    skipped: usize,
    writer: &Writer,
    output: &mut Output,
) -> Result<(), Failure> {
    let (n, failed) = (done.len(), broken.len());
    let (written, kept) = writer.counts();
    let out = writer.folder().display();
    let mut said = tr!(
        "{n} reported into {out}: {written} files written, {kept} unchanged",
        "已报告 {n} 个决策至 {out}：写入 {written} 个文件，{kept} 个未变"
    );
    if failed > 0 {
        said.push(&tr!("; {failed} broken", "；{failed} 个有错误"));
    }
    if skipped > 0 {
        said.push(&tr!("; {skipped} skipped", "；{skipped} 个跳过"));
    }
    output.print(&said)
}
