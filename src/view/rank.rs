//! A ranking as plain data.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::figure;
use super::verdict::VerdictView;
use crate::analysis::influence;
use crate::analysis::ranking::Ranking;
use crate::diagnostic::Diagnostics;
use crate::eval::Plan;
use crate::lang::Lang;
use crate::rank::MethodDetail;
use crate::source::Sources;

/// The JSON of `weigh rank`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RankView {
    pub decision: String,
    pub title: String,
    pub scenario: Option<String>,
    pub stakeholder: Option<String>,
    /// The date of the evaluation.
    pub as_of: String,
    /// The seed of the samples.
    pub seed: u64,
    pub method: MethodView,
    /// The answer in one sentence, and what it rests on.
    pub verdict: Option<VerdictView>,
    /// The candidates, best first.
    pub ranking: Vec<PlaceView>,
    /// The criteria that hold candidates at 0 or 1.
    pub remarks: Vec<String>,
    /// What each criterion can contribute to a difference between these candidates, largest first.
    pub influence: Vec<InfluenceView>,
    /// Warnings of the method, then of the files.
    pub warnings: Vec<String>,
    /// Results that only some methods have.
    #[serde(flatten)]
    pub detail: Map<String, Json>,
}

/// The nominal and the effective influence of a criterion.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InfluenceView {
    pub criterion: String,
    /// Its normalised weight.
    pub share: Option<f64>,
    /// Its weight times the span of the candidates' values: the most that it adds to a difference.
    pub effect: Option<f64>,
}

/// A method with its figures.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MethodView {
    pub id: &'static str,
    pub title: String,
    /// The paper or book.
    pub citation: &'static str,
    /// The parameters in force.
    pub params: Map<String, Json>,
    /// Whether a higher score is better.
    pub higher_is_better: bool,
    /// Further figures by name and candidate.
    pub outputs: Map<String, Json>,
}

/// One candidate's place in a ranking.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlaceView {
    pub candidate: String,
    pub name: String,
    pub rank: Option<usize>,
    pub score: Option<f64>,
    /// The score with every input at its mean.
    pub point: Option<f64>,
    /// The 5 % quantile.
    pub low: Option<f64>,
    /// The 95 % quantile.
    pub high: Option<f64>,
    /// `ranked`, `screened` or `incomplete`.
    pub status: &'static str,
    /// How often it passed every gate.
    pub pass_probability: Option<f64>,
    /// Why it has no rank, or what its score assumes.
    pub reasons: Vec<String>,
    /// The parts of its score.
    pub contributions: Vec<ContributionView>,
    /// Its walk through the graph.
    pub walk: Vec<WalkView>,
}

/// One criterion's part of a score.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ContributionView {
    pub criterion: String,
    pub title: String,
    /// Its normalised weight.
    pub share: f64,
    /// The value, 0..1.
    pub score: Option<f64>,
    /// Share times value.
    pub contribution: Option<f64>,
    /// The measure in its unit.
    pub measure: Json,
    pub unit: String,
    /// The measure for display.
    pub shown: String,
}

/// One node of a walk.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WalkView {
    pub node: String,
    /// The kind of node.
    pub kind: &'static str,
    /// Its value in its unit.
    pub value: Json,
    pub unit: String,
    /// A gate's answer.
    pub answer: Option<&'static str>,
}

/// Builds the view of a ranking.
#[must_use]
pub fn view(
    plan: &Plan<'_>,
    ranking: &Ranking,
    diagnostics: &Diagnostics,
    sources: &Sources,
    lang: Lang,
) -> RankView {
    let decision = plan.decision;
    let id = |c: usize| decision.candidates[c].id.clone();
    let mut outputs = Map::new();
    for (name, all) in &ranking.outputs {
        let by_id = all
            .iter()
            .enumerate()
            .filter_map(|(c, x)| x.map(|x| (id(c), number(x))));
        outputs.insert((*name).to_owned(), Json::Object(by_id.collect()));
    }
    let mut warnings: Vec<String> = ranking
        .warnings
        .iter()
        .map(|w| w.get(lang).to_owned())
        .collect();
    warnings.extend(
        super::diagnostic::check(diagnostics, sources, lang)
            .diagnostics
            .into_iter()
            .map(|d| d.message),
    );
    RankView {
        decision: decision.id.clone(),
        title: decision.title.get(lang).to_owned(),
        scenario: decision.scenario.clone(),
        stakeholder: decision.stakeholder.clone(),
        as_of: decision.as_of.to_string(),
        seed: ranking.seed,
        remarks: super::remark::held(plan, &ranking.evaluation)
            .iter()
            .chain(&super::remark::overlap(plan))
            .map(|remark| remark.get(lang).to_owned())
            .collect(),
        influence: influence(plan, ranking),
        verdict: None,
        method: MethodView {
            id: ranking.method.id(),
            title: ranking.method.title().get(lang).to_owned(),
            citation: ranking.method.citation(),
            params: ranking
                .params
                .iter()
                .map(|(k, v)| (k.clone(), Json::String(v.clone())))
                .collect(),
            higher_is_better: ranking.higher_is_better,
            outputs,
        },
        ranking: ranking
            .places
            .iter()
            .map(|place| place_view(plan, ranking, place, lang))
            .collect(),
        warnings,
        detail: detail(plan, ranking),
    }
}

