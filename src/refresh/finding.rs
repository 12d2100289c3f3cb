//! What a source found out.

use std::collections::BTreeMap;

use crate::quantity::date::Date;
use crate::schema::criteria::FindingDoc;

/// What was found, by what it is.
pub type Findings = BTreeMap<FindingDoc, SourceFinding>;

/// One thing that a source says.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFinding {
    /// What it says.
    pub value: FoundValue,
    /// Who says so, as a fact's `source:` names it.
    pub source: String,
    /// Date of the evidence.
    pub as_of: Date,
}

/// The value of a finding.
#[derive(Clone, Debug, PartialEq)]
pub enum FoundValue {
    /// A word.
    Text(String),
    /// A day.
    Day(Date),
    /// A plain number.
    Number(f64),
}

impl FoundValue {
    /// As it is written in YAML. A version is quoted, so that `3.10` stays what it is.
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
