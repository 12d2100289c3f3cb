//! Texts and JSON with `{placeholders}`, filled from variables and compared with wildcards.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::lang::Text;
use crate::tr;

/// Values that requests and expectations may refer to.
pub type Variables = BTreeMap<String, Value>;

/// Wildcards of expectations: they match anything of their kind and are not variables.
const WILDCARDS: [&str; 6] = ["any", "text", "integer", "number", "hex32", "trace_id"];

/// Where a response differs from what was expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// JSON pointer; empty for the whole body.
    pub at: String,
    /// The expected value.
    pub expected: Value,
    /// The received value; `None` if the key is absent.
    pub actual: Option<Value>,
}

/// Fills in the variables of a text. A brace without a name stays, because broken JSON is a legitimate body.
///
/// ```
/// use weigh::bench::pattern::{fill_text, Variables};
/// let variables = Variables::from([("user".to_owned(), 7.into())]);
/// assert_eq!(fill_text("/user/{user}?x={", &variables).unwrap(), "/user/7?x={");
/// ```
///
/// # Errors
/// The name that is no variable.
pub fn fill_text(text: &str, variables: &Variables) -> Result<String, Text> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        match placeholder_name(rest) {
            Some(name) if WILDCARDS.contains(&name) => out.push_str(&rest[..name.len() + 2]),
            Some(name) => out.push_str(&plain_text(
                variables
                    .get(name)
                    .ok_or_else(|| unknown_name_message(name))?,
            )),
            None => {
                out.push('{');
                rest = &rest[1..];
                continue;
            }
        }
        rest = &rest[rest.find('}').map_or(rest.len(), |close| close + 1)..];
    }
    out.push_str(rest);
    Ok(out)
}

/// Fills in the variables of a JSON value. A text that is a single placeholder takes the variable's type.
///
/// # Errors
/// The name that is no variable.
pub fn fill_value(value: &Value, variables: &Variables) -> Result<Value, Text> {
    Ok(match value {
        Value::String(text) => match placeholder_name(text) {
            Some(name) if text.len() == name.len() + 2 && !WILDCARDS.contains(&name) => variables
                .get(name)
                .cloned()
                .ok_or_else(|| unknown_name_message(name))?,
            _ => Value::String(fill_text(text, variables)?),
        },
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| fill_value(item, variables))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(map) => {
            let filled = map
                .iter()
                .map(|(key, value)| Ok((key.clone(), fill_value(value, variables)?)));
            Value::Object(filled.collect::<Result<_, Text>>()?)
        }
        other => other.clone(),
    })
}

/// Compares JSON with a filled expectation: the same keys and values, where wildcards match anything of their kind.
///
/// # Errors
/// The first place that differs.
pub fn compare(
    expected: &Value,
    actual: &Value,
    trace_id: Option<&str>,
) -> Result<(), Box<Mismatch>> {
    compare_value(expected, actual, trace_id, &mut String::new())
}

fn compare_value(
    expected: &Value,
    actual: &Value,
    trace_id: Option<&str>,
    at: &mut String,
) -> Result<(), Box<Mismatch>> {
    let differs = |at: &str| {
        Box::new(Mismatch {
            at: at.to_owned(),
            expected: expected.clone(),
            actual: Some(actual.clone()),
        })
    };
    match (expected, actual) {
        (Value::Object(wanted), Value::Object(given)) => {
            let length = at.len();
            for (key, value) in wanted {
                at.push('/');
                at.push_str(key);
                let Some(found) = given.get(key) else {
                    return Err(Box::new(Mismatch {
                        at: at.clone(),
                        expected: value.clone(),
                        actual: None,
                    }));
                };
                compare_value(value, found, trace_id, at)?;
                at.truncate(length);
            }
            // A key outside the contract is work that other services do not do.
            if given.keys().any(|key| !wanted.contains_key(key)) {
                Err(differs(at))
            } else {
                Ok(())
            }
        }
        (Value::Array(wanted), Value::Array(given)) if wanted.len() == given.len() => {
            for (i, (value, found)) in wanted.iter().zip(given).enumerate() {
                let length = at.len();
                at.push_str(&format!("/{i}"));
                compare_value(value, found, trace_id, at)?;
                at.truncate(length);
            }
            Ok(())
        }
        (Value::String(pattern), _) => {
            if text_matches(pattern, actual, trace_id) {
                Ok(())
            } else {
                Err(differs(at))
            }
        }
        (Value::Number(wanted), Value::Number(given)) if wanted.as_f64() == given.as_f64() => {
            Ok(())
        }
        _ if expected == actual => Ok(()),
        _ => Err(differs(at)),
    }
}

