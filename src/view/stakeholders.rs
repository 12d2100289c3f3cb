//! The rankings of stakeholders as plain data.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::figure;
use crate::analysis::stakeholders::{GroupRanking, Parting, Rule, Stakeholders, Voice};
use crate::eval::Plan;
use crate::lang::{Lang, Text};
use crate::tr;

/// The JSON of `weigh stakeholders`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StakeholdersView {
    pub decision: String,
    /// The date of the evaluation.
    pub as_of: String,
    pub title: String,
    /// One per stakeholder.
    pub stakeholders: Vec<VoiceView>,
    /// Candidates that all of them rank.
    pub common: Vec<String>,
    /// Kendall's W: 1 where all agree.
    pub agreement: Option<f64>,
    /// Pairs of candidates that two sides order differently, strongest first.
    pub partings: Vec<PartingView>,
    /// The group's ranking by each rule.
    pub group: Vec<GroupView>,
}

/// One stakeholder's ranking.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VoiceView {
    pub stakeholder: String,
    pub title: String,
    /// Share in the group.
    pub share: Option<f64>,
    /// Share of each criterion; empty if they have no points for criteria of this decision.
    pub weights: Map<String, Json>,
    /// The candidates they rank, best first.
    pub ranking: Vec<OpinionView>,
}

/// One candidate in a stakeholder's ranking.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpinionView {
    pub candidate: String,
    pub name: String,
    pub rank: usize,
    pub score: Option<f64>,
    /// The best score minus its own.
    pub regret: Option<f64>,
}

/// A pair that two sides order differently.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartingView {
    pub a: String,
    pub b: String,
    /// Stakeholders that prefer the first.
    pub for_a: Vec<String>,
    /// Stakeholders that prefer the second.
    pub for_b: Vec<String>,
    /// The criteria that drive it.
    pub drivers: Vec<DriverView>,
}

/// A criterion that drives two sides apart.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DriverView {
    pub criterion: String,
    /// Difference of the two sides' shares times difference of the two candidates' values.
    pub drive: Option<f64>,
}

/// The group's ranking by one rule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GroupView {
    /// `mean-shares`, `borda` or `minimax-regret`.
    pub rule: &'static str,
    #[serde(skip)]
    pub title: String,
    /// Describes the rule.
    pub about: String,
    /// The candidates, best first.
    pub ranking: Vec<GroupPlaceView>,
}

/// One candidate's place in the group's ranking.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GroupPlaceView {
    pub candidate: String,
    pub name: String,
    pub rank: usize,
    /// The rule's own figure.
    pub figure: Option<f64>,
}

/// The title and meaning of a rule.
fn title(rule: Rule) -> Text {
    match rule {
        Rule::MeanShares => tr!("mean shares", "平均权重"),
        Rule::Borda => tr!("Borda", "波达计分"),
        Rule::MinimaxRegret => tr!("minimax regret", "最小最大遗憾"),
    }
}

/// Describes the rule.
#[must_use]
pub fn about(rule: Rule) -> Text {
    match rule {
        Rule::MeanShares => tr!(
            "weights averaged by each one's share in the group",
            "按各方占比平均权重"
        ),
        Rule::Borda => tr!(
            "points by place: n - 1 for first down to 0, weighted by share",
            "按名次计分：第一得 n - 1 分，依次递减至 0，并按占比加权"
        ),
        Rule::MinimaxRegret => tr!(
            "minimises the largest regret of any stakeholder",
            "使任何一方的最大遗憾最小"
        ),
    }
}

/// Builds the view of the rankings of all stakeholders and of the group.
#[must_use]
pub fn view(plan: &Plan<'_>, found: &Stakeholders, lang: Lang) -> StakeholdersView {
    let decision = plan.decision;
    StakeholdersView {
        decision: decision.id.clone(),
        as_of: decision.as_of.to_string(),
        title: decision.title.get(lang).to_owned(),
        stakeholders: found
            .voices
            .iter()
            .map(|voice| voice_view(plan, voice, lang))
            .collect(),
        common: found
            .common
            .iter()
            .map(|&c| decision.candidates[c].id.clone())
            .collect(),
        agreement: found.agreement.and_then(figure::json),
        partings: found
            .partings
            .iter()
            .map(|parting| parting_view(plan, found, parting))
            .collect(),
        group: found
            .group
            .iter()
            .map(|group| group_view(plan, group, lang))
            .collect(),
    }
}

fn voice_view(plan: &Plan<'_>, voice: &Voice, lang: Lang) -> VoiceView {
    let stakeholder = &plan.decision.stakeholders[voice.stakeholder];
    let mut ranking: Vec<OpinionView> = plan
        .decision
        .candidates
        .iter()
        .enumerate()
        .filter_map(|(c, candidate)| {
            Some(OpinionView {
                candidate: candidate.id.clone(),
                name: candidate.name.get(lang).to_owned(),
                rank: voice.ranks[c]?,
                score: voice.scores[c].and_then(figure::json),
                regret: voice.regrets[c].and_then(figure::json),
            })
        })
        .collect();
    ranking.sort_by_key(|opinion| opinion.rank);
    let weights = plan.graph.criteria.iter().zip(&voice.shares);
    VoiceView {
        stakeholder: stakeholder.id.clone(),
        title: stakeholder.title.get(lang).to_owned(),
        share: figure::json(stakeholder.share),
        weights: weights
            .map(|(slot, w)| {
                (
                    slot.id.clone(),
                    figure::json(*w).map_or(Json::Null, Json::from),
                )
            })
            .collect(),
        ranking,
    }
}

fn parting_view(plan: &Plan<'_>, found: &Stakeholders, parting: &Parting) -> PartingView {
    let candidate = |c: usize| plan.decision.candidates[c].id.clone();
    let who = |side: &[usize]| {
        side.iter()
            .map(|&s| {
                plan.decision.stakeholders[found.voices[s].stakeholder]
                    .id
                    .clone()
            })
            .collect()
    };
    let driver = |(k, drive): &(usize, f64)| DriverView {
        criterion: plan.graph.criteria[*k].id.clone(),
        drive: figure::json(*drive),
    };
    PartingView {
        a: candidate(parting.a),
        b: candidate(parting.b),
        for_a: who(&parting.for_a),
        for_b: who(&parting.for_b),
        drivers: parting.drivers.iter().map(driver).collect(),
    }
}

fn group_view(plan: &Plan<'_>, group: &GroupRanking, lang: Lang) -> GroupView {
    let place = |c: usize| {
        let candidate = &plan.decision.candidates[c];
        Some(GroupPlaceView {
            candidate: candidate.id.clone(),
            name: candidate.name.get(lang).to_owned(),
            rank: group.ranks[c]?,
            figure: group.figures[c].and_then(figure::json),
        })
    };
    GroupView {
        rule: group.rule.word(),
        title: title(group.rule).get(lang).to_owned(),
        about: about(group.rule).get(lang).to_owned(),
        ranking: group.order().into_iter().filter_map(place).collect(),
    }
}
