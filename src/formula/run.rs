//! Runs a program over columns, block by block, with one tight loop per operation.

use super::ast::Fold;
use super::operation::{self as op, One, Operation, Two, with_one, with_two};
use super::program::{Loop, Program};

/// One input of a run.
#[derive(Clone, Copy, Debug)]
pub enum Operand<'a> {
    /// The same value in every lane.
    Splat(f64),
    /// A value for each lane.
    Lanes(&'a [f64]),
}

/// Memory of a run. Keep it for the next one and nothing is allocated again.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// The values of cells that are the same in every lane.
    cells: Vec<f64>,
    /// Which cells are.
    uniform: Vec<bool>,
    /// Columns of one block.
    registers: Vec<Vec<f64>>,
}

/// Lanes that go through the whole program before the next ones do: few enough that the columns stay in the nearest cache.
const BLOCK: usize = 256;

impl Program {
    /// Computes the first `lanes` values of `out`. Operands are in the order of [`inputs`](Program::inputs), in base units,
    /// finite or NaN for missing. What is the same in every lane is computed once.
    ///
    /// # Panics
    /// When there is not one operand for each input, or one of them or `out` is shorter than `lanes`.
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
        scratch.prepare(self, operands);
        let mut block = Block {
            program: self,
            operands,
            scratch,
            start: 0,
            lanes: 0,
        };
        block.settle(0..self.steps.len());
        let out = &mut out[..lanes];
        for (at, out) in out.chunks_mut(BLOCK).enumerate() {
            (block.start, block.lanes) = (at * BLOCK, out.len());
            block.steps(0..self.steps.len(), false);
            match block.column(self.result) {
                Operand::Splat(value) => out.fill(value),
                Operand::Lanes(column) => out.copy_from_slice(column),
            }
        }
    }
}

impl Scratch {
    fn prepare(&mut self, program: &Program, operands: &[Operand<'_>]) {
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
        self.uniform.resize(program.cell(0), true);
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
            .for_each(|register| register.resize(BLOCK, 0.0));
    }
}

/// The lanes `start..start + lanes`.
struct Block<'a> {
    program: &'a Program,
    operands: &'a [Operand<'a>],
    scratch: &'a mut Scratch,
    start: usize,
    lanes: usize,
}

