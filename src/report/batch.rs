//! Reports of many decisions: made in parallel, written in the order of the command line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::job::{DecisionReport, ReportJob, ReportOutcome};
use super::template::{ReportTemplate, file_suffix};
use super::{BrokenRow, FolderWriter, IndexRow, IndexView, ReportError, radar, records};
use crate::view;

/// Decisions rendered per part. The texts of two parts are in memory at once.
const PART: usize = 32;

/// The result of a batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchSummary {
    /// Decisions that were reported.
    pub reported: usize,
    /// Decisions with errors.
    pub broken: usize,
}

/// Observes the progress of a batch.
pub trait BatchProgress: Sync {
    /// One more decision has been read and rendered, on any thread.
    fn step(&self);
    /// A decision has errors; `messages` are ready to print. Called in the order of the decisions.
    fn broken(&self, messages: &[String]);
}

/// Reports on all decisions. One with errors does not stop the others.
///
/// # Errors
/// If a file cannot be written, a template fails for all decisions at once, or `supersedes` names no decision record.
pub fn write_batch(
    job: &ReportJob<'_>,
    paths: &[&PathBuf],
    writer: &FolderWriter,
    supersedes: Option<&str>,
    progress: &dyn BatchProgress,
) -> Result<BatchSummary, ReportError> {
    let (mut done, mut broken) = (Vec::new(), Vec::new());
    let mut folders = BTreeMap::new();
    let report = |path: &&PathBuf| {
        let outcome = job.run(path);
        progress.step();
        outcome
    };
    let mut write_part =
        |part: &[&PathBuf], outcomes: Vec<ReportOutcome>| -> Result<(), ReportError> {
            for (outcome, path) in outcomes.into_iter().zip(part) {
                match outcome {
                    ReportOutcome::Done(mut report) => {
                        report.folder = unique_folder(report.folder, &mut folders);
                        for (name, text) in std::mem::take(&mut report.files) {
                            writer.write(&Path::new(&report.folder).join(name), &text)?;
                        }
                        done.push(*report);
                    }
                    ReportOutcome::Broken { messages, first } => {
                        progress.broken(&messages);
                        broken.push(BrokenRow {
                            path: path.display().to_string(),
                            message: first,
                        });
                    }
                }
            }
            Ok(())
        };
    // In parts, to limit memory; one part is written while the next is rendered.
    let (mut before, mut ready): (&[&PathBuf], Vec<ReportOutcome>) = (&[], Vec::new());
    for part in paths.chunks(PART).chain([&[][..]]) {
        let mut made = Vec::new();
        rayon::in_place_scope(|scope| {
            // Templates are needed last, and parsed while the first decision is read.
            scope.spawn(|_| job.parse_templates());
            scope.spawn(|_| made = part.par_iter().map(report).collect());
            write_part(before, std::mem::take(&mut ready))
        })?;
        (before, ready) = (part, made);
    }
    write_common_files(job, &mut done, &broken, writer, supersedes)?;
    Ok(BatchSummary {
        reported: done.len(),
        broken: broken.len(),
    })
}

/// Returns `folder`, with a number where an earlier decision has taken it.
fn unique_folder(folder: String, taken: &mut BTreeMap<String, usize>) -> String {
    let count = taken.entry(folder.clone()).or_insert(0);
    *count += 1;
    if *count > 1 {
        format!("{folder}-{count}")
    } else {
        folder
    }
}

/// Writes the files about all decisions: index, radar, decision records.
fn write_common_files(
    job: &ReportJob<'_>,
    done: &mut [DecisionReport],
    broken: &[BrokenRow],
    writer: &FolderWriter,
    supersedes: Option<&str>,
) -> Result<(), ReportError> {
    let suffix = file_suffix(job.options.lang);
    if job.has_template(&ReportTemplate::Index) {
        let row = |one: &DecisionReport| {
            let report = format!("{}/report{suffix}.md", one.folder);
            // Link to a report only where this run or an earlier one wrote it.
            let is_there = job.has_template(&ReportTemplate::Report)
                || writer.folder().join(&report).is_file();
            IndexRow {
                link: if is_there { report } else { String::new() },
                ..one.row.clone()
            }
        };
        let view = IndexView {
            lang: view::report::word(job.options.lang),
            version: env!("CARGO_PKG_VERSION"),
            decisions: done.iter().map(row).collect(),
            broken: broken.to_vec(),
        };
        writer.write(
            Path::new(&format!("index{suffix}.md")),
            &job.render("index.md", &view)?,
        )?;
    }
    if job.has_template(&ReportTemplate::Radar) {
        let blips = radar::merge(
            done.iter_mut()
                .flat_map(|one| std::mem::take(&mut one.blips)),
        );
        let dates = done.iter().map(|one| one.date.as_str());
        let date = dates.max().unwrap_or_default();
        writer.write(Path::new("radar.csv"), &radar::csv(&blips))?;
        writer.write(Path::new("radar.json"), &radar::json(&blips))?;
        writer.write(
            Path::new("radar-zalando.json"),
            &radar::zalando(&blips, date),
        )?;
    }
    if job.has_template(&ReportTemplate::Adr) {
        records::write(job, done, writer, supersedes)?;
    }
    Ok(())
}
