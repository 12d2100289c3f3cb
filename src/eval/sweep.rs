//! One input moved over many values while everything else stays at its point: only what rests on it is run again.

use super::leaf::InputId;
use super::plan::{Plan, fork};
use crate::formula::{Operand, Scratch};
use crate::graph::{Compute, Step};
use crate::model::library::MissingPolicy;

/// The scores of all candidates along one input.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The values of the input, base units.
    pub at: Vec<f64>,
    /// `scores[c][i]`: the score of candidate `c` at `at[i]`; NaN where it is screened out or incomplete there.
    pub scores: Vec<Vec<f64>>,
}

impl Sweep {
    /// The leader at `at[i]`: highest score, the first candidate among equals; `None` where nobody is ranked.
    #[must_use]
    pub fn leader(&self, i: usize) -> Option<usize> {
        let ranked = self.scores.iter().enumerate().filter(|(_, s)| !s[i].is_nan());
        ranked.max_by(|a, b| a.1[i].total_cmp(&b.1[i]).then(b.0.cmp(&a.0))).map(|(c, _)| c)
    }
}

impl Plan<'_> {
    /// Moves one input over these values (base units).
    #[must_use]
    pub fn sweep(&self, input: InputId, at: &[f64], shares: &[f64]) -> Sweep {
        self.sweep_many(&[(input, at)], shares)
    }

    /// Moves several inputs at once: lane `i` takes the `i`-th value of each.
    #[must_use]
    pub fn sweep_many(&self, inputs: &[(InputId, &[f64])], shares: &[f64]) -> Sweep {
        let lanes = inputs.first().map_or(0, |(_, at)| at.len());
        let nodes: Vec<usize> = inputs.iter().map(|(i, _)| i.node).collect();
        let affected = self.graph.affected(&nodes);
        let mut run = Run {
            plan: self,
            inputs,
            lanes,
            moved: vec![false; self.graph.nodes.len()],
            columns: vec![Vec::new(); self.graph.nodes.len()],
            scratch: Scratch::default(),
        };
        let scores = (0..self.candidates()).map(|c| run.candidate(c, &affected, shares)).collect();
        Sweep { at: inputs.first().map_or_else(Vec::new, |(_, at)| at.to_vec()), scores }
    }
}

struct Run<'r> {
    plan: &'r Plan<'r>,
    inputs: &'r [(InputId, &'r [f64])],
    lanes: usize,
    moved: Vec<bool>,
    columns: Vec<Vec<f64>>,
    scratch: Scratch,
}

impl Run<'_> {
    fn candidate(&mut self, c: usize, affected: &[usize], shares: &[f64]) -> Vec<f64> {
        let plan = self.plan;
        let touched = self.inputs.iter().any(|(i, _)| i.candidate.is_none_or(|own| own == c));
        self.moved.fill(false);
        if touched {
            for &node in affected {
                self.node(node, c);
            }
        }
        let mut scores = vec![0.0; self.lanes];
        for (k, slot) in plan.graph.criteria.iter().enumerate() {
            if shares[k] == 0.0 {
                continue;
            }
            let function = &plan.functions[k];
            let fallback = match slot.missing {
                MissingPolicy::Exclude => f64::NAN,
                MissingPolicy::Pessimistic => 0.0,
                MissingPolicy::Range => 0.5,
            };
            let known = |v: f64| if v.is_nan() { fallback } else { v };
            if self.moved[slot.node] {
                for (score, x) in scores.iter_mut().zip(&self.columns[slot.node]) {
                    *score += shares[k] * known(function.value(*x, plan.clip));
                }
            } else {
                let part = shares[k] * known(function.value(plan.point[slot.node].of(c), plan.clip));
                scores.iter_mut().for_each(|s| *s += part);
            }
        }
        for gate in &plan.graph.gates {
            let Some((when, _)) = &gate.screen else { continue };
            let pass = |answer: f64| !answer.is_nan() && (answer != 0.0) != *when;
            if self.moved[gate.node] {
                for (score, answer) in scores.iter_mut().zip(&self.columns[gate.node]) {
                    *score = if pass(*answer) { *score } else { f64::NAN };
                }
            } else if !pass(plan.point[gate.node].of(c)) {
                scores.fill(f64::NAN);
            }
        }
        scores
    }

    fn node(&mut self, node: usize, c: usize) {
        let hit = self.inputs.iter().find(|(i, _)| i.node == node && i.candidate.is_none_or(|own| own == c));
        if let Some((_, at)) = hit {
            self.moved[node] = true;
            self.columns[node] = at.to_vec();
            return;
        }
        let plan = self.plan;
        let n = &plan.graph.nodes[node];
        let (moves, out) = match &n.compute {
            Compute::Formula(step) => self.step(step, c),
            Compute::Fork { gate, yes, no } => {
                let ((yes_moves, a), (no_moves, b)) = (self.step(yes, c), self.step(no, c));
                let moves = yes_moves || no_moves || self.moved[*gate];
                let answer = |i: usize| if self.moved[*gate] { self.columns[*gate][i] } else { plan.point[*gate].of(c) };
                let out = if moves { (0..self.lanes).map(|i| fork(answer(i), a[i], b[i])).collect() } else { Vec::new() };
                (moves, out)
            }
            _ => (false, Vec::new()),
        };
        self.moved[node] = moves;
        if moves {
            self.columns[node] = out;
        }
    }

    /// The column of a step, and whether anything below it moves.
    fn step(&mut self, step: &Step, c: usize) -> (bool, Vec<f64>) {
        let moves = step.operands.iter().any(|&n| self.moved[n]);
        let mut out = vec![0.0; self.lanes];
        let operands: Vec<Operand<'_>> = step
            .operands
            .iter()
            .map(|&n| if self.moved[n] { Operand::Lanes(&self.columns[n]) } else { Operand::Splat(self.plan.point[n].of(c)) })
            .collect();
        step.program.run(&operands, self.lanes, &mut self.scratch, &mut out);
        (moves, out)
    }
}
