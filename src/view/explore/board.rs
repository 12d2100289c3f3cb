//! The ranking with its weights: contributions of every candidate, candidates without a rank with the reasons, and the parts of
//! a lead.

use super::letters;
use crate::analysis::standing::Standing;
use crate::analysis::verdict::Verdict;
use crate::eval::{Evaluation, Plan, Status};
use crate::lang::Lang;
use crate::view::{figure, verdict};

/// Weights and ranking of one evaluation.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// The criteria, in the decision's order.
    pub criteria: Vec<Weight>,
    /// The ranked candidates, best first.
    pub places: Vec<RankedCandidate>,
    /// Candidates without a rank.
    pub out: Vec<Out>,
    /// Whether no criterion has weight.
    pub weightless: bool,
    /// The answer in one sentence.
    pub verdict: String,
}

/// One criterion.
#[derive(Clone, Debug)]
pub struct Weight {
    /// Its letter in bars.
    pub letter: char,
    pub id: String,
    pub title: String,
    /// Its share of the whole.
    pub share: f64,
    /// The share for display.
    pub percent: String,
    /// The swing behind the weight: from its worst to its best measure.
    pub swing: String,
    /// How much 0.01 of score is in its unit, if that is constant.
    pub worth: Option<String>,
    /// Meaning, formula, source, assumptions and pitfalls: name and text.
    pub background: Vec<(&'static str, String)>,
}

/// A ranked candidate.
#[derive(Clone, Debug)]
pub struct RankedCandidate {
    /// Index in the decision.
    pub candidate: usize,
    pub id: String,
    pub name: String,
    /// Its rank; ties share one.
    pub rank: usize,
    pub score: f64,
    /// The score for display.
    pub total: String,
    /// What each criterion adds.
    pub parts: Vec<f64>,
}

/// A candidate without a rank.
#[derive(Clone, Debug)]
pub struct Out {
    /// Index in the decision.
    pub candidate: usize,
    pub name: String,
    /// Whether a gate screened it out; otherwise a fact is missing.
    pub screened: bool,
    pub reasons: Vec<String>,
}

/// Builds the view of an evaluation.
#[must_use]
pub fn view(plan: &Plan<'_>, standing: &Standing, lang: Lang) -> Board {
    let evaluation = &standing.evaluation;
    let weightless = evaluation.is_weightless();
    let name = |c: usize| plan.decision.candidates[c].name.get(lang).to_owned();
    let unranked = evaluation
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.score.is_none());
    let out = unranked.map(|(c, row)| Out {
        candidate: c,
        name: name(c),
        screened: row.status == Status::Screened,
        reasons: row.reasons.iter().map(|r| r.get(lang).to_owned()).collect(),
    });
    let out = out.collect();
    let place = |(c, rank): (usize, usize)| {
        let score = evaluation.rows[c]
            .score
            .expect("a ranked candidate has a score");
        RankedCandidate {
            candidate: c,
            id: plan.decision.candidates[c].id.clone(),
            name: name(c),
            rank,
            score,
            total: figure::score(score),
            parts: evaluation.rows[c].contributions.clone(),
        }
    };
    let places = standing.places().into_iter().map(place).collect();
    Board {
        criteria: weights(plan, evaluation, lang),
        places,
        out,
        weightless,
        verdict: verdict::answer(plan, &Verdict::brief(plan, standing))
            .get(lang)
            .to_owned(),
    }
}

