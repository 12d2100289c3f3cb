//! The verdict in words and as JSON: one sentence, then who disagrees and what it rests on.
//!
//! Numbers stand beside the words, as frequencies out of 100: verbal probabilities alone are understood very differently (Budescu,
//! D. V., Por, H.-H., Broomell, S. B., Smithson, M. (2014). The interpretation of IPCC probabilistic statements around the
//! world. Nature Climate Change 4, 508-512).

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::figure;
use super::next::settling_command;
use super::sensitivity::Speaker;
use crate::analysis::verdict::{Cap, Disagreement, Dissenter, Verdict, VerdictClass, VerdictFlip};
use crate::eval::{InputId, Plan};
use crate::lang::{Lang, Text};
use crate::tr;

/// Candidates that a sentence names before it counts the others.
const MOST_NAMED: usize = 3;
/// Facts that one line names.
const MOST_FACTS: usize = 3;

/// The verdict as JSON carries it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VerdictView {
    /// `clear`, `leaning`, `open` or `none`.
    pub class: &'static str,
    /// The candidate with the highest expected score.
    pub first: Option<String>,
    /// The candidates that are level with the first, the first included.
    pub level: Vec<String>,
    pub runner_up: Option<String>,
    /// How far the first leads the runner-up in expected score.
    pub lead: Option<f64>,
    /// The 5 % quantile of the difference.
    pub lead_low: Option<f64>,
    /// The 95 % quantile.
    pub lead_high: Option<f64>,
    /// The expected loss of choosing the first (EVPI).
    pub loss: Option<f64>,
    /// By candidate, the share of the draws in which it is first.
    pub first_share: Map<String, Json>,
    /// By candidate, the expected score.
    pub expected: Map<String, Json>,
    pub sentence: String,
    /// What else a reader should know, one line each.
    pub lines: Vec<String>,
    /// Inputs that make another candidate first within the range in which they may be, the nearest first.
    pub flips: Vec<FlipView>,
    /// Scenarios, stakeholders and methods that name another first.
    pub disagree: Vec<DisagreementView>,
    /// Weak facts that can turn the verdict.
    pub rests_on: Vec<RestsOnView>,
}

/// One flip.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FlipView {
    pub input: String,
    pub unit: String,
    /// The mean of the input.
    pub now: Option<f64>,
    /// From there on the other candidate is first.
    pub at: Option<f64>,
    /// The other candidate; `null` if nobody can be ranked there.
    pub first: Option<String>,
}

/// One scenario, stakeholder or method that names another first.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DisagreementView {
    /// `scenario`, `stakeholder` or `method`.
    pub by: &'static str,
    pub id: String,
    pub first: String,
}

/// One fact on which the verdict rests.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RestsOnView {
    pub fact: String,
    pub candidate: Option<String>,
    /// `stale`, `assumed`, `missing` or `judged`.
    pub why: &'static str,
    /// What would settle it.
    pub command: String,
}