fn number(x: f64) -> Json {
    figure::json(x).map_or(Json::Null, Json::from)
}

fn place_view(
    plan: &Plan<'_>,
    ranking: &Ranking,
    place: &crate::analysis::ranking::Placement,
    lang: Lang,
) -> PlaceView {
    let candidate = &plan.decision.candidates[place.candidate];
    let row = &ranking.evaluation.rows[place.candidate];
    PlaceView {
        candidate: candidate.id.clone(),
        name: candidate.name.get(lang).to_owned(),
        rank: place.rank,
        score: place.score.and_then(figure::json),
        point: row
            .point
            .filter(|_| ranking.additive)
            .and_then(figure::json),
        low: place.low.and_then(figure::json),
        high: place.high.and_then(figure::json),
        status: row.status.word(),
        pass_probability: figure::json(place.pass_probability),
        reasons: row.reasons.iter().map(|r| r.get(lang).to_owned()).collect(),
        contributions: if ranking.additive {
            contributions(plan, ranking, place.candidate, lang)
        } else {
            Vec::new()
        },
        walk: walk(plan, place.candidate),
    }
}

/// The parts of a candidate's score, in the decision's order of criteria.
#[must_use]
pub fn contributions(
    plan: &Plan<'_>,
    ranking: &Ranking,
    candidate: usize,
    lang: Lang,
) -> Vec<ContributionView> {
    let row = &ranking.evaluation.rows[candidate];
    plan.graph
        .criteria
        .iter()
        .enumerate()
        .map(|(k, slot)| {
            let node = &plan.graph.nodes[slot.node];
            ContributionView {
                criterion: slot.id.clone(),
                title: slot.title.get(lang).to_owned(),
                share: figure::json(ranking.evaluation.shares[k]).unwrap_or(0.0),
                score: figure::json(row.values[k]),
                contribution: figure::json(row.contributions[k]),
                measure: figure::node_json(plan.decision, node, row.measures[k]),
                unit: node.unit.suffix().to_owned(),
                shown: figure::of_node(plan.decision, node, row.measures[k], lang),
            }
        })
        .collect()
}

/// Returns a candidate's walk through the graph.
#[must_use]
pub fn walk(plan: &Plan<'_>, candidate: usize) -> Vec<WalkView> {
    let steps = plan.walk(candidate).steps.into_iter();
    steps
        .map(|step| {
            let node = &plan.graph.nodes[step.node];
            WalkView {
                node: node.id.clone(),
                kind: node.kind.word(),
                value: figure::node_json(plan.decision, node, step.value),
                unit: node.unit.suffix().to_owned(),
                answer: step.answer.map(|yes| if yes { "yes" } else { "no" }),
            }
        })
        .collect()
}

fn detail(plan: &Plan<'_>, ranking: &Ranking) -> Map<String, Json> {
    let id = |i: &usize| Json::String(plan.decision.candidates[ranking.ranked[*i]].id.clone());
    let mut map = Map::new();
    match &ranking.detail {
        MethodDetail::None => {}
        MethodDetail::Vikor {
            compromise_set,
            acceptable_advantage,
            acceptable_stability,
            ..
        } => {
            map.insert(
                "compromise_set".into(),
                compromise_set.iter().map(id).collect(),
            );
            map.insert(
                "acceptable_advantage".into(),
                Json::Bool(*acceptable_advantage),
            );
            map.insert(
                "acceptable_stability".into(),
                Json::Bool(*acceptable_stability),
            );
        }
        MethodDetail::Electre {
            concordance,
            discordance,
            ..
        } => {
            let (n, ranked) = (plan.candidates(), ranking.ranked.len());
            // Rows and columns of candidates that are not ranked stay null, so that the order is the decision's.
            let spread = |matrix: &dyn Fn(usize, usize) -> Option<f64>| {
                let cell = |a: usize, b: usize| {
                    let at = |c: usize| ranking.ranked.iter().position(|&r| r == c);
                    at(a)
                        .zip(at(b))
                        .and_then(|(i, j)| matrix(i, j))
                        .map_or(Json::Null, number)
                };
                Json::Array(
                    (0..n)
                        .map(|a| Json::Array((0..n).map(|b| cell(a, b)).collect()))
                        .collect(),
                )
            };
            map.insert(
                "concordance".into(),
                spread(&|i, j| concordance[i * ranked + j]),
            );
            map.insert(
                "discordance".into(),
                spread(&|i, j| discordance[i * ranked + j]),
            );
        }
    }
    map
}

fn influence(plan: &Plan<'_>, ranking: &Ranking) -> Vec<InfluenceView> {
    let evaluation = &ranking.evaluation;
    influence::criteria(evaluation, &ranking.ranked)
        .into_iter()
        .map(|own| InfluenceView {
            criterion: plan.graph.criteria[own.criterion].id.clone(),
            share: figure::json(own.share),
            effect: figure::json(own.effect),
        })
        .collect()
}
