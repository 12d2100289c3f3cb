//! Load, save, load is identity: every YAML file that is shipped, written in canonical form, holds what it held, and every example
//! saved that way ranks as before, to the last digit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use rayon::prelude::*;
use serde_json::{Map, Value};
use weigh::load::Reader;
use weigh::load::save::canonical;

/// The file in canonical form; `None` for a file of another program.
fn saved(file: &Path) -> Option<String> {
    let mut reader = Reader::default();
    let text = canonical(file, &mut reader);
    let sink = reader.diagnostics;
    assert!(
        !sink.has_errors(),
        "{}: {:?}",
        file.display(),
        sink.sorted()
    );
    text
}

fn yaml_below(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)
            .expect("the folder is in the repository")
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The YAML files of the repository but those that are wrong on purpose.
fn shipped() -> Vec<PathBuf> {
    let all = ["catalogs", "criteria", "examples"]
        .map(|top| yaml_below(Path::new(top)))
        .concat();
    all.into_iter()
        .filter(|path| !path.starts_with("examples/broken"))
        .collect()
}

fn tree(text: &str) -> Value {
    serde_yaml::from_str(text).expect("the program read it")
}

/// Whether everything that `before` says stands in `after` too, which may add what holds by default. Words that are the same in
/// both languages may be written once, and one thing is a list of one.
fn keeps(before: &Value, after: &Value) -> bool {
    let same_words = |both: &Map<String, Value>, one: &Value| {
        both.len() == 2 && both.values().all(|word| word == one)
    };
    match (before, after) {
        (Value::Null, Value::Array(items)) => items.is_empty(),
        (Value::Null, Value::Object(entries)) => entries.is_empty(),
        (Value::Object(a), Value::Object(b)) => a.iter().all(|(key, own)| match b.get(key) {
            Some(other) => keeps(own, other),
            None => own.is_null(),
        }),
        (Value::Object(a), one @ Value::String(_)) => same_words(a, one),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| keeps(a, b))
        }
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        // A title may be a number or a flag: it is words all the same.
        (Value::Number(_) | Value::Bool(_), Value::String(text)) => format!("{before}") == *text,
        _ => before == after,
    }
}

#[test]
fn every_shipped_file_keeps_what_it_says() {
    let files = shipped();
    assert!(files.len() > 80, "only {} files were found", files.len());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let problems: Vec<String> = files
        .par_iter()
        .filter_map(|file| {
            let first = saved(file)?;
            // The same path below another folder: the kind of a file may hang on its folder.
            let copy = folder.path().join(file);
            fs::create_dir_all(copy.parent().expect("it has one")).expect("the folder is ours");
            fs::write(&copy, &first).expect("the folder is ours");
            if saved(&copy).as_ref() != Some(&first) {
                return Some(format!("{}: saved twice it differs", file.display()));
            }
            let before = tree(&fs::read_to_string(file).expect("it was just read"));
            (!keeps(&before, &tree(&first)))
                .then(|| format!("{}: something was lost in\n{first}", file.display()))
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What `weigh rank` prints as JSON in a folder.
fn ranking(folder: &Path, decision: &Path) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_weigh"))
        .current_dir(folder)
        .arg("rank")
        .arg(decision)
        .args(["--evidence", "repo", "--format", "json"])
        .output()
        .expect("the program was built");
    assert!(
        run.status.success(),
        "{}: {}",
        decision.display(),
        String::from_utf8_lossy(&run.stderr)
    );
    String::from_utf8(run.stdout).expect("output is UTF-8")
}

#[test]
fn a_repository_that_was_saved_ranks_as_before() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Without it the folder is no project, and `criteria/` and `catalogs/` above a decision are not looked for.
    fs::create_dir(folder.path().join(".git")).expect("the folder is ours");
    for file in shipped() {
        let copy = folder.path().join(&file);
        fs::create_dir_all(copy.parent().expect("it has one")).expect("the folder is ours");
        let text =
            saved(&file).unwrap_or_else(|| fs::read_to_string(&file).expect("it was just read"));
        fs::write(copy, text).expect("the folder is ours");
    }
    let decisions: Vec<PathBuf> = shipped()
        .into_iter()
        .filter(|path| path.ends_with("decision.yaml"))
        .collect();
    assert!(decisions.len() > 10);
    decisions.par_iter().for_each(|decision| {
        assert_eq!(
            ranking(here, decision),
            ranking(folder.path(), decision),
            "{}",
            decision.display()
        );
    });
}

/// Words that a careless writer would get wrong.
fn awkward() -> impl Strategy<Value = String> {
    let known = [
        "yes",
        "No",
        "null",
        "~",
        "1e3",
        "0x1F",
        "2026-11-22",
        "- a",
        "a: b",
        "#",
        "'",
        "\"",
        "\\",
        "a\nb",
        "\t",
        " ",
        "*a",
        "&a",
        "中文",
        "é",
        "=",
        "1_000",
        ".inf",
        "|",
        ">-",
    ];
    prop_oneof![
        proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        "[ -~]{1,12}",
        "\\PC{1,8}"
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_decision_of_any_words_and_figures_is_read_back_as_it_was(
        title in awkward(), zh in awkward(), note in awkward(), unit_price in -1e12_f64..1e12, points in 0.001_f64..1e6,
        low in 0.0_f64..10.0, more in 0.001_f64..10.0, seed in 0_u64..9_000_000_000_000_000,
    ) {
        let quoted = |text: &str| Value::String(text.to_owned()).to_string();
        let high = low + more;
        let text = format!(
            "decision: any\nas_of: 2026-11-22\ntitle: {{en: {}, zh: {}}}\nnotes: [{}]\nseed: {seed}\n\
             facts: {{price: {{title: Price, unit: EUR}}}}\n\
             candidates: [{{id: a, facts: {{price: {unit_price}}}}}, {{id: b, facts: {{price: {low}..{high} EUR}}}}]\n\
             criteria: [{{id: cheap, points: {points}, expr: \"price\", unit: EUR, value: {{worst: 1e12, best: -1e12}}}}]\n",
            quoted(&title), quoted(&zh), quoted(&note)
        );
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("decision.yaml");
        fs::write(&file, &text).expect("the folder is ours");
        let first = saved(&file).expect("it is a decision");
        prop_assert!(keeps(&tree(&text), &tree(&first)), "{text}\nbecame\n{first}");
        fs::write(&file, &first).expect("the folder is ours");
        prop_assert_eq!(saved(&file).expect("it still is"), first);
    }
}
