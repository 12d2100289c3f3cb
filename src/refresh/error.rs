//! Errors of fact sources.

use crate::lang::Text;
use crate::tr;

/// Why a source returned nothing; other sources continue.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RefreshError {
    /// There is no source with this id.
    #[error("there is no source `{id}`")]
    Unknown { id: String },
    /// The source has no configured address.
    #[error("no address is configured for `{id}`")]
    Nowhere { id: &'static str },
    /// An HTTP error status.
    #[error("{place} answered {status}")]
    Status { place: String, status: u16 },
    /// The request failed.
    #[error("{place}: {said}")]
    Unreachable { place: String, said: String },
    /// The response exceeds the size limit.
    #[error("{place} sent more than {limit} MB")]
    TooLarge {
        place: String,
        /// In MB.
        limit: u64,
    },
    /// The response cannot be parsed.
    #[error("{place} is not what was expected: {said}")]
    Garbled { place: String, said: String },
}

impl RefreshError {
    /// The message for the user.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Unknown { id } => tr!("there is no source `{id}`", "没有名为 `{id}` 的来源"),
            Self::Nowhere { id } => tr!(
                "no address is configured: use `--base {id}=URL` or `--base {id}=DIR`",
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
                "unexpected response from {place}: {said}",
                "{place} 的内容不符合预期：{said}"
            ),
        }
    }

    /// Whether a retry may succeed.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Status { status, .. } => *status == 429 || *status >= 500,
            Self::Unreachable { .. } => true,
            _ => false,
        }
    }
}
