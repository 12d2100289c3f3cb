//! Files that nobody would write, or only an enemy: each gives a clear error soon, without a panic and in bounded memory.
//!
//! Every case runs `weigh check` in a process of its own, on Linux with its address space limited, so that a stack that overflows
//! or memory without bound fails the case.

mod files;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Generous: the slowest case takes a few seconds in a debug build on a busy machine.
const SOON: Duration = Duration::from_secs(300);
/// Address space, in KiB.
const MEMORY: u32 = 2_000_000;

/// A decision that is sound; cases add to it.
const SOUND: &str =
    "decision: plain\nas_of: 2026-11-22\nfacts: {reply_time: {title: Reply, unit: ms}}\n";
const CANDIDATES: &str =
    "candidates: [{id: quick, facts: {reply_time: 3}}, {id: slow, facts: {reply_time: 30}}]\n";
const CRITERIA: &str =
    "criteria: [{id: speed, expr: reply_time, unit: ms, value: {worst: 100, best: 0}}]\n";

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn put(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().expect("it has one")).expect("the folder is ours");
    std::fs::write(&path, bytes).expect("the folder is ours");
    path
}

fn weigh(words: &[&str], stdin: Option<&[u8]>) -> Output {
    let program = env!("CARGO_BIN_EXE_weigh");
    let mut command = if cfg!(target_os = "linux") {
        let mut shell = Command::new("sh");
        shell.args([
            "-c",
            &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\""),
            program,
        ]);
        shell
    } else {
        Command::new(program)
    };
    command
        .args(words)
        .args(["--color", "never", "--lang", "en"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let begin = Instant::now();
    let mut child = command.spawn().expect("the program was built");
    // A program that stops reading early closes the pipe; that is its right.
    drop(
        child
            .stdin
            .take()
            .expect("piped")
            .write_all(stdin.unwrap_or_default()),
    );
    let output = child.wait_with_output().expect("it ends");
    assert!(
        begin.elapsed() < SOON,
        "{words:?} took {:?}",
        begin.elapsed()
    );
    output
}

/// What `weigh check` says of a path, standard output and error together, and its exit code.
fn check(path: &Path) -> (String, Option<i32>) {
    let output = weigh(&["check", path.to_str().expect("a plain path")], None);
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{said}");
    assert!(
        output.status.code().is_some(),
        "killed: {}",
        &said[..said.len().min(2_000)]
    );
    (said, output.status.code())
}

/// The text is refused with this code, and the message holds these words.
#[track_caller]
fn refused(name: &str, text: impl AsRef<[u8]>, code: &str, words: &[&str]) {
    let folder = folder();
    let (said, exit) = check(&put(&folder, name, text));
    let head: String = said.chars().take(3_000).collect();
    assert_eq!(exit, Some(1), "{head}");
    assert!(
        said.contains(&format!("error[{code}]")),
        "no {code} in:\n{head}"
    );
    for word in words {
        assert!(said.contains(word), "no `{word}` in:\n{head}");
    }
    assert!(said.len() < 2_000_000, "{} bytes of messages", said.len());
}

#[track_caller]
fn accepted(name: &str, text: impl AsRef<[u8]>) {
    let folder = folder();
    let (said, exit) = check(&put(&folder, name, text));
    assert_eq!(exit, Some(0), "{said}");
}

#[test]
fn alias_bombs_stop() {
    let mut laughs = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..12 {
        let inner = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(laughs, "a{level}: &a{level} [{inner}]").expect("text takes everything");
    }
    refused(
        "bomb.yaml",
        format!("decision: bomb\n{laughs}"),
        "E0107",
        &["aliases", "write them out"],
    );
    let long = vec!["x"; 5_000].join(", ");
    let many = vec!["*a"; 5_000].join(", ");
    refused(
        "quadratic.yaml",
        format!("decision: bomb\na: &a [{long}]\nb: [{many}]\n"),
        "E0107",
        &["aliases"],
    );
}

#[test]
fn nesting_stops() {
    for (name, open) in [
        ("brackets.yaml", "["),
        ("braces.yaml", "{a: "),
        ("dashes.yaml", "- "),
    ] {
        refused(
            name,
            format!("decision: deep\nnotes:\n  {}", open.repeat(100_000)),
            "E0107",
            &["nests too deeply", "64"],
        );
    }
}

/// A tenfold of the value is no number any more; the search for break-evens must end all the same.
#[test]
fn figures_near_the_largest_number_end_in_words() {
    let folder = folder();
    for figure in ["1e308", "-1e308", "1.7e308", "5e-324"] {
        let path = put(
            &folder,
            "edge.csv",
            format!("candidate,x,y\na,{figure},1\nb,1,2\n"),
        );
        let path = path.to_str().expect("a plain path");
        let told = |words: &[&str]| {
            let output = weigh(words, None);
            let said = String::from_utf8_lossy(&output.stdout).into_owned()
                + &String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.code().is_some_and(|code| code < 2),
                "{words:?}: {said}"
            );
            said.to_lowercase()
        };
        let refused = told(&["rank", path]);
        assert!(
            refused.contains("use another unit") && !refused.contains("0000000000"),
            "{refused}"
        );
        for command in ["sensitivity", "robustness", "next", "pareto"] {
            let said = told(&[command, path]);
            assert!(
                !said
                    .split(|c: char| !c.is_alphabetic())
                    .any(|word| word == "nan" || word == "inf"),
                "{command}: {said}"
            );
        }
    }
}

