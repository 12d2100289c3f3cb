//! `weigh report` as a user runs it: every example, in both languages; hostile text; threads; what is rewritten and what is not.
//!
//! `WEIGH_BLESS=1 cargo test --test it reports` writes `examples/<name>/expected/report*.md` anew, and the pictures of two of them.

mod hostile;
mod interrupted;
mod portfolio;
mod records;

mod templates;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn weigh(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weigh"));
    command
        .current_dir(folder)
        .args(words)
        .env("LC_ALL", "C")
        .env_remove("RAYON_NUM_THREADS")
        .output()
        .expect("the binary runs")
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A folder that holds the decision `prices.csv`.
fn priced() -> TempDir {
    let dir = folder();
    fs::write(
        dir.path().join("prices.csv"),
        "candidate,price\n@direction,min\n@worst,100\n@best,0\none,10\ntwo,20\n",
    )
    .expect("a file");
    dir
}

/// Every example with a decision, by name, as a path from the root.
fn examples() -> Vec<String> {
    let entries = fs::read_dir(root().join("examples")).expect("there are examples");
    let decision = |e: fs::DirEntry| {
        e.path()
            .join("decision.yaml")
            .is_file()
            .then(|| e.file_name().to_string_lossy().into_owned())
    };
    let mut names: Vec<String> = entries.flatten().filter_map(decision).collect();
    names.sort();
    names
}

/// Every file below a folder with its text.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut stack = vec![folder.to_owned()];
    while let Some(next) = stack.pop() {
        for entry in fs::read_dir(&next).expect("it is a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                stack.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it lies below").to_owned();
                found.insert(name, fs::read(&path).expect("it can be read"));
            }
        }
    }
    found
}

/// Reports all examples into a folder.
fn report_all(out: &Path, more: &[&str]) -> Output {
    let paths: Vec<String> = examples()
        .iter()
        .map(|name| format!("examples/{name}"))
        .collect();
    let mut words: Vec<&str> = vec!["report", "--evidence", "repo", "--out"];
    let out = out.to_string_lossy();
    words.push(&out);
    words.extend_from_slice(more);
    words.extend(paths.iter().map(String::as_str));
    weigh(root(), &words)
}

/// Parses CommonMark with GitHub's tables and checks that every row of a table has as many cells as its head; gives the headings.
fn parse(name: &str, text: &str) -> Vec<String> {
    let (mut columns, mut cells, mut tables) = (0, 0, 0);
    let (mut headings, mut heading): (Vec<String>, Option<String>) = (Vec::new(), None);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Table(alignments)) => {
                (columns, tables) = (alignments.len(), tables + 1)
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => cells = 0,
            Event::Start(Tag::TableCell) => cells += 1,
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                assert_eq!(cells, columns, "a row of table {tables} in {name}")
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => headings.extend(heading.take()),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    *heading += &words;
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                assert!(
                    html.trim().starts_with("<!-- weigh:"),
                    "raw HTML in {name}: {html}"
                );
            }
            _ => {}
        }
    }
    // A parser drops what overflows a row, so the bars of the source are counted as well.
    let mut head = None;
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if fenced || !line.starts_with("| ") {
            head = None;
            continue;
        }
        let bars = bars(line);
        assert_eq!(*head.get_or_insert(bars), bars, "{name}: {line}");
    }
    headings
}

/// Bars that separate cells: those that no backslash escapes.
fn bars(line: &str) -> usize {
    let (mut count, mut escaped) = (0, false);
    for c in line.chars() {
        match c {
            '\\' => escaped = !escaped,
            '|' if !escaped => count += 1,
            _ => escaped = false,
        }
        if c != '\\' {
            escaped = false;
        }
    }
    count
}

