//! A YAML document as a tree in which every key and value knows its place.

use crate::source::Span;

/// One value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// A key and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct MappingKey {
    /// Where it stands.
    pub span: Span,
    /// The key.
    pub text: Box<str>,
}

/// The forms a YAML value can have. Numbers keep only their value: what was typed is under the span.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A finite number.
    Number(f64),
    /// Any other scalar.
    Text(Box<str>),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the file; keys may repeat until [`super::validate()`] has said so.
    Map(Vec<(MappingKey, Node)>),
}

impl Node {
    /// The value under a key, where this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => entries
                .iter()
                .find(|(k, _)| &*k.text == key)
                .map(|(_, node)| node),
            _ => None,
        }
    }
}
