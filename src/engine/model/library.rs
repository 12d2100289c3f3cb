//! The library of a project: its measures, inputs, formulas, criteria, gates, tables and units.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::evidence::{Fact, StaleRule};
use crate::formula::{DefinedFunction, Expr, LookupTable, TextCodes, Type};
use crate::lang::Text;
use crate::quantity::unit::{Unit, Units};
use crate::quantity::value_function::ValueFunction;
use crate::source::Span;

/// The form of the values of a measure or input.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueForm {
    Number(Unit),
    Flag,
    Text,
    /// A list of texts.
    List,
    Date,
    /// An ordinal scale, worst level first: code and text.
    Level(Vec<(f64, Arc<str>, Arc<Text>)>),
}

impl ValueForm {
    /// Returns the type in formulas.
    #[must_use]
    pub fn kind(&self) -> Type {
        match self {
            Self::Number(unit) => Type::Number(unit.dimension().clone()),
            Self::Flag => Type::Flag,
            Self::Text | Self::Level(_) => Type::Text,
            Self::List => Type::List,
            Self::Date => Type::Date,
        }
    }

    /// Returns the unit, or that of a plain number.
    #[must_use]
    pub fn unit(&self) -> Unit {
        match self {
            Self::Number(unit) => unit.clone(),
            _ => Unit::one(),
        }
    }
}

/// How the facts of the parts of a composite combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rollup {
    Sum,
    Max,
    Min,
    /// True if it is true for every part.
    All,
    /// True if it is true for any part.
    Any,
    /// The worst level of any part.
    Weakest,
    /// The value of the first part.
    First,
}

impl Rollup {
    /// Combines the values of the parts; NaN without parts.
    pub fn combine(self, parts: impl Iterator<Item = f64>) -> f64 {
        let fold = |f: fn(f64, f64) -> f64| parts.reduce(f).unwrap_or(f64::NAN);
        match self {
            Self::Sum => fold(|a, b| a + b),
            Self::Max | Self::Any => fold(f64::max),
            Self::Min | Self::All | Self::Weakest => fold(f64::min),
            Self::First => fold(|a, _| a),
        }
    }
}

/// A syntax that text facts must follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// An SPDX licence expression.
    Spdx,
}

/// A measure, for which facts give values.
#[derive(Clone, Debug)]
pub struct Measure {
    pub title: Text,
    pub about: Option<Text>,
    pub form: ValueForm,
    /// `None` if composites do not have this measure.
    pub rollup: Option<Rollup>,
    pub syntax: Option<Syntax>,
    /// How facts are treated after their `expires` date.
    pub stale: StaleRule,
    pub span: Span,
}

/// A quantity of the context that formulas may name, such as the peak load.
#[derive(Clone, Debug)]
pub struct Input {
    pub title: Text,
    pub about: Option<Text>,
    pub form: ValueForm,
    pub default: Option<Fact>,
    pub span: Span,
}

/// The background of a formula or criterion.
#[derive(Clone, Debug, Default)]
pub struct Background {
    pub about: Option<Text>,
    pub source: Option<String>,
    pub assumptions: Option<Text>,
    pub pitfalls: Option<Text>,
}

/// A named intermediate formula.
#[derive(Clone, Debug)]
pub struct Formula {
    pub title: Text,
    pub expr: Arc<Expr>,
    /// The declared unit.
    pub unit: Option<(Unit, Span)>,
    /// Whether it is a cost, which must not be counted twice.
    pub cost: bool,
    pub background: Background,
    pub span: Span,
}

/// A function that formulas may call, with its background.
#[derive(Clone, Debug)]
pub struct NamedFunction {
    pub title: Text,
    pub defined: DefinedFunction,
    pub background: Background,
    pub span: Span,
}

