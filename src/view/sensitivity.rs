//! Sensitivity as plain data: intervals, break-evens with their sentences, tornado, sweeps.

mod sentence;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::figure;
use super::verdict::VerdictView;
use crate::analysis::break_even::BreakEven;
use crate::analysis::domain::DomainOrigin;
use crate::analysis::stability::{SmallestChanges, Stability, WeightChange, WeightInterval};
use crate::analysis::study::Sensitivity;
use crate::analysis::tornado::{SwingBar, Traverse};
use crate::eval::{InputId, Plan};
use crate::lang::{Lang, Text};
use crate::tr;

/// The JSON of `weigh sensitivity`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SensitivityView {
    pub decision: String,
    pub title: String,
    pub scenario: Option<String>,
    pub stakeholder: Option<String>,
    /// The date of the evaluation.
    pub as_of: String,
    pub method: String,
    /// The answer in one sentence, and what it rests on.
    pub verdict: Option<VerdictView>,
    /// Whether the intervals are exact or were searched for.
    pub exact: bool,
    /// The id of the candidate in first place.
    pub winner: Option<String>,
    pub winner_name: Option<String>,
    /// Its lead over the second, in the method's score.
    pub lead: Option<f64>,
    /// How far each weight may move.
    pub weights: Vec<WeightView>,
    /// The smallest change of one weight that makes another candidate first.
    pub smallest_change_of_winner: SmallestView,
    /// The smallest change of one weight that changes any rank.
    pub smallest_change_of_rank: SmallestView,
    /// The effect of each input on the winner.
    pub inputs: Vec<InputView>,
    /// The effect of each input on the lead, strongest first.
    pub tornado: Vec<BarView>,
    /// The requested sweeps.
    pub sweeps: Vec<SweepView>,
    pub notes: Vec<String>,
}

/// How far one weight may move.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WeightView {
    pub criterion: String,
    pub title: String,
    pub share: Option<f64>,
    /// From and to which share the winner stays first, the others in proportion.
    pub keeps_winner: [Option<f64>; 2],
    /// The winner below that range.
    pub below: Option<String>,
    /// The winner above that range.
    pub above: Option<String>,
    /// The same as a sentence.
    pub sentence: String,
    /// Index of the criterion in the decision.
    #[serde(skip)]
    pub place: usize,
    /// The names of the winners below and above.
    #[serde(skip)]
    pub rivals: [Option<String>; 2],
}

/// The smallest changes of one weight.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SmallestView {
    /// By size.
    pub absolute: Option<ChangeView>,
    /// As a part of the weight.
    pub relative: Option<ChangeView>,
}

/// A change of one weight.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChangeView {
    pub criterion: String,
    /// The share it has.
    pub share: Option<f64>,
    /// The share it gets.
    pub to: Option<f64>,
    /// How much the normalised weight changes before all are normalised again.
    pub change: Option<f64>,
    /// The same as a part of the weight; null for a weight of 0.
    pub relative: Option<f64>,
    /// The candidate that falls behind.
    pub over: String,
    /// The candidate that overtakes it.
    pub under: String,
    /// The same as a sentence.
    pub sentence: String,
}

/// The effect of one input on the winner.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InputView {
    /// The name that `--set` takes.
    pub input: String,
    pub title: String,
    pub unit: String,
    /// Its value, in that unit like all figures here.
    pub value: Option<f64>,
    /// The value, formatted for display.
    pub shown: String,
    /// Where it was searched.
    pub domain: [Option<f64>; 2],
    /// `declared` by the author of the input, or `assumed`: a tenth to ten times its value.
    pub domain_origin: &'static str,
    /// The winner at the low end.
    pub below: Option<String>,
    /// From which values on another candidate wins.
    pub flips_at: Vec<FlipView>,
    /// The lowest and highest lead of the present winner along the domain; null if it has no rival.
    pub swing: Option<[Option<f64>; 2]>,
    /// The same as a sentence.
    pub sentence: String,
    /// How near the nearest flip is, as a part of the domain; for sorting.
    #[serde(skip)]
    pub nearness: Option<f64>,
    /// The winner's name at the low end.
    #[serde(skip)]
    pub below_name: String,
}