/// Checks that tags nest, attributes are quoted, and every `&` begins an entity.
fn well_formed(name: &str, svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    let mut root = false;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        entities(name, text);
        assert!(!text.contains('>'), "a stray `>` in {name}: {text}");
        let end = rest[at..]
            .find('>')
            .unwrap_or_else(|| panic!("an open tag in {name}"))
            + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "nesting in {name}");
            continue;
        }
        let (body, empty) = tag
            .strip_suffix('/')
            .map_or((tag, false), |body| (body, true));
        let element = body.split_whitespace().next().unwrap_or_default();
        assert!(
            !element.is_empty() && element.chars().all(char::is_alphanumeric),
            "element `{element}` in {name}"
        );
        assert!(!(open.is_empty() && root), "two roots in {name}");
        root = true;
        let attributes = &body[element.len()..];
        assert_eq!(
            attributes.matches('"').count() % 2,
            0,
            "quotes in {name}: {tag}"
        );
        entities(name, attributes);
        if element == "style" {
            // A style sheet is read up to its end.
            rest = &rest[rest.find("</style>").expect("the style ends")..];
        }
        if !empty {
            open.push(element);
        }
    }
    assert!(open.is_empty() && root, "{name} ends inside {open:?}");
    assert!(svg.contains("<title"), "{name} has no title");
}

fn entities(name: &str, text: &str) {
    for (at, _) in text.match_indices('&') {
        let entity = text[at..].split_inclusive(';').next().unwrap_or_default();
        assert!(
            matches!(entity, "&amp;" | "&lt;" | "&gt;" | "&quot;"),
            "entity {entity} in {name}"
        );
    }
}

/// Many small decisions, as paths in the folder.
fn many(folder: &Path, count: usize) -> Vec<String> {
    let name = |i: usize| {
        let name = format!("d{i:03}.csv");
        let text = format!(
            "candidate,price,speed\n@direction,min,max\n@worst,100,0\n@best,0,10\none,{},1..4\ntwo,20,2..3\n",
            i % 90
        );
        fs::write(folder.join(&name), text).expect("a file can be written");
        name
    };
    (0..count).map(name).collect()
}

#[test]
fn every_example_has_a_sound_report_in_both_languages() {
    let out = folder();
    for lang in ["en", "zh"] {
        let output = report_all(
            out.path(),
            &[
                "--lang",
                lang,
                "--template",
                "report",
                "--template",
                "comparison",
                "--template",
                "index",
            ],
        );
        assert!(output.status.success(), "{}", said(&output));
    }
    let mut headings: BTreeMap<String, usize> = BTreeMap::new();
    for (path, bytes) in tree(out.path()) {
        let (name, text) = (
            path.display().to_string(),
            String::from_utf8(bytes).expect("reports are text"),
        );
        if name.ends_with(".svg") {
            well_formed(&name, &text);
            assert!(
                text.contains("prefers-color-scheme: dark"),
                "{name} knows one ground"
            );
            continue;
        }
        headings.insert(name.clone(), parse(&name, &text).len());
        assert!(
            !text.contains("NaN") && !text.contains("inf "),
            "{name} shows a number that is none"
        );
        if name.ends_with(".zh.md") {
            assert!(
                text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)),
                "{name} is not Chinese"
            );
        }
    }
    for (name, count) in &headings {
        if let Some(stem) = name.strip_suffix(".zh.md") {
            assert_eq!(
                headings.get(&format!("{stem}.md")),
                Some(count),
                "headings of {stem} in both languages"
            );
        }
    }
    bless(out.path());
}

/// The examples whose report is kept.
const PRINTED: [&str; 4] = [
    "adopt-or-build",
    "auth-service",
    "order-api",
    "primary-database",
];

/// Whether a figure is kept: in English where there are two candidates, in Chinese where there are many.
fn is_kept(example: &str, figure: &str) -> bool {
    let is_chinese = figure.ends_with(".zh.svg");
    (example == "auth-service" && !is_chinese) || (example == "primary-database" && is_chinese)
}

