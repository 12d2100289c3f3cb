//! How sure the ranking is, as plain data.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::figure;
use crate::analysis::acceptability::Acceptability;
use crate::analysis::agreement::Agreement;
use crate::analysis::reversal::Reversals;
use crate::analysis::weight_space::WeightSpace;
use crate::eval::Plan;
use crate::lang::{Lang, Text};

/// The JSON of `weigh robustness`.
#[derive(Debug, Serialize)]
pub struct RobustnessView {
    /// The decision's id.
    pub decision: String,
    /// What it is called.
    pub title: String,
    /// The scenario that was applied.
    pub scenario: Option<String>,
    /// The stakeholder whose weights were applied.
    pub stakeholder: Option<String>,
    /// "Today".
    pub as_of: String,
    /// The method's id.
    pub method: String,
    /// Which weights were drawn.
    pub weights: String,
    /// Whether neither weights nor inputs vary.
    pub certain: bool,
    /// How many samples were drawn.
    pub samples: usize,
    /// In how many of them somebody could be ranked.
    pub decided: usize,
    /// The seed.
    pub seed: u64,
    /// By candidate the share of samples in which it is first, second ...; null for one that is incomplete.
    pub rank_acceptability: Map<String, Json>,
    /// By candidate the mean weights of the samples it wins; null where it never does.
    pub central_weights: Map<String, Json>,
    /// By candidate how often it wins with its central weights; null where it has none.
    pub confidence_factor: Map<String, Json>,
    /// How often a candidate comes before another.
    pub pairwise_winning: Map<String, Json>,
    /// Entropy of the whole ranking, bits.
    pub rank_entropy: Option<f64>,
    /// Entropy of who is first, bits.
    pub choice_entropy: Option<f64>,
    /// The largest standard error of any rank acceptability.
    pub standard_error: Option<f64>,
    /// The standard error of each rank acceptability.
    pub standard_errors: Map<String, Json>,
    /// What every method says under several sets of weights.
    pub methods: Vec<MethodVerdictView>,
    /// Changes of the set of candidates that turn the order of the others.
    pub reversals: Vec<ReversalView>,
    /// Why no change had to be tried, or how many were.
    pub reversal_note: String,
    /// What to know.
    pub warnings: Vec<String>,
}

/// What one method says under one set of weights.
#[derive(Debug, Serialize)]
pub struct MethodVerdictView {
    /// The method's id.
    pub id: &'static str,
    /// The method with the parameter that sets it apart.
    #[serde(skip)]
    pub form: String,
    /// Its parameters.
    pub params: Map<String, Json>,
    /// The set of weights.
    pub weights: String,
    /// What that is called.
    #[serde(skip)]
    pub weights_title: String,
    /// Whether those were measured on the data.
    pub diagnosis: bool,
    /// Who is first; the first named where several tie.
    pub winner: Option<String>,
    /// All who are first.
    pub winners: Vec<String>,
    /// Kendall's tau-b with the decision's own ranking.
    pub tau: Option<f64>,
    /// Why it cannot be applied.
    pub refused: Option<String>,
}

/// A change that turned the order of the others.
#[derive(Debug, Serialize)]
pub struct ReversalView {
    /// `without` or `clone`.
    pub change: &'static str,
    /// Whose.
    pub candidate: String,
    /// The others from best to worst before.
    pub before: Vec<String>,
    /// And after.
    pub after: Vec<String>,
}

/// Everything that is known of how sure the ranking is.
pub struct Findings<'a> {
    /// Places in samples.
    pub acceptability: &'a Acceptability,
    /// Which weights were drawn.
    pub space: &'a WeightSpace,
    /// Other methods.
    pub agreement: &'a Agreement,
    /// Other candidates.
    pub reversals: &'a Reversals,
    /// The method's id.
    pub method: &'a str,
}

