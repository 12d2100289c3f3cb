//! Text as a terminal measures it: cut, padded and wrapped by columns.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns that a text takes.
pub(crate) fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// Removes what a terminal would obey or measure differently: control characters, variation selectors, joiners, direction
/// marks. With `ascii`, also spells the marks of this program in ASCII.
pub(super) fn sanitize(text: &str, ascii: bool) -> String {
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

/// The longest start of a text that fits into `width` columns, cut between graphemes.
pub(super) fn cut(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > width {
            return &text[..at];
        }
    }
    text
}

/// A text of at most `width` columns; an ellipsis shows that it was cut.
pub(crate) fn fit(text: &str, width: usize, ascii: bool) -> String {
    let text = sanitize(text, ascii);
    if text.width() <= width {
        return text;
    }
    if width == 0 {
        return String::new();
    }
    format!("{}{}", cut(&text, width - 1), if ascii { "~" } else { "…" })
}

/// A text of exactly `width` columns.
pub(crate) fn pad(text: &str, width: usize, ascii: bool) -> String {
    let mut text = fit(text, width, ascii);
    text.extend(std::iter::repeat_n(' ', width.saturating_sub(text.width())));
    text
}

/// Breaks a text into lines of at most `width` columns: between words, and in Chinese anywhere but before closing punctuation,
/// which ratatui's own wrapping does not know.
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

/// The pieces that a line is not broken within: `EUR/year` and `flask.yaml:61` are one word each, and so is a blank.
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
}
