//! Rewrites one fact of a catalog file: its value and provenance change, its note, its comments and everything
//! around it stay.

/// The keys of a fact in the order they are written.
const ORDER: [&str; 5] = ["value", "kind", "source", "as_of", "expires"];

/// Returns the text with a fact's fields set; `at` is the byte after its name. `None` if it is written in a way
/// that cannot be patched, for example in brackets over several lines.
#[must_use]
pub fn set_fields(text: &str, at: usize, fields: &[(&str, String)]) -> Option<String> {
    let rest = text.get(at..)?;
    let line_start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    if rest.starts_with('{') {
        let end = at + closing_bracket(rest)?;
        let fresh = patch_flow(&text[at..end], fields)?;
        return Some(format!("{}{fresh}{}", &text[..at], &text[end..]));
    }
    if text[line_start..at].trim().is_empty() {
        return patch_block(text, line_start, at - line_start, fields);
    }
    // A bare value: `licence: MIT  # comment`.
    let line_end = at + rest.find('\n').unwrap_or(rest.len());
    let line = &text[at..line_end];
    let value = line
        .find(" #")
        .map_or(line, |comment| &line[..comment])
        .trim_end();
    Some(format!(
        "{}{}{}",
        &text[..at],
        format_flow(&[], fields),
        &text[at + value.len()..]
    ))
}

