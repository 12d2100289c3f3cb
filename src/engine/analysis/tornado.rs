//! Tornado diagram: the winner's lead with each input at the low and the high end of its usual range. Also sweeps of one or two
//! inputs over a given range.

mod expected;

use rayon::prelude::*;

pub(super) use self::expected::expected_scores;
pub use self::expected::{expected_tornado, expected_traverse};

use super::break_even::{pin_contenders, searched};
use super::domain::{domain, usual, varied};
use super::race::Race;
use super::standing::Standing;
use crate::eval::{InputId, Plan, SweepMemory, Sweeps};

/// One bar of a tornado diagram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SwingBar {
    pub input: InputId,
    /// Its 5 % and 95 % quantile, or the ends of its domain if it is certain; base units.
    pub at: [f64; 2],
    /// Whether these are quantiles.
    pub quantiles: bool,
    /// How far the present winner leads its best rival there; NaN if either is not ranked.
    pub lead: [f64; 2],
    /// The present winner's score there; NaN if it is not ranked.
    pub score: [f64; 2],
    /// The winner there.
    pub winner: [Option<usize>; 2],
}

impl SwingBar {
    /// How much the lead differs between the two ends; 0 if it is not known at both.
    #[must_use]
    pub fn length(&self) -> f64 {
        let length = (self.lead[1] - self.lead[0]).abs();
        if length.is_nan() { 0.0 } else { length }
    }
}

/// The bars, the longest first.
#[derive(Clone, Debug)]
pub struct Tornado {
    /// The winner at the point.
    pub winner: Option<usize>,
    /// How far it leads its best rival; NaN if there is none.
    pub lead: f64,
    /// One bar per input; inputs that move no score are left out.
    pub bars: Vec<SwingBar>,
}

/// Computes the tornado diagram of a plan under the additive value model.
#[must_use]
pub fn tornado(plan: &Plan<'_>, shares: &[f64]) -> Tornado {
    if !plan.is_certain() {
        let standing = Standing::of(plan, shares);
        let pinning = pin_contenders(plan, &standing);
        return expected_tornado(plan, &standing, &pinning, &varied(plan, true));
    }
    tornado_of(&Sweeps::new(plan, shares), true)
}

/// Computes the tornado diagram of the inputs that may really vary, or with `all` of every number, under the method that scores
/// these sweeps.
#[must_use]
pub fn tornado_of(sweeps: &Sweeps<'_>, all: bool) -> Tornado {
    let plan = sweeps.plan();
    let (inputs, _) = searched(plan, sweeps.point(), all);
    if let Some(watch) = plan.watch {
        watch.begin(inputs.len());
    }
    let one = |memory: &mut SweepMemory, &input: &InputId| {
        let bar = bar(plan, sweeps, input, memory);
        if let Some(watch) = plan.watch {
            watch.step();
        }
        bar
    };
    let mut bars: Vec<SwingBar> = inputs
        .par_iter()
        .map_init(SweepMemory::default, one)
        .flatten()
        .collect();
    bars.sort_by(|a, b| {
        b.length()
            .total_cmp(&a.length())
            .then(a.input.cmp(&b.input))
    });
    let still = Race::new(Vec::new(), sweeps.point());
    Tornado {
        winner: still.present(),
        lead: still.leads(&[], 1)[0],
        bars,
    }
}

fn bar(
    plan: &Plan<'_>,
    sweeps: &Sweeps<'_>,
    input: InputId,
    memory: &mut SweepMemory,
) -> Option<SwingBar> {
    let leaf = plan.leaf(input.node, input.candidate.unwrap_or(0));
    let (low, high) = usual(plan, input, domain(plan, input));
    let sweeper = sweeps.sweeper(&[input]);
    if sweeper.moving().len() == 0 {
        return None;
    }
    let race = Race::new(sweeper.moving().collect(), sweeps.point());
    let at = [low, high];
    let scores = sweeper.run(&[&at], memory);
    let leads = race.leads(&scores, at.len());
    Some(SwingBar {
        input,
        at,
        quantiles: leaf.is_uncertain(),
        lead: [leads[0], leads[1]],
        score: [0, 1].map(|lane| race.score(&scores, lane)),
        winner: [0, 1].map(|lane| race.winner(&scores, lane, race.present())),
    })
}

/// Number of values in a sweep of one input.
pub const ONE_WAY: usize = 101;
/// Number of values of each input in a sweep of two.
pub const TWO_WAY: usize = 41;

/// One or two inputs moved over ranges.
#[derive(Clone, Debug)]
pub struct Traverse {
    /// Each input with its values, base units.
    pub axes: Vec<(InputId, Vec<f64>)>,
    /// `scores[c][i]`; with two inputs the second one varies fastest. NaN if not ranked.
    pub scores: Vec<Vec<f64>>,
    /// The winner at each point.
    pub winners: Vec<Option<usize>>,
}

/// Moves one input over 101 values, or two over a grid of 41 x 41; `ranges` holds one or two inputs with their ends, base units.
#[must_use]
pub fn traverse(plan: &Plan<'_>, shares: &[f64], ranges: &[(InputId, f64, f64)]) -> Traverse {
    traverse_of(&Sweeps::new(plan, shares), ranges)
}

/// Moves the inputs under the method that scores these sweeps; see [`traverse`].
#[must_use]
pub fn traverse_of(sweeps: &Sweeps<'_>, ranges: &[(InputId, f64, f64)]) -> Traverse {
    let (axes, columns) = lattice(ranges);
    let lanes = columns.first().map_or(0, Vec::len);
    let inputs: Vec<(InputId, &[f64])> = axes
        .iter()
        .zip(&columns)
        .map(|((input, _), at)| (*input, at.as_slice()))
        .collect();
    let sweep = sweeps.sweep(&inputs);
    let race = Race::new((0..sweeps.plan().candidates()).collect(), sweeps.point());
    let winners = (0..lanes)
        .map(|lane| race.winner(&sweep.scores, lane, race.present()))
        .collect();
    Traverse {
        axes,
        scores: sweep.scores,
        winners,
    }
}

/// An input with the values that it takes, base units.
type SweptAxis = (InputId, Vec<f64>);

/// The axes of a traverse, and the values of each input at every point of their lattice.
fn lattice(ranges: &[(InputId, f64, f64)]) -> (Vec<SweptAxis>, Vec<Vec<f64>>) {
    let count = if ranges.len() > 1 { TWO_WAY } else { ONE_WAY };
    let values = |low: f64, high: f64| -> Vec<f64> {
        let last = (count - 1) as f64;
        // This form hits both ends exactly.
        (0..count)
            .map(|i| low * ((last - i as f64) / last) + high * (i as f64 / last))
            .collect()
    };
    let axes: Vec<(InputId, Vec<f64>)> = ranges
        .iter()
        .map(|&(input, low, high)| (input, values(low, high)))
        .collect();
    let lanes: usize = axes.iter().map(|(_, at)| at.len()).product();
    let mut inner = lanes;
    let columns: Vec<Vec<f64>> = axes
        .iter()
        .map(|(_, at)| {
            inner /= at.len();
            (0..lanes).map(|lane| at[lane / inner % at.len()]).collect()
        })
        .collect();
    (axes, columns)
}
