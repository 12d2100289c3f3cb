//! 6 Graph: the decision graph from left to right with every edge, one candidate's walk in heavy lines, and what the node under
//! the cursor rests on. What is larger than the pane follows the cursor.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Table, width};
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, Target, fit, pad, wrap};
use crate::tui::wiring::{Cell, Ink, TAIL, Wiring, lines};
use crate::view::explore::layers::{EdgeLabel, Layers, NodeLabel};

/// Where a column stands on the whole drawing.
struct Column {
    left: usize,
    wide: usize,
    /// Room right of it for the answers of gates.
    answers: usize,
}

impl Column {
    fn end(&self) -> usize {
        self.left + self.wide
    }
}

/// Which part of the drawing is in sight.
struct View {
    columns: Vec<Column>,
    /// First column, and the first row.
    from: (usize, usize),
    /// How many columns are in sight.
    shown: usize,
}

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let (layers, wiring) = (&state.views.layers, &state.views.wiring);
    let lang = state.lang;
    let at = state.cursor(List::Nodes);
    let Some(own) = layers.nodes.get(at) else {
        return;
    };
    let low = if area.height >= 16 { 6 } else { 0 };
    let body = Rect {
        height: area.height - low,
        ..area
    };
    let inside = Rect {
        width: area.width.saturating_sub(2),
        height: body.height.saturating_sub(2),
        ..body
    };
    let view = view(layers, wiring, own, wiring.rows[at], inside);
    let of = |from: usize, shown: usize, all: usize| {
        format!("{}-{}/{all}", from + 1, (from + shown).min(all))
    };
    let (columns, rows) = (
        of(view.from.0, view.shown, layers.columns.len()),
        of(view.from.1, usize::from(inside.height), wiring.height),
    );
    let walk = format!(
        "{}{}",
        lang.pick(
            "Decision graph, heavy: the walk of ",
            "决策图，粗线为其路径："
        ),
        state.name(state.candidate)
    );
    let part = match lang {
        crate::lang::Lang::En => format!("columns {columns}, rows {rows}"),
        crate::lang::Lang::Zh => format!("列 {columns}，行 {rows}"),
    };
    let whole = format!("{walk}   {part}");
    let title = if width(&whole) + 6 <= area.width {
        whole
    } else {
        walk
    };
    let inside = pen.frame(body, &title, true);
    for column in view.from.0..(view.from.0 + view.shown).min(layers.columns.len()) {
        cells(state, pen, inside, &view, column);
        gap(state, pen, inside, &view, column);
    }
    if low > 0 {
        about(
            state,
            pen,
            Rect {
                y: area.y + area.height - low,
                height: low,
                ..area
            },
            own,
        );
    }
}

