//! A compiled formula: a flat list of operations, and its value at one point.

use super::ast::Fold;
use super::operation::{self as op, Operation};
use super::table::{Curve, KeyedRows};
use crate::source::Span;

/// A compiled formula. It is run over columns by [`run`](Program::run) and at one point by [`point`](Program::point).
///
/// Each step writes one cell; the cells of inputs and constants precede those of steps. A loop body, reduced to the steps
/// that depend on the round, lies between `Enter` and `Repeat`.
#[derive(Clone, Debug)]
pub struct Program {
    pub(super) inputs: Vec<String>,
    pub(super) constants: Vec<f64>,
    pub(super) steps: Vec<ProgramStep>,
    pub(super) loops: Vec<Loop>,
    pub(super) curves: Vec<Curve>,
    pub(super) rows: Vec<KeyedRows>,
    /// Number of columns of a block that are live at the same time.
    pub(super) registers: usize,
    pub(super) result: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct ProgramStep {
    pub(super) operation: Operation,
    /// The cells it reads; the last one is repeated if it reads fewer than three.
    pub(super) reads: [u32; 3],
    /// The register that holds its column.
    pub(super) register: u32,
    pub(super) span: Span,
}

/// A fold over a range of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loop {
    pub(super) fold: Fold,
    /// The cells of the bounds.
    pub(super) first: u32,
    pub(super) last: u32,
    /// The cells that a round computes; the value of a weighted mean is already multiplied by its weight.
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
    /// Returns the names of the inputs, in the order in which their values are passed. Inputs that cannot affect the result,
    /// such as those of an `if` branch that is never taken, are left out.
    #[must_use]
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// Returns the number of operations per lane, counting a loop body once.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.steps.len()
    }

    /// Evaluates the program at one point, in base units; NaN if it is undefined.
    ///
    /// # Panics
    /// If the number of values differs from the number of inputs.
    #[must_use]
    pub fn point(&self, inputs: &[f64]) -> f64 {
        let mut cells = self.initial_cells(inputs);
        self.evaluate_steps(&mut cells, 0..self.steps.len(), &mut |_, _| {});
        cells[self.result as usize]
    }

    /// Returns whether the value is certainly missing if these inputs are, whatever the others are. `false` is inconclusive.
    ///
    /// # Panics
    /// If the number of flags differs from the number of inputs.
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
                // Reads the bounds of the range; if they are missing there are no rounds to fold.
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

    /// Returns all cells, with inputs and constants filled in and the rest NaN.
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

    /// Returns the cell that a step writes.
    pub(super) fn step_cell(&self, step: usize) -> usize {
        self.inputs.len() + self.constants.len() + step
    }

    /// Evaluates steps at one point. Calls `saw` with the index and the condition of every `if`, and for every round of a
    /// loop.
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

    /// Evaluates one step, which is not part of a loop construct, at one point.
    pub(super) fn apply_step(&self, step: &ProgramStep, cells: &[f64]) -> f64 {
        apply_operation(
            step.operation,
            step.reads.map(|cell| cells[cell as usize]),
            &self.curves,
            &self.rows,
        )
    }

    /// Evaluates the rounds of a loop in order and stops at the first undefined one, which makes the result undefined.
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

/// Applies an operation other than `Enter` and `Repeat` to scalar operands.
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

/// The state of a fold after some rounds.
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
