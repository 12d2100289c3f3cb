//! The supervisor: a process of our own binary between `weigh` and one command of a service.
//!
//! It holds a pipe from `weigh`. When the pipe closes, for whatever reason, it ends the command and everything the command started.
//! Process groups and death signals alone are not enough once a server changes its user or makes its own group, so the supervisor
//! adopts orphans (a "subreaper", prctl(2)) and kills its descendants until none is left.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions};
use serde::{Deserialize, Serialize};

use super::usage;

/// The hidden subcommand that runs the binary as a supervisor.
pub const SUBCOMMAND: &str = "supervise-service";

/// What a supervisor is to start, sent to it as one line of JSON.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct SupervisorOrder {
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) folder: PathBuf,
    pub(crate) log: PathBuf,
    /// The private folder, removed here if `weigh` has died and cannot do it.
    pub(crate) data: Option<PathBuf>,
    /// Cores it may run on; empty for all.
    pub(crate) cores: Vec<usize>,
}

/// What a supervisor reports, one line each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SupervisorReply {
    Started(u32),
    Refused(String),
    Ended { code: Option<i32>, how: String },
}

/// What a supervisor receives from `weigh` or from its child.
enum SupervisorEvent {
    Signal(Signal),
    Ended(io::Result<ExitStatus>),
    ParentGone,
}

/// Prefix of private folders' names.
pub(crate) const DATA_PREFIX: &str = "weigh-";

/// How long a command may take to exit after SIGTERM once `weigh` has died.
const GRACE: Duration = Duration::from_millis(1500);

/// Runs as a supervisor; the entry point of [`SUBCOMMAND`].
#[must_use]
pub fn main() -> ExitCode {
    let mut line = String::new();
    let order = io::stdin()
        .lock()
        .read_line(&mut line)
        .ok()
        .and_then(|_| serde_json::from_str::<SupervisorOrder>(&line).ok());
    let Some(order) = order else {
        return ExitCode::from(2);
    };
    match spawn_program(&order) {
        Err(error) => {
            send_reply(&SupervisorReply::Refused(error.to_string()));
            ExitCode::FAILURE
        }
        Ok(child) => {
            send_reply(&SupervisorReply::Started(child.id()));
            supervise_program(child, order.data.as_deref());
            ExitCode::SUCCESS
        }
    }
}

fn spawn_program(order: &SupervisorOrder) -> io::Result<Child> {
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    if !order.cores.is_empty() {
        pin_to_cores(&order.cores)?;
    }
    let (program, arguments) = order
        .arguments
        .split_first()
        .ok_or(io::ErrorKind::InvalidInput)?;
    let log = File::options().create(true).append(true).open(&order.log)?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(&order.folder)
        .env_clear()
        .envs(&order.environment);
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .process_group(0);
    command.spawn()
}

/// Pins the calling thread, and what it starts, to these cores.
pub(crate) fn pin_to_cores(cores: &[usize]) -> io::Result<()> {
    let mut set = rustix::thread::CpuSet::new();
    for core in cores {
        set.set(*core);
    }
    Ok(rustix::thread::sched_setaffinity(None, &set)?)
}

fn supervise_program(mut child: Child, data: Option<&Path>) {
    let group = Pid::from_child(&child);
    let (sender, events) = channel();
    read_orders(sender.clone());
    thread::spawn(move || {
        let ended = child.wait();
        let _ = sender.send(SupervisorEvent::Ended(ended));
    });
    loop {
        match events.recv() {
            Ok(SupervisorEvent::Signal(signal)) => signal_group(group, signal),
            Ok(SupervisorEvent::Ended(status)) => {
                // A service ends with its main process, and so do the processes it left behind.
                end_descendants();
                send_reply(&exit_reply(status));
                return;
            }
            Ok(SupervisorEvent::ParentGone) | Err(_) => {
                signal_group(group, Signal::TERM);
                wait_for_end(&events);
                signal_group(group, Signal::KILL);
                end_descendants();
                // Remove only folders with our own prefix, whatever the order says.
                if let Some(data) = data.filter(|d| {
                    d.file_name()
                        .is_some_and(|name| name.to_string_lossy().starts_with(DATA_PREFIX))
                }) {
                    let _ = fs::remove_dir_all(data);
                }
                return;
            }
        }
    }
}

fn read_orders(sender: Sender<SupervisorEvent>) {
    thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let event = match line.as_deref() {
                Ok("terminate") => SupervisorEvent::Signal(Signal::TERM),
                Ok("kill") => SupervisorEvent::Signal(Signal::KILL),
                Ok(_) => continue,
                Err(_) => break,
            };
            if sender.send(event).is_err() {
                return;
            }
        }
        let _ = sender.send(SupervisorEvent::ParentGone);
    });
}

fn wait_for_end(events: &Receiver<SupervisorEvent>) {
    let deadline = Instant::now() + GRACE;
    loop {
        match events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(SupervisorEvent::Ended(_))
            | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
            Ok(_) => {}
        }
    }
}

fn signal_group(group: Pid, signal: Signal) {
    // The group may have exited already.
    let _ = rustix::process::kill_process_group(group, signal);
}

/// Kills all descendants. Repeats until none is left, because a process may fork meanwhile.
fn end_descendants() {
    let own = std::process::id();
    for _ in 0..200 {
        while matches!(rustix::process::wait(WaitOptions::NOHANG), Ok(Some(_))) {}
        let below: Vec<u32> = usage::read_processes()
            .descendants(own)
            .into_iter()
            .filter(|p| *p != own)
            .collect();
        if below.is_empty() {
            return;
        }
        for process in below {
            if let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) {
                let _ = rustix::process::kill_process(pid, Signal::KILL);
            }
        }
        thread::sleep(Duration::from_millis(10));
    }
}

fn exit_reply(status: io::Result<ExitStatus>) -> SupervisorReply {
    match status {
        Ok(status) => SupervisorReply::Ended {
            code: status.code(),
            how: status.to_string(),
        },
        Err(error) => SupervisorReply::Ended {
            code: None,
            how: error.to_string(),
        },
    }
}

fn send_reply(word: &SupervisorReply) {
    let line = serde_json::to_string(word).expect("a word has text keys only");
    // `weigh` may have died. Then nobody reads this, and the closed pipe tells us soon.
    let _ = writeln!(io::stdout().lock(), "{line}");
}
