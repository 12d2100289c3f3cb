//! Writes files atomically, and only if their text changes.
//!
//! A text goes into a temporary file in the same folder, which is then renamed. The writer holds a lock on the temporary file, and
//! the system releases it when the process ends: a temporary file without a lock is left over from a killed run, and the next run
//! removes it. A process id would not do, since ids are reused and differ between containers.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

use super::ReportError;
use crate::tr;

/// Writes files below one folder and counts them.
pub struct FolderWriter {
    folder: PathBuf,
    written: AtomicUsize,
    kept: AtomicUsize,
    /// Folders from which leftover temporary files were removed.
    cleared: Mutex<BTreeSet<PathBuf>>,
}

impl FolderWriter {
    /// Returns a writer into `folder`, which is created with the first file.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            written: AtomicUsize::new(0),
            kept: AtomicUsize::new(0),
            cleared: Mutex::default(),
        }
    }

    /// Returns the folder it writes into.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns how many files were written and how many already had the right text.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (
            self.written.load(Ordering::Relaxed),
            self.kept.load(Ordering::Relaxed),
        )
    }

    /// Writes a file below the folder unless it has this text already.
    ///
    /// # Errors
    /// If the file or its folder cannot be written.
    pub fn write(&self, name: &Path, text: &str) -> Result<(), ReportError> {
        let path = self.folder.join(name);
        self.clear(parent(&path));
        let changed = write_changed(&path, text)?;
        let counter = if changed { &self.written } else { &self.kept };
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Removes leftover temporary files before the first write into a folder.
    fn clear(&self, folder: &Path) {
        let mut cleared = self.cleared.lock().unwrap_or_else(PoisonError::into_inner);
        if !cleared.contains(folder) {
            clear(folder);
            cleared.insert(folder.to_owned());
        }
    }
}

/// Replaces the text of one file atomically; returns whether it changed.
///
/// # Errors
/// If the file or its folder cannot be written.
pub fn replace_file(path: &Path, text: &str) -> Result<bool, ReportError> {
    clear(parent(path));
    write_changed(path, text)
}

fn write_changed(path: &Path, text: &str) -> Result<bool, ReportError> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(false);
    }
    let write = || -> io::Result<()> {
        let folder = parent(path);
        fs::create_dir_all(folder)?;
        let mut file = temporary(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(path).map(drop).map_err(|e| e.error)
    };
    write().map(|()| true).map_err(|error| {
        let shown = path.display();
        ReportError::Environment(tr!(
            "cannot write {shown}: {error}",
            "无法写入 {shown}：{error}"
        ))
    })
}

/// The folder in which a file lies.
fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// How the name of a temporary file begins, ...
const BEGINS: &str = ".weigh-";
/// ... how many letters and digits follow, ...
const RANDOM: usize = 6;
/// ... and how it ends.
const ENDS: &str = ".part";

/// Creates a locked temporary file in the target's folder, because only a rename within one file system is atomic.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let mut builder = tempfile::Builder::new();
        let file = builder
            .prefix(BEGINS)
            .rand_bytes(RANDOM)
            .suffix(ENDS)
            .permissions(readable())
            .tempfile_in(folder)?;
        // Without file locks, no other process can take the lock to clean up either.
        drop(file.as_file().lock());
        // Another process may have cleaned up between the two calls; once the lock is held, none can.
        if file.path().exists() {
            return Ok(file);
        }
    }
}

/// Removes temporary files of processes that have ended; files being written, and all other files, stay.
fn clear(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(is_temporary))
    {
        let path = entry.path();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if let Some(file) = is_file.then(|| File::open(&path).ok()).flatten()
            && file.try_lock().is_ok()
        {
            // Removed while the lock is held. Failure to remove is harmless.
            drop(fs::remove_file(&path));
        }
    }
}

/// Whether a file's name is one that [`temporary`] gives.
fn is_temporary(name: &str) -> bool {
    let random = name
        .strip_prefix(BEGINS)
        .and_then(|rest| rest.strip_suffix(ENDS));
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// Returns rw-rw-rw- minus the user's umask, because a temporary file is private by default.
#[cfg(unix)]
fn readable() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::Permissions::from_mode(0o666)
}

#[cfg(not(unix))]
fn readable() -> fs::Permissions {
    fs::metadata(".")
        .map(|m| m.permissions())
        .expect("the working folder can be looked at")
}
