//! Writes a `*Doc` as canonical YAML: the counterpart of [`super::read()`].
//!
//! Keys are in the order of the struct, entries in the order of the document, and absent values are left out.
//! Reading the text gives an equal document. Comments are lost; to change a user's file, patch it with `edit`.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

/// Writes a document.
///
/// # Panics
/// Never for the documents of this module, which are plain data with string keys.
#[must_use]
pub fn write<T: Serialize>(doc: &T) -> String {
    let mut tree = serde_json::to_value(doc).expect("documents are plain data");
    leave_out(&mut tree);
    let mut text = String::new();
    match &tree {
        Value::Object(entries) if !entries.is_empty() => block(&tree, 0, &mut text),
        _ => text.push_str(&scalar(&tree)),
    }
    text.push('\n');
    text
}

/// Whether an optional key can be left out because it is null.
fn leave_out(tree: &mut Value) {
    match tree {
        Value::Object(entries) => {
            entries.retain(|_, value| !value.is_null());
            entries.values_mut().for_each(leave_out);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out),
        _ => {}
    }
}

/// Writes what follows a key or a dash at this depth: a scalar on the same line, anything else on the following
/// lines.
fn value(tree: &Value, depth: usize, text: &mut String) {
    let is_empty = match tree {
        Value::Object(entries) => entries.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    };
    if is_empty {
        text.push(' ');
        text.push_str(&scalar(tree));
    } else {
        text.push('\n');
        indent(depth, text);
        block(tree, depth, text);
    }
}

/// Writes a non-empty list or mapping; the indentation of the first line is already written.
fn block(tree: &Value, depth: usize, text: &mut String) {
    let begin = |at: usize, text: &mut String| {
        if at > 0 {
            text.push('\n');
            indent(depth, text);
        }
    };
    match tree {
        Value::Object(entries) => {
            for (at, (key, own)) in entries.iter().enumerate() {
                begin(at, text);
                write!(text, "{}:", word(key)).expect("text takes everything");
                value(own, depth + 1, text);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                begin(at, text);
                text.push('-');
                value(item, depth + 1, text);
            }
        }
        _ => {}
    }
}

fn indent(depth: usize, text: &mut String) {
    text.extend(std::iter::repeat_n("  ", depth));
}

fn scalar(tree: &Value) -> String {
    match tree {
        Value::String(own) => word(own),
        // `f64` displays whole numbers without a decimal point, serde_json does not.
        Value::Number(x) => x
            .as_f64()
            .expect("serde_json keeps numbers as i64, u64 or f64")
            .to_string(),
        other => other.to_string(),
    }
}

/// Formats text plain if it is unambiguous, else in double quotes, which YAML reads like JSON.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/');
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let means_something = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|w| text.eq_ignore_ascii_case(w));
    if starts && text.chars().all(|c| plain(c) || c == '-') && !means_something {
        text.to_owned()
    } else {
        Value::String(text.to_owned()).to_string()
    }
}