/// A change of winner.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FlipView {
    /// From this value on.
    pub value: Option<f64>,
    /// The winner; null if no candidate is ranked.
    pub winner: Option<String>,
    /// The value, formatted for display.
    #[serde(skip)]
    pub shown: String,
    /// The winner's name.
    #[serde(skip)]
    pub winner_name: String,
}

/// One bar of the tornado.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BarView {
    pub input: String,
    pub title: String,
    pub unit: String,
    /// Its 5 % and 95 % quantile, or the ends of its domain.
    pub at: [Option<f64>; 2],
    /// Formatted for display.
    pub shown: [String; 2],
    /// Whether these are quantiles.
    pub quantiles: bool,
    /// The lead of the present winner there; null if it or every rival is out.
    pub lead: [Option<f64>; 2],
    /// Its score there.
    pub score: [Option<f64>; 2],
    /// The winner there.
    pub winner: [Option<String>; 2],
    /// What the input is called without its candidate, and the candidate's name.
    #[serde(skip)]
    pub parts: (String, Option<String>),
}

/// A sweep of one or two inputs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SweepView {
    pub inputs: Vec<AxisView>,
    /// Scores by candidate; with two inputs the second one varies fastest; null if not ranked.
    pub scores: Map<String, Json>,
    /// The winner at each point.
    pub winners: Vec<Option<String>>,
}

/// One input of a sweep.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AxisView {
    pub input: String,
    pub title: String,
    pub unit: String,
    pub at: Vec<Option<f64>>,
}

/// Names and figures of a plan in a language.
pub(super) struct Speaker<'a> {
    pub plan: &'a Plan<'a>,
    pub lang: Lang,
}

impl Speaker<'_> {
    pub(super) fn id(&self, c: usize) -> String {
        self.plan.decision.candidates[c].id.clone()
    }

    pub(super) fn name(&self, c: usize) -> &Text {
        &self.plan.decision.candidates[c].name
    }

    /// The name of who wins, or that there is none.
    pub(super) fn name_or_none(&self, winner: Option<usize>) -> Text {
        winner.map_or_else(|| tr!("no candidate", "无人"), |c| self.name(c).clone())
    }

    /// The title of an input; for a fact, with its candidate.
    pub(super) fn title(&self, input: InputId) -> Text {
        let title = &self.plan.graph.nodes[input.node].title;
        match input.candidate {
            None => title.clone(),
            Some(c) => {
                let name = self.name(c);
                tr!("{title} of {name}", "{name} 的{title}")
            }
        }
    }

    /// A value of an input in its unit, for display.
    pub(super) fn amount(&self, input: InputId, value: f64) -> String {
        figure::of_node(
            self.plan.decision,
            &self.plan.graph.nodes[input.node],
            value,
            self.lang,
        )
    }

    /// A break-even, base units, rounded in the input's unit to the digits that the draws can tell.
    pub(super) fn told(&self, input: InputId, at: f64, error: f64) -> f64 {
        let unit = &self.plan.graph.nodes[input.node].unit;
        let value = unit.of_base(at);
        let error = (unit.of_base(at + error) - value).abs();
        if error == 0.0 || !error.is_finite() {
            return at;
        }
        let step = 10_f64.powf((2.0 * error).log10().floor());
        unit.to_base((value / step).round() * step)
    }

    /// A value of an input in its unit, for JSON.
    pub(super) fn figure(&self, input: InputId, value: f64) -> Option<f64> {
        figure::json(self.plan.graph.nodes[input.node].unit.of_base(value))
    }

    pub(super) fn unit(&self, input: InputId) -> String {
        self.plan.graph.nodes[input.node].unit.suffix().to_owned()
    }

    fn say(&self, text: &Text) -> String {
        text.get(self.lang).to_owned()
    }
}

