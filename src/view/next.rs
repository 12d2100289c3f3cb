//! The value of information as plain data, each unknown with the command that resolves it.

use schemars::JsonSchema;
use serde::Serialize;

use super::figure;
use super::sensitivity::Speaker;
use super::verdict::VerdictView;
use crate::analysis::value_of_information::{
    IncompleteCandidate, UnknownInput, ValueOfInformation,
};
use crate::eval::{InputId, Leaf, Plan};
use crate::lang::{Lang, Text};
use crate::model::evidence::FactValue;
use crate::tr;

/// The JSON of `weigh next`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NextView {
    pub decision: String,
    pub title: String,
    pub scenario: Option<String>,
    pub stakeholder: Option<String>,
    /// The date of the evaluation.
    pub as_of: String,
    /// The answer in one sentence, and what it rests on.
    pub verdict: Option<VerdictView>,
    /// How many samples were drawn.
    pub samples: usize,
    pub seed: u64,
    /// The candidate with the highest expected score.
    pub choice: Option<String>,
    pub choice_name: Option<String>,
    pub expected_score: Option<f64>,
    /// The expected value of perfect information (EVPI).
    pub total: TotalView,
    /// The unknowns, the most valuable first; facts that incomplete candidates lack come last.
    pub unknowns: Vec<UnknownView>,
    /// Notes.
    pub notes: Vec<String>,
}

/// The expected value of perfect information (EVPI).
#[derive(Debug, Serialize, JsonSchema)]
pub struct TotalView {
    /// The expected gain in score.
    pub value_of_information: Option<f64>,
    /// Its standard error.
    pub error: Option<f64>,
    /// Probability that it changes the choice.
    pub chance_to_change_the_winner: Option<f64>,
}

/// One unknown.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnknownView {
    /// The name that `--set` takes.
    pub input: String,
    pub title: String,
    /// `uncertain`, or `missing` for a fact without which its candidate has no score.
    pub kind: &'static str,
    /// The expected gain in score.
    pub value_of_information: Option<f64>,
    /// Its standard error.
    pub error: Option<f64>,
    pub unit: String,
    /// Probability that knowing it changes the choice.
    pub chance_to_change_the_winner: Option<f64>,
    /// The command that would measure it, if there is one.
    pub command: Option<String>,
    /// How to measure it, or how to enter the value.
    pub how: String,
    /// For a missing fact: the reason.
    pub reason: Option<String>,
    /// For a missing fact: everything that its candidate lacks; it takes all of them.
    pub with: Vec<String>,
    /// For a missing fact: the candidate's score if all it lacks took the best value.
    pub best_score: Option<f64>,
    /// For a missing fact: whether the candidate could then be first.
    pub possible: Option<bool>,
}

impl UnknownView {
    /// Whether its value exceeds two standard errors.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.value_of_information
            .zip(self.error)
            .is_some_and(|(value, error)| value > 2.0 * error)
    }
}

/// Builds the view.
#[must_use]
pub fn view(plan: &Plan<'_>, found: &ValueOfInformation, lang: Lang) -> NextView {
    let speaker = Speaker { plan, lang };
    let decision = plan.decision;
    let mut unknowns: Vec<UnknownView> = found
        .unknowns
        .iter()
        .flat_map(|u| unknown(&speaker, u))
        .collect();
    unknowns.extend(found.gaps.iter().flat_map(|g| gap(&speaker, g)));
    NextView {
        verdict: None,
        decision: decision.id.clone(),
        title: decision.title.get(lang).to_owned(),
        scenario: decision.scenario.clone(),
        stakeholder: decision.stakeholder.clone(),
        as_of: decision.as_of.to_string(),
        samples: found.samples,
        seed: found.seed,
        choice: found.choice.map(|c| speaker.id(c)),
        choice_name: found.choice.map(|c| speaker.name(c).get(lang).to_owned()),
        expected_score: found.choice.and_then(|c| figure::json(found.expected[c])),
        total: TotalView {
            value_of_information: figure::json(found.total.value),
            error: figure::json(found.total.error),
            chance_to_change_the_winner: figure::json(found.chance),
        },
        unknowns,
        notes: notes(plan, found)
            .iter()
            .map(|note| note.get(lang).to_owned())
            .collect(),
    }
}

