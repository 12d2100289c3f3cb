//! A compiled formula: a flat list of operations, and its value at one point.

use super::ast::Fold;
use super::operation::{self as op, Operation};
use super::table::{Curve, KeyedRows};
use crate::source::Span;

/// A compiled formula. It is run over columns by [`run`](Program::run) and at one point by [`point`](Program::point).
///
/// Each operation writes one cell; the cells of inputs and constants come before those of operations. A loop's operations
/// stand between its `Enter` and its `Repeat`, and only those that depend on the round do.
#[derive(Clone, Debug)]
pub struct Program {
    pub(super) inputs: Vec<String>,
    pub(super) constants: Vec<f64>,
    pub(super) steps: Vec<ProgramStep>,
    pub(super) loops: Vec<Loop>,
    pub(super) curves: Vec<Curve>,
    pub(super) rows: Vec<KeyedRows>,
    /// How many columns of a block are alive at once.
    pub(super) registers: usize,
    /// The cell of the result.
    pub(super) result: u32,
}

/// One operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct ProgramStep {
    pub(super) operation: Operation,
    /// The cells it reads; the last one again where it reads fewer.
    pub(super) reads: [u32; 3],
    /// The register that its column is kept in.
    pub(super) register: u32,
    pub(super) span: Span,
}

/// A sum, mean ... over a range of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loop {
    pub(super) fold: Fold,
    /// The cells of the range's ends.
    pub(super) first: u32,
    pub(super) last: u32,
    /// The cells of what a round computes; the value of a mean comes multiplied by its weight.
    pub(super) value: u32,
    pub(super) weight: Option<u32>,
    /// The steps `Enter` and `Repeat`.
    pub(super) enter: u32,
    pub(super) repeat: u32,
    /// Registers for the number of rounds and the sum of weights.
    pub(super) rounds: u32,
    pub(super) weights: u32,
}

impl Program {
    /// The names of its inputs, in the order in which their values are given. Those that cannot matter, such as the branch of
    /// an `if` that is never taken, are not among them.
    #[must_use]
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// How many operations a lane takes, the inside of a loop counted once.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.steps.len()
    }

    /// Its value for one value of each input, all in base units; NaN when it has none.
    ///
    /// # Panics
    /// When there is not one value for each input.
    #[must_use]
    pub fn point(&self, inputs: &[f64]) -> f64 {
        let mut cells = self.initial_cells(inputs);
        self.evaluate_steps(&mut cells, 0..self.steps.len(), &mut |_, _| {});
        cells[self.result as usize]
    }

    /// Whether its value is missing for certain where these inputs are, whatever the others are. `false` says nothing.
    ///
    /// # Panics
    /// When there is not one answer for each input.
    #[must_use]
    pub fn needs_any_of(&self, missing: &[bool]) -> bool {
        assert_eq!(
            missing.len(),
            self.inputs.len(),
            "one answer for each input"
        );
        let mut lost = missing.to_vec();
        lost.resize(self.inputs.len() + self.constants.len(), false);
        for step in &self.steps {
            let [a, b, c] = step
                .reads
                .map(|cell| lost.get(cell as usize).copied().unwrap_or(false));
            lost.push(match step.operation {
                Operation::Unary(op::UnaryOp::Known) => false,
                Operation::Binary(op::BinaryOp::And | op::BinaryOp::Or) => a && b,
                Operation::Select => a || (b && c),
                Operation::Nothing | Operation::Absent => true,
                // Its reads are the ends of the range: without them there are no rounds to add up.
                Operation::Enter(_) | Operation::Repeat(_) => false,
                Operation::Unary(_)
                | Operation::Binary(_)
                | Operation::Clamp
                | Operation::Curve(_)
                | Operation::Row(_) => a || b || c,
            });
        }
        lost[self.result as usize]
    }

    /// The cells with inputs and constants filled in.
    pub(super) fn initial_cells(&self, inputs: &[f64]) -> Vec<f64> {
        assert_eq!(inputs.len(), self.inputs.len(), "one value for each input");
        let mut cells = Vec::with_capacity(self.cell_count());
        cells.extend(inputs);
        cells.extend(&self.constants);
        cells.resize(self.cell_count(), f64::NAN);
        cells
    }

    pub(super) fn cell_count(&self) -> usize {
        self.inputs.len() + self.constants.len() + self.steps.len()
    }

    /// The cell that a step writes.
    pub(super) fn step_cell(&self, step: usize) -> usize {
        self.inputs.len() + self.constants.len() + step
    }

    /// Computes steps for one value each. `saw` is told of every step and whether its condition held: which branch an `if`
    /// took, whether a loop had a round.
    pub(super) fn evaluate_steps(
        &self,
        cells: &mut [f64],
        steps: std::ops::Range<usize>,
        saw: &mut dyn FnMut(usize, bool),
    ) {
        let mut at = steps.start;
        while at < steps.end {
            match self.steps[at].operation {
                Operation::Enter(of) => {
                    let of = &self.loops[of as usize];
                    self.evaluate_loop(cells, of, saw);
                    at = of.repeat as usize;
                }
                Operation::Select => {
                    let step = &self.steps[at];
                    cells[self.step_cell(at)] = self.apply_step(step, cells);
                    let condition = cells[step.reads[0] as usize];
                    if !condition.is_nan() {
                        saw(at, condition != 0.0);
                    }
                }
                _ => cells[self.step_cell(at)] = self.apply_step(&self.steps[at], cells),
            }
            at += 1;
        }
    }

    /// One step that is no loop, for one value.
    pub(super) fn apply_step(&self, step: &ProgramStep, cells: &[f64]) -> f64 {
        apply_operation(
            step.operation,
            step.reads.map(|cell| cells[cell as usize]),
            &self.curves,
            &self.rows,
        )
    }

    /// Rounds one after the other; a missing one makes the whole missing, so none follows it.
    fn evaluate_loop(&self, cells: &mut [f64], of: &Loop, saw: &mut dyn FnMut(usize, bool)) {
        let (enter, repeat) = (of.enter as usize, of.repeat as usize);
        let first = cells[of.first as usize];
        let rounds = op::count_rounds(first, cells[of.last as usize]);
        let mut tally = LoopTally::new(of.fold);
        for round in 0..if rounds.is_nan() { 0 } else { rounds as usize } {
            saw(repeat, true);
            cells[self.step_cell(enter)] = first + round as f64;
            self.evaluate_steps(cells, enter + 1..repeat, saw);
            tally.add(
                cells[of.value as usize],
                of.weight.map(|weight| cells[weight as usize]),
            );
            if tally.value.is_nan() || tally.weight.is_nan() {
                break;
            }
        }
        cells[self.step_cell(repeat)] = if rounds.is_nan() {
            f64::NAN
        } else {
            tally.finish()
        };
    }
}

