//! One command behind its supervisor: started, signalled, waited for, ended with everything below it.

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
use crate::bench::manifest::shown;
use crate::bench::supervisor::{Order, Word};

/// How much of a log is shown.
const LOG_LINES: usize = 30;

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
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
    words: Receiver<Word>,
    pub(super) process: u32,
    exit: Option<Exit>,
    log: PathBuf,
}

impl Supervised {
    pub(super) fn start(host: &Host, name: &str, order: Order) -> Result<Self, BenchError> {
        host.interrupt.check()?;
        let command = shown(&order.arguments);
        let refused = |reason: String| BenchError::Start {
            command: command.clone(),
            reason,
        };
        let mut supervisor = Command::new(&host.program);
        // A group of its own: Ctrl-C in a terminal is for us, and we then end it in order.
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
            (Ok(()), Ok(Word::Started(process))) => {
                member.process = process;
                Ok(member)
            }
            (Ok(()), Ok(Word::Refused(reason))) => Err(refused(reason)),
            (Err(error), _) => Err(refused(error.to_string())),
            _ => Err(refused("its supervisor does not answer".to_owned())),
        }
    }

    pub(super) fn terminate(&mut self) {
        self.order("terminate");
    }

    pub(super) fn order(&mut self, word: &str) {
        if let Some(orders) = &mut self.orders {
            // It may have ended by itself.
            let _ = writeln!(orders, "{word}");
        }
    }

    pub(super) fn wait(&mut self, limit: Duration) -> Option<Exit> {
        if self.exit.is_none() {
            self.exit = match self.words.recv_timeout(limit) {
                Ok(Word::Ended { code, how }) => Some(Exit { code, how }),
                Ok(_) | Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Exit {
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
        // The end of the pipe is the order to end everything.
        self.orders = None;
        let _ = self.supervisor.wait();
    }
}
