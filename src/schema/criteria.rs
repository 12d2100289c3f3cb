//! Criteria files: the yardsticks. The same sections may stand in a domain's `domain.yaml` and in a decision.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::FactDoc;
use super::scalar::{Scalar, Words};
use super::spanned::{Entries, Spanned};

/// A criteria file.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "weigh criteria file")]
pub struct CriteriaDoc {
    /// What the file is about.
    pub about: Option<Words>,
    /// Counted nouns that serve as units beyond the built-in ones.
    pub units: Vec<Spanned<String>>,
    /// What a decision's `context:` may set.
    pub inputs: Entries<InputDoc>,
    /// What a catalog may say of a candidate.
    pub facts: Entries<MeasureDoc>,
    /// Look-up tables.
    pub tables: Entries<TableDoc>,
    /// Intermediate measures.
    pub formulas: Entries<FormulaDoc>,
    /// The criteria.
    pub criteria: Entries<CriterionDoc>,
    /// Hard requirements and forks.
    pub gates: Entries<GateDoc>,
    /// What must hold between the facts of one candidate, where they are known: `weigh catalog check` asks it.
    pub consistency: Entries<ConsistencyDoc>,
}

/// What must hold between the facts of one candidate.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "consistency")]
pub struct ConsistencyDoc {
    /// A question over facts that every candidate must answer with yes.
    pub holds: Spanned<String>,
    /// What is said where it does not hold.
    pub otherwise: Words,
}

/// How the text of a fact is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "syntax")]
pub enum SyntaxDoc {
    /// An SPDX licence expression, such as `MIT OR Apache-2.0`.
    Spdx,
}

/// What `weigh catalog refresh` may write into a fact.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "refresh")]
pub struct RefreshDoc {
    /// The finding of a source that gives it.
    pub finding: FindingDoc,
    /// For how many days it is then fresh.
    pub days: u16,
}

/// What a source can tell of a project.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "finding")]
pub enum FindingDoc {
    /// The licence of the newest stable version.
    Licence,
    /// The newest stable version.
    NewestVersion,
    /// The day it came out.
    NewestRelease,
    /// The day of the first version.
    FirstRelease,
    /// Stable versions of the last twelve months.
    ReleasesPerYear,
    /// Majors of the last five years.
    Majors,
    /// The day on which support of the newest cycle ends.
    SupportEnd,
    /// Authors of the last twelve months.
    Authors,
    /// Fewest authors who made half of the commits of the last twelve months.
    AbsenceFactor,
    /// The aggregate score of OpenSSF Scorecard, 0 to 10.
    Scorecard,
}

/// What form the values of a fact or an input have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FormDoc {
    /// A quantity with a unit.
    #[default]
    Number,
    /// Yes or no.
    Flag,
    /// A word.
    Text,
    /// A day.
    Date,
    /// A word of an ordered scale.
    Level,
}

/// How the facts of parts combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RollupDoc {
    /// Added up.
    Sum,
    /// The largest.
    Max,
    /// The smallest.
    Min,
    /// True where it is for every part.
    All,
    /// True where it is for one part.
    Any,
    /// The worst level.
    Weakest,
    /// That of the first part.
    First,
}

/// An input of the decision's context.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "input")]
pub struct InputDoc {
    /// What it is called.
    pub title: Words,
    /// What it means.
    pub about: Option<Words>,
    /// The form of its values.
    #[serde(default)]
    pub kind: FormDoc,
    /// Its unit; a plain number without one.
    pub unit: Option<Spanned<String>>,
    /// The default; without one a decision that needs it must give it.
    pub value: Option<Spanned<Scalar>>,
    /// Between which values break-evens are looked for; an unsure default is written in `value`, as in `1..2..4`.
    pub range: Option<Spanned<Scalar>>,
    /// Who says so.
    pub source: Option<String>,
    /// A remark.
    pub note: Option<Words>,
}

/// A measure that facts give values for.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "measure")]
pub struct MeasureDoc {
    /// What it is called.
    pub title: Words,
    /// What it means.
    pub about: Option<Words>,
    /// The form of its values.
    #[serde(default)]
    pub kind: FormDoc,
    /// Its unit; a plain number without one.
    pub unit: Option<Spanned<String>>,
    /// How the facts of parts combine.
    pub rollup: Option<RollupDoc>,
    /// The ordered scale, worst first, with words for people.
    #[serde(default)]
    pub levels: Entries<Words>,
    /// How the text is written.
    pub syntax: Option<SyntaxDoc>,
    /// Which finding of a registry or repository brings it up to date.
    pub refresh: Option<RefreshDoc>,
}

