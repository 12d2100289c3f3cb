//! Break-evens of expected scores: where, if an input were known, another candidate would be first.
//!
//! The difference at `x` is `E[S_a - S_b | X = x]` over the common draws, not the difference with everything else at its mean, so
//! that a break-even never contradicts the ranking. One block of draws on a coarse grid finds where the leader changes; all
//! draws then locate each change by regula falsi (the Illinois variant: Dowell, M., Jarratt, P. (1971). A modified regula
//! falsi method for computing the root of an equation. BIT 11, 168-174).

use super::{BreakEven, BreakEvens, Flip};
use crate::analysis::domain::Domain;
use crate::analysis::known::KnownRace;
use crate::analysis::standing::Standing;
use crate::eval::{InputId, Pin, Pinning, Plan};

/// Values of the grid on which changes are looked for.
const GRID: usize = 33;
/// A domain that spans more than this factor has its grid even in the logarithm.
const WIDE: f64 = 20.0;
/// Limit on the changes that are located.
const MOST_FLIPS: usize = 64;
/// Rounds of locating.
const ROUNDS: usize = 8;
/// Limit on the candidates that are followed: those that may become first.
const MOST_CANDIDATES: usize = 24;
/// All blocks of the common draws.
const ALL: usize = usize::MAX;

/// The candidates that may become first, by index: those that are first in some draws and those with the highest expected scores.
#[must_use]
pub fn contenders(standing: &Standing) -> Vec<usize> {
    let mut all: Vec<usize> = standing.order.clone();
    all.truncate(MOST_CANDIDATES);
    let sometimes = (0..standing.first_share.len()).filter(|&c| standing.first_share[c] > 0.0);
    let mut others: Vec<usize> = sometimes.filter(|c| !all.contains(c)).collect();
    others.sort_by(|&a, &b| standing.first_share[b].total_cmp(&standing.first_share[a]));
    all.extend(others.into_iter().take(MOST_CANDIDATES));
    all
}

/// Prepares the candidates that may become first to be followed while inputs are pinned.
#[must_use]
pub fn pin_contenders<'p>(plan: &'p Plan<'p>, standing: &Standing) -> Pinning<'p> {
    Pinning::new(plan, &standing.evaluation.shares, &contenders(standing))
}

/// Searches these inputs over their domains.
#[must_use]
pub fn expected_break_evens(
    plan: &Plan<'_>,
    standing: &Standing,
    pinning: &Pinning<'_>,
    inputs: &[(InputId, Domain)],
) -> BreakEvens {
    let search = Search {
        standing,
        pinning,
        race: KnownRace::new(pinning, standing.first()),
    };
    let pins: Vec<Pin> = inputs
        .iter()
        .map(|(input, domain)| Pin::one(*input, grid(*domain, mean(plan, *input))))
        .collect();
    let swept = pinning.scores(&pins, 1);
    let mut brackets = Vec::new();
    let mut found: Vec<BreakEven> = inputs
        .iter()
        .zip(pins.iter().zip(&swept))
        .map(|((input, domain), (pin, scores))| {
            let at = brackets.len();
            search.changes(*input, &pin.at[0], scores, &mut brackets);
            brackets[at..].iter_mut().for_each(|b| b.domain = *domain);
            BreakEven {
                input: *input,
                value: mean(plan, *input),
                domain: *domain,
                below: search.race.leader(scores, 0, None),
                flips: Vec::new(),
                swing: search.swing(scores),
                drops_out: search.drops_out(scores),
            }
        })
        .collect();
    brackets.truncate(MOST_FLIPS);
    for (input, flip) in search.locate(brackets) {
        if let Some(own) = found.iter_mut().find(|own| own.input == input) {
            own.flips.push(flip);
        }
    }
    for own in &mut found {
        own.flips.sort_by(|a, b| a.at.total_cmp(&b.at));
        own.flips
            .dedup_by(|later, before| later.winner == before.winner);
    }
    BreakEvens {
        winner: standing.first(),
        inputs: found,
        left_out: 0,
    }
}

