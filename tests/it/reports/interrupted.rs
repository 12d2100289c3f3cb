//! Reports that are killed while they are written.

use super::*;

#[test]
fn a_kill_in_the_middle_leaves_no_half_written_file() {
    let dir = folder();
    let decisions = many(dir.path(), 240);
    let words = |out: &'static str| {
        let mut words = vec!["report", "--out", out];
        words.extend(decisions.iter().map(String::as_str));
        words
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<String>>()
    };
    let whole = Command::new(env!("CARGO_BIN_EXE_weigh"))
        .current_dir(dir.path())
        .args(words("whole"))
        .output()
        .expect("the binary runs");
    assert!(whole.status.success(), "{}", said(&whole));
    let wanted = tree(&dir.path().join("whole"));
    let cut = dir.path().join("cut");
    let mut child = Command::new(env!("CARGO_BIN_EXE_weigh"))
        .current_dir(dir.path())
        .args(words("cut"))
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the binary runs");
    // Files come in parts: once the first whole one is there, others are being computed and written.
    let started = std::time::Instant::now();
    let has_whole_file = || {
        let all = tree_if_there(&cut);
        all.iter().any(|name| !is_temporary(name))
    };
    while !has_whole_file() && started.elapsed().as_secs() < 120 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    // SIGKILL on Unix.
    child.kill().expect("it still runs, or has just ended");
    child.wait().expect("it was started here");
    let left: BTreeMap<PathBuf, Vec<u8>> = tree(&cut)
        .into_iter()
        .filter(|(name, _)| !is_temporary(name))
        .collect();
    assert!(
        !left.is_empty() && left.len() < wanted.len(),
        "{} of {} files: not in the middle",
        left.len(),
        wanted.len()
    );
    for (name, text) in &left {
        assert!(
            wanted.get(name) == Some(text),
            "{} is not whole",
            name.display()
        );
    }
    let again = Command::new(env!("CARGO_BIN_EXE_weigh"))
        .current_dir(dir.path())
        .args(words("cut"))
        .output()
        .expect("the binary runs");
    assert!(
        said(&again).contains(&format!("{} unchanged", left.len())),
        "{}",
        said(&again)
    );
}

/// Kills a batch again and again until one has left a temporary file, each time a little later: those that go on find what is there.
#[cfg(unix)]
#[test]
fn the_next_run_removes_what_killed_ones_left_and_nothing_else() {
    let dir = folder();
    let decisions = many(dir.path(), 240);
    let batch = |out: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weigh"));
        command
            .current_dir(dir.path())
            .args(["report", "--out", out])
            .args(&decisions)
            .env("LC_ALL", "C");
        command
    };
    let whole = batch("whole").output().expect("the binary runs");
    assert!(whole.status.success(), "{}", said(&whole));
    let wanted = tree(&dir.path().join("whole"));
    let cut = dir.path().join("cut");
    let beside = |name: &str| {
        let path = cut.join("d000").join(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder"))
            .expect("a folder can be made");
        fs::write(&path, "half a rep").expect("a file can be written");
        path
    };
    // A dead run's, a living one's, and two of the user's whose names are like them.
    let (dead, living) = (beside(".weigh-Ab12Cd.part"), beside(".weigh-Zy98Xw.part"));
    let users = [beside(".weigh-notes.part"), beside(".weigh-Ab12Cd.md")];
    let held = fs::File::open(&living).expect("it was just written");
    held.lock().expect("files can be locked here");
    let mut left = Vec::new();
    for round in 0..60_u64 {
        let mut child = batch("cut")
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the binary runs");
        std::thread::sleep(std::time::Duration::from_millis(10 + 3 * round));
        // SIGKILL; one that has ended already is none the worse for it.
        child.kill().expect("it was started here");
        child.wait().expect("it was started here");
        let now = tree(&cut);
        for (name, text) in now.iter().filter(|(name, _)| !is_temporary(name)) {
            assert!(
                wanted.get(name) == Some(text),
                "{} is not whole",
                name.display()
            );
        }
        let planted = |name: &Path| {
            [&dead, &living, &users[0], &users[1]]
                .iter()
                .any(|path| path.ends_with(name))
        };
        left = now
            .into_keys()
            .filter(|name| is_temporary(name) && !planted(name))
            .collect();
        if !left.is_empty() {
            break;
        }
    }
    let again = batch("cut").output().expect("the binary runs");
    assert!(again.status.success(), "{}", said(&again));
    let mut now = tree(&cut);
    for stays in [&living, &users[0], &users[1]] {
        let name = stays.strip_prefix(&cut).expect("it lies there");
        assert!(now.remove(name).is_some(), "{} was removed", name.display());
    }
    assert!(
        now == wanted,
        "beside the reports there is {:?}; a killed run had left {left:?}",
        extra(&now, &wanted)
    );
    // Once nobody writes it any more, that one goes too.
    drop(held);
    assert!(
        batch("cut")
            .output()
            .expect("the binary runs")
            .status
            .success()
    );
    assert!(!living.exists() && users.iter().all(|path| path.exists()));
}

/// What is moved into place once it is whole.
fn is_temporary(name: &Path) -> bool {
    name.file_name()
        .is_some_and(|n| n.to_string_lossy().starts_with(".weigh-"))
}

/// As [`tree`] of a folder that another process is writing to: what vanishes between listing and reading is left out.
fn tree_if_there(top: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut open = vec![top.to_path_buf()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.is_file() {
                let name = path.strip_prefix(top).expect("it is below").to_path_buf();
                all.push(name);
            }
        }
    }
    all
}
