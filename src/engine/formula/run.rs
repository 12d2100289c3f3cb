//! Runs a program over columns, block by block, with one tight loop per operation.

use super::ast::Fold;
use super::operation::{self as op, BinaryOp, Operation, UnaryOp, with_binary, with_unary};
use super::program::{Loop, Program};

/// The values of one input.
#[derive(Clone, Copy, Debug)]
pub enum Operand<'a> {
    Splat(f64),
    /// One value per lane.
    Lanes(&'a [f64]),
}

/// Buffers of a run. Reuse them to avoid allocations.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// Values of the uniform cells.
    cells: Vec<f64>,
    /// Whether each cell has the same value in every lane.
    uniform: Vec<bool>,
    /// Columns of the current block.
    registers: Vec<Vec<f64>>,
}

/// Lanes per block. Each block passes through the whole program; it is small enough for its columns to stay in the L1 cache.
const BLOCK_LANES: usize = 256;

impl Program {
    /// Computes the first `lanes` values of `out`. Operands are in the order of [`inputs`](Program::inputs), in base units,
    /// finite or NaN for missing. Subexpressions that are the same in every lane are evaluated once.
    ///
    /// # Panics
    /// If the number of operands differs from the number of inputs, or an operand or `out` is shorter than `lanes`.
    pub fn run(
        &self,
        operands: &[Operand<'_>],
        lanes: usize,
        scratch: &mut Scratch,
        out: &mut [f64],
    ) {
        assert_eq!(
            operands.len(),
            self.inputs.len(),
            "one operand for each input"
        );
        scratch.prepare_for(self, operands);
        let mut block = LaneBlock {
            program: self,
            operands,
            scratch,
            start: 0,
            lanes: 0,
        };
        block.run_uniform(0..self.steps.len());
        let out = &mut out[..lanes];
        for (at, out) in out.chunks_mut(BLOCK_LANES).enumerate() {
            (block.start, block.lanes) = (at * BLOCK_LANES, out.len());
            block.run_steps(0..self.steps.len(), false);
            match block.operand_at(self.result) {
                Operand::Splat(value) => out.fill(value),
                Operand::Lanes(column) => out.copy_from_slice(column),
            }
        }
    }
}

impl Scratch {
    fn prepare_for(&mut self, program: &Program, operands: &[Operand<'_>]) {
        self.cells.clear();
        self.cells.extend(operands.iter().map(|operand| {
            if let Operand::Splat(value) = operand {
                *value
            } else {
                f64::NAN
            }
        }));
        self.cells.extend(&program.constants);
        self.cells.resize(program.cell_count(), f64::NAN);
        self.uniform.clear();
        self.uniform.extend(
            operands
                .iter()
                .map(|operand| matches!(operand, Operand::Splat(_))),
        );
        self.uniform.resize(program.step_cell(0), true);
        for step in &program.steps {
            let uniform = |cell: u32| self.uniform[cell as usize];
            let weight = |of: u32| program.loops[of as usize].weight;
            let same = match step.operation {
                Operation::Nothing | Operation::Absent => true,
                Operation::Enter(_) => uniform(step.reads[0]),
                Operation::Repeat(of) => step.reads.into_iter().chain(weight(of)).all(uniform),
                _ => step.reads.into_iter().all(uniform),
            };
            self.uniform.push(same);
        }
        self.registers
            .resize_with(self.registers.len().max(program.registers), Vec::new);
        self.registers
            .iter_mut()
            .for_each(|register| register.resize(BLOCK_LANES, 0.0));
    }
}

/// The block of lanes `start..start + lanes`.
struct LaneBlock<'a> {
    program: &'a Program,
    operands: &'a [Operand<'a>],
    scratch: &'a mut Scratch,
    start: usize,
    lanes: usize,
}