/// One operation that is no loop, for one value.
pub(super) fn apply_operation(
    operation: Operation,
    [a, b, c]: [f64; 3],
    curves: &[Curve],
    rows: &[KeyedRows],
) -> f64 {
    match operation {
        Operation::Unary(one) => op::apply_unary(one, a),
        Operation::Binary(two) => op::apply_binary(two, a, b),
        Operation::Clamp => op::clamp(a, b, c),
        Operation::Select => op::select(a, b, c),
        Operation::Curve(table) => op::finite_or_nan(curves[table as usize].at(a)),
        Operation::Row(table) => op::finite_or_nan(rows[table as usize].at(a, b)),
        Operation::Nothing | Operation::Absent => f64::NAN,
        Operation::Enter(_) | Operation::Repeat(_) => {
            unreachable!("loops are walked by evaluate_steps")
        }
    }
}

/// What became of the rounds so far.
#[derive(Clone, Copy)]
struct LoopTally {
    fold: Fold,
    value: f64,
    weight: f64,
    count: usize,
}

impl LoopTally {
    fn new(fold: Fold) -> Self {
        Self {
            fold,
            value: 0.0,
            weight: 0.0,
            count: 0,
        }
    }

    fn add(&mut self, value: f64, weight: Option<f64>) {
        let weight = weight.unwrap_or(1.0);
        self.value = match self.fold {
            Fold::Sum | Fold::Count | Fold::Mean => op::finite_or_nan(self.value + value),
            Fold::Min | Fold::Max if self.count == 0 => value,
            Fold::Min => op::apply_binary(op::BinaryOp::Min, self.value, value),
            Fold::Max => op::apply_binary(op::BinaryOp::Max, self.value, value),
        };
        self.weight = op::finite_or_nan(self.weight + weight);
        self.count += 1;
    }

    fn finish(self) -> f64 {
        match self.fold {
            Fold::Sum | Fold::Count => self.value,
            Fold::Mean => op::finite_or_nan(self.value / self.weight),
            Fold::Min | Fold::Max if self.count == 0 => f64::NAN,
            Fold::Min | Fold::Max => self.value,
        }
    }
}
