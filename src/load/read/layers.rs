//! The folders that are searched for project files: the user's before the built-in ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::load::read::archive::{Archive, Listing};
use crate::load::read::file_ref::FileRef;
use crate::load::read::walk::{is_run, is_yaml, run_files, walk};

static CRITERIA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/criteria");

static CATALOGS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/catalogs");

/// The file that marks the root of a project. It may be empty.
pub(crate) const MARKER: &str = "weigh.yaml";

/// Folders and files that version control keeps in the root of a work tree.
const VERSION_CONTROL: [&str; 4] = [".git", ".hg", ".jj", ".svn"];

/// Returns the root of the project that a folder belongs to: the nearest folder upward with `weigh.yaml` or the root of version
/// control, else the folder itself.
#[must_use]
pub fn project_root(folder: &Path) -> PathBuf {
    let absolute = absolute(folder);
    absolute
        .ancestors()
        .find(|folder| is_root(folder))
        .unwrap_or(&absolute)
        .to_owned()
}

fn is_root(folder: &Path) -> bool {
    folder.join(MARKER).is_file()
        || VERSION_CONTROL
            .iter()
            .any(|name| folder.join(name).exists())
}

/// The parent of a bare file name is empty and means the working directory.
fn absolute(folder: &Path) -> PathBuf {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned())
}

/// The folders that are searched for `criteria/` and `catalogs/`, nearest first; the built-in ones come last.
///
/// They are the decision's folder and those above it up to the root of the project. The working directory plays no part.
#[derive(Clone, Debug)]
pub(crate) struct FolderLayers {
    roots: Vec<PathBuf>,
    /// Every folder up to the root of the project, for the machine's own evidence.
    folders: Vec<PathBuf>,
    /// A folder above a project without a marked root that holds criteria or catalogs.
    pub outside: Option<PathBuf>,
    /// Cached files.
    pub archive: Archive,
}

impl PartialEq for FolderLayers {
    fn eq(&self, other: &Self) -> bool {
        self.roots == other.roots
    }
}

/// How far away a file is: the index of its folder, nearest first.
pub(crate) type Layer = usize;

/// The layer of the built-in files, which is behind all others.
pub(crate) const BUILT_IN: Layer = Layer::MAX;

impl FolderLayers {
    /// Collects the folders from the decision's folder up to the root of its project.
    pub(crate) fn above(folder: &Path, archive: &Archive) -> Self {
        let absolute = absolute(folder);
        let root = project_root(&absolute);
        let folders: Vec<PathBuf> = absolute
            .ancestors()
            .take_while(|ancestor| ancestor.starts_with(&root))
            .map(Path::to_owned)
            .collect();
        let holds_any =
            |folder: &Path| folder.join("criteria").is_dir() || folder.join("catalogs").is_dir();
        let outside = absolute
            .ancestors()
            .filter(|_| !is_root(&root))
            .skip(folders.len())
            .find(|folder| holds_any(folder))
            .map(Path::to_owned);
        let mut roots = folders.clone();
        roots.retain(|root| holds_any(root));
        Self {
            roots,
            folders,
            outside,
            archive: archive.clone(),
        }
    }

    /// The layer of a file below `top`.
    pub(crate) fn layer(&self, file: &FileRef, top: &str) -> Layer {
        match file {
            FileRef::BuiltIn { .. } => BUILT_IN,
            FileRef::Disk(path) => self
                .roots
                .iter()
                .position(|root| path.starts_with(root.join(top)))
                .unwrap_or(0),
        }
    }

    /// This machine's own runs: those in `.weigh/evidence` of the nearest folder that holds any.
    pub(crate) fn own_evidence(&self) -> Vec<PathBuf> {
        self.folders
            .iter()
            .map(|folder| run_files(&folder.join(".weigh/evidence")))
            .find(|files| !files.is_empty())
            .unwrap_or_default()
    }

    /// Every `domain.yaml` with the name of its domain, the built-in ones first and the nearest last: each extends those before it.
    /// A built-in file of which the project holds an exact copy is left out.
    pub(crate) fn domains(&self) -> Vec<(String, FileRef)> {
        let listing = self
            .archive
            .list(&self.roots, "domains", || self.gathered_domains());
        listing
            .values()
            .map(|file| (file.folder().to_owned(), file.clone()))
            .collect()
    }

