//! The same question has the same answer wherever it is asked: `weigh ... --format json`, the data of a report and the terminal UI
//! show the same figures for ranking, robustness, sensitivity and `next`, for every example.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::world::{keys, open, settle};
use rayon::prelude::*;
use serde_json::Value as Json;
use weigh::lang::Lang;
use weigh::tui::{Look, State};
use weigh::view::figure;

/// Writes the figures of a report one per line.
const TEMPLATE: &str = "\
{% for p in rank.ranking %}{% if p.rank %}rank|{{ p.candidate }}|{{ p.rank }}|{{ p.score }}|{{ p.low }}|{{ p.high }}
{% endif %}{% endfor %}
{% if robustness %}{% for row in robustness.acceptability %}first|{{ row.shares[0] }}
{% endfor %}{% endif %}
{% if sensitivity %}{% for bar in sensitivity.tornado %}bar|{{ bar.lead[0] }}|{{ bar.lead[1] }}
{% endfor %}{% endif %}
";

/// The folders below `examples/` that hold a decision.
fn examples() -> Vec<PathBuf> {
    let entries = fs::read_dir("examples").expect("there are examples");
    let mut all: Vec<PathBuf> = entries
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.join("decision.yaml").is_file())
        .collect();
    all.sort();
    all
}

fn weigh(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_weigh"))
        .args(words)
        .args(["--lang", "en"])
        .env("LC_ALL", "C")
        .output()
        .expect("the binary runs");
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words:?}: {complaint}");
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

/// The JSON of a command.
fn json(command: &str, example: &Path, more: &[&str]) -> Json {
    let example = example.to_str().expect("examples have plain names");
    let words = [
        &[command, example, "--evidence", "repo", "--format", "json"],
        more,
    ]
    .concat();
    serde_json::from_str(&weigh(&words)).expect("--format json is JSON")
}

/// The lines that the template makes of a report, split into cells.
fn report(example: &Path) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let template = folder.path().join("figures.md");
    fs::write(&template, TEMPLATE).expect("written");
    let (out, template) = (folder.path().join("out"), template.display().to_string());
    weigh(&[
        "report",
        example.to_str().expect("examples have plain names"),
        "--evidence",
        "repo",
        "--no-charts",
        "--template",
        &template,
        "--out",
        &out.display().to_string(),
    ]);
    let made = fs::read_dir(&out).expect("the report was written");
    let decision = made
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.is_dir())
        .expect("one folder per decision");
    let file = fs::read_dir(decision)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|e| e == "md"))
        .expect("one page");
    let text = fs::read_to_string(file).expect("readable");
    text.replace('\\', "")
        .lines()
        .filter(|line| line.contains('|'))
        .map(|line| line.split('|').map(str::to_owned).collect())
        .collect()
}

/// The cells of the lines of one kind, as numbers from a column on.
fn numbers(lines: &[Vec<String>], kind: &str, from: usize) -> Vec<Vec<f64>> {
    let own = lines.iter().filter(|line| line[0] == kind);
    own.map(|line| {
        line[from..]
            .iter()
            .map(|cell| cell.trim().parse().expect("a figure"))
            .collect()
    })
    .collect()
}

fn number(x: &Json) -> f64 {
    x.as_f64().expect("a figure")
}

fn list(x: &Json) -> &[Json] {
    x.as_array().expect("a list")
}

fn shown(x: f64) -> f64 {
    figure::json(x).expect("a figure")
}

/// A session in which every heavy question has been answered.
fn session(example: &Path) -> State {
    let mut state = open(example, Lang::En, Look::default());
    for screen in ["1", "3", "4", "9"] {
        keys(&mut state, screen);
        settle(&mut state);
    }
    state
}

