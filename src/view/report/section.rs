//! The results of optional analyses: sentences, table cells and chart data.

use serde::Serialize;

use super::percent;
use crate::analysis::ranking::Ranking;
use crate::eval::Plan;
use crate::lang::Lang;
use crate::tr;
use crate::view::figure;
use crate::view::robustness::{CandidateChances, MethodResultView, RobustnessView};
use crate::view::sensitivity::{BarView, SensitivityView, WeightView};

/// The optional sections of a report; a template shows those that are present.
#[derive(Debug, Default, Serialize)]
pub struct Sections {
    /// How far weights and inputs may move.
    pub sensitivity: Option<SensitivitySection>,
    /// The robustness of the ranking.
    pub robustness: Option<RobustnessSection>,
    /// One input moved over a range.
    pub sweep: Option<SweepSection>,
}

/// How far weights and inputs may move before another candidate is first.
#[derive(Debug, Serialize)]
pub struct SensitivitySection {
    /// The findings in sentences, most telling first.
    pub sentences: Vec<String>,
    /// One row per criterion: title, share, from, to, who takes over below and above.
    pub weights: Vec<[String; 6]>,
    /// The bars of the tornado, longest first.
    pub tornado: Vec<TornadoBar>,
}

/// One bar of the tornado.
#[derive(Clone, Debug, Serialize)]
pub struct TornadoBar {
    /// The input's name.
    pub input: String,
    /// Its low and high value, for display.
    pub at: [String; 2],
    /// The winner's lead at both.
    pub lead: [f64; 2],
    /// The winner at both, if it is not the present winner.
    pub other: [Option<String>; 2],
}

/// The robustness of the ranking.
#[derive(Debug, Serialize)]
pub struct RobustnessSection {
    /// The findings in sentences.
    pub sentences: Vec<String>,
    /// How weights and inputs were drawn.
    pub about: String,
    /// The ranks of the columns.
    pub ranks: Vec<String>,
    /// One row per candidate.
    pub acceptability: Vec<AcceptabilityRow>,
    /// One row per method: method, winner, agreement.
    pub methods: Vec<[String; 3]>,
}

/// How often a candidate takes each rank.
#[derive(Clone, Debug, Serialize)]
pub struct AcceptabilityRow {
    pub name: String,
    /// The share of samples by rank.
    pub shares: Vec<f64>,
    /// Formatted for display.
    pub shown: Vec<String>,
}

/// One input moved over a range.
#[derive(Debug, Serialize)]
pub struct SweepSection {
    /// What the input is called.
    pub title: String,
    pub unit: String,
    /// Its value at the point, in its unit.
    pub present: f64,
    /// Its values, in its unit.
    pub at: Vec<f64>,
    /// One line per candidate.
    pub lines: Vec<SweepLine>,
    /// Where another candidate comes first, in sentences.
    pub sentences: Vec<String>,
}

/// One candidate's score along a sweep.
#[derive(Clone, Debug, Serialize)]
pub struct SweepLine {
    pub name: String,
    /// Its score at each value; `None` if it has none.
    pub scores: Vec<Option<f64>>,
}

impl SensitivitySection {
    /// The section of a sensitivity analysis whose inputs are those that are worth a sentence.
    #[must_use]
    pub fn of(view: &SensitivityView, plan: &Plan<'_>, lang: Lang) -> Self {
        let name = |id: &Option<String>| {
            id.as_ref()
                .map_or_else(|| "–".to_owned(), |id| name(plan, id, lang))
        };
        let share =
            |x: Option<f64>| x.map_or_else(|| figure::MISSING.to_owned(), |x| percent(x, lang));
        let smallest = view.smallest_change_of_winner.relative.iter().map(|c| {
            let sentence = &c.sentence;
            tr!(
                "Smallest change of one weight: {sentence}",
                "最小的单个权重变化：{sentence}"
            )
            .get(lang)
            .to_owned()
        });
        let mut sentences: Vec<String> = smallest.collect();
        sentences.extend(view.inputs.iter().map(|i| {
            let (title, shown, sentence) = (&i.title, &i.shown, &i.sentence);
            tr!(
                "{title} (now {shown}): {sentence}",
                "{title}（现为 {shown}）：{sentence}"
            )
            .get(lang)
            .to_owned()
        }));
        sentences.extend(view.notes.iter().cloned());
        if lang == Lang::Zh {
            // As everywhere in a Chinese report: no space before the sign.
            sentences.iter_mut().for_each(|s| *s = s.replace(" %", "%"));
        }
        let row = |w: &WeightView| {
            let [from, to] = w.keeps_winner;
            [
                w.title.clone(),
                share(w.share),
                share(from),
                share(to),
                name(&w.below),
                name(&w.above),
            ]
        };
        let bar = |b: &BarView| {
            Some(TornadoBar {
                input: b.title.clone(),
                at: b.shown.clone(),
                lead: [b.lead[0]?, b.lead[1]?],
                other: b
                    .winner
                    .clone()
                    .map(|w| w.filter(|w| Some(w) != view.winner.as_ref())),
            })
        };
        Self {
            sentences,
            weights: view.weights.iter().map(row).collect(),
            tornado: view.tornado.iter().filter_map(bar).collect(),
        }
    }
}

