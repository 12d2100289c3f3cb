//! `weigh check`: reads every file at the given paths, whatever its kind.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::load::choice::Choice;
use crate::load::lower::candidate::{self, Vocabulary};
use crate::load::lower::fact::FactReader;
use crate::load::read::archive::Archive;
use crate::load::read::file_ref::{self, FileRef};
use crate::load::read::kind::kind_of;
use crate::load::read::layers::{FolderLayers, MARKER, project_root};
use crate::load::read::reader::Reader;
use crate::load::read::walk;
use crate::load::resolve::catalog_index::CatalogIndex;
use crate::load::resolve::criteria::{ProjectCriteria, build_library};
use crate::load::resolve::evidence;
use crate::load::{decision, matrix};
use crate::model::decision::Decision;
use crate::model::evidence::Provenance;
use crate::model::library::Library;
use crate::schema::catalog::CatalogDoc;
use crate::schema::criteria::CriteriaDoc;
use crate::schema::evidence::EvidenceDoc;
use crate::schema::{FileKind, Spanned};
use crate::source::{SourceId, Span};
use crate::tr;
use crate::yaml::Node;

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
    /// The roots of the projects that the files belong to.
    pub roots: BTreeSet<PathBuf>,
}

/// Reads every file that the paths reach; folders are walked.
pub fn check(paths: &[PathBuf], choice: &Choice, reader: &mut Reader) -> Checked {
    let mut checker = FileChecker {
        choice,
        reader,
        archive: Archive::default(),
        projects: Vec::new(),
        declared: BTreeSet::new(),
        units: BTreeSet::new(),
        used: BTreeSet::new(),
        checked: Checked::default(),
    };
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let found = walk::walk_with_tables(path);
            report_refused(&found.refused, checker.reader);
            if found.files.is_empty() {
                let shown = file_ref::shown(path);
                let message = tr!(
                    "no YAML or CSV file in `{shown}`",
                    "`{shown}` 中没有 YAML 或 CSV 文件"
                );
                checker
                    .reader
                    .report(Diagnostic::about_file(Code::Unreadable, shown, message));
            }
            let of_folder = found.files.into_iter().map(|file| (file, Some(path)));
            files.extend(of_folder);
        } else {
            files.push((path.clone(), None));
        }
    }
    let read: Vec<Option<FileToCheck>> = files
        .iter()
        .map(|(file, folder)| checker.read(file, folder.is_none()))
        .collect();
    for path in paths.iter().filter(|path| path.is_dir()) {
        let mut own = files
            .iter()
            .zip(&read)
            .filter(|(file, _)| file.1 == Some(path));
        if own.clone().next().is_some() && own.all(|(_, read)| read.is_none()) {
            report_nothing(path, checker.reader);
        }
    }
    // What decisions declare is known in the catalogs and criteria of their project.
    let (decisions, others): (Vec<_>, Vec<_>) = files
        .iter()
        .zip(read)
        .filter_map(|((file, _), read)| Some((file, read?)))
        .partition(|(_, read)| read.is_decision());
    for (file, read) in decisions.into_iter().chain(others) {
        checker.check_file(file, read);
    }
    checker.checked
}

/// A file whose kind is known.
enum FileToCheck {
    Matrix(SourceId),
    Document(FileKind, SourceId, Node),
    /// It was reported.
    Faulty,
}

impl FileToCheck {
    fn is_decision(&self) -> bool {
        matches!(
            self,
            Self::Matrix(_) | Self::Document(FileKind::Decision, ..)
        )
    }
}

fn report_nothing(folder: &Path, reader: &mut Reader) {
    let shown = file_ref::shown(folder);
    let message = tr!(
        "no file in `{shown}` is of a kind that weigh reads",
        "`{shown}` 中没有 weigh 能读取的文件"
    );
    reader.report(Diagnostic::about_file(Code::Unreadable, shown, message));
}

