//! The folders that are searched for project files: the user's before the built-in ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::load::read::archive::{Archive, Listing};
use crate::load::read::file_ref::FileRef;
use crate::load::read::walk::{is_run, is_yaml, run_files, walk};

static CRITERIA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/criteria");

static CATALOGS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/catalogs");

/// The folders that are searched for `criteria/` and `catalogs/`, nearest first; the built-in ones come last.
#[derive(Clone, Debug)]
pub(crate) struct FolderLayers {
    roots: Vec<PathBuf>,
    /// Cached files.
    pub archive: Archive,
}

impl PartialEq for FolderLayers {
    fn eq(&self, other: &Self) -> bool {
        self.roots == other.roots
    }
}

impl FolderLayers {
    /// Collects the folders from the decision's folder up to the project root (the folder with `.git`), then the
    /// working directory.
    pub(crate) fn above(folder: &Path, archive: &Archive) -> Self {
        // The parent of a bare file name is empty and means the working directory.
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let mut roots: Vec<PathBuf> = Vec::new();
        let inside_project = absolute.ancestors().any(|a| a.join(".git").exists());
        for ancestor in absolute.ancestors() {
            roots.push(ancestor.to_owned());
            if !inside_project || ancestor.join(".git").exists() {
                break;
            }
        }
        if let Ok(here) = std::env::current_dir()
            && !roots.contains(&here)
        {
            roots.push(here);
        }
        roots.retain(|root| root.join("criteria").is_dir() || root.join("catalogs").is_dir());
        Self {
            roots,
            archive: archive.clone(),
        }
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
                let relative = path
                    .strip_prefix(&base)
                    .unwrap_or(&path)
                    .to_string_lossy()
                    .replace('\\', "/");
                found.entry(relative).or_insert(FileRef::Disk(path));
            }
        }
        let built_in = if top == "criteria" {
            &CRITERIA
        } else {
            &CATALOGS
        };
        let mut stack = vec![built_in];
        while let Some(dir) = stack.pop() {
            stack.extend(dir.dirs());
            for file in dir.files() {
                let relative = file.path().to_string_lossy().replace('\\', "/");
                if is_yaml(file.path()) {
                    let name = format!("<built-in>/{top}/{relative}");
                    found.entry(relative).or_insert(FileRef::BuiltIn {
                        name,
                        text: file.contents(),
                    });
                }
            }
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

    /// Finds a file by path, or `<kind>/<id>.yaml` next to the decision, else under `criteria/`.
    pub(crate) fn named_file(&self, name: &str, kind: &str, folder: &Path) -> Option<FileRef> {
        let looks_like_path =
            name.ends_with(".yaml") || name.ends_with(".yml") || name.contains('/');
        let direct = PathBuf::from(name);
        if looks_like_path && direct.is_file() {
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
