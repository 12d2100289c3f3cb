//! The robustness of the ranking as plain data.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::figure;
use super::verdict::VerdictView;
use crate::analysis::acceptability::Acceptability;
use crate::analysis::agreement::{Agreement, MethodComparison};
use crate::analysis::reversal::Reversals;
use crate::analysis::study::Robustness;
use crate::analysis::weight_space::WeightSpace;
use crate::eval::Plan;
use crate::lang::{Lang, Text};
use crate::model::decision::Candidate;
use crate::tr;

/// The JSON of `weigh robustness`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RobustnessView {
    pub decision: String,
    pub title: String,
    pub scenario: Option<String>,
    pub stakeholder: Option<String>,
    /// The date of the evaluation.
    pub as_of: String,
    pub method: String,
    /// The answer in one sentence, and what it rests on.
    pub verdict: Option<VerdictView>,
    /// How often each candidate takes each rank.
    #[serde(flatten)]
    #[schemars(with = "ChancesJson")]
    pub chances: ChancesView,
    /// The result of every method under several sets of weights.
    pub methods: Vec<MethodResultView>,
    /// How many of those that name a winner name the decision's own, and how many name one.
    #[serde(skip)]
    pub agreeing: (usize, usize),
    /// Changes of the set of candidates that reverse the order of others.
    pub reversals: Vec<ReversalView>,
    /// Why no change had to be tried, or how many were.
    pub reversal_note: String,
    /// Warnings about the files.
    pub warnings: Vec<String>,
}

/// How often each candidate takes each rank. In JSON every figure is an object by candidate.
#[derive(Clone, Debug, Default)]
pub struct ChancesView {
    /// Which weights were drawn.
    pub weights: String,
    /// Whether neither weights nor inputs vary.
    pub certain: bool,
    /// How many samples were drawn.
    pub samples: usize,
    /// Number of samples in which a candidate could be ranked.
    pub decided: usize,
    pub seed: u64,
    /// Ids of the criteria, in the order of the central weights.
    pub criteria: Vec<String>,
    /// Every candidate, in the decision's order.
    pub candidates: Vec<CandidateChances>,
    /// Entropy of the whole ranking, bits.
    pub rank_entropy: Option<f64>,
    /// Entropy of who is first, bits.
    pub choice_entropy: Option<f64>,
    /// The largest standard error of any rank acceptability.
    pub standard_error: Option<f64>,
}

/// The JSON of [`ChancesView`].
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its JSON Schema is used")]
struct ChancesJson {
    /// Which weights were drawn.
    weights: String,
    /// Whether neither weights nor inputs vary.
    certain: bool,
    /// How many samples were drawn.
    samples: usize,
    /// Number of samples in which a candidate could be ranked.
    decided: usize,
    seed: u64,
    /// The share of samples in which a candidate is first, second ..., by candidate.
    rank_acceptability: BTreeMap<String, Option<Vec<f64>>>,
    /// The mean weights of the samples that a candidate wins, by candidate and criterion.
    central_weights: BTreeMap<String, Option<BTreeMap<String, f64>>>,
    /// How often a candidate wins with its central weights.
    confidence_factor: BTreeMap<String, Option<f64>>,
    /// How often a candidate comes before each other, by candidate and rival.
    pairwise_winning: BTreeMap<String, Option<BTreeMap<String, f64>>>,
    /// Entropy of the whole ranking, bits.
    rank_entropy: Option<f64>,
    /// Entropy of who is first, bits.
    choice_entropy: Option<f64>,
    /// The largest standard error of any rank acceptability.
    standard_error: Option<f64>,
    /// The standard error of each rank acceptability.
    standard_errors: BTreeMap<String, Option<Vec<f64>>>,
}

/// How often one candidate takes each rank, and when.
#[derive(Clone, Debug, Default)]
pub struct CandidateChances {
    /// Index of the candidate in the decision.
    pub candidate: usize,
    pub id: String,
    pub name: String,
    /// The share of samples in which it is first, second ...; `None` for one that is incomplete.
    pub ranks: Option<Vec<f64>>,
    /// The standard error of each of these.
    pub errors: Option<Vec<f64>>,
    /// The mean of its ranks.
    pub mean_rank: Option<f64>,
    /// The mean weights of the samples that it wins; `None` if it never does.
    pub central: Option<Vec<f64>>,
    /// How often it wins with its central weights; `None` if it has none.
    pub confidence: Option<f64>,
    /// How often it comes before each other candidate, by id.
    pub winning: Option<Vec<(String, f64)>>,
}

