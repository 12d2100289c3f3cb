//! 6 Graph: the decision graph from left to right with every edge; heavy lines show what one candidate's result depends on, and
//! the pane below what the selected node depends on. A graph that is larger than the pane scrolls with the cursor.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

use super::{ExportTable, export_header};
use crate::tr;
use crate::tui::state::{List, State};
use crate::tui::widget::{ClickTarget, Pen, fit, pad, width, wrap};
use crate::tui::wiring::{Ink, LineCell, TAIL, Wiring, lines};
use crate::view::explore::layers::{EdgeLabel, GraphLayers, NodeLabel};

/// Where a column of nodes lies on the whole drawing.
struct NodeColumn {
    left: usize,
    width: usize,
    /// The space right of it for the answers of gates.
    answers: usize,
}

impl NodeColumn {
    fn end(&self) -> usize {
        self.left + self.width
    }
}

/// The part of the drawing that the pane shows.
struct Viewport {
    columns: Vec<NodeColumn>,
    /// The first column and the first row.
    from: (usize, usize),
    /// How many columns are visible.
    shown: usize,
}

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let (layers, wiring) = (&state.views.layers, &state.views.wiring);
    let lang = state.lang;
    let at = state.cursor(List::Nodes);
    let Some(own) = layers.nodes.get(at) else {
        return;
    };
    let below = if area.height >= 16 { 6 } else { 0 };
    let [body, below] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(below)]).areas(area);
    let inside = Rect {
        width: area.width.saturating_sub(2),
        height: body.height.saturating_sub(2),
        ..body
    };
    let view = viewport(layers, wiring, own, wiring.rows[at], inside);
    let range = |from: usize, shown: usize, all: usize| {
        format!("{}-{}/{all}", from + 1, (from + shown).min(all))
    };
    let columns = range(view.from.0, view.shown, layers.columns.len());
    let rows = range(view.from.1, inside.height.into(), wiring.height);
    let name = state.candidate_name(state.selection.candidate);
    let mut title = tr!(
        "Decision graph, heavy: what the result of {name} depends on",
        "决策图，粗线为 {name} 的结果所依据的一切"
    );
    let mut long = title.clone();
    long.push(&tr!(
        "   columns {columns}, rows {rows}",
        "   列 {columns}，行 {rows}"
    ));
    if width(long.get(lang)) + 6 <= area.width {
        title = long;
    }
    let inside = pen.frame(body, title.get(lang), true);
    for column in view.from.0..(view.from.0 + view.shown).min(layers.columns.len()) {
        draw_nodes(state, pen, inside, &view, column);
        draw_edges(state, pen, inside, &view, column);
    }
    if !below.is_empty() {
        draw_details(state, pen, below, own);
    }
}

/// Chooses the columns and rows to show: around the selected node, with the columns before and after it if both fit, else with the
/// one that more of its edges lead to.
fn viewport(
    layers: &GraphLayers,
    wiring: &Wiring,
    own: &NodeLabel,
    row: usize,
    inside: Rect,
) -> Viewport {
    let (room, height) = (usize::from(inside.width), usize::from(inside.height));
    let here = own.column;
    let (before, after) = (
        here.saturating_sub(1),
        (here + 1).min(layers.columns.len().saturating_sub(1)),
    );
    let answers: Vec<usize> = (0..layers.columns.len())
        .map(|at| {
            let all = layers
                .edges
                .iter()
                .filter(|edge| target_column(layers, edge) == Some(at + 1));
            all.filter_map(|edge| edge.answer)
                .map(|answer| usize::from(width(answer)) + 1)
                .max()
                .unwrap_or(0)
        })
        .collect();
    let gap = |at: usize| answers[at] + wiring.gaps.get(at).map_or(0, |gap| gap.tracks + TAIL);
    // Names are cut, as long as they stay readable, before columns are left out.
    let lines: usize = (before..after).map(gap).sum();
    let widest = (room.saturating_sub(lines) / (after - before + 1))
        .clamp(18, 34)
        .min(room.saturating_sub(4));
    let mut columns: Vec<NodeColumn> = Vec::new();
    let mut left = 0;
    for (at, cells) in layers.columns.iter().enumerate() {
        let own = |cell: &usize| {
            layers
                .nodes
                .get(*cell)
                .map(|n| usize::from(width(&n.title) + width(&n.value)) + 3)
        };
        let wide = cells
            .iter()
            .filter_map(own)
            .max()
            .unwrap_or(0)
            .clamp(8, widest);
        columns.push(NodeColumn {
            left,
            width: wide,
            answers: answers[at],
        });
        left += wide + gap(at);
    }
    let fits = |first: usize, last: usize| columns[last].end() - columns[first].left <= room;
    let least = if own.feeds.len() >= own.used.len() {
        (before, here)
    } else {
        (here, after)
    };
    let (first, last) = [(before, after), least]
        .into_iter()
        .find(|(first, last)| fits(*first, *last))
        .unwrap_or((here, here));
    // Space that is left over shows more columns on the left.
    let first = (0..first)
        .find(|further| fits(*further, last))
        .unwrap_or(first);
    let shown = (first..columns.len())
        .take_while(|&at| columns[at].left < columns[first].left + room)
        .count();
    let top = row
        .saturating_sub(height / 2)
        .min(wiring.height.saturating_sub(height));
    Viewport {
        columns,
        from: (first, top),
        shown,
    }
}

