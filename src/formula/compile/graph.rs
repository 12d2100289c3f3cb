//! The value graph of a formula: equal terms become one value, constant terms are folded.

use std::collections::{BTreeMap, HashMap};

use crate::formula::ast::Fold;
use crate::formula::operation::{Operation, Two};
use crate::formula::program::operate;
use crate::formula::table::{Curve, Interpolate, Rows};
use crate::formula::{MOST_OPERATIONS, MOST_ROUNDS, TextCodes};
use crate::source::Span;

/// A value of the graph.
pub(super) type Id = u32;

/// How a value comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Input(u32),
    /// The bits of a finite number.
    Constant(u64),
    Step(Operation, [Id; 3]),
}

/// A value, where the formula asks for it, and on which open loops' rounds it depends (bit 0: the outermost).
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) node: Node,
    pub(super) rounds: u64,
    pub(super) span: Span,
}

/// A loop and the values that change with its round.
#[derive(Clone, Debug)]
pub(super) struct Rounds {
    pub(super) fold: Fold,
    pub(super) enter: Id,
    pub(super) first: Id,
    pub(super) last: Id,
    pub(super) value: Id,
    pub(super) weight: Option<Id>,
    pub(super) inside: Vec<Id>,
}

#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) values: Vec<Value>,
    pub(super) inputs: Vec<String>,
    pub(super) loops: Vec<Rounds>,
    pub(super) curves: Vec<Curve>,
    pub(super) rows: Vec<Rows>,
    /// Values outside of all loops, each after those that it is made of.
    pub(super) outside: Vec<Id>,
    known: HashMap<Node, Id>,
    input_ids: HashMap<String, Id>,
    tables: HashMap<String, u32>,
    /// The loops around what is compiled now.
    open: Vec<usize>,
    spent: usize,
}

impl Graph {
    pub(super) fn constant(&mut self, value: f64) -> Id {
        self.value(Node::Constant(value.to_bits()), 0, Span::default())
    }

