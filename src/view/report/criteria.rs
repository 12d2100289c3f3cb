//! Criteria with anchors and swings, and the gates.

use serde::Serialize;

use super::percent;
use crate::eval::{Evaluation, Plan};
use crate::graph::CriterionNode;
use crate::lang::{Lang, Text};
use crate::model::library::{GateAction, MissingPolicy, Screen};
use crate::quantity::value_function::ValueFunction;
use crate::source::Sources;
use crate::tr;
use crate::view::{figure, why};

/// One criterion.
#[derive(Debug, Serialize)]
pub struct CriterionView {
    pub id: String,
    pub title: String,
    /// Its share of all weight.
    pub share: String,
    /// The measure with value 0.
    pub worst: String,
    /// The measure with value 1.
    pub best: String,
    /// The shape between them.
    pub shape: String,
    /// What its weight is about, in a sentence.
    pub swing: String,
    /// Whether it has weight.
    pub weighs: bool,
    pub about: Option<String>,
    /// The formula as it is written.
    pub formula: String,
    /// Paper or document.
    pub source: Option<String>,
    /// Assumptions.
    pub assumptions: Option<String>,
    /// Pitfalls.
    pub pitfalls: Option<String>,
    /// The policy for a candidate that lacks a fact.
    pub missing: String,
}

/// One gate.
#[derive(Debug, Serialize)]
pub struct GateView {
    pub id: String,
    pub title: String,
    /// The question as it is written.
    pub ask: String,
    /// What the answer does.
    pub action: String,
    pub about: Option<String>,
}

/// The arithmetic behind the score of one candidate.
#[derive(Debug, Serialize)]
pub struct WorkedView {
    pub name: String,
    /// An indented code block of Markdown.
    pub text: String,
}

/// Works out the criteria for one candidate.
pub(super) fn worked(
    plan: &Plan<'_>,
    evaluation: &Evaluation,
    candidate: usize,
    sources: &Sources,
    lang: Lang,
) -> WorkedView {
    let why = why::view(plan, evaluation, candidate, sources, lang);
    let lines = why::arithmetic(&why, lang)
        .into_iter()
        .map(|(depth, line)| {
            // A line break in a text would end the block.
            let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
            format!("    {}{line}", "  ".repeat(depth))
        });
    WorkedView {
        text: lines.collect::<Vec<_>>().join("\n"),
        name: why.name,
    }
}

/// The criteria, heaviest first.
pub(super) fn criteria(plan: &Plan<'_>, lang: Lang) -> Vec<CriterionView> {
    let mut order: Vec<usize> = (0..plan.graph.criteria.len()).collect();
    order.sort_by(|&a, &b| {
        plan.graph.criteria[b]
            .share
            .total_cmp(&plan.graph.criteria[a].share)
            .then(a.cmp(&b))
    });
    order
        .into_iter()
        .map(|k| criterion(plan, k, lang))
        .collect()
}

fn criterion(plan: &Plan<'_>, k: usize, lang: Lang) -> CriterionView {
    let slot = &plan.graph.criteria[k];
    let criterion = &plan.decision.library.criteria[&slot.id];
    let function = &plan.functions[k];
    let [worst, best] = ends(plan, slot, function, lang);
    let share = percent(slot.share, lang);
    let swing = tr!(
        "from {worst} to {best} is worth {share} of the score",
        "从 {worst} 到 {best} 占得分的 {share}"
    );
    let own = |t: &Option<Text>| t.as_ref().map(|t| t.get(lang).to_owned());
    let missing = match slot.missing {
        MissingPolicy::Exclude => tr!("no score", "不予评分"),
        MissingPolicy::Pessimistic => tr!("counts as the worst anchor", "按最差锚点计"),
        MissingPolicy::Fixed(value) => tr!("counts as {value}", "计为 {value}"),
        MissingPolicy::Range => tr!("anywhere between the anchors", "可为两锚点之间任意值"),
    };
    let missing = match slot.not_applicable {
        Some(value) => tr!(
            "{missing}; where it does not apply, counts as {value}",
            "{missing}；不适用时计为 {value}"
        ),
        None => missing,
    };
    CriterionView {
        id: slot.id.clone(),
        title: slot.title.get(lang).to_owned(),
        share,
        swing: swing.get(lang).to_owned(),
        weighs: slot.share > 0.0,
        shape: shape(function, slot.value.is_none()).get(lang).to_owned(),
        worst,
        best,
        about: own(&criterion.background.about),
        formula: criterion.expr.to_string(),
        source: criterion.background.source.clone(),
        assumptions: own(&criterion.background.assumptions),
        pitfalls: own(&criterion.background.pitfalls),
        missing: missing.get(lang).to_owned(),
    }
}

