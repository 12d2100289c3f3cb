//! Each candidate's rank: overall, per scenario and per stakeholder.

use serde::Serialize;

use super::percent;
use crate::analysis::ranking::{Placement, Ranking};
use crate::eval::{Plan, Status};
use crate::lang::{Lang, Text};
use crate::tr;
use crate::view::figure;
use crate::view::rank::RankView;

/// One candidate.
#[derive(Debug, Serialize)]
pub struct StandingView {
    pub id: String,
    pub name: String,
    /// The concrete variant that the facts describe.
    pub variant: Option<String>,
    pub about: Option<String>,
    /// Its place, or a dash.
    pub rank: String,
    /// Its score, or a dash.
    pub score: String,
    /// The 90 % range of the score; empty if it is certain.
    pub spread: String,
    /// How often it passes every gate.
    pub passes: String,
    /// `ranked`, `screened` or `incomplete`.
    pub status: &'static str,
    /// Formatted for display.
    pub status_word: String,
    /// Why it has no rank; what its score assumes.
    pub reasons: Vec<String>,
    /// Its contributions in the decision's order of criteria; empty if the method has none.
    pub contributions: Vec<String>,
    /// Its measures in the same order.
    pub measures: Vec<String>,
    /// Criteria in which it reaches at least two thirds of the way from the worst anchor to the best.
    pub pros: Vec<String>,
    /// Criteria between.
    pub neutral: Vec<String>,
    /// Criteria in which it stays below one third.
    pub cons: Vec<String>,
}

/// One criterion over all candidates.
#[derive(Debug, Serialize)]
pub struct ComparisonRow {
    pub title: String,
    /// Its share of all weight.
    pub share: String,
    /// Each candidate's measure, in the order of the ranking.
    pub cells: Vec<String>,
}

/// The decision in one scenario or with one stakeholder's weights.
#[derive(Debug, Serialize)]
pub struct OutlookView {
    pub title: String,
    /// Description.
    pub about: Option<String>,
    /// The winner.
    pub winner: Option<String>,
    /// The places by candidate id.
    pub places: Vec<PlaceCell>,
}

/// An order under one scenario or with one stakeholder's weights, and what it is called.
pub struct Outlook {
    title: Text,
    about: Option<Text>,
    /// Best first.
    places: Vec<(IdAndName, Option<usize>, Option<f64>, Status)>,
}

/// Id and name.
type IdAndName = (String, Text);

impl Outlook {
    /// The id of the candidate in first place.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        let (candidate, rank, ..) = self.places.first()?;
        rank.map(|_| candidate.0.as_str())
    }

    /// An order with its title and what it supposes.
    #[must_use]
    pub fn new(title: Text, about: Option<Text>, plan: &Plan<'_>, order: &Ranking) -> Self {
        let place = |p: &Placement| {
            let own = &plan.decision.candidates[p.candidate];
            (
                (own.id.clone(), own.name.clone()),
                p.rank,
                p.score,
                order.evaluation.rows[p.candidate].status,
            )
        };
        Self {
            title,
            about,
            places: order.places.iter().map(place).collect(),
        }
    }
}

/// One candidate's place in an outlook.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceCell {
    pub candidate: String,
    /// `1 (0.712)`, or why there is none.
    pub shown: String,
    /// Its place.
    pub rank: Option<usize>,
}

/// One candidate over all outlooks.
#[derive(Debug, Serialize)]
pub struct Across {
    pub name: String,
    /// One cell per outlook.
    pub cells: Vec<PlaceCell>,
}

/// The status for display.
pub(super) fn status(status: &str) -> Text {
    match status {
        "ranked" => tr!("ranked", "已排名"),
        "screened" => tr!("screened out", "被筛除"),
        _ => tr!("incomplete", "信息不全"),
    }
}

