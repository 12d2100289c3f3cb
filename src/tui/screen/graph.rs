//! 6 Graph: the decision graph in columns, one candidate's walk lit, and what the node under the cursor rests on.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Table, scroll};
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, Target, fit, pad};

const COLUMN: u16 = 24;
const GAP: u16 = 3;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let layers = &state.views.layers;
    let lang = state.lang;
    let ascii = state.look.ascii;
    let title = format!("{} {}", lang.pick("Decision graph, lit: the walk of", "决策图，高亮为其路径："), state.name(state.candidate));
    let low = if area.height >= 16 { 6 } else { 0 };
    let inside = pen.frame(Rect { height: area.height - low, ..area }, &title, true);
    let at = state.cursor(List::Nodes);
    let Some(own) = layers.nodes.get(at) else { return };
    let shown = usize::from((inside.width / (COLUMN + GAP)).max(1));
    let first = own.column.saturating_sub(shown / 2).min(layers.columns.len().saturating_sub(shown));
    for (i, column) in layers.columns.iter().enumerate().skip(first).take(shown) {
        let x = u16::try_from(i - first).unwrap_or(0) * (COLUMN + GAP);
        // Each column keeps what matters to the cursor in sight: the node itself, or the first it feeds or rests on.
        let near = column.iter().position(|n| *n == at || own.feeds.contains(n) || own.used.contains(n)).unwrap_or(0);
        let top = scroll(if i == own.column { own.row } else { near }, column.len(), inside.height);
        for (y, &n) in column.iter().skip(top).take(usize::from(inside.height)).enumerate() {
            let y = u16::try_from(y).unwrap_or(u16::MAX);
            let node = &layers.nodes[n];
            let mark = if own.feeds.contains(&n) {
                ">"
            } else if own.used.contains(&n) {
                "<"
            } else {
                " "
            };
            let style = if n == at {
                state.look.cursor()
            } else if own.feeds.contains(&n) || own.used.contains(&n) {
                state.look.good().patch(state.look.strong())
            } else if node.lit {
                state.look.strong()
            } else {
                state.look.dim()
            };
            let lit = if node.lit { "*" } else { " " };
            let value = if node.value.is_empty() { String::new() } else { format!("={}", fit(&node.value, 9, ascii)) };
            let room = usize::from(COLUMN).saturating_sub(2 + usize::from(super::width(&value)));
            let text = format!("{mark}{lit}{}{value}", pad(&node.title, room, ascii));
            pen.put(inside, x, y, &text, style);
            if i + 1 < layers.columns.len() && node.used.iter().any(|u| layers.nodes[*u].column == i + 1) {
                let lit_edge = node.lit && node.used.iter().any(|u| layers.nodes[*u].lit);
                let line = if ascii { "-->" } else { "──▸" };
                pen.put(inside, x + COLUMN, y, line, if lit_edge { Style::new() } else { state.look.dim() });
            }
            pen.hit(Rect { x: inside.x + x, y: inside.y + y, width: COLUMN, height: 1 }, Target::Row(List::Nodes, n));
        }
    }
    if low == 0 {
        return;
    }
    let side = Rect { y: area.y + area.height - low, height: low, ..area };
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

pub(super) fn table(state: &State) -> Table {
    let nodes = &state.views.layers.nodes;
    let names = |all: &[usize]| all.iter().map(|n| nodes[*n].id.as_str()).collect::<Vec<_>>().join(", ");
    let row = |n: &crate::view::explore::layers::NodeLabel| vec![n.id.clone(), n.value.clone(), n.kind.to_owned(), names(&n.feeds)];
    (["node", "value", "kind", "rests on"].map(str::to_owned).to_vec(), nodes.iter().map(row).collect())
}
