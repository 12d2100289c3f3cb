//! A YAML document as a tree in which every key and value has its place in the file.

use crate::source::Span;

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub span: Span,
    pub value: YamlValue,
}

/// A key and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct MappingKey {
    pub span: Span,
    pub text: Box<str>,
}

/// The kinds of YAML values. Numbers keep only their value; the text as typed is under the span.
#[derive(Clone, Debug, PartialEq)]
pub enum YamlValue {
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
    /// A mapping, in the order of the file; keys may repeat until the schema is checked.
    Map(Vec<(MappingKey, Node)>),
}

impl Node {
    /// Returns the value of a key, if this is a mapping with that key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            YamlValue::Map(entries) => entries
                .iter()
                .find(|(k, _)| &*k.text == key)
                .map(|(_, node)| node),
            _ => None,
        }
    }
}
