//! Writes architecture decision records, numbered and named as the folder's other records are.
//!
//! Generated text lies between markers (see [`super::marked`]): what people wrote around it is kept. A record whose outcome people
//! have settled is not rewritten with another outcome; a new record supersedes it.

use std::path::Path;

use serde::Serialize;

use super::adr::{self, Folder, Habit};
use super::job::{DecisionReport, ReportJob};
use super::marked::{self, MarkedBlock};
use super::{FolderWriter, ReportError};
use crate::lang::{Lang, Text};
use crate::model::outcome::OutcomeStatus;
use crate::tr;
use crate::view::report::ReportView;

/// The variables that only the `adr` template has.
#[derive(Serialize)]
struct AdrVariables {
    habit: &'static str,
    ordinal: Option<u64>,
    status: String,
    date: String,
    deciders: String,
    consulted: String,
    recheck: String,
    mark: String,
    /// The verdict as JSON, which is YAML too.
    verdict: String,
    supersedes: Option<SupersededRecord>,
}

#[derive(Serialize)]
struct SupersededRecord {
    reference: String,
    /// Empty if what it supersedes is not a record of this folder.
    file: String,
}

#[derive(Serialize)]
struct RecordTemplate<'v> {
    #[serde(flatten)]
    view: &'v ReportView,
    adr: AdrVariables,
}

/// Writes the records and returns why some were left as they are.
pub(super) fn write(
    job: &ReportJob<'_>,
    done: &mut [DecisionReport],
    writer: &FolderWriter,
    supersedes: Option<&str>,
) -> Result<Vec<Text>, ReportError> {
    let mut folder = Folder::new(records(writer.folder()));
    let mut refusals = Vec::new();
    for one in done {
        let Some(view) = one.view.take() else {
            continue;
        };
        let target = Target::find(&folder, &view, &one.slug, job.options.lang, supersedes)?;
        match compose(job, &folder, writer.folder(), &view, target) {
            Ok(files) => {
                for (file, text) in files {
                    writer.write(Path::new(&file), &text)?;
                    folder.put(&file, &text);
                }
            }
            Err(ReportError::Kept(why)) => refusals.push(why),
            Err(error) => return Err(error),
        }
    }
    Ok(refusals)
}

/// Returns the names and texts of a record and of the one it supersedes: both are written or neither.
fn compose(
    job: &ReportJob<'_>,
    folder: &Folder,
    place: &Path,
    view: &ReportView,
    target: Target,
) -> Result<Vec<(String, String)>, ReportError> {
    let path = place.join(&target.name);
    let outcome = RecordedOutcome::of(view);
    let old = existing_text(&path)?;
    let refusal = old
        .as_deref()
        .and_then(RecordedOutcome::in_record)
        .and_then(|recorded| recorded.refuse(&outcome, &target.name, &path));
    if let Some(refusal) = refusal {
        return Err(ReportError::Kept(refusal));
    }
    let adr = variables(view, &target, folder.habit());
    let page = job.render("adr.md", &RecordTemplate { adr, view })?;
    let sealed = marked::seal(
        &page,
        &[
            ("decision", view.decision.clone()),
            ("status", outcome.status.word().to_owned()),
            ("chosen", outcome.chosen.clone().unwrap_or_default()),
            ("supersedes", target.link.clone().unwrap_or_default()),
        ],
    );
    let text = match old {
        Some(old) => marked::merge(&old, &sealed)
            .map_err(|fault| ReportError::Kept(fault.text(&path.display().to_string())))?,
        None => sealed,
    };
    let replaced = target.replaced(folder, place, &view.title)?;
    Ok(std::iter::once((target.name, text))
        .chain(replaced)
        .collect())
}

/// The file of a record, and the older record that it supersedes.
struct Target {
    name: String,
    /// The record to mark as superseded.
    older: Option<String>,
    /// What the record says it supersedes: a file of the folder, or words.
    link: Option<String>,
}

impl Target {
    fn find(
        folder: &Folder,
        view: &ReportView,
        slug: &str,
        lang: Lang,
        supersedes: Option<&str>,
    ) -> Result<Self, ReportError> {
        let own = folder.own(&view.decision, lang);
        let stated = view.outcome.as_ref().and_then(|o| o.supersedes.as_deref());
        let found = |wanted: &str| {
            folder
                .find(wanted, lang)
                .or_else(|| folder.own(wanted, lang).filter(|_| wanted != view.decision))
                .map(str::to_owned)
        };
        let older = match (supersedes, stated) {
            (Some(wanted), _) => Some(found(wanted).ok_or_else(|| {
                ReportError::Usage(tr!(
                    "there is no decision record `{wanted}` to supersede",
                    "没有可取代的决策记录 `{wanted}`"
                ))
            })?),
            // A record that is already marked stays as it is.
            (None, Some(wanted)) => found(wanted).filter(|file| {
                folder
                    .text(file)
                    .is_some_and(|text| !adr::is_superseded(text))
            }),
            (None, None) => None,
        };
        let name = match own {
            Some(own) if older.as_deref() != Some(own) => own.to_owned(),
            _ => folder.next(&view.decision, slug, &view.date, lang, older.as_deref()),
        };
        let before = || {
            let blocks = marked::blocks(folder.text(&name)?).ok()?;
            let mut links = blocks.iter().filter_map(|b| b.attribute("supersedes"));
            links.next().map(str::to_owned)
        };
        let link = older
            .clone()
            .or_else(before)
            .or_else(|| stated.map(|wanted| found(wanted).unwrap_or_else(|| wanted.to_owned())));
        Ok(Self { name, older, link })
    }