impl Viewport {
    /// The part of the pane that shows this part of the drawing.
    fn pane_area(&self, inside: Rect, x: usize, wide: usize) -> Rect {
        let left = u16::try_from(x - self.columns[self.from.0].left).unwrap_or(u16::MAX);
        let wide = u16::try_from(wide)
            .unwrap_or(u16::MAX)
            .min(inside.width.saturating_sub(left));
        Rect {
            x: inside.x.saturating_add(left),
            width: wide,
            ..inside
        }
    }

    /// The line of the pane that shows a row of the drawing.
    fn pane_line(&self, row: usize, inside: Rect) -> Option<u16> {
        u16::try_from(row.checked_sub(self.from.1)?)
            .ok()
            .filter(|y| *y < inside.height)
    }
}

/// Draws a column: its nodes, and the edges that pass between them.
fn draw_nodes(state: &State, pen: &mut Pen<'_>, inside: Rect, view: &Viewport, column: usize) {
    let (layers, wiring) = (&state.views.layers, &state.views.wiring);
    let NodeColumn {
        left, width: wide, ..
    } = view.columns[column];
    let area = view.pane_area(inside, left, wide);
    for &cell in &layers.columns[column] {
        let Some(y) = view.pane_line(wiring.rows[cell], inside) else {
            continue;
        };
        let line = Rect {
            y: area.y + y,
            height: 1,
            ..area
        };
        if cell < layers.nodes.len() {
            draw_node(state, pen, line, wide, cell);
            pen.hit(line, ClickTarget::Row(List::Nodes, cell));
        } else if let Some(path) = layers
            .edges
            .iter()
            .position(|edge| edge.path.contains(&cell))
        {
            let ink = edge_ink(state, path);
            let arm = 1 + u8::from(ink.heavy);
            let passing = LineCell {
                arms: [0, 0, arm, arm],
                own: ink.own,
            };
            for x in 0..line.width {
                draw_glyph(state, pen, line, x, 0, passing);
            }
        }
    }
}

fn draw_node(state: &State, pen: &mut Pen<'_>, area: Rect, wide: usize, n: usize) {
    let (ascii, at) = (state.look.ascii, state.cursor(List::Nodes));
    let node = &state.views.layers.nodes[n];
    let own = &state.views.layers.nodes[at];
    let (mark, style) = if own.feeds.contains(&n) {
        (">", state.look.good().patch(state.look.strong()))
    } else if own.used.contains(&n) {
        ("<", state.look.good().patch(state.look.strong()))
    } else if node.lit {
        (" ", Style::new())
    } else {
        (" ", state.look.dim())
    };
    let style = if n == at { state.look.cursor() } else { style };
    let lit = if node.lit { "*" } else { " " };
    let value = if node.value.is_empty() {
        String::new()
    } else {
        format!(" {}", fit(&node.value, wide / 2, ascii))
    };
    let room = wide.saturating_sub(2 + usize::from(width(&value)));
    pen.put(
        area,
        0,
        0,
        &format!("{mark}{lit}{}{value}", pad(&node.title, room, ascii)),
        style,
    );
}

/// How an edge is drawn: heavy if the candidate's result depends on it, on top if it touches the selected node.
fn edge_ink(state: &State, path: usize) -> Ink {
    let edge = &state.views.layers.edges[path];
    Ink {
        heavy: edge.lit,
        own: edge.touches(state.cursor(List::Nodes)),
    }
}

fn draw_glyph(state: &State, pen: &mut Pen<'_>, area: Rect, x: u16, y: u16, cell: LineCell) {
    let style = match (cell.own, cell.is_heavy()) {
        (true, _) => state.look.good().patch(state.look.strong()),
        (_, true) => Style::new(),
        _ => state.look.dim(),
    };
    if let Some(glyph) = cell.glyph(state.look.ascii) {
        pen.put(area, x, y, glyph.encode_utf8(&mut [0; 4]), style);
    }
}

/// The column in which an edge ends.
fn target_column(layers: &GraphLayers, edge: &EdgeLabel) -> Option<usize> {
    edge.path
        .last()
        .and_then(|&to| layers.nodes.get(to))
        .map(|node| node.column)
}

