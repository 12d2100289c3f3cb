//! What people decided, and how it compares with the ranking.

use serde::Serialize;

use super::figure;
use crate::analysis::choice::{ChoiceRank, ChoiceStanding};
use crate::lang::{Lang, Text};
use crate::model::decision::Decision;
use crate::model::outcome::{Outcome, OutcomeStatus};
use crate::tr;

/// The outcome of a decision.
#[derive(Clone, Debug, Serialize)]
pub struct OutcomeView {
    /// `proposed`, `accepted`, `rejected`, `deprecated` or `superseded`.
    pub status: &'static str,
    /// The status for display.
    pub status_word: String,
    /// Id of the chosen candidate.
    pub chosen: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The people who decided.
    pub by: Vec<String>,
    /// The date of the decision, as `2026-11-22`.
    pub on: Option<String>,
    pub because: Option<String>,
    pub dissent: Vec<DissentView>,
    /// As `2026-11-22`.
    pub review_by: Option<String>,
    /// Whether the review date is past on the decision's date.
    pub is_overdue: bool,
    pub supersedes: Option<String>,
    /// `first`, `level`, `behind` or `not-ranked`.
    pub standing: Option<&'static str>,
    /// The choice, where it stands and why, in one sentence; empty if nothing was chosen.
    pub sentence: String,
}

/// Who would have decided otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct DissentView {
    pub who: String,
    /// Name of the candidate they prefer.
    pub prefers: Option<String>,
    pub because: Option<String>,
}

/// Builds the view of a decision's outcome; `None` if the decision file states none.
#[must_use]
pub fn view(
    decision: &Decision,
    standing: Option<&ChoiceStanding>,
    lang: Lang,
) -> Option<OutcomeView> {
    let outcome = decision.outcome.as_ref()?;
    let of = |text: &Text| text.get(lang).to_owned();
    let name = |id: &String| {
        let candidate = decision.candidates.iter().find(|c| c.id == *id);
        candidate.map_or_else(|| id.clone(), |c| of(&c.name))
    };
    Some(OutcomeView {
        status: outcome.status.word(),
        status_word: of(&outcome.status.text()),
        chosen: outcome.chosen.clone(),
        name: outcome.chosen.as_ref().map(name),
        by: outcome.by.iter().map(of).collect(),
        on: outcome.on.map(|day| day.to_string()),
        because: outcome.because.as_ref().map(of),
        dissent: outcome
            .dissent
            .iter()
            .map(|one| DissentView {
                who: of(&one.who),
                prefers: one.prefers.as_ref().map(name),
                because: one.because.as_ref().map(of),
            })
            .collect(),
        review_by: outcome.review_by.map(|day| day.to_string()),
        is_overdue: outcome.review_by.is_some_and(|day| day < decision.as_of),
        supersedes: outcome.supersedes.clone(),
        standing: standing.map(|s| s.rank.word()),
        sentence: standing.map_or_else(String::new, |s| of(&sentence(decision, outcome, s))),
    })
}

/// Returns the choice, where it stands and why: "Chosen: Kafka, although Redis Streams leads by 0.018, because ...".
#[must_use]
pub fn sentence(decision: &Decision, outcome: &Outcome, standing: &ChoiceStanding) -> Text {
    let name = |c: usize| &decision.candidates[c].name;
    let chosen = name(standing.chosen);
    let mut sentence = match outcome.status {
        OutcomeStatus::Proposed => tr!("Proposed: {chosen}", "提议：{chosen}"),
        OutcomeStatus::Accepted => tr!("Chosen: {chosen}", "选定：{chosen}"),
        OutcomeStatus::Rejected => tr!("Rejected: {chosen}", "否决：{chosen}"),
        OutcomeStatus::Deprecated => {
            tr!(
                "Chosen and since deprecated: {chosen}",
                "曾选定、现已弃用：{chosen}"
            )
        }
        OutcomeStatus::Superseded => {
            tr!(
                "Chosen and since superseded: {chosen}",
                "曾选定、现已被取代：{chosen}"
            )
        }
    };
    sentence.push(&position(standing, name));
    if let Some(because) = &outcome.because {
        let because = Text {
            en: bare(&because.en).to_owned(),
            zh: bare(&because.zh).to_owned(),
        };
        sentence.push(&tr!(", because {because}", "，理由：{because}"));
    }
    sentence.push(&tr!(".", "。"));
    sentence
}

/// Returns where the choice stands, as the middle of a sentence.
fn position<'d>(standing: &ChoiceStanding, name: impl Fn(usize) -> &'d Text) -> Text {
    let Some(other) = standing.against.map(name) else {
        return match standing.rank {
            ChoiceRank::NotRanked => tr!(", although it is not ranked", "，尽管它未获得排名"),
            _ => tr!(", the only ranked candidate", "（唯一获得排名的候选）"),
        };
    };
    let Some(lead) = standing.lead else {
        return match standing.rank {
            ChoiceRank::First => tr!(", which ranks first", "，排名第一"),
            ChoiceRank::Level => tr!(", level with {other}", "，与 {other} 不相上下"),
            ChoiceRank::Behind => tr!(", although {other} ranks first", "，尽管 {other} 排名第一"),
            ChoiceRank::NotRanked => tr!(
                ", although it is not ranked and {other} is first",
                "，尽管它未获得排名，而 {other} 居首"
            ),
        };
    };
    let gap = figure::score(lead.abs());
    match standing.rank {
        ChoiceRank::Level if lead < 0.0 => tr!(
            ", although {other} leads by {gap}, which is too close to call",
            "，尽管 {other} 领先 {gap}（难分高下）"
        ),
        ChoiceRank::Level => tr!(
            ", which leads {other} by {gap}, too close to call",
            "，领先 {other} {gap}（难分高下）"
        ),
        _ if lead < 0.0 => tr!(
            ", although {other} leads by {gap}",
            "，尽管 {other} 领先 {gap}"
        ),
        _ => tr!(", which leads {other} by {gap}", "，领先 {other} {gap}"),
    }
}

/// Removes the full stop at the end of a reason, since the sentence goes on.
fn bare(text: &str) -> &str {
    text.trim().trim_end_matches(['.', '。'])
}