/// Writes the golden reports where `WEIGH_BLESS` asks for it, else compares with those that are there, byte for byte.
fn bless(out: &Path) {
    let blessing = std::env::var_os("WEIGH_BLESS").is_some();
    let mut problems = Vec::new();
    for name in examples() {
        let expected = root().join("examples").join(&name).join("expected");
        let wanted = |file: &Path| {
            let file = file.to_string_lossy();
            (file.starts_with("report.") && PRINTED.contains(&name.as_str()))
                || (file.ends_with(".svg") && !file.contains('/') && is_kept(&name, &file))
        };
        let is: BTreeMap<PathBuf, Vec<u8>> = tree(&out.join(&name))
            .into_iter()
            .filter(|(file, _)| wanted(file))
            .collect();
        let golden = || {
            if expected.is_dir() {
                tree(&expected)
            } else {
                BTreeMap::new()
            }
        };
        if blessing && !is.is_empty() {
            fs::create_dir_all(&expected).expect("a folder can be made");
            for stale in golden()
                .keys()
                .filter(|file| wanted(file) && !is.contains_key(*file))
            {
                fs::remove_file(expected.join(stale)).expect("it was just seen");
            }
            is.iter().for_each(|(file, text)| {
                fs::write(expected.join(file), text).expect("the report can be written")
            });
        }
        let golden: BTreeMap<PathBuf, Vec<u8>> = golden()
            .into_iter()
            .filter(|(file, _)| wanted(file))
            .collect();
        let files: std::collections::BTreeSet<&PathBuf> = is.keys().chain(golden.keys()).collect();
        let differing = files
            .into_iter()
            .filter(|file| is.get(*file) != golden.get(*file));
        problems
            .extend(differing.map(|file| format!("examples/{name}/expected/{}", file.display())));
    }
    assert!(
        problems.is_empty(),
        "not as expected; WEIGH_BLESS=1 writes them anew: {problems:#?}"
    );
}

/// Reports a handful of examples: what differs between threads, or is written twice, differs for any.
fn report_few(out: &Path, threads: &str) -> Output {
    let out = out.to_string_lossy();
    let mut words = vec![
        "report",
        "--evidence",
        "repo",
        "--template",
        "report",
        "--template",
        "index",
        "--template",
        "radar",
        "--out",
        &*out,
    ];
    words.extend([
        "examples/adopt-or-build",
        "examples/auth-service",
        "examples/fraud-streaming",
        "examples/primary-database",
    ]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_weigh"));
    command
        .current_dir(root())
        .args(&words)
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .expect("the binary runs")
}

#[test]
fn threads_do_not_show_and_nothing_is_written_twice() {
    let outs = ["1", "2", "8"].map(|threads| {
        let out = folder();
        let output = report_few(out.path(), threads);
        assert!(output.status.success(), "{}", said(&output));
        out
    });
    let [one, two, eight] = &outs;
    assert!(
        tree(one.path()) == tree(two.path()) && tree(two.path()) == tree(eight.path()),
        "the number of threads shows"
    );
    let stamp = || {
        let when = |name: PathBuf| {
            fs::metadata(one.path().join(&name))
                .and_then(|m| m.modified())
                .expect("a file has a time")
        };
        tree(one.path())
            .into_keys()
            .map(|name| (name.clone(), when(name)))
            .collect::<BTreeMap<_, _>>()
    };
    let before = stamp();
    let again = report_few(one.path(), "2");
    assert!(
        said(&again).contains(": 0 files written"),
        "{}",
        said(&again)
    );
    assert_eq!(before, stamp());
    // One that is gone is written, and nothing else.
    let index = one.path().join("index.md");
    fs::remove_file(&index).expect("it is there");
    assert!(said(&report_few(one.path(), "2")).contains(": 1 files written"));
    assert_eq!(before.len(), stamp().len());
}

#[test]
fn folders_that_hold_no_decision_are_skipped_with_a_note() {
    let out = folder();
    let path = out.path().to_string_lossy();
    let words = [
        "report",
        "--no-charts",
        "--out",
        &path,
        "examples/README.md",
        "examples/broken",
        "examples/services",
        "examples/messaging",
    ];
    let output = weigh(root(), &words);
    assert!(output.status.success(), "{}", said(&output));
    let told = said(&output);
    for name in ["examples/README.md", "examples/broken", "examples/services"] {
        assert!(
            told.contains(&format!("note: {name} holds no decision; skipped")),
            "{told}"
        );
    }
    assert!(
        told.contains("1 reported") && told.contains("; 3 skipped"),
        "{told}"
    );
}

/// What is in the first tree and not in the second.
#[cfg(unix)]
fn extra<'t>(
    now: &'t BTreeMap<PathBuf, Vec<u8>>,
    wanted: &BTreeMap<PathBuf, Vec<u8>>,
) -> Vec<&'t PathBuf> {
    now.keys()
        .filter(|name| !wanted.contains_key(*name))
        .collect()
}

