//! 5 Why: the tree from score to evidence, and beside it all that is known about the selected line.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use super::list::ListTable;
use super::{ExportTable, export_header, note};
use crate::tr;
use crate::tui::state::{Branch, List, State};
use crate::tui::widget::{Pen, fit, pad, width, wrap};

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let [tree, details] = if state.is_narrow() {
        let height = if area.height >= 12 {
            (area.height / 3).min(8)
        } else {
            0
        };
        Layout::vertical([Constraint::Fill(1), Constraint::Length(height)]).areas(area)
    } else {
        let columns = area.width * 2 / 5;
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(columns)]).areas(area)
    };
    draw_tree(state, pen, tree);
    let branch = state.views.tree.get(state.cursor(List::Tree));
    if let Some(branch) = branch.filter(|_| !details.is_empty()) {
        let inside = pen.frame(details, &branch.label, false);
        let room = usize::from(inside.width.saturating_sub(2));
        let lines: Vec<String> = branch
            .detail
            .iter()
            .flat_map(|line| wrap(line, room))
            .collect();
        pen.put_lines(inside, &lines, Style::new());
    }
}

fn draw_tree(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let (lang, look) = (state.lang, state.look);
    let tree = &state.views.tree;
    let selected = state.selection.candidate;
    let mut places = state.views.board.places.iter();
    let score = places
        .find(|place| place.candidate == selected)
        .map_or_else(
            || lang.pick("without a rank", "没有名次"),
            |place| place.total.as_str(),
        );
    let name = state.candidate_name(selected);
    let title = tr!("Why {name} {score}", "缘由：{name} {score}");
    let inside = pen.frame(area, title.get(lang), true);
    if tree.is_empty() {
        note(pen, inside, lang.pick("no candidate", "没有候选"));
    }
    ListTable::new(List::Tree, [Constraint::Fill(1)]).draw(state, pen, inside, |_, at, areas| {
        vec![Line::raw(tree_line(&tree[at], areas[0].width, look.ascii))]
    });
}

/// A line of the tree over its whole width: indent, mark and label left, the value right.
fn tree_line(branch: &Branch, columns: u16, ascii: bool) -> String {
    let mark = match branch.open {
        Some(true) => "v",
        Some(false) => ">",
        None => ".",
    };
    let indent = u16::try_from(branch.depth * 2)
        .unwrap_or(0)
        .min(columns / 2);
    let value = fit(&branch.shown, usize::from(columns * 3 / 5), ascii);
    let room = columns.saturating_sub(indent + 2 + width(&value));
    let label = pad(&branch.label, room.saturating_sub(1).into(), ascii);
    format!("{}{mark} {label} {value}", " ".repeat(indent.into()))
}

pub(super) fn export(state: &State) -> ExportTable {
    let header = [("what", "内容"), ("value", "值"), ("where", "位置")];
    let row = |branch: &Branch| {
        let place = branch.place.as_ref();
        vec![
            format!("{}{}", "· ".repeat(branch.depth), branch.label),
            branch.shown.clone(),
            place.map_or_else(String::new, |(file, line)| format!("{file}:{line}")),
        ]
    };
    ExportTable {
        header: export_header(state, header),
        rows: state.views.tree.iter().map(row).collect(),
    }
}
