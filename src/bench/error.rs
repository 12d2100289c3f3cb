//! What the world can refuse while a service is verified or measured.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::lang::Text;
use crate::tr;

/// What went wrong, with the path or process and the operation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// A file could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A document says something impossible.
    #[error("{file}: {}", .what.en)]
    Document {
        /// Manifest or contract.
        file: String,
        /// What is wrong.
        what: Text,
    },
    /// A process could not be started.
    #[error("cannot start `{command}`: {reason}")]
    Start {
        /// The command line.
        command: String,
        /// Why.
        reason: String,
    },
    /// A command did not end well.
    #[error("`{command}` failed ({status}):\n{log}")]
    Failed {
        /// The command line.
        command: String,
        /// How it ended.
        status: String,
        /// The last lines it wrote.
        log: String,
    },
    /// A service ended while it was needed.
    #[error("{service} ended ({status}):\n{log}")]
    Ended {
        /// The service or its process.
        service: String,
        /// How it ended.
        status: String,
        /// The last lines it wrote.
        log: String,
    },
    /// A service did not get ready in time.
    #[error("{service} was not ready within {seconds} s:\n{log}")]
    NotReady {
        /// The service or its process.
        service: String,
        /// The limit (s).
        seconds: f64,
        /// The last lines it wrote.
        log: String,
    },
    /// A command took too long.
    #[error("`{command}` did not end within {seconds} s:\n{log}")]
    TooLong {
        /// The command line.
        command: String,
        /// The limit (s).
        seconds: f64,
        /// The last lines it wrote.
        log: String,
    },
    /// Load goes to the own machine only.
    #[error("{address} is not a loopback address: load is sent to this machine only")]
    NotLoopback {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// The driver's sockets refused.
    #[error("the load driver cannot {operation}: {source}")]
    Driver {
        /// What it was about to do.
        operation: &'static str,
        /// Why.
        source: io::Error,
    },
    /// An operation could not be prepared: the service did not give what a request of the load needs.
    #[error("cannot prepare the load of `{operation}`: {}", .what.en)]
    Prepare {
        /// The operation.
        operation: String,
        /// What was missing.
        what: Text,
    },
    /// Ctrl-C or SIGTERM.
    #[error("interrupted")]
    Interrupted,
}

impl BenchError {
    /// The message in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::Read { path, source } => format!("无法读取 {}：{source}", path.display()),
            Self::Write { path, source } => format!("无法写入 {}：{source}", path.display()),
            Self::Document { file, what } => format!("{file}：{}", what.zh),
            Self::Start { command, reason } => format!("无法启动“{command}”：{reason}"),
            Self::Failed {
                command,
                status,
                log,
            } => format!("“{command}”失败（{status}）：\n{log}"),
            Self::Ended {
                service,
                status,
                log,
            } => format!("{service} 已退出（{status}）：\n{log}"),
            Self::NotReady {
                service,
                seconds,
                log,
            } => format!("{service} 在 {seconds} 秒内未就绪：\n{log}"),
            Self::TooLong {
                command,
                seconds,
                log,
            } => format!("“{command}”在 {seconds} 秒内未结束：\n{log}"),
            Self::NotLoopback { address } => format!("{address} 不是回环地址：负载只发往本机"),
            Self::Driver { operation, source } => {
                format!("负载驱动器无法执行 {operation}：{source}")
            }
            Self::Prepare { operation, what } => {
                format!("无法准备“{operation}”的负载：{}", what.zh)
            }
            Self::Interrupted => "已中断".to_owned(),
        };
        Text {
            en: self.to_string(),
            zh,
        }
    }

    pub(crate) fn document(file: &str, what: Text) -> Self {
        Self::Document {
            file: file.to_owned(),
            what,
        }
    }

    pub(crate) fn missing(file: &str, key: &str) -> Self {
        Self::document(file, tr!("`{key}` is missing", "缺少 `{key}`"))
    }
}
