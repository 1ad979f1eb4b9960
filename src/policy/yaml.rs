//! YAML text as a tree of nodes with places; the only file that knows serde_yaml.
//!
//! serde_yaml tells the place of an error and of nothing else. So nodes are numbered in the order of the text, and the
//! place of one is found by reading the text again and failing at its number, and the lines of all by failing at each
//! ([`lines`]): no second YAML reader, and a policy that loads pays nothing for it. None of serde_yaml's messages is ever
//! shown, because they hold values.

mod lines;

pub(super) use lines::lines;

use super::error::Fault;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::fmt;

/// A value in the text.
#[derive(Debug)]
pub(super) struct Node {
    /// Its number in the order of the text; keys count too.
    pub at: usize,
    pub kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Whole(u64),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

/// Largest file in bytes; a thousand rules take less than one of these four MiB.
pub(super) const MAX_FILE: usize = 4 << 20;
/// Most nodes after aliases are followed, so that a bomb of a few lines ends early.
const MAX_NODES: usize = 500_000;
/// Most bytes of text after aliases are followed.
const MAX_TEXT: usize = 4 * MAX_FILE;
/// Most brackets open at once, strings included. The reader below spends microseconds on each that is open (4 MiB of `[`:
/// 14 s), long before its own limit of 128 levels is looked at.
const MAX_OPEN: usize = 5_000;

/// The one document in `text` as a JSON value, within the limits of a policy file; `None` if it is none. A key that is no
/// text is left out with its value.
pub fn document(text: &str) -> Option<serde_json::Value> {
    fn value(node: Node) -> serde_json::Value {
        match node.kind {
            Kind::Null => serde_json::Value::Null,
            Kind::Bool(value) => value.into(),
            Kind::Whole(value) => value.into(),
            Kind::Number(value) => value.into(),
            Kind::Text(value) => value.into(),
            Kind::List(items) => items.into_iter().map(value).collect(),
            Kind::Map(pairs) => {
                let key = |key: Node| if let Kind::Text(key) = key.kind { Some(key) } else { None };
                pairs.into_iter().filter_map(|(k, v)| Some((key(k)?, value(v)))).collect()
            }
        }
    }
    parse(text).ok().map(value)
}

/// The tree of `text`, or what is wrong and at which line and column.
pub(super) fn parse(text: &str) -> Result<Node, ((usize, usize), Fault)> {
    // A byte order mark may stand in front (YAML 1.2.2, section 5.2).
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    look_over(text)?;
    let mut documents = serde_yaml::Deserializer::from_str(text);
    let Some(first) = documents.next() else {
        return Err(((1, 1), Fault::new("the file is empty", START)));
    };
    let reading = Reading::new(usize::MAX);
    let root = Grow(&reading).deserialize(first).map_err(|error| worded(text, &error, &reading))?;
    let Some(second) = documents.next() else {
        return Ok(root);
    };
    // Text after a finished value, such as the second line of JSON lines, looks like a document to the reader too.
    match (second_document(text), Grow(&Reading::new(usize::MAX)).deserialize(second)) {
        (None, Err(error)) => Err(worded(text, &error, &reading)),
        (place, _) => Err((
            place.unwrap_or((1, 1)),
            Fault::new("a second document begins here", "a policy file holds one document"),
        )),
    }
}

/// Line and column of the node numbered `at`, both from 1.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let error = serde_yaml::Deserializer::from_str(text)
        .next()
        .and_then(|document| Grow(&Reading::new(at)).deserialize(document).err());
    error.and_then(|error| error.location()).map_or((1, 1), |location| (location.line(), location.column()))
}

/// What every policy begins with.
pub(super) const START: &str = "a policy begins with the line: version: 1";

/// What the reader would take long over, or could not give a place for.
fn look_over(text: &str) -> Result<(), ((usize, usize), Fault)> {
    let mut open = 0_usize;
    for (i, c) in text.char_indices() {
        match c {
            '[' | '{' => open += 1,
            ']' | '}' => open = open.saturating_sub(1),
            '\t' | '\n' | '\r' | '\u{85}' => {}
            // The byte order mark at the start is the one that may stand.
            _ if c.is_control() || (c == '\u{feff}' && i > 0) || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                return Err((position(text, i), Fault::new("a control character is not allowed in YAML", "")));
            }
            _ => {}
        }
        if open > MAX_OPEN {
            return Err((position(text, i), Fault::new(NESTED, "")));
        }
    }
    Ok(())
}

