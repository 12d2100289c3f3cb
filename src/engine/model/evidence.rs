//! Facts, their values and their provenance.

use std::sync::Arc;

use super::library::Rollup;
use crate::lang::Text;
use crate::quantity::date::Date;
use crate::quantity::distribution::Distribution;
use crate::source::Span;

/// The kind of evidence behind a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// Measured by the reference services.
    Measured,
    /// Read from a registry or a repository.
    Registry,
    /// Published by a third party.
    Published,
    /// A judgement with a range, on a named scale.
    Judged,
}

impl EvidenceKind {
    /// Returns the word used in files and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Registry => "registry",
            Self::Published => "published",
            Self::Judged => "judged",
        }
    }
}

/// The source of a fact, with its dates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    pub kind: Option<EvidenceKind>,
    /// The source: a document, a registry, a command.
    pub source: Arc<str>,
    pub as_of: Option<Date>,
    /// Date after which it is stale.
    pub expires: Option<Date>,
    /// The scale of a judgement.
    pub scale: Option<Text>,
    pub note: Option<Text>,
    /// The run it was measured in.
    pub run: Option<Arc<MeasuredRun>>,
    /// The command that would measure this fact.
    pub command: Option<Arc<str>>,
}

/// The run behind a measured value.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredRun {
    /// Id of the run.
    pub id: String,
    /// The session it belongs to.
    pub session: String,
    pub file: String,
    /// The file with histograms and per-second rows.
    pub raw: Option<String>,
    /// `contract.operation.metric`.
    pub address: String,
    /// The reference service, for the command that measures it again.
    pub service: String,
    pub variant: Option<String>,
    pub machine: Option<String>,
    /// The figure of each round, as stored.
    pub rounds: Vec<(u32, f64)>,
    /// Unit of the stored figures.
    pub unit: String,
    /// Remarks on the figures, as the file words them.
    pub remarks: Vec<String>,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    /// A number in base units, with its uncertainty.
    Number(Distribution),
    Flag(bool),
    /// A word: its code in formulas and its text for readers.
    Word(f64, Arc<Text>),
    Date(Date),
    /// A number combined from the parts of a composite. Samples use the parts' own draws, so the composite varies with its parts.
    Combined {
        /// How the parts combine.
        rule: Rollup,
        /// The parts' ids and facts. None is missing.
        parts: Vec<(Arc<str>, Fact)>,
    },
    /// Unknown, with the reason and, if there is one, the command that would find out.
    Missing {
        reason: Text,
        command: Option<String>,
    },
}

impl FactValue {
    /// Returns the point, the mean of a number: base units, 1 or 0, word code, seconds; NaN where missing.
    #[must_use]
    pub fn point(&self) -> f64 {
        match self {
            Self::Number(d) => d.mean(),
            Self::Flag(flag) => f64::from(u8::from(*flag)),
            Self::Word(code, _) => *code,
            Self::Date(date) => date.seconds(),
            Self::Combined { rule, parts } => {
                rule.combine(parts.iter().map(|(_, fact)| fact.value.point()))
            }
            Self::Missing { .. } => f64::NAN,
        }
    }

    /// Returns whether the value is uncertain.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        match self {
            Self::Number(d) => !d.is_certain(),
            Self::Combined { parts, .. } => parts.iter().any(|(_, fact)| fact.value.is_uncertain()),
            _ => false,
        }
    }
}

/// A value with its provenance.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub value: FactValue,
    pub provenance: Arc<Provenance>,
    /// The range of possible values (base units), if the author gave one.
    pub domain: Option<(f64, f64)>,
    pub span: Span,
    /// Whether the `expires` date has passed.
    pub stale: bool,
}
