//! The decision graph as plain data, as lines of text, and as a picture.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::figure;
use crate::eval::Plan;
use crate::graph::export::{Marks, edges};
use crate::graph::layout::layout;
use crate::graph::{Edge, NodeKind};
use crate::lang::Lang;

/// The JSON of `weigh graph`.
#[derive(Debug, Serialize)]
pub struct GraphView {
    /// The nodes, in the order of computation.
    pub nodes: Vec<NodeView>,
    /// From what is used to what uses it.
    pub edges: Vec<(String, String)>,
    /// The ids of one candidate's walk, where one was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub walk: Vec<String>,
}

/// One node.
#[derive(Debug, Serialize)]
pub struct NodeView {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: &'static str,
    /// Its unit.
    pub unit: String,
    /// What it is called.
    pub label: String,
    /// Its value for the candidate whose walk is marked, or the value that all share.
    pub value: Option<serde_json::Value>,
}

/// Shapes the graph.
#[must_use]
pub fn view(plan: &Plan<'_>, candidate: Option<usize>, lang: Lang) -> GraphView {
    let node = |(at, n): (usize, &crate::graph::Node)| NodeView {
        id: n.id.clone(),
        kind: n.kind.word(),
        unit: n.unit.suffix().to_owned(),
        label: n.title.get(lang).to_owned(),
        value: candidate.or(n.shared.then_some(0)).map(|c| figure::node_json(plan.decision, n, plan.point[at].of(c))).filter(|v| !v.is_null()),
    };
    let id = |n: usize| plan.graph.nodes[n].id.clone();
    let walk = candidate.map_or_else(Vec::new, |c| plan.walk(c).steps.iter().map(|s| id(s.node)).collect());
    GraphView {
        nodes: plan.graph.nodes.iter().enumerate().map(node).collect(),
        edges: edges(plan.graph).into_iter().map(|(from, to, _)| (id(from), id(to))).collect(),
        walk,
    }
}

/// What is marked for a candidate: its walk, and the value of every node on it.
#[must_use]
pub fn marks(plan: &Plan<'_>, candidate: Option<usize>, lang: Lang) -> Marks {
    let Some(c) = candidate else { return Marks::default() };
    let walk: BTreeSet<usize> = plan.walk(c).steps.iter().map(|s| s.node).collect();
    let value = |(at, n): (usize, &crate::graph::Node)| {
        let groups = matches!(n.kind, NodeKind::Objective | NodeKind::Verdict);
        if groups || !walk.contains(&at) { String::new() } else { figure::of_node(plan.decision, n, plan.point[at].of(c), lang) }
    };
    Marks { values: plan.graph.nodes.iter().enumerate().map(value).collect(), walk }
}

/// The graph as an indented tree from the verdict down; a node that was shown before is named again with an arrow.
#[must_use]
pub fn text(plan: &Plan<'_>, marks: &Marks, lang: Lang) -> String {
    let graph = plan.graph;
    let root = graph.nodes.len() - 1;
    let mut tree = Tree { plan, marks, lang, seen: BTreeSet::new(), out: String::new() };
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
        let mark = if self.marks.walk.contains(&at) { "*" } else { "" };
        let via = match (edge, self.lang) {
            (Some(Edge::Yes), Lang::En) => "yes: ",
            (Some(Edge::Yes), Lang::Zh) => "是：",
            (Some(Edge::No), Lang::En) => "no: ",
            (Some(Edge::No), Lang::Zh) => "否：",
            _ => "",
        };
        let unit = if node.unit.suffix().is_empty() { String::new() } else { format!(" [{}]", node.unit.suffix()) };
        let value = self.marks.values.get(at).filter(|v| !v.is_empty()).map_or_else(String::new, |v| format!(" = {v}"));
        let again = !self.seen.insert(at) && !self.plan.graph.feeds(at).is_empty();
        let see = if again { " ^" } else { "" };
        let title = node.title.get(self.lang);
        let name = if title == node.id { String::new() } else { format!(" {title}") };
        writeln!(self.out, "{lead}{mark}{via}{} ({}){name}{unit}{value}{see}", node.id, kind(node.kind, self.lang)).expect("a String takes every write");
        if again {
            return;
        }
        let mut feeds: Vec<(usize, Edge)> = edges(self.plan.graph).into_iter().filter(|e| e.1 == at).map(|e| (e.0, e.2)).collect();
        feeds.sort_by_key(|(n, e)| (*e as u8, *n));
        let last = feeds.len();
        for (i, (feed, edge)) in feeds.into_iter().enumerate() {
            let (branch, next) = if i + 1 == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            self.node(feed, &format!("{below}{branch}"), &format!("{below}{next}"), Some(edge));
        }
    }
}

/// The name of a kind for people.
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

const COLUMN: usize = 210;
const ROW: usize = 58;
const BOX: (usize, usize) = (170, 42);
const MARGIN: usize = 20;

