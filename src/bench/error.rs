//! Errors of the environment while a service is verified or measured.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use crate::import::file::FileError;
use crate::lang::Text;
use crate::tr;

/// An error with its path, process or operation.
#[derive(Debug)]
#[non_exhaustive]
pub enum BenchError {
    /// A file could not be read or written.
    File(FileError),
    /// A manifest or contract contradicts itself.
    Document {
        /// Manifest or contract.
        file: String,
        /// What is wrong.
        what: Text,
    },
    /// A process could not be started.
    Start {
        /// The command line.
        command: String,
        /// Why.
        reason: String,
    },
    /// A command failed.
    Failed {
        /// The command line.
        command: String,
        /// Its exit status.
        status: String,
        /// The end of its output.
        log: String,
    },
    /// A service ended while it was in use.
    Ended {
        /// The service or its process.
        service: String,
        /// Its exit status.
        status: String,
        /// The end of its log.
        log: String,
    },
    /// A service was not ready in time.
    NotReady {
        /// The service or its process.
        service: String,
        /// The limit (s).
        seconds: f64,
        /// The end of its log.
        log: String,
    },
    /// A command took too long.
    TooLong {
        /// The command line.
        command: String,
        /// The limit (s).
        seconds: f64,
        /// The end of its output.
        log: String,
    },
    /// Load is only sent to loopback addresses.
    NotLoopback {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// The operating system refused a socket, a thread or a poll.
    Driver {
        /// What the driver was about to do.
        operation: &'static str,
        /// Why.
        source: io::Error,
    },
    /// The service did not provide what the requests of the load need.
    Prepare {
        /// The operation.
        operation: String,
        /// What was missing.
        what: Text,
    },
    /// Ctrl-C or SIGTERM.
    Interrupted,
}

impl BenchError {
    /// Returns the message in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::File(error) => error.text(),
            Self::Document { file, what } => tr!("{file}: {what}", "{file}：{what}"),
            Self::Start { command, reason } => tr!(
                "cannot start `{command}`: {reason}",
                "无法启动“{command}”：{reason}"
            ),
            Self::Failed {
                command,
                status,
                log,
            } => tr!(
                "`{command}` failed ({status}):\n{log}",
                "“{command}”失败（{status}）：\n{log}"
            ),
            Self::Ended {
                service,
                status,
                log,
            } => tr!(
                "{service} ended ({status}):\n{log}",
                "{service} 已退出（{status}）：\n{log}"
            ),
            Self::NotReady {
                service,
                seconds,
                log,
            } => tr!(
                "{service} was not ready within {seconds} s:\n{log}",
                "{service} 在 {seconds} 秒内未就绪：\n{log}"
            ),
            Self::TooLong {
                command,
                seconds,
                log,
            } => tr!(
                "`{command}` did not end within {seconds} s:\n{log}",
                "“{command}”在 {seconds} 秒内未结束：\n{log}"
            ),
            Self::NotLoopback { address } => tr!(
                "{address} is not a loopback address: load is only sent to loopback",
                "{address} 不是回环地址：负载只发往本机"
            ),
            Self::Driver { operation, source } => tr!(
                "the load driver cannot {operation}: {source}",
                "负载驱动器无法执行 {operation}：{source}"
            ),
            Self::Prepare { operation, what } => tr!(
                "cannot prepare the load of `{operation}`: {what}",
                "无法准备“{operation}”的负载：{what}"
            ),
            Self::Interrupted => tr!("interrupted", "已中断"),
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

impl fmt::Display for BenchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl std::error::Error for BenchError {}

impl From<FileError> for BenchError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}
