//! Reports of many decisions: made in parallel, written in the order of the command line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::job::{DecisionReport, ReportJob, ReportOutcome};
use super::template::{ReportTemplate, file_suffix};
use super::{BrokenRow, FolderWriter, ReportError, index, radar, records};
use crate::lang::Text;
use crate::tr;

/// Decisions rendered per part. The texts of two parts are in memory at once.
const PART: usize = 32;

/// The result of a batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchSummary {
    /// Decisions that were reported.
    pub reported: usize,
    /// Decisions with errors.
    pub broken: usize,
    /// Files that were left as they are, because people edited what would be replaced.
    pub kept: usize,
}

/// Observes the progress of a batch.
pub trait BatchProgress: Sync {
    /// One more decision has been read and rendered, on any thread.
    fn step(&self);
    /// A decision has errors, or files were left as they are; `messages` are ready to print. Called in the order of the decisions.
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
    let (refusals, notes) = write_common_files(job, &mut done, &broken, writer, supersedes)?;
    let lang = job.options.lang;
    let notes = notes.iter().map(|note| tr!("note: {note}", "注意：{note}"));
    let messages = refusals.iter().cloned().chain(notes);
    let messages: Vec<String> = messages.map(|text| text.get(lang).to_owned()).collect();
    progress.broken(&messages);
    Ok(BatchSummary {
        reported: done.len(),
        broken: broken.len(),
        kept: refusals.len(),
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

/// Writes the files about all decisions: index, radar, decision records. Returns why some were left as they are, and notes.
fn write_common_files(
    job: &ReportJob<'_>,
    done: &mut [DecisionReport],
    broken: &[BrokenRow],
    writer: &FolderWriter,
    supersedes: Option<&str>,
) -> Result<(Vec<Text>, Vec<Text>), ReportError> {
    let (mut refusals, mut notes) = (Vec::new(), Vec::new());
    if job.has_template(&ReportTemplate::Index) {
        collect(index::write(job, done, broken, writer), &mut refusals)?;
    }
    if job.has_template(&ReportTemplate::Radar) {
        let blips: Vec<radar::Blip> = done.iter().flat_map(|one| one.blips.clone()).collect();
        let decisions = done.iter().map(|one| one.row.id.as_str()).collect();
        let dates = done.iter().map(|one| one.date.as_str());
        let date = dates.max().unwrap_or_default();
        let suffix = file_suffix(job.options.lang);
        let kept = radar::write(writer, suffix, &blips, &decisions, date);
        notes.extend(collect(kept, &mut refusals)?.unwrap_or_default());
    }
    if job.has_template(&ReportTemplate::Adr) {
        refusals.extend(records::write(job, done, writer, supersedes)?);
    }
    Ok((refusals, notes))
}

/// Returns a result, or puts the reason why a file was left as it is among the refusals.
fn collect<T>(
    result: Result<T, ReportError>,
    refusals: &mut Vec<Text>,
) -> Result<Option<T>, ReportError> {
    match result {
        Err(ReportError::Kept(why)) => {
            refusals.push(why);
            Ok(None)
        }
        result => result.map(Some),
    }
}