/// The column of the node under the cursor with the one before and the one after it, or with the one where more of its edges go;
/// and the rows around it.
fn view(layers: &Layers, wiring: &Wiring, own: &NodeLabel, row: usize, inside: Rect) -> View {
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
                .filter(|edge| arrives(layers, edge) == Some(at + 1));
            all.filter_map(|edge| edge.answer)
                .map(|answer| usize::from(width(answer)) + 1)
                .max()
                .unwrap_or(0)
        })
        .collect();
    let gap = |at: usize| answers[at] + wiring.gaps.get(at).map_or(0, |gap| gap.tracks + TAIL);
    // Names are cut rather than columns, as far as names can be read.
    let lines: usize = (before..after).map(gap).sum();
    let widest = (room.saturating_sub(lines) / (after - before + 1))
        .clamp(18, 34)
        .min(room.saturating_sub(4));
    let mut columns: Vec<Column> = Vec::new();
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
        columns.push(Column {
            left,
            wide,
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
    // What is left over goes to the columns further left.
    let first = (0..first)
        .find(|further| fits(*further, last))
        .unwrap_or(first);
    let shown = (first..columns.len())
        .take_while(|&at| columns[at].left < columns[first].left + room)
        .count();
    let top = row
        .saturating_sub(height / 2)
        .min(wiring.height.saturating_sub(height));
    View {
        columns,
        from: (first, top),
        shown,
    }
}

impl View {
    /// The part of the pane that lies here on the drawing.
    fn place(&self, inside: Rect, x: usize, wide: usize) -> Rect {
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

    /// The line of the pane that shows a row.
    fn line(&self, row: usize, inside: Rect) -> Option<u16> {
        u16::try_from(row.checked_sub(self.from.1)?)
            .ok()
            .filter(|y| *y < inside.height)
    }
}

/// A column: its nodes, and the edges that pass between them.
fn cells(state: &State, pen: &mut Pen<'_>, inside: Rect, view: &View, column: usize) {
    let (layers, wiring) = (&state.views.layers, &state.views.wiring);
    let Column { left, wide, .. } = view.columns[column];
    let area = view.place(inside, left, wide);
    for &cell in &layers.columns[column] {
        let Some(y) = view.line(wiring.rows[cell], inside) else {
            continue;
        };
        let line = Rect {
            y: area.y + y,
            height: 1,
            ..area
        };
        if cell < layers.nodes.len() {
            label(state, pen, line, wide, cell);
            pen.hit(line, Target::Row(List::Nodes, cell));
        } else if let Some(path) = layers
            .edges
            .iter()
            .position(|edge| edge.path.contains(&cell))
        {
            let ink = ink(state, path);
            let arm = 1 + u8::from(ink.heavy);
            let passing = Cell {
                arms: [0, 0, arm, arm],
                own: ink.own,
            };
            for x in 0..line.width {
                glyph(state, pen, line, x, 0, passing);
            }
        }
    }
}

fn label(state: &State, pen: &mut Pen<'_>, area: Rect, wide: usize, n: usize) {
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

/// How an edge is drawn: heavy on the walk, on top where the node under the cursor is at one of its ends.
fn ink(state: &State, path: usize) -> Ink {
    let edge = &state.views.layers.edges[path];
    Ink {
        heavy: edge.lit,
        own: edge.touches(state.cursor(List::Nodes)),
    }
}

fn glyph(state: &State, pen: &mut Pen<'_>, area: Rect, x: u16, y: u16, cell: Cell) {
    let style = match (cell.own, cell.is_heavy()) {
        (true, _) => state.look.good().patch(state.look.strong()),
        (_, true) => Style::new(),
        _ => state.look.dim(),
    };
    if let Some(glyph) = cell.glyph(state.look.ascii) {
        pen.put(area, x, y, glyph.encode_utf8(&mut [0; 4]), style);
    }
}

/// The column in which an edge arrives.
fn arrives(layers: &Layers, edge: &EdgeLabel) -> Option<usize> {
    edge.path
        .last()
        .and_then(|&to| layers.nodes.get(to))
        .map(|node| node.column)
}

/// The lines between a column and the next, with tips and the answers of gates.
fn gap(state: &State, pen: &mut Pen<'_>, inside: Rect, view: &View, column: usize) {
    let (layers, wiring) = (&state.views.layers, &state.views.wiring);
    let Some(gap) = wiring.gaps.get(column) else {
        return;
    };
    let (own, top) = (&view.columns[column], view.from.1);
    let room = view.place(inside, own.end(), own.answers);
    let area = view.place(inside, own.end() + own.answers, gap.tracks + TAIL);
    let drawn = lines(gap, top..top + usize::from(inside.height), |path| {
        ink(state, path)
    });
    for (y, line) in (0..inside.height).zip(drawn) {
        // The lines begin at the column, whatever room there is for answers.
        let first = line.first().copied().unwrap_or_default();
        (0..room.width).for_each(|x| glyph(state, pen, room, x, y, first));
        for (x, cell) in (0..area.width).zip(line) {
            glyph(state, pen, area, x, y, cell);
        }
    }
    let tip = u16::try_from(gap.tracks + TAIL - 1).unwrap_or(u16::MAX);
    // What the cursor is at lies on top.
    for on_top in [false, true] {
        for link in gap
            .links
            .iter()
            .filter(|link| ink(state, link.path).own == on_top)
        {
            let edge = &layers.edges[link.path];
            if arrives(layers, edge) != Some(column + 1) {
                continue;
            }
            let style = if on_top {
                state.look.good().patch(state.look.strong())
            } else {
                Style::new()
            };
            if let Some(y) = view.line(link.to, inside) {
                pen.put(
                    area,
                    tip,
                    y,
                    if state.look.ascii { ">" } else { "▸" },
                    style,
                );
            }
            // An answer stands where its edge leaves, unless others leave there too: then the pane below tells.
            let alone = gap
                .links
                .iter()
                .filter(|other| other.from == link.from)
                .count()
                == 1;
            if let (Some(answer), Some(y), true) =
                (edge.answer, view.line(link.from, inside), alone)
            {
                pen.put(room, 1, y, answer, style);
            }
        }
    }
}

/// What is known of the node under the cursor.
fn about(state: &State, pen: &mut Pen<'_>, area: Rect, own: &NodeLabel) {
    let (layers, lang) = (&state.views.layers, state.lang);
    let inside = pen.frame(area, &format!("{} ({})", own.title, own.kind), false);
    let at = state.cursor(List::Nodes);
    // What is used whatever the gate answers needs no answer.
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
        lang.pick("not on this walk", "不在该路径上")
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
    let lines = [
        format!("{}{value}", own.id),
        format!("{}{}", lang.pick("rests on: ", "依据："), listed(&feeds)),
        format!("{}{}", lang.pick("feeds: ", "用于："), listed(&used)),
    ];
    let lines = lines
        .iter()
        .flat_map(|line| wrap(line, usize::from(inside.width.saturating_sub(2))));
    for (y, line) in (0..inside.height).zip(lines) {
        pen.put(inside, 1, y, &line, Style::new());
    }
}

pub(super) fn table(state: &State) -> Table {
    let nodes = &state.views.layers.nodes;
    let names = |all: &[usize]| {
        all.iter()
            .map(|n| nodes[*n].id.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let row = |n: &NodeLabel| {
        vec![
            n.id.clone(),
            n.value.clone(),
            n.kind.to_owned(),
            names(&n.feeds),
        ]
    };
    (
        super::head(
            state,
            [
                ("node", "节点"),
                ("value", "值"),
                ("kind", "类别"),
                ("rests on", "依据"),
            ],
        ),
        nodes.iter().map(row).collect(),
    )
}