    /// The key puts the nearest folder last.
    fn gathered_domains(&self) -> BTreeMap<String, FileRef> {
        let mut found = BTreeMap::new();
        let mut copies: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
        for (far, root) in self.roots.iter().rev().enumerate() {
            let base = root.join("catalogs");
            for path in walk(&base) {
                let relative = relative(&path, &base);
                if is_domain(&relative) {
                    let text = std::fs::read(&path).unwrap_or_default();
                    copies.entry(relative.clone()).or_default().push(text);
                    let key = format!("{:04} {relative}", far + 1);
                    found.insert(key, FileRef::Disk(path));
                }
            }
        }
        for (relative, file) in built_in(&CATALOGS, "catalogs") {
            let FileRef::BuiltIn { text, .. } = &file else {
                continue;
            };
            let is_copied = copies
                .get(&relative)
                .is_some_and(|copies| copies.iter().any(|copy| copy == text));
            if is_domain(&relative) && !is_copied {
                found.insert(format!("0000 {relative}"), file);
            }
        }
        found
    }

    /// Every YAML file below `top` (`criteria` or `catalogs`), by its path there; the nearest folder wins.
    pub(crate) fn list(&self, top: &str) -> Listing {
        self.archive.list(&self.roots, top, || self.gathered(top))
    }

    fn gathered(&self, top: &str) -> BTreeMap<String, FileRef> {
        let mut found = BTreeMap::new();
        for root in &self.roots {
            let base = root.join(top);
            for path in walk(&base) {
                found
                    .entry(relative(&path, &base))
                    .or_insert(FileRef::Disk(path));
            }
        }
        let shipped = if top == "criteria" {
            &CRITERIA
        } else {
            &CATALOGS
        };
        for (relative, file) in built_in(shipped, top) {
            found.entry(relative).or_insert(file);
        }
        found
    }

    /// The stored runs in `catalogs/evidence` of the nearest folder that holds any, else the built-in ones.
    pub(crate) fn evidence(&self) -> Vec<FileRef> {
        let on_disk = self
            .roots
            .iter()
            .map(|root| run_files(&root.join("catalogs/evidence")))
            .find(|files| !files.is_empty());
        if let Some(files) = on_disk {
            return files.into_iter().map(FileRef::Disk).collect();
        }
        let built_in = CATALOGS
            .get_dir("evidence")
            .into_iter()
            .flat_map(Dir::files);
        let mut places: Vec<_> = built_in.filter(|file| is_run(file.path())).collect();
        places.sort_by_key(|file| file.path());
        let place = |file: &'static include_dir::File<'static>| FileRef::BuiltIn {
            name: format!(
                "<built-in>/catalogs/{}",
                file.path().to_string_lossy().replace('\\', "/")
            ),
            text: file.contents(),
        };
        places.into_iter().map(place).collect()
    }

    /// Returns the first of these folders that contains `path`.
    pub(crate) fn find(&self, path: &str) -> Option<PathBuf> {
        self.roots
            .iter()
            .map(|root| root.join(path))
            .find(|p| p.exists())
    }

    /// Finds a file by path, or `<kind>/<id>.yaml` next to the decision, else under `criteria/`. A path that was typed is relative to
    /// the working directory, one that a file names is relative to the decision.
    pub(crate) fn named_file(
        &self,
        name: &str,
        kind: &str,
        folder: &Path,
        is_typed: bool,
    ) -> Option<FileRef> {
        let looks_like_path =
            name.ends_with(".yaml") || name.ends_with(".yml") || name.contains('/');
        let direct = PathBuf::from(name);
        if looks_like_path && is_typed && direct.is_file() {
            return Some(FileRef::Disk(direct));
        }
        let beside = folder.join(if looks_like_path {
            name.to_owned()
        } else {
            format!("{kind}/{name}.yaml")
        });
        if beside.is_file() {
            return Some(FileRef::Disk(beside));
        }
        self.list("criteria")
            .get(&format!("{kind}/{name}.yaml"))
            .cloned()
    }
}

fn relative(path: &Path, base: &Path) -> String {
    path.strip_prefix(base)
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

/// Whether a path below `catalogs` is the `domain.yaml` of a domain.
pub(crate) fn is_domain(relative: &str) -> bool {
    let path = Path::new(relative);
    !relative.starts_with("evidence/")
        && is_yaml(path)
        && path.file_stem().is_some_and(|stem| stem == "domain")
}

/// The built-in YAML files below `top`, by their path there.
fn built_in(folder: &'static Dir<'static>, top: &str) -> Vec<(String, FileRef)> {
    let mut found = Vec::new();
    let mut stack = vec![folder];
    while let Some(dir) = stack.pop() {
        stack.extend(dir.dirs());
        for file in dir.files().filter(|file| is_yaml(file.path())) {
            let relative = file.path().to_string_lossy().replace('\\', "/");
            let name = format!("<built-in>/{top}/{relative}");
            let text = file.contents();
            found.push((relative, FileRef::BuiltIn { name, text }));
        }
    }
    found
}
