//! A fact: a bare value, or a value with its provenance.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::scalar::{Scalar, ScalarOrList, Words};
use super::spanned::Spanned;

/// The kind of evidence behind a fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KindDoc {
    /// Measured with the reference services.
    #[default]
    Measured,
    /// Read from a registry or repository.
    Registry,
    /// Published by a third party.
    Published,
    /// The team's own policy or design choice, such as "we run three nodes"; it needs no range.
    Policy,
    /// A judgement, on a named scale and with a range.
    Judged,
}

/// What a fact is worth after its `expires` date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WhenStaleDoc {
    /// It stays in use; the range of a number widens on each side.
    Widen,
    /// Its value is unknown, as for the newest release of a project that has gone on releasing. A date that was still to come when the
    /// fact expired is assumed to stay as far ahead of today, give or take `widens_by` of that; one that had come stays in use.
    Unknown,
    /// It stays in use as it is, as for the end of support of a pinned release.
    Keep,
}

/// A fact with its provenance.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "fact")]
pub struct FullFactDoc {
    /// The value: a number in the declared unit, a quantity such as `3.5 ms` or `2..6 week`, a word, a date, true or false.
    #[schemars(with = "Option<ScalarOrList>")]
    pub value: Option<Spanned<Scalar>>,
    /// The unit, if the value is a bare number in another unit than the declared one.
    pub unit: Option<Spanned<String>>,
    /// Kind of evidence.
    pub kind: Option<KindDoc>,
    /// Where it comes from: a document, a registry, a repository at a commit.
    pub source: Option<Spanned<String>>,
    /// Date of the evidence, as in 2026-11-22.
    pub as_of: Option<Spanned<String>>,
    /// Date after which the fact is stale.
    pub expires: Option<Spanned<String>>,
    /// What the fact is worth after its `expires` date, if that differs from its declaration.
    pub when_stale: Option<WhenStaleDoc>,
    /// Range of possible values: sampled as uncertainty and searched for break-evens.
    pub range: Option<Spanned<Scalar>>,
    /// The scale of a judgement.
    pub scale: Option<Words>,
    /// Note.
    pub note: Option<Words>,
    /// Why the value is unknown.
    pub missing: Option<Words>,
    /// Why the question does not arise for the candidate, as for the contributors of a managed service.
    pub not_applicable: Option<Words>,
    /// Where a measured value comes from: `contract.operation.metric`.
    pub measured: Option<Spanned<String>>,
    /// The candidate that was measured, if it is another one: a claim about Gin is checked against Gin's run.
    pub of: Option<Spanned<String>>,
    /// What a measured rate is divided by, such as `core`.
    pub per: Option<Spanned<String>>,
    /// The variant of the candidate that was measured.
    pub variant: Option<Spanned<String>>,
    /// The objective under which it was measured, such as `p99 <= 50 ms`.
    pub at: Option<Spanned<String>>,
}

/// A fact: only a value, or a value with its provenance.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum FactDoc {
    /// Only a value; its provenance comes from `defaults:`.
    Short(Scalar),
    /// With its provenance.
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

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<FactDoc, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list))
                    .map(|entries| FactDoc::Short(Scalar::List(entries)))
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
        let list = json_schema!({ "type": "array", "items": { "type": "string" } });
        json_schema!({ "anyOf": [{ "type": ["boolean", "number", "string"] }, list, full] })
    }
}
