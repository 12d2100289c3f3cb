//! Criteria files. A domain's `domain.yaml` and a decision may have the same sections.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::{FactDoc, WhenStaleDoc};
use super::scalar::{Scalar, ScalarOrList, Words};
use super::spanned::{Entries, Spanned};

/// A criteria file.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "weigh criteria file")]
pub struct CriteriaDoc {
    /// Description of the file.
    pub about: Option<Words>,
    /// Counted nouns that serve as units in addition to the built-in ones.
    pub units: Vec<Spanned<String>>,
    /// Inputs that a decision's `context:` may set.
    pub inputs: Entries<InputDoc>,
    /// Facts that a catalog may state about a candidate.
    pub facts: Entries<MeasureDoc>,
    /// Look-up tables.
    pub tables: Entries<TableDoc>,
    /// Intermediate measures.
    pub formulas: Entries<FormulaDoc>,
    /// Functions that formulas may call.
    pub functions: Entries<FunctionDoc>,
    /// The criteria.
    pub criteria: Entries<CriterionDoc>,
    /// Only in a domain's `domain.yaml`: facts of every candidate of the domain that does not state them itself.
    pub defaults: FactSettings,
    /// Hard requirements and forks.
    pub gates: Entries<GateDoc>,
    /// Rules that the known facts of one candidate must satisfy, checked by `weigh catalog check`.
    pub consistency: Entries<ConsistencyDoc>,
}

/// A rule that the facts of one candidate must satisfy.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "consistency")]
pub struct ConsistencyDoc {
    /// A yes-or-no expression over facts that must be true for every candidate.
    pub holds: Spanned<String>,
    /// Message if it is false.
    pub otherwise: Words,
}

/// The format of a fact's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "syntax")]
pub enum SyntaxDoc {
    /// An SPDX licence expression, such as `MIT OR Apache-2.0`.
    Spdx,
}

/// What `weigh catalog refresh` may write to a fact.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "refresh")]
pub struct RefreshDoc {
    /// The finding of a source that provides the value.
    pub finding: FindingDoc,
    /// Number of days until the fact expires.
    pub days: u16,
}

/// What a source can report about a project.
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
    /// Release date of the newest stable version.
    NewestRelease,
    /// Release date of the first version.
    FirstRelease,
    /// Number of stable versions released in the last twelve months.
    ReleasesPerYear,
    /// Number of major versions released in the last five years.
    Majors,
    /// End of support of the newest release cycle.
    SupportEnd,
    /// Number of authors in the last twelve months.
    Authors,
    /// Smallest number of authors who made half of the commits of the last twelve months.
    AbsenceFactor,
    /// The aggregate score of OpenSSF Scorecard, 0 to 10.
    Scorecard,
}

/// The type of a fact's or input's values.
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
    /// A list of words, which a decision may replace as a whole.
    List,
    /// A date.
    Date,
    /// A level of an ordinal scale.
    Level,
}

/// How the facts of parts are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RollupDoc {
    /// The sum.
    Sum,
    /// The maximum.
    Max,
    /// The minimum.
    Min,
    /// True if true for every part.
    All,
    /// True if true for at least one part.
    Any,
    /// The worst level.
    Weakest,
    /// The fact of the first part.
    First,
}

/// An input of the decision's context.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "input")]
pub struct InputDoc {
    /// Name of the definition that this one is used instead of, everywhere.
    pub replaces: Option<Spanned<String>>,
    /// Display name.
    pub title: Words,
    /// Description.
    pub about: Option<Words>,
    /// Type of the values.
    #[serde(default)]
    pub kind: FormDoc,
    /// Unit; without one, a plain number.
    pub unit: Option<Spanned<String>>,
    /// Default; without one, a decision that needs the input must set it.
    #[schemars(with = "Option<ScalarOrList>")]
    pub value: Option<Spanned<Scalar>>,
    /// Range that is searched for break-evens. Write an uncertain default in `value`, as in `1..2..4`.
    pub range: Option<Spanned<Scalar>>,
    /// Source of the default.
    pub source: Option<String>,
    /// Note.
    pub note: Option<Words>,
}

/// A measure whose values are facts.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "measure")]
pub struct MeasureDoc {
    /// Name of the definition that this one is used instead of, everywhere.
    pub replaces: Option<Spanned<String>>,
    /// Display name.
    pub title: Words,
    /// Description.
    pub about: Option<Words>,
    /// Type of the values.
    #[serde(default)]
    pub kind: FormDoc,
    /// Unit; without one, a plain number.
    pub unit: Option<Spanned<String>>,
    /// How the facts of parts are combined.
    pub rollup: Option<RollupDoc>,
    /// Levels of the ordinal scale, worst first, with display names.
    #[serde(default)]
    pub levels: Entries<Words>,
    /// Format of the text.
    pub syntax: Option<SyntaxDoc>,
    /// The finding of a registry or repository that updates the fact.
    pub refresh: Option<RefreshDoc>,
    /// What a fact is worth after its `expires` date.
    pub when_stale: Option<WhenStaleDoc>,
    /// How far the range of a stale number widens on each side, as a part of the value, or that of an unknown date, as a part of how
    /// far it lay ahead; 0.1 if not given.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub widens_by: Option<f64>,
}

