//! The types of values, and the [`Scope`] of names that a formula may use.

use std::collections::BTreeMap;

use super::LookupTable;
use crate::lang::Text;
use crate::quantity::unit::{Dimension, Units};
use crate::tr;

/// The kind of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A figure and what it measures.
    Number(Dimension),
    /// Yes or no.
    Flag,
    /// A word, such as a licence.
    Text,
    /// A day.
    Date,
}

impl Type {
    /// A plain number.
    pub const PLAIN: Self = Self::Number(Dimension::NONE);

    /// How a message names it.
    #[must_use]
    pub fn described(&self) -> Text {
        match self {
            Self::Number(d) if d.is_none() => tr!("a plain number", "纯数值"),
            Self::Number(d) if *d == Dimension::time() => tr!("a time [s]", "时间（s）"),
            Self::Number(d) => tr!("a quantity in [{d}]", "以 {d} 计的量"),
            Self::Flag => tr!("yes or no", "是非值"),
            Self::Text => tr!("text", "文本"),
            Self::Date => tr!("a date", "日期"),
        }
    }
}

/// The names that a formula may use.
pub trait Scope {
    /// The kind of the value that a name stands for.
    fn type_of(&self, name: &str) -> Option<Type>;
    /// Every name of a value, table or collection: what a misspelt one may have meant.
    fn names(&self) -> Vec<&str>;
    /// The table of that name.
    fn table(&self, name: &str) -> Option<&LookupTable>;
    /// The collection of that name, such as `team`.
    fn collection(&self, name: &str) -> Option<&Collection>;
    /// The units that a number may carry.
    fn units(&self) -> &Units;
}

/// What can be iterated over, such as the people of a team.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collection {
    /// What every member has.
    pub fields: BTreeMap<String, CollectionField>,
    /// The members, in the order in which sums are taken.
    pub members: Vec<CollectionMember>,
}

/// What a member has under one name.
#[derive(Clone, Debug, PartialEq)]
pub enum CollectionField {
    /// One value: `p.share`.
    Value(Type),
    /// A value for each of some texts: `p.skill["go"]`.
    Map {
        /// The kind of each value.
        value: Type,
        /// What a text has that the member does not list, in base units; NaN for missing.
        absent: f64,
    },
}

/// One of a collection. Its values come in as the inputs `<collection>.<id>.<field>` and `<collection>.<id>.<field>.<key>`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CollectionMember {
    /// How it is told from the others.
    pub id: String,
    /// For each map field the texts that it lists.
    pub keys: BTreeMap<String, Vec<String>>,
}