/// Builds the view; `path` is the decision as commands name it.
#[must_use]
pub fn view(plan: &Plan<'_>, verdict: &Verdict, path: &str, lang: Lang) -> VerdictView {
    let speaker = Speaker { plan, lang };
    let id = |c: usize| speaker.id(c);
    let by_id = |figures: &mut dyn Iterator<Item = (usize, f64)>| -> Map<String, Json> {
        figures
            .map(|(c, x)| (id(c), figure::json(x).map_or(Json::Null, Json::from)))
            .collect()
    };
    let lead = |at: usize| verdict.lead.and_then(|lead| figure::json(lead[at]));
    let flip = |flip: &VerdictFlip| FlipView {
        input: plan.input_name(flip.input),
        unit: speaker.unit(flip.input),
        now: speaker.figure(flip.input, flip.now),
        at: speaker.figure(flip.input, speaker.told(flip.input, flip.at, flip.error)),
        first: flip.first.map(id),
    };
    VerdictView {
        class: verdict.class.word(),
        first: verdict.first.map(id),
        level: verdict.level.iter().map(|&c| id(c)).collect(),
        runner_up: verdict.runner_up.map(id),
        lead: lead(0),
        lead_low: lead(1),
        lead_high: lead(2),
        loss: verdict.first.and_then(|_| figure::json(verdict.loss.value)),
        first_share: by_id(&mut verdict.first_share.iter().copied().enumerate()),
        expected: by_id(
            &mut verdict
                .expected
                .iter()
                .enumerate()
                .filter_map(|(c, x)| Some((c, (*x)?))),
        ),
        sentence: sentence(plan, verdict, lang).get(lang).to_owned(),
        lines: lines(plan, verdict, path)
            .iter()
            .map(|line| line.get(lang).to_owned())
            .collect(),
        flips: verdict.flips.iter().map(flip).collect(),
        disagree: verdict
            .disagree
            .iter()
            .map(|own| DisagreementView {
                by: own.by.word(),
                id: own.id.clone(),
                first: own.first.clone(),
            })
            .collect(),
        rests_on: verdict
            .rests_on
            .iter()
            .map(|own| RestsOnView {
                fact: plan.graph.nodes[own.input.node].id.clone(),
                candidate: own.input.candidate.map(id),
                why: own.why.word(),
                command: settling_command(plan, own.input)
                    .unwrap_or_else(|| format!("weigh next {path}")),
            })
            .collect(),
    }
}

/// A share of the draws as a number of 100 simulated cases.
#[must_use]
pub fn of_hundred(share: f64) -> Text {
    let percent = share * 100.0;
    if share > 0.0 && percent < 1.0 {
        tr!("under 1", "不到 1 种")
    } else if percent > 99.0 {
        tr!("over 99", "有 99 种以上")
    } else {
        let count = percent.round();
        tr!("{count}", "约 {count} 种")
    }
}

/// `A`, `A and B`, `A, B and C`.
fn listed(all: &[Text]) -> Text {
    match all {
        [] => Text::default(),
        [one] => one.clone(),
        [most @ .., last] => {
            let most = Text::list(most);
            tr!("{most} and {last}", "{most} 与 {last}")
        }
    }
}

/// `54 and 46`, `40, 32 and 20`; in Chinese the numbers carry their measure word.
fn counted(all: &[Text]) -> Text {
    match all {
        [most @ .., last] if !most.is_empty() => {
            let most = Text::list(most);
            tr!("{most} and {last}", "{most}、{last}")
        }
        _ => listed(all),
    }
}

/// The sentence: who, by how much, how often first, the nearest flip, and what the stakeholders say.
#[must_use]
pub fn sentence(plan: &Plan<'_>, verdict: &Verdict, lang: Lang) -> Text {
    let mut text = answer(plan, verdict);
    // A flip that the draws cannot tell from the present value says nothing more than that the call is close.
    let apart = |flip: &&VerdictFlip| (flip.at - flip.now).abs() > 2.0 * flip.error;
    if let Some(flip) = verdict.flips.iter().find(apart) {
        text.push(&tr!(" ", ""));
        text.push(&flip_sentence(plan, flip, lang));
    }
    if let Some(voices) = unanimous(plan, verdict) {
        text.push(&tr!(" ", ""));
        text.push(&voices);
    }
    text
}

