//! Paths that are no readable files.

use super::*;

#[test]
fn files_that_are_no_text_are_refused() {
    refused("nul.yaml", b"decision: a\0b\n", "E0103", &[":1:12"]);
    refused(
        "latin.yaml",
        b"decision: caf\xe9\n",
        "E0102",
        &[":1:14", "UTF-8"],
    );
    refused(
        "bom-latin.yaml",
        b"\xef\xbb\xbfdecision: caf\xe9\n",
        "E0102",
        &[":1:14"],
    );
    refused("wide.yaml", b"\xff\xfed\0e\0c\0", "E0102", &["UTF-16"]);
    refused("image.csv", b"\x89PNG\r\n\x1a\n\0\0", "E0102", &[]);
}

#[test]
fn large_files_are_refused() {
    refused(
        "large.yaml",
        "# fifty million bytes of remarks, one line after another\n".repeat(900_000),
        "E0104",
        &["40 MB"],
    );
    refused(
        "values.yaml",
        format!("decision: many\nnotes: [{}]\n", "1,".repeat(6_000_000)),
        "E0104",
        &["values"],
    );
}

#[test]
fn paths_that_are_no_files_are_refused() {
    let folder = folder();
    let (said, exit) = check(&folder.path().join("nowhere.yaml"));
    assert!(
        exit == Some(1) && said.contains("E0101") && said.contains("no such file"),
        "{said}"
    );
    let (said, exit) = check(folder.path());
    assert!(
        exit == Some(1) && said.contains("E0101") && said.contains("no YAML or CSV file"),
        "{said}"
    );
    let output = weigh(&["rank", folder.path().to_str().expect("plain")], None);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.code() == Some(1)
            && said.contains("decision.yaml")
            && said.contains("weigh init"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn what_the_system_refuses_is_said() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder();
    let secret = put(&folder, "secret.yaml", "decision: secret\n");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o000))
        .expect("the file is ours");
    // Root may read everything.
    if std::fs::read(&secret).is_err() {
        let (said, exit) = check(&secret);
        assert!(
            exit == Some(1) && said.contains("permission denied"),
            "{said}"
        );
    }
    std::fs::remove_file(&secret).expect("the file is ours");

    // Links that go round, in a catalog that a decision reads: told, and nobody waits for a pipe.
    let catalogs = folder.path().join("catalogs/tools");
    std::fs::create_dir_all(&catalogs).expect("the folder is ours");
    symlink("round.yaml", catalogs.join("round.yaml")).expect("links work here");
    symlink("..", catalogs.join("up")).expect("links work here");
    let made = Command::new("mkfifo")
        .arg(catalogs.join("pipe.yaml"))
        .status()
        .is_ok_and(|s| s.success());
    assert!(made || !cfg!(target_os = "linux"));
    let decision = put(
        &folder,
        "decision.yaml",
        format!("{SOUND}candidates: ['tools/*']\n{CRITERIA}"),
    );
    let (said, exit) = check(&decision);
    assert!(
        exit == Some(1) && said.contains("E0101") && said.contains("round.yaml"),
        "{said}"
    );
}

/// Nobody writes into the pipe: opening it would wait for ever.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_is_refused_wherever_a_file_is_named() {
    let folder = folder();
    for name in ["pipe", "pipe.yaml", "pipe.csv"] {
        let pipe = folder.path().join(name);
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .is_ok_and(|s| s.success())
        );
        let path = pipe.to_str().expect("a plain path");
        for command in ["check", "rank", "weights", "sensitivity"] {
            // `weights` measures tables only by a method.
            let words: &[&str] = if command == "weights" && name.ends_with("csv") {
                &["weights", path, "--method", "critic"]
            } else {
                &[command, path]
            };
            let output = weigh(words, None);
            let said = String::from_utf8_lossy(&output.stdout).into_owned()
                + &String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.code() == Some(1)
                    && said.contains("E0101")
                    && said.contains("is a named pipe"),
                "{words:?}: {said}"
            );
        }
    }
}

#[test]
fn standard_input_may_be_either_form() {
    let yaml = format!("{SOUND}{CANDIDATES}{CRITERIA}");
    let csv = "candidate,speed\n@worst,0\n@best,10\nquick,9\nslow,2\n";
    for text in [yaml.as_str(), csv] {
        let output = weigh(&["rank", "-", "--format", "csv"], Some(text.as_bytes()));
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            said.lines()
                .nth(1)
                .is_some_and(|line| line.starts_with("1,quick,")),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let output = weigh(&["rank", "-"], Some(b"decision: x\0\n"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.code() == Some(1) && said.contains("E0103") && said.contains("-:1:12"),
        "{said}"
    );
}