/// Every candidate, best first.
pub(super) fn standings(plan: &Plan<'_>, rank: &RankView, lang: Lang) -> Vec<StandingView> {
    let figure = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), figure::score);
    let shape = |p: &crate::view::rank::PlaceView| {
        let own = plan
            .decision
            .candidates
            .iter()
            .find(|c| c.id == p.candidate)
            .expect("the ranking is of this decision");
        let spread = match (p.low, p.high) {
            (Some(low), Some(high)) if low != high => {
                format!("{}–{}", figure::score(low), figure::score(high))
            }
            _ => String::new(),
        };
        StandingView {
            id: p.candidate.clone(),
            name: p.name.clone(),
            variant: own.variant.as_ref().map(|t| t.get(lang).to_owned()),
            about: own.about.as_ref().map(|t| t.get(lang).to_owned()),
            rank: p.rank.map_or_else(|| "–".to_owned(), |r| r.to_string()),
            score: figure(p.score),
            spread,
            passes: p
                .pass_probability
                .filter(|_| p.rank.is_some())
                .map_or_else(|| "–".to_owned(), |x| percent(x, lang)),
            status: p.status,
            status_word: status(p.status).get(lang).to_owned(),
            reasons: p.reasons.clone(),
            contributions: p
                .contributions
                .iter()
                .map(|c| figure(c.contribution))
                .collect(),
            measures: p.contributions.iter().map(|c| c.shown.clone()).collect(),
            pros: reached(p, &|x| x >= 2.0 / 3.0, lang),
            neutral: reached(p, &|x| (1.0 / 3.0..2.0 / 3.0).contains(&x), lang),
            cons: reached(p, &|x| x < 1.0 / 3.0, lang),
        }
    };
    rank.ranking.iter().map(shape).collect()
}

/// `title: measure` of the criteria whose value is of this kind.
fn reached(
    place: &crate::view::rank::PlaceView,
    wanted: &dyn Fn(f64) -> bool,
    lang: Lang,
) -> Vec<String> {
    // Criteria without weight and missing measures are neither pros nor cons.
    let told = place
        .contributions
        .iter()
        .filter(|c| c.share > 0.0 && c.shown != figure::MISSING);
    let hits = told.filter(|c| c.score.is_some_and(wanted));
    hits.map(|c| {
        let (title, shown) = (&c.title, &c.shown);
        tr!("{title}: {shown}", "{title}：{shown}")
            .get(lang)
            .to_owned()
    })
    .collect()
}

/// The criteria as rows, the candidates as columns.
pub(super) fn comparison(plan: &Plan<'_>, rank: &RankView, lang: Lang) -> Vec<ComparisonRow> {
    let row = |(k, slot): (usize, &crate::graph::CriterionNode)| ComparisonRow {
        title: slot.title.get(lang).to_owned(),
        share: percent(slot.share, lang),
        cells: rank
            .ranking
            .iter()
            .map(|p| {
                p.contributions
                    .get(k)
                    .map_or_else(String::new, |c| c.shown.clone())
            })
            .collect(),
    };
    plan.graph.criteria.iter().enumerate().map(row).collect()
}

/// One outlook.
pub(super) fn outlook(outlook: &Outlook, lang: Lang) -> OutlookView {
    let cell =
        |((id, _), rank, score, own): &(IdAndName, Option<usize>, Option<f64>, Status)| PlaceCell {
            candidate: id.clone(),
            shown: match (rank, score) {
                (Some(r), Some(score)) => format!("{r} ({})", figure::score(*score)),
                _ => status(own.word()).get(lang).to_owned(),
            },
            rank: *rank,
        };
    let first = outlook.places.iter().find(|(_, rank, ..)| *rank == Some(1));
    OutlookView {
        title: outlook.title.get(lang).to_owned(),
        about: outlook.about.as_ref().map(|t| t.get(lang).to_owned()),
        winner: first.map(|((_, name), ..)| name.get(lang).to_owned()),
        places: outlook.places.iter().map(cell).collect(),
    }
}

/// The outlooks side by side, one row per candidate.
pub(super) fn across(candidates: &[StandingView], outlooks: &[OutlookView]) -> Vec<Across> {
    let none = |id: &str| PlaceCell {
        candidate: id.to_owned(),
        shown: "–".to_owned(),
        rank: None,
    };
    let row = |c: &StandingView| Across {
        name: c.name.clone(),
        cells: outlooks
            .iter()
            .map(|o| {
                o.places
                    .iter()
                    .find(|p| p.candidate == c.id)
                    .cloned()
                    .unwrap_or_else(|| none(&c.id))
            })
            .collect(),
    };
    candidates.iter().map(row).collect()
}