/// The verdict's class in words, without the flip.
#[must_use]
pub fn answer(plan: &Plan<'_>, verdict: &Verdict) -> Text {
    let name = |c: usize| plan.decision.candidates[c].name.clone();
    let Some(first) = verdict.first else {
        let why = nobody(plan, verdict);
        return tr!("Nobody can be ranked: {why}.", "没有可排名的方案：{why}。");
    };
    let a = name(first);
    let share = of_hundred(verdict.first_share[first]);
    let lead = verdict.lead.map(|lead| {
        lead.map(|x| {
            if x.is_nan() {
                figure::MISSING.to_owned()
            } else {
                figure::score(x)
            }
        })
    });
    match (verdict.class, &lead) {
        (VerdictClass::Clear, None) => tr!(
            "{a} is the only candidate that can be ranked.",
            "只有 {a} 可以排名。"
        ),
        (VerdictClass::Clear, Some([lead, low, _])) if low == figure::MISSING => tr!(
            "{a} is clearly first: in {share} of 100 simulated cases; lead {lead}.",
            "{a} 明显领先：每 100 种模拟情形中{share}居首，领先 {lead}。"
        ),
        (VerdictClass::Clear, Some([lead, low, high])) => tr!(
            "{a} is clearly first: in {share} of 100 simulated cases; lead {lead} ({low} to {high}).",
            "{a} 明显领先：每 100 种模拟情形中{share}居首，领先 {lead}（{low}～{high}）。"
        ),
        (VerdictClass::Open, _) if verdict.cap.is_none() && plan.is_certain() => {
            let level: Vec<Text> = verdict.level.iter().map(|&c| name(c)).collect();
            let level = listed(&level);
            tr!("{level} have the same score.", "{level} 得分相同。")
        }
        (VerdictClass::Open, _) => open(plan, verdict),
        (_, Some([lead, ..])) if verdict.cap == Some(Cap::NothingUncertain) => tr!(
            "Leaning to {a}: it leads by {lead}, but nobody stated how uncertain the inputs are.",
            "倾向 {a}：领先 {lead}，但尚未说明各输入有多不确定。"
        ),
        _ => {
            let rivals = verdict.first_share.iter().enumerate();
            let rival = rivals
                .filter(|(c, share)| *c != first && **share > 0.0)
                .max_by(|a, b| a.1.total_cmp(b.1));
            let mut text = match rival {
                Some((b, other)) => {
                    let (b, other) = (name(b), of_hundred(*other));
                    tr!(
                        "Leaning to {a}: first in {share} of 100 simulated cases, {b} in {other}",
                        "倾向 {a}：每 100 种模拟情形中，{a} {share}居首，{b} {other}"
                    )
                }
                None => tr!(
                    "Leaning to {a}: first in {share} of 100 simulated cases",
                    "倾向 {a}：每 100 种模拟情形中{share}居首"
                ),
            };
            text.push(&match verdict.cap {
                Some(Cap::MissingValue) => tr!(
                    ", but a missing value could change that.",
                    "，但有缺失值可能改变结果。"
                ),
                Some(Cap::DoubledSpreads) => tr!(
                    ", but not often enough if the stated ranges are too narrow.",
                    "，但若给出的区间偏窄，则不够稳固。"
                ),
                _ => tr!(".", "。"),
            });
            text
        }
    }
}

fn open(plan: &Plan<'_>, verdict: &Verdict) -> Text {
    let mut level = verdict.level.clone();
    level.sort_by(|&a, &b| verdict.first_share[b].total_cmp(&verdict.first_share[a]));
    let others = level.len().saturating_sub(MOST_NAMED);
    level.truncate(MOST_NAMED);
    let names: Vec<Text> = level
        .iter()
        .map(|&c| plan.decision.candidates[c].name.clone())
        .collect();
    let shares: Vec<Text> = level
        .iter()
        .map(|&c| of_hundred(verdict.first_share[c]))
        .collect();
    let numbers = Text::list(&shares);
    let mut text = if others > 0 {
        let names = Text::list(&names);
        tr!(
            "Too close to call between {names} and {others} more: first in {numbers} of 100 simulated cases",
            "{names} 等另外 {others} 个方案难分高下：每 100 种模拟情形中，前几名分别有{numbers}居首"
        )
    } else {
        let (names, numbers) = (listed(&names), counted(&shares));
        tr!(
            "Too close to call between {names}: first in {numbers} of 100 simulated cases",
            "{names} 难分高下：每 100 种模拟情形中，分别有{numbers}居首"
        )
    };
    if verdict.either_will_do() {
        let loss = figure::score(verdict.loss.value);
        text.push(&tr!(
            ". Either will do: the wrong choice costs {loss} of score on average.",
            "。任选其一皆可：选错平均只损失 {loss} 分。"
        ));
    } else {
        text.push(&tr!(".", "。"));
    }
    text
}

