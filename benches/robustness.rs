//! Speed of rank acceptability at the sizes that are promised: a plain matrix under 100,000 draws of weights, and a graph of 60
//! formulas whose inputs are uncertain. The rival of the first is the loop anyone writes first, sample by sample.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use weigh::analysis::acceptability::acceptability;
use weigh::analysis::weight_space::WeightSpace;
use weigh::diagnostic::Diagnostics;
use weigh::eval::Plan;
use weigh::graph::{self, DecisionGraph};
use weigh::load::{self, Choice};
use weigh::model::decision::Decision;
use weigh::quantity::date::Date;
use weigh::quantity::sampler::RandomStream;
use weigh::rank::{Params, find};

/// Numbers in 0..1 from a fixed stream.
fn numbers(count: usize) -> Vec<f64> {
    let mut stream = RandomStream::new(1, "bench", 0);
    (0..count).map(|_| stream.uniform()).collect()
}

fn open(text: &str, ending: &str) -> (Decision, DecisionGraph) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder
        .path()
        .join(Path::new("decision").with_extension(ending));
    std::fs::write(&file, text).expect("the decision is written");
    let loaded = load::decision(
        &file,
        &Choice::plain(Date::parse("2026-11-22").expect("a day")),
    );
    let mut sink = Diagnostics::default();
    sink.append(loaded.diagnostics);
    let decision = loaded.decision.expect("the decision can be read");
    let graph = graph::compile(&decision, &mut sink);
    assert!(!sink.has_errors(), "{:?}", sink.sorted());
    (decision, graph.expect("the decision compiles"))
}

/// A matrix CSV of `n x k` values in 0..1 between the anchors 0 and 1.
fn matrix(n: usize, k: usize) -> String {
    let mut text = String::from("candidate");
    (0..k).for_each(|k| write!(text, ",c{k}").expect("text grows"));
    text += "\n@worst";
    text += &",0".repeat(k);
    text += "\n@best";
    text += &",1".repeat(k);
    for (i, row) in numbers(n * k).chunks(k).enumerate() {
        write!(text, "\na{i}").expect("text grows");
        row.iter()
            .for_each(|x| write!(text, ",{x}").expect("text grows"));
    }
    text + "\n"
}

/// A decision of 20 candidates, 8 criteria and 60 formulas of three operations on average. 30 inputs are uncertain: 15 that all
/// candidates share and 15 facts of each candidate. The first 20 formulas rest on shared inputs alone.
fn decision() -> String {
    let mut text = String::from("decision: bench\nas_of: 2026-11-22\ninputs:\n");
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    for i in 0..15 {
        let value = ["0.5..1.5", "0.5..1..2", "pert(0.5,1,2)"][i % 3];
        line(format!("  u{i}: {{title: u{i}, value: {value:?}}}"));
    }
    line("facts:".to_owned());
    (0..15).for_each(|i| line(format!("  f{i}: {{title: f{i}}}")));
    line("formulas:".to_owned());
    for i in 0..60 {
        let shared = i < 20;
        let own = |j: usize| {
            if shared {
                format!("u{}", j % 15)
            } else {
                format!("f{}", j % 15)
            }
        };
        let (a, b) = (own(i), own(i + 7));
        // What stands before: a shared formula may feed the candidates' own, not the other way round.
        let before = |back: usize| {
            if i >= back {
                format!("n{}", i - back)
            } else {
                "u0".to_owned()
            }
        };
        let (near, far) = (before(1), before(20));
        let expr = match i % 4 {
            0 => format!("{a} * {b} + {near} / 2"),
            1 => format!("max({near}, {a}) - {b} / 4"),
            2 => format!("({near} + {far}) / (1 + {a})"),
            _ => format!("if({a} > 1, {near}, {far}) * {b} / 2"),
        };
        line(format!("  n{i}: {{title: n{i}, expr: {expr:?}}}"));
    }
    line("candidates:".to_owned());
    let mut stream = RandomStream::new(1, "facts", 0);
    for c in 0..20 {
        line(format!(
            "  - id: a{c}\n    defaults: {{kind: published, source: bench, as_of: 2026-11-22}}\n    facts:"
        ));
        for i in 0..15 {
            let middle = 0.8 + 0.4 * stream.uniform();
            line(format!(
                "      f{i}: {:.3}..{middle:.3}..{:.3}",
                middle * 0.8,
                middle * 1.3
            ));
        }
    }
    line("criteria:".to_owned());
    for k in 0..8 {
        let expr = format!("n{}", 59 - 3 * k);
        line(format!(
            "  - {{id: k{k}, expr: {expr}, points: {}, value: {{worst: 0, best: 3}}}}",
            k + 1
        ));
    }
    text
}

/// Sample by sample: weights from `ln`, a score for each row, a sort.
fn naive(values: &[f64], n: usize, k: usize, samples: usize) -> Vec<f64> {
    let mut stream = RandomStream::new(7, "weights", 0);
    let mut counts = vec![0.0; n * n];
    for _ in 0..samples {
        let raw: Vec<f64> = (0..k).map(|_| stream.exponential()).collect();
        let sum: f64 = raw.iter().sum();
        let weights: Vec<f64> = raw.iter().map(|x| x / sum).collect();
        let scores: Vec<f64> = values
            .chunks(k)
            .map(|row| row.iter().zip(&weights).map(|(v, w)| v * w).sum())
            .collect();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        order
            .iter()
            .enumerate()
            .for_each(|(place, &i)| counts[i * n + place] += 1.0);
    }
    counts.iter().map(|c| c / samples as f64).collect()
}

fn robustness(criterion: &mut Criterion) {
    let value = find("value").expect("the default method");
    let (decision, graph) = open(&matrix(10, 8), "csv");
    let plan = Plan::new(&decision, &graph);
    let space = WeightSpace::uniform(&plan.shares());
    criterion.bench_function("acceptability 10x8, 100,000 draws", |bencher| {
        bencher.iter(|| {
            acceptability(black_box(&plan), &space, value, &Params::none(), 100_000, 7)
                .expect("it applies")
        });
    });
    let values = numbers(80);
    criterion.bench_function("the same, naive", |bencher| {
        bencher.iter(|| naive(black_box(&values), 10, 8, 100_000))
    });

    let (decision, graph) = open(&self::decision(), "yaml");
    let plan = Plan::new(&decision, &graph);
    assert_eq!(
        plan.uncertain().len(),
        15 + 15 * 20,
        "every input is uncertain and used"
    );
    let space = WeightSpace::uniform(&plan.shares());
    criterion.bench_function(
        "acceptability through 60 formulas, 20 candidates, 10,000 samples",
        |bencher| {
            bencher.iter(|| {
                acceptability(black_box(&plan), &space, value, &Params::none(), 10_000, 7)
                    .expect("it applies")
            });
        },
    );
    criterion.bench_function("the same, blocks alone", |bencher| {
        bencher.iter(|| black_box(&plan).blocks(10_000, 7, |block| block.lanes));
    });
}

criterion_group!(benches, robustness);
criterion_main!(benches);
