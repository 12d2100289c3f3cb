//! `weigh check`: reads everything that paths reach, whatever kind of file it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::catalog::{self, Shelf};
use super::choice::Choice;
use super::decision::criteria_files;
use super::document;
use super::fact::FactReader;
use super::files::{self, Layers, Place};
use super::library::LibraryBuilder;
use super::yaml;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::decision::Decision;
use crate::model::evidence::Provenance;
use crate::model::library::Library;
use crate::schema::catalog::CatalogDoc;
use crate::schema::criteria::CriteriaDoc;
use crate::schema::node::{Node, Value};
use crate::schema::{FileKind, Spanned};
use crate::text;
use crate::text::Sources;

/// What `check` read.
#[derive(Debug, Default)]
pub struct Checked {
    /// Every decision among the files, ready to be compiled; those with errors are left out.
    pub decisions: Vec<Decision>,
    /// The yardsticks of the criteria files among them, whose formulas no decision may use yet.
    pub libraries: Vec<Library>,
    /// How many files were read.
    pub files: usize,
}

/// Reads every file that the paths reach; folders are walked.
pub fn check(paths: &[PathBuf], choice: &Choice, sources: &mut Sources, sink: &mut Diagnostics) -> Checked {
    let mut checked = Checked::default();
    for path in paths {
        if path.is_dir() {
            let files = files::walk(path);
            if files.is_empty() {
                let shown = files::shown(path);
                let message = text!("no YAML file in `{shown}`", "`{shown}` 中没有 YAML 文件");
                sink.push(Diagnostic::about_file(Code::Unreadable, shown, message));
            }
            for file in files {
                one(&file, choice, sources, sink, &mut checked);
            }
        } else {
            one(path, choice, sources, sink, &mut checked);
        }
    }
    checked
}

fn one(file: &Path, choice: &Choice, sources: &mut Sources, sink: &mut Diagnostics, checked: &mut Checked) {
    checked.files += 1;
    if file.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) {
        let before = sink.len();
        let source = files::read(&Place::Disk(file.to_owned()), sources, sink);
        let decision = source.and_then(|source| super::matrix::open(file, source, choice, sources, sink));
        checked.decisions.extend(decision.filter(|_| sink.len() == before));
        return;
    }
    let place = Place::Disk(file.to_owned());
    let Some(source) = files::read(&place, sources, sink) else { return };
    let Some(node) = yaml::parse(source, sources, sink) else { return };
    let Some(kind) = kind_of(&node, file) else {
        // A file of another program, such as a workflow or a lock file.
        checked.files -= 1;
        return;
    };
    match kind {
        FileKind::Decision => {
            let mut own = Diagnostics::default();
            let decision = super::decision::open(file, source, choice, sources, &mut own);
            checked.decisions.extend(decision.filter(|_| !own.has_errors()));
            sink.append(own);
        }
        FileKind::Criteria => {
            if let Some(library) = criteria(file, &node, choice, sources, sink) {
                checked.libraries.push(library);
            }
        }
        FileKind::Catalog => {
            let Some(doc) = document::parse::<CatalogDoc>(source, kind, sources, sink) else { return };
            candidates(file, doc, choice, sources, sink);
        }
        other => {
            crate::schema::validate(&node, other.shape(), sink);
        }
    }
}

/// What kind of file a tree is, by the keys that only this kind has, then by its folder.
fn kind_of(node: &Node, file: &Path) -> Option<FileKind> {
    let has = |key: &str| node.get(key).is_some();
    let folder = |name: &str| file.components().any(|c| c.as_os_str() == name);
    let list_of_maps = |key: &str| matches!(node.get(key).map(|n| &n.value), Some(Value::List(items)) if items.iter().all(|i| matches!(i.value, Value::Map(_))));
    if has("decision") {
        Some(FileKind::Decision)
    } else if has("run") && has("rounds") {
        Some(FileKind::Evidence)
    } else if has("members") {
        Some(FileKind::Team)
    } else if has("scenario") || has("set") {
        Some(FileKind::Scenario)
    } else if has("method") || has("points") || has("profile") {
        Some(FileKind::Weights)
    } else if has("candidate") || has("candidates") && list_of_maps("candidates") && !has("criteria") {
        Some(FileKind::Catalog)
    } else if has("candidates") {
        Some(FileKind::Decision)
    } else if ["formulas", "criteria", "gates", "facts", "inputs", "tables", "units"].iter().any(|k| has(k)) || folder("criteria") {
        Some(FileKind::Criteria)
    } else if folder("catalogs") {
        Some(FileKind::Catalog)
    } else {
        None
    }
}

/// The library that a criteria file belongs to.
fn criteria(file: &Path, node: &Node, choice: &Choice, sources: &mut Sources, sink: &mut Diagnostics) -> Option<Library> {
    if !crate::schema::validate(node, FileKind::Criteria.shape(), sink) {
        return None;
    }
    let own: CriteriaDoc = crate::schema::read(node).ok()?;
    let layers = Layers::above(file.parent().unwrap_or(Path::new(".")));
    let shown = files::shown(file);
    let mut docs = criteria_files(&layers, sources, sink);
    let read_already = sources.iter().filter(|s| s.name() == shown).count() > 1;
    if !read_already {
        docs.push(own);
    }
    let mut builder = LibraryBuilder::new(sources, sink, choice.as_of.unwrap_or(choice.today));
    for doc in &docs {
        builder.units(&doc.units);
    }
    for doc in &docs {
        builder.add(doc);
    }
    Some(std::mem::take(&mut builder.library))
}

fn candidates(file: &Path, doc: CatalogDoc, choice: &Choice, sources: &mut Sources, sink: &mut Diagnostics) {
    let layers = Layers::above(file.parent().unwrap_or(Path::new(".")));
    let as_of = choice.as_of.unwrap_or(choice.today);
    let docs = criteria_files(&layers, sources, sink);
    let mut builder = LibraryBuilder::new(sources, sink, as_of);
    for doc in &docs {
        builder.units(&doc.units);
    }
    for doc in &docs {
        builder.measures(&doc.facts);
    }
    let mut library = std::mem::take(&mut builder.library);
    let mut words = std::mem::take(&mut library.words);
    let all = catalog::split(doc, sink);
    let mut reader = FactReader { units: &library.units, words: &mut words, sources, sink, as_of };
    let nobody = Arc::new(Provenance::default());
    let known = Shelf::new(&layers);
    for candidate in all {
        let Some(id) = candidate.id.clone() else { continue };
        let raw = catalog::candidate(&id.value, &candidate, None, "", &library.measures, &mut reader, &nobody, id.span);
        for part in raw.parts.iter().chain(&raw.requires) {
            unknown(part, &known, reader.sink);
        }
    }
}

fn unknown(part: &Spanned<String>, known: &Shelf, sink: &mut Diagnostics) {
    if !known.ids().any(|id| id == part.value) {
        let word = &part.value;
        let hint = super::fact::did_you_mean(word, known.ids());
        sink.push(
            Diagnostic::new(Code::UnknownReference, part.span, text!("there is no candidate `{word}`", "没有名为 `{word}` 的候选"))
                .maybe_hint(hint),
        );
    }
}