fn notes(plan: &Plan<'_>, found: &ValueOfInformation) -> Vec<Text> {
    let mut notes = Vec::new();
    let rivals = found.expected.iter().filter(|e| !e.is_nan()).count();
    match found.choice {
        None => notes.push(tr!(
            "no candidate can be chosen yet: only missing facts are listed",
            "尚无可选的候选：仅列出缺失的事实"
        )),
        Some(_) if rivals == 1 => notes.push(tr!(
            "one candidate can be chosen: better knowledge cannot change that",
            "只有一个候选可选：了解得更清楚也不会改变选择"
        )),
        Some(_) if found.unknowns.is_empty() => notes.push(tr!(
            "no input is uncertain: give uncertain values as ranges (`2..6 week`)",
            "没有不确定的输入：请为没有把握的量给出区间（如 `2..6 week`）"
        )),
        Some(choice) => {
            let point = plan
                .evaluate()
                .rows
                .iter()
                .map(|r| r.score.unwrap_or(f64::NAN))
                .collect::<Vec<_>>();
            let first = (0..point.len())
                .filter(|&c| !point[c].is_nan())
                .max_by(|&a, &b| point[a].total_cmp(&point[b]).then(b.cmp(&a)));
            if let Some(first) = first.filter(|f| *f != choice && point[*f] > point[choice]) {
                let candidates = &plan.decision.candidates;
                let (first, choice) = (&candidates[first].name, &candidates[choice].name);
                notes.push(tr!(
                    "{first} is first at the point estimates, {choice} on average over the samples",
                    "按点估计 {first} 排第一，按样本平均则是 {choice}"
                ));
            }
        }
    }
    notes
}

/// Returns one row, or several if a criterion lacks several facts, which have value only together.
fn unknown(speaker: &Speaker<'_>, unknown: &UnknownInput) -> Vec<UnknownView> {
    if unknown.facts.is_empty() {
        return vec![row(speaker, unknown, unknown.input)];
    }
    let names: Vec<String> = unknown
        .facts
        .iter()
        .map(|fact| speaker.plan.input_name(*fact))
        .collect();
    let one = |(at, &fact): (usize, &InputId)| UnknownView {
        reason: reason(speaker.plan, fact).map(|r| r.get(speaker.lang).to_owned()),
        with: names
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .map(|(_, name)| name.clone())
            .collect(),
        ..row(speaker, unknown, fact)
    };
    unknown.facts.iter().enumerate().map(one).collect()
}

fn row(speaker: &Speaker<'_>, unknown: &UnknownInput, input: InputId) -> UnknownView {
    let (command, how) = settle(speaker.plan, input);
    UnknownView {
        input: speaker.plan.input_name(input),
        title: speaker.title(input).get(speaker.lang).to_owned(),
        kind: "uncertain",
        value_of_information: figure::json(unknown.value.value),
        error: figure::json(unknown.value.error),
        unit: speaker.unit(input),
        chance_to_change_the_winner: figure::json(unknown.chance),
        command,
        how: how.get(speaker.lang).to_owned(),
        reason: None,
        with: Vec::new(),
        best_score: None,
        possible: None,
    }
}

fn gap(speaker: &Speaker<'_>, gap: &IncompleteCandidate) -> Vec<UnknownView> {
    let names: Vec<String> = gap
        .facts
        .iter()
        .map(|input| speaker.plan.input_name(*input))
        .collect();
    let view = |(at, &input): (usize, &InputId)| {
        let (command, how) = settle(speaker.plan, input);
        let others = names
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .map(|(_, name)| name.clone());
        UnknownView {
            input: names[at].clone(),
            title: speaker.title(input).get(speaker.lang).to_owned(),
            kind: "missing",
            value_of_information: figure::json(gap.value.value),
            error: figure::json(gap.value.error),
            unit: speaker.unit(input),
            chance_to_change_the_winner: figure::json(gap.chance),
            command,
            how: how.get(speaker.lang).to_owned(),
            reason: reason(speaker.plan, input).map(|r| r.get(speaker.lang).to_owned()),
            with: others.collect(),
            best_score: figure::json(gap.best_score),
            possible: Some(gap.possible),
        }
    };
    gap.facts.iter().enumerate().map(view).collect()
}

/// The command that would measure an input, if there is one.
pub(super) fn settling_command(plan: &Plan<'_>, input: InputId) -> Option<String> {
    settle(plan, input).0
}

/// Returns the benchmark command that would measure an input, else how to enter its value.
fn settle(plan: &Plan<'_>, input: InputId) -> (Option<String>, Text) {
    let name = plan.input_name(input);
    let command = match plan.leaf(input.node, input.candidate.unwrap_or(0)) {
        Leaf::Fact(fact) => match &fact.value {
            FactValue::Missing { command, .. } => command.clone(),
            _ => {
                let again = fact
                    .provenance
                    .run
                    .as_ref()
                    .map(|run| format!("weigh bench run {}", run.service));
                again.or_else(|| fact.provenance.command.as_ref().map(ToString::to_string))
            }
        },
        _ => None,
    };
    let how = command.clone().map_or_else(
        || tr!("--set {name}=VALUE", "--set {name}=取值"),
        Text::name,
    );
    (command, how)
}

/// Returns the reason why an input is missing.
fn reason<'a>(plan: &Plan<'a>, input: InputId) -> Option<&'a Text> {
    match plan.leaf(input.node, input.candidate.unwrap_or(0)) {
        Leaf::Fact(crate::model::evidence::Fact {
            value: FactValue::Missing { reason, .. },
            ..
        }) => Some(reason),
        _ => None,
    }
}
