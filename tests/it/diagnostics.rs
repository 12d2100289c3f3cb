//! Every diagnostic code has a folder in `examples/broken/` that produces it; what a user then reads is a golden file in both
//! languages. `WEIGH_BLESS=1 cargo test --test it diagnostics` writes the files anew: read every change.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use weigh::analysis::staleness;
use weigh::diagnostic::{Code, Diagnostics, Style, render, summary};
use weigh::graph;
use weigh::lang::Lang;
use weigh::load::{self, Choice, Reader};
use weigh::quantity::date::Date;
use weigh::source::Sources;

/// Words of technology that a Chinese text leaves as they are.
const LEFT_AS_THEY_ARE: [&str; 9] = [
    "YAML", "UTF", "CSV", "NUL", "PERT", "NaN", "TAB", "JSON", "SPDX",
];

/// What reading a folder says.
struct Told {
    codes: BTreeSet<Code>,
    diagnostics: Diagnostics,
    sources: Sources,
    /// The folder as it is shown, where it is not the one in the repository.
    folder: Option<(String, String)>,
}

impl Told {
    fn text(&self, lang: Lang) -> String {
        let style = Style { lang, color: false };
        let mut text = String::new();
        for diagnostic in self.diagnostics.sorted() {
            writeln!(text, "{}\n", render(diagnostic, &self.sources, style))
                .expect("text takes everything");
        }
        writeln!(text, "{}", summary(&self.diagnostics).get(lang)).expect("text takes everything");
        match &self.folder {
            Some((shown, meant)) => text.replace(shown, meant),
            None => text,
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/broken")
}

fn folders() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root()).expect("examples/broken is in the repository");
    let mut all: Vec<PathBuf> = entries
        .map(|e| e.expect("it can be listed").path())
        .filter(|p| p.is_dir())
        .collect();
    all.sort();
    all
}

fn code_of(folder: &Path) -> Code {
    let name = folder
        .file_name()
        .and_then(|n| n.to_str())
        .expect("folders have plain names");
    let id = name.split('-').next().unwrap_or_default();
    Code::find(id).unwrap_or_else(|| panic!("{name} is about no code that exists"))
}

/// A file too large to keep: its name, how often a line stands in it, and the line.
fn generate(recipe: &str, into: &Path) {
    let mut lines = recipe.lines();
    let (name, times, line) = (
        lines.next().expect("a name"),
        lines.next().expect("a number"),
        lines.next().expect("a line"),
    );
    let times = times.parse().expect("a number");
    std::fs::write(into.join(name), format!("{line}\n").repeat(times)).expect("the folder is ours");
}

fn read(folder: &Path) -> Told {
    let choice = Choice::plain(Date::parse("2026-11-22").expect("a day"));
    let mut reader = Reader::default();
    let made = std::fs::read_to_string(folder.join("generate.txt"))
        .ok()
        .map(|recipe| {
            let made = tempfile::tempdir().expect("a temporary folder");
            generate(&recipe, made.path());
            made
        });
    let relative = folder
        .strip_prefix(env!("CARGO_MANIFEST_DIR"))
        .expect("below the package")
        .to_owned();
    let read = made
        .as_ref()
        .map_or(relative.clone(), |m| m.path().to_owned());
    let mut paths: Vec<PathBuf> = vec![read.clone()];
    // A table with another head is not known for ours unless it is named.
    paths.extend(
        std::fs::read_dir(&read)
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path())
            .filter(|p| {
                let is_unknown = p.file_stem().is_some_and(|stem| stem == "unknown");
                is_unknown || p.extension().is_some_and(|e| e == "csv")
            }),
    );
    paths[1..].sort();
    let checked = load::check(&paths, &choice, &mut reader);
    let Reader {
        sources,
        mut diagnostics,
    } = reader;
    for decision in &checked.decisions {
        if let Some(graph) = graph::compile(decision, &mut diagnostics) {
            staleness::report_each(decision, &graph, &mut diagnostics);
        }
    }
    let codes = diagnostics.sorted().iter().map(|d| d.code).collect();
    let slashes = |p: &Path| p.to_string_lossy().replace('\\', "/");
    let folder = made.map(|m| (slashes(m.path()), slashes(&relative)));
    Told {
        codes,
        diagnostics,
        sources,
        folder,
    }
}