/// How to treat a candidate that lacks a fact of a criterion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MissingPolicy {
    /// The candidate gets no score.
    Exclude,
    /// The candidate gets the value of the worst anchor.
    Pessimistic,
    /// The value may lie anywhere between the anchors.
    Range,
    /// The candidate gets this value, because a fact does not apply to it.
    Fixed(f64),
}

impl MissingPolicy {
    /// Returns the value, or what replaces a missing one at the point; NaN if nothing does.
    #[must_use]
    pub fn known(self, value: f64) -> f64 {
        match self {
            _ if !value.is_nan() => value,
            Self::Exclude => f64::NAN,
            Self::Pessimistic => 0.0,
            Self::Range => 0.5,
            Self::Fixed(fixed) => fixed,
        }
    }
}

/// A measure with the value function that turns it into 0..1.
#[derive(Clone, Debug)]
pub struct Criterion {
    pub title: Text,
    pub expr: Arc<Expr>,
    pub unit: Option<(Unit, Span)>,
    /// `None` uses the observed range, with a warning.
    pub value: Option<ValueFunction>,
    /// Used for a criterion without anchors.
    pub direction: crate::quantity::value_function::Direction,
    pub missing: MissingPolicy,
    /// The value, 0 to 1, of a candidate to which a fact of the measure does not apply; without one it is incomplete.
    pub not_applicable: Option<f64>,
    /// Known defects of a model that is kept only to reproduce published results.
    pub legacy: Option<Text>,
    pub background: Background,
    pub span: Span,
}

/// What screens a candidate out at a gate.
#[derive(Clone, Debug)]
pub struct Screen {
    /// The answer that screens out.
    pub when: bool,
    /// The reason to give.
    pub reason: Text,
    /// The least share of the draws in which a candidate must pass to be ranked.
    pub at_least: f64,
}

impl Screen {
    /// The share of draws in which a gate must pass unless it asks for more (a chance constraint: Charnes, A., Cooper, W. W.
    /// (1959). Chance-constrained programming. Management Science 6(1), 73-79).
    pub const USUAL_SHARE: f64 = 0.5;

    /// Whether an answer passes; a missing one, NaN, does not.
    #[must_use]
    pub fn lets_pass(&self, answer: f64) -> bool {
        !answer.is_nan() && (answer != 0.0) != self.when
    }
}

/// The effect of a gate.
#[derive(Clone, Debug)]
pub enum GateAction {
    /// Screens out candidates.
    Screen(Screen),
    /// Chooses between two formulas for a measure.
    Fork {
        yes: Arc<Expr>,
        no: Arc<Expr>,
        /// The name of the measure.
        gives: String,
        unit: Option<(Unit, Span)>,
    },
}

/// A hard requirement or a fork.
#[derive(Clone, Debug)]
pub struct Gate {
    pub title: Text,
    pub about: Option<Text>,
    pub ask: Arc<Expr>,
    pub action: GateAction,
    pub source: Option<String>,
    pub span: Span,
}

/// A condition that the known facts of one candidate must meet.
#[derive(Clone, Debug)]
pub struct ConsistencyRule {
    pub ask: Arc<Expr>,
    /// The message if the condition is false.
    pub otherwise: Text,
    pub span: Span,
}

/// All definitions of a project. Names are unique across inputs, measures, formulas and the results of forks.
#[derive(Clone, Debug, Default)]
pub struct Library {
    pub units: Units,
    /// Codes of text facts.
    pub words: TextCodes,
    pub inputs: BTreeMap<String, Input>,
    pub measures: BTreeMap<String, Measure>,
    pub tables: BTreeMap<String, (Text, LookupTable)>,
    pub functions: BTreeMap<String, NamedFunction>,
    pub formulas: BTreeMap<String, Formula>,
    pub criteria: BTreeMap<String, Criterion>,
    pub gates: BTreeMap<String, Gate>,
    pub consistency: BTreeMap<String, ConsistencyRule>,
    /// Declared names whose definitions are invalid. This was reported, so references to them are not.
    pub unread: BTreeSet<String>,
}
