//! Questions to git; it is called as a program, so that what it prints is what the user's git prints.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Failure;
use crate::tr;

/// What git prints in a folder.
pub(super) fn run(folder: &Path, words: &[&str]) -> Result<String, Failure> {
    output(Command::new("git").arg("-C").arg(folder).args(words), None)
}

/// The same with an index of its own, so that the user's stays as it is.
pub(super) fn with_index(
    folder: &Path,
    index: &Path,
    words: &[&str],
    input: Option<&str>,
) -> Result<String, Failure> {
    output(
        Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(words)
            .env("GIT_INDEX_FILE", index),
        input,
    )
}

fn output(command: &mut Command, input: Option<&str>) -> Result<String, Failure> {
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
    // Written beside the reading, since git answers while it still listens.
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