/// Interpolation between the points of a curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum InterpolateDoc {
    /// Linear.
    #[default]
    Linear,
    /// Linear in the logarithm of x.
    Log,
    /// Constant up to the next point.
    Step,
}

/// A look-up table: a curve (`x`, `points`), or a table with one or two keys (`keys`, `rows`).
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "table")]
pub struct TableDoc {
    /// Name of the definition that this one is used instead of, everywhere.
    pub replaces: Option<Spanned<String>>,
    /// Display name.
    pub title: Words,
    /// Description.
    pub about: Option<Words>,
    /// Unit of the curve's argument.
    pub x: Option<Spanned<String>>,
    /// Unit of the result.
    pub unit: Option<Spanned<String>>,
    /// Points of a curve: argument and result.
    #[serde(default)]
    pub points: Entries<f64>,
    /// Interpolation between the points of a curve.
    #[serde(default)]
    pub interpolate: InterpolateDoc,
    /// What the one or two keys of a row are.
    #[serde(default)]
    pub keys: Vec<String>,
    /// The rows: a key and its number, or a key and a mapping of second keys.
    #[serde(default)]
    pub rows: Entries<RowDoc>,
    /// The number for keys without a row.
    pub default: Option<f64>,
    /// Source of the numbers.
    pub source: Option<String>,
    /// Assumptions.
    pub assumptions: Option<Words>,
}

/// A row of a table with keys.
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
    /// Name of the definition that this one is used instead of, everywhere.
    pub replaces: Option<Spanned<String>>,
    /// Display name.
    pub title: Words,
    /// Description.
    pub about: Option<Words>,
    /// Formula.
    pub expr: Spanned<String>,
    /// Unit.
    pub unit: Option<Spanned<String>>,
    /// Whether it is a cost: more is worse, and it must not be counted twice. Amounts of money are, unless it says `false`.
    pub cost: Option<bool>,
    /// Paper, standard or document it comes from.
    pub source: Option<String>,
    /// Assumptions.
    pub assumptions: Option<Words>,
    /// Where it misleads.
    pub pitfalls: Option<Words>,
}

/// A function that formulas may call as `name(a, b)`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "function")]
pub struct FunctionDoc {
    /// Display name.
    pub title: Words,
    /// Description.
    pub about: Option<Words>,
    /// The function that this one replaces.
    pub replaces: Option<Spanned<String>>,
    /// Names under which the body uses the arguments. An argument is a value, or a member of a collection such as `p` in `p in team`.
    pub parameters: Vec<Spanned<String>>,
    /// The body.
    pub expr: Spanned<String>,
    /// Paper, standard or document it comes from.
    pub source: Option<String>,
    /// Assumptions.
    pub assumptions: Option<Words>,
    /// Where it misleads.
    pub pitfalls: Option<Words>,
}

/// How a candidate is treated that lacks a fact of a criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MissingDoc {
    /// It is incomplete and gets no score.
    #[default]
    Exclude,
    /// It gets the value of the worst anchor.
    Pessimistic,
    /// Its value is sampled between the anchors.
    Range,
}

/// A criterion.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "criterion")]
pub struct CriterionDoc {
    /// Name of the definition that this one is used instead of, everywhere.
    pub replaces: Option<Spanned<String>>,
    /// Display name.
    pub title: Words,
    /// Description.
    pub about: Option<Words>,
    /// Formula.
    pub expr: Spanned<String>,
    /// Unit.
    pub unit: Option<Spanned<String>>,
    /// Maps the measure to a value between 0 and 1.
    pub value: ValueDoc,
    /// How a candidate is treated that lacks a fact.
    #[serde(default)]
    pub missing: MissingDoc,
    /// The value, 0 to 1, `worst` or `best`, of a candidate to which a fact of the criterion does not apply; without it the
    /// candidate is incomplete.
    pub not_applicable: Option<Spanned<Scalar>>,
    /// Known defects of a model that is kept only to reproduce published figures; printed whenever it is used.
    pub legacy: Option<Words>,
    /// Paper, standard or document it comes from.
    pub source: Option<String>,
    /// Assumptions.
    pub assumptions: Option<Words>,
    /// Where it misleads.
    pub pitfalls: Option<Words>,
}