/// Every folder with what reading it says; read once for all tests.
fn all() -> &'static [(PathBuf, Told)] {
    static ALL: LazyLock<Vec<(PathBuf, Told)>> = LazyLock::new(|| {
        folders()
            .into_iter()
            .map(|f| (f.clone(), read(&f)))
            .collect()
    });
    &ALL
}

#[test]
fn every_code_has_a_folder_that_produces_it() {
    let mut shown = BTreeSet::new();
    for (folder, told) in all() {
        let code = code_of(folder);
        assert!(
            told.codes.contains(&code),
            "{} does not produce {}",
            folder.display(),
            code.id()
        );
        shown.insert(code);
    }
    let bare: Vec<&str> = Code::ALL
        .iter()
        .filter(|c| !shown.contains(c))
        .map(|c| c.id())
        .collect();
    assert!(
        bare.is_empty(),
        "no folder in examples/broken/ for {bare:?}"
    );
}

#[test]
fn every_message_reads_as_it_should_in_both_languages() {
    let bless = std::env::var_os("WEIGH_BLESS").is_some();
    let mut changed = Vec::new();
    for (folder, told) in all() {
        let file = folder.join("expected.txt");
        let text = format!("{}\n{}", told.text(Lang::En), told.text(Lang::Zh));
        let known = std::fs::read_to_string(&file)
            .unwrap_or_default()
            .replace("\r\n", "\n");
        if known == text {
            continue;
        }
        if bless {
            std::fs::write(&file, text).expect("the repository can be written to");
        } else {
            let file = file.display();
            changed.push(format!("{file}\n--- is\n{text}--- was\n{known}"));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

/// What is left of a Chinese message when everything is taken away that may be in another language: source lines and their
/// carets, places, what is quoted in backticks, ids of codes.
fn words_of_ours(rendered: &str) -> String {
    let mut left = String::new();
    for line in rendered.lines() {
        let gutter = line
            .trim_start()
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .trim_start();
        if line.trim_start().starts_with("-->") || line.trim_start().starts_with(":::") {
            continue;
        }
        if let Some(rest) = gutter.strip_prefix('|') {
            // Of a line with carets the label is ours; a source line has a number before the bar.
            let is_source = line.trim_start().starts_with(|c: char| c.is_ascii_digit());
            if !is_source {
                left.push_str(rest.trim_start_matches(|c: char| " ^-_|".contains(c)));
                left.push('\n');
            }
            continue;
        }
        let mut outside = true;
        for part in line.split('`') {
            if outside {
                left.push_str(part);
                left.push(' ');
            }
            outside = !outside;
        }
        left.push('\n');
    }
    left
}

/// Words of three or more ASCII letters.
fn english(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_alphabetic())
        .filter(|w| w.len() >= 3 && !LEFT_AS_THEY_ARE.contains(w))
        .collect()
}

#[test]
fn chinese_messages_hold_no_english() {
    for (folder, told) in all() {
        let text = told.text(Lang::Zh);
        let left = words_of_ours(&text);
        assert_eq!(
            english(&left),
            Vec::<&str>::new(),
            "{}:\n{text}",
            folder.display()
        );
    }
    for code in Code::ALL {
        let explanation = code.explanation();
        let left = words_of_ours(explanation.get(Lang::Zh));
        assert_eq!(
            english(&left),
            Vec::<&str>::new(),
            "{}: {}",
            code.id(),
            explanation.get(Lang::Zh)
        );
    }
}

#[test]
fn the_search_for_english_finds_it() {
    let rendered = "错误[E0101]: 无法读取 `a.yaml`：there is 文件\n --> a.yaml:1:2\n  |\n1 | word: x\n  | ---- first here\n  |\n";
    assert_eq!(
        english(&words_of_ours(rendered)),
        ["there", "first", "here"]
    );
}

#[test]
fn ids_are_unique_and_sorted_by_room() {
    let ids: BTreeSet<&str> = Code::ALL.iter().map(|c| &c.id()[1..]).collect();
    assert_eq!(ids.len(), Code::ALL.len(), "two codes share a number");
    for code in Code::ALL {
        let letter = if code.severity() == weigh::diagnostic::Severity::Error {
            'E'
        } else {
            'W'
        };
        assert!(
            code.id().starts_with(letter),
            "{} is not what its letter says",
            code.id()
        );
    }
}
