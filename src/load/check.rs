//! `weigh check`: reads every file at the given paths, whatever its kind.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::load::choice::Choice;
use crate::load::lower::candidate;
use crate::load::lower::fact::FactReader;
use crate::load::lower::library::LibraryBuilder;
use crate::load::read::archive::Archive;
use crate::load::read::file_ref::{self, FileRef};
use crate::load::read::kind::kind_of;
use crate::load::read::layers::FolderLayers;
use crate::load::read::reader::Reader;
use crate::load::read::walk;
use crate::load::resolve::catalog_index::CatalogIndex;
use crate::load::resolve::criteria::{build_library, read_criteria};
use crate::load::resolve::evidence;
use crate::load::{decision, matrix};
use crate::model::decision::Decision;
use crate::model::evidence::Provenance;
use crate::model::library::Library;
use crate::schema::catalog::CatalogDoc;
use crate::schema::criteria::CriteriaDoc;
use crate::schema::evidence::EvidenceDoc;
use crate::schema::{FileKind, Spanned};
use crate::source::{SourceId, did_you_mean_or_list};
use crate::tr;

/// What `check` read.
#[derive(Debug, Default)]
pub struct Checked {
    /// Every decision among the files. Compile them for the problems that only a graph shows; do not evaluate them if the diagnostics
    /// hold errors.
    pub decisions: Vec<Decision>,
    /// The libraries of the criteria files, whose formulas no decision may use yet.
    pub libraries: Vec<Library>,
    /// How many files were read.
    pub files: usize,
}

/// Reads every file that the paths reach; folders are walked.
pub fn check(paths: &[PathBuf], choice: &Choice, reader: &mut Reader) -> Checked {
    let mut checker = FileChecker {
        choice,
        reader,
        archive: Archive::default(),
        projects: Vec::new(),
        checked: Checked::default(),
    };
    for path in paths {
        if path.is_dir() {
            checker.check_folder(path);
        } else {
            checker.check_file(path, true);
        }
    }
    checker.checked
}

struct FileChecker<'a> {
    choice: &'a Choice,
    reader: &'a mut Reader,
    archive: Archive,
    projects: Vec<Project>,
    checked: Checked,
}

/// The criteria and catalogs within reach of a folder; files with the same layers share them.
struct Project {
    layers: FolderLayers,
    criteria: Vec<(CriteriaDoc, SourceId)>,
    catalogs: CatalogIndex,
    /// Whether the library of these criteria was already built.
    is_built: bool,
}

