//! What a source reports about a project.

use std::collections::BTreeMap;

use crate::quantity::date::Date;
use crate::schema::criteria::FindingDoc;

/// The findings of one source, by kind.
pub type Findings = BTreeMap<FindingDoc, SourceFinding>;

/// One finding of a source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFinding {
    pub value: FoundValue,
    /// The source as a fact's `source:` names it.
    pub source: String,
    pub as_of: Date,
}

/// The value of a finding.
#[derive(Clone, Debug, PartialEq)]
pub enum FoundValue {
    Text(String),
    Day(Date),
    Number(f64),
}

impl FoundValue {
    /// Formats the value as YAML. Versions are quoted, so that `3.10` is not read as a number.
    #[must_use]
    pub fn yaml(&self) -> String {
        match self {
            Self::Text(text) => {
                let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
                    && text
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || " -.+()".contains(c));
                if plain {
                    text.clone()
                } else {
                    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
                }
            }
            Self::Day(day) => day.to_string(),
            Self::Number(x) => x.to_string(),
        }
    }
}
