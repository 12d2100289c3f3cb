//! Shared parts of all pictures: fonts, escaped text and shortened labels.

use unicode_width::UnicodeWidthStr;

/// Fonts that have Latin and Chinese letters, by the systems they are found on.
pub const FONTS: &str = "'Noto Sans','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif";

/// Escapes text for XML; control characters, which XML does not allow, are dropped.
#[must_use]
pub fn escape(text: &str) -> String {
    let plain = text
        .chars()
        .filter(|c| !c.is_control() || c.is_whitespace());
    plain
        .collect::<String>()
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A label cut to a number of columns, as a terminal counts them: a Chinese letter takes two.
#[must_use]
pub fn fit(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + c.to_string().width() + 1 > most {
            break;
        }
        out.push(c);
    }
    out.trim_end().to_owned() + "…"
}
