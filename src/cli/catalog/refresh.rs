//! `weigh catalog refresh`: shows what registries, support data and repositories report now, as a diff; `--write` applies it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use similar::TextDiff;

use super::super::args::catalog::CatalogRefreshArgs;
use super::super::args::{TableOrJson, date_or_today};
use super::super::output::Output;
use super::super::{Exit, Failure};
use crate::edit;
use crate::load::LoadedCatalog;
use crate::model::catalog::CatalogEntry;
use crate::refresh::proposal::{self, FactUpdate};
use crate::refresh::{
    self, Base, Client, ClientSettings, Findings, SOURCES, SourceAnswers, SourceQuery,
};
use crate::source::SourceId;
use crate::tr;

/// The JSON of `weigh catalog refresh`.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(in crate::cli) struct RefreshView {
    /// Whether all changes were written.
    written: bool,
    /// Number of requests to sources.
    asked: usize,
    changes: Vec<FactUpdateView>,
    failures: Vec<FailureView>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FactUpdateView {
    candidate: String,
    fact: String,
    old: Option<String>,
    new: String,
    source: String,
    as_of: String,
    expires: Option<String>,
    file: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FailureView {
    candidate: String,
    source: String,
    reason: String,
}

/// A file whose text would change.
struct Edited {
    name: String,
    path: Option<PathBuf>,
    old: String,
    new: String,
}

pub(super) fn run(args: &CatalogRefreshArgs, output: &mut Output) -> Result<Exit, Failure> {
    let loaded = super::open_catalogs(&args.shelf)?;
    if loaded.diagnostics.has_errors() {
        return Err(Failure::files(loaded.diagnostics, loaded.sources));
    }
    output.print_diagnostics(&loaded.diagnostics, &loaded.sources);
    let entries = selected_entries(&loaded, args)?;
    let questions = collect_questions(&loaded, &entries, args)?;
    let bases = source_bases(&questions, args)?;
    let client = Client::new(Duration::from_secs(args.timeout), args.retries);
    let answers = refresh::query_sources(
        questions,
        &bases,
        &client,
        date_or_today(args.shelf.as_of.as_deref())?,
    );

    let mut view = RefreshView {
        asked: answers.len(),
        ..RefreshView::default()
    };
    for (question, answer) in &answers {
        if let Err(error) = answer {
            let reason = output.localize(error.text());
            view.failures.push(FailureView {
                candidate: question.candidate.clone(),
                source: question.source.clone(),
                reason,
            });
        }
    }
    let mut edited: Vec<Edited> = Vec::new();
    for (source, changes) in changes_by_file(&loaded, &entries, &answers) {
        let name = loaded.sources.get(source).name().to_owned();
        let old = loaded.sources.get(source).text().to_string();
        let mut new = old.clone();
        // From last to first, so that earlier offsets stay valid.
        for (entry, change) in changes.into_iter().rev() {
            match edit::fact::set_fields(&new, change.span.start as usize, &fact_fields(&change)) {
                Some(text) => new = text,
                None => {
                    let said = {
                        let fact = &change.fact;
                        tr!(
                            "`{fact}` is written in a form that is not patched",
                            "`{fact}` 的写法无法就地修改"
                        )
                    };
                    let (candidate, reason) = (entry.candidate.id.clone(), output.localize(&said));
                    view.failures.push(FailureView {
                        candidate,
                        source: change.source.clone(),
                        reason,
                    });
                    continue;
                }
            }
            view.changes.push(change_view(entry, change, &name));
        }
        if new != old {
            edited.push(Edited {
                path: loaded.file(first_entry_of_file(&loaded, source)),
                name,
                old,
                new,
            });
        }
    }
    view.changes
        .sort_by(|a, b| (&a.candidate, &a.fact).cmp(&(&b.candidate, &b.fact)));
    if args.write {
        view.written = write_files(&edited, &mut view.failures, output);
    }
    print_refresh(&view, &edited, args, output)?;
    Ok(if view.failures.is_empty() {
        Exit::Fine
    } else {
        Exit::Environment
    })
}

/// Returns the candidates named on the command line, or all of the chosen domain.
fn selected_entries<'a>(
    loaded: &'a LoadedCatalog,
    args: &CatalogRefreshArgs,
) -> Result<Vec<&'a CatalogEntry>, Failure> {
    if args.ids.is_empty() {
        return Ok(super::entries_of_domain(loaded, &args.shelf).collect());
    }
    args.ids
        .iter()
        .map(|id| super::find_entry(loaded, id))
        .collect()
}

