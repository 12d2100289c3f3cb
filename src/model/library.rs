//! The library of a project: its measures, inputs, formulas, criteria, gates, tables and units.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::evidence::Fact;
use crate::formula::{Expr, LookupTable, TextCodes, Type};
use crate::lang::Text;
use crate::quantity::unit::{Unit, Units};
use crate::quantity::value_function::ValueFunction;
use crate::source::Span;

/// What form the values of a measure have.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueForm {
    /// A quantity in this unit.
    Number(Unit),
    /// Yes or no.
    Flag,
    /// A word.
    Text,
    /// A day.
    Date,
    /// A word of an ordered scale, worst first: code and words.
    Level(Vec<(f64, Arc<str>, Arc<Text>)>),
}

impl ValueForm {
    /// Its type in a formula.
    #[must_use]
    pub fn kind(&self) -> Type {
        match self {
            Self::Number(unit) => Type::Number(unit.dimension().clone()),
            Self::Flag => Type::Flag,
            Self::Text | Self::Level(_) => Type::Text,
            Self::Date => Type::Date,
        }
    }

    /// Its unit; a plain number's where it has none.
    #[must_use]
    pub fn unit(&self) -> Unit {
        match self {
            Self::Number(unit) => unit.clone(),
            _ => Unit::one(),
        }
    }
}

/// How the facts of parts combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rollup {
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

impl Rollup {
    /// The number that the parts' numbers give together.
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

/// How the text of a fact is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// An SPDX licence expression.
    Spdx,
}

/// A measure that facts give values for.
#[derive(Clone, Debug)]
pub struct Measure {
    /// What it is called.
    pub title: Text,
    /// What it means.
    pub about: Option<Text>,
    /// The form of its values.
    pub form: ValueForm,
    /// How the facts of parts combine; `None`: a whole made of parts does not have it.
    pub rollup: Option<Rollup>,
    /// How the text is written, where that can be checked.
    pub syntax: Option<Syntax>,
    /// Where it was declared.
    pub span: Span,
}

/// An input of the context.
#[derive(Clone, Debug)]
pub struct Input {
    /// What it is called.
    pub title: Text,
    /// What it means.
    pub about: Option<Text>,
    /// The form of its values.
    pub form: ValueForm,
    /// The default.
    pub default: Option<Fact>,
    /// Where it was declared.
    pub span: Span,
}

/// Where a formula or criterion comes from and what to know about it.
#[derive(Clone, Debug, Default)]
pub struct Background {
    /// What it means.
    pub about: Option<Text>,
    /// Paper, standard or document.
    pub source: Option<String>,
    /// What it takes for granted.
    pub assumptions: Option<Text>,
    /// Where it misleads.
    pub pitfalls: Option<Text>,
}

/// An intermediate measure.
#[derive(Clone, Debug)]
pub struct Formula {
    /// What it is called.
    pub title: Text,
    /// How it is computed.
    pub expr: Arc<Expr>,
    /// Its unit, where one was declared.
    pub unit: Option<(Unit, Span)>,
    /// Whether it is a cost that must not be counted twice.
    pub cost: bool,
    /// Where it comes from.
    pub background: Background,
    /// Where it was declared.
    pub span: Span,
}

/// What becomes of a candidate that lacks a fact of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingPolicy {
    /// It stays without a score.
    Exclude,
    /// It gets the value of the worst anchor.
    Pessimistic,
    /// It may lie anywhere between the anchors.
    Range,
}

/// A criterion.
#[derive(Clone, Debug)]
pub struct Criterion {
    /// What it is called.
    pub title: Text,
    /// How it is computed.
    pub expr: Arc<Expr>,
    /// Its unit.
    pub unit: Option<(Unit, Span)>,
    /// From the measure to a value; `None`: the observed range serves, with a warning.
    pub value: Option<ValueFunction>,
    /// Which way is better, for a criterion without anchors.
    pub direction: crate::quantity::value_function::Direction,
    /// What becomes of a candidate that lacks a fact.
    pub missing: MissingPolicy,
    /// Defects of a model kept only to reproduce published figures.
    pub legacy: Option<Text>,
    /// Where it comes from.
    pub background: Background,
    /// Where it was declared.
    pub span: Span,
}

/// What a gate does with the answer.
#[derive(Clone, Debug)]
pub enum GateAction {
    /// This answer screens out, and that is said.
    Screen {
        /// The answer that screens out.
        when: bool,
        /// What is said then.
        reason: Text,
    },
    /// Either branch computes a measure of this name and unit.
    Fork {
        /// Where the answer is yes.
        yes: Arc<Expr>,
        /// Where it is no.
        no: Arc<Expr>,
        /// The measure in which the branches join.
        gives: String,
        /// Its unit.
        unit: Option<(Unit, Span)>,
    },
}

/// A hard requirement or a fork.
#[derive(Clone, Debug)]
pub struct Gate {
    /// What it is called.
    pub title: Text,
    /// What it means.
    pub about: Option<Text>,
    /// The question.
    pub ask: Arc<Expr>,
    /// What the answer does.
    pub action: GateAction,
    /// Who says so.
    pub source: Option<String>,
    /// Where it was declared.
    pub span: Span,
}

/// What must hold between the facts of one candidate, where they are known.
#[derive(Clone, Debug)]
pub struct ConsistencyRule {
    /// The question.
    pub ask: Arc<Expr>,
    /// What is said where the answer is no.
    pub otherwise: Text,
    /// Where it was declared.
    pub span: Span,
}

/// All yardsticks of a project. Names are unique over inputs, measures, formulas and what forks give.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// The units.
    pub units: Units,
    /// The words of text facts, coded for formulas.
    pub words: TextCodes,
    /// Inputs by name.
    pub inputs: BTreeMap<String, Input>,
    /// Measures by name.
    pub measures: BTreeMap<String, Measure>,
    /// Tables by name.
    pub tables: BTreeMap<String, (Text, LookupTable)>,
    /// Formulas by name.
    pub formulas: BTreeMap<String, Formula>,
    /// Criteria by id.
    pub criteria: BTreeMap<String, Criterion>,
    /// Gates by id.
    pub gates: BTreeMap<String, Gate>,
    /// What must hold between facts, by id.
    pub consistency: BTreeMap<String, ConsistencyRule>,
    /// Names that were declared but could not be read; that was said, so who refers to them need not be told again.
    pub unread: BTreeSet<String>,
}
