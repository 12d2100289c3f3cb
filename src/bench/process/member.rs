//! One command behind its supervisor: started, signalled, awaited, ended with all its descendants.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use super::Host;
use crate::bench::error::BenchError;
use crate::bench::interrupt::Interrupt;
use crate::bench::manifest::join_arguments;
use crate::bench::supervisor::{SupervisorOrder, SupervisorReply};

/// Number of log lines to show.
const LOG_LINES: usize = 30;

/// How a process exited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessExit {
    /// Exit code; `None` after a signal.
    pub code: Option<i32>,
    /// In words.
    pub how: String,
}

/// One command behind its supervisor.
#[derive(Debug)]
pub(super) struct Supervised {
    pub(super) name: String,
    supervisor: Child,
    orders: Option<ChildStdin>,
    words: Receiver<SupervisorReply>,
    pub(super) process: u32,
    exit: Option<ProcessExit>,
    log: PathBuf,
}

impl Supervised {
    pub(super) fn start(
        host: &Host,
        name: &str,
        order: SupervisorOrder,
    ) -> Result<Self, BenchError> {
        host.interrupt.check()?;
        let command = join_arguments(&order.arguments);
        let refused = |reason: String| BenchError::Start {
            command: command.clone(),
            reason,
        };
        let mut supervisor = Command::new(&host.program);
        // In its own process group, so that Ctrl-C in a terminal reaches only us and we end it in order.
        supervisor
            .args(&host.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0);
        let mut supervisor = supervisor
            .spawn()
            .map_err(|error| refused(error.to_string()))?;
        let mut orders = supervisor.stdin.take().expect("it is piped");
        let said = supervisor.stdout.take().expect("it is piped");
        let line = serde_json::to_string(&order).expect("an order has text keys only");
        let sent = writeln!(orders, "{line}");
        let (sender, words) = channel();
        thread::spawn(move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                let Ok(word) = serde_json::from_str(&line) else {
                    return;
                };
                if sender.send(word).is_err() {
                    return;
                }
            }
        });
        let mut member = Self {
            name: name.to_owned(),
            supervisor,
            orders: Some(orders),
            words,
            process: 0,
            exit: None,
            log: order.log,
        };
        match (sent, member.words.recv_timeout(Duration::from_secs(10))) {
            (Ok(()), Ok(SupervisorReply::Started(process))) => {
                member.process = process;
                Ok(member)
            }
            (Ok(()), Ok(SupervisorReply::Refused(reason))) => Err(refused(reason)),
            (Err(error), _) => Err(refused(error.to_string())),
            _ => Err(refused("its supervisor does not answer".to_owned())),
        }
    }

    pub(super) fn terminate(&mut self) {
        self.order("terminate");
    }

    pub(super) fn order(&mut self, word: &str) {
        if let Some(orders) = &mut self.orders {
            // It may have exited already.
            let _ = writeln!(orders, "{word}");
        }
    }

    pub(super) fn wait(&mut self, limit: Duration) -> Option<ProcessExit> {
        if self.exit.is_none() {
            self.exit = match self.words.recv_timeout(limit) {
                Ok(SupervisorReply::Ended { code, how }) => Some(ProcessExit { code, how }),
                Ok(_) | Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(ProcessExit {
                    code: None,
                    how: "its supervisor ended".to_owned(),
                }),
            };
        }
        self.exit.clone()
    }

    pub(super) fn check(&mut self, interrupt: &Interrupt) -> Result<(), BenchError> {
        interrupt.check()?;
        match self.wait(Duration::ZERO) {
            Some(exit) => Err(BenchError::Ended {
                service: self.name.clone(),
                status: exit.how,
                log: self.log_tail(),
            }),
            None => Ok(()),
        }
    }

    pub(super) fn log(&self) -> String {
        fs::read(&self.log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    pub(super) fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        // Closing the pipe tells the supervisor to end everything.
        self.orders = None;
        let _ = self.supervisor.wait();
    }
}
