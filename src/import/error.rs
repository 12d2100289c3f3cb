//! Errors while result files are read and stored.

use std::fmt;
use std::io;

use super::ImportTool;
use super::file::FileError;
use super::source::SourceError;
use crate::lang::Text;
use crate::tr;

/// An error of an import. Nothing is stored.
#[derive(Debug)]
#[non_exhaustive]
pub enum ImportError {
    /// The file could not be read.
    File(FileError),
    /// The content is malformed, incomplete or impossible.
    Malformed {
        /// The file.
        file: String,
        /// The line, from 1, if one is known.
        line: Option<u64>,
        /// What is wrong.
        what: Text,
    },
    /// No importer recognises the content.
    Unrecognised {
        /// The file.
        file: String,
        /// The tool that was asked for.
        tool: Option<ImportTool>,
    },
}

impl ImportError {
    /// Returns the message in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::File(error) => error.text(),
            Self::Malformed {
                file,
                line: Some(line),
                what,
            } => tr!("{file}:{line}: {what}", "{file}:{line}：{what}"),
            Self::Malformed {
                file,
                line: None,
                what,
            } => tr!("{file}: {what}", "{file}：{what}"),
            Self::Unrecognised {
                file,
                tool: Some(tool),
            } => {
                let (name, formats) = (tool.name(), tool.formats().join(", "));
                tr!(
                    "{file} is not a readable result of {name} ({formats})",
                    "{file} 不是可读取的 {name} 结果（{formats}）"
                )
            }
            Self::Unrecognised { file, tool: None } => {
                let names = ImportTool::ALL.map(ImportTool::name).join(", ");
                tr!(
                    "{file} is not a result of a known tool ({names}); name the tool with `--tool`",
                    "{file} 不是已知工具（{names}）的结果；可用 `--tool` 指明工具"
                )
            }
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl std::error::Error for ImportError {}

impl From<FileError> for ImportError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

/// What is wrong with the content, without the name of the file.
#[derive(Debug)]
pub(super) enum ContentFault {
    Content { line: Option<u64>, what: Text },
    Read(io::Error),
}

impl ContentFault {
    /// An error in a line, counted from 1.
    pub(super) fn at(line: u64, what: Text) -> Self {
        Self::Content {
            line: Some(line),
            what,
        }
    }

    /// An error of the file as a whole.
    pub(super) fn whole(what: Text) -> Self {
        Self::Content { line: None, what }
    }

    /// The file ends before something that every result of the tool contains.
    pub(super) fn partial(line: u64, missing: &str) -> Self {
        Self::at(
            line,
            tr!(
                "the file ends without `{missing}`: is it complete?",
                "文件到此结束，却没有 `{missing}`：是否完整？"
            ),
        )
    }

    /// A field that is not a figure.
    pub(super) fn figure(line: u64, field: &str, found: &str) -> Self {
        let found: String = found.chars().take(40).collect();
        Self::at(
            line,
            tr!(
                "`{field}` must be a number from 0 to 1e18, not `{found}`",
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
            Self::Read(source) => FileError::reading(file)(source).into(),
        }
    }
}

impl From<io::Error> for ContentFault {
    fn from(error: io::Error) -> Self {
        match error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<SourceError>())
        {
            Some(refusal) => Self::Content {
                line: refusal.line,
                what: refusal.what.clone(),
            },
            None => Self::Read(error),
        }
    }
}

impl From<serde_json::Error> for ContentFault {
    fn from(error: serde_json::Error) -> Self {
        use serde_json::error::Category;
        let (line, detail) = (error.line() as u64, error.to_string());
        let what = match error.classify() {
            Category::Eof => tr!(
                "the JSON ends too early: is the file complete?",
                "JSON 提前结束：文件是否完整？"
            ),
            Category::Syntax => tr!("invalid JSON: {detail}", "JSON 语法有误：{detail}"),
            Category::Data | Category::Io => tr!(
                "this is not the tool's format: {detail}",
                "内容不符合该工具的格式：{detail}"
            ),
        };
        Self::Content {
            line: (line > 0).then_some(line),
            what,
        }
    }
}

impl From<csv::Error> for ContentFault {
    fn from(error: csv::Error) -> Self {
        let line = error.position().map(csv::Position::line);
        let what = match error.kind() {
            csv::ErrorKind::Io(_) => {
                let csv::ErrorKind::Io(inner) = error.into_kind() else {
                    unreachable!("just seen to be one")
                };
                return inner.into();
            }
            csv::ErrorKind::Utf8 { .. } => not_utf8_message(),
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => tr!(
                "the row has {len} columns, the header {expected_len}: is the file complete?",
                "该行有 {len} 列，表头有 {expected_len} 列：文件是否完整？"
            ),
            _ => tr!("invalid CSV: {error}", "CSV 有误：{error}"),
        };
        Self::Content { line, what }
    }
}

pub(super) fn not_utf8_message() -> Text {
    tr!("the text is not UTF-8", "文本不是 UTF-8")
}