#[test]
fn a_broken_decision_stops_nobody_and_a_folder_without_one_is_skipped() {
    let dir = folder();
    for name in ["good", "bad", "empty"] {
        fs::create_dir_all(dir.path().join(name)).expect("a folder");
    }
    fs::write(
        dir.path().join("good/prices.csv"),
        "candidate,price\n@direction,min\n@worst,100\n@best,0\none,10\ntwo,20\n",
    )
    .expect("a file");
    fs::write(dir.path().join("bad/decision.yaml"), "decision: [\n").expect("a file");
    let output = weigh(
        dir.path(),
        &[
            "report",
            "bad",
            "empty",
            "good/prices.csv",
            "--out",
            "out",
            "--template",
            "report",
            "--template",
            "index",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let text = said(&output);
    assert!(
        text.contains("empty holds no decision; skipped")
            && text.contains("1 reported")
            && text.contains("1 broken; 1 skipped"),
        "{text}"
    );
    let index = fs::read_to_string(dir.path().join("out/index.md")).expect("an index");
    assert!(
        index.contains("Not reported") && index.contains("prices"),
        "{index}"
    );
    assert!(
        tree(&dir.path().join("out"))
            .keys()
            .any(|p| p.ends_with("report.md"))
    );
}

#[test]
fn a_decision_from_standard_input_shows_its_scenarios() {
    let dir = folder();
    let text = "decision: piped\nas_of: 2026-11-22\ncandidates:\n  - {id: one, facts: {price: 10}}\n  - {id: two, facts: {price: 20}}\n\
                facts: {price: {title: Price, unit: EUR}}\ninputs: {fee: {title: Fee, unit: EUR, value: 0}}\n\
                criteria: [{id: cost, expr: price + fee, unit: EUR, points: 1, value: {worst: 100, best: 0}}]\n\
                scenarios: {dear: {title: Dear times, set: {fee: 50}}}\n";
    fs::write(dir.path().join("piped.yaml"), text).expect("a file");
    let input = fs::File::open(dir.path().join("piped.yaml")).expect("it was written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_weigh"));
    let output = command
        .current_dir(dir.path())
        .args(["report", "-", "--out", "out"])
        .stdin(input)
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", said(&output));
    let report =
        fs::read_to_string(dir.path().join("out/piped/report.md")).expect("it was written");
    assert!(
        report.contains("| Candidate | Dear times |\n| --- | --- |\n| one | **1 (0.400)** |"),
        "{report}"
    );
}

#[test]
fn an_index_links_only_to_reports_that_are_there() {
    let dir = folder();
    let decisions = many(dir.path(), 2);
    let index = |templates: &[&str]| {
        let words: Vec<&str> = [
            "report",
            &*decisions[0],
            &*decisions[1],
            "--out",
            "out",
            "--no-charts",
        ]
        .into_iter()
        .chain(templates.iter().copied())
        .collect();
        let output = weigh(dir.path(), &words);
        assert!(output.status.success(), "{}", said(&output));
        fs::read_to_string(dir.path().join("out/index.md")).expect("it was written")
    };
    let alone = index(&["--template", "index"]);
    assert!(
        alone.contains("| d000 |") && !alone.contains("]("),
        "{alone}"
    );
    let both = index(&["--template", "index", "--template", "report"]);
    assert!(both.contains("| [d000](d000/report.md) |"), "{both}");
    assert_eq!(
        index(&["--template", "index"]),
        both,
        "what another run wrote is there"
    );
}
