//! `weigh catalog`: lists the catalogs' candidates, checks their facts and refreshes them.

mod check;
mod list;
#[cfg(feature = "refresh")]
mod refresh;
mod show;

pub(super) use check::CheckedView;
#[cfg(feature = "refresh")]
pub(super) use refresh::RefreshView;

use std::path::{Path, PathBuf};

use super::args::catalog::{CatalogArgs, CatalogCommand, ShelfArgs};
use super::args::date_or_today;
use super::output::Output;
use super::{Exit, Failure};
use crate::load::{self, Choice, EvidenceChoice, LoadedCatalog};
use crate::model::catalog::CatalogEntry;
use crate::source::did_you_mean_clause;
use crate::tr;

pub(super) fn run(args: &CatalogArgs, output: &mut Output) -> Result<Exit, Failure> {
    match &args.command {
        CatalogCommand::List(args) => list::run(args, output),
        CatalogCommand::Show(args) => show::run(args, output),
        CatalogCommand::Check(args) => check::run(args, output),
        #[cfg(feature = "refresh")]
        CatalogCommand::Refresh(args) => refresh::run(args, output),
    }
}

/// Reads the catalogs of the folder given, or of the current one.
fn open_catalogs(args: &ShelfArgs) -> Result<LoadedCatalog, Failure> {
    let folder = match &args.catalogs {
        None => PathBuf::from("."),
        Some(folder) if folder.is_dir() => {
            // Both the project and its catalogs/ may be named.
            let parent = folder.parent().filter(|_| folder.ends_with("catalogs"));
            parent.map_or_else(|| folder.clone(), Path::to_owned)
        }
        Some(folder) => {
            let shown = folder.display();
            return Err(Failure::environment(tr!(
                "there is no folder `{shown}`",
                "没有目录 `{shown}`"
            )));
        }
    };
    let mut choice = Choice::plain(date_or_today(None)?);
    choice.as_of = args
        .as_of
        .as_deref()
        .map(|typed| date_or_today(Some(typed)))
        .transpose()?;
    choice.evidence = match args.evidence.as_deref() {
        None => EvidenceChoice::Nearest,
        Some("repo") => EvidenceChoice::Repository,
        Some(path) => EvidenceChoice::Path(path.into()),
    };
    let loaded = load::catalog(&folder, &choice);
    if let Some(domain) = &args.domain
        && !loaded
            .catalog
            .entries
            .iter()
            .any(|entry| entry.domain == *domain)
    {
        let mut known: Vec<&str> = loaded
            .catalog
            .entries
            .iter()
            .map(|entry| entry.domain.as_str())
            .collect();
        known.dedup();
        let list = known.join(", ");
        return Err(Failure::usage(tr!(
            "there is no domain `{domain}`; there are: {list}",
            "没有领域 `{domain}`；现有：{list}"
        )));
    }
    Ok(loaded)
}

/// Returns the candidates of the chosen domain.
fn entries_of_domain<'a>(
    loaded: &'a LoadedCatalog,
    args: &ShelfArgs,
) -> impl Iterator<Item = &'a CatalogEntry> {
    let domain = args.domain.clone();
    loaded
        .catalog
        .entries
        .iter()
        .filter(move |entry| domain.as_ref().is_none_or(|d| entry.domain == *d))
}

/// Finds a candidate by its id, or suggests a similar one.
fn find_entry<'a>(loaded: &'a LoadedCatalog, id: &str) -> Result<&'a CatalogEntry, Failure> {
    let entries = &loaded.catalog.entries;
    entries
        .iter()
        .find(|entry| entry.candidate.id == id)
        .ok_or_else(|| {
            let known = entries.iter().map(|entry| entry.candidate.id.as_str());
            let hint = did_you_mean_clause(id, known);
            Failure::usage(tr!(
                "there is no candidate `{id}`{hint}",
                "没有名为 `{id}` 的候选{hint}"
            ))
        })
}