/// Draws the lines between a column and the next, with arrow tips and the answers of gates.
fn draw_edges(state: &State, pen: &mut Pen<'_>, inside: Rect, view: &Viewport, column: usize) {
    let (layers, wiring) = (&state.views.layers, &state.views.wiring);
    let Some(gap) = wiring.gaps.get(column) else {
        return;
    };
    let (own, top) = (&view.columns[column], view.from.1);
    let room = view.pane_area(inside, own.end(), own.answers);
    let area = view.pane_area(inside, own.end() + own.answers, gap.tracks + TAIL);
    let drawn = lines(gap, top..top + usize::from(inside.height), |path| {
        edge_ink(state, path)
    });
    for (y, line) in (0..inside.height).zip(drawn) {
        // The lines start at the column itself, to the left of the space for answers.
        let first = line.first().copied().unwrap_or_default();
        (0..room.width).for_each(|x| draw_glyph(state, pen, room, x, y, first));
        for (x, cell) in (0..area.width).zip(line) {
            draw_glyph(state, pen, area, x, y, cell);
        }
    }
    let tip = u16::try_from(gap.tracks + TAIL - 1).unwrap_or(u16::MAX);
    // The edges of the selected node are drawn last, on top.
    for on_top in [false, true] {
        for link in gap
            .links
            .iter()
            .filter(|link| edge_ink(state, link.path).own == on_top)
        {
            let edge = &layers.edges[link.path];
            if target_column(layers, edge) != Some(column + 1) {
                continue;
            }
            let style = if on_top {
                state.look.good().patch(state.look.strong())
            } else {
                Style::new()
            };
            if let Some(y) = view.pane_line(link.to, inside) {
                pen.put(
                    area,
                    tip,
                    y,
                    if state.look.ascii { ">" } else { "▸" },
                    style,
                );
            }
            // An answer is written where its edge starts, unless other edges start there too: then the pane below shows it.
            let alone = gap
                .links
                .iter()
                .filter(|other| other.from == link.from)
                .count()
                == 1;
            if let (Some(answer), Some(y), true) =
                (edge.answer, view.pane_line(link.from, inside), alone)
            {
                pen.put(room, 1, y, answer, style);
            }
        }
    }
}

/// Draws what is known about the selected node.
fn draw_details(state: &State, pen: &mut Pen<'_>, area: Rect, own: &NodeLabel) {
    let (layers, lang) = (&state.views.layers, state.lang);
    let inside = pen.frame(area, &format!("{} ({})", own.title, own.kind), false);
    let at = state.cursor(List::Nodes);
    // A node that is used whatever the gate answers shows no answer.
    let answer = |from: usize, to: usize| {
        let mut between = layers
            .edges
            .iter()
            .filter(|e| e.path.first() == Some(&from) && e.path.last() == Some(&to));
        match (between.next().and_then(|e| e.answer), between.next()) {
            (Some(answer), None) => format!(" ({answer})"),
            _ => String::new(),
        }
    };
    let name = |n: usize, end: String| format!("{}{end}", layers.nodes[n].title);
    let feeds: Vec<String> = own.feeds.iter().map(|&n| name(n, answer(n, at))).collect();
    let used: Vec<String> = own.used.iter().map(|&n| name(n, answer(at, n))).collect();
    let value = if own.value.is_empty() {
        lang.pick("not used for this candidate", "该候选未用到")
    } else {
        own.value.as_str()
    };
    let value = if own.lit && own.value.is_empty() {
        String::new()
    } else {
        format!(" = {value}")
    };
    let none = || lang.pick("nothing", "无").to_owned();
    let listed = |all: &[String]| {
        if all.is_empty() {
            none()
        } else {
            all.join(lang.pick(", ", "、"))
        }
    };
    let (feeds, used) = (listed(&feeds), listed(&used));
    let rests_on = tr!("depends on: {feeds}", "依据：{feeds}");
    let used_by = tr!("used by: {used}", "用于：{used}");
    let room = usize::from(inside.width.saturating_sub(2));
    let lines = [
        format!("{}{value}", own.id),
        rests_on.get(lang).to_owned(),
        used_by.get(lang).to_owned(),
    ];
    let lines: Vec<String> = lines.iter().flat_map(|line| wrap(line, room)).collect();
    pen.put_lines(inside, &lines, Style::new());
}

pub(super) fn export(state: &State) -> ExportTable {
    let header = [
        ("node", "节点"),
        ("value", "值"),
        ("kind", "类别"),
        ("depends on", "依据"),
    ];
    let nodes = &state.views.layers.nodes;
    let row = |node: &NodeLabel| {
        let feeds = node.feeds.iter().map(|&n| nodes[n].id.as_str());
        vec![
            node.id.clone(),
            node.value.clone(),
            node.kind.to_owned(),
            feeds.collect::<Vec<_>>().join(", "),
        ]
    };
    ExportTable {
        header: export_header(state, header),
        rows: nodes.iter().map(row).collect(),
    }
}
