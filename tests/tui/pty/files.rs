//! Files that change while they are open, unsaved work after a crash, and reports.

use std::path::Path;

use super::Shell;

/// An example in a folder of its own.
fn copied() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/auth-service");
    for name in ["decision.yaml", "team.yaml"] {
        std::fs::copy(example.join(name), folder.path().join(name)).expect("copied");
    }
    std::fs::create_dir(folder.path().join("weights")).expect("a folder");
    for file in std::fs::read_dir(example.join("weights"))
        .into_iter()
        .flatten()
        .flatten()
    {
        std::fs::copy(
            file.path(),
            folder.path().join("weights").join(file.file_name()),
        )
        .expect("copied");
    }
    folder
}

/// csvlens 0.15: a file that changes is read again by itself; a broken one keeps the last good state and shows what is wrong.
#[test]
fn a_changed_file_is_read_again_and_a_broken_one_told() {
    let folder = copied();
    let mut shell = Shell::run(
        env!("CARGO_BIN_EXE_weigh"),
        &["explore", &folder.path().to_string_lossy()],
    );
    shell.wait("Ranking");
    let file = folder.path().join("decision.yaml");
    let good = std::fs::read_to_string(&file).expect("read");
    let title = shell
        .contents()
        .lines()
        .next()
        .and_then(|line| line.trim().split("  ").next().map(str::to_owned))
        .expect("a title");
    assert!(good.contains(&title), "{title}");
    std::fs::write(&file, good.replace(&title, "Another title")).expect("written");
    shell.wait("files reloaded");
    shell.wait("Another title");
    std::fs::write(&file, "decision: [").expect("written");
    shell.wait("FILES HAVE ERRORS");
    assert!(
        shell.contents().contains("Another title"),
        "the last good state stays"
    );
    shell.send("9");
    shell.wait("error[");
    std::fs::write(&file, &good).expect("written");
    shell.until("the errors stay", || {
        !shell.contents().contains("FILES HAVE ERRORS")
    });
    shell.wait(&title);
    shell.send("q");
    assert_eq!(shell.ends(), 0);
}

/// Killed in the middle: the next start offers what was not saved.
#[test]
fn unsaved_work_survives_a_crash() {
    let kept = tempfile::tempdir().expect("a folder");
    let place = kept.path().to_string_lossy().into_owned();
    let environment = [("XDG_STATE_HOME", place.as_str())];
    let mut shell = Shell::explore_with(&environment);
    shell.send("=77\r");
    shell.wait("-> 77");
    let folder = kept.path().join("weigh/explore");
    // The file itself: the one beside it, from which it is moved into place, is no use yet.
    let holds = |file: std::io::Result<std::fs::DirEntry>| {
        let path = file.expect("an entry").path();
        path.extension().is_some_and(|e| e == "json")
            && std::fs::read_to_string(path).is_ok_and(|text| text.contains("77"))
    };
    shell.until("nothing is kept", || {
        std::fs::read_dir(&folder).is_ok_and(|mut all| all.any(holds))
    });
    shell.signal("-KILL");
    shell.child.wait().expect("it ended");
    let mut again = Shell::explore_with(&environment);
    again.wait("Restore unsaved changes?");
    again.send("y");
    again.wait("unsaved changes restored");
    again.wait("(edited)");
    again.send("u");
    again.until("taking it up can be taken back", || {
        !again.contents().contains("(edited)")
    });
    again.send("q");
    assert_eq!(again.ends(), 0);
}

/// The report is written by the worker; whoever leaves at once still gets it whole.
#[test]
fn a_report_is_written_and_told() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/auth-service");
    let reports =
        |folder: &Path| std::fs::read_to_string(folder.join("reports/auth-service/report.md"));
    for leave in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut shell = Shell::run_in(
            folder.path(),
            env!("CARGO_BIN_EXE_weigh"),
            &["explore", &example.to_string_lossy()],
            &[],
        );
        shell.wait("Ranking");
        if leave {
            shell.send("Pq");
        } else {
            shell.send("P");
            shell.wait("written: reports/auth-service/report.md");
            shell.send("q");
        }
        assert_eq!(shell.ends(), 0);
        assert!(
            reports(folder.path()).is_ok_and(|text| text.starts_with("---\ndecision:")),
            "the report is there"
        );
    }
}
