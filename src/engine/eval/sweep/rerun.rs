//! Recomputes one node that some inputs move; what does not move keeps the values that [`Unmoved`] gives.

use crate::eval::leaf::InputId;
use crate::eval::plan::{Plan, fork};
use crate::formula::{Operand, Scratch};
use crate::graph::{BoundFormula, Compute};

/// Buffers of a worker. Reuse them for the next sweep to avoid allocations.
#[derive(Default)]
pub struct SweepMemory {
    scratch: Scratch,
    pub(in crate::eval) columns: Vec<Vec<f64>>,
    pub(in crate::eval) moved: Vec<bool>,
    pub(in crate::eval) values: Vec<f64>,
    branch: Vec<f64>,
    /// Measures of the criteria without anchors, by criterion and candidate.
    pub(in crate::eval) observed: Vec<f64>,
}

/// The values of the nodes that do not move.
pub(in crate::eval) trait Unmoved {
    /// The column of a node for a candidate, or for all if it is shared.
    fn operand(&self, node: usize, candidate: Option<usize>) -> Operand<'_>;
}

/// Everything else at the point.
impl Unmoved for Plan<'_> {
    fn operand(&self, node: usize, candidate: Option<usize>) -> Operand<'_> {
        Operand::Splat(self.point[node].of(candidate.unwrap_or(0)))
    }
}

/// Some inputs that move, and what stays.
pub(in crate::eval) struct Rerun<'a, U> {
    pub plan: &'a Plan<'a>,
    pub inputs: &'a [InputId],
    pub unmoved: &'a U,
}

impl<U: Unmoved> Rerun<'_, U> {
    /// Computes the column of a node, with the inputs at these values.
    pub(in crate::eval) fn node(
        &self,
        node: usize,
        candidate: Option<usize>,
        at: &[&[f64]],
        memory: &mut SweepMemory,
    ) {
        let lanes = at[0].len();
        let mut out = std::mem::take(&mut memory.columns[node]);
        out.resize(lanes, 0.0);
        let hit =
            self.inputs.iter().zip(at).find(|(i, _)| {
                i.node == node && (i.candidate.is_none() || i.candidate == candidate)
            });
        if let Some((_, at)) = hit {
            out.copy_from_slice(at);
        } else {
            match &self.plan.graph.nodes[node].compute {
                Compute::Formula(step) => self.step(step, candidate, lanes, memory, &mut out),
                Compute::Fork { gate, yes, no } => {
                    self.fork(*gate, [yes, no], candidate, memory, &mut out);
                }
                Compute::OfPart { from, .. } => {
                    let part = candidate.and_then(|c| from[c]);
                    match part.map(|node| self.operand(node, candidate, lanes, memory)) {
                        None => out.fill(f64::NAN),
                        Some(Operand::Splat(x)) => out.fill(x),
                        Some(Operand::Lanes(column)) => out.copy_from_slice(column),
                    }
                }
                _ => unreachable!("only inputs and what is computed moves"),
            }
        }
        memory.columns[node] = out;
    }

    fn fork(
        &self,
        gate: usize,
        [yes, no]: [&BoundFormula; 2],
        candidate: Option<usize>,
        memory: &mut SweepMemory,
        out: &mut [f64],
    ) {
        let lanes = out.len();
        let still = match self.unmoved.operand(gate, candidate) {
            Operand::Splat(answer) if !memory.moved[gate] => Some(answer),
            _ => None,
        };
        match still {
            Some(answer) if answer.is_nan() => out.fill(f64::NAN),
            Some(0.0) => self.step(no, candidate, lanes, memory, out),
            Some(_) => self.step(yes, candidate, lanes, memory, out),
            None => {
                let mut other = std::mem::take(&mut memory.branch);
                other.resize(lanes, 0.0);
                self.step(yes, candidate, lanes, memory, out);
                self.step(no, candidate, lanes, memory, &mut other);
                let drawn = self.unmoved.operand(gate, candidate);
                let answers = match (memory.moved[gate], drawn) {
                    (false, Operand::Lanes(answers)) => answers,
                    _ => &memory.columns[gate][..lanes],
                };
                for ((out, no), answer) in out.iter_mut().zip(&other).zip(answers) {
                    *out = fork(*answer, *out, *no);
                }
                memory.branch = other;
            }
        }
    }

    /// Returns the column of a node as the inputs move it.
    fn operand<'m>(
        &'m self,
        node: usize,
        candidate: Option<usize>,
        lanes: usize,
        memory: &'m SweepMemory,
    ) -> Operand<'m> {
        if memory.moved[node] {
            Operand::Lanes(&memory.columns[node][..lanes])
        } else {
            self.unmoved.operand(node, candidate)
        }
    }

    fn step(
        &self,
        step: &BoundFormula,
        candidate: Option<usize>,
        lanes: usize,
        memory: &mut SweepMemory,
        out: &mut [f64],
    ) {
        let mut scratch = std::mem::take(&mut memory.scratch);
        let operand = |&n: &usize| self.operand(n, candidate, lanes, memory);
        let operands: Vec<Operand<'_>> = step.operands.iter().map(operand).collect();
        step.program.run(&operands, lanes, &mut scratch, out);
        memory.scratch = scratch;
    }
}