/// The measures worth least and most, for display.
fn ends(
    plan: &Plan<'_>,
    slot: &CriterionNode,
    function: &ValueFunction,
    lang: Lang,
) -> [String; 2] {
    let node = &plan.graph.nodes[slot.node];
    let of = |x: f64| figure::of_node(plan.decision, node, x, lang);
    if let Some((worst, best)) = function.anchors() {
        return [of(worst), of(best)];
    }
    match function {
        ValueFunction::Target { low, target, high } => {
            [format!("{} / {}", of(*low), of(*high)), of(*target)]
        }
        ValueFunction::Levels(levels) => {
            let worth = |end: fn(&(f64, f64), &(f64, f64)) -> bool| {
                levels
                    .iter()
                    .reduce(|a, b| if end(a, b) { a } else { b })
                    .map_or_else(String::new, |(code, _)| of(*code))
            };
            [worth(|a, b| a.1 <= b.1), worth(|a, b| a.1 >= b.1)]
        }
        _ => [String::new(), String::new()],
    }
}

fn shape(function: &ValueFunction, observed: bool) -> Text {
    if observed {
        return tr!("linear over the observed range", "按观测范围线性");
    }
    match function {
        ValueFunction::Linear { .. } => tr!("linear", "线性"),
        ValueFunction::Piecewise(_) => tr!("piecewise linear", "分段线性"),
        ValueFunction::Logarithmic { .. } => tr!("logarithmic", "对数"),
        ValueFunction::Exponential { .. } => tr!("exponential", "指数"),
        ValueFunction::Step(_) => tr!("steps", "阶梯"),
        ValueFunction::SCurve { .. } => tr!("s-curve", "S 形"),
        ValueFunction::Target { .. } => tr!("target", "目标值"),
        ValueFunction::Levels(_) => tr!("levels", "等级"),
    }
}

/// The gates, in order.
pub(super) fn gates(plan: &Plan<'_>, lang: Lang) -> Vec<GateView> {
    let library = &plan.decision.library;
    let shape = |slot: &crate::graph::GateNode| {
        let gate = library.gates.get(&slot.id)?;
        let action = match &gate.action {
            GateAction::Screen(screen) => {
                let reason = &screen.reason;
                let text = if screen.when {
                    tr!("“yes” screens out: {reason}", "“是”则筛除：{reason}")
                } else {
                    tr!("“no” screens out: {reason}", "“否”则筛除：{reason}")
                };
                if screen.at_least == Screen::USUAL_SHARE {
                    text
                } else {
                    let share = crate::view::figure::percent(screen.at_least);
                    tr!(
                        "{text} (must pass in {share} of the draws)",
                        "{text}（须在 {share} 的抽样中通过）"
                    )
                }
            }
            GateAction::Fork { gives, .. } => {
                tr!("chooses how {gives} is computed", "决定 {gives} 的计算方式")
            }
        };
        Some(GateView {
            id: slot.id.clone(),
            title: gate.title.get(lang).to_owned(),
            ask: gate.ask.to_string(),
            action: action.get(lang).to_owned(),
            about: gate.about.as_ref().map(|t| t.get(lang).to_owned()),
        })
    };
    plan.graph.gates.iter().filter_map(shape).collect()
}
