//! Calls Git as a program, so that the user's version and configuration apply.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Failure;
use crate::tr;

/// Runs Git in a folder and returns what it prints.
pub(super) fn run(folder: &Path, words: &[&str]) -> Result<String, Failure> {
    run_command(Command::new("git").arg("-C").arg(folder).args(words), None)
}

/// Returns the commit that a revision names.
pub(super) fn commit(folder: &Path, revision: &str) -> Result<String, Failure> {
    let named = format!("{revision}^{{commit}}");
    // A revision that begins with a hyphen would be read as a flag.
    let tip = run(
        folder,
        &["rev-parse", "--verify", "--end-of-options", &named],
    )?;
    Ok(tip.trim_end().to_owned())
}

/// Runs Git with its own index file, which leaves the user's index alone, and `input` on standard input.
pub(super) fn with_index(
    folder: &Path,
    index: &Path,
    words: &[&str],
    input: Option<&str>,
) -> Result<String, Failure> {
    run_command(
        Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(words)
            .env("GIT_INDEX_FILE", index),
        input,
    )
}

fn run_command(command: &mut Command, input: Option<&str>) -> Result<String, Failure> {
    let refused =
        |e: std::io::Error| Failure::environment(tr!("cannot run git: {e}", "无法运行 git：{e}"));
    command
        .stdin(if input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(refused)?;
    let pipe = child.stdin.take();
    let input = input.unwrap_or_default().to_owned();
    // Written by a separate thread: Git prints while it still reads.
    let writer = std::thread::spawn(move || pipe.map(|mut pipe| pipe.write_all(input.as_bytes())));
    let done = child.wait_with_output().map_err(refused)?;
    drop(writer.join());
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        let said = said.lines().next().unwrap_or_default().to_owned();
        return Err(Failure::environment(tr!("git: {said}", "git：{said}")));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
