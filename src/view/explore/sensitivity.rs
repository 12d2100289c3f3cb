//! Sensitivity as the terminal UI shows it: the range of each weight that keeps the winner, and one bar per input with its
//! break-even values. A selection of [`crate::view::sensitivity`].

use std::collections::BTreeMap;

use crate::analysis::study::{SensitivityLimits, Study, StudyRequest};
use crate::eval::Plan;
use crate::lang::Lang;
use crate::view::figure;
use crate::view::sensitivity::{
    BarView, InputView, SensitivityView, WeightView, view as sensitivity, weight_views,
};

/// The sensitivity panel of the terminal UI.
#[derive(Clone, Debug, Default)]
pub struct SensitivityPanel {
    /// The winner.
    pub winner: Option<String>,
    /// The winner's lead.
    pub lead: Option<String>,
    /// One range per criterion.
    pub ranges: Vec<WeightRange>,
    /// The longest bars first.
    pub bars: Vec<InputBar>,
}

/// The shares of a criterion for which the winner stays first.
#[derive(Clone, Debug)]
pub struct WeightRange {
    /// Index of the criterion in the decision.
    pub criterion: usize,
    pub share: f64,
    /// From and to.
    pub keeps: (f64, f64),
    /// The winner below that range.
    pub below: Option<String>,
    /// The winner above that range.
    pub above: Option<String>,
}

/// How one input moves the lead.
#[derive(Clone, Debug)]
pub struct InputBar {
    /// The name that `--set` takes.
    pub input: String,
    /// Title with the owner's name.
    pub title: String,
    /// The lead at the low and at the high end; `None` if a candidate drops out.
    pub lead: [Option<f64>; 2],
    /// Both ends for display.
    pub ends: [String; 2],
    /// The input now.
    pub now: String,
    /// The lead now.
    pub base: f64,
    /// Values from which on another candidate wins, ascending, each with its name.
    pub flips: Vec<(String, String)>,
    /// The winner at the low end.
    pub from: String,
}

/// The ranges of the weights alone, which are quick to compute.
#[must_use]
pub fn ranges(plan: &Plan<'_>, lang: Lang) -> Vec<WeightRange> {
    let found = Study::new(plan, StudyRequest::of(plan.decision)).weight_stability();
    found.map_or_else(
        |_| Vec::new(),
        |stability| {
            let weights = weight_views(plan, &stability, lang);
            weights.iter().map(WeightRange::of).collect()
        },
    )
}

/// Limit on the bars shown.
const MOST: usize = 60;

/// Runs the sensitivity analysis and builds the panel.
#[must_use]
pub fn view(plan: &Plan<'_>, lang: Lang) -> SensitivityPanel {
    let study = Study::new(plan, StudyRequest::of(plan.decision));
    if study.is_weightless() {
        return SensitivityPanel::default();
    }
    study
        .sensitivity(&SensitivityLimits::default())
        .map_or_else(
            |_| SensitivityPanel::default(),
            |found| SensitivityPanel::of(&sensitivity(plan, &found, lang)),
        )
}

impl SensitivityPanel {
    fn of(view: &SensitivityView) -> Self {
        let inputs = view
            .inputs
            .iter()
            .map(|input| (input.input.as_str(), input));
        let inputs: BTreeMap<&str, &InputView> = inputs.collect();
        let bar = |bar: &BarView| {
            let turns = inputs.get(bar.input.as_str()).copied();
            InputBar::of(bar, turns, view.lead.unwrap_or(0.0))
        };
        let mut bars: Vec<InputBar> = view.tornado.iter().map(bar).collect();
        // An input that changes the winner matters more than one that only moves the lead.
        bars.sort_by_key(|bar| bar.flips.is_empty());
        bars.truncate(MOST);
        Self {
            winner: view.winner_name.clone(),
            lead: view.lead.map(figure::score),
            ranges: view.weights.iter().map(WeightRange::of).collect(),
            bars,
        }
    }
}

impl WeightRange {
    fn of(view: &WeightView) -> Self {
        let [low, high] = view.keeps_winner;
        let [below, above] = view.rivals.clone();
        Self {
            criterion: view.place,
            share: view.share.unwrap_or(0.0),
            keeps: (low.unwrap_or(0.0), high.unwrap_or(1.0)),
            below,
            above,
        }
    }
}

impl InputBar {
    fn of(bar: &BarView, turns: Option<&InputView>, lead: f64) -> Self {
        let flips = turns.map_or(&[][..], |input| &input.flips_at);
        Self {
            input: bar.input.clone(),
            title: match &bar.parts {
                (measure, Some(candidate)) => format!("{measure} · {candidate}"),
                (measure, None) => measure.clone(),
            },
            lead: bar.lead,
            ends: bar.shown.clone(),
            now: turns.map_or_else(String::new, |input| input.shown.clone()),
            base: lead,
            flips: flips
                .iter()
                .map(|flip| (flip.shown.clone(), flip.winner_name.clone()))
                .collect(),
            from: turns.map_or_else(String::new, |input| input.below_name.clone()),
        }
    }
}
