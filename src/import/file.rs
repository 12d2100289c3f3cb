//! Files that are read and written whole, with errors that name them.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::lang::Text;
use crate::tr;

/// A file that could not be read or written.
#[derive(Debug)]
pub struct FileError {
    path: PathBuf,
    source: io::Error,
    is_write: bool,
}

impl FileError {
    /// Makes the error of a file that could not be read.
    pub fn reading(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        Self::of(path.into(), false)
    }

    /// Makes the error of a file that could not be written.
    pub fn writing(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        Self::of(path.into(), true)
    }

    fn of(path: PathBuf, is_write: bool) -> impl FnOnce(io::Error) -> Self {
        move |source| Self {
            path,
            source,
            is_write,
        }
    }

    /// Returns the message in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let (path, source) = (self.path.display(), &self.source);
        if self.is_write {
            tr!("cannot write {path}: {source}", "无法写入 {path}：{source}")
        } else {
            tr!("cannot read {path}: {source}", "无法读取 {path}：{source}")
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl Error for FileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

/// Writes a text and a newline whole or not at all: into a temporary file, synced to disk, then renamed.
///
/// # Errors
/// Where the folder cannot be created or the file cannot be written.
pub fn persist(path: &Path, text: &str) -> Result<(), FileError> {
    try_persist(path, text).map_err(FileError::writing(path))
}

fn try_persist(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    // A temporary file is private, but evidence is not.
    #[cfg(unix)]
    file.as_file()
        .set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
