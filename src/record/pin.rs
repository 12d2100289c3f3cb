//! A decision's result with everything it depends on, as plain data.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::analysis::choice::{self, ChoiceRank};
use crate::analysis::ranking::Ranking;
use crate::analysis::study::Study;
use crate::analysis::verdict::Verdict;
use crate::eval::{Leaf, Plan};
use crate::graph::{Compute, DecisionNode};
use crate::lang::Text;
use crate::model::evidence::{Fact, FactValue};
use crate::model::outcome::Outcome;
use crate::quantity::date::Date;
use crate::source::Sources;
use crate::tr;

/// Version of the file format; newer versions of weigh read older formats.
const FORM: u32 = 1;

/// What was decided, and on which basis.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, JsonSchema)]
pub struct Record {
    /// Version of the file format.
    pub record: u32,
    /// Version of weigh.
    pub weigh: String,
    pub decision: String,
    /// The decision's file, relative to the record.
    pub file: String,
    pub scenario: Option<String>,
    pub stakeholder: Option<String>,
    #[serde(default)]
    pub profile: Option<String>,
    /// The `--set` arguments that were applied.
    #[serde(default)]
    pub set: Vec<String>,
    /// The date the decision was evaluated for.
    pub as_of: String,
    pub method: String,
    /// The method's parameters as given on the command line.
    pub params: Vec<String>,
    pub seed: u64,
    pub winner: Option<String>,
    /// The winner's lead and its noise.
    pub lead: Option<LeadNoise>,
    /// What people decided.
    #[serde(default)]
    pub outcome: Option<PinnedOutcome>,
    /// Where the choice stands: what people chose, else the winner.
    #[serde(default)]
    pub choice: Option<PinnedChoice>,
    /// The verdict as every command prints it, in English.
    #[serde(default)]
    pub verdict: serde_json::Value,
    /// All candidates, best first.
    pub ranking: Vec<PinnedPlacement>,
    pub criteria: Vec<PinnedCriterion>,
    /// The inputs by the name that `--set` takes: context, team and facts.
    pub inputs: BTreeMap<String, PinnedInput>,
    /// SHA-256 of each file that was read, by name.
    pub files: BTreeMap<String, String>,
}

/// The winner's lead over the runner-up and the noise in it, both in score units.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, JsonSchema)]
pub struct LeadNoise {
    /// Score of the winner minus score of the runner-up.
    pub gap: f64,
    /// Half the distance between the 5 % and 95 % quantiles of that difference over the samples.
    pub noise: f64,
}

/// What people had decided when the record was made.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq, JsonSchema)]
pub struct PinnedOutcome {
    /// `proposed`, `accepted`, `rejected`, `deprecated` or `superseded`.
    pub status: String,
    pub chosen: Option<String>,
    /// The people who decided, in English.
    pub by: Vec<String>,
    pub on: Option<String>,
    pub review_by: Option<String>,
}

/// Where a choice stands.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, JsonSchema)]
pub struct PinnedChoice {
    pub candidate: String,
    #[schemars(with = "String")]
    pub standing: ChoiceRank,
    /// The candidate it is compared with: the first, or the runner-up if it is first itself.
    pub against: Option<String>,
    /// Its expected score minus that of the other.
    pub lead: Option<f64>,
    /// The share of the draws in which it is first.
    pub first_share: f64,
}

/// One candidate's result.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, JsonSchema)]
pub struct PinnedPlacement {
    pub candidate: String,
    pub rank: Option<usize>,
    pub score: Option<f64>,
    /// `ranked`, `screened` or `incomplete`.
    pub status: String,
    /// The contribution of each criterion.
    pub contributions: BTreeMap<String, f64>,
}

/// A criterion as it was recorded.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, JsonSchema)]
pub struct PinnedCriterion {
    pub id: String,
    /// Its share of the total weight.
    pub share: f64,
    /// The shape of its value function.
    pub shape: String,
    /// The measure with value 0, in the criterion's unit.
    pub worst: Option<f64>,
    /// The measure with value 1, in the criterion's unit.
    pub best: Option<f64>,
    pub unit: String,
    pub formula: String,
}

