//! One fact: a bare value, or a value with everything that is known about where it comes from.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Serialize};

use super::scalar::{Scalar, Words};
use super::spanned::Spanned;

/// What kind of evidence stands behind a fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KindDoc {
    /// Measured by the reference services.
    #[default]
    Measured,
    /// Read from a registry or a repository.
    Registry,
    /// Published by somebody.
    Published,
    /// Somebody's judgement, on a named scale and with a range.
    Judged,
}

/// A fact with its evidence.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "fact")]
pub struct FullFactDoc {
    /// The value: a number in the declared unit, a quantity such as `3.5 ms` or `2..6 week`, a word, a date, true or false.
    pub value: Option<Spanned<Scalar>>,
    /// The unit, where the value is a bare number in another unit than the declared one.
    pub unit: Option<Spanned<String>>,
    /// What kind of evidence this is.
    pub kind: Option<KindDoc>,
    /// Who says so: a document, a registry, a repository at a commit.
    pub source: Option<Spanned<String>>,
    /// Date of the evidence, year-month-day.
    pub as_of: Option<Spanned<String>>,
    /// Date after which the fact is stale.
    pub expires: Option<Spanned<String>>,
    /// Between which values it may lie: sampled as uncertainty and searched for break-evens.
    pub range: Option<Spanned<Scalar>>,
    /// On which scale a judgement was made.
    pub scale: Option<Words>,
    /// A remark.
    pub note: Option<Words>,
    /// Why the value is not known.
    pub missing: Option<Words>,
    /// Where a measured value comes from: `contract.operation.metric`.
    pub measured: Option<Spanned<String>>,
    /// Whose measurement it is, where it is not the candidate's own: a claim about Gin is checked against Gin's run.
    pub of: Option<Spanned<String>>,
    /// What a measured rate is divided by, e.g. `core`.
    pub per: Option<Spanned<String>>,
    /// Which variant of the candidate was measured.
    pub variant: Option<Spanned<String>>,
    /// Under which objective it was measured, e.g. `p99 <= 50 ms`.
    pub at: Option<Spanned<String>>,
}

/// A fact: short (the value alone) or full.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum FactDoc {
    /// The value alone; source and dates come from `defaults:`.
    Short(Scalar),
    /// With its evidence.
    Full(Box<FullFactDoc>),
}

impl<'de> Deserialize<'de> for FactDoc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FactVisitor;

        impl<'de> Visitor<'de> for FactVisitor {
            type Value = FactDoc;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or a mapping")
            }

            fn visit_bool<E>(self, v: bool) -> Result<FactDoc, E> {
                Ok(FactDoc::Short(Scalar::Flag(v)))
            }

            fn visit_i64<E>(self, v: i64) -> Result<FactDoc, E> {
                Ok(FactDoc::Short(Scalar::Number(v as f64)))
            }

            fn visit_f64<E>(self, v: f64) -> Result<FactDoc, E> {
                Ok(FactDoc::Short(Scalar::Number(v)))
            }

            fn visit_str<E>(self, v: &str) -> Result<FactDoc, E> {
                Ok(FactDoc::Short(Scalar::Text(v.to_owned())))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FactDoc, A::Error> {
                FullFactDoc::deserialize(MapAccessDeserializer::new(map))
                    .map(|full| FactDoc::Full(Box::new(full)))
            }
        }

        deserializer.deserialize_any(FactVisitor)
    }
}

impl JsonSchema for FactDoc {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Fact".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let full = generator.subschema_for::<FullFactDoc>();
        json_schema!({ "anyOf": [{ "type": ["boolean", "number", "string"] }, full] })
    }
}
