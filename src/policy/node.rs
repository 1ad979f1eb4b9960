//! Reads serde types from a tree of nodes, so that built-in JSON and written YAML share one set of types.

use super::error::{Fault, quoted, unknown};
use super::yaml::{Kind, Node};
use serde::Deserializer;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Error as _, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use std::collections::HashSet;

/// One step down the tree.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'s> {
    Key(&'s str),
    Item(usize),
}

impl Node {
    /// The number of the node at `path`, or of the last one on the way there.
    pub fn find(&self, path: &[Step<'_>]) -> usize {
        let next = match (path.first(), &self.kind) {
            (Some(Step::Key(key)), Kind::Map(pairs)) => {
                pairs.iter().find(|(k, _)| matches!(&k.kind, Kind::Text(k) if k == key)).map(|(_, value)| value)
            }
            (Some(Step::Item(i)), Kind::List(items)) => items.get(*i),
            _ => None,
        };
        next.map_or(self.at, |node| node.find(&path[1..]))
    }

    /// What the mapping at `path` holds; nothing if there is none.
    pub fn pairs(&self, path: &[Step<'_>]) -> &[(Node, Node)] {
        match (path, &self.kind) {
            ([], Kind::Map(pairs)) => pairs,
            ([Step::Key(key), rest @ ..], Kind::Map(pairs)) => pairs
                .iter()
                .find(|(k, _)| matches!(&k.kind, Kind::Text(k) if k == key))
                .map_or(&[], |(_, value)| value.pairs(rest)),
            ([Step::Item(i), rest @ ..], Kind::List(items)) => items.get(*i).map_or(&[], |item| item.pairs(rest)),
            _ => &[],
        }
    }

    /// Keys are words and stand once, at every depth.
    pub fn check_keys(&self) -> Result<(), Fault> {
        match &self.kind {
            Kind::List(items) => items.iter().try_for_each(Node::check_keys),
            Kind::Map(pairs) => {
                let mut seen = HashSet::new();
                for (key, value) in pairs {
                    let Kind::Text(word) = &key.kind else {
                        return Err(Fault::new("a key must be a string", "").or_at(key.at));
                    };
                    if !seen.insert(word) {
                        return Err(Fault::new(format!("key{} stands twice", quoted(word)), "").or_at(key.at));
                    }
                    value.check_keys()?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn unexpected(&self) -> Unexpected<'_> {
        match &self.kind {
            Kind::Null => Unexpected::Unit,
            Kind::Bool(value) => Unexpected::Bool(*value),
            Kind::Whole(value) => Unexpected::Unsigned(*value),
            Kind::Number(value) => Unexpected::Float(*value),
            Kind::Text(_) => Unexpected::Str(""),
            Kind::List(_) => Unexpected::Seq,
            Kind::Map(_) => Unexpected::Map,
        }
    }
}

impl<'de> Deserializer<'de> for &Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool(value) => visitor.visit_bool(*value),
            Kind::Whole(value) => visitor.visit_u64(*value),
            Kind::Number(value) => visitor.visit_f64(*value),
            Kind::Text(value) => visitor.visit_str(value),
            Kind::List(items) => visitor.visit_seq(Items(items.iter())),
            Kind::Map(pairs) => visitor.visit_map(Pairs { rest: pairs.iter(), value: None }),
        }
        .map_err(|fault| fault.or_at(self.at))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if matches!(self.kind, Kind::Null) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        allowed: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let Kind::Text(word) = &self.kind else {
            return Err(Fault::invalid_type(self.unexpected(), &"one word").or_at(self.at));
        };
        if !allowed.contains(&word.as_str()) {
            return Err(Fault::unknown_variant(word, allowed).or_at(self.at));
        }
        let word: StrDeserializer<'_, Fault> = word.as_str().into_deserializer();
        visitor.visit_enum(word).map_err(|fault: Fault| fault.or_at(self.at))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    /// A list has no keys: without this serde would read a rule from a bare list of values.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.kind {
            Kind::Map(_) => self.deserialize_any(visitor),
            _ => Err(Fault::invalid_type(self.unexpected(), &visitor).or_at(self.at)),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

struct Items<'n>(std::slice::Iter<'n, Node>);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        self.0.next().map(|node| seed.deserialize(node)).transpose()
    }
}

struct Pairs<'n> {
    rest: std::slice::Iter<'n, (Node, Node)>,
    value: Option<&'n Node>,
}

impl<'de> MapAccess<'de> for Pairs<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.rest.next().map_or(Ok(None), |(key, value)| {
            self.value = Some(value);
            seed.deserialize(key).map(Some)
        })
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        match self.value.take() {
            Some(value) => seed.deserialize(value),
            None => Err(unknown("key", "", &[])),
        }
    }
}
