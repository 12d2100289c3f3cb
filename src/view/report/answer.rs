//! The answer in a sentence, and the winner against the runner-up.

use serde::Serialize;

use super::{DuelRow, DuelView};
use crate::analysis::ranking::Ranking;
use crate::eval::Plan;
use crate::lang::Lang;
use crate::tr;
use crate::view::compare;
use crate::view::figure;
use crate::view::rank::{PlaceView, RankView};
use crate::view::verdict::VerdictView;

/// The winner and how clear the result is.
#[derive(Debug, Serialize)]
pub struct AnswerView {
    /// The winner's id; `None` if no candidate could be ranked.
    pub winner: Option<String>,
    pub name: Option<String>,
    /// The answer in one or two sentences.
    pub sentence: String,
    /// The verdict; its class, lead, shares of first places and the lines below the sentence.
    pub verdict: VerdictView,
    /// The verdict as JSON, which is YAML too, for the front matter.
    pub verdict_json: String,
    /// The runner-up's name.
    pub runner_up: Option<String>,
    /// How many are ranked.
    pub ranked: usize,
    /// How many a gate screened out.
    pub screened: usize,
    /// How many are incomplete.
    pub incomplete: usize,
}

/// Builds the view of the answer.
pub(super) fn answer(
    plan: &Plan<'_>,
    rank: &RankView,
    verdict: VerdictView,
    lang: Lang,
) -> AnswerView {
    let places: Vec<&PlaceView> = rank.ranking.iter().filter(|p| p.rank.is_some()).collect();
    let count = |status: &str| rank.ranking.iter().filter(|p| p.status == status).count();
    let mut sentence = verdict.sentence.clone();
    let (screened, incomplete) = (count("screened"), count("incomplete"));
    if screened + incomplete > 0 && plan.candidates() > 0 {
        let all = plan.candidates();
        let ranked = places.len();
        let rest = tr!(
            " {ranked} of {all} candidates are ranked, {screened} screened out, {incomplete} incomplete.",
            "共 {all} 个候选：{ranked} 个有名次，{screened} 个被筛除，{incomplete} 个信息不全。"
        );
        sentence.push_str(rest.get(lang));
    }
    AnswerView {
        winner: places.first().map(|p| p.candidate.clone()),
        name: places.first().map(|p| p.name.clone()),
        sentence,
        verdict_json: front_matter(&verdict),
        verdict,
        runner_up: places.get(1).map(|p| p.name.clone()),
        ranked: places.len(),
        screened,
        incomplete,
    }
}

/// A verdict as JSON that no Markdown reader takes for HTML.
fn front_matter(verdict: &VerdictView) -> String {
    let json = serde_json::to_string(verdict).expect("views are plain data");
    json.replace('<', "\\u003c").replace('>', "\\u003e")
}

/// The winner against the runner-up; `None` with fewer than two, or where scores are not made of contributions.
pub(super) fn duel(plan: &Plan<'_>, ranking: &Ranking, lang: Lang) -> Option<DuelView> {
    let [first, second] = ranking.places.get(..2)? else {
        return None;
    };
    duel_of(plan, ranking, [first.candidate, second.candidate], lang)
}

/// One candidate against another; `None` unless both are ranked, or where scores are not made of contributions.
pub(super) fn duel_of(
    plan: &Plan<'_>,
    ranking: &Ranking,
    pair: [usize; 2],
    lang: Lang,
) -> Option<DuelView> {
    let is_ranked = |c: &usize| {
        let mut places = ranking.places.iter();
        places.any(|place| place.candidate == *c && place.rank.is_some())
    };
    if !pair.iter().all(is_ranked) || !ranking.additive {
        return None;
    }
    let view = compare::view(plan, &ranking.evaluation, pair, lang);
    let [a, b] = [&view.candidates[0].name, &view.candidates[1].name];
    let signed = |x: Option<f64>| x.map_or_else(|| figure::MISSING.to_owned(), signed);
    // A difference that rounds to zero is not mentioned.
    let side = |wanted: f64| -> Vec<String> {
        let rows = view
            .criteria
            .iter()
            .filter(|r| r.difference.is_some_and(|d| d * wanted > 0.000_5));
        rows.map(|r| {
            let (title, x, y, d) = (
                &r.title,
                &r.measures[0],
                &r.measures[1],
                signed(r.difference),
            );
            tr!(
                "{title}: {x} against {y} ({d})",
                "{title}：{x}，对方 {y}（{d}）"
            )
            .get(lang)
            .to_owned()
        })
        .collect()
    };
    Some(DuelView {
        a: a.clone(),
        b: b.clone(),
        difference: signed(view.difference),
        gains: side(1.0),
        losses: side(-1.0),
        exchange: view
            .exchange
            .iter()
            .map(|e| {
                let (title, shown) = (&e.title, &e.shown);
                tr!("{title}: {shown}", "{title}：{shown}")
                    .get(lang)
                    .to_owned()
            })
            .collect(),
        rows: view
            .criteria
            .into_iter()
            .map(|r| {
                let [x, y] = r.measures;
                DuelRow {
                    title: r.title,
                    a: x,
                    b: y,
                    difference: signed(r.difference),
                    equal_at: r.equal_at.unwrap_or_default(),
                }
            })
            .collect(),
    })
}

/// A difference of scores with its sign.
pub(super) fn signed(x: f64) -> String {
    let text = figure::score(x);
    if text.starts_with('-') || text == "0.000" {
        text
    } else {
        format!("+{text}")
    }
}