impl LaneBlock<'_> {
    /// Returns whether a step has the same value in every lane.
    fn is_uniform(&self, step: usize) -> bool {
        self.scratch.uniform[self.program.step_cell(step)]
    }

    /// Returns the index of the `Repeat` if the step enters a loop, else the step itself.
    fn last_step_of(&self, step: usize) -> usize {
        match self.program.steps[step].operation {
            Operation::Enter(of) => self.program.loops[of as usize].repeat as usize,
            _ => step,
        }
    }

    /// Evaluates the steps that have the same value in every lane.
    fn run_uniform(&mut self, steps: std::ops::Range<usize>) {
        let mut at = steps.start;
        while at < steps.end {
            let last = self.last_step_of(at);
            if self.is_uniform(last) {
                self.program
                    .evaluate_steps(&mut self.scratch.cells, at..last + 1, &mut |_, _| {});
            }
            at = last + 1;
        }
    }

    /// Evaluates the steps that differ between lanes. Inside a loop it evaluates the uniform steps too, because they change
    /// with the round.
    fn run_steps(&mut self, steps: std::ops::Range<usize>, inside: bool) {
        let mut at = steps.start;
        while at < steps.end {
            let last = self.last_step_of(at);
            if self.is_uniform(last) {
                if inside {
                    self.program.evaluate_steps(
                        &mut self.scratch.cells,
                        at..last + 1,
                        &mut |_, _| {},
                    );
                }
            } else if let Operation::Enter(of) = self.program.steps[at].operation {
                let program = self.program;
                self.run_loop(&program.loops[of as usize]);
            } else {
                self.run_step(at);
            }
            at = last + 1;
        }
    }

    /// Returns the values of a cell in this block.
    fn operand_at(&self, cell: u32) -> Operand<'_> {
        let at = cell as usize;
        if self.scratch.uniform[at] {
            return Operand::Splat(self.scratch.cells[at]);
        }
        match self.operands.get(at) {
            Some(Operand::Lanes(lanes)) => {
                Operand::Lanes(&lanes[self.start..self.start + self.lanes])
            }
            Some(Operand::Splat(value)) => Operand::Splat(*value),
            None => {
                let register = self.program.steps[at - self.program.step_cell(0)].register;
                Operand::Lanes(&self.scratch.registers[register as usize][..self.lanes])
            }
        }
    }

    /// Moves a register out so that it can be written while others are read. Return it with `put_register`.
    fn take_register(&mut self, register: u32) -> Vec<f64> {
        std::mem::take(&mut self.scratch.registers[register as usize])
    }

    fn put_register(&mut self, register: u32, column: Vec<f64>) {
        self.scratch.registers[register as usize] = column;
    }

    fn run_step(&mut self, at: usize) {
        let step = self.program.steps[at];
        let mut register = self.take_register(step.register);
        let out = &mut register[..self.lanes];
        let [a, b, c] = step.reads.map(|cell| self.operand_at(cell));
        match step.operation {
            Operation::Unary(one) => with_unary!(one, map1(out, a)),
            Operation::Binary(BinaryOp::Pow)
                if let (Operand::Lanes(a), Operand::Splat(b)) = (a, b) =>
            {
                raise_column(out, a, b)
            }
            Operation::Binary(two) => with_binary!(two, map2(out, a, b)),
            Operation::Clamp => map3(out, a, b, c, op::clamp),
            Operation::Select => map3(out, a, b, c, op::select),
            Operation::Curve(table) => map1(out, a, |x| {
                op::finite_or_nan(self.program.curves[table as usize].at(x))
            }),
            Operation::Row(table) => map2(out, a, b, |a, b| {
                op::finite_or_nan(self.program.rows[table as usize].at(a, b))
            }),
            Operation::Nothing | Operation::Absent | Operation::Enter(_) | Operation::Repeat(_) => {
                unreachable!("no step of lanes")
            }
        }
        self.put_register(step.register, register);
    }

    /// Runs a loop whose lanes may differ in the number of rounds; lanes that are done keep their value.
    fn run_loop(&mut self, of: &Loop) {
        let (enter, repeat) = (of.enter as usize, of.repeat as usize);
        let (counter, result) = (
            self.program.steps[enter].register,
            self.program.steps[repeat].register,
        );
        let mut rounds = self.take_register(of.rounds);
        map2(
            &mut rounds[..self.lanes],
            self.operand_at(of.first),
            self.operand_at(of.last),
            op::count_rounds,
        );
        let most = rounds[..self.lanes]
            .iter()
            .fold(0.0, |most: f64, &rounds| most.max(rounds)) as usize;
        let mut total = self.take_register(result);
        let mut weights = self.take_register(of.weights);
        total[..self.lanes].fill(if matches!(of.fold, Fold::Min | Fold::Max) {
            f64::NAN
        } else {
            0.0
        });
        weights[..self.lanes].fill(0.0);
        for round in 0..most {
            let number = round as f64;
            if let (true, Operand::Splat(first)) =
                (self.is_uniform(enter), self.operand_at(of.first))
            {
                self.scratch.cells[self.program.step_cell(enter)] = first + number;
            } else {
                let mut column = self.take_register(counter);
                map1(
                    &mut column[..self.lanes],
                    self.operand_at(of.first),
                    |first| first + number,
                );
                self.put_register(counter, column);
            }
            self.run_steps(enter + 1..repeat, true);
            let running = Operand::Lanes(&rounds[..self.lanes]);
            let value = self.operand_at(of.value);
            let total = &mut total[..self.lanes];
            match of.fold {
                Fold::Sum | Fold::Count | Fold::Mean => {
                    fold_round(total, number, running, value, |a, b| {
                        op::finite_or_nan(a + b)
                    })
                }
                Fold::Min | Fold::Max if round == 0 => {
                    fold_round(total, number, running, value, |_, b| b)
                }
                Fold::Min => fold_round(total, number, running, value, |a, b| {
                    op::apply_binary(BinaryOp::Min, a, b)
                }),
                Fold::Max => fold_round(total, number, running, value, |a, b| {
                    op::apply_binary(BinaryOp::Max, a, b)
                }),
            }
            let weight = of
                .weight
                .map_or(Operand::Splat(1.0), |weight| self.operand_at(weight));
            fold_round(
                &mut weights[..self.lanes],
                number,
                running,
                weight,
                |a, b| op::finite_or_nan(a + b),
            );
        }
        for ((total, &weight), &rounds) in total[..self.lanes].iter_mut().zip(&weights).zip(&rounds)
        {
            let value = if of.fold == Fold::Mean {
                op::finite_or_nan(*total / weight)
            } else {
                *total
            };
            *total = if rounds.is_nan() { f64::NAN } else { value };
        }
        self.put_register(of.rounds, rounds);
        self.put_register(of.weights, weights);
        self.put_register(result, total);
    }
}

