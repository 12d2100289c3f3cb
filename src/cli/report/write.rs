//! Files that are only touched where they change, and never seen half written.
//!
//! A text is written beside its place and moved there once it is whole. Whoever writes such a temporary file holds its lock, which
//! the system takes back from a process that is killed: one that nobody holds has lost its writer, and the next run that comes
//! by removes it. The number of a process would not tell, since numbers come again and mean another process in another container.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

use crate::cli::Failure;
use crate::tr;

/// Writes below one folder and counts.
pub(in crate::cli) struct Writer {
    folder: PathBuf,
    written: AtomicUsize,
    kept: AtomicUsize,
    /// Folders from which what killed runs left was removed.
    cleared: Mutex<BTreeSet<PathBuf>>,
}

impl Writer {
    pub(in crate::cli) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            written: AtomicUsize::new(0),
            kept: AtomicUsize::new(0),
            cleared: Mutex::default(),
        }
    }

    pub(in crate::cli) fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many files were written, and how many were as they should be.
    pub(in crate::cli) fn counts(&self) -> (usize, usize) {
        (
            self.written.load(Ordering::Relaxed),
            self.kept.load(Ordering::Relaxed),
        )
    }

    /// Writes a file below the folder unless it says this already.
    pub(in crate::cli) fn write(&self, name: &Path, text: &str) -> Result<(), Failure> {
        let path = self.folder.join(name);
        self.clear(parent(&path));
        let changed = put(&path, text)?;
        let counter = if changed { &self.written } else { &self.kept };
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Clears a folder the first time that something is written there.
    fn clear(&self, folder: &Path) {
        let mut cleared = self.cleared.lock().unwrap_or_else(PoisonError::into_inner);
        if !cleared.contains(folder) {
            clear(folder);
            cleared.insert(folder.to_owned());
        }
    }
}

/// Puts a text into one file, whole or not at all; whether it was not there already.
pub(in crate::cli) fn replace(path: &Path, text: &str) -> Result<bool, Failure> {
    clear(parent(path));
    put(path, text)
}

fn put(path: &Path, text: &str) -> Result<bool, Failure> {
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
        Failure::environment(tr!(
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

/// A file of our own, locked; in the folder of its place, since only a move within one file system is all or nothing.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let mut builder = tempfile::Builder::new();
        let file = builder
            .prefix(BEGINS)
            .rand_bytes(RANDOM)
            .suffix(ENDS)
            .permissions(readable())
            .tempfile_in(folder)?;
        // Where a file system knows no locks, nobody can take the lock to clear up either.
        drop(file.as_file().lock());
        // Whoever clears up may have come between the two; with the lock in hand nobody comes any more.
        if file.path().exists() {
            return Ok(file);
        }
    }
}

/// Removes temporary files whose writers are gone; those that are being written, and all other files, stay.
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
            // Removed while the lock is held. What cannot be removed does no harm.
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

/// What the user's umask leaves of rw-rw-rw-: a temporary file is private otherwise.
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
