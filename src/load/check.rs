//! `weigh check`: reads everything that paths reach, whatever kind of file it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::Archive;
use super::catalog::{self, Shelf};
use super::choice::Choice;
use super::decision::criteria_files;
use super::document;
use super::fact::FactReader;
use super::files::{self, Layers, Place};
use super::library::LibraryBuilder;
use super::{matrix, yaml};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::decision::Decision;
use crate::model::evidence::Provenance;
use crate::model::library::Library;
use crate::schema::catalog::CatalogDoc;
use crate::schema::criteria::CriteriaDoc;
use crate::schema::evidence::EvidenceDoc;
use crate::schema::node::{Node, Value};
use crate::schema::{FileKind, Spanned};
use crate::source::{SourceId, Sources};
use crate::tr;

/// What `check` read.
#[derive(Debug, Default)]
pub struct Checked {
    /// Every decision among the files, to be compiled for what only its graph can tell; with errors in the sink it must not be
    /// evaluated.
    pub decisions: Vec<Decision>,
    /// The yardsticks of the criteria files among them, whose formulas no decision may use yet.
    pub libraries: Vec<Library>,
    /// How many files were read.
    pub files: usize,
}

/// Reads every file that the paths reach; folders are walked.
pub fn check(
    paths: &[PathBuf],
    choice: &Choice,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Checked {
    let mut checked = Checked::default();
    let mut reach = Reach::default();
    for path in paths {
        if path.is_dir() {
            let files = files::walk_with_tables(path);
            if files.is_empty() {
                let shown = files::shown(path);
                let message = tr!(
                    "no YAML or CSV file in `{shown}`",
                    "`{shown}` 中没有 YAML 或 CSV 文件"
                );
                sink.push(Diagnostic::about_file(Code::Unreadable, shown, message));
            }
            for file in files {
                one(
                    &file,
                    false,
                    choice,
                    sources,
                    sink,
                    &mut reach,
                    &mut checked,
                );
            }
        } else {
            one(path, true, choice, sources, sink, &mut reach, &mut checked);
        }
    }
    checked
}

/// The criteria within reach of a folder; files of one folder share them.
#[derive(Default)]
struct Reach {
    all: Vec<Within>,
    archive: Archive,
}

struct Within {
    layers: Layers,
    criteria: Vec<(CriteriaDoc, SourceId)>,
    shelf: Shelf,
    /// Whether the library of these criteria was already built.
    built: bool,
}

impl Reach {
    fn of(&mut self, file: &Path, sources: &mut Sources, sink: &mut Diagnostics) -> &mut Within {
        let layers = Layers::above(file.parent().unwrap_or(Path::new(".")), &self.archive);
        let known = self.all.iter().position(|w| w.layers == layers);
        let at = known.unwrap_or_else(|| {
            let criteria = criteria_files(&layers, sources, sink);
            let shelf = Shelf::new(&layers);
            self.all.push(Within {
                layers,
                criteria,
                shelf,
                built: false,
            });
            self.all.len() - 1
        });
        &mut self.all[at]
    }
}

/// Reads one file; one that was `named` is ours, one that was found in a folder may be another program's.
fn one(
    file: &Path,
    named: bool,
    choice: &Choice,
    sources: &mut Sources,
    sink: &mut Diagnostics,
    reach: &mut Reach,
    checked: &mut Checked,
) {
    checked.files += 1;
    let Some(source) = files::read(&Place::Disk(file.to_owned()), sources, sink) else {
        return;
    };
    let looks_like_one = matrix::looks_like_one(sources.get(source).text());
    if files::is_csv(file) && !named && !looks_like_one {
        // A table of another program.
        checked.files -= 1;
        return;
    }
    if files::is_csv(file) || file.as_os_str() == "-" && looks_like_one {
        checked
            .decisions
            .extend(matrix::open(file, source, choice, sources, sink));
        return;
    }
    let Some(node) = yaml::parse(source, sources, sink) else {
        return;
    };
    let Some(kind) = kind_of(&node, file) else {
        // A file of another program, such as a workflow or a lock file.
        checked.files -= 1;
        return;
    };
    match kind {
        FileKind::Decision => {
            drop(node);
            checked.decisions.extend(super::decision::open(
                file,
                source,
                choice,
                &reach.archive,
                sources,
                sink,
            ));
        }
        FileKind::Criteria => {
            let Some(own) = document::lower::<CriteriaDoc>(node, kind, sink) else {
                return;
            };
            let within = reach.of(file, sources, sink);
            let is_one_of_them = within.criteria.iter().any(|(_, s)| *s == source);
            if is_one_of_them && std::mem::replace(&mut within.built, true) {
                return;
            }
            let further = (!is_one_of_them).then_some(&own);
            checked
                .libraries
                .push(library(&within.criteria, further, choice, sources, sink));
        }
        FileKind::Catalog => {
            let Some(doc) = document::lower::<CatalogDoc>(node, kind, sink) else {
                return;
            };
            candidates(doc, reach.of(file, sources, sink), choice, sources, sink);
        }
        FileKind::Evidence => {
            if let Some(doc) = document::lower::<EvidenceDoc>(node, kind, sink) {
                super::evidence::check(&doc, sink);
            }
        }
        FileKind::Team
        | FileKind::Scenario
        | FileKind::Weights
        | FileKind::Service
        | FileKind::Contract => {
            crate::schema::validate(&node, kind.shape(), sink);
        }
    }
}

/// What kind of file a tree is, by the keys that only this kind has, then by its folder.
pub(super) fn kind_of(node: &Node, file: &Path) -> Option<FileKind> {
    let has = |key: &str| node.get(key).is_some();
    let folder = |name: &str| file.components().any(|c| c.as_os_str() == name);
    let list_of_maps = |key: &str| matches!(node.get(key).map(|n| &n.value), Some(Value::List(items)) if items.iter().all(|i| matches!(i.value, Value::Map(_))));
    if has("decision") {
        Some(FileKind::Decision)
    } else if has("service") && has("start") {
        Some(FileKind::Service)
    } else if has("contract") && has("steps") {
        Some(FileKind::Contract)
    } else if has("run") && has("rounds") {
        Some(FileKind::Evidence)
    } else if has("members") {
        Some(FileKind::Team)
    } else if has("scenario") || has("set") {
        Some(FileKind::Scenario)
    } else if has("method") || has("points") || has("profile") {
        Some(FileKind::Weights)
    } else if has("candidate")
        || has("candidates") && list_of_maps("candidates") && !has("criteria")
    {
        Some(FileKind::Catalog)
    } else if has("candidates") {
        Some(FileKind::Decision)
    } else if [
        "formulas", "criteria", "gates", "facts", "inputs", "tables", "units",
    ]
    .iter()
    .any(|k| has(k))
        || folder("criteria")
    {
        Some(FileKind::Criteria)
    } else if folder("catalogs") {
        Some(FileKind::Catalog)
    } else {
        None
    }
}

/// The library of these criteria files, and of one that is not among them.
pub(super) fn library(
    criteria: &[(CriteriaDoc, SourceId)],
    further: Option<&CriteriaDoc>,
    choice: &Choice,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> Library {
    let mut builder = LibraryBuilder::new(sources, sink, choice.as_of.unwrap_or(choice.today));
    let docs = || criteria.iter().map(|(doc, _)| doc).chain(further);
    for doc in docs() {
        builder.units(&doc.units);
    }
    for doc in docs() {
        builder.add(doc);
    }
    builder.library
}

fn candidates(
    doc: CatalogDoc,
    within: &Within,
    choice: &Choice,
    sources: &Sources,
    sink: &mut Diagnostics,
) {
    let as_of = choice.as_of.unwrap_or(choice.today);
    let mut builder = LibraryBuilder::new(sources, sink, as_of);
    for (doc, _) in &within.criteria {
        builder.units(&doc.units);
    }
    for (doc, _) in &within.criteria {
        builder.measures(&doc.facts);
    }
    let mut library = builder.library;
    let mut words = std::mem::take(&mut library.words);
    let all = catalog::split(doc, sink);
    let mut reader = FactReader {
        units: &library.units,
        words: &mut words,
        sources,
        sink,
        as_of,
        in_catalog: true,
    };
    let nobody = Arc::new(Provenance::default());
    for candidate in all {
        let Some(id) = candidate.id.clone() else {
            continue;
        };
        let raw = catalog::candidate(
            &id.value,
            &candidate,
            None,
            &library.measures,
            &mut reader,
            &nobody,
            id.span,
        );
        for part in raw.parts.iter().chain(&raw.requires) {
            unknown(part, &within.shelf, reader.sink);
        }
    }
}

fn unknown(part: &Spanned<String>, known: &Shelf, sink: &mut Diagnostics) {
    if sink.has_room() && !known.ids().any(|id| id == part.value) {
        let word = &part.value;
        let hint = super::fact::did_you_mean(word, known.ids());
        sink.push(
            Diagnostic::new(
                Code::UnknownReference,
                part.span,
                tr!("there is no candidate `{word}`", "没有名为 `{word}` 的候选"),
            )
            .maybe_hint(hint),
        );
    }
}