fn text_matches(pattern: &str, actual: &Value, trace_id: Option<&str>) -> bool {
    let text = actual.as_str();
    match pattern {
        "{any}" => true,
        "{text}" => text.is_some_and(|t| !t.is_empty()),
        "{integer}" => actual.is_i64() || actual.is_u64(),
        "{number}" => actual.is_number(),
        "{hex32}" => text.is_some_and(is_trace_id),
        "{trace_id}" => text.is_some() && text == trace_id,
        _ => text == Some(pattern),
    }
}

/// Whether a header's value fits its pattern: `*` at the beginning or end matches anything.
#[must_use]
pub fn header_fits(pattern: &str, value: &str) -> bool {
    let (pattern, value) = (pattern.to_ascii_lowercase(), value.to_ascii_lowercase());
    if pattern.starts_with('{') {
        return text_matches(&pattern, &Value::String(value), None);
    }
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(rest), Some(_)) => value.contains(rest.trim_end_matches('*')),
        (Some(end), None) => value.ends_with(end),
        (None, Some(beginning)) => value.starts_with(beginning),
        (None, None) => value == pattern,
    }
}

/// Whether a text is a W3C trace id: 32 lower-case hexadecimal digits, not all zero.
#[must_use]
pub fn is_trace_id(text: &str) -> bool {
    text.len() == 32
        && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && text.bytes().any(|b| b != b'0')
}

/// Returns the name in the braces at the beginning of `text`.
fn placeholder_name(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?;
    let name = &inner[..inner.find('}')?];
    let letters = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b':' | b'-'));
    (letters && !name.is_empty()).then_some(name)
}

fn plain_text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn unknown_name_message(name: &str) -> Text {
    tr!("`{{{name}}}` is not a variable", "`{{{name}}}` 不是变量")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_lone_placeholder_keeps_its_type() {
        let variables = Variables::from([("user".to_owned(), json!(7))]);
        let filled = fill_value(&json!({"id": "{user}", "name": "user{user}"}), &variables)
            .expect("user is known");
        assert_eq!(filled, json!({"id": 7, "name": "user7"}));
        assert!(fill_value(&json!("{nobody}"), &variables).is_err());
    }

    #[test]
    fn keys_and_values_are_compared_exactly() {
        let expected =
            json!({"error": {"code": "NOT_FOUND", "message": "{text}", "trace_id": "{trace_id}"}});
        let answer = |code: &str, trace: &str| json!({"error": {"code": code, "message": "no", "trace_id": trace}});
        assert_eq!(
            compare(&expected, &answer("NOT_FOUND", "ab"), Some("ab")),
            Ok(())
        );
        let at = |answer: &Value| {
            compare(&expected, answer, Some("ab"))
                .expect_err("they differ")
                .at
        };
        assert_eq!(at(&answer("NOT_FOUND", "cd")), "/error/trace_id");
        assert_eq!(at(&answer("GONE", "ab")), "/error/code");
        assert_eq!(at(&json!({"error": {}})), "/error/code");
        assert_eq!(
            at(
                &json!({"error": {"code": "NOT_FOUND", "message": "no", "trace_id": "ab", "stack": "x"}})
            ),
            "/error"
        );
        assert!(
            compare(&json!(1), &json!("1"), None).is_err(),
            "a number is no text"
        );
        assert!(
            compare(&json!(1), &json!(1.0), None).is_ok(),
            "numbers are compared by value"
        );
    }

    #[test]
    fn header_patterns_open_at_their_ends() {
        assert!(header_fits(
            "application/json*",
            "application/json; charset=utf-8"
        ));
        assert!(header_fits("*POST*", "OPTIONS, post"));
        assert!(!header_fits("application/json", "text/html"));
        assert!(header_fits("{hex32}", &"ab".repeat(16)));
        assert!(!header_fits("{hex32}", &"0".repeat(32)));
    }
}
