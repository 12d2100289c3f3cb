//! The decision graph as plain data, as lines of text, and as a picture.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::figure;
use super::svg::{FONTS, escape, fit};
use crate::eval::Plan;
use crate::graph::export::{Marks, edges};
use crate::graph::layout::{GraphLayout, layout};
use crate::graph::{DecisionGraph, DecisionNode, Edge, NodeKind};
use crate::lang::Lang;

/// The JSON of `weigh graph`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GraphView {
    pub decision: String,
    /// The date of the evaluation.
    pub as_of: String,
    /// The nodes, in the order of computation.
    pub nodes: Vec<NodeView>,
    /// The edges, each from a node to one that uses it.
    pub edges: Vec<(String, String)>,
    /// The ids of one candidate's walk, if one was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub walk: Vec<String>,
}

/// One node.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NodeView {
    pub id: String,
    /// The kind of node.
    pub kind: &'static str,
    pub unit: String,
    pub label: String,
    /// Its value for the candidate whose walk is marked, or the value that all share.
    pub value: Option<serde_json::Value>,
}

/// Builds the view of the graph.
#[must_use]
pub fn view(plan: &Plan<'_>, candidate: Option<usize>, lang: Lang) -> GraphView {
    let node = |(at, n): (usize, &DecisionNode)| NodeView {
        id: n.id.clone(),
        kind: n.kind.word(),
        unit: n.unit.suffix().to_owned(),
        label: n.title.get(lang).to_owned(),
        value: candidate
            .or(n.shared.then_some(0))
            .map(|c| figure::node_json(plan.decision, n, plan.point[at].of(c)))
            .filter(|v| !v.is_null()),
    };
    let id = |n: usize| plan.graph.nodes[n].id.clone();
    let walk = candidate.map_or_else(Vec::new, |c| {
        plan.walk(c).steps.iter().map(|s| id(s.node)).collect()
    });
    GraphView {
        decision: plan.decision.id.clone(),
        as_of: plan.decision.as_of.to_string(),
        nodes: plan.graph.nodes.iter().enumerate().map(node).collect(),
        edges: edges(plan.graph)
            .into_iter()
            .map(|(from, to, _)| (id(from), id(to)))
            .collect(),
        walk,
    }
}

/// What is marked for a candidate: its walk, and the value of every node on it.
#[must_use]
pub fn marks(plan: &Plan<'_>, candidate: Option<usize>, lang: Lang) -> Marks {
    let Some(c) = candidate else {
        return Marks::default();
    };
    let walk: BTreeSet<usize> = plan.walk(c).steps.iter().map(|s| s.node).collect();
    let value = |(at, n): (usize, &DecisionNode)| {
        let groups = matches!(n.kind, NodeKind::Objective | NodeKind::Verdict);
        if groups || !walk.contains(&at) {
            String::new()
        } else {
            figure::of_node(plan.decision, n, plan.point[at].of(c), lang)
        }
    };
    Marks {
        values: plan.graph.nodes.iter().enumerate().map(value).collect(),
        walk,
    }
}

/// The graph as an indented tree from the result down; a node that was shown before is marked with `^`.
#[must_use]
pub fn text(plan: &Plan<'_>, marks: &Marks, lang: Lang) -> String {
    let graph = plan.graph;
    let root = graph.nodes.len() - 1;
    let mut tree = Tree {
        plan,
        marks,
        lang,
        seen: BTreeSet::new(),
        out: String::new(),
    };
    tree.node(root, "", "", None);
    tree.out
}

struct Tree<'t> {
    plan: &'t Plan<'t>,
    marks: &'t Marks,
    lang: Lang,
    seen: BTreeSet<usize>,
    out: String,
}

impl Tree<'_> {
    fn node(&mut self, at: usize, lead: &str, below: &str, edge: Option<Edge>) {
        let node = &self.plan.graph.nodes[at];
        let mark = if self.marks.walk.contains(&at) {
            "*"
        } else {
            ""
        };
        let via = match (edge, self.lang) {
            (Some(Edge::Yes), Lang::En) => "yes: ",
            (Some(Edge::Yes), Lang::Zh) => "是：",
            (Some(Edge::No), Lang::En) => "no: ",
            (Some(Edge::No), Lang::Zh) => "否：",
            _ => "",
        };
        let unit = if node.unit.suffix().is_empty() {
            String::new()
        } else {
            format!(" [{}]", super::unit::heading(node.unit.suffix(), self.lang))
        };
        let value = self
            .marks
            .values
            .get(at)
            .filter(|v| !v.is_empty())
            .map_or_else(String::new, |v| format!(" = {v}"));
        let again = !self.seen.insert(at) && !self.plan.graph.feeds(at).is_empty();
        let see = if again { " ^" } else { "" };
        let title = node.title.get(self.lang);
        let name = if title == node.id {
            String::new()
        } else {
            format!(" {title}")
        };
        writeln!(
            self.out,
            "{lead}{mark}{via}{} ({}){name}{unit}{value}{see}",
            node.id,
            kind(node.kind, self.lang)
        )
        .expect("a String takes every write");
        if again {
            return;
        }
        let mut feeds: Vec<(usize, Edge)> = edges(self.plan.graph)
            .into_iter()
            .filter(|e| e.1 == at)
            .map(|e| (e.0, e.2))
            .collect();
        feeds.sort_by_key(|(n, e)| (*e as u8, *n));
        let last = feeds.len();
        for (i, (feed, edge)) in feeds.into_iter().enumerate() {
            let (branch, next) = if i + 1 == last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            self.node(
                feed,
                &format!("{below}{branch}"),
                &format!("{below}{next}"),
                Some(edge),
            );
        }
    }
}

