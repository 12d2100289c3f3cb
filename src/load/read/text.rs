//! Reads one file as text, within limits.

use std::io::Read;
use std::path::Path;

use crate::diagnostic::{Code, Diagnostic};
use crate::load::read::file_ref::{FileRef, shown};
use crate::load::read::reader::Reader;
use crate::source::{SourceId, Span};
use crate::tr;

/// Size limit of a file: a catalog of 10,000 candidates with 30 full facts fits.
const LARGEST: u64 = 40_000_000;

impl Reader {
    /// Reads a text within limits and adds it to the sources. A file is read only once, so its problems have the
    /// same place and are reported once.
    pub(crate) fn read_text(&mut self, file: &FileRef) -> Option<SourceId> {
        let path = match file {
            FileRef::BuiltIn { name, text } => {
                return self
                    .sources
                    .find(name)
                    .or_else(|| self.accept(name.clone(), text.to_vec()));
            }
            FileRef::Disk(path) => path,
        };
        let is_stdin = path.as_os_str() == "-";
        let name = if is_stdin {
            "-".to_owned()
        } else {
            shown(path)
        };
        if let Some(source) = self.sources.find(&name) {
            return Some(source);
        }
        let read = if is_stdin {
            read_bounded(std::io::stdin().lock())
        } else {
            if let Some(diagnostic) = refuse_kind(path, &name) {
                self.report(diagnostic);
                return None;
            }
            std::fs::File::open(path).and_then(read_bounded)
        };
        match read {
            Ok(bytes) => self.accept(name, bytes),
            Err(error) => {
                self.report(unreadable(&name, &error));
                None
            }
        }
    }

    /// Accepts bytes as text if they are UTF-8 without NUL and within the size limit.
    fn accept(&mut self, name: String, bytes: Vec<u8>) -> Option<SourceId> {
        if bytes.len() as u64 > LARGEST {
            let limit = LARGEST / 1_000_000;
            let message = tr!(
                "`{name}` is larger than {limit} MB",
                "`{name}` 超过 {limit} MB"
            );
            let hint = tr!(
                "split it: a catalog may have one file per candidate",
                "请拆分：目录可为每个候选建一个文件"
            );
            self.report(Diagnostic::about_file(Code::TooLarge, &name, message).hint(hint));
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
            return Some(self.sources.add(name, text));
        }
        // Forget the name, so that reading the file again does not return this text.
        let source = self.sources.add(name, text);
        self.sources.forget(source);
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
        self.report(match (invalid, nul) {
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
                let hint = tr!("check that this is a text file", "这是文本文件吗？");
                Diagnostic::new(
                    Code::ControlCharacter,
                    place(at, 1),
                    tr!("the text contains a NUL byte", "NUL 字节"),
                )
                .hint(hint)
            }
        });
        None
    }
}

/// Reports why a folder or a pipe cannot be read.
fn refuse_kind(path: &Path, name: &str) -> Option<Diagnostic> {
    if path.is_dir() {
        let message = tr!(
            "`{name}` is a folder, not a file",
            "`{name}` 是目录，不是文件"
        );
        return Some(Diagnostic::about_file(Code::Unreadable, name, message));
    }
    if is_pipe(path) {
        let message = tr!(
            "`{name}` is a named pipe; reading it could block forever",
            "`{name}` 是管道，可能没有任何程序向其写入"
        );
        let hint = tr!(
            "pass `-` and redirect standard input: `weigh rank - < {name}`",
            "请改用 `-`，由 shell 连接：`weigh rank - < {name}`"
        );
        return Some(Diagnostic::about_file(Code::Unreadable, name, message).hint(hint));
    }
    None
}

/// Whether opening the file could block until a writer appears: true for a named pipe, false for a shell's process
/// substitution.
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

fn read_bounded(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(name: &str, error: &std::io::Error) -> Diagnostic {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => tr!("no such file", "文件不存在"),
        std::io::ErrorKind::PermissionDenied => tr!("permission denied", "没有权限"),
        // ELOOP, whose kind has no stable name yet.
        _ if cfg!(unix)
            && error.raw_os_error() == Some(if cfg!(target_os = "linux") { 40 } else { 62 }) =>
        {
            tr!("its symbolic links form a loop", "其链接绕成了圈")
        }
        _ => tr!("the operating system refused access", "系统拒绝访问"),
    };
    Diagnostic::about_file(
        Code::Unreadable,
        name,
        tr!("cannot read `{name}`: {why}", "无法读取 `{name}`：{why}"),
    )
}
