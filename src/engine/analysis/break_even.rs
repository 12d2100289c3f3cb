//! Break-even values of every input: where along its domain another candidate becomes first.
//!
//! Where inputs are uncertain, the changes are those of the expected scores: see [`expected_break_evens`]. Where nothing is, and
//! for methods other than the additive value model, each input is moved alone, everything else at its point. A grid of 1,001 evenly spaced values finds every region of another winner
//! that is wider than 0.1 % of the domain, whatever the shape of the score; where the domain spans more than a factor of 500, 278
//! values evenly spaced in the logarithm find the narrow regions near its low end. Each change of winner is then bracketed in
//! 64 parts at a time until it is known to 1e-11 of its value. Nothing is assumed about the score: jumps (`ceil`, gates) are
//! bracketed as crossings are.

mod expected;

use rayon::prelude::*;

pub use self::expected::{contenders, expected_break_evens, pin_contenders};

use super::domain::{Domain, domain, varied};
use super::race::Race;
use super::standing::Standing;
use crate::eval::{InputId, Plan, SweepMemory, Sweeper, Sweeps};

/// Evenly spaced values of a domain: neighbours are 0.1 % of it apart.
const EVEN: usize = 1_001;
/// Values evenly spaced in the logarithm.
const LOGARITHMIC: usize = 278;
/// A domain that spans more than this factor is searched on a logarithmic grid too: its first thousandth would hide a factor of two
/// and more.
const WIDE: f64 = 500.0;
/// Number of parts that a bracket between two winners is divided into.
const PARTS: usize = 64;
/// A flip is known when its gap is this small a part of its value.
const CLOSE: f64 = 1e-11;
/// Limit on the flips that are located: a score that jumps more often has no useful break-even.
const MOST_FLIPS: usize = 256;
/// Limit on the inputs that are searched; the facts of the candidates that rank highest come first.
const MOST_INPUTS: usize = 4_096;

/// A change of winner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flip {
    /// From this value on, base units.
    pub at: f64,
    /// The winner from there up to the next flip; `None` if no candidate is ranked.
    pub winner: Option<usize>,
    /// The standard error of the place, from the draws; 0 where nothing is uncertain.
    pub error: f64,
}

/// The changes of winner along one input.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakEven {
    pub input: InputId,
    /// Its value at the point, base units.
    pub value: f64,
    /// The domain that was searched.
    pub domain: Domain,
    /// The winner at the low end of the domain.
    pub below: Option<usize>,
    /// The changes of winner, ascending.
    pub flips: Vec<Flip>,
    /// The lowest and highest lead of the present winner over its best rival along the domain, while both are ranked.
    pub swing: Option<(f64, f64)>,
    /// Whether the present winner has no rank somewhere along the domain.
    pub drops_out: bool,
}

impl BreakEven {
    /// How far the nearest change of winner is from the value at the point, as a part of the domain; `None` if there is none.
    #[must_use]
    pub fn nearness(&self) -> Option<f64> {
        let width = self.domain.high - self.domain.low;
        self.flips
            .iter()
            .map(|f| (f.at - self.value).abs() / width)
            .min_by(f64::total_cmp)
    }
}

/// The break-evens of a plan.
#[derive(Clone, Debug)]
pub struct BreakEvens {
    /// The winner at the point.
    pub winner: Option<usize>,
    /// Every input, in the order of the graph.
    pub inputs: Vec<BreakEven>,
    /// Inputs that were left out because there are too many.
    pub left_out: usize,
}

impl BreakEvens {
    /// Returns at most `most` inputs that change the winner, the nearest first.
    #[must_use]
    pub fn nearest(mut self, most: usize) -> Self {
        let near = |found: &BreakEven| found.nearness().unwrap_or(f64::INFINITY);
        self.inputs.retain(|found| !found.flips.is_empty());
        self.inputs.sort_by(|a, b| near(a).total_cmp(&near(b)));
        self.inputs.truncate(most);
        self
    }
}