/// Why nobody can be ranked.
fn nobody(plan: &Plan<'_>, verdict: &Verdict) -> Text {
    let evaluation = plan.evaluate();
    if evaluation.is_weightless() {
        return tr!("all weights are 0", "所有权重都为 0");
    }
    let rows = evaluation.rows;
    let screened = rows
        .iter()
        .filter(|row| row.status == crate::eval::Status::Screened)
        .count();
    let (all, incomplete) = (verdict.expected.len(), rows.len() - screened);
    tr!(
        "of {all} candidates {screened} are screened out and {incomplete} lack facts",
        "{all} 个候选中有 {screened} 个被筛除，{incomplete} 个信息不全"
    )
}

/// Beyond which value of an input another candidate leads.
#[must_use]
pub fn flip_sentence(plan: &Plan<'_>, flip: &VerdictFlip, lang: Lang) -> Text {
    let speaker = Speaker { plan, lang };
    let title = speaker.title(flip.input);
    let at = speaker.amount(flip.input, speaker.told(flip.input, flip.at, flip.error));
    let first = speaker.name_or_none(flip.first);
    let above = flip.at > flip.now;
    match (above, flip.first) {
        (true, Some(_)) => tr!(
            "With {title} above {at}, {first} leads.",
            "{title}高于 {at} 时，{first} 领先。"
        ),
        (false, Some(_)) => tr!(
            "With {title} below {at}, {first} leads.",
            "{title}低于 {at} 时，{first} 领先。"
        ),
        (true, None) => tr!(
            "With {title} above {at}, nobody can be ranked.",
            "{title}高于 {at} 时，没有方案可以排名。"
        ),
        (false, None) => tr!(
            "With {title} below {at}, nobody can be ranked.",
            "{title}低于 {at} 时，没有方案可以排名。"
        ),
    }
}

/// What all stakeholders prefer, if they agree.
fn unanimous(plan: &Plan<'_>, verdict: &Verdict) -> Option<Text> {
    let decision = plan.decision;
    let count = decision.stakeholders.len();
    if count < 2 || decision.stakeholder.is_some() {
        return None;
    }
    let others: Vec<&Disagreement> = by(verdict, Dissenter::Stakeholder).collect();
    let named = match others.as_slice() {
        [] => plan.decision.candidates[verdict.first?].name.clone(),
        [one, rest @ ..] if others.len() == count && rest.iter().all(|o| o.first == one.first) => {
            name_of(plan, &one.first)
        }
        _ => return None,
    };
    Some(tr!(
        "All {count} stakeholders prefer {named}.",
        "{count} 位相关方都倾向 {named}。"
    ))
}

fn by(verdict: &Verdict, dissenter: Dissenter) -> impl Iterator<Item = &Disagreement> {
    verdict
        .disagree
        .iter()
        .filter(move |own| own.by == dissenter)
}

fn name_of(plan: &Plan<'_>, id: &str) -> Text {
    let all = plan.decision.candidates.iter();
    let found = all.clone().find(|candidate| candidate.id == id);
    found.map_or_else(|| Text::name(id), |candidate| candidate.name.clone())
}

/// The lines under the sentence: who disagrees, and what the verdict rests on, each with the command that shows more.
#[must_use]
pub fn lines(plan: &Plan<'_>, verdict: &Verdict, path: &str) -> Vec<Text> {
    let mut lines = Vec::new();
    lines.extend(scenario_line(plan, verdict, path));
    lines.extend(stakeholder_line(plan, verdict, path));
    lines.extend(method_line(plan, verdict, path));
    lines.extend(rests_on_line(plan, verdict, path));
    lines
}