fn same_ranking(example: &Path, state: &State, report: &[Vec<String>]) {
    let rank = json("rank", example, &[]);
    let ranked: Vec<&Json> = list(&rank["ranking"])
        .iter()
        .filter(|p| !p["rank"].is_null())
        .collect();
    let board = &state.views.board;
    let spread = state
        .answers
        .spread
        .value
        .as_ref()
        .expect("it was asked for");
    assert_eq!(ranked.len(), board.places.len(), "{example:?}");
    for (place, standing) in ranked.iter().zip(&board.places) {
        assert_eq!(place["candidate"], standing.id.as_str(), "{example:?}");
        assert_eq!(place["rank"], standing.rank, "{example:?}");
        assert_eq!(
            number(&place["score"]),
            shown(standing.score),
            "{example:?}"
        );
        let (low, high) = spread.range[standing.candidate].expect("a spread");
        assert_eq!(number(&place["low"]), shown(low), "{example:?}");
        assert_eq!(number(&place["high"]), shown(high), "{example:?}");
    }
    let own: Vec<Vec<f64>> = ranked
        .iter()
        .map(|p| {
            ["rank", "score", "low", "high"]
                .map(|key| number(&p[key]))
                .to_vec()
        })
        .collect();
    assert_eq!(own, numbers(report, "rank", 2), "{example:?}");
}

fn same_robustness(example: &Path, state: &State, report: &[Vec<String>]) {
    let samples = weigh::eval::DRAWS.to_string();
    let quick = json(
        "robustness",
        example,
        &["--weights", "near:0.2", "--samples", &samples],
    );
    let screen = state
        .answers
        .robustness
        .value
        .as_ref()
        .expect("it was asked for");
    let candidates = &state.session.model().decision.candidates;
    for row in &screen.rows {
        let own: Vec<f64> = list(&quick["rank_acceptability"][&candidates[row.candidate].id])
            .iter()
            .map(number)
            .collect();
        assert_eq!(own, row.ranks, "{example:?}");
    }
    let full = json("robustness", example, &["--weights", "near:0.2"]);
    let first: Vec<Vec<f64>> = list(&json("rank", example, &[])["ranking"])
        .iter()
        .filter_map(|p| full["rank_acceptability"][p["candidate"].as_str()?][0].as_f64())
        .map(|share| vec![share])
        .collect();
    let shown = numbers(report, "first", 1);
    if !shown.is_empty() {
        assert_eq!(first, shown, "{example:?}");
    }
}

fn same_sensitivity(example: &Path, state: &State, report: &[Vec<String>]) {
    let found = json("sensitivity", example, &[]);
    let screen = state
        .answers
        .sensitivity
        .value
        .as_ref()
        .expect("it was asked for");
    let bars = list(&found["tornado"]);
    for bar in &screen.bars {
        let own = bars
            .iter()
            .find(|own| own["input"] == bar.input.as_str())
            .expect("a bar of the command");
        let lead: Vec<Option<f64>> = list(&own["lead"]).iter().map(Json::as_f64).collect();
        assert_eq!(lead, bar.lead, "{example:?} {}", bar.input);
    }
    for (weight, range) in list(&found["weights"]).iter().zip(&screen.ranges) {
        let keeps = &weight["keeps_winner"];
        let keeps = (number(&keeps[0]), number(&keeps[1]));
        assert_eq!(keeps, range.keeps, "{example:?}");
    }
    let drawn: Vec<Vec<f64>> = bars
        .iter()
        .filter(|bar| list(&bar["lead"]).iter().all(Json::is_number))
        .map(|bar| list(&bar["lead"]).iter().map(number).collect())
        .collect();
    let shown = numbers(report, "bar", 1);
    assert_eq!(drawn[..shown.len()], shown, "{example:?}");
}

fn same_information(example: &Path, state: &State) {
    let found = json("next", example, &[]);
    let screen = state
        .answers
        .information
        .value
        .as_ref()
        .expect("it was asked for");
    let unknowns = list(&found["unknowns"]);
    for unknown in &screen.unknowns {
        let own = unknowns
            .iter()
            .find(|own| own["input"] == unknown.input.as_str())
            .expect("an unknown of the command");
        let figures = own["value_of_information"]
            .as_f64()
            .zip(own["error"].as_f64());
        if let Some((value, error)) = figures {
            assert_eq!(
                format!("{value:.4} +-{error:.4}"),
                unknown.worth,
                "{example:?}"
            );
        }
    }
    assert_eq!(found["samples"], screen.samples, "{example:?}");
}

#[test]
fn every_example_has_one_answer() {
    examples().par_iter().for_each(|example| {
        let state = session(example);
        let report = report(example);
        same_ranking(example, &state, &report);
        same_robustness(example, &state, &report);
        same_sensitivity(example, &state, &report);
        same_information(example, &state);
    });
}
