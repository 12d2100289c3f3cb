//! Expected scores with some inputs known: `E[S_c | X = x]` over the common draws.
//!
//! Every draw is run again with the input pinned, and only the nodes that it moves. The mean difference to the draw as it was is
//! added to the expected score, so that a few blocks of draws already agree with it where the input matters little, and all of
//! them average to it (a control variate: Lavenberg, S. S., Welch, P. D. (1981). A perspective on the use of control variables
//! to increase the efficiency of Monte Carlo simulations. Management Science 27(3), 322-335).

use std::sync::OnceLock;

use rayon::prelude::*;

use super::blocks::BLOCK;
use super::blocks::setup::{BaseBlock, BaseColumns, Setup};
use super::leaf::InputId;
use super::plan::Plan;
use super::sweep::SweepMemory;
use super::sweep::dependence::{Dependence, MovedNodes};
use super::sweep::rerun::{Rerun, Unmoved};
use crate::formula::Operand;
use crate::model::library::{MissingPolicy, Screen};

/// Inputs to pin together, and at which values.
#[derive(Clone, Debug)]
pub struct Pin {
    pub inputs: Vec<InputId>,
    /// The values of each input, base units, equally many: all inputs take their `i`-th value together.
    pub at: Vec<Vec<f64>>,
}

impl Pin {
    /// One input at these values.
    #[must_use]
    pub fn one(input: InputId, at: Vec<f64>) -> Self {
        Self {
            inputs: vec![input],
            at: vec![at],
        }
    }

    fn len(&self) -> usize {
        self.at.first().map_or(0, Vec::len)
    }
}

/// Expected scores of some candidates under given shares, with inputs pinned.
pub struct Pinning<'p> {
    plan: &'p Plan<'p>,
    dependence: Dependence<'p>,
    /// The candidates, ascending.
    candidates: Vec<usize>,
    expected: Vec<f64>,
    setup: Setup<'p>,
    /// The blocks of draws that were needed, where they fit in memory.
    kept: Vec<OnceLock<BaseColumns>>,
}

/// Limit on the numbers that are kept (64 MB).
const KEPT: usize = 8_000_000;

/// What one pin moves.
struct Moved {
    shared: Vec<usize>,
    /// For each candidate what moves for it.
    own: Vec<MovedNodes>,
}

/// Sums over draws, for one value of a pin and one candidate.
#[derive(Clone, Default)]
struct Tally {
    /// Score minus the score of the draw as it was.
    shift: f64,
    known: u32,
    drawn: u32,
    /// Draws that pass all gates, with the pin and as they were.
    passes: [u32; 2],
    /// Draws that pass each of the gates that move, with the pin.
    gates: Vec<u32>,
}

impl<'p> Pinning<'p> {
    /// Prepares these candidates; those that lack a score are never ranked.
    #[must_use]
    pub fn new(plan: &'p Plan<'p>, shares: &[f64], candidates: &[usize]) -> Self {
        let mut candidates = candidates.to_vec();
        candidates.sort_unstable();
        candidates.dedup();
        let weighed: Vec<usize> = (0..shares.len()).filter(|&k| shares[k] > 0.0).collect();
        let mut setup = Setup::new(plan, false);
        setup.only(&candidates, &weighed);
        let rows = plan.evaluate_with(shares).rows;
        let expected = |&c: &usize| rows[c].contributions.iter().sum();
        Self {
            plan,
            dependence: Dependence::new(plan, shares),
            expected: candidates.iter().map(expected).collect(),
            kept: if setup
                .base_width(candidates.len())
                .saturating_mul(plan.draws)
                <= KEPT
            {
                (0..plan.draws.div_ceil(BLOCK))
                    .map(|_| OnceLock::new())
                    .collect()
            } else {
                Vec::new()
            },
            candidates,
            setup,
        }
    }

    /// The candidates, ascending, in the order of the scores.
    #[must_use]
    pub fn candidates(&self) -> &[usize] {
        &self.candidates
    }

