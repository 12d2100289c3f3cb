//! Deserialises a table row, which is a number or a mapping.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};

use super::criteria::RowDoc;
use super::spanned::Entries;

impl<'de> Deserialize<'de> for RowDoc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Row;

        impl<'de> Visitor<'de> for Row {
            type Value = RowDoc;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a mapping")
            }

            fn visit_i64<E>(self, v: i64) -> Result<RowDoc, E> {
                Ok(RowDoc::One(v as f64))
            }

            fn visit_f64<E>(self, v: f64) -> Result<RowDoc, E> {
                Ok(RowDoc::One(v))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RowDoc, A::Error> {
                Entries::deserialize(MapAccessDeserializer::new(map)).map(RowDoc::Two)
            }
        }

        deserializer.deserialize_any(Row)
    }
}

impl JsonSchema for RowDoc {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Row".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let two = generator.subschema_for::<Entries<f64>>();
        json_schema!({ "anyOf": [{ "type": "number" }, two] })
    }
}