/// How a curve runs between its points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum InterpolateDoc {
    /// Straight.
    #[default]
    Linear,
    /// Straight over the logarithm of x.
    Log,
    /// Flat up to the next point.
    Step,
}

/// A look-up table: a curve (`x`, `points`), or one by words (`keys`, `rows`).
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "table")]
pub struct TableDoc {
    /// What it is called.
    pub title: Words,
    /// What it means.
    pub about: Option<Words>,
    /// Unit of the argument of a curve.
    pub x: Option<Spanned<String>>,
    /// Unit of the result.
    pub unit: Option<Spanned<String>>,
    /// Points of a curve: argument and result.
    #[serde(default)]
    pub points: Entries<f64>,
    /// How the curve runs between its points.
    #[serde(default)]
    pub interpolate: InterpolateDoc,
    /// What the one or two words of a row stand for.
    #[serde(default)]
    pub keys: Vec<String>,
    /// The rows: a word and its number, or a word and a mapping of second words.
    #[serde(default)]
    pub rows: Entries<RowDoc>,
    /// The number for words that have no row.
    pub default: Option<f64>,
    /// Who says so.
    pub source: Option<String>,
    /// What it takes for granted.
    pub assumptions: Option<Words>,
}

/// A row of a table by words.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum RowDoc {
    /// The number of a table with one key.
    One(f64),
    /// The numbers of a table with two keys.
    Two(Entries<f64>),
}

/// An intermediate measure.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "formula")]
pub struct FormulaDoc {
    /// What it is called.
    pub title: Words,
    /// What it means.
    pub about: Option<Words>,
    /// How it is computed.
    pub expr: Spanned<String>,
    /// Its unit.
    pub unit: Option<Spanned<String>>,
    /// Whether it is a cost that must not be counted twice; sums of money are without saying so.
    #[serde(default)]
    pub cost: bool,
    /// Paper, standard or document it comes from.
    pub source: Option<String>,
    /// What it takes for granted.
    pub assumptions: Option<Words>,
    /// Where it misleads.
    pub pitfalls: Option<Words>,
}

/// What becomes of a candidate that lacks a fact of a criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MissingDoc {
    /// It stays without a score: incomplete.
    #[default]
    Exclude,
    /// It gets the value of the worst anchor.
    Pessimistic,
    /// It may lie anywhere between the anchors: sampled.
    Range,
}

/// A criterion.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "criterion")]
pub struct CriterionDoc {
    /// What it is called.
    pub title: Words,
    /// What it means.
    pub about: Option<Words>,
    /// How it is computed.
    pub expr: Spanned<String>,
    /// Its unit.
    pub unit: Option<Spanned<String>>,
    /// From the measure to a value between 0 and 1.
    pub value: ValueDoc,
    /// What becomes of a candidate that lacks a fact.
    #[serde(default)]
    pub missing: MissingDoc,
    /// Defects of a model that is kept only to reproduce published figures; printed whenever it is used.
    pub legacy: Option<Words>,
    /// Paper, standard or document it comes from.
    pub source: Option<String>,
    /// What it takes for granted.
    pub assumptions: Option<Words>,
    /// Where it misleads.
    pub pitfalls: Option<Words>,
}

/// The shape of a value function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShapeDoc {
    /// Straight from worst to best.
    #[default]
    Linear,
    /// Straight between listed points.
    Piecewise,
    /// Straight over the logarithm.
    Logarithmic,
    /// Bent by `curvature`: positive rises early, negative late.
    Exponential,
    /// Flat up to the next listed point.
    Step,
    /// An S between worst and best.
    SCurve,
    /// Best at `target`, falling to both sides.
    Target,
    /// A value for each word of a scale.
    Levels,
}

/// From a measure to a value between 0 and 1, between fixed anchors.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "value")]
pub struct ValueDoc {
    /// The shape.
    pub shape: ShapeDoc,
    /// The measure worth 0: the worst that is acceptable.
    pub worst: Option<Spanned<Scalar>>,
    /// The measure worth 1: more than this is of no use.
    pub best: Option<Spanned<Scalar>>,
    /// Measure and value, for `piecewise` and `step`.
    pub points: Entries<f64>,
    /// For `exponential`: how strongly it bends.
    pub curvature: Option<f64>,
    /// For `target`: the measure worth 1; `worst` and `best` are then the two ends worth 0.
    pub target: Option<Spanned<Scalar>>,
    /// For `levels`: word and value.
    pub levels: Entries<f64>,
}

