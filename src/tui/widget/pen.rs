//! Drawing that cannot panic: everything is clipped, wide characters are never cut, control characters never reach a terminal.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::border;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph, StatefulWidget, Widget};
use unicode_width::UnicodeWidthStr;

use super::text::{cut, fit, sanitize};
use crate::tui::state::{List, Screen};
use crate::tui::theme::Look;

const ASCII_BORDER: border::Set<'_> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// What a click on an area does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClickTarget {
    Tab(Screen),
    Row(List, usize),
    /// The slider of a row: the position in the area gives the value.
    Slider(List, usize),
}

/// An area that can be clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub area: Rect,
    pub target: ClickTarget,
}

/// Draws one frame and collects what can be clicked on it.
pub(crate) struct Pen<'b> {
    buffer: &'b mut Buffer,
    pub look: Look,
    pub hits: Vec<Hit>,
}

impl<'b> Pen<'b> {
    pub(crate) fn new(buffer: &'b mut Buffer, look: Look) -> Self {
        Self {
            buffer,
            look,
            hits: Vec::new(),
        }
    }

    /// Renders a widget. Its texts must have passed [`fit`], [`pad`](super::pad) or [`wrap`](super::wrap).
    pub(crate) fn render(&mut self, widget: impl Widget, area: Rect) {
        widget.render(area.intersection(self.buffer.area), self.buffer);
    }

    /// Renders a widget with a state.
    pub(crate) fn render_stateful<W: StatefulWidget>(
        &mut self,
        widget: W,
        area: Rect,
        state: &mut W::State,
    ) {
        widget.render(area.intersection(self.buffer.area), self.buffer, state);
    }

    /// Writes a text at a position of an area, clipped to it; returns the column after it.
    pub(crate) fn put(&mut self, area: Rect, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let area = area.intersection(self.buffer.area);
        if x >= area.width || y >= area.height {
            return x;
        }
        let room = usize::from(area.width - x);
        let text = sanitize(text, self.look.ascii);
        let text = cut(&text, room);
        let (end, _) = self
            .buffer
            .set_stringn(area.x + x, area.y + y, text, room, style);
        end - area.x
    }

    /// Changes the style of an area without its text.
    pub(crate) fn set_style(&mut self, area: Rect, style: Style) {
        self.buffer
            .set_style(area.intersection(self.buffer.area), style);
    }

    /// Writes lines from the top of an area, one column in from its left edge, cut to its width.
    pub(crate) fn put_lines<'l>(
        &mut self,
        area: Rect,
        lines: impl IntoIterator<Item = &'l String>,
        style: Style,
    ) {
        let area = Rect {
            x: area.x.saturating_add(1),
            width: area.width.saturating_sub(1),
            ..area
        };
        let room = usize::from(area.width);
        let lines: Vec<Line<'_>> = lines
            .into_iter()
            .take(area.height.into())
            .map(|line| Line::raw(fit(line, room, self.look.ascii)))
            .collect();
        self.render(Paragraph::new(lines).style(style), area);
    }

    /// Draws a box with a title and returns what is inside.
    pub(crate) fn frame(&mut self, area: Rect, title: &str, is_focused: bool) -> Rect {
        let look = self.look;
        let (set, across) = if look.ascii {
            (ASCII_BORDER, "-")
        } else {
            (border::PLAIN, "─")
        };
        let (border, heading) = if is_focused {
            (look.strong(), look.strong())
        } else {
            (look.dim(), Style::new())
        };
        let mut block = Block::bordered().border_set(set).border_style(border);
        let title = fit(title, area.width.saturating_sub(6).into(), look.ascii);
        if !title.is_empty() {
            let title = Span::styled(format!(" {title} "), heading);
            block = block.title(Line::from(vec![Span::styled(across, border), title]));
        }
        let inside = block.inner(area);
        self.render(block, area);
        inside
    }

    /// Empties an area for what is drawn on top. A double-width character across its edge is removed as a whole, because terminals
    /// otherwise lose the border beside it (ratatui #2526).
    pub(crate) fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            if area.left() > self.buffer.area.left() {
                let before = &mut self.buffer[(area.left() - 1, y)];
                if before.symbol().width() > 1 {
                    before.set_symbol(" ");
                }
            }
            if area.right() < self.buffer.area.right() {
                let after = &mut self.buffer[(area.right(), y)];
                if after.symbol().is_empty() {
                    after.set_symbol(" ");
                }
            }
        }
        self.render(Clear, area);
    }

    /// Makes an area clickable.
    pub(crate) fn hit(&mut self, area: Rect, target: ClickTarget) {
        self.hits.push(Hit { area, target });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ratatui #2526: a popup whose edge cuts a wide character loses its border.
    #[test]
    fn popup_over_a_wide_character() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 3));
        let mut pen = Pen::new(&mut buffer, Look::default());
        for y in 0..3 {
            pen.put(Rect::new(0, 0, 8, 3), 0, y, "名名名名", Style::new());
        }
        let area = Rect::new(3, 0, 4, 3);
        pen.clear(area);
        pen.frame(area, "", true);
        assert_eq!(buffer[(2, 1)].symbol(), " ");
        assert_eq!(buffer[(3, 1)].symbol(), "│");
        assert_eq!(buffer[(6, 1)].symbol(), "│");
        assert_eq!(buffer[(7, 1)].symbol().width(), 1);
    }
}
