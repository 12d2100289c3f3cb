//! References to files, on disk or built in, and their display names.

use std::path::{Path, PathBuf};

/// The location of a file's text.
#[derive(Clone, Debug)]
pub(crate) enum FileRef {
    Disk(PathBuf),
    BuiltIn { name: String, text: &'static [u8] },
}

impl FileRef {
    /// The display name of the file.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Disk(path) => shown(path),
            Self::BuiltIn { name, .. } => name.clone(),
        }
    }

    /// The file name without folder and extension.
    pub(crate) fn stem(&self) -> &str {
        let path = match self {
            Self::Disk(path) => path.as_path(),
            Self::BuiltIn { name, .. } => Path::new(name),
        };
        path.file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or_default()
    }

    /// The name of the folder that contains it.
    pub(crate) fn folder(&self) -> &str {
        let path = match self {
            Self::Disk(path) => path.as_path(),
            Self::BuiltIn { name, .. } => Path::new(name),
        };
        path.parent()
            .and_then(Path::file_name)
            .and_then(|s| s.to_str())
            .unwrap_or_default()
    }
}

/// The path relative to the working directory where possible.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let path = path.strip_prefix(&here).unwrap_or(path);
    path.strip_prefix("./")
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}