#[test]
fn plain_oddities_are_accepted_or_pointed_at() {
    let sound = format!("{SOUND}{CANDIDATES}{CRITERIA}");
    accepted("decision.yaml", &sound);
    accepted("bom.yaml", format!("\u{feff}{sound}"));
    accepted("crlf.yaml", sound.replace('\n', "\r\n"));
    refused(
        "crlf.yaml",
        sound
            .replace("reply_time, unit", "reply_tmie, unit")
            .replace('\n', "\r\n"),
        "E0302",
        &[":5:30"],
    );
    refused(
        "bom.yaml",
        format!("\u{feff}{}", sound.replace("decision:", "decison:")),
        "E0108",
        &[":1:1", "`decision`"],
    );
    refused(
        "tabs.yaml",
        "decision: a\ncriteria:\n\t- speed\n",
        "E0105",
        &["tabs", ":3:"],
    );
    refused(
        "long.yaml",
        format!(
            "{sound}notes: [\"{}\", {{en: x, zh: y, fr: z}}]\n",
            "word ".repeat(300_000)
        ),
        "E0108",
        &["`fr`"],
    );
    refused(
        "two.yaml",
        format!("{sound}---\n{sound}"),
        "E0105",
        &["one document"],
    );
}

#[test]
fn empty_files_say_what_is_missing() {
    for (name, text) in [("empty.csv", ""), ("blank.csv", "\n\n \n")] {
        refused(name, text, "E0601", &["empty", "candidate"]);
    }
    let folder = folder();
    for (name, text) in [
        ("decision.yaml", ""),
        ("decision.yaml", "# only a remark\n"),
    ] {
        let path = put(&folder, name, text);
        let output = weigh(&["rank", path.to_str().expect("plain")], None);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(1)
                && said.contains("E0501")
                && said.contains("decision.yaml:1:1"),
            "{said}"
        );
    }
}

#[test]
fn every_repeated_key_is_told() {
    let text = format!(
        "{SOUND}{CANDIDATES}{CRITERIA}as_of: 2026-11-23\nas_of: 2026-11-24\ncandidates: []\n"
    );
    refused(
        "twice.yaml",
        text,
        "E0106",
        &[":6:1", ":7:1", ":8:1", "first here", "3 errors"],
    );
}

#[test]
fn a_million_keys_end_in_a_thousand_messages() {
    let mut text = String::from("decision: wide\n");
    for k in 0..1_000_000 {
        writeln!(text, "k{k}: 1").expect("text takes everything");
    }
    refused("wide.yaml", text, "E0108", &["1000 errors"]);
}

#[test]
fn huge_numbers_are_no_numbers() {
    for number in ["1e400", "-1e400", ".inf", ".nan", "NaN", "1e999 ms"] {
        refused(
            "huge.yaml",
            format!("{SOUND}candidates: [{{id: a, facts: {{reply_time: {number}}}}}]\n{CRITERIA}"),
            "E0201",
            &[],
        );
    }
    refused(
        "seed.yaml",
        format!("{SOUND}{CANDIDATES}{CRITERIA}seed: 1e300\n"),
        "E0112",
        &["seed: 1e300"],
    );
    let long = "9".repeat(100_000);
    refused(
        "digits.yaml",
        format!("{SOUND}candidates: [{{id: a, facts: {{reply_time: {long}}}}}]\n{CRITERIA}"),
        "E0201",
        &[],
    );
}

#[test]
fn objectives_nest_sixteen_deep() {
    let mut text = format!("{SOUND}{CANDIDATES}criteria:\n");
    for level in 0..25 {
        let indent = "  ".repeat(level);
        writeln!(text, "{indent}- objective: o{level}\n{indent}  criteria:")
            .expect("text takes everything");
    }
    writeln!(
        text,
        "{}- {{id: speed, expr: reply_time, unit: ms, value: {{worst: 100, best: 0}}}}",
        "  ".repeat(25)
    )
    .expect("text takes everything");
    refused("deep.yaml", text, "E0107", &["objectives nest too deeply"]);
}

#[test]
fn cycles_show_the_way_round() {
    let formulas = "formulas: {a: {title: A, expr: b + reply_time}, b: {title: B, expr: c}, c: {title: C, expr: a}}\n";
    let by_a = CRITERIA.replace("expr: reply_time", "expr: a");
    refused(
        "formulas.yaml",
        format!("{SOUND}{CANDIDATES}{by_a}{formulas}"),
        "E0403",
        &["a -> b -> c -> a"],
    );
    let fork = |id: &str, other: &str| {
        format!(
            "{{gate: {id}, ask: {other}_time > 1 ms, fork: {{yes: reply_time, no: {other}_time}}, gives: {id}_time, unit: ms}}"
        )
    };
    let gates = format!("gates: [{}, {}]\n", fork("x", "y"), fork("y", "x"));
    refused(
        "gates.yaml",
        format!("{SOUND}{CANDIDATES}{CRITERIA}{gates}"),
        "E0403",
        &["y_time -> x_time -> y_time"],
    );
    let parts = "candidates: [{id: a, parts: [b]}, {id: b, parts: [c]}, {id: c, parts: [a]}]\n";
    refused(
        "parts.yaml",
        format!("{SOUND}{parts}{CRITERIA}"),
        "E0403",
        &["a -> b -> c -> a"],
    );
}