/// The graph as a picture that reads on light and dark ground.
#[must_use]
pub fn svg(plan: &Plan<'_>, marks: &Marks, lang: Lang) -> String {
    let graph = plan.graph;
    let drawn = layout(graph);
    let (width, height) = (drawn.columns * COLUMN + 2 * MARGIN, drawn.rows.max(1) * ROW + 2 * MARGIN);
    // Shorter columns are centred.
    let mut tall = vec![0; drawn.columns];
    for &(column, row) in drawn.place.iter().chain(drawn.bends.iter().flatten()) {
        tall[column] = tall[column].max(row + 1);
    }
    let corner = |(column, row): (usize, usize)| {
        let shift = (drawn.rows - tall[column]) * ROW / 2;
        (MARGIN + column * COLUMN, MARGIN + shift + row * ROW)
    };
    let title = plan.decision.title.get(lang);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" font-family=\"'Noto Sans','Noto Sans CJK SC','Microsoft YaHei',sans-serif\">\n<title>{}</title>\n{STYLE}\n",
        escape(title)
    );
    for ((from, to, edge), bends) in edges(graph).into_iter().zip(&drawn.bends) {
        let (x0, y0) = corner(drawn.place[from]);
        let (x1, y1) = corner(drawn.place[to]);
        let mut path = format!("M{} {}", x0 + BOX.0, y0 + BOX.1 / 2);
        let (mut x, mut y) = (x0 + BOX.0, y0 + BOX.1 / 2);
        let stops = bends.iter().map(|&b| corner(b)).map(|(bx, by)| (bx, by + BOX.1 / 2, true)).chain([(x1, y1 + BOX.1 / 2, false)]);
        for (nx, ny, passes) in stops {
            let middle = usize::midpoint(x, nx);
            write!(path, " C{middle} {y} {middle} {ny} {nx} {ny}").expect("a String takes every write");
            if passes {
                write!(path, " L{} {ny}", nx + BOX.0).expect("a String takes every write");
            }
            (x, y) = (if passes { nx + BOX.0 } else { nx }, ny);
        }
        let class = if marks.walk.contains(&from) && marks.walk.contains(&to) { "edge walk" } else { "edge" };
        writeln!(out, "<path class=\"{class}\" d=\"{path}\" marker-end=\"url(#tip)\"/>").expect("a String takes every write");
        let word = match (edge, lang) {
            (Edge::Plain, _) => continue,
            (Edge::Yes, Lang::En) => "yes",
            (Edge::Yes, Lang::Zh) => "是",
            (Edge::No, Lang::En) => "no",
            (Edge::No, Lang::Zh) => "否",
        };
        writeln!(out, "<text class=\"answer\" x=\"{}\" y=\"{}\">{word}</text>", x1 - 24, y1 + BOX.1 / 2 - 4).expect("a String takes every write");
    }
    for (at, node) in graph.nodes.iter().enumerate() {
        let (x, y) = corner(drawn.place[at]);
        let class = format!("{}{}", node.kind.word(), if marks.walk.contains(&at) { " walk" } else { "" });
        let name = node.title.get(lang);
        let value = marks.values.get(at).filter(|v| !v.is_empty());
        let (w, h) = BOX;
        writeln!(out, "<g><title>{} ({})</title>{}", escape(name), kind(node.kind, lang), outline(node.kind, x, y, &class)).expect("a String takes every write");
        let top = if value.is_some() { y + h / 2 - 3 } else { y + h / 2 + 4 };
        writeln!(out, "<text x=\"{}\" y=\"{top}\">{}</text>", x + w / 2, escape(&fit(name, 24))).expect("a String takes every write");
        if let Some(value) = value {
            writeln!(out, "<text class=\"value\" x=\"{}\" y=\"{}\">{}</text>", x + w / 2, y + h / 2 + 13, escape(&fit(value, 26))).expect("a String takes every write");
        }
        out += "</g>\n";
    }
    out += "</svg>\n";
    out
}

const STYLE: &str = r##"<style>
text{font-size:12px;text-anchor:middle;fill:#1b1f24}
.value{font-size:11px;fill:#444}
.answer{font-size:11px;fill:#57606a;text-anchor:middle}
.edge{fill:none;stroke:#8c959f;stroke-width:1.2}
.edge.walk{stroke:#0072B2;stroke-width:2.6}
rect,polygon,ellipse{fill:#fff;stroke:#57606a;stroke-width:1.2}
.walk{stroke:#0072B2;stroke-width:3}
.context{fill:#eef3f8}.measurement{fill:#e6f4ef}.gate{fill:#fff3d6}.criterion{fill:#e8effb}.objective{fill:#dfe7fd}.verdict{fill:#fde5d4}
@media (prefers-color-scheme: dark){text{fill:#e6edf3}.value{fill:#c9d1d9}.answer{fill:#9da7b1}rect,polygon,ellipse{fill:#161b22;stroke:#8b949e}.context{fill:#1a2533}.measurement{fill:#12302a}.gate{fill:#3a2f10}.criterion{fill:#1a2740}.objective{fill:#222d50}.verdict{fill:#402618}.walk{stroke:#56B4E9}.edge.walk{stroke:#56B4E9}}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#8c959f"/></marker></defs>"##;

fn outline(kind: NodeKind, x: usize, y: usize, class: &str) -> String {
    let (w, h) = BOX;
    match kind {
        NodeKind::Gate => format!(
            "<polygon class=\"{class}\" points=\"{},{} {},{y} {},{y} {},{} {},{} {},{}\"/>",
            x, y + h / 2, x + 14, x + w - 14, x + w, y + h / 2, x + w - 14, y + h, x + 14, y + h
        ),
        NodeKind::Formula | NodeKind::Objective => format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"21\"/>"),
        NodeKind::Context => {
            format!("<polygon class=\"{class}\" points=\"{},{y} {},{y} {},{} {x},{}\"/>", x + 12, x + w, x + w - 12, y + h, y + h)
        }
        _ => format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"4\"/>"),
    }
}

/// A label cut to a width in columns of a terminal; the whole of it is in the element's title.
fn fit(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + c.to_string().width() + 1 > most {
            break;
        }
        out.push(c);
    }
    out.trim_end().to_owned() + "…"
}

/// Text inside XML.
#[must_use]
pub fn escape(text: &str) -> String {
    let plain = text.chars().filter(|c| !c.is_control() || c.is_whitespace());
    plain.collect::<String>().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
