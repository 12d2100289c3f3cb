//! A list with a cursor: ratatui's `Table`, with a scrollbar on the border of the pane while there is more than fits.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{
    HighlightSpacing, Row, Scrollbar, ScrollbarOrientation, ScrollbarState, Table, TableState,
};

use crate::tui::state::{List, State};
use crate::tui::widget::{ClickTarget, Pen};

/// How a list is drawn.
pub(super) struct ListTable {
    pub list: List,
    /// The widths of its columns, one apart.
    pub columns: Vec<Constraint>,
    /// Empty without a header.
    pub header: Vec<Line<'static>>,
    /// How many columns are bold under the cursor: bars keep their look.
    pub bold_columns: usize,
}

impl ListTable {
    /// A list without a header.
    pub(super) fn new(list: List, columns: impl Into<Vec<Constraint>>) -> Self {
        let columns = columns.into();
        Self {
            list,
            bold_columns: columns.len(),
            columns,
            header: Vec::new(),
        }
    }

    pub(super) fn header(mut self, header: impl Into<Vec<Line<'static>>>) -> Self {
        self.header = header.into();
        self
    }

    /// The last column keeps its look under the cursor.
    pub(super) fn bar_in_last_column(mut self) -> Self {
        self.bold_columns = self.columns.len().saturating_sub(1);
        self
    }

    /// The areas of the columns: a column is left free for the cursor, and one between columns.
    pub(super) fn column_areas(&self, area: Rect) -> Vec<Rect> {
        let area = Rect {
            x: area.x.saturating_add(1),
            width: area.width.saturating_sub(1),
            ..area
        };
        Layout::horizontal(&self.columns)
            .spacing(1)
            .split(area)
            .to_vec()
    }

    /// Draws the rows around the cursor. `row` returns the cells of a row; it gets the row's index and the areas of its cells,
    /// to cut texts to them and to make parts of them clickable.
    pub(super) fn draw(
        &self,
        state: &State,
        pen: &mut Pen<'_>,
        area: Rect,
        mut row: impl FnMut(&mut Pen<'_>, usize, &[Rect]) -> Vec<Line<'static>>,
    ) {
        let header = u16::from(!self.header.is_empty());
        let [_, body] =
            Layout::vertical([Constraint::Length(header), Constraint::Fill(1)]).areas(area);
        let (len, cursor) = (state.len(self.list), state.cursor(self.list));
        let first = first_visible_row(cursor, len, body.height);
        let is_focused = state.list() == self.list;
        let mut areas = self.column_areas(Rect { height: 1, ..body });
        let mut rows = Vec::new();
        for (at, y) in (first..len).zip(body.top()..body.bottom()) {
            areas.iter_mut().for_each(|area| area.y = y);
            let line = Rect {
                y,
                height: 1,
                ..body
            };
            // Below what the row itself makes clickable, such as its slider.
            pen.hit(line, ClickTarget::Row(self.list, at));
            let mut cells = row(pen, at, &areas);
            if at == cursor && is_focused {
                for cell in cells.iter_mut().take(self.bold_columns) {
                    *cell = std::mem::take(cell).patch_style(state.look.strong());
                }
            }
            rows.push(Row::new(cells));
        }
        let mark = if is_focused {
            state.look.cursor()
        } else {
            state.look.strong()
        };
        let mut table = Table::new(rows, &self.columns)
            .column_spacing(1)
            .highlight_spacing(HighlightSpacing::Always)
            .highlight_symbol(Text::styled(">", mark));
        if header > 0 {
            table = table.header(Row::new(self.header.clone()));
        }
        let mut selected = TableState::new().with_selected(Some(cursor - first));
        pen.render_stateful(table, area, &mut selected);
        draw_scrollbar(pen, body, len, first);
    }
}

/// Draws a scrollbar on the border right of an area that shows only a part of a list.
pub(in crate::tui) fn draw_scrollbar(pen: &mut Pen<'_>, area: Rect, len: usize, first: usize) {
    let height = usize::from(area.height);
    if len <= height || height < 3 {
        return;
    }
    let border = Rect {
        x: area.right(),
        width: 1,
        ..area
    };
    let thumb = if pen.look.ascii { "+" } else { "┃" };
    let scrollbar = Scrollbar::new(ScrollbarOrientation::VerticalRight)
        .begin_symbol(None)
        .end_symbol(None)
        .track_symbol(None)
        .thumb_symbol(thumb);
    let mut position = ScrollbarState::new(len - height + 1)
        .position(first)
        .viewport_content_length(height);
    pen.render_stateful(scrollbar, border, &mut position);
}

/// The first row that is shown, so that the cursor stays in the middle where it can.
pub(in crate::tui) fn first_visible_row(cursor: usize, len: usize, height: u16) -> usize {
    let height = usize::from(height);
    cursor
        .saturating_sub(height / 2)
        .min(len.saturating_sub(height))
}

/// A cell of one style.
pub(super) fn cell(text: impl Into<String>, style: Style) -> Line<'static> {
    Line::from(Span::styled(text.into(), style))
}