    /// Returns the older record with its new status.
    fn replaced(
        &self,
        folder: &Folder,
        place: &Path,
        title: &str,
    ) -> Result<Option<(String, String)>, ReportError> {
        let Some(file) = &self.older else {
            return Ok(None);
        };
        let old = existing_text(&place.join(file))?.unwrap_or_default();
        let new = adr::superseded(&old, &self.name, title, folder.habit());
        let new = new.ok_or_else(|| {
            ReportError::Usage(tr!(
                "{file} has no status that could be superseded",
                "{file} 中没有可标为被取代的状态"
            ))
        })?;
        Ok(Some((file.clone(), new)))
    }
}

/// What a record says was decided.
struct RecordedOutcome {
    status: OutcomeStatus,
    chosen: Option<String>,
}

impl RecordedOutcome {
    /// The outcome of the decision file; proposed if it states none.
    fn of(view: &ReportView) -> Self {
        let outcome = view.outcome.as_ref();
        Self {
            status: outcome
                .and_then(|o| OutcomeStatus::of_word(o.status))
                .unwrap_or_default(),
            chosen: outcome.and_then(|o| o.chosen.clone()),
        }
    }

    /// The outcome in the markers of a record.
    fn in_record(text: &str) -> Option<Self> {
        let blocks = marked::blocks(text).ok()?;
        let attribute = |key: &str| {
            blocks
                .iter()
                .find_map(|block: &MarkedBlock| block.attribute(key))
        };
        Some(Self {
            status: OutcomeStatus::of_word(attribute("status")?)?,
            chosen: attribute("chosen").map(str::to_owned),
        })
    }

    /// Returns why a record with this outcome is not rewritten with another; `None` where it may be. What was proposed may become
    /// anything, and what was accepted may be deprecated or superseded.
    fn refuse(&self, new: &Self, name: &str, path: &Path) -> Option<Text> {
        let ends = matches!(
            new.status,
            OutcomeStatus::Deprecated | OutcomeStatus::Superseded
        );
        let is_same = self.chosen == new.chosen && (self.status == new.status || ends);
        if self.status == OutcomeStatus::Proposed || is_same {
            return None;
        }
        let shown = path.display();
        let number = adr::ordinal(name).map_or_else(|| name.to_owned(), |n| n.to_string());
        let say = |outcome: &Self| outcome.status.of_choice(outcome.chosen.as_deref());
        let (was, is) = (say(self), say(new));
        Some(tr!(
            "{shown} records another outcome: {was}; the decision file now says: {is}. A settled record is not rewritten. Run the command \
             again with `--supersedes {number}`: a new record is written, and this one is marked as superseded",
            "{shown} 记录的是另一结论：{was}；决策文件现为：{is}。已有定论的记录不会被改写。请加上 `--supersedes {number}` \
             重新运行：将写出新记录，并把该记录标为已被取代"
        ))
    }
}

fn variables(view: &ReportView, target: &Target, habit: Habit) -> AdrVariables {
    let outcome = view.outcome.as_ref();
    let status = outcome.map_or("proposed", |o| o.status);
    let separator = if view.lang == "zh" { "、" } else { ", " };
    let consulted: Vec<&str> = view.stakeholders.iter().map(|s| s.title.as_str()).collect();
    AdrVariables {
        habit: habit.word(),
        ordinal: adr::ordinal(&target.name),
        status: if habit == Habit::AdrTools {
            status[..1].to_uppercase() + &status[1..]
        } else {
            status.to_owned()
        },
        date: outcome
            .and_then(|o| o.on.clone())
            .unwrap_or_else(|| view.date.clone()),
        deciders: outcome.map_or_else(String::new, |o| o.by.join(separator)),
        consulted: consulted.join(separator),
        recheck: view
            .method
            .command
            .replacen("weigh rank", "weigh recheck", 1)
            .split(" --")
            .next()
            .unwrap_or_default()
            .to_owned(),
        mark: adr::mark(&view.decision),
        verdict: view.answer.verdict_json.clone(),
        supersedes: target.link.as_ref().map(|link| {
            let is_record = link.ends_with(".md");
            SupersededRecord {
                reference: if is_record {
                    adr::reference(link)
                } else {
                    link.clone()
                },
                file: if is_record {
                    link.clone()
                } else {
                    String::new()
                },
            }
        }),
    }
}

/// The text of a file that is to be written again; `None` if it is not there, and an error if it cannot be read: what cannot be
/// read must not be replaced.
pub(super) fn existing_text(path: &Path) -> Result<Option<String>, ReportError> {
    let shown = path.display();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(ReportError::Kept(tr!(
                "{shown} cannot be read, so it was left as it is: {error}. Make it readable, or move it away, and run the command again",
                "无法读取 {shown}，因此保持原样：{error}。请使其可读，或移走后重新运行"
            )));
        }
    };
    String::from_utf8(bytes).map(Some).map_err(|_| {
        ReportError::Kept(tr!(
            "{shown} is not UTF-8 text, so it was left as it is. Save it as UTF-8, or move it away, and run the command again",
            "{shown} 不是 UTF-8 文本，因此保持原样。请将其存为 UTF-8，或移走后重新运行"
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
        // A file in another encoding still takes its number.
        let bytes = std::fs::read(entry.path()).ok()?;
        Some((name, String::from_utf8_lossy(&bytes).into_owned()))
    };
    entries.flatten().filter_map(text).collect()
}