/// Searches every numeric input of a plan under the additive value model: expected scores where anything is uncertain.
#[must_use]
pub fn break_evens(plan: &Plan<'_>, shares: &[f64]) -> BreakEvens {
    if !plan.is_certain() {
        let standing = Standing::of(plan, shares);
        let pinning = pin_contenders(plan, &standing);
        return expected_break_evens(plan, &standing, &pinning, &varied(plan, true));
    }
    break_evens_of(&Sweeps::new(plan, shares), true)
}

/// Searches the inputs that may really vary, or with `all` every number, under the method that scores these sweeps.
#[must_use]
pub fn break_evens_of(sweeps: &Sweeps<'_>, all: bool) -> BreakEvens {
    let plan = sweeps.plan();
    let (inputs, left_out) = searched(plan, sweeps.point(), all);
    if let Some(watch) = plan.watch {
        watch.begin(inputs.len());
    }
    let one = |memory: &mut SweepMemory, &input: &InputId| {
        let found = break_even(plan, sweeps, input, memory);
        if let Some(watch) = plan.watch {
            watch.step();
        }
        found
    };
    let inputs = inputs
        .par_iter()
        .map_init(SweepMemory::default, one)
        .collect();
    BreakEvens {
        winner: super::race::winner(sweeps.point()),
        inputs,
        left_out,
    }
}

/// The inputs to be searched, and how many are not: if there are too many, what all candidates share and then the facts of those
/// that rank highest.
#[must_use]
pub(super) fn searched(plan: &Plan<'_>, point: &[f64], all: bool) -> (Vec<InputId>, usize) {
    let mut inputs: Vec<InputId> = varied(plan, all)
        .into_iter()
        .map(|(input, _)| input)
        .collect();
    let count = inputs.len();
    if count > MOST_INPUTS {
        let mut order: Vec<usize> = (0..point.len()).collect();
        order.sort_by(|&a, &b| {
            point[b]
                .max(-1.0)
                .total_cmp(&point[a].max(-1.0))
                .then(a.cmp(&b))
        });
        let mut place = vec![0; point.len()];
        order
            .iter()
            .enumerate()
            .for_each(|(at, &c)| place[c] = at + 1);
        inputs.sort_by_key(|input| input.candidate.map_or(0, |c| place[c]));
        inputs.truncate(MOST_INPUTS);
        inputs.sort_unstable();
    }
    let left_out = count - inputs.len();
    (inputs, left_out)
}

fn break_even(
    plan: &Plan<'_>,
    sweeps: &Sweeps<'_>,
    input: InputId,
    memory: &mut SweepMemory,
) -> BreakEven {
    let domain = domain(plan, input);
    let value = plan.leaf(input.node, input.candidate.unwrap_or(0)).point();
    let sweeper = sweeps.sweeper(&[input]);
    let race = Race::new(sweeper.moving().collect(), sweeps.point());
    let mut found = BreakEven {
        input,
        value,
        domain,
        below: race.present(),
        flips: Vec::new(),
        swing: None,
        drops_out: false,
    };
    if let Some(lead) = sweeper.reach().and_then(|reach| race.untouched(reach)) {
        found.swing = Some((lead, lead));
        return found;
    }
    // Where nothing moves, the lead at the point is the lead everywhere.
    let grid = if sweeper.moving().len() == 0 {
        vec![value]
    } else {
        grid(domain, value)
    };
    let scores = sweeper.run(&[&grid], memory);
    let leads = race.leads(&scores, grid.len());
    let mut leads = leads.into_iter().filter(|lead| !lead.is_nan());
    if let Some(first) = leads.next() {
        found.swing = Some(leads.fold((first, first), |(low, high), lead| {
            (low.min(lead), high.max(lead))
        }));
    }
    found.drops_out =
        race.present().is_some() && (0..grid.len()).any(|lane| race.score(&scores, lane).is_nan());
    let winners = race.walk(&scores, grid.len(), None);
    found.below = winners[0];
    let changes = (1..grid.len()).filter(|&i| winners[i] != winners[i - 1]);
    let gaps = changes.map(|i| Bracket {
        low: grid[i - 1],
        high: grid[i],
        before: winners[i - 1],
        after: winners[i],
    });
    found.flips = close_in(
        &sweeper,
        &race,
        gaps.take(MOST_FLIPS).collect(),
        domain.high - domain.low,
        memory,
    );
    found
}