    /// The number that a value always is.
    pub(super) fn constant_of(&self, id: Id) -> Option<f64> {
        match self.values[id as usize].node {
            Node::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    pub(super) fn input(&mut self, name: &str) -> Id {
        if let Some(&id) = self.input_ids.get(name) {
            return id;
        }
        self.inputs.push(name.to_owned());
        let id = self.value(
            Node::Input(index(self.inputs.len() - 1)),
            0,
            Span::default(),
        );
        self.input_ids.insert(name.to_owned(), id);
        id
    }

    pub(super) fn curve(
        &mut self,
        name: &str,
        points: &[(f64, f64)],
        interpolate: Interpolate,
    ) -> u32 {
        let curves = &mut self.curves;
        *self.tables.entry(name.to_owned()).or_insert_with(|| {
            curves.push(Curve::new(points, interpolate));
            index(curves.len() - 1)
        })
    }

    pub(super) fn rows(
        &mut self,
        name: &str,
        rows: &BTreeMap<Vec<String>, f64>,
        default: Option<f64>,
        words: &mut TextCodes,
    ) -> u32 {
        let tables = &mut self.rows;
        *self.tables.entry(name.to_owned()).or_insert_with(|| {
            tables.push(Rows::new(name, rows, default, words));
            index(tables.len() - 1)
        })
    }

    /// The value of an operation; `None` when the formula becomes too large.
    pub(super) fn add(&mut self, operation: Operation, of: &[Id], span: Span) -> Option<Id> {
        self.spend()?;
        if let Some(folded) = self.folded(operation, of) {
            return Some(self.constant(folded));
        }
        if let (Operation::Select, &[condition, then, otherwise]) = (operation, of)
            && let Some(condition) = self.constant_of(condition)
        {
            return Some(if condition == 0.0 { otherwise } else { then });
        }
        if let Some(same) = self.unchanged(operation, of) {
            return Some(same);
        }
        // Squares are what is mostly raised, and a product is the quicker way to the same bits.
        let squared = operation == Operation::Two(Two::Pow) && self.constant_of(of[1]) == Some(2.0);
        let product = [of.first().copied().unwrap_or_default(); 2];
        let (operation, of) = if squared {
            (Operation::Two(Two::Mul), product.as_slice())
        } else {
            (operation, of)
        };
        let last = of.last().copied().unwrap_or_default();
        let reads = [0, 1, 2].map(|at| of.get(at).copied().unwrap_or(last));
        let rounds = of
            .iter()
            .fold(0, |all, &id| all | self.values[id as usize].rounds);
        Some(self.value(Node::Step(operation, reads), rounds, span))
    }

    /// An operation inside of two loops runs up to 200 times as often as inside of one.
    fn spend(&mut self) -> Option<()> {
        let times = self
            .open
            .iter()
            .skip(1)
            .fold(1_usize, |times, _| times.saturating_mul(MOST_ROUNDS));
        self.spent = self.spent.saturating_add(times);
        (self.spent <= MOST_OPERATIONS).then_some(())
    }

    /// What has no value stays an operation, so that it can say why.
    fn folded(&self, operation: Operation, of: &[Id]) -> Option<f64> {
        let mut given = [0.0; 3];
        for (at, &id) in of.iter().enumerate() {
            given[at] = self.constant_of(id)?;
        }
        Some(operate(operation, given, &self.curves, &self.rows)).filter(|value| !value.is_nan())
    }

    /// What an operation leaves as it is, to the last bit: `1 * x`, `x * 1`, `x / 1`, `x ^ 1`.
    fn unchanged(&self, operation: Operation, of: &[Id]) -> Option<Id> {
        let &[left, right] = of else { return None };
        let one = |id: Id| self.constant_of(id) == Some(1.0);
        match operation {
            Operation::Two(Two::Mul | Two::Div | Two::Pow) if one(right) => Some(left),
            Operation::Two(Two::Mul) if one(left) => Some(right),
            _ => None,
        }
    }

    fn value(&mut self, node: Node, rounds: u64, span: Span) -> Id {
        if let Some(&id) = self.known.get(&node) {
            return id;
        }
        let id = index(self.values.len());
        self.values.push(Value { node, rounds, span });
        self.known.insert(node, id);
        if matches!(node, Node::Step(operation, _) if !matches!(operation, Operation::Enter(_))) {
            self.home(rounds).push(id);
        }
        id
    }

    /// Where a value is computed: in the innermost loop whose round it depends on.
    fn home(&mut self, rounds: u64) -> &mut Vec<Id> {
        match rounds.checked_ilog2() {
            Some(depth) => &mut self.loops[self.open[depth as usize]].inside,
            None => &mut self.outside,
        }
    }

    /// Begins a loop over `first..last` and gives the number of its round.
    pub(super) fn open(&mut self, first: Id, last: Id, span: Span) -> Option<Id> {
        let this = self.loops.len();
        let rounds = self.values[first as usize].rounds | 1 << self.open.len();
        self.loops.push(Rounds {
            fold: Fold::Sum,
            enter: 0,
            first,
            last,
            value: 0,
            weight: None,
            inside: Vec::new(),
        });
        self.open.push(this);
        self.spend()?;
        let enter = self.value(
            Node::Step(Operation::Enter(index(this)), [first, last, last]),
            rounds,
            span,
        );
        self.loops[this].enter = enter;
        Some(enter)
    }

    /// Ends the innermost open loop and gives what became of its rounds.
    pub(super) fn close(
        &mut self,
        fold: Fold,
        value: Id,
        weight: Option<Id>,
        span: Span,
    ) -> Option<Id> {
        let this = self.open.pop().expect("a loop is closed once");
        let of = &mut self.loops[this];
        (of.fold, of.value, of.weight) = (fold, value, weight);
        let (first, last) = (of.first, of.last);
        let made_of = [first, last, value].into_iter().chain(weight);
        let rounds = made_of.fold(0, |all, id| all | self.values[id as usize].rounds)
            & !(1 << self.open.len());
        self.spend()?;
        Some(self.value(
            Node::Step(Operation::Repeat(index(this)), [first, last, value]),
            rounds,
            span,
        ))
    }
}

/// A position as the four bytes that it is kept in.
fn index(at: usize) -> u32 {
    u32::try_from(at).expect("the limit of operations keeps programs small")
}
