//! A cache of what many decisions read: file lists, and the trees of valid files.
//!
//! The scenarios of a decision, and the decisions of a batch, read the same criteria and catalogs repeatedly. An
//! archive caches them as long as its owner assumes the files unchanged; when watching files, create a new one per
//! reload.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::load::read::file_ref::FileRef;
use crate::schema::FileKind;
use crate::source::Source;
use crate::yaml::Node;

/// Files below `criteria` or `catalogs`, by their path there.
pub(crate) type Listing = Arc<BTreeMap<String, FileRef>>;

/// Texts and trees that were read; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Archive(Arc<Mutex<ArchiveContents>>);

#[derive(Debug, Default)]
struct ArchiveContents {
    lists: BTreeMap<(Vec<PathBuf>, String), Listing>,
    trees: BTreeMap<(String, FileKind), Arc<Filed>>,
}

/// A file without problems.
#[derive(Debug)]
pub(crate) struct Filed {
    pub source: Source,
    /// Its validated tree; spans refer to the source id of another run.
    pub node: Node,
}

impl Archive {
    /// The files of these roots, listed at most once.
    pub(crate) fn list(
        &self,
        roots: &[PathBuf],
        top: &str,
        list: impl FnOnce() -> BTreeMap<String, FileRef>,
    ) -> Listing {
        let key = (roots.to_vec(), top.to_owned());
        if let Some(listing) = self.kept().lists.get(&key) {
            return listing.clone();
        }
        let listing = Arc::new(list());
        self.kept().lists.entry(key).or_insert(listing).clone()
    }

    pub(crate) fn find(&self, name: &str, kind: FileKind) -> Option<Arc<Filed>> {
        self.kept().trees.get(&(name.to_owned(), kind)).cloned()
    }

    pub(crate) fn keep(&self, kind: FileKind, source: &Source, node: Node) {
        self.kept().trees.insert(
            (source.name().to_owned(), kind),
            Arc::new(Filed {
                source: source.clone(),
                node,
            }),
        );
    }

    /// A thread that panicked while holding the lock cannot leave partial entries: each is one insertion.
    fn kept(&self) -> std::sync::MutexGuard<'_, ArchiveContents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