/// Line and column of the byte at `index`.
fn position(text: &str, index: usize) -> (usize, usize) {
    let before = &text[..index];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.bytes().filter(|&b| b == b'\n').count() + 1, before[start..].chars().count() + 1)
}

const NESTED: &str = "nested too deeply";

/// The reader's error in our words.
fn worded(text: &str, error: &serde_yaml::Error, reading: &Reading) -> ((usize, usize), Fault) {
    let location = error.location();
    let place = location.as_ref().map_or((1, 1), |location| (location.line(), location.column()));
    if let Some(stop) = reading.stop.get() {
        return (place, Fault::new(stop, ""));
    }
    // The rest is told apart by words that are fixed in the reader; what is not known here gets the general sentence.
    let said = error.to_string();
    let tab = location.is_some_and(|location| {
        text.as_bytes().get(location.index()) == Some(&b'\t')
            || text.lines().nth(place.0 - 1).is_some_and(|line| line.trim_start_matches(' ').starts_with('\t'))
    });
    let (fact, hint) = if said.starts_with("recursion limit") {
        (NESTED, "")
    } else if said.starts_with("repetition limit") {
        (BOMB, "")
    } else if said.starts_with("unknown anchor") {
        ("this alias has no anchor", "")
    } else if tab {
        ("not valid YAML: a tab where only spaces may stand", "")
    } else if said.contains("mapping values are not allowed") {
        ("not valid YAML: a colon where no key can stand", "quote strings that hold \": \"")
    } else {
        ("not valid YAML", "quote strings that hold more than letters, digits, \"_\" and \"-\"")
    };
    (place, Fault::new(fact, hint))
}

const BOMB: &str = "the file holds too many values, counting what aliases repeat";

/// The line of the marker that begins the second document. A guess from the outside, as the reader does not tell.
fn second_document(text: &str) -> Option<(usize, usize)> {
    let mut content = false;
    for (i, line) in text.lines().enumerate() {
        if line.starts_with("---") && content {
            return Some((i + 1, 1));
        }
        content |= !(line.trim().is_empty() || line.starts_with(['#', '%']));
    }
    None
}

/// The count of one reading.
struct Reading {
    nodes: Cell<usize>,
    text: Cell<usize>,
    fail_at: usize,
    /// Why it stopped, if it was us.
    stop: Cell<Option<&'static str>>,
}

impl Reading {
    fn new(fail_at: usize) -> Self {
        Self { nodes: Cell::new(0), text: Cell::new(0), fail_at, stop: Cell::new(None) }
    }

    /// The number of the next node, which holds so many bytes of text.
    fn next<E: serde::de::Error>(&self, text: usize) -> Result<usize, E> {
        let at = self.nodes.get();
        self.nodes.set(at + 1);
        self.text.set(self.text.get() + text);
        if at >= MAX_NODES || self.text.get() > MAX_TEXT {
            return Err(self.stop(BOMB));
        }
        if at == self.fail_at { Err(E::custom("")) } else { Ok(at) }
    }

    fn stop<E: serde::de::Error>(&self, why: &'static str) -> E {
        self.stop.set(Some(why));
        E::custom("")
    }
}

/// Grows one node with all below it.
#[derive(Clone, Copy)]
struct Grow<'r>(&'r Reading);

impl<'de> DeserializeSeed<'de> for Grow<'_> {
    type Value = Node;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Grow<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Node, E> {
        Ok(Node { at: self.0.next(0)?, kind: Kind::Null })
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Node, E> {
        self.visit_unit()
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node { at: self.0.next(0)?, kind: Kind::Bool(value) })
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node { at: self.0.next(0)?, kind: Kind::Whole(value) })
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Node, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Node, E> {
        self.visit_f64(value as f64)
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Node, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Node, E> {
        Ok(Node { at: self.0.next(0)?, kind: Kind::Number(value) })
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Node, E> {
        Ok(Node { at: self.0.next(value.len())?, kind: Kind::Text(value.to_owned()) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let at = self.0.next(0)?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Node { at, kind: Kind::List(list) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Node, A::Error> {
        let at = self.0.next(0)?;
        let mut map = Vec::new();
        while let Some(pair) = pairs.next_entry_seed(self, self)? {
            map.push(pair);
        }
        Ok(Node { at, kind: Kind::Map(map) })
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, _: A) -> Result<Node, A::Error> {
        Err(self.0.stop("YAML tags are not used in policies"))
    }
}
