//! Lists the files below a folder by extension.

use std::path::{Path, PathBuf};

/// Limit on the files below one folder.
const MOST_FILES: usize = 50_000;

pub(crate) fn is_yaml(path: &Path) -> bool {
    matches!(
        path.extension().and_then(|e| e.to_str()),
        Some("yaml" | "yml")
    )
}

pub(crate) fn is_run(path: &Path) -> bool {
    is_yaml(path) || path.extension().is_some_and(|e| e == "json")
}

/// Stored runs directly in a folder, sorted; what lies deeper is raw data.
pub(crate) fn run_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries
        .filter(|path| is_run(path) && path.is_file())
        .collect();
    files.sort();
    files
}

/// Lists YAML files below a folder, sorted. Links to folders are not followed, which avoids cycles. A broken link
/// is listed, so that reading reports it; a pipe or a device is not, because reading it might never end.
pub(crate) fn walk(base: &Path) -> Vec<PathBuf> {
    gather(base, is_yaml).files
}

/// Files below a folder, sorted, and the folders that cannot be listed.
#[derive(Default)]
pub(crate) struct Walked {
    pub files: Vec<PathBuf>,
    pub refused: Vec<(PathBuf, std::io::Error)>,
}

/// YAML and CSV files below a folder, sorted.
pub(crate) fn walk_with_tables(base: &Path) -> Walked {
    gather(base, |path| is_yaml(path) || is_csv(path))
}

/// Whether a file name has the extension of a table.
pub(crate) fn is_csv(path: &Path) -> bool {
    path.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv"))
}

fn gather(base: &Path, wanted: impl Fn(&Path) -> bool) -> Walked {
    let Walked {
        mut files,
        mut refused,
    } = Walked::default();
    let mut stack = vec![base.to_owned()];
    while let Some(folder) = stack.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                refused.push((folder, error));
                continue;
            }
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() {
                stack.push(path);
            } else if wanted(&path) && files.len() < MOST_FILES {
                let leads_to_a_file = || std::fs::metadata(&path).map_or(true, |m| m.is_file());
                if kind.is_file() || kind.is_symlink() && leads_to_a_file() {
                    files.push(path);
                }
            }
        }
    }
    files.sort();
    Walked { files, refused }
}
