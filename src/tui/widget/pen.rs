//! Drawing that cannot panic: everything is clipped, wide characters are never cut, control characters never reach a terminal.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::tui::state::{List, Screen};
use crate::tui::theme::Look;

/// What a click on an area means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Tab(Screen),
    Row(List, usize),
    /// A slider: its list and row; where in the area says which value.
    Slider(List, usize),
}

/// An area that can be clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub area: Rect,
    pub target: Target,
}

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

    /// Writes at a place of an area, clipped to it; gives the column after.
    pub(crate) fn put(&mut self, area: Rect, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let area = area.intersection(self.buffer.area);
        if x >= area.width || y >= area.height {
            return x;
        }
        let room = usize::from(area.width - x);
        let clean = clean(text, self.look.ascii);
        let (end, _) =
            self.buffer
                .set_stringn(area.x + x, area.y + y, cut(&clean, room), room, style);
        end - area.x
    }

    /// Writes a row over its whole width.
    pub(crate) fn row(&mut self, area: Rect, y: u16, text: &str, style: Style) {
        let text = pad(text, usize::from(area.width), self.look.ascii);
        self.put(area, 0, y, &text, style);
    }

    /// Changes the style of a row.
    pub(crate) fn mark(&mut self, area: Rect, y: u16, style: Style) {
        if y < area.height {
            let row = Rect {
                y: area.y + y,
                height: 1,
                ..area
            }
            .intersection(self.buffer.area);
            self.buffer.set_style(row, style);
        }
    }

    /// A box with a title; gives what is inside.
    pub(crate) fn frame(&mut self, area: Rect, title: &str, active: bool) -> Rect {
        if area.width < 2 || area.height < 2 {
            return Rect {
                width: 0,
                height: 0,
                ..area
            };
        }
        let [corner, across, down] = if self.look.ascii {
            ["++++", "-", "|"]
        } else {
            ["┌┐└┘", "─", "│"]
        };
        let corner: Vec<String> = corner.chars().map(String::from).collect();
        let style = if active {
            self.look.strong()
        } else {
            self.look.dim()
        };
        let line = across.repeat(usize::from(area.width - 2));
        self.put(
            area,
            0,
            0,
            &format!("{}{line}{}", corner[0], corner[1]),
            style,
        );
        self.put(
            area,
            0,
            area.height - 1,
            &format!("{}{line}{}", corner[2], corner[3]),
            style,
        );
        for y in 1..area.height - 1 {
            self.put(area, 0, y, down, style);
            self.put(area, area.width - 1, y, down, style);
        }
        let title = fit(
            title,
            usize::from(area.width.saturating_sub(6)),
            self.look.ascii,
        );
        if !title.is_empty() {
            let style = if active {
                self.look.strong()
            } else {
                Style::new()
            };
            self.put(area, 2, 0, &format!(" {title} "), style);
        }
        Rect {
            x: area.x + 1,
            y: area.y + 1,
            width: area.width - 2,
            height: area.height - 2,
        }
    }

    /// Empties an area for something that lies on top. A double-width character that the edge would cut goes whole: terminals
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
            for x in area.left()..area.right() {
                self.buffer[(x, y)].reset();
            }
            if area.right() < self.buffer.area.right() {
                let after = &mut self.buffer[(area.right(), y)];
                if after.symbol().is_empty() {
                    after.set_symbol(" ");
                }
            }
        }
    }

    pub(crate) fn hit(&mut self, area: Rect, target: Target) {
        self.hits.push(Hit { area, target });
    }
}

/// Text without what a terminal would obey or measure differently: control characters, selectors, joiners, direction marks.
fn clean(text: &str, ascii: bool) -> String {
    let plain = text.chars().filter(|c| {
        !c.is_control() && !matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    });
    if !ascii {
        return plain.collect();
    }
    let spelled = |c| match c {
        '·' => '.',
        '…' => '~',
        '→' => '>',
        '─' => '-',
        '│' => '|',
        other => other,
    };
    plain.map(spelled).collect()
}

/// The longest head of a text that fits, on grapheme borders.
fn cut(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > width {
            return &text[..at];
        }
    }
    text
}

/// A text that takes at most these columns, with a mark where something is missing.
pub(crate) fn fit(text: &str, width: usize, ascii: bool) -> String {
    let text = clean(text, ascii);
    if text.width() <= width {
        return text;
    }
    if width == 0 {
        return String::new();
    }
    format!("{}{}", cut(&text, width - 1), if ascii { "~" } else { "…" })
}

/// A text that takes exactly these columns.
pub(crate) fn pad(text: &str, width: usize, ascii: bool) -> String {
    let mut text = fit(text, width, ascii);
    text.extend(std::iter::repeat_n(' ', width.saturating_sub(text.width())));
    text
}

/// A text in lines of at most these columns, broken between words; Chinese breaks anywhere but before a closing mark.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    if width == 0 {
        return Vec::new();
    }
    let mut lines = vec![String::new()];
    for word in words(text) {
        let line = lines.last_mut().expect("there is always a line");
        if line.width() + word.width() <= width {
            line.push_str(word);
        } else if word.width() <= width {
            lines.push(word.trim_start().to_owned());
        } else {
            for grapheme in word.graphemes(true) {
                let line = lines.last_mut().expect("there is always a line");
                if line.width() + grapheme.width() > width {
                    lines.push(grapheme.to_owned());
                } else {
                    line.push_str(grapheme);
                }
            }
        }
    }
    lines
}

/// What a line is not broken within: `EUR/year` and `flask.yaml:61` are one word, and so is a blank.
fn words(text: &str) -> Vec<&str> {
    let wide = |c: Option<char>| c.is_some_and(|c| c.width().unwrap_or(0) > 1);
    let closing = |c: Option<char>| c.is_some_and(|c| "，。、：；！？）》」』”’".contains(c));
    let mut all = Vec::new();
    let (mut start, mut before) = (0, None);
    for (at, c) in text.char_indices() {
        let (last, next): (Option<char>, Option<char>) = (before, Some(c));
        let blank = |c: Option<char>| c.is_some_and(char::is_whitespace);
        let breaks = blank(last) != blank(next) || ((wide(last) || wide(next)) && !closing(next));
        if at > start && breaks && c.width().unwrap_or(0) > 0 {
            all.push(&text[start..at]);
            start = at;
        }
        before = next;
    }
    all.push(&text[start..]);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// tatuin, csvlens: cutting names in CJK, with selectors and combining marks.
    #[test]
    fn cut_on_grapheme_borders() {
        assert_eq!(pad("名称很长", 5, false).width(), 5);
        assert_eq!(fit("e\u{301}e\u{301}e\u{301}", 2, true), "e\u{301}~");
        assert_eq!(fit("❤\u{fe0f}x", 9, false), "❤x");
        assert_eq!(fit("\u{1b}[31mred", 9, false), "[31mred");
        assert_eq!(wrap("框架选型", 4), ["框架", "选型"]);
        assert_eq!(wrap("选型，框架", 4), ["选", "型，", "框架"]);
        assert_eq!(
            wrap("at 3,626 EUR/year now", 12),
            ["at 3,626 ", "EUR/year now"]
        );
        assert_eq!(wrap("overlong", 3), ["ove", "rlo", "ng"]);
    }

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
