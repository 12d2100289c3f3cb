//! Small values that occur everywhere: a scalar, and words in one or both languages.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::lang::Text;

/// A number, text or flag, as it was typed.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Scalar {
    /// `true` or `false`.
    Flag(bool),
    /// A bare number, in the declared unit.
    Number(f64),
    /// Anything else: a quantity with its unit, a date, a word.
    Text(String),
    /// Words in both languages.
    #[serde(serialize_with = "both")]
    Words(Text),
    /// A list of words, where a file may give several.
    List(Vec<String>),
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, text or flag")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Scalar, E> {
        Ok(Scalar::Flag(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Scalar, E> {
        Ok(Scalar::Number(v as f64))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Scalar, E> {
        Ok(Scalar::Number(v))
    }

    fn visit_str<E>(self, v: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(v.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Scalar, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(Scalar::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scalar, A::Error> {
        Both::deserialize(MapAccessDeserializer::new(map))
            .map(|b| Scalar::Words(Text { en: b.en, zh: b.zh }))
    }
}

impl JsonSchema for Scalar {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let both = generator.subschema_for::<Both>();
        json_schema!({ "anyOf": [{ "type": ["boolean", "number", "string"] }, both] })
    }
}

/// The schema of a scalar where a list of words is possible too.
pub(super) struct ScalarOrList;

impl JsonSchema for ScalarOrList {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ScalarOrList".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let both = generator.subschema_for::<Both>();
        let list = json_schema!({ "type": "array", "items": { "type": "string" } });
        json_schema!({ "anyOf": [{ "type": ["boolean", "number", "string"] }, list, both] })
    }
}

/// Writes both languages, even where they are the same.
fn both<S: Serializer>(text: &Text, serializer: S) -> Result<S::Ok, S::Error> {
    Both {
        en: text.en.clone(),
        zh: text.zh.clone(),
    }
    .serialize(serializer)
}

/// Words in English and Chinese.
#[derive(serde::Deserialize, serde::Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "words")]
struct Both {
    /// English.
    en: String,
    /// Chinese.
    zh: String,
}

/// Displayed words: plain if they are the same in both languages, else `{en: ..., zh: ...}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words(pub Text);

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.en == self.0.zh {
            serializer.serialize_str(&self.0.en)
        } else {
            both(&self.0, serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Words(text) => text,
            Scalar::Text(name) => Text::name(name),
            Scalar::Number(x) => Text::name(x.to_string()),
            Scalar::Flag(flag) => Text::name(flag.to_string()),
            Scalar::List(entries) => Text::name(entries.join(", ")),
        }))
    }
}

impl JsonSchema for Words {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Words".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let both = generator.subschema_for::<Both>();
        json_schema!({ "anyOf": [{ "type": "string" }, both] })
    }
}
