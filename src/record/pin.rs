//! A decision's outcome with everything it rests on, as plain data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::analysis::ranking::Ranking;
use crate::eval::{Leaf, Plan};
use crate::graph::{Compute, DecisionNode};
use crate::lang::Text;
use crate::model::evidence::{Fact, FactValue};
use crate::quantity::date::Date;
use crate::source::Sources;
use crate::tr;

/// The form of this file; a later one reads the earlier.
const FORM: u32 = 1;

/// What was decided, and on what.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Record {
    /// The form of this file.
    pub record: u32,
    /// Version of the program.
    pub weigh: String,
    /// The decision's id.
    pub decision: String,
    /// The decision's file, relative to the record.
    pub file: String,
    /// The scenario that was applied.
    pub scenario: Option<String>,
    /// The stakeholder whose weights were applied.
    pub stakeholder: Option<String>,
    /// The weight profile that was applied.
    #[serde(default)]
    pub profile: Option<String>,
    /// Settings that were made on top.
    #[serde(default)]
    pub set: Vec<String>,
    /// "Today" of the decision.
    pub as_of: String,
    /// The method's id.
    pub method: String,
    /// Its parameters as they were asked for.
    pub params: Vec<String>,
    /// Seed of the samples.
    pub seed: u64,
    /// Who came first.
    pub winner: Option<String>,
    /// How far ahead, against what is not known.
    pub lead: Option<LeadNoise>,
    /// Every candidate, best first.
    pub ranking: Vec<PinnedPlacement>,
    /// Every criterion.
    pub criteria: Vec<PinnedCriterion>,
    /// Every leaf of the graph by the name `--set` changes it by: context, team, facts.
    pub inputs: BTreeMap<String, PinnedInput>,
    /// SHA-256 of every text that was read, by name.
    pub files: BTreeMap<String, String>,
}

/// The winner's lead over the runner-up and the noise in it, both in score.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq)]
pub struct LeadNoise {
    /// Score of the first minus score of the second.
    pub gap: f64,
    /// Half the distance between the 5 % and the 95 % quantile of that difference over the samples.
    pub noise: f64,
}

/// One candidate's place.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct PinnedPlacement {
    /// Its id.
    pub candidate: String,
    /// Its rank.
    pub rank: Option<usize>,
    /// Its score.
    pub score: Option<f64>,
    /// `ranked`, `screened` or `incomplete`.
    pub status: String,
    /// Contribution of each criterion.
    pub contributions: BTreeMap<String, f64>,
}

/// One criterion.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct PinnedCriterion {
    /// Its id.
    pub id: String,
    /// Its share of all weight.
    pub share: f64,
    /// The shape of its value function.
    pub shape: String,
    /// The measure worth nothing, in the unit.
    pub worst: Option<f64>,
    /// The measure worth all.
    pub best: Option<f64>,
    /// Its unit.
    pub unit: String,
    /// How it is computed.
    pub formula: String,
}

/// One leaf.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct PinnedInput {
    /// Its value for people, in English; with its 5 % and 95 % quantile where it is uncertain.
    pub value: String,
    /// What kind of evidence.
    pub kind: Option<String>,
    /// Who says so.
    pub source: String,
    /// Since when.
    pub as_of: Option<String>,
    /// Until when.
    pub expires: Option<String>,
    /// The run it was measured in.
    pub run: Option<String>,
    /// The criteria that rest on it.
    pub criteria: Vec<String>,
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// Where the text is none, or one of a form that only a newer version knows.
    pub fn parse(text: &str) -> Result<Self, Text> {
        #[derive(Deserialize)]
        struct FormatVersion {
            record: u32,
        }
        let wrong = |e: serde_json::Error| tr!("{e}", "{e}");
        let FormatVersion { record } = serde_json::from_str(text).map_err(wrong)?;
        if record > FORM {
            return Err(tr!(
                "its form is {record}, and this version of weigh knows forms up to {FORM}",
                "其格式为 {record}，而此版本的 weigh 只认识到格式 {FORM}"
            ));
        }
        serde_json::from_str(text).map_err(wrong)
    }
}

/// How a decision was asked for: what a later run has to repeat.
#[derive(Clone, Debug, Default)]
pub struct RecordRequest {
    /// The decision's file, relative to the record.
    pub file: String,
    /// The weight profile.
    pub profile: Option<String>,
    /// Settings.
    pub set: Vec<String>,
    /// Parameters of the method.
    pub params: Vec<String>,
}

/// Twelve significant digits, so that the last bit of a platform does not make a change.
fn settled(x: f64) -> Option<f64> {
    if x == 0.0 {
        return Some(0.0);
    }
    x.is_finite()
        .then(|| format!("{x:.11e}").parse().ok())
        .flatten()
}

