//! Why a result file was not read.

use std::io;
use std::path::PathBuf;

use super::Tool;
use super::source::Refusal;
use crate::lang::Text;
use crate::tr;

/// Nothing is stored when one of these comes back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file could not be opened or read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Evidence could not be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The content is broken, partial, or impossible.
    #[error("{}: {}", place(file, *line), .what.en)]
    Malformed {
        /// The file.
        file: String,
        /// The line, from 1, where one is known.
        line: Option<u64>,
        /// What is wrong.
        what: Text,
    },
    /// No importer knows the content.
    #[error("{}", unrecognised(file, *tool).en)]
    Unrecognised {
        /// The file.
        file: String,
        /// The tool that was asked for.
        tool: Option<Tool>,
    },
}

fn place(file: &str, line: Option<u64>) -> String {
    line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"))
}

fn unrecognised(file: &str, tool: Option<Tool>) -> Text {
    match tool {
        Some(tool) => {
            let (name, formats) = (tool.name(), tool.formats().join(", "));
            tr!(
                "{file} is no result of {name} that can be read ({formats})",
                "{file} 不是可读取的 {name} 结果（{formats}）"
            )
        }
        None => {
            let names = Tool::ALL.map(Tool::name).join(", ");
            tr!(
                "{file} is no result of a known tool ({names}); `--tool` says which one it should be",
                "{file} 不是已知工具（{names}）的结果；可用 `--tool` 指明工具"
            )
        }
    }
}

impl ImportError {
    /// The message in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::Read { path, source } => format!("无法读取 {}：{source}", path.display()),
            Self::Write { path, source } => format!("无法写入 {}：{source}", path.display()),
            Self::Malformed { file, line, what } => format!("{}：{}", place(file, *line), what.zh),
            Self::Unrecognised { file, tool } => unrecognised(file, *tool).zh,
        };
        Text {
            en: self.to_string(),
            zh,
        }
    }
}

/// What is wrong with the content, before the name of the file is put to it.
#[derive(Debug)]
pub(super) enum Fault {
    Content { line: Option<u64>, what: Text },
    Read(io::Error),
}

impl Fault {
    /// Something wrong in a line, counted from 1.
    pub(super) fn at(line: u64, what: Text) -> Self {
        Self::Content {
            line: Some(line),
            what,
        }
    }

    /// Something wrong with the whole.
    pub(super) fn whole(what: Text) -> Self {
        Self::Content { line: None, what }
    }

    /// The file ends before what every result of the tool has.
    pub(super) fn partial(line: u64, missing: &str) -> Self {
        Self::at(
            line,
            tr!(
                "the file ends without `{missing}`: is it complete?",
                "文件到此结束，却没有 `{missing}`：是否完整？"
            ),
        )
    }

    /// A field that holds no figure.
    pub(super) fn figure(line: u64, field: &str, found: &str) -> Self {
        let found: String = found.chars().take(40).collect();
        Self::at(
            line,
            tr!(
                "`{field}` is a number from 0 to 1e18, not `{found}`",
                "`{field}` 应为 0 到 1e18 之间的数，而不是 `{found}`"
            ),
        )
    }

    pub(super) fn named(self, file: &str) -> ImportError {
        match self {
            Self::Content { line, what } => ImportError::Malformed {
                file: file.to_owned(),
                line,
                what,
            },
            Self::Read(source) => ImportError::Read {
                path: file.into(),
                source,
            },
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<Refusal>())
        {
            Some(refusal) => Self::Content {
                line: refusal.line,
                what: refusal.what.clone(),
            },
            None => Self::Read(error),
        }
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        use serde_json::error::Category;
        let (line, detail) = (error.line() as u64, error.to_string());
        let what = match error.classify() {
            Category::Eof => tr!(
                "the JSON ends too early: is the file complete?",
                "JSON 提前结束：文件是否完整？"
            ),
            Category::Syntax => tr!("this is no JSON: {detail}", "JSON 语法有误：{detail}"),
            Category::Data | Category::Io => tr!(
                "this is not what the tool writes: {detail}",
                "内容不符合该工具的格式：{detail}"
            ),
        };
        Self::Content {
            line: (line > 0).then_some(line),
            what,
        }
    }
}

impl From<csv::Error> for Fault {
    fn from(error: csv::Error) -> Self {
        let line = error.position().map(csv::Position::line);
        let what = match error.kind() {
            csv::ErrorKind::Io(_) => {
                let csv::ErrorKind::Io(inner) = error.into_kind() else {
                    unreachable!("just seen to be one")
                };
                return inner.into();
            }
            csv::ErrorKind::Utf8 { .. } => not_utf8(),
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => tr!(
                "the row has {len} columns, the head {expected_len}: is the file complete?",
                "该行有 {len} 列，表头有 {expected_len} 列：文件是否完整？"
            ),
            _ => tr!("this is no CSV: {error}", "CSV 有误：{error}"),
        };
        Self::Content { line, what }
    }
}

pub(super) fn not_utf8() -> Text {
    tr!("the text is not UTF-8", "文本不是 UTF-8")
}