    /// The scores at every value of every pin from this many blocks of draws: `[pin][candidate][value]`, NaN where the candidate is
    /// not ranked.
    #[must_use]
    pub fn scores(&self, pins: &[Pin], blocks: usize) -> Vec<Vec<Vec<f64>>> {
        let moved: Vec<Moved> = pins.iter().map(|pin| self.moved(&pin.inputs)).collect();
        let count = self.plan.draws.div_ceil(BLOCK).min(blocks.max(1));
        let mut tallies: Vec<Vec<Tally>> = pins
            .iter()
            .map(|pin| vec![Tally::default(); pin.len() * self.candidates.len()])
            .collect();
        for number in 0..count {
            let lanes = BLOCK.min(self.plan.draws - number * BLOCK);
            let draw = || self.setup.base_columns(&self.candidates, number, lanes);
            let drawn;
            let columns = match self.kept.get(number) {
                Some(kept) => kept.get_or_init(draw),
                None => {
                    drawn = draw();
                    &drawn
                }
            };
            let base = BaseBlock {
                setup: &self.setup,
                columns,
            };
            tallies
                .par_iter_mut()
                .zip(pins.par_iter().zip(&moved))
                .for_each_init(SweepMemory::default, |memory, (tally, (pin, moved))| {
                    self.add(pin, moved, &base, memory, tally);
                });
        }
        pins.iter()
            .zip(&moved)
            .zip(tallies)
            .map(|((pin, moved), tally)| self.means(pin, moved, &tally))
            .collect()
    }

    fn moved(&self, inputs: &[InputId]) -> Moved {
        let own_of = |c: usize| -> Vec<InputId> {
            let own = |i: &InputId| i.candidate.is_none_or(|owner| owner == c);
            inputs.iter().copied().filter(own).collect()
        };
        let common: Vec<InputId> = inputs
            .iter()
            .copied()
            .filter(|i| i.candidate.is_none())
            .collect();
        Moved {
            shared: self.dependence.way(&common).0,
            own: self
                .candidates
                .iter()
                .map(|&c| self.dependence.way(&own_of(c)).1)
                .collect(),
        }
    }

    fn add(
        &self,
        pin: &Pin,
        moved: &Moved,
        base: &BaseBlock<'_>,
        memory: &mut SweepMemory,
        tallies: &mut [Tally],
    ) {
        let plan = self.plan;
        memory.columns.resize_with(plan.graph.nodes.len(), Vec::new);
        memory.moved.clear();
        memory.moved.resize(plan.graph.nodes.len(), false);
        for &node in &moved.shared {
            memory.moved[node] = true;
        }
        let rerun = Rerun {
            plan,
            inputs: &pin.inputs,
            unmoved: base,
        };
        let mut at: Vec<Vec<f64>> = vec![vec![0.0; base.lanes()]; pin.inputs.len()];
        for value in 0..pin.len() {
            for (column, values) in at.iter_mut().zip(&pin.at) {
                column.fill(values[value]);
            }
            let columns: Vec<&[f64]> = at.iter().map(Vec::as_slice).collect();
            for &node in &moved.shared {
                rerun.node(node, None, &columns, memory);
            }
            for (i, (&c, own)) in self.candidates.iter().zip(&moved.own).enumerate() {
                let tally = &mut tallies[i * pin.len() + value];
                tally.drawn += base.lanes() as u32;
                if own.criteria.is_empty() && own.gates.is_empty() {
                    tally.known += base.lanes() as u32;
                    continue;
                }
                for &node in &own.nodes {
                    memory.moved[node] = true;
                }
                for &node in &own.nodes {
                    rerun.node(node, Some(c), &columns, memory);
                }
                self.shift(c, own, base, memory, tally);
                self.passes(c, own, base, memory, tally);
                for &node in &own.nodes {
                    memory.moved[node] = false;
                }
            }
        }
    }