/// The name of a kind for display.
#[must_use]
pub fn kind(kind: NodeKind, lang: Lang) -> &'static str {
    match (kind, lang) {
        (_, Lang::En) => kind.word(),
        (NodeKind::Fact, Lang::Zh) => "事实",
        (NodeKind::Context, Lang::Zh) => "背景",
        (NodeKind::Measurement, Lang::Zh) => "测量",
        (NodeKind::Formula, Lang::Zh) => "公式",
        (NodeKind::Gate, Lang::Zh) => "关卡",
        (NodeKind::Criterion, Lang::Zh) => "准则",
        (NodeKind::Objective, Lang::Zh) => "目标",
        (NodeKind::Verdict, Lang::Zh) => "结论",
    }
}

const COLUMN: usize = 230;
const WIDTH: usize = 190;
const MARGIN: usize = 20;

/// Height of a node's outline and of its row: leaves are many and have little text, so they take one line.
fn height(kind: NodeKind) -> (usize, usize) {
    match kind {
        NodeKind::Fact | NodeKind::Context | NodeKind::Measurement => (22, 27),
        _ => (42, 56),
    }
}

/// The row of an edge that only passes by.
const PASSING: usize = 12;

/// Top and height of every cell, by column and row.
type Cells = BTreeMap<(usize, usize), (usize, usize)>;

/// Where every cell stands, and the height of the picture; shorter columns are centred.
fn tops(graph: &DecisionGraph, drawn: &GraphLayout) -> (Cells, usize) {
    let mut cells: Cells = drawn
        .bends
        .iter()
        .flatten()
        .map(|&cell| (cell, (0, PASSING)))
        .collect();
    cells.extend(
        drawn
            .place
            .iter()
            .zip(&graph.nodes)
            .map(|(&cell, node)| (cell, height(node.kind))),
    );
    let mut sums = vec![0; drawn.columns];
    for (&(column, _), &(_, pitch)) in &cells {
        sums[column] += pitch;
    }
    let tallest = sums.iter().copied().max().unwrap_or(0);
    let mut next: Vec<usize> = sums
        .iter()
        .map(|sum| MARGIN + (tallest - sum) / 2)
        .collect();
    let place = |(&(column, row), &(tall, pitch)): (&(usize, usize), &(usize, usize))| {
        let top = next[column];
        next[column] += pitch;
        ((column, row), (top, tall))
    };
    (cells.iter().map(place).collect(), tallest + 2 * MARGIN)
}

/// The graph as an SVG image that is readable on light and dark backgrounds.
#[must_use]
pub fn svg(plan: &Plan<'_>, marks: &Marks, lang: Lang) -> String {
    let graph = plan.graph;
    let drawn = layout(graph);
    let (cells, height) = tops(graph, &drawn);
    let width = drawn.columns * COLUMN + 2 * MARGIN;
    let left = |column: usize| MARGIN + column * COLUMN;
    let middle = |cell: (usize, usize)| {
        cells
            .get(&cell)
            .map_or(0, |(top, tall)| top + tall.max(&PASSING) / 2)
    };
    let title = escape(plan.decision.title.get(lang));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" font-family=\"{FONTS}\">\n<title>{title}</title>\n{STYLE}\n"
    );
    for ((from, to, edge), bends) in edges(graph).into_iter().zip(&drawn.bends) {
        let (start, end) = (drawn.place[from], drawn.place[to]);
        let (mut x, mut y) = (left(start.0) + WIDTH, middle(start));
        let mut path = format!("M{x} {y}");
        let stops = bends.iter().map(|&b| (left(b.0), middle(b), true)).chain([(
            left(end.0),
            middle(end),
            false,
        )]);
        for (nx, ny, passes) in stops {
            let half = usize::midpoint(x, nx);
            write!(path, " C{half} {y} {half} {ny} {nx} {ny}").expect("a String takes every write");
            (x, y) = (if passes { nx + WIDTH } else { nx }, ny);
            if passes {
                write!(path, " L{x} {y}").expect("a String takes every write");
            }
        }
        let class = if marks.walk.contains(&from) && marks.walk.contains(&to) {
            "edge walk"
        } else {
            "edge"
        };
        writeln!(
            out,
            "<path class=\"{class}\" d=\"{path}\" marker-end=\"url(#tip)\"/>"
        )
        .expect("a String takes every write");
        let word = match (edge, lang) {
            (Edge::Plain, _) => continue,
            (Edge::Yes, Lang::En) => "yes",
            (Edge::Yes, Lang::Zh) => "是",
            (Edge::No, Lang::En) => "no",
            (Edge::No, Lang::Zh) => "否",
        };
        writeln!(
            out,
            "<text class=\"answer\" x=\"{}\" y=\"{}\">{word}</text>",
            x - 16,
            y - 4
        )
        .expect("a String takes every write");
    }
    for (at, node) in graph.nodes.iter().enumerate() {
        let cell = drawn.place[at];
        let (top, tall) = cells.get(&cell).copied().unwrap_or_default();
        draw(&mut out, node, (left(cell.0), top, tall), marks, at, lang);
    }
    out += "</svg>\n";
    out
}

