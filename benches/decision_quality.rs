//! Does it help? Decisions made from the shipped examples by five procedures, judged by what would have been best.
//!
//! Every example decision is varied: the team's experience and the load are drawn anew. The truth is one draw of all uncertain
//! inputs from their stated ranges. Each procedure chooses without knowing it; its regret is the score of the best candidate under the
//! truth minus that of its choice. The procedures use the same weights:
//!
//! - **scores 1 to 10**: a spreadsheet, every value at the most likely inputs rounded to a whole number from 1 to 10;
//! - **most likely**: the score with every input at its most likely value;
//! - **expected**: the expected score;
//! - **expected, two found out**: after finding out the two unknowns that `next` names;
//! - **expected, two at random**: after finding out two unknowns drawn at random.
//!
//! `cargo bench --bench decision_quality` prints the table.

#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};

use weigh::analysis::standing::Standing;
use weigh::analysis::value_of_information::value_of_information;
use weigh::eval::{InputId, Pin, Pinning, Plan};
use weigh::graph::{self, DecisionGraph};
use weigh::load::{self, Choice};
use weigh::model::decision::Decision;
use weigh::model::evidence::{Fact, FactValue};
use weigh::quantity::date::Date;
use weigh::quantity::distribution::Distribution;
use weigh::quantity::sampler::RandomStream;

/// Variations of each example.
const VARIATIONS: usize = 12;
/// Truths of each variation, at most [`weigh::eval::BLOCK`].
const TRUTHS: usize = 64;
/// Samples behind the value of information.
const SAMPLES: usize = 4_096;

const PROCEDURES: [&str; 5] = [
    "scores 1 to 10",
    "most likely",
    "expected",
    "expected, two found out",
    "expected, two at random",
];

/// Regret and right choices of each procedure.
#[derive(Default)]
struct Tally {
    regret: [f64; 5],
    right: [f64; 5],
    truths: f64,
}

fn main() {
    let mut tally = Tally::default();
    let mut decisions = 0;
    for path in examples() {
        for variation in 0..VARIATIONS {
            let Some((decision, graph)) = varied(&path, variation) else {
                continue;
            };
            decisions += usize::from(judge(&decision, &graph, variation, &mut tally));
        }
    }
    println!(
        "{decisions} decisions with something to choose, {} truths",
        tally.truths
    );
    println!("| procedure | right choices | average regret |");
    println!("| --- | ---: | ---: |");
    for (at, name) in PROCEDURES.iter().enumerate() {
        println!(
            "| {name} | {:.1} % | {:.4} |",
            100.0 * tally.right[at] / tally.truths,
            tally.regret[at] / tally.truths
        );
    }
}

fn examples() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir("examples")
        .expect("run in the repository")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.join("decision.yaml").exists())
        .collect();
    all.sort();
    all
}

/// An example with another team and another load.
fn varied(path: &Path, variation: usize) -> Option<(Decision, DecisionGraph)> {
    let choice = Choice::plain(Date::parse("2026-11-22").expect("a day"));
    let mut loaded = load::decision(path, &choice);
    let mut decision = loaded.decision?;
    let mut random = RandomStream::new(17, &decision.id, variation);
    let mut factor = |low: f64, high: f64| low * (high / low).powf(random.uniform());
    if let Some(team) = decision.team.as_mut() {
        for member in &mut team.members {
            for fact in member.skill.values_mut() {
                scale(fact, factor(0.25, 4.0));
            }
        }
    }
    let names: Vec<String> = decision.context.keys().cloned().collect();
    for name in names.iter().filter(|name| name.starts_with("workload.")) {
        scale(decision.context.get_mut(name)?, factor(0.2, 5.0));
    }
    let graph = graph::compile(&decision, &mut loaded.diagnostics)?;
    Some((decision, graph))
}

fn scale(fact: &mut Fact, factor: f64) {
    if let FactValue::Number(distribution) = &fact.value {
        fact.value = FactValue::Number(distribution.clone().scale(factor));
    }
}

/// The most likely value of a distribution.
fn mode(distribution: &Distribution) -> f64 {
    match distribution {
        Distribution::Triangular { mode, .. } | Distribution::Pert { mode, .. } => *mode,
        Distribution::LogNormal { mu, sigma, scale } => scale * (mu - sigma * sigma).exp(),
        other => other.mean(),
    }
}