/// An input as it was recorded.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, JsonSchema)]
pub struct PinnedInput {
    /// The displayed value, in English, with its 5 % and 95 % quantiles if it is uncertain.
    pub value: String,
    /// The kind of evidence.
    pub kind: Option<String>,
    pub source: String,
    pub as_of: Option<String>,
    pub expires: Option<String>,
    pub run: Option<String>,
    /// The criteria that depend on it.
    pub criteria: Vec<String>,
}

impl Record {
    /// Parses a record.
    ///
    /// # Errors
    /// If the text is not a record, or has a format that only a newer version reads.
    pub fn parse(text: &str) -> Result<Self, Text> {
        #[derive(Deserialize)]
        struct FormatVersion {
            record: u32,
        }
        let wrong = |e: serde_json::Error| tr!("{e}", "{e}");
        let FormatVersion { record } = serde_json::from_str(text).map_err(wrong)?;
        if record > FORM {
            return Err(tr!(
                "its format is {record}, and this version of weigh reads formats up to {FORM}",
                "其格式为 {record}，而此版本的 weigh 只认识到格式 {FORM}"
            ));
        }
        serde_json::from_str(text).map_err(wrong)
    }
}

/// How a decision was opened, so that it can be opened the same way again.
#[derive(Clone, Debug, Default)]
pub struct RecordRequest {
    /// The decision's file, relative to the record.
    pub file: String,
    pub profile: Option<String>,
    /// The `--set` arguments.
    pub set: Vec<String>,
    /// The parameters of the method.
    pub params: Vec<String>,
    /// The candidate to regard as chosen if the decision file names none.
    pub choice: Option<String>,
}

/// Rounds to twelve significant digits, so that platform differences in the last bit are not reported as changes.
fn to_twelve_digits(x: f64) -> Option<f64> {
    if x == 0.0 {
        return Some(0.0);
    }
    x.is_finite()
        .then(|| format!("{x:.11e}").parse().ok())
        .flatten()
}

