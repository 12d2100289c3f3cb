//! Finding and reading files: bounded, with the user's folders before the built-in ones.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::text;
use crate::text::{SourceId, Sources, Span};

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
    /// The file's name without folder and ending.
    pub(super) fn stem(&self) -> &str {
        let path = match self {
            Self::Disk(path) => path.as_path(),
            Self::BuiltIn { name, .. } => Path::new(name),
        };
        path.file_stem().and_then(|s| s.to_str()).unwrap_or_default()
    }

    /// The name of the folder it lies in.
    pub(super) fn folder(&self) -> &str {
        let path = match self {
            Self::Disk(path) => path.as_path(),
            Self::BuiltIn { name, .. } => Path::new(name),
        };
        path.parent().and_then(Path::file_name).and_then(|s| s.to_str()).unwrap_or_default()
    }
}

/// The folders in which `criteria/` and `catalogs/` are looked for, nearest first; the built-in ones come last.
#[derive(Clone, Debug)]
pub(super) struct Layers {
    roots: Vec<PathBuf>,
}

impl Layers {
    /// From the decision's folder up to the project's root (where `.git` lies), then the working folder.
    pub(super) fn above(folder: &Path) -> Self {
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
        Self { roots }
    }

    /// Every YAML file below `top` (`criteria` or `catalogs`), by its path there; the nearest folder wins.
    pub(super) fn list(&self, top: &str) -> BTreeMap<String, Place> {
        let mut found = BTreeMap::new();
        for root in &self.roots {
            let base = root.join(top);
            for path in walk(&base) {
                let relative = path.strip_prefix(&base).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                found.entry(relative).or_insert(Place::Disk(path));
            }
        }
        let built_in = if top == "criteria" { &CRITERIA } else { &CATALOGS };
        let mut stack = vec![built_in];
        while let Some(dir) = stack.pop() {
            stack.extend(dir.dirs());
            for file in dir.files() {
                let relative = file.path().to_string_lossy().replace('\\', "/");
                if is_yaml(file.path()) {
                    let name = format!("<built-in>/{top}/{relative}");
                    found.entry(relative).or_insert(Place::BuiltIn { name, text: file.contents() });
                }
            }
        }
        found
    }

    /// The first of these folders that holds `path`.
    pub(super) fn find(&self, path: &str) -> Option<PathBuf> {
        self.roots.iter().map(|root| root.join(path)).find(|p| p.exists())
    }
}

fn is_yaml(path: &Path) -> bool {
    matches!(path.extension().and_then(|e| e.to_str()), Some("yaml" | "yml"))
}

/// YAML files below a folder, sorted; links to folders are not followed, so there is no way round.
pub(super) fn walk(base: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut stack = vec![base.to_owned()];
    while let Some(folder) = stack.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                stack.push(path);
            } else if is_yaml(&path) && files.len() < MOST_FILES {
                files.push(path);
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
    path.strip_prefix("./").unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Reads a text and adds it to the sources; what stands against it goes to the sink.
pub(super) fn read(place: &Place, sources: &mut Sources, sink: &mut Diagnostics) -> Option<SourceId> {
    match place {
        Place::BuiltIn { name, text } => accept(name.clone(), text.to_vec(), sources, sink),
        Place::Disk(path) if path.as_os_str() == "-" => {
            let mut bytes = Vec::new();
            let input = std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes);
            if let Err(error) = input {
                sink.push(refused("-", &error));
                return None;
            }
            accept("-".to_owned(), bytes, sources, sink)
        }
        Place::Disk(path) => {
            let name = shown(path);
            if path.is_dir() {
                let message = text!("`{name}` is a folder, not a file", "`{name}` 是目录，不是文件");
                sink.push(Diagnostic::about_file(Code::Unreadable, name, message));
                return None;
            }
            let mut bytes = Vec::new();
            let outcome = std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
            if let Err(error) = outcome {
                sink.push(refused(&name, &error));
                return None;
            }
            accept(name, bytes, sources, sink)
        }
    }
}

fn refused(name: &str, error: &std::io::Error) -> Diagnostic {
    let (why, warum) = match error.kind() {
        std::io::ErrorKind::NotFound => ("there is no such file", "文件不存在"),
        std::io::ErrorKind::PermissionDenied => ("permission denied", "没有权限"),
        _ => ("the system refused", "系统拒绝访问"),
    };
    Diagnostic::about_file(Code::Unreadable, name, text!("cannot read `{name}`: {why}", "无法读取 `{name}`：{warum}"))
}

fn accept(name: String, bytes: Vec<u8>, sources: &mut Sources, sink: &mut Diagnostics) -> Option<SourceId> {
    if bytes.len() as u64 > LARGEST {
        let limit = LARGEST / 1_000_000;
        sink.push(Diagnostic::about_file(Code::TooLarge, &name, text!("`{name}` is larger than {limit} MB", "`{name}` 超过 {limit} MB")));
        return None;
    }
    let (text, fault) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some((Code::NotUtf8, at)))
        }
    };
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    let fault = fault.or_else(|| text.find('\0').map(|at| (Code::ControlCharacter, at)));
    let source = sources.add(name, text);
    let Some((code, at)) = fault else { return Some(source) };
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    let message = match code {
        Code::NotUtf8 => text!("this byte is not UTF-8", "该字节不是有效的 UTF-8"),
        _ => text!("a NUL byte", "NUL 字节"),
    };
    sink.push(Diagnostic::new(code, Span { source, start: at, end: at + 1 }, message));
    None
}
