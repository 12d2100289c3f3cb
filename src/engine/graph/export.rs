//! Exports the graph as Mermaid and DOT. Both draw exactly the nodes and edges that evaluation runs.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use petgraph::visit::EdgeRef;

use super::{DecisionGraph, Edge, NodeKind};
use crate::lang::Lang;

/// What is drawn in addition to the graph.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// The nodes of one candidate's walk.
    pub walk: BTreeSet<usize>,
    /// A second line of each node, such as its value; by index, empty if there is none.
    pub values: Vec<String>,
}

/// Mermaid's shape of a node: brackets around its label.
fn brackets(kind: NodeKind) -> (&'static str, &'static str) {
    match kind {
        NodeKind::Fact => ("[", "]"),
        NodeKind::Measurement => ("[(", ")]"),
        NodeKind::Context => ("[/", "/]"),
        NodeKind::Formula => ("([", "])"),
        NodeKind::Gate => ("{", "}"),
        NodeKind::Criterion => ("[[", "]]"),
        NodeKind::Objective => ("((", "))"),
        NodeKind::Verdict => ("{{", "}}"),
    }
}

fn answer(edge: Edge, lang: Lang) -> Option<&'static str> {
    match (edge, lang) {
        (Edge::Plain, _) => None,
        (Edge::Yes, Lang::En) => Some("yes"),
        (Edge::Yes, Lang::Zh) => Some("是"),
        (Edge::No, Lang::En) => Some("no"),
        (Edge::No, Lang::Zh) => Some("否"),
    }
}

/// A Mermaid flowchart.
#[must_use]
pub fn mermaid(graph: &DecisionGraph, marks: &Marks, lang: Lang) -> String {
    let mut out = String::from("flowchart LR\n");
    for (at, node) in graph.nodes.iter().enumerate() {
        let (open, close) = brackets(node.kind);
        let mut label = escape_mermaid(node.title.get(lang));
        if let Some(value) = marks.values.get(at).filter(|v| !v.is_empty()) {
            label += &format!("<br/>{}", escape_mermaid(value));
        }
        writeln!(out, "  n{at}{open}\"{label}\"{close}").expect("a String takes every write");
    }
    for edge in edges(graph) {
        let arrow = if on_walk(marks, &edge) { "==>" } else { "-->" };
        let label = answer(edge.2, lang).map_or_else(String::new, |a| format!("|{a}|"));
        writeln!(out, "  n{} {arrow}{label} n{}", edge.0, edge.1)
            .expect("a String takes every write");
    }
    if !marks.walk.is_empty() {
        let list: Vec<String> = marks.walk.iter().map(|n| format!("n{n}")).collect();
        out += "  classDef walk stroke:#0072B2,stroke-width:3px\n";
        writeln!(out, "  class {} walk", list.join(",")).expect("a String takes every write");
    }
    out
}

/// Mermaid reads HTML entities with `#`; a quote would end the label.
fn escape_mermaid(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out += "#quot;",
            '<' => out += "#lt;",
            '>' => out += "#gt;",
            '#' => out += "#35;",
            '&' => out += "#amp;",
            ';' => out += "#59;",
            '`' => out += "#96;",
            '\\' => out += "#92;",
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Graphviz DOT.
#[must_use]
pub fn dot(graph: &DecisionGraph, name: &str, marks: &Marks, lang: Lang) -> String {
    let mut out = format!(
        "digraph \"{}\" {{\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n",
        escape_dot(name)
    );
    for (at, node) in graph.nodes.iter().enumerate() {
        let shape = match node.kind {
            NodeKind::Fact => "box",
            NodeKind::Measurement => "cylinder",
            NodeKind::Context => "parallelogram",
            NodeKind::Formula => "ellipse",
            NodeKind::Gate => "diamond",
            NodeKind::Criterion => "component",
            NodeKind::Objective => "circle",
            NodeKind::Verdict => "hexagon",
        };
        let mut label = escape_dot(node.title.get(lang));
        if let Some(value) = marks.values.get(at).filter(|v| !v.is_empty()) {
            label += &format!("\\n{}", escape_dot(value));
        }
        let walk = if marks.walk.contains(&at) {
            ", penwidth=3, color=\"#0072B2\""
        } else {
            ""
        };
        writeln!(out, "  n{at} [shape={shape}, label=\"{label}\"{walk}];")
            .expect("a String takes every write");
    }
    for edge in edges(graph) {
        let label = answer(edge.2, lang).map_or_else(String::new, |a| format!("label=\"{a}\""));
        let walk = if on_walk(marks, &edge) {
            "penwidth=3, color=\"#0072B2\""
        } else {
            ""
        };
        let parts: Vec<&str> = [label.as_str(), walk]
            .into_iter()
            .filter(|p| !p.is_empty())
            .collect();
        let style = if parts.is_empty() {
            String::new()
        } else {
            format!(" [{}]", parts.join(", "))
        };
        writeln!(out, "  n{} -> n{}{style};", edge.0, edge.1).expect("a String takes every write");
    }
    out += "}\n";
    out
}

fn escape_dot(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain.replace('\\', "\\\\").replace('"', "\\\"")
}

fn on_walk(marks: &Marks, edge: &(usize, usize, Edge)) -> bool {
    marks.walk.contains(&edge.0) && marks.walk.contains(&edge.1)
}

/// Every edge as from, to and kind, sorted.
#[must_use]
pub fn edges(graph: &DecisionGraph) -> Vec<(usize, usize, Edge)> {
    let mut all: Vec<_> = graph
        .edges
        .edge_references()
        .map(|e| (e.source().index(), e.target().index(), *e.weight()))
        .collect();
    all.sort_by_key(|e| (e.0, e.1, e.2 as u8));
    all
}
