//! What a broker runs, as written: a program with its arguments, and who may ask for it.

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// The word that asks a broker for something else than a source.
pub const REVEAL: &str = "reveal";

/// One source: `[kubectl, logs, deploy/checkout]`, or `{ run: [...], roles: [oncall] }`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Program and arguments as they are given to the system: no shell reads them.
    pub run: Vec<String>,
    /// Who may ask for it: these roles and those that extend them; none named is every role.
    pub roles: Vec<String>,
}

/// A source in its long form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping with run and roles")]
struct Long {
    run: Vec<String>,
    #[serde(default)]
    roles: Vec<String>,
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Source;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a program with its arguments (a list), or a mapping with run and roles")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Source, A::Error> {
                Ok(Source { run: Vec::deserialize(SeqAccessDeserializer::new(items))?, roles: Vec::new() })
            }
            fn visit_map<A: MapAccess<'de>>(self, pairs: A) -> Result<Source, A::Error> {
                let Long { run, roles } = Long::deserialize(MapAccessDeserializer::new(pairs))?;
                Ok(Source { run, roles })
            }
        }
        deserializer.deserialize_any(Read)
    }
}

impl Source {
    /// What is wrong with a source of that name: fact and hint.
    pub(super) fn fault(&self, name: &str) -> Option<(&'static str, &'static str)> {
        if name == REVEAL {
            return Some(("a source is named as a request of the broker", "reveal opens sealed values"));
        }
        if !is_name(name) {
            return Some((
                "the name of a source is no plain word",
                "up to 64 lower-case letters, digits, \"-\", \"_\" and \".\"",
            ));
        }
        if self.run.first().is_none_or(String::is_empty) || self.run.iter().any(|word| word.contains('\0')) {
            return Some(("a source has no program", "such as [kubectl, logs, deploy/checkout]"));
        }
        None
    }
}

/// Is `word` of the form that names of sources have? Whatever a shell gives a meaning to is not.
pub fn is_name(word: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.');
    (1..=64).contains(&word.len())
        && word.bytes().all(plain)
        && word.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_words() {
        for name in ["checkout", "a", "web-1.eu", "0", "a_b"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "-f", ".", "..", "a b", "a;b", "a/b", "$(a)", "a\n", "É", "A", "a'", &"a".repeat(65)] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn a_source_has_a_program_and_a_name_of_its_own() {
        let runs = |words: &[&str]| Source { run: words.iter().map(|w| (*w).to_owned()).collect(), roles: Vec::new() };
        assert!(runs(&["ls"]).fault("checkout").is_none());
        assert!(runs(&["ls"]).fault(REVEAL).is_some() && runs(&["ls"]).fault("A b").is_some());
        assert!(
            runs(&[]).fault("a").is_some() && runs(&[""]).fault("a").is_some() && runs(&["a\0b"]).fault("a").is_some()
        );
    }
}