/// Records a result.
#[must_use]
pub fn pin(
    study: &Study<'_>,
    ranking: &Ranking,
    sources: &Sources,
    asked: RecordRequest,
) -> Record {
    let plan = study.plan();
    let decision = plan.decision;
    let criteria = plan.graph.criteria.iter().enumerate().map(|(k, slot)| {
        let node = &plan.graph.nodes[slot.node];
        let anchors = slot.value.as_ref().and_then(|f| f.anchors());
        PinnedCriterion {
            id: slot.id.clone(),
            share: to_twelve_digits(ranking.evaluation.shares[k]).unwrap_or(0.0),
            shape: plan.functions[k].shape().to_owned(),
            worst: anchors.and_then(|(w, _)| to_twelve_digits(node.unit.of_base(w))),
            best: anchors.and_then(|(_, b)| to_twelve_digits(node.unit.of_base(b))),
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
            score: p.score.and_then(to_twelve_digits),
            status: row.status.word().to_owned(),
            contributions: parts
                .filter_map(|(slot, &x)| Some((slot.id.clone(), to_twelve_digits(x)?)))
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
        lead: lead_noise(study.verdict()),
        outcome: decision.outcome.as_ref().map(pin_outcome),
        choice: pin_choice(study, asked.choice.as_deref()),
        verdict: serde_json::Value::Null,
        ranking: ranking.places.iter().map(place).collect(),
        criteria: criteria.collect(),
        inputs: pin_inputs(plan),
        files: sources
            .iter()
            .map(|s| (s.name().to_owned(), hash_text(s.text())))
            .collect(),
    }
}

/// Returns the SHA-256 of a text; CRLF counts as LF, so that Windows checkouts hash the same.
#[must_use]
pub fn hash_text(text: &str) -> String {
    let digest = Sha256::digest(text.replace("\r\n", "\n").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the winner's lead and its noise, half of its 5 to 95 % span; `None` with fewer than two ranked candidates, or for a
/// method whose score is not the sum of contributions.
#[must_use]
pub fn lead_noise(verdict: &Verdict) -> Option<LeadNoise> {
    let [gap, low, high] = verdict.lead?;
    Some(LeadNoise {
        gap: to_twelve_digits(gap)?,
        noise: to_twelve_digits((high - low) / 2.0)?,
    })
}

fn pin_outcome(outcome: &Outcome) -> PinnedOutcome {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    PinnedOutcome {
        status: outcome.status.word().to_owned(),
        chosen: outcome.chosen.clone(),
        by: outcome.by.iter().map(|who| who.en.clone()).collect(),
        on: day(outcome.on),
        review_by: day(outcome.review_by),
    }
}

/// Returns where the choice stands: what the decision file says, else `wanted`, else the first.
fn pin_choice(study: &Study<'_>, wanted: Option<&str>) -> Option<PinnedChoice> {
    let (decision, verdict) = (study.plan().decision, study.verdict());
    let candidates = &decision.candidates;
    let stated = decision.outcome.as_ref();
    let stated = stated
        .filter(|outcome| outcome.status.is_open_or_in_force())
        .and_then(|outcome| outcome.chosen.as_deref());
    let chosen = stated
        .or(wanted)
        .and_then(|id| candidates.iter().position(|c| c.id == id))
        .or(verdict.first)?;
    let standing = choice::standing_of_choice(verdict, chosen);
    Some(PinnedChoice {
        candidate: candidates[chosen].id.clone(),
        standing: standing.rank,
        against: standing.against.map(|c| candidates[c].id.clone()),
        lead: standing.lead.and_then(to_twelve_digits),
        first_share: to_twelve_digits(standing.first_share).unwrap_or(0.0),
    })
}

/// Returns all inputs by name.
#[must_use]
pub fn pin_inputs(plan: &Plan<'_>) -> BTreeMap<String, PinnedInput> {
    let mut all = BTreeMap::new();
    for (at, node) in plan.graph.nodes.iter().enumerate() {
        let leaves: Vec<Option<usize>> = match node.compute {
            Compute::Context(_) | Compute::PartFact { .. } => vec![None],
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
            // The date is left out: it differs between runs.
            let Leaf::Fact(fact) = plan.leaf(at, candidate.unwrap_or(0)) else {
                continue;
            };
            let name = plan.input_name(crate::eval::InputId {
                node: at,
                candidate,
            });
            all.insert(name, pin_input(plan, node, fact, criteria.clone()));
        }
    }
    all
}

fn pin_input(
    plan: &Plan<'_>,
    node: &DecisionNode,
    fact: &Fact,
    criteria: Vec<String>,
) -> PinnedInput {
    let p = &fact.provenance;
    let day = |d: Option<Date>| d.map(|d| d.to_string());
    PinnedInput {
        value: input_value(plan, node, fact),
        kind: p.kind.map(|k| k.word().to_owned()),
        source: p.source.to_string(),
        as_of: day(p.as_of),
        expires: day(p.expires),
        run: p.run.as_ref().map(|run| run.id.clone()),
        criteria,
    }
}

/// Formats the value as a file would contain it.
fn input_value(plan: &Plan<'_>, node: &DecisionNode, fact: &Fact) -> String {
    let unit = node.unit.suffix();
    let of = |x: f64| {
        to_twelve_digits(node.unit.of_base(x)).map_or_else(|| "?".to_owned(), |x| x.to_string())
    };
    let number = |text: String| {
        if unit.is_empty() {
            text
        } else {
            format!("{text} {unit}")
        }
    };
    match &fact.value {
        FactValue::Missing { reason, .. } | FactValue::Assumed { reason, .. } => {
            format!("? ({})", reason.en)
        }
        FactValue::NotApplicable { reason } => format!("not applicable ({})", reason.en),
        FactValue::Number(d) if !d.is_certain() => number(format!(
            "{} ({}..{})",
            of(d.mean()),
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