fn weights(plan: &Plan<'_>, evaluation: &Evaluation, lang: Lang) -> Vec<Weight> {
    let letters = letters(plan.graph.criteria.iter().map(|slot| slot.id.as_str()));
    plan.graph
        .criteria
        .iter()
        .enumerate()
        .map(|(k, slot)| {
            let node = &plan.graph.nodes[slot.node];
            let of = |x: f64| figure::of_node(plan.decision, node, x, lang);
            let swing = match plan.functions[k].anchors() {
                Some((worst, best)) => format!(
                    "{} -> {}",
                    figure::number(node.unit.of_base(worst)),
                    of(best)
                ),
                None => lang.pick("levels", "等级").to_owned(),
            };
            let own = plan.decision.library.criteria.get(&slot.id);
            let text = |t: &Option<crate::lang::Text>| t.as_ref().map(|t| t.get(lang).to_owned());
            let background = own.map_or_else(Vec::new, |c| {
                let b = &c.background;
                [
                    (lang.pick("meaning", "含义"), text(&b.about)),
                    (lang.pick("formula", "公式"), Some(c.expr.to_string())),
                    (lang.pick("after", "出处"), b.source.clone()),
                    (lang.pick("assumes", "假设"), text(&b.assumptions)),
                    (lang.pick("pitfall", "陷阱"), text(&b.pitfalls)),
                ]
                .into_iter()
                .filter_map(|(name, text)| text.map(|t| (name, t)))
                .collect()
            });
            let worth = crate::analysis::compare::worth(
                plan,
                evaluation,
                k,
                crate::analysis::compare::STEP,
            );
            Weight {
                letter: letters[k],
                id: slot.id.clone(),
                title: slot.title.get(lang).to_owned(),
                share: evaluation.shares[k],
                percent: figure::percent(evaluation.shares[k]),
                swing,
                worth: worth.map(of),
                background,
            }
        })
        .collect()
}

/// One criterion's part of a lead.
#[derive(Clone, Debug)]
pub struct LeadPart {
    /// Index of the criterion in the decision.
    pub criterion: usize,
    /// What it adds to the lead; negative if it reduces the lead.
    pub amount: f64,
    /// Formatted for display.
    pub shown: String,
}

/// Why one candidate leads another.
#[derive(Clone, Debug)]
pub struct LeadView {
    /// The whole lead.
    pub total: String,
    /// Its parts, largest first.
    pub parts: Vec<LeadPart>,
}

/// The lead of one row over another, criterion by criterion.
#[must_use]
pub fn gap(first: &RankedCandidate, second: &RankedCandidate) -> LeadView {
    let mut parts: Vec<LeadPart> = first
        .parts
        .iter()
        .zip(&second.parts)
        .enumerate()
        .map(|(criterion, (a, b))| LeadPart {
            criterion,
            amount: a - b,
            shown: figure::difference(a - b),
        })
        .filter(|part| part.amount.is_finite() && part.amount.abs() >= 0.0005)
        .collect();
    parts.sort_by(|a, b| {
        b.amount
            .total_cmp(&a.amount)
            .then(a.criterion.cmp(&b.criterion))
    });
    LeadView {
        total: figure::score(first.score - second.score),
        parts,
    }
}

/// The 5 % and 95 % quantile of each candidate's score.
#[derive(Clone, Debug, Default)]
pub struct SpreadPanel {
    /// By candidate.
    pub range: Vec<Option<(f64, f64)>>,
    /// Half of that range for display, `.02`; by candidate.
    pub half: Vec<Option<String>>,
    /// How often each passes all gates.
    pub passes: Vec<f64>,
    pub samples: usize,
    pub seed: u64,
}

/// Samples the scores.
#[must_use]
pub fn spread(plan: &Plan<'_>) -> SpreadPanel {
    use crate::analysis::study::{Study, StudyRequest};
    let seed = plan.seed;
    let count = plan.candidates();
    let mut spread = SpreadPanel {
        range: vec![None; count],
        half: vec![None; count],
        passes: vec![1.0; count],
        samples: plan.draws,
        seed,
    };
    if let Ok(ranking) = Study::new(plan, StudyRequest::of(plan.decision)).ranking() {
        for place in ranking.places {
            let range = place.low.zip(place.high);
            spread.half[place.candidate] = range.map(|(low, high)| {
                format!("{:.2}", (high - low) / 2.0)
                    .trim_start_matches('0')
                    .to_owned()
            });
            spread.range[place.candidate] = range;
            spread.passes[place.candidate] = place.pass_probability;
        }
    }
    spread
}