/// Reports folders that cannot be listed.
fn report_refused(folders: &[(PathBuf, std::io::Error)], reader: &mut Reader) {
    for (folder, error) in folders {
        let shown = file_ref::shown(folder);
        let message = tr!(
            "cannot list the folder `{shown}`: {error}",
            "无法列出目录 `{shown}`：{error}"
        );
        reader.report(Diagnostic::about_file(Code::Unreadable, shown, message));
    }
}

struct FileChecker<'a> {
    choice: &'a Choice,
    reader: &'a mut Reader,
    archive: Archive,
    projects: Vec<Project>,
    /// The names that decisions know.
    declared: BTreeSet<String>,
    /// The units that decisions know.
    units: BTreeSet<String>,
    /// The candidates that decisions have read.
    used: BTreeSet<String>,
    checked: Checked,
}

/// The criteria and catalogs within reach of a folder; files with the same layers share them.
struct Project {
    layers: FolderLayers,
    criteria: ProjectCriteria,
    catalogs: CatalogIndex,
    /// Whether the library of these criteria was already checked.
    is_built: bool,
    /// What catalog files may state.
    library: Option<Library>,
}

impl FileChecker<'_> {
    /// Reads one file; `None` for one of another program. A file that was found in a folder, not named, may belong to one.
    fn read(&mut self, file: &Path, is_named: bool) -> Option<FileToCheck> {
        let Some(source) = self.reader.read_text(&FileRef::Disk(file.to_owned())) else {
            return Some(FileToCheck::Faulty);
        };
        let looks_like_matrix = matrix::looks_like_one(self.reader.sources.get(source).text());
        if walk::is_csv(file) && !is_named && !looks_like_matrix {
            return None;
        }
        if walk::is_csv(file) || file.as_os_str() == "-" && looks_like_matrix {
            return Some(FileToCheck::Matrix(source));
        }
        if file.file_name().is_some_and(|name| name == MARKER) {
            return is_named.then_some(FileToCheck::Faulty);
        }
        let Some(node) = self.reader.parse_yaml(source) else {
            return Some(FileToCheck::Faulty);
        };
        match kind_of(&node, file) {
            Some(kind) => Some(FileToCheck::Document(kind, source, node)),
            None if is_named => {
                self.reader.report(unknown_kind(file, source));
                Some(FileToCheck::Faulty)
            }
            // A file of another program, such as a workflow or a lock file.
            None => None,
        }
    }

    fn check_file(&mut self, file: &Path, read: FileToCheck) {
        self.checked.files += 1;
        let folder = file.parent().unwrap_or(Path::new(""));
        self.checked.roots.insert(project_root(folder));
        let (kind, source, node) = match read {
            FileToCheck::Faulty => return,
            FileToCheck::Matrix(source) => {
                self.checked
                    .decisions
                    .extend(matrix::open(file, source, self.choice, self.reader));
                return;
            }
            FileToCheck::Document(kind, source, node) => (kind, source, node),
        };
        match kind {
            FileKind::Decision => {
                drop(node);
                let opened = decision::open(file, source, self.choice, &self.archive, self.reader);
                if let Some(decision) = opened {
                    self.learn(&decision);
                    self.checked.decisions.push(decision);
                }
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
            let criteria = ProjectCriteria::of_all_domains(&layers, self.reader);
            let catalogs = CatalogIndex::new(&layers);
            self.projects.push(Project {
                layers,
                criteria,
                catalogs,
                is_built: false,
                library: None,
            });
            self.projects.len() - 1
        })
    }

    /// Notes what a decision declares and which candidates it has already read.
    fn learn(&mut self, decision: &Decision) {
        let library = &decision.library;
        let values = (library.measures.keys())
            .chain(library.inputs.keys())
            .chain(library.tables.keys())
            .chain(library.formulas.keys());
        self.declared.extend(values.cloned());
        self.units.extend(library.units.names().map(str::to_owned));
        for candidate in &decision.candidates {
            self.used.insert(candidate.id.clone());
            self.used.extend(candidate.parts.iter().cloned());
        }
    }

    fn check_criteria(&mut self, doc: &CriteriaDoc, file: &Path, source: SourceId) {
        let at = self.project(file);
        let project = &mut self.projects[at];
        let is_one_of_them = project.criteria.contains(source);
        if is_one_of_them && std::mem::replace(&mut project.is_built, true) {
            return;
        }
        let further = (!is_one_of_them).then_some(doc);
        let mut library = build_library(
            &project.criteria,
            further,
            &self.units,
            self.choice,
            self.reader,
        );
        self.leave_to_decisions(&mut library);
        self.checked.libraries.push(library);
    }

    /// Leaves names that only a decision declares to the check of that decision.
    fn leave_to_decisions(&self, library: &mut Library) {
        let is_known = |name: &str| {
            library.measures.contains_key(name)
                || library.inputs.contains_key(name)
                || library.tables.contains_key(name)
                || library.formulas.contains_key(name)
        };
        let further = self.declared.iter().filter(|name| !is_known(name));
        let further: Vec<String> = further.cloned().collect();
        library.unread.extend(further);
    }

    fn check_catalog(&mut self, doc: CatalogDoc, file: &Path) {
        let at = self.project(file);
        let domain = FileRef::Disk(file.to_owned()).folder().to_owned();
        let as_of = self.choice.as_of.unwrap_or(self.choice.today);
        if self.projects[at].library.is_none() {
            // Problems of the criteria files are reported where those are checked.
            let before = std::mem::take(&mut self.reader.diagnostics);
            let mut library = build_library(
                &self.projects[at].criteria,
                None,
                &self.units,
                self.choice,
                self.reader,
            );
            self.reader.diagnostics = before;
            self.leave_to_decisions(&mut library);
            self.projects[at].library = Some(library);
        }
        let project = &mut self.projects[at];
        let Some(library) = &mut project.library else {
            return;
        };
        let all = candidate::split_catalog(doc, &mut self.reader.diagnostics);
        let vocabulary = Vocabulary::of_parts(&library.measures, &library.names, &library.unread)
            .in_domain(Some(&domain));
        let mut facts = FactReader::new(&library.units, &mut library.words, self.reader, as_of);
        facts.in_catalog = true;
        let nothing = Arc::new(Provenance::default());
        for doc in all {
            let Some(id) = doc.id.clone() else {
                continue;
            };
            for part in doc.parts.iter().chain(&doc.requires) {
                check_reference(part, &project.catalogs, facts.sink);
            }
            // A decision that uses the candidate has reported its problems, and knows its own facts and units.
            if !self.used.contains(&id.value) {
                candidate::lower_candidate(
                    &id.value, &doc, None, vocabulary, &mut facts, &nothing, id.span,
                );
            }
        }
    }
}

/// Reports a named file that is none of those that weigh reads.
fn unknown_kind(file: &Path, source: SourceId) -> Diagnostic {
    let shown = file_ref::shown(file);
    let start = Span {
        source,
        start: 0,
        end: 0,
    };
    let message = tr!(
        "cannot tell what kind of file `{shown}` is",
        "无法判断 `{shown}` 是什么类型的文件"
    );
    let hint = tr!(
        "begin it with `decision: ID`, `candidate: ID` or another key that only this kind of file has; `weigh schema KIND` lists them",
        "请以 `decision: ID`、`candidate: ID` 等该类型特有的键开头；`weigh schema KIND` 可列出"
    );
    Diagnostic::new(Code::UnknownKind, start, message).hint(hint)
}

/// Reports a part or requirement that no catalog has.
fn check_reference(part: &Spanned<String>, known: &CatalogIndex, sink: &mut Diagnostics) {
    if sink.has_room() && !known.ids().any(|id| id == part.value) {
        sink.push(decision::no_candidate(&part.value, part.span, known));
    }
}
