//! `kill -9` of the program leaves no orphan: the supervisor ends the whole tree at the end of its pipe.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::processes::{alive, until};
use weigh::bench::supervisor::SUBCOMMAND;

/// A shell that starts a child in a session of its own and one in the background, then waits: what groups alone do not catch.
const TREE: &str = "echo $$ >> PIDS; setsid sh -c 'echo $$ >> PIDS; exec sleep 300' & sh -c 'echo $$ >> PIDS; trap \"\" TERM; sleep 300' & wait";

fn supervise(folder: &Path) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_weigh"));
    let mut child = child
        .arg(SUBCOMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the supervisor starts");
    let script = TREE.replace("PIDS", &folder.join("pids").display().to_string());
    let order = serde_json::json!({
        "arguments": ["/bin/sh", "-c", script], "environment": {"PATH": std::env::var("PATH").unwrap_or_default()},
        "folder": folder, "log": folder.join("log"), "data": null, "cores": [],
    });
    writeln!(child.stdin.as_mut().expect("piped"), "{order}").expect("it listens");
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().expect("piped"))
        .read_line(&mut line)
        .expect("it answers");
    assert!(line.contains("Started"), "{line}");
    child
}

fn pids(folder: &Path) -> Vec<u32> {
    let text = std::fs::read_to_string(folder.join("pids")).unwrap_or_default();
    text.lines().filter_map(|line| line.parse().ok()).collect()
}

#[test]
fn the_end_of_the_pipe_ends_the_whole_tree() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut supervisor = supervise(folder.path());
    until(Duration::from_secs(5), "the tree starts", || {
        pids(folder.path()).len() == 3
    });
    let tree = pids(folder.path());
    assert!(tree.iter().all(|pid| alive(*pid)));
    drop(supervisor.stdin.take());
    until(Duration::from_secs(5), "the tree ends", || {
        !tree.iter().any(|pid| alive(*pid))
    });
    assert!(supervisor.wait().expect("it ends").success());
}

/// The parent in this test is a shell of which only the pipe's other end is known, killed as `kill -9` kills.
#[test]
fn kill_9_of_the_parent_leaves_no_orphan() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = TREE.replace("PIDS", &folder.path().join("pids").display().to_string());
    let data = folder.path().join("weigh-private");
    std::fs::create_dir(&data).expect("a folder");
    let order = serde_json::json!({
        "arguments": ["/bin/sh", "-c", script], "environment": {"PATH": std::env::var("PATH").unwrap_or_default()},
        "folder": folder.path(), "log": folder.path().join("log"), "data": data, "cores": [],
    });
    std::fs::write(folder.path().join("order"), format!("{order}\n")).expect("written");
    // The shell keeps the pipe's writing end open for as long as it lives: it stands for `weigh`.
    let parent = format!(
        "mkfifo pipe; '{}' {SUBCOMMAND} < pipe & exec 9> pipe; cat order >&9; read forever",
        env!("CARGO_BIN_EXE_weigh")
    );
    let mut parent = Command::new("/bin/bash")
        .args(["-c", &parent])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("a shell");
    until(Duration::from_secs(5), "the tree starts", || {
        pids(folder.path()).len() == 3
    });
    let tree = pids(folder.path());
    // `Child::kill` sends SIGKILL, which nobody can handle.
    parent.kill().expect("it lives");
    parent.wait().expect("it ends");
    until(Duration::from_secs(5), "no orphan is left", || {
        !tree.iter().any(|pid| alive(*pid))
    });
    until(
        Duration::from_secs(5),
        "the private folder is removed",
        || !data.exists(),
    );
}