impl CandidateChances {
    /// The share of samples in which it is first; 0 for a candidate that is incomplete.
    #[must_use]
    pub fn first(&self) -> f64 {
        let ranks = self.ranks.as_deref().unwrap_or_default();
        ranks.first().copied().unwrap_or(0.0)
    }
}

impl Serialize for ChancesView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("weights", &self.weights)?;
        map.serialize_entry("certain", &self.certain)?;
        map.serialize_entry("samples", &self.samples)?;
        map.serialize_entry("decided", &self.decided)?;
        map.serialize_entry("seed", &self.seed)?;
        map.serialize_entry("rank_acceptability", &self.by_id(|c| c.ranks.as_deref()))?;
        let central = |c: &CandidateChances| {
            let weights = c.central.as_ref()?.iter().copied().map(Json::from);
            Some(
                self.criteria
                    .iter()
                    .cloned()
                    .zip(weights)
                    .collect::<Map<_, _>>(),
            )
        };
        map.serialize_entry("central_weights", &self.by_id(central))?;
        map.serialize_entry("confidence_factor", &self.by_id(|c| c.confidence))?;
        let winning = |c: &CandidateChances| {
            let rivals = c.winning.as_ref()?.iter();
            Some(
                rivals
                    .map(|(id, p)| (id.clone(), Json::from(*p)))
                    .collect::<Map<_, _>>(),
            )
        };
        map.serialize_entry("pairwise_winning", &self.by_id(winning))?;
        map.serialize_entry("rank_entropy", &self.rank_entropy)?;
        map.serialize_entry("choice_entropy", &self.choice_entropy)?;
        map.serialize_entry("standard_error", &self.standard_error)?;
        map.serialize_entry("standard_errors", &self.by_id(|c| c.errors.as_deref()))?;
        map.end()
    }
}

impl ChancesView {
    /// A figure of every candidate by id; null if there is none.
    fn by_id<'c, T: Into<Json>>(
        &'c self,
        figure: impl Fn(&'c CandidateChances) -> Option<T>,
    ) -> Map<String, Json> {
        let entry =
            |c: &'c CandidateChances| (c.id.clone(), figure(c).map_or(Json::Null, Into::into));
        self.candidates.iter().map(entry).collect()
    }

    /// The candidates that take ranks, the best mean rank first.
    #[must_use]
    pub fn by_mean_rank(&self) -> Vec<&CandidateChances> {
        let mut ranked: Vec<(f64, &CandidateChances)> = self
            .candidates
            .iter()
            .filter_map(|c| Some((c.mean_rank?, c)))
            .collect();
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.candidate.cmp(&b.1.candidate)));
        ranked.into_iter().map(|(_, c)| c).collect()
    }
}

/// The result of one method under one set of weights.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MethodResultView {
    pub id: &'static str,
    /// The method with the parameter that sets it apart.
    #[serde(skip)]
    pub form: String,
    pub params: Map<String, Json>,
    /// The set of weights.
    pub weights: String,
    /// What that is called.
    #[serde(skip)]
    pub weights_title: String,
    /// Whether those were measured on the data.
    pub diagnosis: bool,
    /// The winner; the first in the decision's order if several tie.
    pub winner: Option<String>,
    /// All who are first.
    pub winners: Vec<String>,
    /// Kendall's tau-b with the decision's own ranking.
    pub tau: Option<f64>,
    /// Why it cannot be applied.
    pub refused: Option<String>,
}

/// A change that reversed the order of others.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReversalView {
    /// `without` or `clone`.
    pub change: &'static str,
    /// The candidate.
    pub candidate: String,
    /// The others from best to worst before.
    pub before: Vec<String>,
    /// And after.
    pub after: Vec<String>,
}

/// Builds the view of a robustness analysis.
#[must_use]
pub fn view(
    plan: &Plan<'_>,
    found: &Robustness,
    warnings: Vec<String>,
    lang: Lang,
) -> RobustnessView {
    let decision = plan.decision;
    RobustnessView {
        verdict: None,
        decision: decision.id.clone(),
        title: decision.title.get(lang).to_owned(),
        scenario: decision.scenario.clone(),
        stakeholder: decision.stakeholder.clone(),
        as_of: decision.as_of.to_string(),
        method: found.method.id().to_owned(),
        chances: chances(plan, &found.acceptability, &found.space, lang),
        methods: methods(plan, &found.agreement, lang),
        agreeing: found.agreement.agreeing(),
        reversals: reversals(plan, &found.reversals),
        reversal_note: reversal_note(&found.reversals).get(lang).to_owned(),
        warnings,
    }
}

