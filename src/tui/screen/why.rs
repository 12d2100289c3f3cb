//! 5 Why: the tree from score to evidence, and beside it all that is known of the row.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Table, note, rows, width};
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit, wrap};

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let tree = &state.views.tree;
    let board = &state.views.board;
    let score = board
        .places
        .iter()
        .find(|p| p.candidate == state.candidate)
        .map_or_else(
            || lang.pick("without a rank", "没有名次").to_owned(),
            |p| p.total.clone(),
        );
    let title = format!(
        "{}{} {score}",
        lang.pick("Why ", "缘由："),
        state.name(state.candidate)
    );
    let narrow = state.is_narrow();
    let right = if narrow { 0 } else { area.width * 2 / 5 };
    let low = if narrow && area.height >= 12 {
        (area.height / 3).min(8)
    } else {
        0
    };
    let left = Rect {
        width: area.width - right,
        height: area.height - low,
        ..area
    };
    let inside = pen.frame(left, &title, true);
    if tree.is_empty() {
        note(pen, inside, lang.pick("no candidate", "没有候选"));
    }
    let ascii = state.look.ascii;
    rows(state, pen, inside, List::Tree, |pen, at, y| {
        let branch = &tree[at];
        let mark = match branch.open {
            Some(true) => "v",
            Some(false) => ">",
            None => ".",
        };
        let indent = u16::try_from(branch.depth * 2)
            .unwrap_or(0)
            .min(inside.width / 2);
        let shown = fit(&branch.shown, usize::from(inside.width * 3 / 5), ascii);
        let room = inside.width.saturating_sub(indent + 4 + width(&shown));
        pen.put(
            inside,
            indent + 1,
            y,
            &format!(
                "{mark} {}",
                fit(&branch.label, usize::from(room.saturating_sub(1)), ascii)
            ),
            Style::new(),
        );
        pen.put(
            inside,
            inside.width.saturating_sub(width(&shown)),
            y,
            &shown,
            Style::new(),
        );
    });
    let Some(branch) = tree.get(state.cursor(List::Tree)) else {
        return;
    };
    let side = if narrow {
        Rect {
            y: area.y + area.height - low,
            height: low,
            ..area
        }
    } else {
        Rect {
            x: area.x + left.width,
            width: right,
            ..area
        }
    };
    let inside = pen.frame(side, &branch.label, false);
    let lines = branch
        .detail
        .iter()
        .flat_map(|line| wrap(line, usize::from(inside.width.saturating_sub(2))));
    for (y, line) in lines.take(usize::from(inside.height)).enumerate() {
        pen.put(
            inside,
            1,
            u16::try_from(y).unwrap_or(u16::MAX),
            &line,
            Style::new(),
        );
    }
}

pub(super) fn table(state: &State) -> Table {
    let row = |b: &crate::tui::state::Branch| {
        let place = b
            .place
            .as_ref()
            .map_or_else(String::new, |(file, line)| format!("{file}:{line}"));
        vec![
            format!("{}{}", "· ".repeat(b.depth), b.label),
            b.shown.clone(),
            place,
        ]
    };
    (
        super::head(
            state,
            [("what", "内容"), ("value", "值"), ("where", "位置")],
        ),
        state.views.tree.iter().map(row).collect(),
    )
}