impl FileChecker<'_> {
    fn check_folder(&mut self, folder: &Path) {
        let files = walk::walk_with_tables(folder);
        if files.is_empty() {
            let shown = file_ref::shown(folder);
            let message = tr!(
                "no YAML or CSV file in `{shown}`",
                "`{shown}` 中没有 YAML 或 CSV 文件"
            );
            self.reader
                .report(Diagnostic::about_file(Code::Unreadable, shown, message));
        }
        for file in files {
            self.check_file(&file, false);
        }
    }

    /// Reads one file. A file that was found in a folder, not named, may belong to another program.
    fn check_file(&mut self, file: &Path, is_named: bool) {
        self.checked.files += 1;
        let Some(source) = self.reader.read_text(&FileRef::Disk(file.to_owned())) else {
            return;
        };
        let looks_like_matrix = matrix::looks_like_one(self.reader.sources.get(source).text());
        if walk::is_csv(file) && !is_named && !looks_like_matrix {
            // A CSV file that belongs to another program.
            self.checked.files -= 1;
            return;
        }
        if walk::is_csv(file) || file.as_os_str() == "-" && looks_like_matrix {
            self.checked
                .decisions
                .extend(matrix::open(file, source, self.choice, self.reader));
            return;
        }
        let Some(node) = self.reader.parse_yaml(source) else {
            return;
        };
        let Some(kind) = kind_of(&node, file) else {
            // A file of another program, such as a workflow or a lock file.
            self.checked.files -= 1;
            return;
        };
        match kind {
            FileKind::Decision => {
                drop(node);
                self.checked.decisions.extend(decision::open(
                    file,
                    source,
                    self.choice,
                    &self.archive,
                    self.reader,
                ));
            }
            FileKind::Criteria => {
                if let Some(doc) = self.reader.read_node::<CriteriaDoc>(node, kind) {
                    self.check_criteria(&doc, file, source);
                }
            }
            FileKind::Catalog => {
                if let Some(doc) = self.reader.read_node::<CatalogDoc>(node, kind) {
                    self.check_catalog(doc, file);
                }
            }
            FileKind::Evidence => {
                if let Some(doc) = self.reader.read_node::<EvidenceDoc>(node, kind) {
                    evidence::check(&doc, &mut self.reader.diagnostics);
                }
            }
            FileKind::Team
            | FileKind::Scenario
            | FileKind::Weights
            | FileKind::Service
            | FileKind::Contract => {
                crate::schema::validate(&node, kind.shape(), &mut self.reader.diagnostics);
            }
        }
    }

    /// Returns the index of the project that a file belongs to; reads its criteria the first time.
    fn project(&mut self, file: &Path) -> usize {
        let layers = FolderLayers::above(file.parent().unwrap_or(Path::new(".")), &self.archive);
        let known = self.projects.iter().position(|p| p.layers == layers);
        known.unwrap_or_else(|| {
            let criteria = read_criteria(&layers, self.reader);
            let catalogs = CatalogIndex::new(&layers);
            self.projects.push(Project {
                layers,
                criteria,
                catalogs,
                is_built: false,
            });
            self.projects.len() - 1
        })
    }

    fn check_criteria(&mut self, doc: &CriteriaDoc, file: &Path, source: SourceId) {
        let at = self.project(file);
        let project = &mut self.projects[at];
        let is_one_of_them = project.criteria.iter().any(|(_, s)| *s == source);
        if is_one_of_them && std::mem::replace(&mut project.is_built, true) {
            return;
        }
        let further = (!is_one_of_them).then_some(doc);
        let library = build_library(&project.criteria, further, self.choice, self.reader);
        self.checked.libraries.push(library);
    }

    fn check_catalog(&mut self, doc: CatalogDoc, file: &Path) {
        let at = self.project(file);
        let project = &self.projects[at];
        let as_of = self.choice.as_of.unwrap_or(self.choice.today);
        let mut builder = LibraryBuilder::new(self.reader, as_of);
        for (doc, _) in &project.criteria {
            builder.units(&doc.units);
        }
        for (doc, _) in &project.criteria {
            builder.measures(&doc.facts);
        }
        let mut library = builder.library;
        let all = candidate::split_catalog(doc, &mut self.reader.diagnostics);
        let mut facts = FactReader::new(&library.units, &mut library.words, self.reader, as_of);
        facts.in_catalog = true;
        let nothing = Arc::new(Provenance::default());
        for doc in all {
            let Some(id) = doc.id.clone() else {
                continue;
            };
            let raw = candidate::lower_candidate(
                &id.value,
                &doc,
                None,
                &library.measures,
                &mut facts,
                &nothing,
                id.span,
            );
            for part in raw.parts.iter().chain(&raw.requires) {
                check_reference(part, &project.catalogs, facts.sink);
            }
        }
    }
}

/// Reports a part or requirement that no catalog has.
fn check_reference(part: &Spanned<String>, known: &CatalogIndex, sink: &mut Diagnostics) {
    if sink.has_room() && !known.ids().any(|id| id == part.value) {
        let word = &part.value;
        let hint = did_you_mean_or_list(word, known.ids());
        let message = tr!("there is no candidate `{word}`", "没有名为 `{word}` 的候选");
        sink.push(Diagnostic::new(Code::UnknownReference, part.span, message).maybe_hint(hint));
    }
}
