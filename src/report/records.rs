//! Writes architecture decision records, numbered and named as the folder's other records are.

use std::path::Path;

use serde::Serialize;

use super::adr::{self, Folder, Habit};
use super::job::{DecisionReport, ReportJob};
use super::{FolderWriter, ReportError};
use crate::lang::{Lang, Text};
use crate::tr;
use crate::view::report::ReportView;

/// The variables that only the `adr` template has.
#[derive(Serialize)]
struct AdrVariables {
    habit: &'static str,
    ordinal: Option<u64>,
    status: String,
    deciders: String,
    recheck: String,
    mark: String,
    supersedes: Option<SupersededRecord>,
}

#[derive(Serialize)]
struct SupersededRecord {
    reference: String,
    file: String,
}

#[derive(Serialize)]
struct RecordTemplate<'v> {
    #[serde(flatten)]
    view: &'v ReportView,
    adr: AdrVariables,
}

pub(super) fn write(
    job: &ReportJob<'_>,
    done: &mut [DecisionReport],
    writer: &FolderWriter,
    supersedes: Option<&str>,
) -> Result<(), ReportError> {
    let mut folder = Folder::new(records(writer.folder()));
    for one in done {
        let Some(view) = one.view.take() else {
            continue;
        };
        let habit = folder.habit();
        let older = supersedes
            .map(|wanted| older(&folder, wanted))
            .transpose()?;
        let mut name = folder.name(&view.decision, &view.title, &view.date);
        if older.as_deref() == Some(name.as_str()) {
            name = folder.next(&view.decision, &view.title, &view.date);
        }
        let people: Vec<&str> = view.stakeholders.iter().map(|s| s.title.as_str()).collect();
        let accepted = if habit == Habit::AdrTools {
            tr!("Accepted", "Accepted")
        } else {
            Text::name("accepted")
        };
        let proposed = if habit == Habit::AdrTools {
            tr!("Proposed", "Proposed")
        } else {
            Text::name("proposed")
        };
        let note = AdrVariables {
            habit: habit.word(),
            ordinal: adr::ordinal(&name),
            status: if view.answer.winner.is_some() {
                accepted
            } else {
                proposed
            }
            .get(Lang::En)
            .to_owned(),
            deciders: people.join(", "),
            recheck: view
                .method
                .command
                .replacen("weigh rank", "weigh recheck", 1)
                .split(" --")
                .next()
                .unwrap_or_default()
                .to_owned(),
            mark: adr::mark(&view.decision),
            supersedes: older.as_ref().map(|file| SupersededRecord {
                reference: adr::reference(file),
                file: file.clone(),
            }),
        };
        let page = job.render(
            "adr.md",
            &RecordTemplate {
                view: &view,
                adr: note,
            },
        )?;
        // All fallible steps are done, so either both the old and the new record are written or neither.
        let changed = older.map(|file| {
            let old = folder.text(&file).expect("the record was found there");
            let new = adr::superseded(old, &name, &view.title, habit);
            let none = || {
                ReportError::Usage(tr!(
                    "{file} has no status that could be superseded",
                    "{file} 中没有可标为被取代的状态"
                ))
            };
            new.ok_or_else(none).map(|new| (file.clone(), new))
        });
        for (file, text) in std::iter::once((name, page)).chain(changed.transpose()?) {
            writer.write(Path::new(&file), &text)?;
            folder.put(&file, &text);
        }
    }
    Ok(())
}

fn older(folder: &Folder, wanted: &str) -> Result<String, ReportError> {
    folder.find(wanted).map(str::to_owned).ok_or_else(|| {
        ReportError::Usage(tr!(
            "there is no decision record `{wanted}` to supersede",
            "没有可取代的决策记录 `{wanted}`"
        ))
    })
}

/// The Markdown files of a folder; none if it is not there yet.
fn records(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let text = |entry: std::fs::DirEntry| {
        let name = entry
            .file_name()
            .into_string()
            .ok()
            .filter(|n| n.ends_with(".md"))?;
        Some((name, std::fs::read_to_string(entry.path()).ok()?))
    };
    entries.flatten().filter_map(text).collect()
}