fn mean(plan: &Plan<'_>, input: InputId) -> f64 {
    plan.leaf(input.node, input.candidate.unwrap_or(0)).point()
}

/// The grid of a domain, ascending, with the mean in it.
fn grid(Domain { low, high, .. }: Domain, mean: f64) -> Vec<f64> {
    let part = |i: usize| i as f64 / (GRID - 1) as f64;
    let logarithmic = low > 0.0 && high > WIDE * low;
    let mut grid: Vec<f64> = (0..GRID)
        .map(|i| {
            if logarithmic {
                low * (high / low).powf(part(i))
            } else {
                low + (high - low) * part(i)
            }
        })
        .collect();
    grid[GRID - 1] = high;
    let at = grid.partition_point(|x| *x < mean);
    if grid.get(at) != Some(&mean) && mean > low && mean < high {
        grid.insert(at, mean);
    }
    grid
}

/// A stretch of an input with another leader at its high end.
#[derive(Clone, Debug)]
struct Bracket {
    input: InputId,
    domain: Domain,
    /// The values at its ends.
    ends: [f64; 2],
    /// The leaders at its ends.
    leaders: [Option<usize>; 2],
    /// How far the leader of the high end is ahead of that of the low end, at both ends.
    ahead: [f64; 2],
    /// How fast the difference changes along the whole stretch.
    slope: f64,
    /// A difference that counts as none: a small part of its standard error.
    close: f64,
    /// The end that the last round replaced.
    replaced: Option<usize>,
}

impl Bracket {
    /// Where the difference is zero if it is straight, kept off the ends; the middle where there is no difference to go by.
    fn guess(&self) -> f64 {
        let [low, high] = self.ends;
        let [from, to] = self.ahead;
        let part = -from / (to - from);
        if part.is_finite() && from < 0.0 && to > 0.0 {
            low + (high - low) * part.clamp(0.02, 0.98)
        } else {
            f64::midpoint(low, high)
        }
    }

    /// Where the leader changes, as exactly as the bracket knows.
    fn root(&self) -> f64 {
        let [low, high] = self.ends;
        let part = -self.ahead[0] / (self.ahead[1] - self.ahead[0]);
        if part.is_finite() && (0.0..=1.0).contains(&part) {
            low + (high - low) * part
        } else {
            high
        }
    }

    /// Whether an end is as near to the root as the draws can tell; straightness does the rest.
    fn is_closed(&self) -> bool {
        let width = self.domain.high - self.domain.low;
        self.ends[1] - self.ends[0] <= 1e-7 * width
            || self.ahead.iter().any(|ahead| ahead.abs() <= self.close)
    }
}

struct Search<'s> {
    standing: &'s Standing,
    pinning: &'s Pinning<'s>,
    race: KnownRace<'s>,
}

