//! The value graph of a formula: equal subexpressions share one value, constants are folded.

use std::collections::{BTreeMap, HashMap};

use crate::formula::ast::Fold;
use crate::formula::operation::{BinaryOp, Operation};
use crate::formula::program::apply_operation;
use crate::formula::table::{Curve, Interpolate, KeyedRows};
use crate::formula::{MAX_OPERATIONS, MAX_ROUNDS, TextCodes};
use crate::source::Span;

/// The index of a value in the graph.
pub(super) type ValueId = u32;

/// The definition of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ValueNode {
    Input(u32),
    /// The bits of a finite number.
    Constant(u64),
    Step(Operation, [ValueId; 3]),
}

/// A value, its position in the formula, and a bit set of the loops whose round it depends on (bit 0: the outermost).
#[derive(Clone, Copy, Debug)]
pub(super) struct GraphValue {
    pub(super) node: ValueNode,
    pub(super) rounds: u64,
    pub(super) span: Span,
}

/// A loop and the values that depend on its round.
#[derive(Clone, Debug)]
pub(super) struct LoopValues {
    pub(super) fold: Fold,
    pub(super) enter: ValueId,
    pub(super) first: ValueId,
    pub(super) last: ValueId,
    pub(super) value: ValueId,
    pub(super) weight: Option<ValueId>,
    pub(super) inside: Vec<ValueId>,
}

#[derive(Debug, Default)]
pub(super) struct ValueGraph {
    pub(super) values: Vec<GraphValue>,
    pub(super) inputs: Vec<String>,
    pub(super) loops: Vec<LoopValues>,
    pub(super) curves: Vec<Curve>,
    pub(super) rows: Vec<KeyedRows>,
    /// Values outside all loops, in topological order.
    pub(super) outside: Vec<ValueId>,
    known: HashMap<ValueNode, ValueId>,
    input_ids: HashMap<String, ValueId>,
    tables: HashMap<String, u32>,
    /// The enclosing loops, outermost first.
    open: Vec<usize>,
    spent: usize,
}

impl ValueGraph {
    pub(super) fn add_constant(&mut self, value: f64) -> ValueId {
        self.intern_value(ValueNode::Constant(value.to_bits()), 0, Span::default())
    }

