//! The real binary in a pseudo-terminal: whatever ends it, the terminal is as it was.
#![cfg(unix)]

mod editor;
mod files;

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Ends what a failed test left behind.
struct Kill(Box<dyn Child + Send + Sync>);

impl Drop for Kill {
    fn drop(&mut self) {
        drop(self.0.kill());
    }
}

impl std::ops::Deref for Kill {
    type Target = Box<dyn Child + Send + Sync>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl std::ops::DerefMut for Kill {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

struct Shell {
    master: Box<dyn MasterPty + Send>,
    child: Kill,
    writer: Box<dyn Write + Send>,
    screen: Arc<Mutex<(vt100::Parser, Vec<u8>)>>,
    before: String,
    _folder: tempfile::TempDir,
}

/// What only a program that hangs takes, however slow the machine.
const LIMIT: Duration = Duration::from_secs(60);

fn cells(n: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(n).expect("a terminal has cells")
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

impl Shell {
    fn run(program: &str, arguments: &[&str]) -> Self {
        Self::run_with(program, arguments, &[])
    }

    fn run_with(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::run_in(
            Path::new(env!("CARGO_MANIFEST_DIR")),
            program,
            arguments,
            environment,
        )
    }

    fn run_in(
        working: &Path,
        program: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let pair = native_pty_system()
            .openpty(size(100, 30))
            .expect("a pseudo-terminal");
        let before = format!("{:?}", pair.master.get_termios().expect("modes"));
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(working);
        command.env("XDG_STATE_HOME", folder.path());
        command.env("XDG_CONFIG_HOME", folder.path());
        command.env("LANG", "C.UTF-8");
        command.env_remove("LC_ALL");
        command.env("TERM", "xterm-256color");
        command.env("EDITOR", "true");
        command.env_remove("VISUAL");
        command.env_remove("NO_COLOR");
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair
            .slave
            .spawn_command(command)
            .expect("the program starts");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let screen = Arc::new(Mutex::new((
            vt100::Parser::new(cells(30), cells(100), 0),
            Vec::new(),
        )));
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
        Self {
            master: pair.master,
            child: Kill(child),
            writer,
            screen,
            before,
            _folder: folder,
        }
    }

    fn explore() -> Self {
        Self::explore_with(&[])
    }

    fn explore_with(environment: &[(&str, &str)]) -> Self {
        let shell = Self::run_with(
            env!("CARGO_BIN_EXE_weigh"),
            &["explore", "examples/auth-service"],
            environment,
        );
        shell.wait("Ranking");
        shell
    }

    fn wait(&self, text: &str) {
        self.until(&format!("`{text}` never came"), || {
            self.contents().contains(text)
        });
    }

    /// Waits for something with a limit that only a hang reaches.
    fn until(&self, what: &str, reached: impl Fn() -> bool) {
        let start = Instant::now();
        while !reached() {
            assert!(start.elapsed() < LIMIT, "{what}:\n{}", self.contents());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn contents(&self) -> String {
        self.screen
            .lock()
            .expect("nobody panics with the lock")
            .0
            .screen()
            .contents()
    }

    /// Waits until nothing more is worked on and nothing more is written.
    fn settle(&self) {
        self.until("it never rests", || {
            let before = self.bytes();
            std::thread::sleep(Duration::from_millis(600));
            before == self.bytes() && !self.contents().contains("[working")
        });
    }

    fn modes(&self) -> String {
        format!("{:?}", self.master.get_termios().expect("modes"))
    }

    fn id(&self) -> String {
        self.child.process_id().expect("it runs").to_string()
    }

    fn signal(&self, name: &str) {
        assert!(
            std::process::Command::new("kill")
                .args([name, &self.id()])
                .status()
                .expect("kill runs")
                .success()
        );
    }

    /// A field of `/proc/PID/stat`, counted behind the name.
    #[cfg(target_os = "linux")]
    fn stat(&self, field: usize) -> String {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id()))
            .expect("the process is there");
        let (_, rest) = stat.rsplit_once(") ").expect("the name stands in brackets");
        rest.split(' ').nth(field).expect("a field").to_owned()
    }

    fn send(&mut self, bytes: &str) {
        self.writer
            .write_all(bytes.as_bytes())
            .expect("the terminal takes input");
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
            assert!(
                start.elapsed() < LIMIT,
                "it does not end:\n{}",
                self.contents()
            );
            std::thread::sleep(Duration::from_millis(10));
        };
        // What it wrote last may still be on its way.
        self.until("alternate screen left", || {
            !self
                .screen
                .lock()
                .expect("the lock")
                .0
                .screen()
                .alternate_screen()
        });
        self.until("cursor shown", || {
            !self
                .screen
                .lock()
                .expect("the lock")
                .0
                .screen()
                .hide_cursor()
        });
        assert_eq!(self.modes(), self.before, "terminal modes");
        let seen = self.screen.lock().expect("the lock");
        let screen = seen.0.screen();
        assert!(!screen.bracketed_paste(), "paste mode off");
        assert_eq!(
            screen.mouse_protocol_mode(),
            vt100::MouseProtocolMode::None,
            "mouse off"
        );
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
    shell
        .screen
        .lock()
        .expect("the lock")
        .0
        .screen_mut()
        .set_size(cells(24), cells(80));
    // crossterm 0.29 may hold a key that comes in the same instant as a resize until the next one.
    shell.wait("[1 Rank] 2 Trade  3 Sens");
    shell.send("5");
    shell.wait("[5 Why]");
    // crossterm 0.29 underflows on this report of the mouse.
    shell.send("\x1b[<0;0;0M\x1b[<0;0;0m");
    shell.send("7");
    shell.wait("[7 Comp]");
    shell.send("q");
    assert_eq!(shell.ends(), 0);
}

/// ratatui #1338, rara PR 272, pi #7769: idle writes nothing and takes less than half a percent of a core.
#[test]
#[cfg(target_os = "linux")]
fn idle_costs_nothing() {
    const SPAN: u32 = 6;
    // How much more memory a wake of the program touches than one of this test.
    const WAKE_FACTOR: f64 = 8.0;
    // User and system time in ticks of 10 ms, the 12th and 13th field behind the name (proc_pid_stat(5)).
    let ticks = |shell: &Shell| {
        [11, 12]
            .map(|at| shell.stat(at).parse::<u64>().expect("a count"))
            .iter()
            .sum::<u64>()
    };
    // How often the main thread went to sleep.
    let wakes = |shell: &Shell| {
        let status = std::fs::read_to_string(format!("/proc/{}/status", shell.id()));
        let status = status.expect("it runs");
        let line = status.lines().find(|l| l.starts_with("voluntary_ctxt"));
        let count = line.and_then(|line| line.split_whitespace().nth(1));
        count.expect("a count").parse::<u64>().expect("a number")
    };
    // CPU time of this thread in seconds; 0 where the kernel does not tell.
    let own = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        let nanoseconds = text.split(' ').next().and_then(|n| n.parse::<f64>().ok());
        nanoseconds.unwrap_or_default() / 1e9
    };
    let mut shell = Shell::explore();
    shell.settle();
    let (bytes, before, slept) = (shell.bytes(), ticks(&shell), wakes(&shell));
    let mine = own();
    for _ in 0..SPAN {
        std::thread::sleep(Duration::from_secs(1));
    }
    let price = own() - mine;
    assert_eq!(shell.bytes(), bytes);
    let woken = wakes(&shell) - slept;
    assert!(woken <= 2 * u64::from(SPAN), "it woke {woken} times");
    let used = (ticks(&shell) - before) as f64 * 0.01;
    // One tick more than half a percent: a tick may begin before the span. A virtual machine whose core sleeps charges a millisecond for
    // a wake that does nothing; a wake elsewhere costs microseconds, and the bound stays what it is.
    let bound = 0.005 * f64::from(SPAN) + 0.01 + WAKE_FACTOR * price;
    assert!(
        used <= bound,
        "idle takes {used:.3} s of {SPAN} s, not {bound:.3}"
    );
    shell.send("q");
    assert_eq!(shell.ends(), 0);
}

/// A key that repeats thirty times a second for five seconds: as soon as it is let go, the screen shows the last state.
#[test]
fn a_key_held_for_five_seconds_leaves_no_backlog() {
    let mut shell = Shell::explore();
    shell.send("=0\r");
    shell.wait("-> 0");
    for _ in 0..75 {
        shell.send("l");
        std::thread::sleep(Duration::from_millis(33));
    }
    for _ in 0..75 {
        shell.send("h");
        std::thread::sleep(Duration::from_millis(33));
    }
    let released = Instant::now();
    shell.send("?");
    shell.wait("Keys of Rank");
    assert!(
        released.elapsed() < Duration::from_secs(1),
        "{:?} of backlog",
        released.elapsed()
    );
    shell.send("?q");
    shell.wait("Unsaved changes");
    shell.send("y");
    assert_eq!(shell.ends(), 0);
}

/// no-color.org: set and not empty means no colour; bold and reverse stay.
#[test]
fn no_color_is_obeyed() {
    let colored = |shell: &Shell| {
        let bytes = shell.screen.lock().expect("the lock").1.clone();
        String::from_utf8_lossy(&bytes).contains("38;5;")
    };
    let mut plain = Shell::explore_with(&[("NO_COLOR", "1")]);
    plain.settle();
    assert!(!colored(&plain));
    plain.send("q");
    assert_eq!(plain.ends(), 0);
    let mut many = Shell::explore_with(&[("NO_COLOR", "")]);
    many.until("hues of the criteria", || colored(&many));
    many.send("q");
    assert_eq!(many.ends(), 0);
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
    shell.signal("-TERM");
    assert_ne!(shell.ends(), 0);
}

/// The terminal is still there when the hang-up comes: it gets its modes back.
#[test]
fn sighup_restores() {
    let mut shell = Shell::explore();
    shell.signal("-HUP");
    assert_ne!(shell.ends(), 0);
}

/// The window is closed: the program ends instead of reading an end of file for ever.
#[test]
fn a_closed_window_ends_it() {
    let Shell {
        master,
        mut child,
        writer,
        ..
    } = Shell::explore();
    let id = child.process_id().expect("it runs").to_string();
    drop((master, writer));
    assert!(
        std::process::Command::new("kill")
            .args(["-HUP", &id])
            .status()
            .expect("kill runs")
            .success()
    );
    let start = Instant::now();
    while child.try_wait().expect("a child").is_none() {
        assert!(start.elapsed() < Duration::from_secs(10), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// SuperLightTUI #263, #296, dua-cli #65: Ctrl-Z, then `fg`.
#[test]
fn suspend_and_go_on() {
    let mut shell = Shell::explore();
    for _ in 0..2 {
        shell.send("\x1a");
        shell.until("it does not give the terminal back", || {
            !shell
                .screen
                .lock()
                .expect("the lock")
                .0
                .screen()
                .alternate_screen()
        });
        #[cfg(target_os = "linux")]
        shell.until("it does not stop", || shell.stat(0) == "T");
        assert_eq!(
            shell.modes(),
            shell.before,
            "the shell has its own modes meanwhile"
        );
        shell.signal("-CONT");
        shell.until("it does not come back", || {
            shell
                .screen
                .lock()
                .expect("the lock")
                .0
                .screen()
                .alternate_screen()
        });
        shell.wait("Ranking");
        shell.send("8");
        shell.wait("[8 What-if]");
        shell.send("1");
        shell.wait("[1 Rank]");
    }
    shell.send("q");
    assert_eq!(shell.ends(), 0);
}

/// ratatui #2087, bevy_ratatui PR 107: a panic restores once, and its text can be read.
#[test]
fn a_panic_restores_and_tells() {
    let own = std::env::current_exe().expect("this program");
    let mut shell = Shell::run(
        &own.to_string_lossy(),
        &[
            "--ignored",
            "--exact",
            "pty::panics_with_the_terminal",
            "--nocapture",
        ],
    );
    shell.wait("something that cannot happen");
    assert_ne!(shell.ends(), 0);
}

#[test]
#[ignore = "run by the test above in a terminal of its own"]
fn panics_with_the_terminal() {
    weigh::tui::hold(true, || -> std::io::Result<()> {
        panic!("something that cannot happen")
    })
    .expect("not reached");
}

/// dot-agent-deck #1162: restored on an error return too.
#[test]
fn an_error_restores() {
    let own = std::env::current_exe().expect("this program");
    let mut shell = Shell::run(
        &own.to_string_lossy(),
        &[
            "--ignored",
            "--exact",
            "pty::fails_with_the_terminal",
            "--nocapture",
        ],
    );
    shell.wait("the terminal failed");
    assert_ne!(shell.ends(), 0);
}

#[test]
#[ignore = "run by the test above in a terminal of its own"]
fn fails_with_the_terminal() {
    weigh::tui::hold(true, || -> std::io::Result<()> {
        Err(std::io::Error::other("the terminal failed"))
    })
    .expect("told after the terminal is back");
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
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(out.contains("Gin") && !out.contains('\u{1b}'), "{out}");
    assert!(err.contains("needs a terminal"), "{err}");
}
