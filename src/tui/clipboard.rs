//! Copies to the clipboard: with a tool of the desktop, or with the escape sequence OSC 52 over SSH and where there is no tool. The
//! caller reports which, because a terminal never confirms OSC 52.

use std::io::Write;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A way to reach the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CopyMethod {
    /// A program and its arguments.
    Tool(&'static [&'static str]),
    /// The escape sequence that asks the terminal to copy.
    Osc52,
}

const TOOLS: &[(&str, &[&str])] = &[
    ("WAYLAND_DISPLAY", &["wl-copy"]),
    ("DISPLAY", &["xclip", "-selection", "clipboard"]),
    ("DISPLAY", &["xsel", "--clipboard", "--input"]),
    (
        "",
        if cfg!(target_os = "macos") {
            &["pbcopy"]
        } else if cfg!(windows) {
            &["clip.exe"]
        } else {
            &[]
        },
    ),
];

/// The ways to try, best first; `is_set` tells whether an environment variable is set.
pub(super) fn ways(is_set: impl Fn(&str) -> bool) -> Vec<CopyMethod> {
    let mut all = Vec::new();
    if !is_set("SSH_TTY") && !is_set("SSH_CONNECTION") {
        let usable = TOOLS
            .iter()
            .filter(|(needs, words)| !words.is_empty() && (needs.is_empty() || is_set(needs)));
        all.extend(usable.map(|(_, words)| CopyMethod::Tool(words)));
    }
    all.push(CopyMethod::Osc52);
    all
}

/// Copies with a tool; returns whether it succeeded.
pub(super) fn copy_with(words: &[&str], text: &str) -> bool {
    let Some((program, arguments)) = words.split_first() else {
        return false;
    };
    let quiet = || Stdio::null();
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(quiet())
        .stderr(quiet())
        .spawn();
    let Ok(mut child) = child else { return false };
    let written = child
        .stdin
        .take()
        .is_some_and(|mut input| input.write_all(text.as_bytes()).is_ok());
    written && child.wait().is_ok_and(|status| status.success())
}

/// The escape sequence that asks the terminal to copy, wrapped for tmux if it runs inside tmux.
pub(super) fn osc52(text: &str, tmux: bool) -> String {
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
    if tmux {
        format!("\x1bPtmux;\x1b{plain}\x1b\\")
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// lazygit #5724, gitui #2366, gwm-cli #367: over SSH a host tool succeeds into the wrong clipboard.
    #[test]
    fn over_ssh_only_the_terminal_copies() {
        assert_eq!(
            ways(|name| ["SSH_TTY", "DISPLAY"].contains(&name)),
            [CopyMethod::Osc52]
        );
        assert_eq!(ways(|_| false).last(), Some(&CopyMethod::Osc52));
        assert!(ways(|name| name == "DISPLAY").len() > 1);
        assert_eq!(osc52("hi", false), "\x1b]52;c;aGk=\x07");
        assert_eq!(osc52("hi", true), "\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\");
    }
}