fn draw(
    out: &mut String,
    node: &DecisionNode,
    (x, y, tall): (usize, usize, usize),
    marks: &Marks,
    at: usize,
    lang: Lang,
) {
    let class = format!(
        "{}{}",
        node.kind.word(),
        if marks.walk.contains(&at) {
            " walk"
        } else {
            ""
        }
    );
    let name = node.title.get(lang);
    let value = marks
        .values
        .get(at)
        .map(String::as_str)
        .filter(|v| !v.is_empty());
    let (whole, said) = (escape(name), kind(node.kind, lang));
    writeln!(
        out,
        "<g><title>{whole} ({said})</title>{}",
        outline(node.kind, x, y, tall, &class)
    )
    .expect("a String takes every write");
    let centre = x + WIDTH / 2;
    let line = |class: &str, y: usize, text: &str| {
        format!(
            "<text{class} x=\"{centre}\" y=\"{y}\">{}</text>\n",
            escape(text)
        )
    };
    let leaf = tall < 30;
    match value {
        Some(value) if leaf => {
            let room = 29_usize.saturating_sub(value.width().min(16));
            *out += &line(
                " class=\"leaf\"",
                y + tall / 2 + 4,
                &format!("{}: {}", fit(name, room), fit(value, 16)),
            );
        }
        Some(value) => {
            *out += &line("", y + tall / 2 - 3, &fit(name, 28));
            *out += &line(" class=\"value\"", y + tall / 2 + 13, &fit(value, 30));
        }
        None => *out += &line("", y + tall / 2 + 4, &fit(name, 28)),
    }
    *out += "</g>\n";
}

const STYLE: &str = r##"<style>
text{font-size:12px;text-anchor:middle;fill:#1b1f24}
.value{font-size:11px;fill:#444}.leaf{font-size:10.5px}
.answer{font-size:11px;fill:#57606a;text-anchor:middle}
.edge{fill:none;stroke:#8c959f;stroke-width:1.2}
.edge.walk{stroke:#0072B2;stroke-width:1.8}
rect,polygon,ellipse{fill:#fff;stroke:#57606a;stroke-width:1.2}
.walk{stroke:#0072B2;stroke-width:2}
.context{fill:#eef3f8}.measurement{fill:#e6f4ef}.gate{fill:#fff3d6}.criterion{fill:#e8effb}.objective{fill:#dfe7fd}.verdict{fill:#fde5d4}
@media (prefers-color-scheme: dark){text{fill:#e6edf3}.value{fill:#c9d1d9}.answer{fill:#9da7b1}rect,polygon,ellipse{fill:#161b22;stroke:#8b949e}.context{fill:#1a2533}.measurement{fill:#12302a}.gate{fill:#3a2f10}.criterion{fill:#1a2740}.objective{fill:#222d50}.verdict{fill:#402618}.walk{stroke:#56B4E9}.edge.walk{stroke:#56B4E9}}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#8c959f"/></marker></defs>"##;

fn outline(kind: NodeKind, x: usize, y: usize, h: usize, class: &str) -> String {
    let (right, low, half) = (x + WIDTH, y + h, y + h / 2);
    match kind {
        NodeKind::Gate => {
            let (a, b) = (x + 14, right - 14);
            format!(
                "<polygon class=\"{class}\" points=\"{x},{half} {a},{y} {b},{y} {right},{half} {b},{low} {a},{low}\"/>"
            )
        }
        NodeKind::Context => {
            let (a, b) = (x + 8, right - 8);
            format!(
                "<polygon class=\"{class}\" points=\"{a},{y} {right},{y} {b},{low} {x},{low}\"/>"
            )
        }
        NodeKind::Formula | NodeKind::Objective => rounded(x, y, h, h / 2, class),
        _ => rounded(x, y, h, 4, class),
    }
}

fn rounded(x: usize, y: usize, h: usize, radius: usize, class: &str) -> String {
    format!(
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{h}\" rx=\"{radius}\"/>"
    )
}
