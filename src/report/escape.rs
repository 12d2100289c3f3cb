//! Escapes text for Markdown, so that any text stays text, on one line, inside its table cell.
//!
//! Rules of CommonMark 0.31 (backslash escapes, section 2.4) and GitHub's tables and maths: a character gets a backslash only where it
//! would be interpreted, so that the source stays readable.

use std::io::Write;

/// Escapes `text` for any place in a line of Markdown: paragraph, heading, list item, table cell.
///
/// ```
/// use weigh::report::markdown;
/// assert_eq!(markdown("net_cost | *now*"), r"net_cost \| \*now\*");
/// assert_eq!(markdown("# no heading\nhere"), r"\# no heading here");
/// ```
#[must_use]
pub fn markdown(text: &str) -> String {
    let line = one_line(text);
    let mut out = String::with_capacity(line.len() + 8);
    let chars: Vec<char> = line.chars().collect();
    let opens = opening(&chars);
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(at + 1).copied();
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '$' => true,
            // Inside a word an underscore is literal; a run of them next to other punctuation may.
            '_' => !(word(before) && word(after)),
            '~' => before == Some('~') || after == Some('~') || !word(before) || !word(after),
            '&' => after == Some('#') || word(after),
            '!' => after == Some('['),
            _ => false,
        };
        if special || opens == Some(at) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Returns the position of a leading character that would open a block: heading, list, rule, quotation.
fn opening(chars: &[char]) -> Option<usize> {
    let first = *chars.first()?;
    let after = |at: usize| chars.get(at).copied();
    match first {
        '#' | '=' | ':' => Some(0),
        '-' | '+' if after(1).is_none_or(|c| c == first || c.is_whitespace()) => Some(0),
        _ if first.is_ascii_digit() => {
            let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
            let marks = matches!(after(digits), Some('.' | ')'))
                && after(digits + 1).is_none_or(char::is_whitespace);
            marks.then_some(digits)
        }
        _ => None,
    }
}

/// The text on one line, trimmed, without control characters and without marks that turn the direction of what follows.
fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}');
    let plain: String = text
        .chars()
        .filter(|&c| !turns(c))
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .collect();
    plain.trim().to_owned()
}

/// Returns a code span with as many backticks as it needs. In a table, bars are escaped too (GFM, section 4.10).
///
/// ```
/// use weigh::report::code;
/// assert_eq!(code("a|b", true), r"`a\|b`");
/// assert_eq!(code("a`b", false), "``a`b``");
/// ```
#[must_use]
pub fn code(text: &str, cell: bool) -> String {
    let line = one_line(text);
    if line.is_empty() {
        return String::new();
    }
    let longest = line.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if line.starts_with('`') || line.ends_with('`') {
        " "
    } else {
        ""
    };
    let body = if cell { line.replace('|', "\\|") } else { line };
    format!("{fence}{pad}{body}{pad}{fence}")
}

/// Escapes a message or note in which backticks mark code.
///
/// ```
/// use weigh::report::prose;
/// assert_eq!(prose("`a|b` is *not* known", true), r"`a\|b` is \*not\* known");
/// assert_eq!(prose("one ` alone", true), r"one \` alone");
/// ```
#[must_use]
pub fn prose(text: &str, cell: bool) -> String {
    let line = one_line(text);
    let parts: Vec<&str> = line.split('`').collect();
    // An even number of backticks makes pairs; anything else is text.
    if parts.len().is_multiple_of(2)
        || parts.len() == 1
        || parts.iter().skip(1).step_by(2).any(|p| p.trim().is_empty())
    {
        return markdown(&line);
    }
    let part = |(at, part): (usize, &&str)| {
        if at % 2 == 1 {
            return code(part, cell);
        }
        // The escape trims; the spaces next to code are part of the sentence.
        let (lead, trail) = (
            part.len() - part.trim_start().len(),
            part.len() - part.trim_end().len(),
        );
        let body = markdown(part);
        if part.trim().is_empty() {
            (*part).to_owned()
        } else {
            format!("{}{body}{}", &part[..lead], &part[part.len() - trail..])
        }
    };
    parts.iter().enumerate().map(part).collect()
}

/// The target of a link to a file: what would end it, or means something in an address, as `%20`.
///
/// ```
/// use weigh::report::link;
/// assert_eq!(link("0001-use-gin.md"), "0001-use-gin.md");
/// assert_eq!(link("0002-选型 (v2).md"), "0002-选型%20%28v2%29.md");
/// ```
#[must_use]
pub fn link(file: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-._~/".contains(c);
    let mut out = String::with_capacity(file.len());
    for c in file.chars() {
        if plain(c) {
            out.push(c);
        } else {
            c.encode_utf8(&mut [0; 4])
                .bytes()
                .for_each(|byte| out += &format!("%{byte:02X}"));
        }
    }
    out
}

/// The escape function of Tera: called for everything that a template prints.
pub(super) fn escape(text: &str, out: &mut dyn Write) -> std::io::Result<()> {
    out.write_all(markdown(text).as_bytes())
}

/// Returns a double-quoted YAML scalar for front matter.
pub(super) fn yaml(text: &str) -> String {
    format!(
        "\"{}\"",
        one_line(text).replace('\\', "\\\\").replace('"', "\\\"")
    )
}