/// Builds the view.
#[must_use]
pub fn view(plan: &Plan<'_>, found: &Sensitivity, lang: Lang) -> SensitivityView {
    let speaker = Speaker { plan, lang };
    let (decision, stability) = (plan.decision, &found.stability);
    let inputs = found
        .break_evens
        .inputs
        .iter()
        .map(|b| input(&speaker, found.break_evens.winner, b))
        .collect();
    SensitivityView {
        verdict: None,
        decision: decision.id.clone(),
        title: decision.title.get(lang).to_owned(),
        scenario: decision.scenario.clone(),
        stakeholder: decision.stakeholder.clone(),
        as_of: decision.as_of.to_string(),
        method: found.method.id().to_owned(),
        exact: stability.exact,
        winner: stability.winner.map(|c| speaker.id(c)),
        winner_name: stability.winner.map(|c| speaker.say(speaker.name(c))),
        lead: figure::json(found.tornado.lead),
        weights: weights(&speaker, stability),
        smallest_change_of_winner: smallest(&speaker, &stability.winner_changes),
        smallest_change_of_rank: smallest(&speaker, &stability.rank_changes),
        inputs,
        tornado: found
            .tornado
            .bars
            .iter()
            .map(|b| bar(&speaker, b))
            .collect(),
        sweeps: found.traverses.iter().map(|s| sweep(&speaker, s)).collect(),
        notes: notes(found).iter().map(|note| speaker.say(note)).collect(),
    }
}

fn notes(found: &Sensitivity) -> Vec<Text> {
    let (stability, mut notes) = (&found.stability, Vec::new());
    if stability.winner.is_none() {
        notes.push(tr!(
            "no candidate is ranked: there is no winner whose stability could be analysed",
            "没有候选参与排名：没有可判断稳定性的第一名"
        ));
    } else if stability.ranked == 1 {
        notes.push(tr!(
            "one candidate is ranked: it is first whatever the weights and inputs are, unless it drops out itself",
            "只有一个候选参与排名：除非它自己退出，否则无论权重和输入如何它都排第一"
        ));
    }
    if stability.intervals.len() == 1 {
        notes.push(tr!(
            "one criterion: it has all the weight, so there is no weight to trade",
            "只有一个准则：它占有全部权重，没有可以交换的权重"
        ));
    }
    if found.break_evens.left_out > 0 {
        let n = found.break_evens.left_out;
        notes.push(tr!(
            "{n} inputs were not searched: facts of the candidates that rank lowest",
            "有 {n} 个输入未搜索：它们是排名最低的候选的事实"
        ));
    }
    notes
}

/// Builds the view of how far each weight may move: the part of a sensitivity analysis that is quick.
#[must_use]
pub fn weight_views(plan: &Plan<'_>, stability: &Stability, lang: Lang) -> Vec<WeightView> {
    weights(&Speaker { plan, lang }, stability)
}

fn weights(speaker: &Speaker<'_>, stability: &Stability) -> Vec<WeightView> {
    let Some(winner) = stability.winner else {
        return Vec::new();
    };
    let view = |interval: &WeightInterval| {
        let slot = &speaker.plan.graph.criteria[interval.criterion];
        WeightView {
            criterion: slot.id.clone(),
            title: speaker.say(&slot.title),
            share: figure::json(interval.share),
            keeps_winner: [
                figure::json(interval.keeps.0),
                figure::json(interval.keeps.1),
            ],
            below: interval.below.map(|c| speaker.id(c)),
            above: interval.above.map(|c| speaker.id(c)),
            sentence: speaker.say(&sentence::weight(speaker, winner, interval)),
            place: interval.criterion,
            rivals: [interval.below, interval.above]
                .map(|rival| rival.map(|c| speaker.say(speaker.name(c)))),
        }
    };
    stability.intervals.iter().map(view).collect()
}