/// Shapes the findings.
#[must_use]
pub fn view(
    plan: &Plan<'_>,
    findings: &Findings<'_>,
    warnings: Vec<String>,
    lang: Lang,
) -> RobustnessView {
    let decision = plan.decision;
    let found = findings.acceptability;
    let some = found.decided > 0;
    let certain = findings.space.is_point() && plan.uncertain().is_empty();
    // Shares that no draw can change have no error: ties of certain figures are exact.
    let error = |p: f64| {
        if certain {
            0.0
        } else {
            found.standard_error(p)
        }
    };
    RobustnessView {
        decision: decision.id.clone(),
        title: decision.title.get(lang).to_owned(),
        scenario: decision.scenario.clone(),
        stakeholder: decision.stakeholder.clone(),
        as_of: decision.as_of.to_string(),
        method: findings.method.to_owned(),
        weights: findings.space.title().get(lang).to_owned(),
        certain,
        samples: found.samples,
        decided: found.decided,
        seed: found.seed,
        rank_acceptability: by_candidate(plan, found, |i| {
            found
                .rank
                .get(i)
                .map(|row| row.iter().map(|&p| number(p)).collect())
        }),
        central_weights: by_candidate(plan, found, |i| {
            found.central[i].as_ref().map(|w| criteria(plan, w))
        }),
        confidence_factor: by_candidate(plan, found, |i| found.confidence[i].map(number)),
        pairwise_winning: by_candidate(plan, found, |i| {
            found.winning.get(i).map(|row| duels(plan, found, row))
        }),
        rank_entropy: figure::json(found.ranking_entropy).filter(|_| some),
        choice_entropy: figure::json(found.choice_entropy).filter(|_| some),
        standard_error: found
            .rank
            .iter()
            .flatten()
            .map(|&p| error(p))
            .reduce(f64::max)
            .and_then(figure::json),
        standard_errors: by_candidate(plan, found, |i| {
            found
                .rank
                .get(i)
                .map(|row| row.iter().map(|&p| number(error(p))).collect())
        }),
        methods: methods(plan, findings.agreement, lang),
        reversals: reversals(plan, findings.reversals),
        reversal_note: reversal_note(findings.reversals).get(lang).to_owned(),
        warnings,
    }
}

fn number(x: f64) -> Json {
    figure::json(x).map_or(Json::Null, Json::from)
}

/// Every candidate of the decision in its order; null for those that did not take part.
fn by_candidate(
    plan: &Plan<'_>,
    found: &Acceptability,
    of: impl Fn(usize) -> Option<Json>,
) -> Map<String, Json> {
    let entry = |(c, candidate): (usize, &crate::model::decision::Candidate)| {
        let at = found.candidates.iter().position(|&own| own == c);
        (candidate.id.clone(), at.and_then(&of).unwrap_or(Json::Null))
    };
    plan.decision
        .candidates
        .iter()
        .enumerate()
        .map(entry)
        .collect()
}

fn criteria(plan: &Plan<'_>, weights: &[f64]) -> Json {
    Json::Object(
        plan.graph
            .criteria
            .iter()
            .zip(weights)
            .map(|(slot, w)| (slot.id.clone(), number(*w)))
            .collect(),
    )
}

fn duels(plan: &Plan<'_>, found: &Acceptability, row: &[Option<f64>]) -> Json {
    let id = |j: usize| plan.decision.candidates[found.candidates[j]].id.clone();
    Json::Object(
        row.iter()
            .enumerate()
            .filter_map(|(j, p)| p.map(|p| (id(j), number(p))))
            .collect(),
    )
}

fn methods(plan: &Plan<'_>, agreement: &Agreement, lang: Lang) -> Vec<MethodVerdictView> {
    let id = |c: &usize| plan.decision.candidates[*c].id.clone();
    let one = |verdict: &crate::analysis::agreement::Verdict| {
        let set = &agreement.sets[verdict.set];
        let winners: Vec<String> = verdict.winners.iter().flatten().map(id).collect();
        MethodVerdictView {
            id: verdict.method.id(),
            form: verdict.form.clone(),
            params: verdict
                .params
                .iter()
                .map(|(k, v)| (k.clone(), Json::String(v.clone())))
                .collect(),
            weights: set.id.clone(),
            weights_title: set.title.get(lang).to_owned(),
            diagnosis: set.diagnosis,
            winner: winners.first().cloned(),
            winners,
            tau: verdict.tau.and_then(figure::json),
            refused: verdict
                .winners
                .as_ref()
                .err()
                .map(|why| why.get(lang).to_owned()),
        }
    };
    agreement.verdicts.iter().map(one).collect()
}

fn reversals(plan: &Plan<'_>, reversals: &Reversals) -> Vec<ReversalView> {
    let id = |c: &usize| plan.decision.candidates[*c].id.clone();
    let one = |reversal: &crate::analysis::reversal::Reversal| ReversalView {
        change: reversal.change.word(),
        candidate: id(&reversal.candidate),
        before: reversal.before.iter().map(id).collect(),
        after: reversal.after.iter().map(id).collect(),
    };
    reversals.found.iter().map(one).collect()
}

fn reversal_note(reversals: &Reversals) -> Text {
    if let Some(note) = &reversals.note {
        return note.clone();
    }
    let (tried, found, refused) = (
        reversals.tried,
        reversals.found.len(),
        reversals.refused.len(),
    );
    let mut text = crate::tr!(
        "{found} of {tried} changes (one candidate left out, or a copy of one added) turn the order of the others",
        "{tried} 种变动（去掉一个候选，或加入某候选的副本）中有 {found} 种颠倒了其余候选的次序"
    );
    if refused > 0 {
        text.en += &format!("; after {refused} the method cannot be applied");
        text.zh += &format!("；其中 {refused} 种变动后该方法无法应用");
    }
    text
}