/// Returns the byte after the bracket that closes the first one, on the same line.
fn closing_bracket(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (_, '\n') => return None,
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if text[..at].trim_end().ends_with([':', '{', '[', ',']) => {
                quote = Some(c)
            }
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The entries of `{key: value, ...}`.
fn flow_entries(flow: &str) -> Option<Vec<(String, String)>> {
    let inside = flow.strip_prefix('{')?.strip_suffix('}')?;
    let (mut parts, mut from, mut at) = (Vec::new(), 0, 0);
    while at < inside.len() {
        let rest = &inside[at..];
        if rest.starts_with(['{', '[']) {
            at += closing_bracket(rest)?;
        } else if rest.starts_with(['"', '\'']) && inside[..at].trim_end().ends_with([':', ',']) {
            let quote = &rest[..1];
            at += 2 + rest[1..].find(quote)?;
        } else if rest.starts_with(',') {
            parts.push(&inside[from..at]);
            at += 1;
            from = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    parts.push(&inside[from..]);
    let pair = |part: &&str| {
        part.split_once(':')
            .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
    };
    parts
        .iter()
        .filter(|part| !part.trim().is_empty())
        .map(pair)
        .collect()
}

fn patch_flow(old: &str, fields: &[(&str, String)]) -> Option<String> {
    let old = flow_entries(old)?;
    // The reason why it was missing no longer applies.
    let kept: Vec<(String, String)> = old
        .into_iter()
        .filter(|(key, _)| key != "missing")
        .collect();
    Some(format_flow(&kept, fields))
}

fn format_flow(old: &[(String, String)], fields: &[(&str, String)]) -> String {
    let of = |key: &str| {
        fields
            .iter()
            .find(|(k, _)| *k == key)
            .map(|(_, v)| v.clone())
    };
    let mut all: Vec<(String, String)> = Vec::new();
    for key in ORDER {
        let stands = || old.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
        if let Some(value) = of(key).or_else(stands) {
            all.push((key.to_owned(), value));
        }
    }
    all.extend(
        old.iter()
            .filter(|(key, _)| !ORDER.contains(&key.as_str()))
            .cloned(),
    );
    format!(
        "{{{}}}",
        all.iter()
            .map(|(key, value)| format!("{key}: {}", in_flow(value)))
            .collect::<Vec<_>>()
            .join(", ")
    )
}

/// Quotes a plain scalar that would be ambiguous within brackets.
fn in_flow(value: &str) -> String {
    let plain = !value.starts_with(['"', '\'', '{', '[']);
    if plain
        && (value.contains([',', '[', ']', '{', '}'])
            || value.contains(": ")
            || value.contains(" #"))
    {
        return format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
    }
    value.to_owned()
}

/// A fact with one key per line.
fn patch_block(
    text: &str,
    start: usize,
    indent: usize,
    fields: &[(&str, String)],
) -> Option<String> {
    let mut lines: Vec<String> = text[start..]
        .split_inclusive('\n')
        .map(str::to_owned)
        .collect();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let inside = |line: &String| line.trim().is_empty() || depth(line) >= indent;
    let end = lines
        .iter()
        .position(|line| !inside(line))
        .unwrap_or(lines.len());
    let mut last = None;
    let mut count = end;
    for (key, value) in ORDER
        .iter()
        .filter_map(|key| fields.iter().find(|(k, _)| k == key))
    {
        let begin = format!("{key}:");
        let at = (0..count)
            .find(|&i| depth(&lines[i]) == indent && lines[i].trim_start().starts_with(&begin));
        match at {
            Some(at) => {
                let line = lines[at].trim_end_matches(['\n', '\r']).to_owned();
                let ending = lines[at][line.len()..].to_owned();
                lines[at] = super::replace_scalar(&line, value)? + &ending;
                last = Some(at);
            }
            None => {
                let at = last.map_or(0, |at| at + 1);
                lines.insert(at, format!("{}{key}: {value}\n", " ".repeat(indent)));
                count += 1;
                last = Some(at);
            }
        }
    }
    let missing = (0..count)
        .find(|&i| depth(&lines[i]) == indent && lines[i].trim_start().starts_with("missing:"));
    if let Some(at) = missing {
        lines.remove(at);
    }
    Some(format!("{}{}", &text[..start], lines.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Vec<(&'static str, String)> {
        let field = |key, value: &str| (key, value.to_owned());
        vec![
            field("value", "\"3.2.0\""),
            field("source", "PyPI flask 3.2.0"),
            field("as_of", "2026-12-01"),
            field("expires", "2027-05-30"),
        ]
    }

    fn set_in(text: &str, from: &str) -> Option<String> {
        set_fields(text, text.find(from).expect("it stands there"), &fields())
    }

    #[test]
    fn in_brackets_order_and_notes_stay() {
        let old = "# top\n  v: {value: \"3.1, x\", source: a, note: {en: \"b, c\", zh: d}}  # why\n  w: 1\n";
        let new = "# top\n  v: {value: \"3.2.0\", source: PyPI flask 3.2.0, as_of: 2026-12-01, expires: 2027-05-30, note: {en: \"b, c\", zh: d}}  # why\n  w: 1\n";
        assert_eq!(set_in(old, "{value").as_deref(), Some(new));
    }

    #[test]
    fn a_bare_value_gets_its_source() {
        let old = "facts:\n  v: 3.1   # why\n";
        let new = "facts:\n  v: {value: \"3.2.0\", source: PyPI flask 3.2.0, as_of: 2026-12-01, expires: 2027-05-30}   # why\n";
        assert_eq!(set_in(old, "3.1").as_deref(), Some(new));
    }

    #[test]
    fn a_block_is_patched_line_by_line() {
        let old = "facts:\n  v:\n    value: 3.1  # old\n    # from there\n    source: a\n    note: {en: b, zh: c}\n  w: 1\n";
        let new = "facts:\n  v:\n    value: \"3.2.0\"  # old\n    # from there\n    source: PyPI flask 3.2.0\n    as_of: 2026-12-01\n    expires: 2027-05-30\n    note: {en: b, zh: c}\n  w: 1\n";
        assert_eq!(set_in(old, "value: 3.1").as_deref(), Some(new));
    }

    #[test]
    fn what_was_missing_is_found() {
        let old = "  v: {missing: {en: \"nobody, said\", zh: x}}\n";
        let new = "  v: {value: \"3.2.0\", source: PyPI flask 3.2.0, as_of: 2026-12-01, expires: 2027-05-30}\n";
        assert_eq!(set_in(old, "{missing").as_deref(), Some(new));
    }

    #[test]
    fn other_forms_are_left_alone() {
        assert_eq!(set_in("  v: {value: 1,\n    source: a}\n", "{value"), None);
        assert_eq!(
            set_in("  v:\n    value: {en: a, zh: b}\n", "value: {en"),
            None
        );
    }
}
