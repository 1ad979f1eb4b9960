//! The line of every node in one reading.
//!
//! A value that nobody takes is an error of serde_yaml's that names the place of the value, and the reader goes on behind
//! it. Only lists and mappings are taken here. Reading once for each rule instead took the square of the rules: 100 s for
//! two thousand.

use super::MAX_NODES;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use std::cell::RefCell;
use std::fmt::{self, Display};

/// The line of each node of `text`, from 1, by its number. Lists and mappings stand where the first value in them does. The
/// text must be one that `parse` has read.
pub(in crate::policy) fn lines(text: &str) -> Vec<usize> {
    let lines = RefCell::new(Vec::new());
    if let Some(document) = serde_yaml::Deserializer::from_str(text).next() {
        Note(&lines).of(Note(&lines).deserialize(document));
    }
    lines.into_inner()
}

#[derive(Clone, Copy)]
struct Note<'l>(&'l RefCell<Vec<usize>>);

impl Note<'_> {
    /// Notes the line of a value that was not taken.
    fn of<E: Display>(self, read: Result<(), E>) {
        if let Err(error) = read {
            self.0.borrow_mut().push(line_in(&error.to_string()).unwrap_or(1));
        }
    }

    /// Notes a list or mapping whose values `read` notes.
    fn all<E>(self, read: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        let at = self.0.borrow().len();
        self.0.borrow_mut().push(1);
        read()?;
        let mut lines = self.0.borrow_mut();
        lines[at] = lines.get(at + 1).or_else(|| lines.get(at.wrapping_sub(1))).copied().unwrap_or(1);
        Ok(())
    }

    /// The text does not change between readings; this is for a reader that would not go on.
    fn go_on<E: Error>(self) -> Result<(), E> {
        if self.0.borrow().len() > MAX_NODES { Err(E::custom("")) } else { Ok(()) }
    }
}

/// The number in `at line 3 column 5`, which serde_yaml ends its errors with.
fn line_in(error: &str) -> Option<usize> {
    error.rsplit_once(" line ")?.1.split(' ').next()?.parse().ok()
}

impl<'de> DeserializeSeed<'de> for Note<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Note<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or mapping")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.all(|| {
            loop {
                self.go_on()?;
                match items.next_element_seed(self).transpose() {
                    None => return Ok(()),
                    Some(read) => self.of(read),
                }
            }
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<(), A::Error> {
        self.all(|| {
            loop {
                self.go_on()?;
                match pairs.next_key_seed(self).transpose() {
                    None => return Ok(()),
                    Some(read) => self.of(read),
                }
                self.of(pairs.next_value_seed(self));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Node, parse, place};
    use super::lines;

    /// Numbers of all nodes below, of those that are scalars first.
    fn numbers(node: &Node, scalars: &mut Vec<usize>, others: &mut Vec<usize>) {
        match &node.kind {
            Kind::List(items) => {
                others.push(node.at);
                for item in items {
                    numbers(item, scalars, others);
                }
            }
            Kind::Map(pairs) => {
                others.push(node.at);
                for (key, value) in pairs {
                    numbers(key, scalars, others);
                    numbers(value, scalars, others);
                }
            }
            _ => scalars.push(node.at),
        }
    }

    #[test]
    fn lines_are_those_that_places_tell() {
        let text = "version: 1\n# a remark\nrules:\n  - id: first\n    pattern: 'a: b'\n    fields: [a, 'b',\n      c]\n  -\n    id: second\n    \
                    examples:\n      - in: >-\n          folded\n          text\n        out: ~\n      - {in: a, out: 'x\n          y'}\n    empty: {}\n    \
                    none:\nlike: &a {k: [1, 2.5, true]}\nagain: *a\nlast: |\n  a\n  b\nend: x\n";
        let root = parse(text).expect("a document");
        let (mut scalars, mut others) = (Vec::new(), Vec::new());
        numbers(&root, &mut scalars, &mut others);
        let lines = lines(text);
        assert_eq!(lines.len(), scalars.len() + others.len());
        for at in scalars {
            assert_eq!(lines[at], place(text, at).0, "scalar {at}");
        }
        for at in others {
            assert!(lines[at].abs_diff(place(text, at).0) <= 1, "list or mapping {at}");
        }
    }
}