/// Lists the questions that the catalogs' `refresh:` entries declare.
fn collect_questions(
    loaded: &LoadedCatalog,
    entries: &[&CatalogEntry],
    args: &CatalogRefreshArgs,
) -> Result<Vec<SourceQuery>, Failure> {
    for id in &args.source {
        check_source_id(id)?;
    }
    let typed: BTreeSet<&str> = args
        .base
        .iter()
        .filter_map(|b| b.split_once('='))
        .map(|(id, _)| id)
        .collect();
    let mut all = Vec::new();
    for entry in entries {
        let Some(doc) = loaded.docs.get(&entry.candidate.id) else {
            continue;
        };
        for (source, name) in &doc.refresh {
            let id = source.value.as_str();
            // These sources have no default address: they are queried only if `--base` names one.
            let offered = !["git", "scorecard", "deps"].contains(&id) || typed.contains(id);
            if offered && (args.source.is_empty() || args.source.iter().any(|s| s == id)) {
                let (candidate, source) = (entry.candidate.id.clone(), source.value.clone());
                all.push(SourceQuery {
                    candidate,
                    source,
                    name: name.value.clone(),
                });
            }
        }
    }
    Ok(all)
}

fn check_source_id(id: &str) -> Result<(), Failure> {
    if refresh::find_source(id).is_some() {
        return Ok(());
    }
    let list = SOURCES.iter().map(|s| s.id).collect::<Vec<_>>().join(", ");
    Err(Failure::usage(tr!(
        "there is no source `{id}`; there are: {list}",
        "没有名为 `{id}` 的来源；现有：{list}"
    )))
}

/// Returns the base address of each source: from `--base`, else from the configuration of the user's package clients.
fn source_bases(
    questions: &[SourceQuery],
    args: &CatalogRefreshArgs,
) -> Result<BTreeMap<String, Base>, Failure> {
    let mut bases = BTreeMap::new();
    for typed in &args.base {
        match refresh::parse_typed(typed) {
            Ok((id, base)) => drop(bases.insert(id.to_owned(), base)),
            Err(word) => {
                check_source_id(&word)?;
                return Err(Failure::usage(tr!(
                    "--base takes SOURCE=URL or SOURCE=DIR, not `{typed}`",
                    "--base 需要 来源=URL 或 来源=目录，而不是 `{typed}`"
                )));
            }
        }
    }
    let variable = |name: &str| std::env::var(name).ok();
    let home = std::env::var_os("HOME")
        .or_else(|| std::env::var_os("USERPROFILE"))
        .map(PathBuf::from)
        .unwrap_or_default();
    let here = std::env::current_dir().unwrap_or_default();
    let settings = ClientSettings {
        variable: &variable,
        here,
        home,
        ask_clients: true,
    };
    let wanted: BTreeSet<&str> = questions.iter().map(|q| q.source.as_str()).collect();
    for source in wanted.into_iter().filter_map(refresh::find_source) {
        if !bases.contains_key(source.id)
            && let Some(base) = settings.base(source)
        {
            bases.insert(source.id.to_owned(), base);
        }
    }
    Ok(bases)
}

/// Groups the changes by file, in the order of their positions.
fn changes_by_file<'a>(
    loaded: &LoadedCatalog,
    entries: &[&'a CatalogEntry],
    answers: &SourceAnswers,
) -> BTreeMap<SourceId, Vec<(&'a CatalogEntry, FactUpdate)>> {
    let mut files: BTreeMap<SourceId, Vec<(&CatalogEntry, FactUpdate)>> = BTreeMap::new();
    for entry in entries {
        let own = answers
            .iter()
            .filter(|(question, _)| question.candidate == entry.candidate.id);
        let findings: Vec<&Findings> = own.filter_map(|(_, answer)| answer.as_ref().ok()).collect();
        for change in proposal::propose_updates(
            &entry.candidate,
            &findings,
            &loaded.refresh,
            &loaded.catalog.library.measures,
        ) {
            files
                .entry(change.span.source)
                .or_default()
                .push((entry, change));
        }
    }
    for changes in files.values_mut() {
        changes.sort_by_key(|(_, change)| change.span.start);
    }
    files
}

