//! The library of a project: its measures, inputs, formulas, criteria, gates, tables and units.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::evidence::{Fact, StaleRule};
use crate::formula::{DefinedFunction, Expr, LookupTable, TextCodes, Type};
use crate::lang::Text;
use crate::quantity::unit::{Unit, Units};
use crate::quantity::value_function::ValueFunction;
use crate::source::Span;
use crate::tr;

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
    /// The domains whose candidates it concerns; empty if it concerns all.
    pub domains: Vec<Arc<str>>,
    pub span: Span,
}

impl Measure {
    /// Whether it concerns the candidates of these domains.
    #[must_use]
    pub fn concerns(&self, domains: &BTreeSet<Arc<str>>) -> bool {
        self.domains.is_empty() || self.domains.iter().any(|own| domains.contains(own))
    }
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
    /// Whether it is a cost, which must not be counted twice; `None` if it says nothing: then money is.
    pub cost: Option<bool>,
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

/// What shares one set of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Facts, inputs, tables, formulas and the results of forks.
    Value,
    Criterion,
    Gate,
}

/// A definition that is used instead of another one, in the file of the project that says so.
#[derive(Clone, Debug)]
pub struct Replacement {
    pub section: Section,
    pub name: String,
    /// Where the definition in use is.
    pub by: Span,
    /// Where the replaced definition is.
    pub instead_of: Span,
}

/// Returns a name with its domain, as formulas and files write it.
#[must_use]
pub fn qualified(domain: &str, name: &str) -> String {
    format!("{domain}::{name}")
}

/// What the names of one section mean besides the definitions themselves.
#[derive(Clone, Debug, Default)]
pub struct NameSpace {
    /// Further names of definitions: with their domain, or that of the definition that replaces them.
    pub aliases: BTreeMap<String, String>,
    /// Names that several domains define differently, each with its domain.
    pub ambiguous: BTreeMap<String, Vec<String>>,
    /// Names of domains that no candidate comes from, with these domains.
    pub elsewhere: BTreeMap<String, Vec<String>>,
}

impl NameSpace {
    /// Returns the name in the library of a name that a file of this domain writes; `None` if it is the same.
    #[must_use]
    pub fn spelled(&self, domain: Option<&str>, name: &str) -> Option<String> {
        if let Some(domain) = domain
            && let Some(known) = self.ambiguous.get(name)
        {
            let own = qualified(domain, name);
            if known.contains(&own) {
                return Some(own);
            }
        }
        self.aliases.get(name).cloned()
    }

    /// Returns which of two codes fits an undefined name: that of an ambiguous or that of an unknown one.
    #[must_use]
    pub fn code_of<C>(&self, name: &str, ambiguous: C, unknown: C) -> C {
        if self.ambiguous.contains_key(name) {
            ambiguous
        } else {
            unknown
        }
    }

    /// Returns why an undefined name is not defined, and what to write, if domains define it.
    #[must_use]
    pub fn explain(&self, name: &str) -> Option<(Text, Text)> {
        let list = |names: &[String]| {
            let names: Vec<Text> = names
                .iter()
                .map(|name| Text::name(format!("`{name}`")))
                .collect();
            Text::list(&names)
        };
        if let Some(known) = self.ambiguous.get(name) {
            let known = list(known);
            return Some((
                tr!(
                    "several domains define `{name}` differently",
                    "多个领域对 `{name}` 的定义不同"
                ),
                tr!("write one of {known}", "请写其中之一：{known}"),
            ));
        }
        let (domain, bare) = name.split_once("::").unwrap_or(("", name));
        let domains = self.elsewhere.get(bare)?;
        if !domain.is_empty() && !domains.iter().any(|own| own == domain) {
            return None;
        }
        let (first, domains) = (domains.first()?, list(domains));
        Some((
            tr!(
                "`{name}` belongs to the domain {domains}, which no candidate here comes from",
                "`{name}` 属于领域 {domains}，而此处没有该领域的候选"
            ),
            tr!(
                "a candidate that the decision defines belongs to it with `domain: {first}`",
                "决策自行定义的候选可写 `domain: {first}` 归入该领域"
            ),
        ))
    }
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
    /// What further names of facts, inputs, tables and formulas mean.
    pub names: NameSpace,
    /// What further names of criteria mean.
    pub criterion_names: NameSpace,
    /// What further names of gates mean.
    pub gate_names: NameSpace,
    /// The definitions that replace others.
    pub replacements: Vec<Replacement>,
}
