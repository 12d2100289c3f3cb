//! Explains a program at one point: the inputs its value depends on, and why a value is undefined.

use super::ast::Fold;
use super::operation::{BinaryOp, Operation, UnaryOp};
use super::program::{Program, ProgramStep};
use super::{MAX_ROUNDS, operation};
use crate::lang::Text;
use crate::source::Span;
use crate::tr;

/// Why a formula is undefined at a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Undefined {
    /// The input with this index is missing.
    Missing(usize),
    /// An operation has no result.
    Impossible {
        /// Covers the operation and its operands.
        span: Span,
        /// Such as "division by zero".
        reason: Text,
    },
}

impl Program {
    /// Returns the indices, ascending, of the inputs that the value depends on at this point. Branches not taken and the
    /// bodies of empty loops do not count.
    ///
    /// # Panics
    /// If the number of values differs from the number of inputs.
    #[must_use]
    pub fn used(&self, inputs: &[f64]) -> Vec<usize> {
        let (_, taken) = self.evaluate_cells(inputs);
        let needed = self.mark_dependencies(|step, at| match self.steps[at].operation {
            Operation::Select => {
                let [condition, then, otherwise] = step.reads;
                let branches = [(taken[at].0, then), (taken[at].1, otherwise)];
                branches
                    .into_iter()
                    .filter(|(taken, _)| *taken)
                    .map(|(_, branch)| branch)
                    .chain([condition])
                    .collect()
            }
            Operation::Repeat(of) if taken[at].0 => step
                .reads
                .into_iter()
                .chain(self.loops[of as usize].weight)
                .collect(),
            Operation::Repeat(_) => step.reads[..2].to_vec(),
            Operation::Nothing | Operation::Absent => Vec::new(),
            _ => step.reads.to_vec(),
        });
        (0..self.inputs.len())
            .filter(|&input| needed[input])
            .collect()
    }

    /// Returns every reason why the program is undefined at this point; empty if it has a value. For a loop these are the
    /// reasons of the first undefined round.
    ///
    /// # Panics
    /// If the number of values differs from the number of inputs.
    #[must_use]
    pub fn undefined(&self, inputs: &[f64]) -> Vec<Undefined> {
        let (cells, _) = self.evaluate_cells(inputs);
        let missing = |cell: &u32| cells[*cell as usize].is_nan();
        if !missing(&self.result) {
            return Vec::new();
        }
        let mut impossible = Vec::new();
        let needed = self.mark_dependencies(|step, at| {
            if !cells[self.step_cell(at)].is_nan() {
                return Vec::new();
            }
            let causes: Vec<_> = match step.operation {
                Operation::Nothing | Operation::Absent => Vec::new(),
                Operation::Select if missing(&step.reads[0]) => vec![step.reads[0]],
                Operation::Select => vec![
                    step.reads[if cells[step.reads[0] as usize] == 0.0 {
                        2
                    } else {
                        1
                    }],
                ],
                Operation::Repeat(_) if step.reads[..2].iter().any(missing) => {
                    step.reads[..2].iter().copied().filter(missing).collect()
                }
                Operation::Repeat(of) if self.has_rounds(step, &cells) => step.reads[2..]
                    .iter()
                    .copied()
                    .chain(self.loops[of as usize].weight)
                    .filter(missing)
                    .collect(),
                Operation::Repeat(_) => Vec::new(),
                _ => step.reads.into_iter().filter(missing).collect(),
            };
            if causes.is_empty() {
                let reason = self.explain_step(step, &cells);
                impossible.push(Undefined::Impossible {
                    span: step.span,
                    reason,
                });
            }
            causes
        });
        let inputs = (0..self.inputs.len())
            .filter(|&input| needed[input])
            .map(Undefined::Missing);
        impossible.reverse();
        inputs.chain(impossible).collect()
    }

