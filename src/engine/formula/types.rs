//! Types of values, and the [`Scope`] of names that a formula may use.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Expr, LookupTable};
use crate::lang::Text;
use crate::quantity::unit::{Dimension, Unit, Units};
use crate::tr;

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Number(Dimension),
    Flag,
    /// Text, such as a licence.
    Text,
    /// A list of texts, such as the allowed licences.
    List,
    Date,
}

impl Type {
    /// A dimensionless number.
    pub const PLAIN: Self = Self::Number(Dimension::NONE);

    /// Returns the description used in messages, such as "a time \[s\]".
    #[must_use]
    pub fn described(&self) -> Text {
        match self {
            Self::Number(d) if d.is_none() => tr!("a plain number", "纯数值"),
            Self::Number(d) if *d == Dimension::time() => tr!("a time [s]", "时间（s）"),
            Self::Number(d) if *d == Dimension::labour() => {
                tr!("labour [person-h]", "工作量（人时）")
            }
            Self::Number(d) => tr!("a quantity in [{d}]", "以 {d} 计的量"),
            Self::Flag => tr!("yes or no", "是非值"),
            Self::Text => tr!("text", "文本"),
            Self::List => tr!("a list", "列表"),
            Self::Date => tr!("a date", "日期"),
        }
    }
}

/// The names that a formula may use.
pub trait Scope {
    /// Returns the type of the value called `name`.
    fn type_of(&self, name: &str) -> Option<Type>;
    /// Returns the unit in which the figures of a value are written; `None` if it is not known.
    fn unit_of(&self, _name: &str) -> Option<Unit> {
        None
    }
    /// Returns the names of all values, tables and collections, for suggestions.
    fn names(&self) -> Vec<&str>;
    /// Returns the table called `name`.
    fn table(&self, name: &str) -> Option<&LookupTable>;
    /// Returns the function called `name` that files define.
    fn function(&self, name: &str) -> Option<&DefinedFunction>;
    /// Returns the collection called `name`, such as `team`.
    fn collection(&self, name: &str) -> Option<&Collection>;
    /// Returns the known units.
    fn units(&self) -> &Units;
}

/// A function that a file defines. It is evaluated where it is called: a parameter stands for a value, or for a member of a
/// collection.
#[derive(Clone, Debug)]
pub struct DefinedFunction {
    pub parameters: Vec<String>,
    pub body: Arc<Expr>,
}

impl DefinedFunction {
    /// Returns how a call is written, such as `language_effort(p, language)`.
    #[must_use]
    pub fn usage(&self, name: &str) -> String {
        format!("{name}({})", self.parameters.join(", "))
    }
}

/// A collection to iterate over, such as the members of a team.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collection {
    /// The fields that every member has.
    pub fields: BTreeMap<String, CollectionField>,
    /// The members, in summation order.
    pub members: Vec<CollectionMember>,
}

/// A field of the members of a collection.
#[derive(Clone, Debug, PartialEq)]
pub enum CollectionField {
    /// One value: `p.share`.
    Value(Type),
    /// A map from text keys to values: `p.skill["go"]`.
    Map {
        /// The type of the values.
        value: Type,
        /// The value of a key that a member does not list, in base units; NaN if undefined.
        absent: f64,
    },
}

/// A member of a collection. Its values are the inputs `<collection>.<id>.<field>` and `<collection>.<id>.<field>.<key>`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CollectionMember {
    /// Unique within the collection.
    pub id: String,
    /// The keys listed in each map field.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Whether only some candidates have this member; the input `<collection>.<id>` says which. A fold skips it for the others.
    pub optional: bool,
}