fn smallest(speaker: &Speaker<'_>, smallest: &SmallestChanges) -> SmallestView {
    let view = |change: WeightChange| {
        let slot = &speaker.plan.graph.criteria[change.criterion];
        let share = change.to - change.absolute * (1.0 - change.to);
        ChangeView {
            criterion: slot.id.clone(),
            share: figure::json(share),
            to: figure::json(change.to),
            change: figure::json(change.absolute),
            relative: figure::json(change.relative),
            over: speaker.id(change.over),
            under: speaker.id(change.under),
            sentence: speaker.say(&sentence::change(speaker, share, &change)),
        }
    };
    SmallestView {
        absolute: smallest.absolute.map(view),
        relative: smallest.relative.map(view),
    }
}

fn input(speaker: &Speaker<'_>, present: Option<usize>, found: &BreakEven) -> InputView {
    let (id, domain) = (found.input, found.domain);
    InputView {
        input: speaker.plan.input_name(id),
        title: speaker.say(&speaker.title(id)),
        unit: speaker.unit(id),
        value: speaker.figure(id, found.value),
        shown: speaker.amount(id, found.value),
        domain: [
            speaker.figure(id, domain.low),
            speaker.figure(id, domain.high),
        ],
        domain_origin: if domain.origin == DomainOrigin::Declared {
            "declared"
        } else {
            "assumed"
        },
        below: found.below.map(|c| speaker.id(c)),
        flips_at: found
            .flips
            .iter()
            .map(|f| FlipView {
                value: speaker.figure(id, f.at),
                winner: f.winner.map(|c| speaker.id(c)),
                shown: speaker.amount(id, speaker.told(id, f.at, f.error)),
                winner_name: speaker.say(&speaker.name_or_none(f.winner)),
            })
            .collect(),
        swing: found
            .swing
            .map(|(low, high)| [figure::json(low), figure::json(high)]),
        sentence: speaker.say(&sentence::break_even(speaker, present, found)),
        nearness: found.nearness(),
        below_name: speaker.say(&speaker.name_or_none(found.below)),
    }
}

fn bar(speaker: &Speaker<'_>, bar: &SwingBar) -> BarView {
    let id = bar.input;
    BarView {
        input: speaker.plan.input_name(id),
        title: speaker.say(&speaker.title(id)),
        unit: speaker.unit(id),
        at: bar.at.map(|x| speaker.figure(id, x)),
        shown: bar.at.map(|x| speaker.amount(id, x)),
        quantiles: bar.quantiles,
        lead: bar.lead.map(figure::json),
        score: bar.score.map(figure::json),
        winner: bar.winner.map(|w| w.map(|c| speaker.id(c))),
        parts: (
            speaker.say(&speaker.plan.graph.nodes[id.node].title),
            id.candidate.map(|c| speaker.say(speaker.name(c))),
        ),
    }
}

fn sweep(speaker: &Speaker<'_>, sweep: &Traverse) -> SweepView {
    let axis = |(id, at): &(InputId, Vec<f64>)| AxisView {
        input: speaker.plan.input_name(*id),
        title: speaker.say(&speaker.title(*id)),
        unit: speaker.unit(*id),
        at: at.iter().map(|x| speaker.figure(*id, *x)).collect(),
    };
    let column = |(c, scores): (usize, &Vec<f64>)| {
        let scores = scores
            .iter()
            .map(|s| figure::json(*s).map_or(Json::Null, Json::from))
            .collect();
        (speaker.id(c), Json::Array(scores))
    };
    SweepView {
        inputs: sweep.axes.iter().map(axis).collect(),
        scores: sweep.scores.iter().enumerate().map(column).collect(),
        winners: sweep
            .winners
            .iter()
            .map(|w| w.map(|c| speaker.id(c)))
            .collect(),
    }
}