fn scenario_line(plan: &Plan<'_>, verdict: &Verdict, path: &str) -> Option<Text> {
    let titles = by(verdict, Dissenter::Scenario).map(|own| {
        let (scenario, first) = (&own.id, name_of(plan, &own.first));
        tr!("{first} in {scenario}", "{scenario} 中为 {first}")
    });
    let all: Vec<Text> = titles.collect();
    let one = &by(verdict, Dissenter::Scenario).next()?.id;
    let list = Text::join(&all, &tr!(", ", "，"));
    Some(tr!(
        "other scenarios: {list} (`weigh rank {path} --scenario {one}`)",
        "其他场景：{list}（`weigh rank {path} --scenario {one}`）"
    ))
}

fn stakeholder_line(plan: &Plan<'_>, verdict: &Verdict, path: &str) -> Option<Text> {
    let others: Vec<&Disagreement> = by(verdict, Dissenter::Stakeholder).collect();
    if others.is_empty() || unanimous(plan, verdict).is_some() {
        return None;
    }
    let all = others.iter().map(|own| {
        let stakeholders = plan.decision.stakeholders.iter();
        let who = stakeholders
            .filter(|who| who.id == own.id && !who.title.is_empty())
            .map(|who| who.title.clone())
            .next()
            .unwrap_or_else(|| Text::name(own.id.clone()));
        let first = name_of(plan, &own.first);
        tr!("{who}: {first}", "{who}：{first}")
    });
    let list = Text::join(&all.collect::<Vec<_>>(), &tr!(", ", "，"));
    Some(tr!(
        "stakeholders who prefer another: {list} (`weigh stakeholders {path}`)",
        "倾向其他方案的相关方：{list}（`weigh stakeholders {path}`）"
    ))
}

fn method_line(plan: &Plan<'_>, verdict: &Verdict, path: &str) -> Option<Text> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for own in by(verdict, Dissenter::Method) {
        match counts.iter_mut().find(|(first, _)| *first == own.first) {
            Some((_, count)) => *count += 1,
            None => counts.push((&own.first, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let all = counts.iter().take(MOST_NAMED).map(|(first, count)| {
        let first = name_of(plan, first);
        tr!("{count} put {first} first", "{count} 种以 {first} 居首")
    });
    let all: Vec<Text> = all.collect();
    let list = (!all.is_empty()).then(|| Text::join(&all, &tr!(", ", "，")))?;
    Some(tr!(
        "other methods: {list} (`weigh robustness {path}`)",
        "其他方法：{list}（`weigh robustness {path}`）"
    ))
}

fn rests_on_line(plan: &Plan<'_>, verdict: &Verdict, path: &str) -> Option<Text> {
    let mut named: Vec<Text> = Vec::new();
    for own in &verdict.rests_on {
        let title = title(plan, own.input);
        let why = match own.why.word() {
            "missing" => tr!("missing", "缺失"),
            "stale" => tr!("stale", "已过期"),
            "judged" => tr!("judged", "主观判断"),
            _ => tr!("assumed", "假设"),
        };
        let text = tr!("{title} ({why})", "{title}（{why}）");
        if !named.contains(&text) {
            named.push(text);
        }
    }
    let more = named.len().saturating_sub(MOST_FACTS);
    named.truncate(MOST_FACTS);
    let list = (!named.is_empty()).then(|| Text::join(&named, &tr!(", ", "，")))?;
    let more = if more > 0 {
        tr!(" and {more} more", "等另外 {more} 项")
    } else {
        Text::default()
    };
    Some(tr!(
        "rests on {list}{more} (`weigh next {path}`)",
        "取决于：{list}{more}（`weigh next {path}`）"
    ))
}

fn title(plan: &Plan<'_>, input: InputId) -> Text {
    let speaker = Speaker {
        plan,
        lang: Lang::En,
    };
    speaker.title(input)
}