fn first_entry_of_file(loaded: &LoadedCatalog, source: SourceId) -> &CatalogEntry {
    let mut entries = loaded.catalog.entries.iter();
    entries
        .find(|entry| entry.candidate.span.source == source)
        .expect("a change belongs to a candidate of this file")
}

fn fact_fields(change: &FactUpdate) -> Vec<(&'static str, String)> {
    let mut fields = vec![("value", change.new.yaml())];
    if change.says_kind {
        fields.push(("kind", "registry".to_owned()));
    }
    fields.push(("source", change.source.clone()));
    fields.push(("as_of", change.as_of.to_string()));
    fields.extend(change.expires.map(|day| ("expires", day.to_string())));
    fields
}

fn change_view(entry: &CatalogEntry, change: FactUpdate, file: &str) -> FactUpdateView {
    FactUpdateView {
        candidate: entry.candidate.id.clone(),
        new: proposal::display_value(&change.new),
        fact: change.fact,
        old: change.old,
        source: change.source,
        as_of: change.as_of.to_string(),
        expires: change.expires.map(|day| day.to_string()),
        file: file.to_owned(),
    }
}

/// Replaces each file, reports those that cannot be written, and returns whether all were.
fn write_files(edited: &[Edited], failures: &mut Vec<FailureView>, output: &Output) -> bool {
    let before = failures.len();
    for file in edited {
        let said = match &file.path {
            None => Some(tr!(
                "built in: copy the catalog's file into catalogs/ of your project first",
                "内置文件：请先将该目录文件复制到项目的 catalogs/ 下"
            )),
            // The file may have been saved while the sources were queried.
            Some(path)
                if std::fs::read_to_string(path)
                    .is_ok_and(|now| now.trim_start_matches('\u{feff}') != file.old) =>
            {
                Some(tr!(
                    "changed meanwhile: nothing was written",
                    "期间已被修改：未写入"
                ))
            }
            Some(path) => edit::write_file(path, &file.new)
                .err()
                .map(|error| error.text()),
        };
        if let Some(said) = said {
            let reason = output.localize(&said);
            failures.push(FailureView {
                candidate: file.name.clone(),
                source: "write".to_owned(),
                reason,
            });
        }
    }
    failures.len() == before
}

fn print_refresh(
    view: &RefreshView,
    edited: &[Edited],
    args: &CatalogRefreshArgs,
    output: &mut Output,
) -> Result<(), Failure> {
    if args.format == TableOrJson::Json {
        return output.print_json("catalog-refresh", view);
    }
    let color = output.style().color;
    for file in edited {
        let diff = TextDiff::from_lines(&file.old, &file.new);
        let diff = diff
            .unified_diff()
            .context_radius(1)
            .header(&format!("a/{}", file.name), &format!("b/{}", file.name))
            .to_string();
        for line in diff.lines() {
            output.print(if color {
                color_diff_line(line)
            } else {
                line.to_owned()
            })?;
        }
    }
    for failure in &view.failures {
        output.eprint(format_args!(
            "{} {}: {}",
            failure.candidate, failure.source, failure.reason
        ));
    }
    let of_value = view
        .changes
        .iter()
        .filter(|c| c.old.as_deref() != Some(c.new.as_str()))
        .count();
    let (asked, failed, changes, files) = (
        view.asked,
        view.failures.len(),
        view.changes.len(),
        edited.len(),
    );
    let said = tr!(
        "{asked} questions asked, {failed} failures; {changes} facts in {files} files, {of_value} with another value",
        "提出 {asked} 个询问，{failed} 个失败；{files} 个文件中 {changes} 项事实有改动，其中 {of_value} 项取值不同"
    );
    output.print(&said)?;
    let end = match (args.write, view.changes.is_empty()) {
        (_, true) => return Ok(()),
        (true, _) if view.written => tr!("written", "已写入"),
        (true, _) => tr!("not everything was written", "未能全部写入"),
        (false, _) => tr!(
            "nothing was written: --write does",
            "未写入：加 --write 以写入"
        ),
    };
    output.print(&end)
}

fn color_diff_line(line: &str) -> String {
    let color = match line.as_bytes().first() {
        Some(b'+') => 32,
        Some(b'-') => 31,
        Some(b'@') => 36,
        _ => return line.to_owned(),
    };
    format!("\u{1b}[{color}m{line}\u{1b}[0m")
}
