//! The real binary in a pseudo-terminal: whatever ends it, the terminal is as it was.
#![cfg(unix)]

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

struct Shell {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    screen: Arc<Mutex<(vt100::Parser, Vec<u8>)>>,
    before: String,
    _folder: tempfile::TempDir,
}

fn cells(n: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(n).expect("a terminal has cells")
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

impl Shell {
    fn run(program: &str, arguments: &[&str]) -> Self {
        let pair = native_pty_system().openpty(size(100, 30)).expect("a pseudo-terminal");
        let before = format!("{:?}", pair.master.get_termios().expect("modes"));
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(env!("CARGO_MANIFEST_DIR"));
        command.env("XDG_STATE_HOME", folder.path());
        command.env("XDG_CONFIG_HOME", folder.path());
        command.env("LANG", "C.UTF-8");
        command.env_remove("LC_ALL");
        command.env("TERM", "xterm-256color");
        command.env("EDITOR", "true");
        command.env_remove("VISUAL");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let screen = Arc::new(Mutex::new((vt100::Parser::new(cells(30), cells(100), 0), Vec::new())));
        let seen = screen.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut bytes) {
                let mut seen = seen.lock().expect("nobody panics with the lock");
                seen.0.process(&bytes[..n]);
                seen.1.extend_from_slice(&bytes[..n]);
            }
        });
        let writer = pair.master.take_writer().expect("a writer");
        // The slave stays open here only through the child and the master.
        std::mem::forget(pair.slave);
        Self { master: pair.master, child, writer, screen, before, _folder: folder }
    }

    fn explore() -> Self {
        let shell = Self::run(env!("CARGO_BIN_EXE_weigh"), &["explore", "examples/auth-service"]);
        shell.wait("Ranking");
        shell
    }

    fn wait(&self, text: &str) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) {
            if self.screen.lock().expect("nobody panics with the lock").0.screen().contents().contains(text) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("`{text}` never came:\n{}", self.screen.lock().expect("the lock").0.screen().contents());
    }

    fn send(&mut self, bytes: &str) {
        self.writer.write_all(bytes.as_bytes()).expect("the terminal takes input");
        self.writer.flush().expect("flushed");
    }

    fn bytes(&self) -> usize {
        self.screen.lock().expect("the lock").1.len()
    }

    /// Waits for the end and checks that the terminal is as it was.
    fn ends(&mut self) -> u32 {
        let start = Instant::now();
        let code = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status.exit_code();
            }
            assert!(start.elapsed() < Duration::from_secs(20), "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        };
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(format!("{:?}", self.master.get_termios().expect("modes")), self.before, "terminal modes");
        let seen = self.screen.lock().expect("the lock");
        let screen = seen.0.screen();
        assert!(!screen.alternate_screen(), "alternate screen left");
        assert!(!screen.hide_cursor(), "cursor shown");
        assert!(!screen.bracketed_paste(), "paste mode off");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "mouse off");
        let leaves = seen.1.windows(8).filter(|w| w == b"\x1b[?1049l").count();
        let enters = seen.1.windows(8).filter(|w| w == b"\x1b[?1049h").count();
        assert_eq!(leaves, enters, "restored once for each time it was taken");
        code
    }
}

#[test]
fn start_resize_quit() {
    let mut shell = Shell::explore();
    shell.master.resize(size(80, 24)).expect("resized");
    shell.screen.lock().expect("the lock").0.screen_mut().set_size(cells(24), cells(80));
    // crossterm 0.29 may hold a key that comes in the same instant as a resize until the next one.
    shell.wait("[1 Rank] 2  3");
    shell.send("5");
    shell.wait("[5 Why]");
    // crossterm 0.29 underflows on this report of the mouse.
    shell.send("\x1b[<0;0;0M\x1b[<0;0;0m");
    shell.send("7");
    shell.wait("[7 Compare]");
    shell.send("q");
    assert_eq!(shell.ends(), 0);
}

/// ratatui #1338, rara PR 272: idle writes nothing.
#[test]
fn idle_writes_nothing() {
    let mut shell = Shell::explore();
    shell.wait("seed");
    std::thread::sleep(Duration::from_millis(500));
    let before = shell.bytes();
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(shell.bytes(), before);
    shell.send("q");
    assert_eq!(shell.ends(), 0);
}

#[test]
fn ctrl_c_always_leaves() {
    let mut shell = Shell::explore();
    shell.send("l?\x03");
    assert_eq!(shell.ends(), 0);
}

/// dot-agent-deck #1162, rustnet PR 364.
#[test]
fn sigterm_restores() {
    let mut shell = Shell::explore();
    let id = shell.child.process_id().expect("it runs").to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().expect("kill runs").success());
    assert_ne!(shell.ends(), 0);
}

/// SuperLightTUI #263, #296, dua-cli #65: Ctrl-Z, then `fg`.
#[test]
fn suspend_and_go_on() {
    let mut shell = Shell::explore();
    shell.send("\x1a");
    let start = Instant::now();
    while shell.screen.lock().expect("the lock").0.screen().alternate_screen() {
        assert!(start.elapsed() < Duration::from_secs(10), "it does not give the terminal back");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(200));
    let id = shell.child.process_id().expect("it runs").to_string();
    assert!(std::process::Command::new("kill").args(["-CONT", &id]).status().expect("kill runs").success());
    shell.wait("Ranking");
    shell.send("q");
    assert_eq!(shell.ends(), 0);
}

/// gitui #152, tuxedo #99, gitu #398, VTCode #654: after the editor everything is painted and keys are ours.
#[test]
fn the_editor_returns() {
    let mut shell = Shell::explore();
    shell.send("e");
    shell.wait("files read again");
    shell.wait("Ranking");
    shell.send("8");
    shell.wait("[8 What-if]");
    shell.send("q");
    assert_eq!(shell.ends(), 0);
}

/// ratatui #2087, bevy_ratatui PR 107: a panic restores once, and its text can be read.
#[test]
fn a_panic_restores_and_tells() {
    let own = std::env::current_exe().expect("this program");
    let mut shell = Shell::run(&own.to_string_lossy(), &["--ignored", "--exact", "panics_with_the_terminal", "--nocapture"]);
    shell.wait("something that cannot happen");
    assert_ne!(shell.ends(), 0);
}

#[test]
#[ignore = "run by the test above in a terminal of its own"]
fn panics_with_the_terminal() {
    weigh::tui::hold(true, || -> std::io::Result<()> { panic!("something that cannot happen") }).expect("not reached");
}

/// gitchange #110, ryk #217: stdout piped, stdin closed.
#[test]
fn without_a_terminal_it_prints_the_table() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_weigh"))
        .args(["explore", "examples/auth-service", "--lang", "en"])
        .stdin(std::process::Stdio::null())
        .output()
        .expect("it runs");
    assert!(output.status.success());
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(out.contains("Gin") && !out.contains('\u{1b}'), "{out}");
    assert!(err.contains("needs a terminal"), "{err}");
}