    /// Returns the number of a constant value.
    pub(super) fn constant_of(&self, id: ValueId) -> Option<f64> {
        match self.values[id as usize].node {
            ValueNode::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    pub(super) fn add_input(&mut self, name: &str) -> ValueId {
        if let Some(&id) = self.input_ids.get(name) {
            return id;
        }
        self.inputs.push(name.to_owned());
        let id = self.intern_value(
            ValueNode::Input(to_index(self.inputs.len() - 1)),
            0,
            Span::default(),
        );
        self.input_ids.insert(name.to_owned(), id);
        id
    }

    pub(super) fn add_curve(
        &mut self,
        name: &str,
        points: &[(f64, f64)],
        interpolate: Interpolate,
    ) -> u32 {
        let curves = &mut self.curves;
        *self.tables.entry(name.to_owned()).or_insert_with(|| {
            curves.push(Curve::new(points, interpolate));
            to_index(curves.len() - 1)
        })
    }

    pub(super) fn add_rows(
        &mut self,
        name: &str,
        rows: &BTreeMap<Vec<String>, f64>,
        default: Option<f64>,
        words: &mut TextCodes,
    ) -> u32 {
        let tables = &mut self.rows;
        *self.tables.entry(name.to_owned()).or_insert_with(|| {
            tables.push(KeyedRows::new(name, rows, default, words));
            to_index(tables.len() - 1)
        })
    }

    /// Adds an operation, simplified if possible; `None` if the formula becomes too large.
    pub(super) fn add_operation(
        &mut self,
        operation: Operation,
        of: &[ValueId],
        span: Span,
    ) -> Option<ValueId> {
        self.spend_operations()?;
        if let Some(folded) = self.fold_constants(operation, of) {
            return Some(self.add_constant(folded));
        }
        if let (Operation::Select, &[condition, then, otherwise]) = (operation, of)
            && let Some(condition) = self.constant_of(condition)
        {
            return Some(if condition == 0.0 { otherwise } else { then });
        }
        if let Some(same) = self.find_identity(operation, of) {
            return Some(same);
        }
        // Squares are the most common powers; a product is faster and gives the same bits.
        let squared =
            operation == Operation::Binary(BinaryOp::Pow) && self.constant_of(of[1]) == Some(2.0);
        let product = [of.first().copied().unwrap_or_default(); 2];
        let (operation, of) = if squared {
            (Operation::Binary(BinaryOp::Mul), product.as_slice())
        } else {
            (operation, of)
        };
        let last = of.last().copied().unwrap_or_default();
        let reads = [0, 1, 2].map(|at| of.get(at).copied().unwrap_or(last));
        let rounds = of
            .iter()
            .fold(0, |all, &id| all | self.values[id as usize].rounds);
        Some(self.intern_value(ValueNode::Step(operation, reads), rounds, span))
    }

    /// Counts an operation, [`MAX_ROUNDS`] times per enclosing loop beyond the first.
    fn spend_operations(&mut self) -> Option<()> {
        let times = self
            .open
            .iter()
            .skip(1)
            .fold(1_usize, |times, _| times.saturating_mul(MAX_ROUNDS));
        self.spent = self.spent.saturating_add(times);
        (self.spent <= MAX_OPERATIONS).then_some(())
    }

    /// Evaluates an operation on constants. An undefined result stays an operation so that it can be explained.
    fn fold_constants(&self, operation: Operation, of: &[ValueId]) -> Option<f64> {
        let mut given = [0.0; 3];
        for (at, &id) in of.iter().enumerate() {
            given[at] = self.constant_of(id)?;
        }
        Some(apply_operation(operation, given, &self.curves, &self.rows))
            .filter(|value| !value.is_nan())
    }

    /// Returns the operand that an operation leaves unchanged to the last bit: `1 * x`, `x * 1`, `x / 1`, `x ^ 1`.
    fn find_identity(&self, operation: Operation, of: &[ValueId]) -> Option<ValueId> {
        let &[left, right] = of else { return None };
        let one = |id: ValueId| self.constant_of(id) == Some(1.0);
        match operation {
            Operation::Binary(BinaryOp::Mul | BinaryOp::Div | BinaryOp::Pow) if one(right) => {
                Some(left)
            }
            Operation::Binary(BinaryOp::Mul) if one(left) => Some(right),
            _ => None,
        }
    }

    fn intern_value(&mut self, node: ValueNode, rounds: u64, span: Span) -> ValueId {
        if let Some(&id) = self.known.get(&node) {
            return id;
        }
        let id = to_index(self.values.len());
        self.values.push(GraphValue { node, rounds, span });
        self.known.insert(node, id);
        if matches!(node, ValueNode::Step(operation, _) if !matches!(operation, Operation::Enter(_)))
        {
            self.values_at(rounds).push(id);
        }
        id
    }

    /// Returns the list that a value belongs to: that of the innermost loop whose round it depends on.
    fn values_at(&mut self, rounds: u64) -> &mut Vec<ValueId> {
        match rounds.checked_ilog2() {
            Some(depth) => &mut self.loops[self.open[depth as usize]].inside,
            None => &mut self.outside,
        }
    }

    /// Begins a loop over `first..last` and returns the number of its round.
    pub(super) fn open_loop(
        &mut self,
        first: ValueId,
        last: ValueId,
        span: Span,
    ) -> Option<ValueId> {
        let this = self.loops.len();
        let rounds = self.values[first as usize].rounds | 1 << self.open.len();
        self.loops.push(LoopValues {
            fold: Fold::Sum,
            enter: 0,
            first,
            last,
            value: 0,
            weight: None,
            inside: Vec::new(),
        });
        self.open.push(this);
        self.spend_operations()?;
        let enter = self.intern_value(
            ValueNode::Step(Operation::Enter(to_index(this)), [first, last, last]),
            rounds,
            span,
        );
        self.loops[this].enter = enter;
        Some(enter)
    }

    /// Ends the innermost open loop and returns its result.
    pub(super) fn close_loop(
        &mut self,
        fold: Fold,
        value: ValueId,
        weight: Option<ValueId>,
        span: Span,
    ) -> Option<ValueId> {
        let this = self.open.pop().expect("a loop is closed once");
        let of = &mut self.loops[this];
        (of.fold, of.value, of.weight) = (fold, value, weight);
        let (first, last) = (of.first, of.last);
        let made_of = [first, last, value].into_iter().chain(weight);
        let rounds = made_of.fold(0, |all, id| all | self.values[id as usize].rounds)
            & !(1 << self.open.len());
        self.spend_operations()?;
        Some(self.intern_value(
            ValueNode::Step(Operation::Repeat(to_index(this)), [first, last, value]),
            rounds,
            span,
        ))
    }
}

fn to_index(at: usize) -> u32 {
    u32::try_from(at).expect("the limit of operations keeps programs small")
}