impl Search<'_> {
    fn swing(&self, scores: &[Vec<f64>]) -> Option<(f64, f64)> {
        let lanes = scores.first().map_or(0, Vec::len);
        let leads = (0..lanes).map(|lane| self.race.lead(scores, lane));
        leads
            .filter(|lead| !lead.is_nan())
            .fold(None, |swing, lead| {
                Some(swing.map_or((lead, lead), |(low, high): (f64, f64)| {
                    (low.min(lead), high.max(lead))
                }))
            })
    }

    fn drops_out(&self, scores: &[Vec<f64>]) -> bool {
        let lanes = scores.first().map_or(0, Vec::len);
        self.standing.first().is_some()
            && (0..lanes).any(|lane| self.race.score(scores, lane).is_nan())
    }

    /// Adds a bracket for every change of leader along a grid, one value wider on both sides: few draws may misplace it.
    fn changes(
        &self,
        input: InputId,
        grid: &[f64],
        scores: &[Vec<f64>],
        brackets: &mut Vec<Bracket>,
    ) {
        let mut before = self.race.leader(scores, 0, None);
        let mut from = 0;
        for lane in 1..grid.len() {
            let leader = self.race.leader(scores, lane, before);
            if leader != before {
                let (low, high) = (
                    from.max(lane.saturating_sub(2)),
                    (lane + 1).min(grid.len() - 1),
                );
                brackets.push(Bracket {
                    input,
                    domain: Domain {
                        low: grid[low],
                        high: grid[high],
                        origin: crate::analysis::domain::DomainOrigin::Declared,
                    },
                    ends: [grid[low], grid[high]],
                    leaders: [before, leader],
                    ahead: [f64::NAN; 2],
                    slope: f64::NAN,
                    close: 1e-9,
                    replaced: None,
                });
                from = lane;
            }
            before = leader;
        }
    }

    /// Locates the changes with all draws; what was only noise of the first block disappears.
    fn locate(&self, brackets: Vec<Bracket>) -> Vec<(InputId, Flip)> {
        let ends: Vec<Pin> = brackets
            .iter()
            .map(|b| Pin::one(b.input, b.ends.to_vec()))
            .collect();
        let scores = self.pinning.scores(&ends, ALL);
        let mut open: Vec<Bracket> = Vec::new();
        for (mut bracket, scores) in brackets.into_iter().zip(&scores) {
            let before = self.race.leader(scores, 0, bracket.leaders[0]);
            let after = self.race.leader(scores, 1, before);
            if before != after {
                bracket.leaders = [before, after];
                bracket.ahead = [0, 1].map(|lane| self.race.ahead(scores, lane, after, before));
                if let [Some(a), Some(b)] = [after, before] {
                    bracket.close = (0.01 * self.standing.lead_error(a, b)).max(1e-9);
                }
                bracket.slope =
                    (bracket.ahead[1] - bracket.ahead[0]) / (bracket.ends[1] - bracket.ends[0]);
                open.push(bracket);
            }
        }
        let mut closed = Vec::new();
        for _ in 0..ROUNDS {
            if open.is_empty() {
                break;
            }
            let pins: Vec<Pin> = open
                .iter()
                .map(|b| Pin::one(b.input, vec![b.guess()]))
                .collect();
            let scores = self.pinning.scores(&pins, ALL);
            let mut next = Vec::new();
            for ((bracket, pin), scores) in open.into_iter().zip(&pins).zip(&scores) {
                for narrower in self.narrow(bracket, pin.at[0][0], scores) {
                    if narrower.is_closed() {
                        closed.push(narrower);
                    } else {
                        next.push(narrower);
                    }
                }
            }
            open = next;
        }
        closed.extend(open);
        closed.iter().map(|b| (b.input, self.flip(b))).collect()
    }

    /// The part of a bracket in which the leader changes, or both parts where a third candidate leads between.
    fn narrow(&self, bracket: Bracket, at: f64, scores: &[Vec<f64>]) -> Vec<Bracket> {
        let [before, after] = bracket.leaders;
        let leader = self.race.leader(scores, 0, before);
        if leader != before && leader != after {
            let part = |ends: [f64; 2], leaders: [Option<usize>; 2]| Bracket {
                ends,
                leaders,
                ahead: [f64::NAN; 2],
                replaced: None,
                ..bracket.clone()
            };
            return vec![
                part([bracket.ends[0], at], [before, leader]),
                part([at, bracket.ends[1]], [leader, after]),
            ];
        }
        let end = usize::from(leader == after);
        let mut narrower = bracket;
        narrower.ends[end] = at;
        narrower.ahead[end] = self.race.ahead(scores, 0, after, before);
        // Illinois: an end that stays twice counts half, so that it moves too.
        if narrower.replaced == Some(end) {
            narrower.ahead[1 - end] /= 2.0;
        }
        narrower.replaced = Some(end);
        vec![narrower]
    }

    fn flip(&self, bracket: &Bracket) -> Flip {
        let error = match bracket.leaders {
            [Some(before), Some(after)] => {
                self.standing.lead_error(after, before) / bracket.slope.abs()
            }
            _ => 0.0,
        };
        Flip {
            at: bracket.root(),
            winner: bracket.leaders[1],
            error: if error.is_finite() { error } else { 0.0 },
        }
    }
}
