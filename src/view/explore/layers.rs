//! The decision graph as columns of labels, with one candidate's walk and values.

use std::collections::BTreeMap;

use crate::eval::Plan;
use crate::graph::export::edges;
use crate::graph::layout::layout;
use crate::graph::{Compute, Edge};
use crate::lang::Lang;
use crate::view::graph::{kind, marks};

/// One node.
#[derive(Clone, Debug)]
pub struct NodeLabel {
    pub id: String,
    pub title: String,
    /// The kind of node.
    pub kind: &'static str,
    /// Its value for the candidate; empty off the walk.
    pub value: String,
    /// Whether the candidate's walk passes it.
    pub lit: bool,
    pub column: usize,
    /// The nodes it depends on.
    pub feeds: Vec<usize>,
    /// The nodes that depend on it.
    pub used: Vec<usize>,
}

/// One edge, from what is used to what uses it.
#[derive(Clone, Debug)]
pub struct EdgeLabel {
    /// The cells it passes, one per column; the first and last are its nodes.
    pub path: Vec<usize>,
    /// The answer of the gate at its start; `None` without a gate.
    pub answer: Option<&'static str>,
    /// Whether the candidate's walk takes it.
    pub lit: bool,
}

impl EdgeLabel {
    /// Whether it begins or ends here.
    #[must_use]
    pub fn touches(&self, node: usize) -> bool {
        self.path.first() == Some(&node) || self.path.last() == Some(&node)
    }
}

/// The graph.
#[derive(Clone, Debug, Default)]
pub struct GraphLayers {
    /// The nodes, column by column, each from top to bottom.
    pub nodes: Vec<NodeLabel>,
    /// The cells of each column, from top to bottom: nodes by index, above them the places where edges pass.
    pub columns: Vec<Vec<usize>>,
    pub edges: Vec<EdgeLabel>,
}

/// Lays the graph out.
#[must_use]
pub fn view(plan: &Plan<'_>, candidate: usize, lang: Lang) -> GraphLayers {
    let graph = plan.graph;
    let drawn = layout(graph);
    let own = (candidate < plan.candidates()).then_some(candidate);
    let marks = marks(plan, own, lang);
    let count = graph.nodes.len();
    let mut reading: Vec<usize> = (0..count).collect();
    reading.sort_by_key(|&node| drawn.place[node]);
    let mut number = vec![0; count];
    for (at, &node) in reading.iter().enumerate() {
        number[node] = at;
    }
    let mut columns: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); drawn.columns];
    for (node, &(column, row)) in drawn.place.iter().enumerate() {
        columns[column].insert(row, number[node]);
    }
    let mut cell = count;
    let mut all = Vec::new();
    for ((from, to, edge), bends) in edges(graph).into_iter().zip(&drawn.bends) {
        let mut path = vec![number[from]];
        for &(column, row) in bends {
            columns[column].insert(row, cell);
            path.push(cell);
            cell += 1;
        }
        path.push(number[to]);
        let answer = match edge {
            Edge::Plain => None,
            Edge::Yes => Some(lang.pick("yes", "是")),
            Edge::No => Some(lang.pick("no", "否")),
        };
        let lit = marks.walk.contains(&from)
            && marks.walk.contains(&to)
            && own.is_none_or(|c| is_taken(plan, to, edge, c));
        all.push(EdgeLabel { path, answer, lit });
    }
    let label = |&node: &usize| {
        let own = &graph.nodes[node];
        let mut feeds: Vec<usize> = graph.feeds(node).into_iter().map(|n| number[n]).collect();
        feeds.sort_unstable();
        NodeLabel {
            id: own.id.clone(),
            title: own.title.get(lang).to_owned(),
            kind: kind(own.kind, lang),
            value: marks.values.get(node).cloned().unwrap_or_default(),
            lit: marks.walk.contains(&node),
            column: drawn.place[node].0,
            feeds,
            used: Vec::new(),
        }
    };
    let mut nodes: Vec<NodeLabel> = reading.iter().map(label).collect();
    for at in 0..nodes.len() {
        for feed in nodes[at].feeds.clone() {
            nodes[feed].used.push(at);
        }
    }
    GraphLayers {
        nodes,
        columns: columns
            .into_iter()
            .map(|cells| cells.into_values().collect())
            .collect(),
        edges: all,
    }
}

/// Whether the answer on an edge is the candidate's.
fn is_taken(plan: &Plan<'_>, to: usize, edge: Edge, candidate: usize) -> bool {
    match (&plan.graph.nodes[to].compute, edge) {
        (Compute::Fork { gate, .. }, Edge::Yes | Edge::No) => {
            let answer = plan.point[*gate].of(candidate);
            !answer.is_nan() && (answer != 0.0) == (edge == Edge::Yes)
        }
        _ => true,
    }
}
