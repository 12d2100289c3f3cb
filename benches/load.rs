//! How long a large catalog takes from text to ranking: 10,000 candidates with 30 facts each, in short form (source and dates from
//! the file's `defaults:`), in full form (each fact with its own), and with a file for each candidate.
//!
//! `cargo bench --bench load` prints the best of three runs and the most memory the process ever held.
//! `cargo bench --bench load -- --keep DIR` also writes the three projects, for `weigh rank DIR/short`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use weigh::analysis::ranking;
use weigh::analysis::standing::Standing;
use weigh::eval::Plan;
use weigh::graph;
use weigh::load::{self, Choice};
use weigh::quantity::date::Date;
use weigh::rank::{Params, find};

const CANDIDATES: usize = 10_000;
const FACTS: usize = 30;

#[derive(Clone, Copy)]
enum Form {
    Short,
    Full,
    Files,
}

/// A sequence without a pattern that the reader could profit from: xorshift64.
struct Figures(u64);

impl Figures {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    /// A value of fact `k`: bare numbers, quantities, flags, words, days.
    fn value(&mut self, k: usize) -> String {
        match k {
            0..10 => format!("{}.{:03}", self.below(100), self.below(1_000)),
            10..20 => format!("{}.{:03} ms", self.below(100), self.below(1_000)),
            20..25 => (self.below(2) == 0).to_string(),
            25..28 => format!("{}{}", ["apache", "mit", "gpl"][k - 25], self.below(50)),
            _ => format!(
                "20{}-0{}-1{}",
                10 + self.below(16),
                1 + self.below(8),
                self.below(9)
            ),
        }
    }

    fn fact(&mut self, k: usize, form: Form) -> String {
        let value = self.value(k);
        match form {
            Form::Short | Form::Files => format!("m{k:02}: {value}"),
            Form::Full => {
                let page = self.below(99);
                format!(
                    "m{k:02}: {{value: {value}, kind: published, source: \"docs page {page}\", as_of: 2026-08-15, expires: 2027-02-15}}"
                )
            }
        }
    }
}

fn put(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a file lies in a folder"))
        .expect("the folder can be made");
    std::fs::write(path, text).expect("the file can be written");
}

fn generate(folder: &Path, form: Form) {
    let mut figures = Figures(0x9E37_79B9_7F4A_7C15);
    let line =
        |text: &mut String, line: &str| writeln!(text, "{line}").expect("text takes everything");
    let mut domain = String::from("facts:\n");
    for k in 0..FACTS {
        let kind = match k {
            0..20 => "unit: ms",
            20..25 => "kind: flag",
            25..28 => "kind: text",
            _ => "kind: date",
        };
        line(
            &mut domain,
            &format!("  m{k:02}: {{title: Measure {k}, {kind}}}"),
        );
    }
    put(&folder.join("catalogs/big/domain.yaml"), &domain);
    let defaults =
        "defaults: {kind: registry, source: generated, as_of: 2026-08-15, expires: 2027-02-15}\n";
    let mut list = format!("{defaults}candidates:\n");
    for c in 0..CANDIDATES {
        let facts: Vec<String> = (0..FACTS).map(|k| figures.fact(k, form)).collect();
        if matches!(form, Form::Files) {
            let text = format!(
                "candidate: c{c:05}\n{defaults}facts:\n  {}\n",
                facts.join("\n  ")
            );
            put(&folder.join(format!("catalogs/big/c{c:05}.yaml")), &text);
        } else {
            line(
                &mut list,
                &format!(
                    "  - id: c{c:05}\n    facts:\n      {}",
                    facts.join("\n      ")
                ),
            );
        }
    }
    if !matches!(form, Form::Files) {
        put(&folder.join("catalogs/big/all.yaml"), &list);
    }
    let mut decision =
        String::from("decision: big\nas_of: 2026-11-22\ncandidates: ['big/*']\ncriteria:\n");
    for k in 0..8 {
        let points = k + 1;
        line(
            &mut decision,
            &format!(
                "  - {{id: k{k}, expr: m{k:02} + m{:02}, unit: ms, points: {points}, value: {{worst: 200, best: 0}}}}",
                k + 10
            ),
        );
    }
    put(&folder.join("decision.yaml"), &decision);
}

/// Loads, checks and ranks.
fn run(folder: &Path) -> Duration {
    let begin = Instant::now();
    let loaded = load::decision(
        folder,
        &Choice::plain(Date::parse("2026-11-22").expect("a day")),
    );
    let mut sink = loaded.diagnostics;
    let decision = loaded.decision.expect("the project can be read");
    let compiled = graph::compile(&decision, &mut sink).expect("the project is sound");
    let plan = Plan::new(&decision, &compiled);
    let ranking = ranking::ranking(
        &plan,
        find("value").expect("the default method"),
        &Params::default(),
        &Standing::of(&plan, &plan.shares()),
    )
    .expect("it can be ranked");
    assert_eq!(ranking.places.len(), CANDIDATES);
    begin.elapsed()
}

/// The most memory that this process ever held; only Linux says.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .and_then(|l| l.trim().split(' ').next()?.parse::<u64>().ok());
    kib.map_or_else(|| "?".to_owned(), |kib| format!("{} MB", kib / 1_000))
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let keep = words
        .iter()
        .position(|w| w == "--keep")
        .and_then(|i| words.get(i + 1))
        .map(PathBuf::from);
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let base = keep.unwrap_or_else(|| temporary.path().to_owned());
    let mut out = std::io::stdout();
    for (name, form) in [
        ("short", Form::Short),
        ("files", Form::Files),
        ("full", Form::Full),
    ] {
        let folder = base.join(name);
        generate(&folder, form);
        let best = (0..3).map(|_| run(&folder)).min().expect("three runs");
        writeln!(
            out,
            "{name:>5}: {:.2} s, at most {} so far",
            best.as_secs_f64(),
            peak()
        )
        .expect("standard output is open");
    }
}
