//! Files that are only touched where they change, and never seen half written.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cli::Failure;
use crate::text;

/// Writes below one folder and counts.
pub(in crate::cli) struct Writer {
    folder: PathBuf,
    written: AtomicUsize,
    kept: AtomicUsize,
}

impl Writer {
    pub(in crate::cli) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), written: AtomicUsize::new(0), kept: AtomicUsize::new(0) }
    }

    pub(in crate::cli) fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many files were written, and how many were as they should be.
    pub(in crate::cli) fn counts(&self) -> (usize, usize) {
        (self.written.load(Ordering::Relaxed), self.kept.load(Ordering::Relaxed))
    }

    /// Writes a file below the folder unless it says this already.
    pub(in crate::cli) fn write(&self, name: &Path, text: &str) -> Result<(), Failure> {
        let changed = replace(&self.folder.join(name), text)?;
        let counter = if changed { &self.written } else { &self.kept };
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// Puts a text into a file, whole or not at all; whether it was not there already.
pub(in crate::cli) fn replace(path: &Path, text: &str) -> Result<bool, Failure> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(false);
    }
    let put = || -> std::io::Result<()> {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        // Beside its place, since only a move within one file system is all or nothing.
        let mut file = tempfile::Builder::new().prefix(".weigh-").permissions(readable()).tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(path).map(drop).map_err(|e| e.error)
    };
    put().map(|()| true).map_err(|error| {
        let shown = path.display();
        Failure::environment(text!("cannot write {shown}: {error}", "无法写入 {shown}：{error}"))
    })
}

/// What the user's umask leaves of rw-rw-rw-: a temporary file is private otherwise.
#[cfg(unix)]
fn readable() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::Permissions::from_mode(0o666)
}

#[cfg(not(unix))]
fn readable() -> fs::Permissions {
    fs::metadata(".").map(|m| m.permissions()).expect("the working folder can be looked at")
}
