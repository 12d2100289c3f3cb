//! Finding and reading files: bounded, with the user's folders before the built-in ones.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::archive::{Archive, Listing};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{SourceId, Sources, Span};
use crate::tr;

static CRITERIA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/criteria");
static CATALOGS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/catalogs");

/// Largest file that is read: a catalog of 10,000 candidates with 30 full facts fits.
const LARGEST: u64 = 40_000_000;
/// Most files below one folder.
const MOST_FILES: usize = 50_000;

/// Where a file's text is to be had.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Disk(PathBuf),
    BuiltIn { name: String, text: &'static [u8] },
}

impl Place {
    /// The file's name as a user knows it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Disk(path) => shown(path),
            Self::BuiltIn { name, .. } => name.clone(),
        }
    }

    /// The file's name without folder and ending.
    pub(super) fn stem(&self) -> &str {
        let path = match self {
            Self::Disk(path) => path.as_path(),
            Self::BuiltIn { name, .. } => Path::new(name),
        };
        path.file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or_default()
    }

    /// The name of the folder it lies in.
    pub(super) fn folder(&self) -> &str {
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

/// The folders in which `criteria/` and `catalogs/` are looked for, nearest first; the built-in ones come last.
#[derive(Clone, Debug)]
pub(super) struct Layers {
    roots: Vec<PathBuf>,
    /// What was read from them before.
    pub archive: Archive,
}

impl PartialEq for Layers {
    fn eq(&self, other: &Self) -> bool {
        self.roots == other.roots
    }
}

impl Layers {
    /// From the decision's folder up to the project's root (where `.git` lies), then the working folder.
    pub(super) fn above(folder: &Path, archive: &Archive) -> Self {
        // The parent of a bare file name is empty and means the working folder.
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
    pub(super) fn list(&self, top: &str) -> Listing {
        self.archive.list(&self.roots, top, || self.gathered(top))
    }

    fn gathered(&self, top: &str) -> BTreeMap<String, Place> {
        let mut found = BTreeMap::new();
        for root in &self.roots {
            let base = root.join(top);
            for path in walk(&base) {
                let relative = path
                    .strip_prefix(&base)
                    .unwrap_or(&path)
                    .to_string_lossy()
                    .replace('\\', "/");
                found.entry(relative).or_insert(Place::Disk(path));
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
                    found.entry(relative).or_insert(Place::BuiltIn {
                        name,
                        text: file.contents(),
                    });
                }
            }
        }
        found
    }

    /// The stored runs in `catalogs/evidence` of the nearest folder that holds any, else the built-in ones.
    pub(super) fn evidence(&self) -> Vec<Place> {
        let on_disk = self
            .roots
            .iter()
            .map(|root| run_files(&root.join("catalogs/evidence")))
            .find(|files| !files.is_empty());
        if let Some(files) = on_disk {
            return files.into_iter().map(Place::Disk).collect();
        }
        let built_in = CATALOGS
            .get_dir("evidence")
            .into_iter()
            .flat_map(Dir::files);
        let mut places: Vec<_> = built_in.filter(|file| is_run(file.path())).collect();
        places.sort_by_key(|file| file.path());
        let place = |file: &'static include_dir::File<'static>| Place::BuiltIn {
            name: format!(
                "<built-in>/catalogs/{}",
                file.path().to_string_lossy().replace('\\', "/")
            ),
            text: file.contents(),
        };
        places.into_iter().map(place).collect()
    }

    /// The first of these folders that holds `path`.
    pub(super) fn find(&self, path: &str) -> Option<PathBuf> {
        self.roots
            .iter()
            .map(|root| root.join(path))
            .find(|p| p.exists())
    }
}

fn is_yaml(path: &Path) -> bool {
    matches!(
        path.extension().and_then(|e| e.to_str()),
        Some("yaml" | "yml")
    )
}

fn is_run(path: &Path) -> bool {
    is_yaml(path) || path.extension().is_some_and(|e| e == "json")
}

/// Stored runs directly in a folder, sorted; what lies deeper is raw data.
pub(super) fn run_files(folder: &Path) -> Vec<PathBuf> {
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

/// YAML files below a folder, sorted; links to folders are not followed, so there is no way round. A link that leads nowhere is
/// listed, so that reading it says so; a pipe or a device is not, because reading it might never end.
pub(super) fn walk(base: &Path) -> Vec<PathBuf> {
    gather(base, is_yaml)
}

/// YAML and CSV files below a folder, sorted.
pub(super) fn walk_with_tables(base: &Path) -> Vec<PathBuf> {
    gather(base, |path| is_yaml(path) || is_csv(path))
}

/// Whether a file's name says that it is a table.
pub(super) fn is_csv(path: &Path) -> bool {
    path.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv"))
}

fn gather(base: &Path, wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut stack = vec![base.to_owned()];
    while let Some(folder) = stack.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
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
    files
}

/// The path as a user would type it from here.
pub(super) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let path = path.strip_prefix(&here).unwrap_or(path);
    path.strip_prefix("./")
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

/// Reads a text and adds it to the sources; what stands against it goes to the sink. A file that was read before is not read
/// again: its messages then have the same place and are told once.
pub(super) fn read(
    place: &Place,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Option<SourceId> {
    let path = match place {
        Place::BuiltIn { name, text } => {
            return sources
                .find(name)
                .or_else(|| accept(name.clone(), text.to_vec(), sources, sink));
        }
        Place::Disk(path) => path,
    };
    if path.as_os_str() == "-" {
        if let Some(source) = sources.find("-") {
            return Some(source);
        }
        return match bounded(std::io::stdin().lock()) {
            Ok(bytes) => accept("-".to_owned(), bytes, sources, sink),
            Err(error) => {
                sink.push(refused("-", &error));
                None
            }
        };
    }
    let name = shown(path);
    if let Some(source) = sources.find(&name) {
        return Some(source);
    }
    if path.is_dir() {
        let message = tr!(
            "`{name}` is a folder, not a file",
            "`{name}` 是目录，不是文件"
        );
        sink.push(Diagnostic::about_file(Code::Unreadable, name, message));
        return None;
    }
    if is_pipe(path) {
        let message = tr!(
            "`{name}` is a pipe, and nobody may be writing into it",
            "`{name}` 是管道，可能没有任何程序向其写入"
        );
        let hint = tr!(
            "give `-` and let the shell connect it: `weigh rank - < {name}`",
            "请改用 `-`，由 shell 连接：`weigh rank - < {name}`"
        );
        sink.push(Diagnostic::about_file(Code::Unreadable, name, message).hint(hint));
        return None;
    }
    match std::fs::File::open(path).and_then(bounded) {
        Ok(bytes) => accept(name, bytes, sources, sink),
        Err(error) => {
            sink.push(refused(&name, &error));
            None
        }
    }
}

/// A named pipe: opening one waits for a writer. Those that a shell connects for a command are written into already.
#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let connected = path.starts_with("/dev") || path.starts_with("/proc");
    !connected && std::fs::metadata(path).is_ok_and(|m| m.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &Path) -> bool {
    false
}

fn bounded(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn refused(name: &str, error: &std::io::Error) -> Diagnostic {
    let (why, warum) = match error.kind() {
        std::io::ErrorKind::NotFound => ("there is no such file", "文件不存在"),
        std::io::ErrorKind::PermissionDenied => ("permission denied", "没有权限"),
        // ELOOP, whose kind has no stable name yet.
        _ if cfg!(unix)
            && error.raw_os_error() == Some(if cfg!(target_os = "linux") { 40 } else { 62 }) =>
        {
            ("its links lead round in a circle", "其链接绕成了圈")
        }
        _ => ("the system refused", "系统拒绝访问"),
    };
    Diagnostic::about_file(
        Code::Unreadable,
        name,
        tr!("cannot read `{name}`: {why}", "无法读取 `{name}`：{warum}"),
    )
}

fn accept(
    name: String,
    bytes: Vec<u8>,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Option<SourceId> {
    if bytes.len() as u64 > LARGEST {
        let limit = LARGEST / 1_000_000;
        let message = tr!(
            "`{name}` is larger than {limit} MB",
            "`{name}` 超过 {limit} MB"
        );
        let hint = tr!(
            "split it: a catalog may have one file for each candidate",
            "请拆分：目录可为每个候选建一个文件"
        );
        sink.push(Diagnostic::about_file(Code::TooLarge, &name, message).hint(hint));
        return None;
    }
    let bom = "\u{feff}";
    let (text, invalid) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            (
                String::from_utf8_lossy(error.as_bytes()).into_owned(),
                Some(at),
            )
        }
    };
    let (text, cut) = match text.strip_prefix(bom) {
        Some(rest) => (rest.to_owned(), bom.len()),
        None => (text, 0),
    };
    let invalid = invalid.map(|at| at - cut);
    let nul = text.find('\0');
    if invalid.is_none() && nul.is_none() {
        return Some(sources.add(name, text));
    }
    // Not under its name: whoever asks for the file again must not get this text.
    let source = sources.add(name, text);
    sources.forget(source);
    let place = |at: usize, length: usize| {
        let start = u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            source,
            start,
            end: start.saturating_add(u32::try_from(length).unwrap_or(0)),
        }
    };
    let wide = tr!(
        "it looks like UTF-16: save it as UTF-8",
        "看起来是 UTF-16：请另存为 UTF-8"
    );
    sink.push(match (invalid, nul) {
        (Some(at), _) => {
            let hint = if at == 0 && nul.is_some() {
                wide
            } else {
                tr!("save the file as UTF-8", "请将文件另存为 UTF-8")
            };
            let replaced = '\u{fffd}'.len_utf8();
            Diagnostic::new(
                Code::NotUtf8,
                place(at, replaced),
                tr!("this byte is not UTF-8", "该字节不是有效的 UTF-8"),
            )
            .hint(hint)
        }
        (None, at) => {
            let at = at.unwrap_or_default();
            let hint = tr!("is this a text file?", "这是文本文件吗？");
            Diagnostic::new(
                Code::ControlCharacter,
                place(at, 1),
                tr!("a NUL byte", "NUL 字节"),
            )
            .hint(hint)
        }
    });
    None
}
