//! Orders values for evaluation and assigns each a cell, and a register while it is live.

use super::graph::{ValueGraph, ValueId, ValueNode};
use crate::formula::operation::Operation;
use crate::formula::program::{Loop, Program, ProgramStep};

/// Returns the program that computes one value of a graph, without unused values.
pub(super) fn lay_out_program(graph: ValueGraph, result: ValueId) -> Program {
    let needed = mark_needed(&graph, result);
    let mut order = Vec::new();
    push_in_order(&graph, &needed, &graph.outside, &mut order);

    let mut cells = vec![0_u32; graph.values.len()];
    let (mut inputs, mut constants) = (Vec::new(), Vec::new());
    let mut next = 0..;
    let mut cell = || {
        next.next()
            .expect("cells are fewer than four thousand million")
    };
    for (id, value) in graph
        .values
        .iter()
        .enumerate()
        .filter(|&(id, _)| needed[id])
    {
        if let ValueNode::Input(at) = value.node {
            inputs.push(graph.inputs[at as usize].clone());
            cells[id] = cell();
        }
    }
    for (id, value) in graph
        .values
        .iter()
        .enumerate()
        .filter(|&(id, _)| needed[id])
    {
        if let ValueNode::Constant(bits) = value.node {
            constants.push(f64::from_bits(bits));
            cells[id] = cell();
        }
    }
    order.iter().for_each(|&id| cells[id as usize] = cell());

    let steps: Vec<_> = order
        .iter()
        .map(|&id| build_step(&graph, &cells, id))
        .collect();
    let base = inputs.len() + constants.len();
    let loops = graph.loops.iter().map(|of| {
        let at = |id: ValueId| cells[id as usize];
        let enter = at(of.enter).saturating_sub(base as u32);
        Loop {
            fold: of.fold,
            first: at(of.first),
            last: at(of.last),
            value: at(of.value),
            weight: of.weight.map(at),
            enter,
            repeat: 0,
            rounds: 0,
            weights: 0,
        }
    });
    let mut program = Program {
        inputs,
        constants,
        steps,
        loops: loops.collect(),
        curves: graph.curves,
        rows: graph.rows,
        registers: 0,
        result: cells[result as usize],
    };
    for at in 0..program.steps.len() {
        if let Operation::Repeat(of) = program.steps[at].operation {
            program.loops[of as usize].repeat = at as u32;
        }
    }
    Registers::assign(&mut program);
    program
}

/// Marks the values that the result depends on.
fn mark_needed(graph: &ValueGraph, result: ValueId) -> Vec<bool> {
    let mut needed = vec![false; graph.values.len()];
    let mut open = vec![result];
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut needed[id as usize], true) {
            continue;
        }
        match graph.values[id as usize].node {
            ValueNode::Input(_)
            | ValueNode::Constant(_)
            | ValueNode::Step(Operation::Nothing | Operation::Absent, _) => {}
            ValueNode::Step(Operation::Repeat(of), reads) => {
                let of = &graph.loops[of as usize];
                open.extend(reads);
                open.extend(of.weight);
                open.push(of.enter);
            }
            ValueNode::Step(_, reads) => open.extend(reads),
        }
    }
    needed
}

fn push_in_order(graph: &ValueGraph, needed: &[bool], list: &[ValueId], order: &mut Vec<ValueId>) {
    for &id in list.iter().filter(|&&id| needed[id as usize]) {
        if let ValueNode::Step(Operation::Repeat(of), _) = graph.values[id as usize].node {
            let of = &graph.loops[of as usize];
            order.push(of.enter);
            push_in_order(graph, needed, &of.inside, order);
        }
        order.push(id);
    }
}

fn build_step(graph: &ValueGraph, cells: &[u32], id: ValueId) -> ProgramStep {
    let value = graph.values[id as usize];
    let ValueNode::Step(operation, reads) = value.node else {
        unreachable!("only steps are put in order")
    };
    ProgramStep {
        operation,
        reads: reads.map(|id| cells[id as usize]),
        register: 0,
        span: value.span,
    }
}

/// Allocates registers and frees them after the last step that reads them.
struct Registers {
    free: Vec<u32>,
    count: u32,
}

impl Registers {
    fn assign(program: &mut Program) {
        let mut this = Self {
            free: Vec::new(),
            count: 0,
        };
        let ends = last_uses(program);
        let mut ending: Vec<Vec<u32>> = vec![Vec::new(); program.steps.len()];
        for at in 0..program.steps.len() {
            if let Operation::Enter(of) = program.steps[at].operation {
                let repeat = program.loops[of as usize].repeat as usize;
                let (total, rounds, weights) = (
                    this.take_register(),
                    this.take_register(),
                    this.take_register(),
                );
                program.steps[repeat].register = total;
                (
                    program.loops[of as usize].rounds,
                    program.loops[of as usize].weights,
                ) = (rounds, weights);
                ending[repeat].extend([rounds, weights]);
            }
            if !matches!(program.steps[at].operation, Operation::Repeat(_)) {
                program.steps[at].register = this.take_register();
            }
            if let Some(end) = ending.get_mut(ends[at]) {
                end.push(program.steps[at].register);
            }
            // Freed last, so that no step writes a register that it reads.
            this.free.append(&mut ending[at]);
        }
        program.registers = this.count as usize;
    }

    fn take_register(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        })
    }
}

/// Returns for each step the last step that reads its value. A value from outside a loop stays live until the loop ends.
fn last_uses(program: &Program) -> Vec<usize> {
    let base = program.step_cell(0);
    let mut ends: Vec<usize> = (0..program.steps.len()).collect();
    let mut around: Vec<(usize, usize)> = Vec::new();
    for (at, step) in program.steps.iter().enumerate() {
        let weight = match step.operation {
            Operation::Enter(of) => {
                let of = &program.loops[of as usize];
                around.push((at, of.repeat as usize));
                ends[at] = of.repeat as usize;
                None
            }
            Operation::Repeat(of) => {
                around.pop();
                program.loops[of as usize].weight
            }
            _ => None,
        };
        for cell in step.reads.into_iter().chain(weight) {
            let Some(made) = (cell as usize).checked_sub(base) else {
                continue;
            };
            let outermost = around.iter().find(|&&(enter, _)| made < enter);
            let end = outermost.map_or(at, |&(_, repeat)| repeat);
            ends[made] = ends[made].max(end);
        }
    }
    if let Some(result) = (program.result as usize).checked_sub(base) {
        ends[result] = usize::MAX;
    }
    ends
}