/// Pins an outcome.
#[must_use]
pub fn pin(plan: &Plan<'_>, ranking: &Ranking, sources: &Sources, asked: RecordRequest) -> Record {
    let decision = plan.decision;
    let criteria = plan.graph.criteria.iter().enumerate().map(|(k, slot)| {
        let node = &plan.graph.nodes[slot.node];
        let anchors = slot.value.as_ref().and_then(|f| f.anchors());
        PinnedCriterion {
            id: slot.id.clone(),
            share: settled(ranking.evaluation.shares[k]).unwrap_or(0.0),
            shape: plan.functions[k].shape().to_owned(),
            worst: anchors.and_then(|(w, _)| settled(node.unit.of_base(w))),
            best: anchors.and_then(|(_, b)| settled(node.unit.of_base(b))),
            unit: node.unit.suffix().to_owned(),
            formula: decision.library.criteria[&slot.id].expr.to_string(),
        }
    });
    let place = |p: &crate::analysis::ranking::Placement| {
        let row = &ranking.evaluation.rows[p.candidate];
        let parts = plan.graph.criteria.iter().zip(&row.contributions);
        PinnedPlacement {
            candidate: decision.candidates[p.candidate].id.clone(),
            rank: p.rank,
            score: p.score.and_then(settled),
            status: row.status.word().to_owned(),
            contributions: parts
                .filter_map(|(slot, &x)| Some((slot.id.clone(), settled(x)?)))
                .collect(),
        }
    };
    Record {
        record: FORM,
        weigh: env!("CARGO_PKG_VERSION").to_owned(),
        decision: decision.id.clone(),
        file: asked.file,
        scenario: decision.scenario.clone(),
        stakeholder: decision.stakeholder.clone(),
        profile: asked.profile,
        set: asked.set,
        as_of: decision.as_of.to_string(),
        method: ranking.method.id().to_owned(),
        params: asked.params,
        seed: ranking.seed,
        winner: ranking
            .places
            .first()
            .filter(|p| p.rank.is_some())
            .map(|p| decision.candidates[p.candidate].id.clone()),
        lead: noise(plan, ranking),
        ranking: ranking.places.iter().map(place).collect(),
        criteria: criteria.collect(),
        inputs: inputs(plan),
        files: sources
            .iter()
            .map(|s| (s.name().to_owned(), hash(s.text())))
            .collect(),
    }
}

/// SHA-256 of a text, line breaks of Windows taken as plain ones, so that a checkout there reads the same.
#[must_use]
pub fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.replace("\r\n", "\n").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The winner's lead and the noise in it; `None` with fewer than two ranked, or for a method whose score is not the sum of
/// contributions.
#[must_use]
pub fn noise(plan: &Plan<'_>, ranking: &Ranking) -> Option<LeadNoise> {
    let [first, second] = ranking.places.get(..2)? else {
        return None;
    };
    let gap = first.score? - second.score?;
    if !ranking.additive {
        return None;
    }
    let shares = &ranking.evaluation.shares;
    let pair = [first.candidate, second.candidate];
    let blocks = plan.blocks(crate::analysis::ranking::SAMPLES, ranking.seed, |block| {
        let mut gaps = vec![0.0; block.lanes];
        for (k, share) in shares.iter().enumerate().filter(|(_, s)| **s > 0.0) {
            let (a, b) = (block.value(k, pair[0]), block.value(k, pair[1]));
            gaps.iter_mut()
                .zip(a.iter().zip(b))
                .for_each(|(gap, (a, b))| *gap += share * (a - b));
        }
        gaps
    });
    let mut gaps: Vec<f64> = blocks
        .into_iter()
        .flatten()
        .filter(|x| x.is_finite())
        .collect();
    gaps.sort_unstable_by(f64::total_cmp);
    let quantile = |p: f64| {
        gaps.get(((gaps.len().max(1) - 1) as f64 * p).round() as usize)
            .copied()
    };
    let noise = (quantile(0.95)? - quantile(0.05)?) / 2.0;
    Some(LeadNoise {
        gap: settled(gap)?,
        noise: settled(noise)?,
    })
}

/// Every leaf by name.
fn inputs(plan: &Plan<'_>) -> BTreeMap<String, PinnedInput> {
    let mut all = BTreeMap::new();
    for (at, node) in plan.graph.nodes.iter().enumerate() {
        let leaves: Vec<Option<usize>> = match node.compute {
            Compute::Context(_) => vec![None],
            Compute::Fact(_) => (0..plan.candidates()).map(Some).collect(),
            _ => continue,
        };
        let reached = plan.graph.affected(&[at]);
        let criteria: Vec<String> = plan
            .graph
            .criteria
            .iter()
            .filter(|slot| reached.contains(&slot.node))
            .map(|slot| slot.id.clone())
            .collect();
        for candidate in leaves {
            // The clock is no input: every run has its own.
            let Leaf::Fact(fact) = plan.leaf(at, candidate.unwrap_or(0)) else {
                continue;
            };
            let name = plan.input_name(crate::eval::InputId {
                node: at,
                candidate,
            });
            all.insert(name, input(plan, node, fact, criteria.clone()));
        }
    }
    all
}

fn input(plan: &Plan<'_>, node: &DecisionNode, fact: &Fact, criteria: Vec<String>) -> PinnedInput {
    let p = &fact.provenance;
    let day = |d: Option<Date>| d.map(|d| d.to_string());
    PinnedInput {
        value: value(plan, node, fact),
        kind: p.kind.map(|k| k.word().to_owned()),
        source: p.source.to_string(),
        as_of: day(p.as_of),
        expires: day(p.expires),
        run: p.run.as_ref().map(|run| run.id.clone()),
        criteria,
    }
}

/// The value as a file would say it.
fn value(plan: &Plan<'_>, node: &DecisionNode, fact: &Fact) -> String {
    let unit = node.unit.suffix();
    let of =
        |x: f64| settled(node.unit.of_base(x)).map_or_else(|| "?".to_owned(), |x| x.to_string());
    let number = |text: String| {
        if unit.is_empty() {
            text
        } else {
            format!("{text} {unit}")
        }
    };
    match &fact.value {
        FactValue::Missing { reason, .. } => format!("? ({})", reason.en),
        FactValue::Number(d) if !d.is_certain() => number(format!(
            "{} ({}..{})",
            of(d.point()),
            of(d.quantile(0.05)),
            of(d.quantile(0.95))
        )),
        FactValue::Number(_) | FactValue::Combined { .. } => number(of(fact.value.point())),
        FactValue::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        FactValue::Date(date) => date.to_string(),
        FactValue::Word(code, words) => plan
            .decision
            .library
            .words
            .text(*code)
            .unwrap_or(&words.en)
            .to_owned(),
    }
}
