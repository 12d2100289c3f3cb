//! The evidence matrix: for each candidate and criterion the measure and its weakest evidence.

use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use crate::tui::screen::list::{ListTable, cell, first_visible_row};
use crate::tui::screen::{ExportTable, note};
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit};
use crate::view::explore::evidence::MatrixCell;

/// Columns of a criterion.
const CRITERION: u16 = 18;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let (lang, look) = (state.lang, state.look);
    let matrix = &state.views.matrix;
    let title = lang.pick(
        "Evidence: M measured R registry P published J judged ? missing ! stale",
        "证据：M 实测 R 登记 P 发表 J 判断 ? 缺失 ! 过期",
    );
    let inside = pen.frame(area, title, state.list() == List::Cells);
    if matrix.rows.is_empty() || matrix.criteria.is_empty() {
        note(pen, inside, lang.pick("no candidate", "没有候选"));
        return;
    }
    let name = (inside.width / 6).clamp(8, 18);
    let count = (inside.width.saturating_sub(name + 2) / (CRITERION + 1)).max(1);
    let selected = state.selection.criterion;
    let first = first_visible_row(selected, matrix.criteria.len(), count);
    let shown = first..(first + usize::from(count)).min(matrix.criteria.len());

    let mut columns = vec![Constraint::Length(name)];
    let mut header = vec![Line::default()];
    for k in shown.clone() {
        let (letter, title) = &matrix.criteria[k];
        let style = if k == selected {
            look.strong()
        } else {
            look.dim()
        };
        let title = fit(&format!("{letter} {title}"), CRITERION.into(), look.ascii);
        columns.push(Constraint::Length(CRITERION));
        header.push(cell(title, style));
    }
    let cursor = state.cursor(List::Cells);
    ListTable::new(List::Cells, columns)
        .header(header)
        .draw(state, pen, inside, |_, at, _| {
            let (_, candidate, cells) = &matrix.rows[at];
            let candidate = fit(candidate, name.into(), look.ascii);
            let mut row = vec![Line::raw(candidate)];
            row.extend(shown.clone().map(|k| {
                let style = if cells[k].letter == '?' {
                    look.bad()
                } else {
                    Style::new()
                };
                let style = if at == cursor && k == selected {
                    style.patch(look.cursor())
                } else {
                    style
                };
                let text = fit(&format_cell(&cells[k]), CRITERION.into(), look.ascii);
                cell(text, style)
            }));
            row
        });
}

fn format_cell(cell: &MatrixCell) -> String {
    let stale = if cell.stale { "!" } else { " " };
    if cell.letter == '?' {
        format!("{stale}?")
    } else {
        format!("{stale}{} {}", cell.letter, cell.shown)
    }
}

pub(super) fn export(state: &State) -> ExportTable {
    let matrix = &state.views.matrix;
    let candidate = state.lang.pick("candidate", "候选").to_owned();
    let titles = matrix.criteria.iter().map(|(_, title)| title.clone());
    let rows = matrix.rows.iter().map(|(_, name, cells)| {
        let cells = cells.iter();
        let cells = cells.map(|cell| format!("{} {}", cell.letter, cell.shown));
        std::iter::once(name.clone()).chain(cells).collect()
    });
    ExportTable {
        header: std::iter::once(candidate).chain(titles).collect(),
        rows: rows.collect(),
    }
}
