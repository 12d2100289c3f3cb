//! Catalog files: one candidate each, or a list of them under one set of defaults.

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
    /// The candidate's id: the name of the file.
    pub candidate: Option<Spanned<String>>,
    /// What it is called.
    pub name: Option<Words>,
    /// Which concrete variant the facts are about.
    pub variant: Option<Words>,
    /// One sentence.
    pub about: Option<Words>,
    /// What every fact inherits that does not say otherwise.
    pub defaults: Option<DefaultsDoc>,
    /// The facts.
    pub facts: Entries<Spanned<FactDoc>>,
    /// Candidates it is made of.
    pub parts: Vec<Spanned<String>>,
    /// What must be there: another candidate's id.
    pub requires: Vec<Spanned<String>>,
    /// How the facts of the parts combine, where not as the measure says.
    pub rollup: Entries<RollupDoc>,
    /// Where `weigh catalog refresh` looks: a source and the project's name there, the best first.
    pub refresh: Entries<Spanned<String>>,
    /// Several candidates in one file.
    pub candidates: Vec<CandidateDoc>,
}

/// What facts inherit.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "defaults")]
pub struct DefaultsDoc {
    /// What kind of evidence it is.
    pub kind: Option<KindDoc>,
    /// Who says so.
    pub source: Option<Spanned<String>>,
    /// Date of the evidence.
    pub as_of: Option<Spanned<String>>,
    /// Date after which a fact is stale.
    pub expires: Option<Spanned<String>>,
}

/// One candidate of several in a file, or one that a decision describes itself.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "candidate")]
pub struct CandidateDoc {
    /// Its id.
    pub id: Option<Spanned<String>>,
    /// The same, as in a catalog file.
    pub candidate: Option<Spanned<String>>,
    /// What it is called.
    pub name: Option<Words>,
    /// Which concrete variant the facts are about.
    pub variant: Option<Words>,
    /// One sentence.
    pub about: Option<Words>,
    /// What every fact inherits that does not say otherwise.
    pub defaults: Option<DefaultsDoc>,
    /// The facts; in a decision they win over the catalog's.
    pub facts: Entries<Spanned<FactDoc>>,
    /// Candidates it is made of.
    pub parts: Vec<Spanned<String>>,
    /// What must be there: another candidate's id.
    pub requires: Vec<Spanned<String>>,
    /// How the facts of the parts combine, where not as the measure says.
    pub rollup: Entries<RollupDoc>,
    /// Where `weigh catalog refresh` looks: a source and the project's name there, the best first.
    pub refresh: Entries<Spanned<String>>,
}
