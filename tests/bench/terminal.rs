//! `weigh bench run` tells how far it is: in place on a terminal, in plain lines elsewhere.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// What only a run that hangs takes, however slow the machine.
const LIMIT: Duration = Duration::from_secs(180);

fn service(folder: &Path) {
    let own = folder.join("none-auth");
    std::fs::create_dir(&own).expect("the folder is ours");
    std::fs::write(own.join("handler.rs"), "fn main() {}\n").expect("written");
    let program = std::env::current_exe().expect("this program");
    let manifest = format!(
        "service: none-auth\ncandidate: none\nvariant: threads\ncontract: auth\nhandler: [handler.rs]\nstart: ['{}', --exact, serve, --ignored, --nocapture]\nenvironment: {{DEFECT: ''}}\n",
        program.display()
    );
    std::fs::write(own.join("service.yaml"), manifest).expect("written");
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).expect("a terminal has cells")
}

#[test]
#[ignore = "benchmarks services for minutes: `cargo test --test bench -- --ignored --skip serve`"]
fn progress_stays_in_place_and_ctrl_c_leaves_a_clean_screen() {
    let folder = tempfile::tempdir().expect("a folder");
    service(folder.path());
    let pair = native_pty_system()
        .openpty(size(80, 24))
        .expect("a pseudo-terminal");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_weigh"));
    command.args([
        "bench",
        "run",
        "none-auth",
        "--repetitions",
        "1",
        "--yes",
        "--lang",
        "en",
    ]);
    command.arg("--services");
    command.arg(folder.path());
    command.arg("--evidence");
    command.arg(folder.path().join("evidence"));
    command.cwd(folder.path());
    command.env("XDG_STATE_HOME", folder.path());
    command.env("TERM", "xterm-256color");
    let mut child = pair.slave.spawn_command(command).expect("it starts");
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let screen = Arc::new(Mutex::new(vt100::Parser::new(cells(24), cells(80), 0)));
    let seen = screen.clone();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(n @ 1..) = reader.read(&mut bytes) {
            seen.lock()
                .expect("nobody panics with the lock")
                .process(&bytes[..n]);
        }
    });
    let mut writer = pair.master.take_writer().expect("a writer");
    let contents = || screen.lock().expect("the lock").screen().contents();
    let until = |what: &str, reached: &dyn Fn(&str) -> bool| {
        let start = Instant::now();
        while !reached(&contents()) {
            assert!(start.elapsed() < LIMIT, "{what}:\n{}", contents());
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    // Live goodput and latency, and above them the clock, the round and which service of how many.
    let live = |text: &str| {
        text.lines()
            .filter(|line| line.contains(" requests/s, p99 "))
            .count()
    };
    let place = |text: &str| {
        text.lines()
            .filter(|line| line.contains("round 1/1  1/1  none-auth"))
            .count()
    };
    until("no live figures", &|text| {
        live(text) == 1 && place(text) == 1
    });
    for (cols, rows) in [(60, 20), (100, 30)] {
        pair.master.resize(size(cols, rows)).expect("resized");
        screen
            .lock()
            .expect("the lock")
            .screen_mut()
            .set_size(cells(rows), cells(cols));
        let before = contents();
        until("nothing moves", &|text| *text != before && live(text) == 1);
        std::thread::sleep(Duration::from_secs(2));
        until("the progress does not stay in its lines", &|text| {
            live(text) == 1 && place(text) == 1
        });
    }
    writer
        .write_all(b"\x03")
        .and_then(|()| writer.flush())
        .expect("the terminal takes input");
    until("Ctrl-C is not heard", &|text| text.contains("--resume"));
    assert_ne!(child.wait().expect("it ended").exit_code(), 0);
    until("progress is left behind", &|text| {
        live(text) == 0 && place(text) == 0
    });
    assert!(
        !screen.lock().expect("the lock").screen().hide_cursor(),
        "the cursor is shown"
    );
}

#[test]
fn without_a_terminal_progress_is_plain_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    service(folder.path());
    for (lang, words) in [
        ("en", ["none-auth: building", "none-auth: starting"]),
        ("zh", ["none-auth: 构建中", "none-auth: 启动中"]),
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_weigh"))
            .args([
                "bench",
                "verify",
                "none-auth",
                "--yes",
                "--lang",
                lang,
                "--services",
            ])
            .arg(folder.path())
            .env("XDG_STATE_HOME", folder.path())
            .output()
            .expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            words
                .iter()
                .all(|word| told.lines().any(|line| line.starts_with(word))),
            "{told}"
        );
        assert!(!told.contains(['\r', '\u{1b}']), "{told}");
    }
}
