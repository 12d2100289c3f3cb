//! Deserialises `*Doc` structs from a [`Node`] tree, including places.

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::spanned::NAME;
use crate::source::{SourceId, Span};
use crate::yaml::{MappingKey, Node, YamlValue};

/// Deserialises a document from a tree that [`super::validate()`] accepted.
///
/// # Errors
/// If the tree does not have the document's structure after all.
pub fn read<'de, T: de::Deserialize<'de>>(node: &'de Node) -> Result<T, de::value::Error> {
    read_as(node, node.span.source)
}

/// As [`read`], for a text that now has another source id than when its tree was built.
///
/// # Errors
/// As [`read`].
pub fn read_as<'de, T: de::Deserialize<'de>>(
    node: &'de Node,
    source: SourceId,
) -> Result<T, de::value::Error> {
    T::deserialize(NodeDeserializer { node, source })
}

#[derive(Clone, Copy)]
struct NodeDeserializer<'de> {
    node: &'de Node,
    source: SourceId,
}

impl<'de> Deserializer<'de> for NodeDeserializer<'de> {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match &self.node.value {
            YamlValue::Null => visitor.visit_unit(),
            YamlValue::Flag(flag) => visitor.visit_bool(*flag),
            YamlValue::Number(x) => number(*x, visitor),
            YamlValue::Text(text) => visitor.visit_borrowed_str(text),
            YamlValue::List(items) => visitor.visit_seq(Items {
                items: items.iter(),
                source: self.source,
            }),
            YamlValue::Map(entries) => visitor.visit_map(NodeMapAccess {
                entries: entries.iter(),
                value: None,
                source: self.source,
            }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.node.value {
            YamlValue::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let span = Span {
            source: self.source,
            ..self.node.span
        };
        if name == NAME {
            visitor.visit_seq(Placed {
                span,
                part: 0,
                value: self,
            })
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match &self.node.value {
            YamlValue::Text(text) => visitor.visit_enum(text.as_ref().into_deserializer()),
            _ => Err(de::Error::custom("a word was expected")),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.node.value {
            YamlValue::Null => visitor.visit_seq(Items {
                items: [].iter(),
                source: self.source,
            }),
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map
        struct identifier ignored_any
    }
}

/// Whole numbers are passed as integers, so that counts can be read into integer fields.
fn number<'de, V: Visitor<'de>>(x: f64, visitor: V) -> Result<V::Value, de::value::Error> {
    if x.fract() == 0.0 && x.abs() < 9e15 {
        visitor.visit_i64(x as i64)
    } else {
        visitor.visit_f64(x)
    }
}

struct Items<'de> {
    items: std::slice::Iter<'de, Node>,
    source: SourceId,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = de::value::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Self::Error> {
        let source = self.source;
        self.items
            .next()
            .map(|node| seed.deserialize(NodeDeserializer { node, source }))
            .transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct NodeMapAccess<'de> {
    entries: std::slice::Iter<'de, (MappingKey, Node)>,
    value: Option<&'de Node>,
    source: SourceId,
}

impl<'de> MapAccess<'de> for NodeMapAccess<'de> {
    type Error = de::value::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Self::Error> {
        let Some((key, node)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some(node);
        seed.deserialize(Name {
            key,
            source: self.source,
        })
        .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, Self::Error> {
        let node = self
            .value
            .take()
            .expect("serde asks for a value after its key");
        seed.deserialize(NodeDeserializer {
            node,
            source: self.source,
        })
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// A key: plain text, or text with its place.
struct Name<'de> {
    key: &'de MappingKey,
    source: SourceId,
}

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_borrowed_str(&self.key.text)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if name != NAME {
            return visitor.visit_newtype_struct(self);
        }
        let value: StrDeserializer<'de, de::value::Error> = (&*self.key.text).into_deserializer();
        visitor.visit_seq(Placed {
            span: Span {
                source: self.source,
                ..self.key.span
            },
            part: 0,
            value,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The four parts of a [`super::Spanned`]: source, start, end, value.
struct Placed<D> {
    span: Span,
    part: u8,
    value: D,
}

impl<'de, D: Deserializer<'de, Error = de::value::Error> + Clone> SeqAccess<'de> for Placed<D> {
    type Error = de::value::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Self::Error> {
        self.part += 1;
        match self.part {
            1 => seed
                .deserialize(self.span.source.index().into_deserializer())
                .map(Some),
            2 => seed
                .deserialize(self.span.start.into_deserializer())
                .map(Some),
            3 => seed
                .deserialize(self.span.end.into_deserializer())
                .map(Some),
            4 => seed.deserialize(self.value.clone()).map(Some),
            _ => Ok(None),
        }
    }
}