/// The first grid of a domain, ascending.
fn grid(domain: Domain, value: f64) -> Vec<f64> {
    let Domain { low, high, .. } = domain;
    let between = |i: usize, count: usize| i as f64 / (count - 1) as f64;
    let mut grid: Vec<f64> = (0..EVEN)
        .map(|i| low + (high - low) * between(i, EVEN))
        .collect();
    grid[EVEN - 1] = high;
    if low > 0.0 && high > WIDE * low {
        let ratio = (high / low).ln();
        grid.extend((1..=LOGARITHMIC).map(|i| low * (ratio * between(i, LOGARITHMIC + 2)).exp()));
        // Two ascending runs, which a stable sort merges.
        grid.sort_by(f64::total_cmp);
        grid.dedup();
    }
    let at = grid.partition_point(|x| *x < value);
    if grid.get(at) != Some(&value) {
        grid.insert(at, value);
    }
    grid
}

/// A bracket: two values with different winners.
#[derive(Clone, Copy)]
struct Bracket {
    low: f64,
    high: f64,
    before: Option<usize>,
    after: Option<usize>,
}

impl Bracket {
    /// Whether it is so narrow that its high end is the flip.
    fn is_closed(self, width: f64) -> bool {
        let (size, gap) = (self.low.abs().max(self.high.abs()), self.high - self.low);
        // Near zero a relative tolerance is never met, so a part of the domain serves instead.
        gap <= CLOSE * size || gap <= f64::EPSILON * width
    }
}

/// Narrows all brackets of a domain of this width together, so that each round is one run over all of them.
fn close_in(
    sweeper: &Sweeper<'_>,
    race: &Race,
    gaps: Vec<Bracket>,
    width: f64,
    memory: &mut SweepMemory,
) -> Vec<Flip> {
    let (mut flips, mut open) = (Vec::new(), gaps);
    while !open.is_empty() {
        let (closed, wide): (Vec<Bracket>, Vec<Bracket>) =
            open.into_iter().partition(|gap| gap.is_closed(width));
        flips.extend(closed.iter().map(|gap| Flip {
            at: gap.high,
            winner: gap.after,
            error: 0.0,
        }));
        let inside = |gap: &Bracket| {
            let Bracket { low, high, .. } = *gap;
            (1..PARTS).map(move |i| low + (high - low) * (i as f64 / PARTS as f64))
        };
        let at: Vec<f64> = wide.iter().flat_map(inside).collect();
        let scores = sweeper.run(&[&at], memory);
        open = Vec::new();
        for (g, gap) in wide.iter().enumerate() {
            let mut low = (gap.low, gap.before);
            let first = g * (PARTS - 1);
            for (lane, &high) in at[first..first + PARTS - 1].iter().enumerate() {
                let winner = race.winner(&scores, first + lane, low.1);
                if winner != low.1 {
                    open.push(Bracket {
                        low: low.0,
                        high,
                        before: low.1,
                        after: winner,
                    });
                }
                low = (high, winner);
            }
            if low.1 != gap.after {
                open.push(Bracket {
                    low: low.0,
                    high: gap.high,
                    before: low.1,
                    after: gap.after,
                });
            }
        }
        if flips.len() + open.len() > MOST_FLIPS {
            open.truncate(MOST_FLIPS.saturating_sub(flips.len()));
        }
    }
    flips.sort_by(|a: &Flip, b: &Flip| a.at.total_cmp(&b.at));
    flips
}
