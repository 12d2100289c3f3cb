//! An index of the catalog files within reach; only files with candidates of the decision are opened.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::diagnostic::{Code, Diagnostic};
use crate::load::lower::candidate::split_catalog;
use crate::load::lower::library::first_definition;
use crate::load::read::archive::Archive;
use crate::load::read::file_ref::FileRef;
use crate::load::read::layers::{FolderLayers, is_domain};
use crate::load::read::reader::Reader;
use crate::schema::catalog::{CandidateDoc, CatalogDoc};
use crate::schema::{FileKind, Spanned};
use crate::source::Span;
use crate::tr;

/// The catalog files within reach.
pub(crate) struct CatalogIndex {
    by_stem: BTreeMap<String, FileRef>,
    files: Vec<FileRef>,
    archive: Archive,
    /// A folder with catalogs or criteria above the project.
    pub outside: Option<PathBuf>,
    opened: BTreeMap<String, IndexedCandidate>,
    all_read: bool,
}

/// A candidate of a file that was opened.
struct IndexedCandidate {
    /// `None` once it was taken.
    doc: Option<CandidateDoc>,
    domain: String,
    /// Where its id is written.
    at: Span,
}

impl CatalogIndex {
    pub(crate) fn new(layers: &FolderLayers) -> Self {
        let (mut by_stem, mut files) = (BTreeMap::new(), Vec::new());
        for (path, file) in layers.list("catalogs").iter() {
            if path.starts_with("evidence/") || is_domain(path) {
                continue;
            }
            by_stem.insert(file.stem().to_owned(), file.clone());
            files.push(file.clone());
        }
        Self {
            by_stem,
            files,
            archive: layers.archive.clone(),
            outside: layers.outside.clone(),
            opened: BTreeMap::new(),
            all_read: false,
        }
    }

    /// Returns the files that may hold these candidates by their names; all files of a domain for `domain/*`.
    pub(crate) fn files_of<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Vec<&FileRef> {
        let ids: Vec<&str> = ids.collect();
        if ids.iter().any(|id| id.ends_with('*')) {
            return self.files.iter().collect();
        }
        ids.iter().filter_map(|id| self.by_stem.get(*id)).collect()
    }

    /// Returns the ids of the candidates of a domain (`web-frameworks/*`), or of all (`*`).
    pub(crate) fn ids_of_domain(&mut self, domain: &str, reader: &mut Reader) -> Vec<String> {
        self.read_all(reader);
        self.opened
            .iter()
            .filter(|(_, shelved)| domain == "*" || shelved.domain == domain)
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// Returns the domain of a candidate whose file was opened.
    pub(crate) fn domain(&self, id: &str) -> Option<&str> {
        self.opened.get(id).map(|shelved| shelved.domain.as_str())
    }

    /// Takes the document of a candidate; a second call returns `None`.
    pub(crate) fn take(&mut self, id: &str, reader: &mut Reader) -> Option<CandidateDoc> {
        if !self.opened.contains_key(id) {
            match self.by_stem.get(id).cloned() {
                Some(file) => self.open(&file, reader),
                // A file may list several candidates, so its name need not be a candidate's id.
                None => self.read_all(reader),
            }
        }
        self.opened.get_mut(id)?.doc.take()
    }

    /// Returns every known id, for suggestions.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        let further = |id: &&String| !self.by_stem.contains_key(*id);
        let opened = self.opened.keys().filter(further);
        self.by_stem.keys().chain(opened).map(String::as_str)
    }

    /// Whether a folder of this name holds candidates.
    pub(crate) fn has_domain(&self, domain: &str) -> bool {
        self.files.iter().any(|file| file.folder() == domain)
    }

    /// Returns the names of the folders that hold candidates, for suggestions.
    pub(crate) fn domains(&self) -> BTreeSet<&str> {
        self.files.iter().map(FileRef::folder).collect()
    }

    /// Opens every file.
    pub(crate) fn read_all(&mut self, reader: &mut Reader) {
        if self.all_read {
            return;
        }
        self.all_read = true;
        for file in self.files.clone() {
            if !self.opened.contains_key(file.stem()) {
                self.open(&file, reader);
            }
        }
    }

    fn open(&mut self, file: &FileRef, reader: &mut Reader) {
        let Some((doc, _)) =
            reader.read_shared_document::<CatalogDoc>(file, FileKind::Catalog, &self.archive)
        else {
            return;
        };
        for candidate in split_catalog(doc, &mut reader.diagnostics) {
            let Some(Spanned {
                value: id,
                span: at,
            }) = candidate.id.clone()
            else {
                continue;
            };
            if let Some(first) = self.opened.get(&id) {
                let first = first_definition(first.at, &reader.sources);
                let message = tr!(
                    "the candidate `{id}` is defined twice",
                    "候选 `{id}` 被定义了两次"
                );
                reader.report(Diagnostic::new(Code::DefinedTwice, at, message).hint(first));
                continue;
            }
            self.opened.insert(
                id,
                IndexedCandidate {
                    doc: Some(candidate),
                    domain: file.folder().to_owned(),
                    at,
                },
            );
        }
    }
}