impl RobustnessSection {
    /// The section of a robustness analysis.
    #[must_use]
    pub fn of(view: &RobustnessView, plan: &Plan<'_>, ranking: &Ranking, lang: Lang) -> Self {
        // In the order of the ranking, as in every other table.
        let places: Vec<&str> = ranking
            .places
            .iter()
            .map(|p| plan.decision.candidates[p.candidate].id.as_str())
            .collect();
        let place = |id: &str| places.iter().position(|own| *own == id);
        let chances = &view.chances;
        let mut ranked: Vec<(&CandidateChances, &Vec<f64>)> = chances
            .candidates
            .iter()
            .filter_map(|c| Some((c, c.ranks.as_ref()?)))
            .collect();
        ranked.sort_by_key(|(candidate, _)| place(&candidate.id));
        let rows: Vec<AcceptabilityRow> = ranked
            .into_iter()
            .map(|(candidate, shares)| AcceptabilityRow {
                name: candidate.name.clone(),
                shares: shares.clone(),
                shown: shares.iter().map(|&x| percent(x, lang)).collect(),
            })
            .collect();
        let ranks = rows.first().map_or(0, |r| r.shares.len());
        let samples = figure::number(chances.samples as f64);
        let (weights, seed) = (&chances.weights, chances.seed);
        let mut sentences = Vec::new();
        let first = |r: &AcceptabilityRow| r.shares.first().copied().unwrap_or(0.0);
        if let Some(best) = rows.iter().max_by(|a, b| first(a).total_cmp(&first(b))) {
            let (name, often) = (&best.name, percent(first(best), lang));
            sentences.push(
                tr!(
                    "{name} is first in {often} of the samples.",
                    "{name} 在 {often} 的样本中居首。"
                )
                .get(lang)
                .to_owned(),
            );
        }
        let note = &view.reversal_note;
        sentences.push(
            tr!("Rank reversal: {note}.", "名次逆转：{note}。")
                .get(lang)
                .to_owned(),
        );
        let told: Vec<&MethodResultView> = view
            .methods
            .iter()
            .filter(|m| !m.diagnosis && m.refused.is_none())
            .collect();
        let (all, same) = (
            told.len(),
            told.iter().filter(|m| m.winners == winners(view)).count(),
        );
        if all > 0 {
            let agree = tr!(
                "{same} of {all} runs of other methods and weights name the same winner.",
                "其他方法与权重的 {all} 次运算中有 {same} 次选出同一胜者。"
            );
            sentences.push(agree.get(lang).to_owned());
        }
        sentences.extend(view.warnings.iter().cloned());
        let method = |m: &MethodResultView| {
            let winners: Vec<String> = m.winners.iter().map(|id| name(plan, id, lang)).collect();
            let said = m
                .refused
                .clone()
                .unwrap_or_else(|| winners.join(if lang == Lang::Zh { "、" } else { ", " }));
            let params: Vec<String> = m
                .params
                .iter()
                .map(|(k, v)| format!("{k}={}", v.as_str().unwrap_or_default()))
                .collect();
            [
                format!("{} {}", m.id, params.join(" "))
                    .trim_end()
                    .to_owned(),
                said,
                m.tau.map_or_else(|| "–".to_owned(), figure::score),
            ]
        };
        Self {
            sentences,
            about: tr!(
                "How often each candidate takes each rank in {samples} samples of weights and inputs (seed {seed}; {weights}):",
                "在 {samples} 个权重与输入的样本中，各候选获得各名次的频率（种子 {seed}；{weights}）："
            )
            .get(lang)
            .to_owned(),
            ranks: (1..=ranks).map(|r| r.to_string()).collect(),
            acceptability: rows,
            methods: view.methods.iter().filter(|m| m.weights == DECLARED).map(method).collect(),
        }
    }
}

/// The set of weights as the decision declares them: the table shows that one, the sentence counts the others.
const DECLARED: &str = "declared";

/// The winner by the decision's own method and weights.
fn winners(view: &RobustnessView) -> Vec<String> {
    let own = view
        .methods
        .iter()
        .find(|m| m.id == view.method && m.weights == DECLARED);
    own.map(|m| m.winners.clone()).unwrap_or_default()
}

fn name(plan: &Plan<'_>, id: &str, lang: Lang) -> String {
    plan.decision
        .candidates
        .iter()
        .find(|c| c.id == id)
        .map_or_else(|| id.to_owned(), |c| c.name.get(lang).to_owned())
}