    /// Evaluates all cells. For each step, also returns whether its condition was ever true and whether it was ever false.
    fn evaluate_cells(&self, inputs: &[f64]) -> (Vec<f64>, Vec<(bool, bool)>) {
        let mut cells = self.initial_cells(inputs);
        let mut taken = vec![(false, false); self.steps.len()];
        self.evaluate_steps(&mut cells, 0..self.steps.len(), &mut |at, held| {
            taken[at].0 |= held;
            taken[at].1 |= !held;
        });
        (cells, taken)
    }

    /// Marks the cells reachable from the result, where `rests_on` returns the cells that a step depends on.
    fn mark_dependencies(
        &self,
        mut rests_on: impl FnMut(&ProgramStep, usize) -> Vec<u32>,
    ) -> Vec<bool> {
        let mut needed = vec![false; self.cell_count()];
        needed[self.result as usize] = true;
        for at in (0..self.steps.len()).rev() {
            if needed[self.step_cell(at)] {
                rests_on(&self.steps[at], at)
                    .into_iter()
                    .for_each(|cell| needed[cell as usize] = true);
            }
        }
        needed
    }

    fn has_rounds(&self, step: &ProgramStep, cells: &[f64]) -> bool {
        operation::count_rounds(cells[step.reads[0] as usize], cells[step.reads[1] as usize]) > 0.0
    }

    /// Explains why a step with known operands has no result.
    fn explain_step(&self, step: &ProgramStep, cells: &[f64]) -> Text {
        let [a, b, _] = step.reads.map(|cell| cells[cell as usize]);
        match step.operation {
            Operation::Binary(BinaryOp::Div) if b == 0.0 => tr!("division by zero", "除以零"),
            Operation::Binary(BinaryOp::Pow) if a == 0.0 => tr!(
                "zero to a negative power is a division by zero",
                "零的负数次幂等于除以零"
            ),
            Operation::Binary(BinaryOp::Pow) if a < 0.0 && b.fract() != 0.0 => {
                tr!(
                    "a negative number to a power that is not whole",
                    "负数的非整数次幂"
                )
            }
            Operation::Unary(UnaryOp::Ln | UnaryOp::Log10) if a == 0.0 => {
                tr!("logarithm of zero", "零的对数")
            }
            Operation::Unary(UnaryOp::Ln | UnaryOp::Log10) if a < 0.0 => {
                tr!("logarithm of a negative number", "负数的对数")
            }
            Operation::Unary(UnaryOp::Sqrt) => {
                tr!("square root of a negative number", "负数的平方根")
            }
            Operation::Clamp => tr!("the lower limit is above the upper limit", "下限高于上限"),
            Operation::Nothing => tr!("there are no values to combine", "没有可供计算的项"),
            Operation::Absent => tr!(
                "there is no value under this word and no default",
                "该键没有值，也没有默认值"
            ),
            Operation::Row(table) => {
                let name = &self.rows[table as usize].name;
                tr!(
                    "`{name}` has no such row and no default",
                    "`{name}` 没有这一行，也没有默认值"
                )
            }
            Operation::Curve(_) => tr!("the table has no points", "表格没有数据点"),
            Operation::Repeat(of) => self.explain_loop(step, self.loops[of as usize].fold, cells),
            _ => tr!("the result is too large", "结果过大"),
        }
    }

    fn explain_loop(&self, step: &ProgramStep, fold: Fold, cells: &[f64]) -> Text {
        let rounds =
            operation::count_rounds(cells[step.reads[0] as usize], cells[step.reads[1] as usize]);
        if rounds.is_nan() {
            return tr!("more than {MAX_ROUNDS} rounds", "超过 {MAX_ROUNDS} 轮");
        }
        if rounds == 0.0 {
            return tr!("there are no values to combine", "没有可供计算的项");
        }
        match fold {
            Fold::Mean => tr!(
                "the weights add up to zero, or the sum is too large",
                "权重之和为零，或总和过大"
            ),
            _ => tr!("the result is too large", "结果过大"),
        }
    }
}