#[test]
fn long_chains_do_not_use_up_the_stack() {
    let mut parts = String::from("candidates:\n  - {id: c0, facts: {reply_time: 1}}\n");
    let mut formulas = String::from("formulas:\n  f0: {title: F, expr: reply_time}\n");
    for k in 1..20_000 {
        writeln!(parts, "  - {{id: c{k}, parts: [c{}]}}", k - 1).expect("text takes everything");
        writeln!(formulas, "  f{k}: {{title: F, expr: f{} + 1 ms}}", k - 1)
            .expect("text takes everything");
    }
    refused(
        "parts.yaml",
        format!("{SOUND}{parts}{CRITERIA}"),
        "E0107",
        &["more than 1000 parts"],
    );
    let by_last = CRITERIA.replace("expr: reply_time", "expr: f19999");
    refused(
        "formulas.yaml",
        format!("{SOUND}{CANDIDATES}{by_last}{formulas}"),
        "E0107",
        &["200 formulas"],
    );
    // Each made of the one before, twice over: two to the power of forty parts.
    let mut doubled = String::from("candidates:\n  - {id: c0, facts: {reply_time: 1}}\n");
    for k in 1..40 {
        writeln!(doubled, "  - {{id: c{k}, parts: [c{0}, c{0}]}}", k - 1)
            .expect("text takes everything");
    }
    let summed = SOUND.replace("unit: ms", "unit: ms, rollup: sum");
    refused(
        "doubled.yaml",
        format!("{summed}{doubled}{CRITERIA}"),
        "E0107",
        &["more than 1000 parts"],
    );
}

#[test]
fn many_candidates_are_bounded() {
    let mut text = format!("{SOUND}{CRITERIA}candidates:\n");
    for k in 0..200_001 {
        writeln!(text, "- nobody{k}").expect("text takes everything");
    }
    refused(
        "many.yaml",
        text,
        "E0112",
        &["200000", "there is no candidate"],
    );
    let wide: Vec<String> = (0..1_001)
        .map(|k| {
            format!("{{id: s{k}, expr: reply_time, unit: ms, value: {{worst: 100, best: 0}}}}")
        })
        .collect();
    refused(
        "criteria.yaml",
        format!("{SOUND}{CANDIDATES}criteria: [{}]\n", wide.join(", ")),
        "E0112",
        &["at most 1000 criteria"],
    );
}

#[test]
fn tables_of_every_kind() {
    accepted(
        "quoted.csv",
        "\"candidate\",\"speed, top\"\r\n@worst,0\r\n@best,10\r\n\"a \"\"one\"\"\",9\r\n 'b' , 2..3 \r\n",
    );
    accepted(
        "bom.csv",
        "\u{feff}candidate,speed\n@worst,0\n@best,10\na,1\nb,\n",
    );
    refused(
        "semicolon.csv",
        "candidate;speed\na;1\n",
        "E0601",
        &["comma", ":1:1"],
    );
    refused("tab.csv", "candidate\tspeed\na\t1\n", "E0601", &["comma"]);
    refused(
        "ragged.csv",
        "candidate,speed,price\na,1\nb,1,2,3\n",
        "E0601",
        &[":2:1", ":3:1", "2 cells", "4 cells"],
    );
    refused(
        "twice.csv",
        "candidate,speed,speed\na,1,2\na,3,4\n",
        "E0601",
        &["criterion `speed`", "candidate `a`"],
    );
    refused(
        "nameless.csv",
        "candidate,speed,\na,1,2\n,3,4\n",
        "E0601",
        &[":1:17", ":3:1"],
    );
    for cell in [
        "=cmd()", "1e400", "NaN", "inf", "-inf", "1.000,5", "3 ms", "1..", "0x10",
    ] {
        let quoted = format!("candidate,speed\na,\"{cell}\"\nb,1\n");
        refused("cell.csv", quoted, "E0601", &[":2:"]);
    }
    refused(
        "range.csv",
        "candidate,speed\na,6..2\nb,1\n",
        "E0204",
        &[":2:3"],
    );
    refused("open.csv", "candidate,speed\n\"a,1\nb,2\n", "E0601", &[]);
    refused(
        "wide.csv",
        format!("candidate,{}\n", "x,".repeat(2_000_000)),
        "E0601",
        &["1000 criteria"],
    );
    let escaped = "\"a\"\"b\",".repeat(900);
    refused(
        "escapes.csv",
        format!(
            "candidate,{escaped}z\n{}",
            format!("r,{escaped}1\n").repeat(500)
        ),
        "E0601",
        &[],
    );
}