    /// Adds how far the pin moves the score in each draw.
    fn shift(
        &self,
        c: usize,
        own: &MovedNodes,
        base: &BaseBlock<'_>,
        memory: &mut SweepMemory,
        tally: &mut Tally,
    ) {
        let plan = self.plan;
        let mut shift = std::mem::take(&mut memory.observed);
        shift.clear();
        shift.resize(base.lanes(), 0.0);
        memory.values.resize(base.lanes().max(BLOCK), 0.0);
        for &k in &own.criteria {
            let (slot, policy) = (&plan.graph.criteria[k], plan.policy(k, c));
            let values = &mut memory.values[..base.lanes()];
            plan.functions[k].column(
                &memory.columns[slot.node][..base.lanes()],
                plan.clip,
                values,
            );
            let share = self.dependence.shares[k];
            for ((shift, value), was) in shift.iter_mut().zip(values).zip(base.value(k, c)) {
                *shift += share
                    * match policy {
                        _ if !value.is_nan() => *value - was,
                        MissingPolicy::Exclude => f64::NAN,
                        MissingPolicy::Pessimistic => -was,
                        MissingPolicy::Range => 0.0,
                        MissingPolicy::Fixed(fixed) => fixed - was,
                    };
            }
        }
        for shift in shift.iter().filter(|shift| !shift.is_nan()) {
            tally.shift += shift;
            tally.known += 1;
        }
        memory.observed = shift;
    }

    /// Counts the draws that pass the gates.
    fn passes(
        &self,
        c: usize,
        own: &MovedNodes,
        base: &BaseBlock<'_>,
        memory: &SweepMemory,
        tally: &mut Tally,
    ) {
        if own.gates.is_empty() {
            return;
        }
        let mut pass = vec![[true; 2]; base.lanes()];
        tally.gates.resize(own.gates.len(), 0);
        for gate in &self.plan.graph.gates {
            let Some(screen) = &gate.screen else { continue };
            let before = base.operand(gate.node, Some(c));
            let moves = own.gates.iter().position(|(node, _)| *node == gate.node);
            for (lane, pass) in pass.iter_mut().enumerate() {
                let was = screen.lets_pass(match before {
                    Operand::Splat(answer) => answer,
                    Operand::Lanes(answers) => answers[lane],
                });
                let is = moves.map_or(was, |_| screen.lets_pass(memory.columns[gate.node][lane]));
                if let Some(at) = moves {
                    tally.gates[at] += u32::from(is);
                }
                *pass = [pass[0] && is, pass[1] && was];
            }
        }
        for pass in pass {
            tally.passes[0] += u32::from(pass[0]);
            tally.passes[1] += u32::from(pass[1]);
        }
    }

    fn means(&self, pin: &Pin, moved: &Moved, tallies: &[Tally]) -> Vec<Vec<f64>> {
        let lanes = pin.len();
        let one = |(i, own): (usize, &MovedNodes)| {
            let of = |tally: &Tally| self.mean(i, own, tally);
            tallies[i * lanes..][..lanes].iter().map(of).collect()
        };
        moved.own.iter().enumerate().map(one).collect()
    }

    /// The expected score of the `i`-th candidate at one value of the pin; NaN if it is not ranked there.
    fn mean(&self, i: usize, own: &MovedNodes, tally: &Tally) -> f64 {
        let (plan, c) = (self.plan, self.candidates[i]);
        let drawn = f64::from(tally.drawn);
        if f64::from(tally.known) < drawn / 2.0 {
            return f64::NAN;
        }
        let mut joint = plan.pass_share(c);
        if !own.gates.is_empty() {
            joint += (f64::from(tally.passes[0]) - f64::from(tally.passes[1])) / drawn;
        }
        let asked = |(g, gate): (usize, &crate::graph::GateNode)| {
            let Some(screen) = &gate.screen else {
                return true;
            };
            let moves = own.gates.iter().position(|(node, _)| *node == gate.node);
            let passed = match moves {
                Some(at) => f64::from(tally.gates[at]) / drawn,
                None => plan.gate_pass(g, c).passed,
            };
            passed >= screen.at_least - 1e-9
        };
        let ranked =
            joint >= Screen::USUAL_SHARE - 1e-9 && plan.graph.gates.iter().enumerate().all(asked);
        if ranked {
            self.expected[i] + tally.shift / f64::from(tally.known)
        } else {
            f64::NAN
        }
    }
}