impl Block<'_> {
    /// Whether the value that a step writes is the same in every lane.
    fn is_uniform(&self, step: usize) -> bool {
        self.scratch.uniform[self.program.cell(step)]
    }

    /// The last step of what begins at a step: of a whole loop, or the step itself.
    fn whole(&self, step: usize) -> usize {
        match self.program.steps[step].operation {
            Operation::Enter(of) => self.program.loops[of as usize].repeat as usize,
            _ => step,
        }
    }

    /// Computes the steps that are the same in every lane.
    fn settle(&mut self, steps: std::ops::Range<usize>) {
        let mut at = steps.start;
        while at < steps.end {
            let last = self.whole(at);
            if self.is_uniform(last) {
                self.program
                    .settle(&mut self.scratch.cells, at..last + 1, &mut |_, _| {});
            }
            at = last + 1;
        }
    }

    /// Computes the steps that differ between lanes; inside of a loop the others too, since they change with its round.
    fn steps(&mut self, steps: std::ops::Range<usize>, inside: bool) {
        let mut at = steps.start;
        while at < steps.end {
            let last = self.whole(at);
            if self.is_uniform(last) {
                if inside {
                    self.program
                        .settle(&mut self.scratch.cells, at..last + 1, &mut |_, _| {});
                }
            } else if let Operation::Enter(of) = self.program.steps[at].operation {
                let program = self.program;
                self.repeat(&program.loops[of as usize]);
            } else {
                self.step(at);
            }
            at = last + 1;
        }
    }

    /// The values of a cell in these lanes.
    fn column(&self, cell: u32) -> Operand<'_> {
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
                let register = self.program.steps[at - self.program.cell(0)].register;
                Operand::Lanes(&self.scratch.registers[register as usize][..self.lanes])
            }
        }
    }

    /// Takes a register out so that it can be written while others are read; it must be put back.
    fn take(&mut self, register: u32) -> Vec<f64> {
        std::mem::take(&mut self.scratch.registers[register as usize])
    }

    fn put(&mut self, register: u32, column: Vec<f64>) {
        self.scratch.registers[register as usize] = column;
    }

    fn step(&mut self, at: usize) {
        let step = self.program.steps[at];
        let mut register = self.take(step.register);
        let out = &mut register[..self.lanes];
        let [a, b, c] = step.reads.map(|cell| self.column(cell));
        match step.operation {
            Operation::One(one) => with_one!(one, map(out, a)),
            Operation::Two(Two::Pow) if let (Operand::Lanes(a), Operand::Splat(b)) = (a, b) => {
                powers(out, a, b)
            }
            Operation::Two(two) => with_two!(two, map2(out, a, b)),
            Operation::Clamp => map3(out, a, b, c, op::clamp),
            Operation::Select => map3(out, a, b, c, op::select),
            Operation::Curve(table) => map(out, a, |x| {
                op::finite(self.program.curves[table as usize].at(x))
            }),
            Operation::Row(table) => map2(out, a, b, |a, b| {
                op::finite(self.program.rows[table as usize].at(a, b))
            }),
            Operation::Nothing | Operation::Absent | Operation::Enter(_) | Operation::Repeat(_) => {
                unreachable!("no step of lanes")
            }
        }
        self.put(step.register, register);
    }

    /// A loop whose lanes may have different numbers of rounds: as many as the longest lane has, and shorter ones stand still.
    fn repeat(&mut self, of: &Loop) {
        let (enter, repeat) = (of.enter as usize, of.repeat as usize);
        let (counter, result) = (
            self.program.steps[enter].register,
            self.program.steps[repeat].register,
        );
        let mut rounds = self.take(of.rounds);
        map2(
            &mut rounds[..self.lanes],
            self.column(of.first),
            self.column(of.last),
            op::rounds,
        );
        let most = rounds[..self.lanes]
            .iter()
            .fold(0.0, |most: f64, &rounds| most.max(rounds)) as usize;
        let mut total = self.take(result);
        let mut weights = self.take(of.weights);
        total[..self.lanes].fill(if matches!(of.fold, Fold::Min | Fold::Max) {
            f64::NAN
        } else {
            0.0
        });
        weights[..self.lanes].fill(0.0);
        for round in 0..most {
            let number = round as f64;
            if let (true, Operand::Splat(first)) = (self.is_uniform(enter), self.column(of.first)) {
                self.scratch.cells[self.program.cell(enter)] = first + number;
            } else {
                let mut column = self.take(counter);
                map(&mut column[..self.lanes], self.column(of.first), |first| {
                    first + number
                });
                self.put(counter, column);
            }
            self.steps(enter + 1..repeat, true);
            let running = Operand::Lanes(&rounds[..self.lanes]);
            let value = self.column(of.value);
            let total = &mut total[..self.lanes];
            match of.fold {
                Fold::Sum | Fold::Count | Fold::Mean => {
                    gather(total, number, running, value, |a, b| op::finite(a + b))
                }
                Fold::Min | Fold::Max if round == 0 => {
                    gather(total, number, running, value, |_, b| b)
                }
                Fold::Min => gather(total, number, running, value, |a, b| {
                    op::two(Two::Min, a, b)
                }),
                Fold::Max => gather(total, number, running, value, |a, b| {
                    op::two(Two::Max, a, b)
                }),
            }
            let weight = of
                .weight
                .map_or(Operand::Splat(1.0), |weight| self.column(weight));
            gather(
                &mut weights[..self.lanes],
                number,
                running,
                weight,
                |a, b| op::finite(a + b),
            );
        }
        for ((total, &weight), &rounds) in total[..self.lanes].iter_mut().zip(&weights).zip(&rounds)
        {
            let value = if of.fold == Fold::Mean {
                op::finite(*total / weight)
            } else {
                *total
            };
            *total = if rounds.is_nan() { f64::NAN } else { value };
        }
        self.put(of.rounds, rounds);
        self.put(of.weights, weights);
        self.put(result, total);
    }
}

fn map(out: &mut [f64], a: Operand<'_>, f: impl Fn(f64) -> f64) {
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
        (Operand::Lanes(_), Operand::Splat(b)) => map(out, a, |a| f(a, b)),
        (Operand::Splat(a), _) => map(out, b, |b| f(a, b)),
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

/// One power of a column. Multiplied out eight lanes at a time, which the processor does side by side.
fn powers(out: &mut [f64], a: &[f64], exponent: f64) {
    const WIDE: usize = 8;
    let Some(whole) = op::multiplied(exponent) else {
        return map(out, Operand::Lanes(a), |a| op::power(a, exponent));
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
            *out = op::both(
                a,
                a,
                op::finite(if exponent < 0.0 {
                    1.0 / product
                } else {
                    product
                }),
            );
        }
    }
}

/// Adds a round's values to what was gathered, in lanes that have that round.
fn gather(
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
