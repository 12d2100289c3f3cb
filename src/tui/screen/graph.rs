//! 6 Graph: the decision graph in columns, one candidate's walk lit, and what the node under the cursor rests on.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Table, scroll};
use crate::tui::state::{List, State};
use crate::tui::widget::{Edge, Pen, Target, fit, pad, route};
use crate::view::explore::layers::NodeLabel;

/// Columns that are shown at once, where each has room for a name.
const MOST: u16 = 3;
/// Cells between two columns: room for four uprights.
const GAP: u16 = 6;
/// Weights of edges: any, those of the walk, those of the node under the cursor.
const ANY: u8 = 1;
const LIT: u8 = 2;
const OWN: u8 = 3;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let layers = &state.views.layers;
    let lang = state.lang;
    let title = format!("{} {}", lang.pick("Decision graph, lit: the walk of", "决策图，高亮为其路径："), state.name(state.candidate));
    let low = if area.height >= 16 { 6 } else { 0 };
    let inside = pen.frame(Rect { height: area.height - low, ..area }, &title, true);
    let at = state.cursor(List::Nodes);
    let Some(own) = layers.nodes.get(at) else { return };
    let shown = if inside.width >= 74 { MOST } else { (inside.width / 30).clamp(1, MOST) };
    let width = inside.width.saturating_sub((shown - 1) * GAP) / shown;
    let shown = usize::from(shown);
    let first = own.column.saturating_sub(shown / 2).min(layers.columns.len().saturating_sub(shown));
    let tops: Vec<usize> = layers.columns.iter().enumerate().map(|(i, column)| top(own, at, i, column, inside.height)).collect();
    for (i, column) in layers.columns.iter().enumerate().skip(first).take(shown) {
        let x = u16::try_from(i - first).unwrap_or(0) * (width + GAP);
        for (y, &n) in column.iter().skip(tops[i]).take(usize::from(inside.height)).enumerate() {
            let y = u16::try_from(y).unwrap_or(u16::MAX);
            let cell = Rect { x: inside.x + x, y: inside.y + y, width, height: 1 };
            label(state, pen, cell, n);
            pen.hit(cell, Target::Row(List::Nodes, n));
        }
        if i + 1 < layers.columns.len() && i + 1 < first + shown {
            let gap = Rect { x: inside.x + x + width, width: GAP, ..inside };
            edges(state, pen, gap, i, &tops);
        }
    }
    if low == 0 {
        return;
    }
    let side = Rect { y: area.y + area.height - low, height: low, ..area };
    let ascii = state.look.ascii;
    let inside = pen.frame(side, &format!("{} ({})", own.title, own.kind), false);
    let names = |all: &[usize]| all.iter().map(|n| layers.nodes[*n].id.as_str()).collect::<Vec<_>>().join(", ");
    let value = if own.value.is_empty() { lang.pick("not on this walk", "不在该路径上") } else { own.value.as_str() };
    let lines = [
        format!("{} = {value}", own.id),
        format!("{} {}", lang.pick("rests on:", "依据："), names(&own.feeds)),
        format!("{} {}", lang.pick("feeds:", "用于："), names(&own.used)),
    ];
    for (y, line) in lines.iter().enumerate() {
        pen.put(inside, 1, u16::try_from(y).unwrap_or(0), &fit(line, usize::from(inside.width.saturating_sub(2)), ascii), Style::new());
    }
}

/// The first row of a column that is shown: the node under the cursor is in sight, elsewhere the first it feeds or rests on.
fn top(own: &NodeLabel, at: usize, i: usize, column: &[usize], height: u16) -> usize {
    let near = column.iter().position(|n| *n == at || own.feeds.contains(n) || own.used.contains(n)).unwrap_or(0);
    scroll(if i == own.column { own.row } else { near }, column.len(), height)
}

fn label(state: &State, pen: &mut Pen<'_>, area: Rect, n: usize) {
    let (ascii, at) = (state.look.ascii, state.cursor(List::Nodes));
    let node = &state.views.layers.nodes[n];
    let own = &state.views.layers.nodes[at];
    let (mark, style) = if own.feeds.contains(&n) {
        (">", state.look.good().patch(state.look.strong()))
    } else if own.used.contains(&n) {
        ("<", state.look.good().patch(state.look.strong()))
    } else if node.lit {
        (" ", state.look.strong())
    } else {
        (" ", state.look.dim())
    };
    let style = if n == at { state.look.cursor() } else { style };
    let lit = if node.lit { "*" } else { " " };
    let value = if node.value.is_empty() { String::new() } else { format!(" {}", fit(&node.value, usize::from(area.width / 2), ascii)) };
    let room = usize::from(area.width).saturating_sub(2 + usize::from(super::width(&value)));
    pen.put(area, 0, 0, &format!("{mark}{lit}{}{value}", pad(&node.title, room, ascii)), style);
}

/// The edges from one column to the next, as far as both ends are in sight.
fn edges(state: &State, pen: &mut Pen<'_>, gap: Rect, column: usize, tops: &[usize]) {
    let layers = &state.views.layers;
    let at = state.cursor(List::Nodes);
    let row = |n: usize| u16::try_from(layers.nodes[n].row.checked_sub(tops[layers.nodes[n].column])?).ok().filter(|y| *y < gap.height);
    let mut all = Vec::new();
    for &from in &layers.columns[column] {
        for &to in layers.nodes[from].used.iter().filter(|to| layers.nodes[**to].column == column + 1) {
            let (Some(y), Some(end)) = (row(from), row(to)) else { continue };
            let weight = match (from == at || to == at, layers.nodes[from].lit && layers.nodes[to].lit) {
                (true, _) => OWN,
                (_, true) => LIT,
                _ => ANY,
            };
            all.push(Edge { from: y, to: end, weight });
        }
    }
    for (y, line) in route(&all, gap.width, gap.height).iter().enumerate() {
        for (x, cell) in line.iter().enumerate() {
            let style = match cell.weight {
                OWN => state.look.good().patch(state.look.strong()),
                LIT => Style::new(),
                _ => state.look.dim(),
            };
            if let Some(glyph) = cell.glyph(state.look.ascii) {
                pen.put(gap, u16::try_from(x).unwrap_or(0), u16::try_from(y).unwrap_or(0), glyph, style);
            }
        }
    }
}

pub(super) fn table(state: &State) -> Table {
    let nodes = &state.views.layers.nodes;
    let names = |all: &[usize]| all.iter().map(|n| nodes[*n].id.as_str()).collect::<Vec<_>>().join(", ");
    let row = |n: &NodeLabel| vec![n.id.clone(), n.value.clone(), n.kind.to_owned(), names(&n.feeds)];
    (super::head(state, [("node", "节点"), ("value", "值"), ("kind", "类别"), ("rests on", "依据")]), nodes.iter().map(row).collect())
}