/// Lets the procedures choose; whether there was more than one candidate that can be first.
fn judge(decision: &Decision, graph: &DecisionGraph, variation: usize, tally: &mut Tally) -> bool {
    let plan = Plan::new(decision, graph);
    let shares = plan.shares();
    let standing = Standing::of(&plan, &shares);
    let ranked = standing.order.clone();
    let unknown = plan.uncertain();
    if ranked.len() < 2 || unknown.is_empty() {
        return false;
    }
    let certain = at_most_likely(decision);
    let likely = Plan::new(&certain, graph);
    let rows = likely.evaluate_with(&shares).rows;
    let value = |c: usize, k: usize| {
        Some(rows[c].point_values[k])
            .filter(|v| !v.is_nan())
            .unwrap_or(0.5)
    };
    let sum = |c: usize, of: &dyn Fn(f64) -> f64| -> f64 {
        shares
            .iter()
            .enumerate()
            .map(|(k, share)| share * of(value(c, k)))
            .sum()
    };
    let spreadsheet = best(&ranked, |c| sum(c, &|v| 1.0 + (9.0 * v).round()));
    let most_likely = best(&ranked, |c| sum(c, &|v| v));
    let expected = standing.first().expect("somebody is ranked");
    let found = value_of_information(&plan, &standing, SAMPLES, plan.seed);
    let named: Vec<InputId> = found
        .unknowns
        .iter()
        .filter(|own| own.facts.is_empty())
        .map(|own| own.input)
        .take(2)
        .collect();
    let mut random = RandomStream::new(23, &decision.id, variation);
    let mut pick = || unknown[(random.uniform() * unknown.len() as f64) as usize % unknown.len()];
    let chance = vec![pick(), pick()];
    // The truths are draws that no procedure has seen.
    let truths = plan.blocks(TRUTHS, plan.seed + 1_000, |block| {
        let scores: Vec<Vec<f64>> = ranked
            .iter()
            .map(|&c| {
                let mut total = vec![0.0; block.lanes];
                block.weigh(&shares, c, &mut total);
                total
            })
            .collect();
        let draws: Vec<Vec<f64>> = block
            .draws
            .iter()
            .map(|d| d[..block.lanes].to_vec())
            .collect();
        (scores, draws)
    });
    let (scores, draws) = &truths[0];
    let informed =
        [named, chance].map(|inputs| choices(&plan, &shares, &ranked, inputs, &unknown, draws));
    for truth in 0..scores[0].len() {
        let at = |c: usize| scores[ranked.iter().position(|own| *own == c).expect("ranked")][truth];
        let top = ranked
            .iter()
            .map(|&c| at(c))
            .fold(f64::NEG_INFINITY, f64::max);
        let chosen = [
            spreadsheet,
            most_likely,
            expected,
            informed[0][truth],
            informed[1][truth],
        ];
        for (procedure, choice) in chosen.into_iter().enumerate() {
            let regret = top - at(choice);
            tally.regret[procedure] += regret;
            tally.right[procedure] += f64::from(u8::from(regret <= 1e-12));
        }
        tally.truths += 1.0;
    }
    true
}

/// What is chosen in each truth once these inputs are known.
fn choices(
    plan: &Plan<'_>,
    shares: &[f64],
    ranked: &[usize],
    inputs: Vec<InputId>,
    unknown: &[InputId],
    draws: &[Vec<f64>],
) -> Vec<usize> {
    let column = |input: &InputId| {
        let at = unknown
            .iter()
            .position(|own| own == input)
            .expect("it is uncertain");
        draws[at].clone()
    };
    let pin = Pin {
        at: inputs.iter().map(column).collect(),
        inputs,
    };
    let pinning = Pinning::new(plan, shares, ranked);
    let scores = pinning.scores(&[pin], 4).remove(0);
    (0..scores[0].len())
        .map(|truth| {
            let of = |i: usize| {
                Some(scores[i][truth])
                    .filter(|s| !s.is_nan())
                    .unwrap_or(-1.0)
            };
            let first = (0..scores.len()).max_by(|&a, &b| of(a).total_cmp(&of(b)));
            pinning.candidates()[first.expect("somebody is ranked")]
        })
        .collect()
}

fn best(candidates: &[usize], score: impl Fn(usize) -> f64) -> usize {
    let first = candidates
        .iter()
        .copied()
        .max_by(|&a, &b| score(a).total_cmp(&score(b)).then(b.cmp(&a)));
    first.expect("somebody is ranked")
}

/// The decision with every number at its most likely value.
fn at_most_likely(decision: &Decision) -> Decision {
    let mut certain = decision.clone();
    let settle = |fact: &mut Fact| {
        if let FactValue::Number(distribution) = &fact.value {
            fact.value = FactValue::Number(Distribution::Certain(mode(distribution)));
        }
    };
    certain.context.values_mut().for_each(settle);
    for candidate in &mut certain.candidates {
        candidate.facts.values_mut().for_each(settle);
    }
    if let Some(team) = certain.team.as_mut() {
        for member in &mut team.members {
            member.skill.values_mut().for_each(settle);
            settle(&mut member.share);
            settle(&mut member.count);
        }
    }
    certain
}
