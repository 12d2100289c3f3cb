//! Why a report could not be made.

use super::TemplateError;
use crate::analysis::study::NotComputed;
use crate::lang::Text;
use crate::tr;

/// Why a report could not be made. The variants decide the exit code of the command line.
#[derive(Debug)]
pub enum ReportError {
    /// Invalid usage, such as an unknown template.
    Usage(Text),
    /// The decision or a template has an error.
    Failed(Text),
    /// A file cannot be read or written, or a process cannot be started.
    Environment(Text),
    /// People edited what would be replaced, so a file was left as it is. The message says how to go on.
    Kept(Text),
}

impl ReportError {
    /// Returns the message.
    #[must_use]
    pub fn into_text(self) -> Text {
        match self {
            Self::Usage(text) | Self::Failed(text) | Self::Environment(text) | Self::Kept(text) => {
                text
            }
        }
    }
}

impl From<TemplateError> for ReportError {
    fn from(error: TemplateError) -> Self {
        let TemplateError {
            file,
            line,
            column,
            message,
            excerpt,
        } = error;
        let position = if line > 0 {
            format!("{file}:{line}:{column}")
        } else {
            file
        };
        let shown = if excerpt.is_empty() {
            String::new()
        } else {
            format!("\n  {line} | {excerpt}")
        };
        Self::Failed(tr!(
            "template {position}: {message}{shown}",
            "模板 {position}：{message}{shown}"
        ))
    }
}

/// An analysis that cannot be applied to the decision.
impl From<NotComputed> for ReportError {
    fn from(why: NotComputed) -> Self {
        Self::Failed(why.reason)
    }
}
