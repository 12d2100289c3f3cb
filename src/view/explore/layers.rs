//! The decision graph as columns of labels, with one candidate's walk and values.

use std::collections::BTreeMap;

use crate::eval::Plan;
use crate::graph::layout::layout;
use crate::lang::Lang;
use crate::view::graph::{kind, marks};

/// One node.
#[derive(Clone, Debug)]
pub struct NodeLabel {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: &'static str,
    /// Its value for the candidate; empty off the walk.
    pub value: String,
    /// Whether the candidate's walk passes it.
    pub lit: bool,
    /// Its column.
    pub column: usize,
    /// Its place in the column.
    pub row: usize,
    /// What it rests on.
    pub feeds: Vec<usize>,
    /// What rests on it.
    pub used: Vec<usize>,
}

/// The graph.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// The nodes, in the order of computation.
    pub nodes: Vec<NodeLabel>,
    /// The nodes of each column, from top to bottom.
    pub columns: Vec<Vec<usize>>,
}

/// Lays the graph out.
#[must_use]
pub fn view(plan: &Plan<'_>, candidate: usize, lang: Lang) -> Layers {
    let drawn = layout(plan.graph);
    let own = (candidate < plan.candidates()).then_some(candidate);
    let marks = marks(plan, own, lang);
    let mut columns: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); drawn.columns];
    for (node, &(column, row)) in drawn.place.iter().enumerate() {
        columns[column].insert(row, node);
    }
    let columns: Vec<Vec<usize>> = columns.into_iter().map(|c| c.into_values().collect()).collect();
    let mut nodes: Vec<NodeLabel> = plan
        .graph
        .nodes
        .iter()
        .enumerate()
        .map(|(at, node)| NodeLabel {
            id: node.id.clone(),
            title: node.title.get(lang).to_owned(),
            kind: kind(node.kind, lang),
            value: marks.values.get(at).cloned().unwrap_or_default(),
            lit: marks.walk.contains(&at),
            column: drawn.place[at].0,
            row: 0,
            feeds: plan.graph.feeds(at),
            used: Vec::new(),
        })
        .collect();
    for column in &columns {
        for (row, &node) in column.iter().enumerate() {
            nodes[node].row = row;
        }
    }
    for at in 0..nodes.len() {
        for feed in nodes[at].feeds.clone() {
            nodes[feed].used.push(at);
        }
    }
    Layers { nodes, columns }
}