fn map1(out: &mut [f64], a: Operand<'_>, f: impl Fn(f64) -> f64) {
    match a {
        Operand::Splat(a) => out.fill(f(a)),
        Operand::Lanes(a) => out.iter_mut().zip(a).for_each(|(out, &a)| *out = f(a)),
    }
}

fn map2(out: &mut [f64], a: Operand<'_>, b: Operand<'_>, f: impl Fn(f64, f64) -> f64) {
    match (a, b) {
        (Operand::Lanes(a), Operand::Lanes(b)) => out
            .iter_mut()
            .zip(a)
            .zip(b)
            .for_each(|((out, &a), &b)| *out = f(a, b)),
        (Operand::Lanes(_), Operand::Splat(b)) => map1(out, a, |a| f(a, b)),
        (Operand::Splat(a), _) => map1(out, b, |b| f(a, b)),
    }
}

fn map3(
    out: &mut [f64],
    a: Operand<'_>,
    b: Operand<'_>,
    c: Operand<'_>,
    f: impl Fn(f64, f64, f64) -> f64,
) {
    match (a, b, c) {
        (Operand::Splat(a), _, _) => map2(out, b, c, |b, c| f(a, b, c)),
        (_, Operand::Splat(b), _) => map2(out, a, c, |a, c| f(a, b, c)),
        (_, _, Operand::Splat(c)) => map2(out, a, b, |a, b| f(a, b, c)),
        (Operand::Lanes(a), Operand::Lanes(b), Operand::Lanes(c)) => {
            out.iter_mut()
                .zip(a)
                .zip(b)
                .zip(c)
                .for_each(|(((out, &a), &b), &c)| *out = f(a, b, c));
        }
    }
}

/// Raises a column to a power, eight lanes at a time so that the multiplications vectorise.
fn raise_column(out: &mut [f64], a: &[f64], exponent: f64) {
    const WIDE: usize = 8;
    let Some(whole) = op::whole_exponent(exponent) else {
        return map1(out, Operand::Lanes(a), |a| op::power(a, exponent));
    };
    for (out, a) in out.chunks_mut(WIDE).zip(a.chunks(WIDE)) {
        let (mut square, mut product, mut left) = ([0.0; WIDE], [1.0; WIDE], whole);
        square[..a.len()].copy_from_slice(a);
        while left > 0 {
            if left % 2 == 1 {
                (0..WIDE).for_each(|lane| product[lane] *= square[lane]);
            }
            (0..WIDE).for_each(|lane| square[lane] *= square[lane]);
            left /= 2;
        }
        for ((out, &a), &product) in out.iter_mut().zip(a).zip(&product) {
            *out = op::unless_missing(
                a,
                a,
                op::finite_or_nan(if exponent < 0.0 {
                    1.0 / product
                } else {
                    product
                }),
            );
        }
    }
}

/// Folds the values of a round into `total`, in the lanes that have that round.
fn fold_round(
    total: &mut [f64],
    round: f64,
    rounds: Operand<'_>,
    value: Operand<'_>,
    f: impl Fn(f64, f64) -> f64,
) {
    let step = |total: &mut f64, rounds: f64, value: f64| {
        *total = if round < rounds {
            f(*total, value)
        } else {
            *total
        }
    };
    match (rounds, value) {
        (Operand::Lanes(rounds), Operand::Lanes(value)) => {
            total
                .iter_mut()
                .zip(rounds)
                .zip(value)
                .for_each(|((total, &rounds), &value)| step(total, rounds, value));
        }
        (Operand::Lanes(rounds), Operand::Splat(value)) => {
            total
                .iter_mut()
                .zip(rounds)
                .for_each(|(total, &rounds)| step(total, rounds, value));
        }
        (Operand::Splat(_), _) => unreachable!("rounds are counted for each lane"),
    }
}
