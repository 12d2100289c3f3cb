//! The compiled decision: typed nodes, edges from references, an order in which everything can be computed.
//!
//! [`compile`] turns a [`Decision`](crate::model::decision::Decision) into a [`DecisionGraph`]; `eval` runs that very graph, and
//! [`export`] draws it. Start with [`DecisionNode`]. Problems (unknown names, dimensions, cycles with their path) go to the sink.

mod build;
pub mod export;
pub mod layout;
mod lint;
mod scope;
mod weights;

pub use build::{check, compile};

use petgraph::graph::{DiGraph, NodeIndex};

use crate::formula::{Program, Type};
use crate::lang::Text;
use crate::model::library::MissingPolicy;
use crate::quantity::unit::Unit;
use crate::quantity::value_function::{Direction, ValueFunction};
use crate::source::Span;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// What a catalog says of a candidate.
    Fact,
    /// An input of the context or the team.
    Context,
    /// A fact that a reference service measured.
    Measurement,
    /// An intermediate measure.
    Formula,
    /// A question that screens or forks.
    Gate,
    /// A weighed measure.
    Criterion,
    /// A group of criteria.
    Objective,
    /// The score.
    Verdict,
}

impl NodeKind {
    /// The word of JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Context => "context",
            Self::Measurement => "measurement",
            Self::Formula => "formula",
            Self::Gate => "gate",
            Self::Criterion => "criterion",
            Self::Objective => "objective",
            Self::Verdict => "verdict",
        }
    }
}

/// A program and the nodes that feed its inputs, in order.
#[derive(Clone, Debug)]
pub struct BoundFormula {
    /// The compiled formula.
    pub program: Program,
    /// The node behind each input.
    pub operands: Vec<usize>,
}

/// How a node gets its value.
#[derive(Clone, Debug)]
pub enum Compute {
    /// A fact of the candidate, by measure.
    Fact(String),
    /// A value of the context, by input; or of the team, as `team.<member>.<field>`.
    Context(String),
    /// A formula.
    Formula(BoundFormula),
    /// Either branch of a fork: the gate that asks, then yes and no.
    Fork {
        /// The node of the question.
        gate: usize,
        /// Where the answer is yes.
        yes: BoundFormula,
        /// Where it is no.
        no: BoundFormula,
    },
    /// The candidate's requirements: yes where all are met.
    Requirements,
    /// Nothing to compute: the node only groups.
    Group,
}

/// One node.
#[derive(Clone, Debug)]
pub struct DecisionNode {
    /// Its id: unique in the graph.
    pub id: String,
    /// What it is.
    pub kind: NodeKind,
    /// What it is called.
    pub title: Text,
    /// The unit its value is shown in.
    pub unit: Unit,
    /// The type of its value.
    pub value: Type,
    /// How it gets its value.
    pub compute: Compute,
    /// Whether its value is the same for all candidates.
    pub shared: bool,
    /// Where it was written.
    pub span: Span,
}

/// What an edge carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The value.
    Plain,
    /// The value, where the fork's answer is yes.
    Yes,
    /// The value, where it is no.
    No,
}

/// A criterion of the decision.
#[derive(Clone, Debug)]
pub struct CriterionNode {
    /// Its node.
    pub node: usize,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// From measure to value; `None`: the observed range of the candidates serves.
    pub value: Option<ValueFunction>,
    /// Which way is better.
    pub direction: Direction,
    /// What becomes of a candidate that lacks a fact.
    pub missing: MissingPolicy,
    /// Its points as written, multiplied by the shares of the objectives above it.
    pub points: f64,
    /// Normalised weight: all shares add up to 1.
    pub share: f64,
    /// The objectives above it, outermost first: node indices.
    pub objectives: Vec<usize>,
}

/// A gate of the decision.
#[derive(Clone, Debug)]
pub struct GateNode {
    /// The node of the question.
    pub node: usize,
    /// Its id.
    pub id: String,
    /// For a gate that screens: the answer that screens out, and what is said.
    pub screen: Option<(bool, Text)>,
    /// For a gate that forks: the node in which the branches join.
    pub join: Option<usize>,
}

/// A compiled decision.
#[derive(Clone, Debug)]
pub struct DecisionGraph {
    /// All nodes. What a node rests on always comes before it.
    pub nodes: Vec<DecisionNode>,
    /// The same nodes, by index, with an edge from what is used to what uses it.
    pub edges: DiGraph<usize, Edge>,
    /// The criteria, in the decision's order.
    pub criteria: Vec<CriterionNode>,
    /// The gates, in the decision's order; forks that only formulas refer to are among them.
    pub gates: Vec<GateNode>,
}

impl DecisionGraph {
    /// The index of a node by id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.id == id)
    }

    /// The nodes that a node's value rests on directly.
    #[must_use]
    pub fn feeds(&self, node: usize) -> Vec<usize> {
        let mut all: Vec<usize> = self
            .edges
            .neighbors_directed(NodeIndex::new(node), petgraph::Direction::Incoming)
            .map(NodeIndex::index)
            .collect();
        all.sort_unstable();
        all
    }

    /// Of every node, whether one of these rests on it, themselves included.
    #[must_use]
    pub fn below(&self, nodes: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut below = vec![false; self.nodes.len()];
        let mut open: Vec<usize> = nodes.into_iter().collect();
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut below[node], true) {
                open.extend(self.feeds(node));
            }
        }
        below
    }

    /// The nodes whose value rests on one of these, themselves included, in the order of computation.
    #[must_use]
    pub fn affected(&self, from: &[usize]) -> Vec<usize> {
        let mut hit = vec![false; self.nodes.len()];
        let mut stack: Vec<usize> = from.to_vec();
        while let Some(node) = stack.pop() {
            if !std::mem::replace(&mut hit[node], true) {
                stack.extend(
                    self.edges
                        .neighbors(NodeIndex::new(node))
                        .map(NodeIndex::index),
                );
            }
        }
        (0..self.nodes.len()).filter(|&n| hit[n]).collect()
    }

    /// The nodes that a node's value rests on, directly or not, itself included, in the order of computation.
    #[must_use]
    pub fn rests_on(&self, node: usize) -> Vec<usize> {
        let mut hit = vec![false; self.nodes.len()];
        let mut stack = vec![node];
        while let Some(node) = stack.pop() {
            if !std::mem::replace(&mut hit[node], true) {
                stack.extend(self.feeds(node));
            }
        }
        (0..self.nodes.len()).filter(|&n| hit[n]).collect()
    }
}
