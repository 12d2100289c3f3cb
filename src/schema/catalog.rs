//! Catalog files: one candidate per file, or a list of them with common defaults.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::criteria::RollupDoc;
use super::fact::{FactDoc, KindDoc};
use super::scalar::Words;
use super::spanned::{Entries, Spanned};

/// A catalog file.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "weigh catalog file")]
pub struct CatalogDoc {
    /// Id of the candidate; by default the name of the file.
    pub candidate: Option<Spanned<String>>,
    /// Display name.
    pub name: Option<Words>,
    /// The concrete variant that the facts describe.
    pub variant: Option<Words>,
    /// One sentence.
    pub about: Option<Words>,
    /// Provenance of facts that give none.
    pub defaults: Option<DefaultsDoc>,
    /// The facts.
    pub facts: Entries<Spanned<FactDoc>>,
    /// Candidates that this one is composed of.
    pub parts: Vec<Spanned<String>>,
    /// Ids of candidates that this one requires.
    pub requires: Vec<Spanned<String>>,
    /// How facts of the parts are combined, if not as the measure declares.
    pub rollup: Entries<RollupDoc>,
    /// Where `weigh catalog refresh` looks: a source and the project's name in it, best source first.
    pub refresh: Entries<Spanned<String>>,
    /// Several candidates in one file.
    pub candidates: Vec<CandidateDoc>,
}

/// Provenance that facts inherit.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "defaults")]
pub struct DefaultsDoc {
    /// Kind of evidence.
    pub kind: Option<KindDoc>,
    /// Document, registry or person that the facts come from.
    pub source: Option<Spanned<String>>,
    /// Date of the evidence.
    pub as_of: Option<Spanned<String>>,
    /// Date after which a fact is stale.
    pub expires: Option<Spanned<String>>,
}

/// A candidate in a list, or one that a decision defines itself.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "candidate")]
pub struct CandidateDoc {
    /// Id of the candidate.
    pub id: Option<Spanned<String>>,
    /// Same as `id`, as in a catalog file.
    pub candidate: Option<Spanned<String>>,
    /// Display name.
    pub name: Option<Words>,
    /// The concrete variant that the facts describe.
    pub variant: Option<Words>,
    /// One sentence.
    pub about: Option<Words>,
    /// In a decision: the domain that it belongs to, if no catalog has it.
    pub domain: Option<Spanned<String>>,
    /// Provenance of facts that give none.
    pub defaults: Option<DefaultsDoc>,
    /// The facts; in a decision they take precedence over the catalog's.
    pub facts: Entries<Spanned<FactDoc>>,
    /// Candidates that this one is composed of.
    pub parts: Vec<Spanned<String>>,
    /// Ids of candidates that this one requires.
    pub requires: Vec<Spanned<String>>,
    /// How facts of the parts are combined, if not as the measure declares.
    pub rollup: Entries<RollupDoc>,
    /// Where `weigh catalog refresh` looks: a source and the project's name in it, best source first.
    pub refresh: Entries<Spanned<String>>,
}
