//! Why a source gave nothing.

use crate::lang::Text;
use crate::tr;

/// Why a source gave nothing; the others go on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RefreshError {
    /// There is no source of this word.
    #[error("there is no source `{id}`")]
    Unknown {
        /// The word.
        id: String,
    },
    /// Nobody said where it is.
    #[error("no address is configured for `{id}`")]
    Nowhere {
        /// The source.
        id: &'static str,
    },
    /// It refused, or does not know the project.
    #[error("{place} answered {status}")]
    Status {
        /// What was asked.
        place: String,
        /// The status code.
        status: u16,
    },
    /// No answer came through.
    #[error("{place}: {said}")]
    Unreachable {
        /// What was asked.
        place: String,
        /// What the system said.
        said: String,
    },
    /// The answer is larger than any that makes sense.
    #[error("{place} sent more than {limit} MB")]
    TooLarge {
        /// What was asked.
        place: String,
        /// The limit, in MB.
        limit: u64,
    },
    /// The answer cannot be read.
    #[error("{place} is not what was expected: {said}")]
    Garbled {
        /// What was asked.
        place: String,
        /// What does not fit.
        said: String,
    },
}

impl RefreshError {
    /// For people.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Unknown { id } => tr!("there is no source `{id}`", "没有名为 `{id}` 的来源"),
            Self::Nowhere { id } => tr!(
                "no address is configured: say `--base {id}=URL` or `--base {id}=DIR`",
                "未配置地址：请给出 `--base {id}=URL` 或 `--base {id}=DIR`"
            ),
            Self::Status { place, status: 404 } => {
                tr!("{place} does not exist", "{place} 不存在")
            }
            Self::Status { place, status } => {
                tr!("{place} answered {status}", "{place} 返回 {status}")
            }
            Self::Unreachable { place, said } => tr!("{place}: {said}", "{place}：{said}"),
            Self::TooLarge { place, limit } => tr!(
                "{place} sent more than {limit} MB",
                "{place} 发送了超过 {limit} MB"
            ),
            Self::Garbled { place, said } => tr!(
                "{place} is not what was expected: {said}",
                "{place} 的内容不符合预期：{said}"
            ),
        }
    }

    /// Whether the same request may go through a moment later.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Status { status, .. } => *status == 429 || *status >= 500,
            Self::Unreachable { .. } => true,
            _ => false,
        }
    }
}
