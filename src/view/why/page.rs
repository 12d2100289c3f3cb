//! What `weigh why` shows, ready for display and JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::WorkingView;

/// The JSON of `weigh why`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WhyView {
    pub decision: String,
    /// The date of the evaluation.
    pub as_of: String,
    pub candidate: String,
    pub name: String,
    /// `ranked`, `screened` or `incomplete`.
    pub status: &'static str,
    /// The expected score: the mean over the draws.
    pub score: Option<f64>,
    /// The score with every input at its mean, as the arithmetic below shows it.
    pub point: Option<f64>,
    /// What makes the two differ, if they do.
    pub difference: Option<String>,
    /// Why it has no score, or what the score assumes.
    pub reasons: Vec<String>,
    /// The gates on the candidate's walk, with their answers.
    pub gates: Vec<NodeWhy>,
    /// The criteria, heaviest contribution first.
    pub criteria: Vec<CriterionWhy>,
    /// The definitions in use that replace others.
    pub replaced: Vec<ReplacedView>,
    /// Commands that would complete it.
    pub commands: Vec<String>,
}

/// A definition that is used instead of another one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReplacedView {
    pub name: String,
    /// `file:line` of the definition in use.
    pub by: String,
    /// `file:line` of the replaced definition.
    pub instead_of: String,
}

/// One criterion's part of the score.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CriterionWhy {
    pub criterion: String,
    pub title: String,
    /// Its normalised weight.
    pub share: f64,
    /// The mean value over the draws, 0..1.
    pub score: Option<f64>,
    /// The value with every input at its mean.
    pub point: Option<f64>,
    /// Share times value.
    pub contribution: Option<f64>,
    /// How the measure becomes the value, with figures.
    pub value_function: String,
    /// The same in parts.
    pub value_working: ValueWhy,
    /// The measure and what it rests on.
    pub measure: NodeWhy,
    /// Paper or document behind it.
    pub source: Option<String>,
    /// What it assumes.
    pub assumptions: Option<String>,
}

/// The arithmetic of a value function.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ValueWhy {
    /// The shape with its anchors, points or levels.
    pub shape: String,
    /// Expressions with figures that follow from each other.
    pub formulas: Vec<String>,
    /// What stands in place of arithmetic, such as the step that the measure is on.
    pub note: Option<String>,
    /// The value before it was limited to 0..1; `None` if it lies within.
    pub free: Option<f64>,
}

/// The fact of one part of a composite.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartWhy {
    pub part: String,
    /// The value in its unit.
    pub value: serde_json::Value,
    pub unit: String,
    /// The value, formatted for display.
    pub shown: String,
    /// Its 5 % and 95 % quantile.
    pub range: Option<String>,
    /// `file:line` of the fact.
    pub place: Option<String>,
    pub evidence: Option<EvidenceView>,
    /// Its own parts.
    pub parts: Vec<PartWhy>,
}

/// One value and what it rests on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NodeWhy {
    pub node: String,
    /// The kind of node.
    pub kind: &'static str,
    pub title: String,
    /// The value in its unit.
    pub value: serde_json::Value,
    pub unit: String,
    /// The value, formatted for display.
    pub shown: String,
    /// Its 5 % and 95 % quantile, for a leaf that is uncertain.
    pub range: Option<String>,
    /// The formula with figures in place of names, lookups and iterations.
    pub formula: Option<String>,
    /// The formula as it is written; for a fact of a composite, how its parts are combined.
    pub expr: Option<String>,
    /// The lookups and iterations behind the figures of the formula; empty if they were shown before.
    pub working: Vec<WorkingView>,
    /// `file:line` of the formula or fact.
    pub place: Option<String>,
    /// Where a fact comes from.
    pub evidence: Option<EvidenceView>,
    /// The facts of the parts of a composite.
    pub parts: Vec<PartWhy>,
    /// Whether what it rests on was shown before, further up.
    pub seen_above: bool,
    /// The nodes it uses; empty if they were shown before.
    pub rests_on: Vec<NodeWhy>,
}

/// Where a fact comes from.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EvidenceView {
    /// `measured`, `registry`, `published`, `policy` or `judged`.
    pub kind: Option<&'static str>,
    pub source: String,
    pub as_of: Option<String>,
    /// Date after which it is stale.
    pub expires: Option<String>,
    /// Whether that date has passed.
    pub stale: bool,
    /// The scale of a judgement.
    pub scale: Option<String>,
    pub note: Option<String>,
    /// Why the value is missing.
    pub missing: Option<String>,
    /// Why the question does not arise for the candidate.
    pub not_applicable: Option<String>,
    /// The command that would measure it.
    pub command: Option<String>,
    /// The run it was measured in.
    pub run: Option<RunView>,
}

/// The run behind a measured value.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunView {
    pub id: String,
    pub session: String,
    pub file: String,
    /// The file with its histograms and per-second data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// `contract.operation.metric`.
    pub address: String,
    pub service: String,
    pub variant: Option<String>,
    pub machine: Option<String>,
    /// Each repetition's figure.
    pub rounds: Vec<(u32, f64)>,
    pub unit: String,
    /// Remarks on the run.
    pub verdicts: Vec<String>,
}
