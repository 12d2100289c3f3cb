//! The editor has the terminal to itself and opens at the right line.

use std::path::Path;

use super::Shell;

/// gitui #152, tuxedo #99, gitu #398, VTCode #654: the editor has screen and keys alone, afterwards everything is painted and keys
/// are ours.
#[test]
fn the_editor_returns() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let (editor, got) = (folder.path().join("ed-it"), folder.path().join("got"));
    let script = format!(
        "#!/bin/sh\necho EDITING \"$@\"\nread line\necho \"$line\" > {}\n",
        got.display()
    );
    std::fs::write(&editor, script).expect("written");
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o755))
        .expect("made runnable");
    let mut shell = Shell::explore_with(&[("EDITOR", &editor.to_string_lossy())]);
    shell.send("e");
    shell.wait("EDITING examples/auth-service/decision.yaml");
    assert!(
        !shell
            .screen
            .lock()
            .expect("the lock")
            .0
            .screen()
            .alternate_screen(),
        "the editor has the plain screen"
    );
    assert_eq!(shell.modes(), shell.before, "and the terminal's own modes");
    shell.send("all of this\r");
    shell.wait("files reloaded");
    assert_eq!(
        std::fs::read_to_string(&got)
            .expect("the editor ran")
            .trim(),
        "all of this",
        "no key was stolen"
    );
    shell.wait("Ranking");
    shell.send("8");
    shell.wait("[8 What-if]");
    shell.send("q");
    assert_eq!(shell.ends(), 0);
}

/// `$EDITOR` opens at the very line: what is under the cursor stands there.
#[test]
fn the_editor_opens_at_the_line() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let (editor, got) = (folder.path().join("vi"), folder.path().join("got"));
    std::fs::write(
        &editor,
        format!("#!/bin/sh\necho \"$@\" > {}\n", got.display()),
    )
    .expect("written");
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o755))
        .expect("made runnable");
    let mut shell = Shell::explore_with(&[("EDITOR", &editor.to_string_lossy())]);
    shell.send("5");
    shell.wait("[5 Why]");
    // Into the second criterion, down to its measure and the formula behind it: the pane beside it shows formula and place.
    shell.send("j\r");
    shell.send("j");
    shell.wait("ops_cost (criterion)");
    shell.send("\r");
    shell.send("j");
    shell.wait("operations (formula)");
    let seen = shell.contents();
    let shown: Vec<&str> = seen
        .lines()
        .filter_map(|line| line.rsplit('│').nth(1))
        .map(str::trim)
        .collect();
    let formula = shown
        .iter()
        .find_map(|line| line.strip_prefix("= "))
        .expect("its formula")
        .to_owned();
    shell.send("e");
    shell.wait("files reloaded");
    let arguments = std::fs::read_to_string(&got).expect("the editor ran");
    let (line, file) = arguments.trim().split_once(' ').expect("+LINE FILE");
    let line: usize = line
        .strip_prefix('+')
        .and_then(|n| n.parse().ok())
        .expect("+LINE");
    assert!(
        shown.contains(&format!("{file}:{line}").as_str()),
        "{file}:{line} is not what is shown:\n{seen}"
    );
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
        .expect("the file is there");
    let opened = text.lines().nth(line - 1).expect("the line is there");
    assert!(
        opened.contains(&formula),
        "{file}:{line} says `{opened}`, not `{formula}`"
    );
    shell.send("q");
    assert_eq!(shell.ends(), 0);
}
