//! The compiled decision: typed nodes, edges that follow references, and an order in which everything can be computed.
//!
//! [`compile`] turns a [`Decision`](crate::model::decision::Decision) into a [`DecisionGraph`]. `eval` runs exactly this graph
//! and [`export`] draws it. [`check`] compiles a whole library, whether or not a decision uses all of it. Unknown names,
//! mismatched dimensions and cycles (with their path) are reported as diagnostics.
//!
//! Start with [`DecisionGraph`] and [`DecisionNode`], then [`Compute`] for how a node gets its value.

mod build;
pub mod export;
pub mod layout;
mod lint;
mod scope;
mod weights;

pub use build::{check, compile};

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, IntoNeighbors, NodeCount, Reversed, Visitable};

use crate::formula::{Program, Type};
use crate::lang::Text;
use crate::model::library::{MissingPolicy, Screen};
use crate::quantity::unit::Unit;
use crate::quantity::value_function::{Direction, ValueFunction};
use crate::source::Span;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// A fact about a candidate from its catalog.
    Fact,
    /// An input of the context or the team.
    Context,
    /// A fact that a reference service measured.
    Measurement,
    /// An intermediate measure.
    Formula,
    /// A yes-or-no question that screens candidates out or selects a branch.
    Gate,
    /// A measure that candidates are scored by.
    Criterion,
    /// A group of criteria.
    Objective,
    /// The root: the score of a candidate.
    Verdict,
}

impl NodeKind {
    /// Returns the name used in JSON.
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

/// A compiled formula bound to the nodes that feed its inputs.
#[derive(Clone, Debug)]
pub struct BoundFormula {
    /// The compiled formula.
    pub program: Program,
    /// The node behind each input, in the program's order.
    pub operands: Vec<usize>,
}

/// How a node gets its value.
#[derive(Clone, Debug)]
pub enum Compute {
    /// A fact of the candidate, by measure.
    Fact(String),
    /// Whether a fact applies to the candidate, or to one of its parts: no only where the fact is `not_applicable`.
    Applies {
        measure: String,
        /// The place of the part, counted from 0; `None` for the candidate itself.
        part: Option<usize>,
    },
    /// A value of the context, by input; or of the team, as `team.<member>.<field>`.
    Context(String),
    /// A formula.
    Formula(BoundFormula),
    /// A fork: the branch that the gate's answer selects.
    Fork {
        /// The node of the question.
        gate: usize,
        /// The branch for yes.
        yes: BoundFormula,
        /// The branch for no.
        no: BoundFormula,
    },
    /// The candidate's requirements: yes if all are met.
    Requirements,
    /// A fact of a part, which is the same for all composites that contain the part.
    PartFact { part: String, measure: String },
    /// A fact of one part of each candidate.
    OfPart {
        measure: String,
        /// The node that holds it, by candidate; `None` for a candidate with fewer parts.
        from: Vec<Option<usize>>,
    },
    /// Whether the candidate has a part at this place, counted from 0.
    HasPart(usize),
    /// Nothing to compute: the node only groups.
    Group,
}

impl Compute {
    /// Returns whether it is a value from a file that all candidates share: an input, a value of the team, a fact of a part.
    #[must_use]
    pub fn is_shared_input(&self) -> bool {
        matches!(self, Self::Context(_) | Self::PartFact { .. })
    }

    /// Returns whether it is computed from other nodes.
    #[must_use]
    pub fn is_derived(&self) -> bool {
        matches!(
            self,
            Self::Formula(_) | Self::Fork { .. } | Self::OfPart { .. }
        )
    }
}

/// A node of the graph.
#[derive(Clone, Debug)]
pub struct DecisionNode {
    /// Unique in the graph.
    pub id: String,
    /// What the node represents.
    pub kind: NodeKind,
    /// The title to show.
    pub title: Text,
    /// The unit its value is shown in.
    pub unit: Unit,
    /// The type of its value.
    pub value: Type,
    /// How it gets its value.
    pub compute: Compute,
    /// Whether its value is the same for all candidates.
    pub shared: bool,
    /// Where it is declared.
    pub span: Span,
}

/// What an edge carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The value.
    Plain,
    /// The value, if the fork's answer is yes.
    Yes,
    /// The value, if it is no.
    No,
}

/// A criterion of the decision, with its node.
#[derive(Clone, Debug)]
pub struct CriterionNode {
    /// Index of its node.
    pub node: usize,
    /// The id of the criterion.
    pub id: String,
    /// The title to show.
    pub title: Text,
    /// Maps its measure to a value; `None` uses the observed range of the candidates.
    pub value: Option<ValueFunction>,
    /// Which way is better.
    pub direction: Direction,
    /// How a missing measure is treated.
    pub missing: MissingPolicy,
    /// The value of a candidate to which a fact of the measure does not apply; without one it is incomplete.
    pub not_applicable: Option<f64>,
    /// Its points as written, multiplied by the shares of the objectives above it.
    pub points: f64,
    /// Normalised weight: all shares add up to 1.
    pub share: f64,
    /// The objectives above it, outermost first: node indices.
    pub objectives: Vec<usize>,
}

/// A gate of the decision, with its node.
#[derive(Clone, Debug)]
pub struct GateNode {
    /// Index of the node of its question.
    pub node: usize,
    /// The id of the gate.
    pub id: String,
    /// For a screening gate: what screens a candidate out.
    pub screen: Option<Screen>,
    /// For a fork: the node in which the branches join.
    pub join: Option<usize>,
}

/// A compiled decision.
#[derive(Clone, Debug)]
pub struct DecisionGraph {
    /// All nodes. A node always comes after the nodes it depends on.
    pub nodes: Vec<DecisionNode>,
    /// The same nodes by index, with an edge from each dependency to its user.
    pub edges: DiGraph<usize, Edge>,
    /// The criteria, in the decision's order.
    pub criteria: Vec<CriterionNode>,
    /// The gates, in the decision's order, including forks that only formulas refer to.
    pub gates: Vec<GateNode>,
}

impl DecisionGraph {
    /// Returns the index of the node with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.id == id)
    }

    /// Returns the direct dependencies of a node, in ascending order.
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

    /// Returns for every node whether one of `nodes` depends on it; a node depends on itself.
    #[must_use]
    pub fn below(&self, nodes: impl IntoIterator<Item = usize>) -> Vec<bool> {
        reachable(Reversed(&self.edges), nodes)
    }

    /// Returns the nodes that depend on one of `from`, themselves included, in the order of computation.
    #[must_use]
    pub fn affected(&self, from: &[usize]) -> Vec<usize> {
        indices(&reachable(&self.edges, from.iter().copied()))
    }

    /// Returns the nodes that a node depends on, directly or not, itself included, in the order of computation.
    #[must_use]
    pub fn rests_on(&self, node: usize) -> Vec<usize> {
        indices(&self.below([node]))
    }
}

/// Marks every node that the edges of `graph` lead to from these, themselves included.
fn reachable<G>(graph: G, from: impl IntoIterator<Item = usize>) -> Vec<bool>
where
    G: IntoNeighbors + Visitable<NodeId = NodeIndex> + NodeCount,
{
    let mut reached = vec![false; graph.node_count()];
    let mut search = Dfs::empty(graph);
    for start in from {
        search.move_to(NodeIndex::new(start));
        while let Some(node) = search.next(graph) {
            reached[node.index()] = true;
        }
    }
    reached
}

/// Returns the indices of the marked nodes. Nodes are stored in the order of computation, so these are in it too.
fn indices(marked: &[bool]) -> Vec<usize> {
    (0..marked.len()).filter(|&node| marked[node]).collect()
}