/// A hard requirement (`screen`) or a fork of the walk (`fork`).
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "gate")]
pub struct GateDoc {
    /// What it is called.
    pub title: Option<Words>,
    /// What it means.
    pub about: Option<Words>,
    /// The question, answered with yes or no.
    pub ask: Spanned<String>,
    /// Which answer screens a candidate out, and why.
    pub screen: Option<ScreenDoc>,
    /// What is computed on either branch.
    pub fork: Option<ForkDoc>,
    /// The measure in which the branches join.
    pub gives: Option<Spanned<String>>,
    /// Its unit.
    pub unit: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<String>,
}

/// Which answer screens a candidate out.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "screen")]
pub struct ScreenDoc {
    /// The answer that screens out.
    pub when: bool,
    /// What is said then.
    pub reason: Option<Words>,
}

/// What is computed on either branch of a fork.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "fork")]
pub struct ForkDoc {
    /// Where the answer is yes.
    pub yes: Spanned<String>,
    /// Where it is no.
    pub no: Spanned<String>,
}

/// Weights by name: a profile (`points`), or judgements that `weigh weights` turns into weights (`method`).
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "weigh weights file")]
pub struct WeightsDoc {
    /// The profile's id; the file's name where it is left out.
    pub profile: Option<String>,
    /// What it is called.
    pub title: Option<Words>,
    /// What it stands for.
    pub about: Option<Words>,
    /// Criterion and its points.
    pub points: Entries<f64>,
    /// The anchors the weights were asked for: criterion and `worst..best`. Used with other anchors they are flagged.
    #[serde(rename = "for")]
    pub anchors: Entries<Spanned<Scalar>>,
    /// For `robustness --weights FILE`: criterion and the shares between which its weight lies, `0.1..0.4`.
    pub intervals: Entries<Spanned<Scalar>>,
    /// For `robustness --weights FILE`: lists of criteria, each from the most to the least important.
    pub orders: Vec<Vec<Spanned<String>>>,
    /// How the judgements are to be read.
    pub method: Option<Spanned<WeighingDoc>>,
    /// Pairwise: what is compared, in the order of the matrix.
    pub items: Vec<Spanned<String>>,
    /// Pairwise: one comparison each.
    pub comparisons: Vec<ComparisonDoc>,
    /// Pairwise: the whole matrix; `'1/3'` is a ratio.
    pub matrix: Vec<Vec<Spanned<Scalar>>>,
    /// Pairwise: comparisons below an item.
    pub children: Entries<WeightsDoc>,
    /// Pairwise: the random-index table, or a number.
    pub random_index: Option<Spanned<Scalar>>,
    /// Swing: the worth of each swing from worst to best.
    pub swings: Entries<f64>,
    /// Rank order: roc, rank-sum or reciprocal.
    pub formula: Option<Spanned<String>>,
    /// Rank order: most important first.
    pub order: Vec<Spanned<String>>,
    /// Best-worst: the most important criterion.
    pub best: Option<Spanned<String>>,
    /// Best-worst: the least important one.
    pub worst: Option<Spanned<String>>,
    /// Best-worst: how much the best is preferred to each.
    pub best_to_others: Entries<f64>,
    /// Best-worst: how much each is preferred to the worst.
    pub others_to_worst: Entries<f64>,
    /// Best-worst: nonlinear or linear.
    pub model: Option<Spanned<String>>,
}

/// How judgements become weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WeighingDoc {
    /// Pairwise comparisons (AHP).
    Pairwise,
    /// Swing weights.
    Swing,
    /// Rank order.
    RankOrder,
    /// Best-worst method.
    BestWorst,
    /// Points.
    Points,
}

/// One pairwise comparison.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "comparison")]
pub struct ComparisonDoc {
    /// The preferred item.
    pub of: Spanned<String>,
    /// The other one.
    pub over: Spanned<String>,
    /// How many times more important; `'1/3'` where less.
    pub ratio: Spanned<Scalar>,
}

/// A fact given by a decision or scenario, by name.
pub type FactSettings = Entries<Spanned<FactDoc>>;
