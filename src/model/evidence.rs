//! Where a fact comes from, and what is known about its value.

use std::sync::Arc;

use super::library::Rollup;
use crate::lang::Text;
use crate::quantity::date::Date;
use crate::quantity::distribution::Distribution;
use crate::source::Span;

/// What kind of evidence stands behind a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// Measured by the reference services.
    Measured,
    /// Read from a registry or a repository.
    Registry,
    /// Published by somebody.
    Published,
    /// Somebody's judgement, with a range, on a named scale.
    Judged,
}

impl EvidenceKind {
    /// The word of the files and of JSON.
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

/// Who says so, and since when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    /// What kind of evidence.
    pub kind: Option<EvidenceKind>,
    /// Who says so.
    pub source: Arc<str>,
    /// Date of the evidence.
    pub as_of: Option<Date>,
    /// Date after which it is stale.
    pub expires: Option<Date>,
    /// The scale of a judgement.
    pub scale: Option<Text>,
    /// A remark.
    pub note: Option<Text>,
    /// The run it was measured in.
    pub run: Option<Arc<MeasuredRun>>,
    /// The command that would measure what this fact only states.
    pub command: Option<Arc<str>>,
}

/// The run behind a measured value.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredRun {
    /// Id of the run.
    pub id: String,
    /// The session it belongs to.
    pub session: String,
    /// The evidence file.
    pub file: String,
    /// The file with its histograms and seconds.
    pub raw: Option<String>,
    /// `contract.operation.metric`.
    pub address: String,
    /// The service that was measured, for the command that measures it again.
    pub service: String,
    /// The variant that was measured.
    pub variant: Option<String>,
    /// The machine.
    pub machine: Option<String>,
    /// Each repetition: its round and its figure as stored, with the unit of the name.
    pub rounds: Vec<(u32, f64)>,
    /// Unit of the stored figures.
    pub unit: String,
    /// Remarks on the figures, as the file words them.
    pub remarks: Vec<String>,
}

/// What a fact says.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    /// A number in base units, with what is known about it.
    Number(Distribution),
    /// Yes or no.
    Flag(bool),
    /// A word: its code in formulas, and the word for people.
    Word(f64, Arc<Text>),
    /// A day.
    Date(Date),
    /// A number that the parts of a whole give together; each part's own draws serve, so that the whole moves with its parts.
    Combined {
        /// How they combine.
        rule: Rollup,
        /// The parts' ids and facts; none is missing.
        parts: Vec<(Arc<str>, Fact)>,
    },
    /// Not known, and why; with the command that would find out, where there is one.
    Missing {
        /// Why.
        reason: Text,
        /// What to run.
        command: Option<String>,
    },
}

impl FactValue {
    /// The point estimate in a column: base units, 1 or 0, word code, seconds; NaN where missing.
    #[must_use]
    pub fn point(&self) -> f64 {
        match self {
            Self::Number(d) => d.point(),
            Self::Flag(flag) => f64::from(u8::from(*flag)),
            Self::Word(code, _) => *code,
            Self::Date(date) => date.seconds(),
            Self::Combined { rule, parts } => {
                rule.combine(parts.iter().map(|(_, fact)| fact.value.point()))
            }
            Self::Missing { .. } => f64::NAN,
        }
    }

    /// Whether it may turn out otherwise.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        match self {
            Self::Number(d) => !d.is_certain(),
            Self::Combined { parts, .. } => parts.iter().any(|(_, fact)| fact.value.is_uncertain()),
            _ => false,
        }
    }
}

/// A value, where it comes from, and where that was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What it says.
    pub value: FactValue,
    /// Who says so.
    pub provenance: Arc<Provenance>,
    /// Between which values it may lie (base units), where the author said so.
    pub domain: Option<(f64, f64)>,
    /// Where it was written.
    pub span: Span,
    /// Whether it is past its `expires` date.
    pub stale: bool,
}