/// The shape of a value function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShapeDoc {
    /// Linear from worst to best.
    #[default]
    Linear,
    /// Linear between listed points.
    Piecewise,
    /// Linear in the logarithm.
    Logarithmic,
    /// Curved by `curvature`: positive rises early, negative late.
    Exponential,
    /// Constant up to the next listed point.
    Step,
    /// S-shaped between worst and best.
    SCurve,
    /// Best at `target`, falling on both sides.
    Target,
    /// A value for each level of a scale.
    Levels,
}

/// Maps a measure to a value between 0 and 1, between fixed anchors.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "value")]
pub struct ValueDoc {
    /// Shape of the function.
    pub shape: ShapeDoc,
    /// The measure with value 0: the worst that is acceptable.
    pub worst: Option<Spanned<Scalar>>,
    /// The measure with value 1: any further improvement is of no use.
    pub best: Option<Spanned<Scalar>>,
    /// Measure and value, for `piecewise` and `step`.
    pub points: Entries<f64>,
    /// For `exponential`: how strongly it curves.
    pub curvature: Option<f64>,
    /// For `target`: the measure with value 1; `worst` and `best` are then the two ends with value 0.
    pub target: Option<Spanned<Scalar>>,
    /// For `levels`: level and value.
    pub levels: Entries<f64>,
}

/// A hard requirement (`screen`) or a fork in the graph (`fork`).
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "gate")]
pub struct GateDoc {
    /// Name of the definition that this one is used instead of, everywhere.
    pub replaces: Option<Spanned<String>>,
    /// Display name.
    pub title: Option<Words>,
    /// Description.
    pub about: Option<Words>,
    /// A yes-or-no expression.
    pub ask: Spanned<String>,
    /// Which answer screens a candidate out, and why.
    pub screen: Option<ScreenDoc>,
    /// The formula of each branch.
    pub fork: Option<ForkDoc>,
    /// The measure in which the branches join.
    pub gives: Option<Spanned<String>>,
    /// Unit.
    pub unit: Option<Spanned<String>>,
    /// Source of the requirement.
    pub source: Option<String>,
}

/// Which answer screens a candidate out.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "screen")]
pub struct ScreenDoc {
    /// The answer that screens out.
    pub when: bool,
    /// Reason shown for a screened candidate.
    pub reason: Option<Words>,
    /// The share of the draws in which a candidate must pass to be ranked, such as `95 %`; half of them by default.
    pub at_least: Option<Spanned<Scalar>>,
}

/// The formula of each branch of a fork.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "fork")]
pub struct ForkDoc {
    /// If the answer is yes.
    pub yes: Spanned<String>,
    /// If the answer is no.
    pub no: Spanned<String>,
}

/// Weights by criterion: a profile (`points`), or judgements that `weigh weights` converts (`method`).
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "weigh weights file")]
pub struct WeightsDoc {
    /// Id of the profile; by default the name of the file.
    pub profile: Option<String>,
    /// Display name.
    pub title: Option<Words>,
    /// Description.
    pub about: Option<Words>,
    /// Points by criterion.
    pub points: Entries<f64>,
    /// Anchors for which the weights were elicited: criterion and `worst..best`. A warning is shown if the criteria
    /// have other anchors.
    #[serde(rename = "for")]
    pub anchors: Entries<Spanned<Scalar>>,
    /// For `robustness --weights FILE`: criterion and the bounds of its weight, such as `0.1..0.4`.
    pub intervals: Entries<Spanned<Scalar>>,
    /// For `robustness --weights FILE`: lists of criteria, each from the most to the least important.
    pub orders: Vec<Vec<Spanned<String>>>,
    /// How weights are derived from the judgements.
    pub method: Option<Spanned<WeighingDoc>>,
    /// Pairwise: the compared items, in the order of the matrix.
    pub items: Vec<Spanned<String>>,
    /// Pairwise: one comparison each.
    pub comparisons: Vec<ComparisonDoc>,
    /// Pairwise: the whole matrix; `'1/3'` is a ratio.
    pub matrix: Vec<Vec<Spanned<Scalar>>>,
    /// Pairwise: comparisons of the items of a group.
    pub children: Entries<WeightsDoc>,
    /// Pairwise: name of the random-index table, or a number.
    pub random_index: Option<Spanned<Scalar>>,
    /// Swing: points of each swing from worst to best.
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

/// How weights are derived from judgements.
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
    /// The other item.
    pub over: Spanned<String>,
    /// How many times more important; `'1/3'` if less important.
    pub ratio: Spanned<Scalar>,
}

/// Facts that a decision or scenario sets, by name.
pub type FactSettings = Entries<Spanned<FactDoc>>;