/// Builds the view of rank acceptabilities that were counted under weights of this space.
#[must_use]
pub fn chances(
    plan: &Plan<'_>,
    found: &Acceptability,
    space: &WeightSpace,
    lang: Lang,
) -> ChancesView {
    let some = found.decided > 0;
    let certain = space.is_point() && plan.uncertain().is_empty();
    // Shares that no draw can change have no error: ties of certain figures are exact.
    let error = |p: f64| {
        if certain {
            0.0
        } else {
            found.standard_error(p)
        }
    };
    let all = |shares: &[f64], of: &dyn Fn(f64) -> f64| -> Vec<f64> {
        shares.iter().map(|&p| rounded(of(p))).collect()
    };
    let candidate = |(c, own): (usize, &Candidate)| {
        let mut shown = CandidateChances {
            candidate: c,
            id: own.id.clone(),
            name: own.name.get(lang).to_owned(),
            ..CandidateChances::default()
        };
        let Some(i) = found.candidates.iter().position(|&other| other == c) else {
            return shown;
        };
        let ranks = found.rank.get(i);
        shown.ranks = ranks.map(|ranks| all(ranks, &|p| p));
        shown.errors = ranks.map(|ranks| all(ranks, &error));
        shown.mean_rank = found.mean_rank(i);
        shown.central = found.central[i].as_ref().map(|w| all(w, &|share| share));
        shown.confidence = found.confidence[i].map(rounded);
        shown.winning = found.winning.get(i).map(|row| duels(plan, found, row));
        shown
    };
    let candidates = plan.decision.candidates.iter().enumerate();
    let errors = found.rank.iter().flatten().map(|&p| error(p));
    ChancesView {
        weights: space.title().get(lang).to_owned(),
        certain,
        samples: found.samples,
        decided: found.decided,
        seed: found.seed,
        criteria: plan
            .graph
            .criteria
            .iter()
            .map(|slot| slot.id.clone())
            .collect(),
        candidates: candidates.map(candidate).collect(),
        rank_entropy: figure::json(found.ranking_entropy).filter(|_| some),
        choice_entropy: figure::json(found.choice_entropy).filter(|_| some),
        standard_error: errors.reduce(f64::max).and_then(figure::json),
    }
}

/// A share as JSON shows it.
fn rounded(x: f64) -> f64 {
    figure::json(x).unwrap_or(f64::NAN)
}

fn duels(plan: &Plan<'_>, found: &Acceptability, row: &[Option<f64>]) -> Vec<(String, f64)> {
    let id = |j: usize| plan.decision.candidates[found.candidates[j]].id.clone();
    row.iter()
        .enumerate()
        .filter_map(|(j, p)| p.map(|p| (id(j), rounded(p))))
        .collect()
}

fn methods(plan: &Plan<'_>, agreement: &Agreement, lang: Lang) -> Vec<MethodResultView> {
    let id = |c: &usize| plan.decision.candidates[*c].id.clone();
    let one = |result: &MethodComparison| {
        let set = &agreement.sets[result.set];
        let winners: Vec<String> = result.winners.iter().flatten().map(id).collect();
        MethodResultView {
            id: result.method.id(),
            form: result.form.clone(),
            params: result
                .params
                .iter()
                .map(|(k, v)| (k.clone(), Json::String(v.clone())))
                .collect(),
            weights: set.id.clone(),
            weights_title: set.title.get(lang).to_owned(),
            diagnosis: set.diagnosis,
            winner: winners.first().cloned(),
            winners,
            tau: result.tau.and_then(figure::json),
            refused: result
                .winners
                .as_ref()
                .err()
                .map(|why| why.get(lang).to_owned()),
        }
    };
    agreement.results.iter().map(one).collect()
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
    let mut text = tr!(
        "{found} of {tried} changes (one candidate left out, or a copy of one added) reverse the order of others",
        "{tried} 种变动（去掉一个候选，或加入某候选的副本）中有 {found} 种颠倒了其余候选的次序"
    );
    if refused > 0 {
        text.push(&tr!(
            "; after {refused} of them the method cannot be applied",
            "；其中 {refused} 种变动后该方法无法应用"
        ));
    }
    text
}
