//! A policy file as typed: the keys and their types, nothing resolved. YAML and the built-in JSON are read into these.

use super::Stack;
use super::about::{About, Basis, Example};
use super::roles::{Access, Role};
use super::rule::{Action, Find, Grain, Mode, Rule, Shape, Validate, ValueKind};
use crate::detect::anchor;
use crate::detect::leads::Leads;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// One file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping")]
pub(super) struct RawPolicy {
    /// Always 1; looked at before anything else.
    #[serde(rename = "version")]
    pub _version: u64,
    /// `None`: the key is not there; empty: nothing, on purpose.
    pub extends: Option<Vec<String>>,
    #[serde(default)]
    pub rules: Vec<RawRule>,
    #[serde(default)]
    pub disable: Vec<String>,
    #[serde(default)]
    pub allow: RawAllow,
    /// By id or class of rules that stand elsewhere.
    #[serde(default)]
    pub actions: BTreeMap<String, Action>,
    pub stack: Option<Stack>,
    pub propagate: Option<bool>,
    pub roles: Option<BTreeMap<String, Role>>,
    pub access: Option<Access>,
}

/// One rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a rule (a mapping)")]
pub(super) struct RawRule {
    pub id: String,
    pub label: Option<String>,
    pub class: String,
    #[serde(default)]
    pub doc: String,
    #[serde(default)]
    pub source: OneOrMore,
    pub basis: Option<Basis>,
    #[serde(default)]
    pub says: String,
    #[serde(default)]
    pub risk: String,
    #[serde(default)]
    pub keywords: Vec<String>,
    pub pattern: Option<String>,
    pub fields: Option<Vec<String>>,
    pub shape: Option<Shape>,
    #[serde(default)]
    pub not: Vec<String>,
    pub value: Option<ValueKind>,
    #[serde(default)]
    pub validate: Vec<Validate>,
    #[serde(default)]
    pub near: Vec<String>,
    #[serde(default)]
    pub allow: Vec<String>,
    #[serde(default)]
    pub action: Action,
    #[serde(default)]
    pub mode: Mode,
    #[serde(default)]
    pub examples: Vec<Example>,
    #[serde(default)]
    pub unchanged: Vec<String>,
}

impl RawRule {
    /// The rule it stands for; `None` unless it has exactly one way to find.
    pub fn into_rule(self, origin: Option<&Path>) -> Option<Rule> {
        let find = match (self.pattern, self.fields, self.shape) {
            (Some(pattern), None, None) => {
                // Those that are typed may stand anywhere in the record.
                let keywords_inside = self.keywords.is_empty();
                let keywords = if keywords_inside { anchor::required(&pattern) } else { self.keywords };
                Find::Pattern {
                    keywords: keywords.iter().collect(),
                    keywords_inside,
                    anchors: anchor::anchors(&pattern).iter().collect(),
                    begin: anchor::begin(&pattern),
                    firsts: anchor::first_bytes(&pattern).unwrap_or_default(),
                    leads: Leads::of(&pattern),
                    tabled: None,
                    pattern: pattern.into(),
                }
            }
            (None, Some(names), None) => Find::Fields {
                names: names.iter().collect(),
                not: self.not.iter().collect(),
                written: None,
                value: self.value.unwrap_or_default(),
            },
            (None, None, Some(shape)) => Find::Shape(shape),
            _ => return None,
        };
        Some(Rule {
            label: self.label.unwrap_or_else(|| self.id.clone()).into(),
            id: self.id.into(),
            class: self.class.into(),
            find,
            validate: self.validate,
            near: self.near.iter().collect(),
            allow: self.allow.iter().collect(),
            action: self.action,
            about: Some(Box::new(About {
                doc: self.doc,
                source: self.source.0,
                basis: self.basis,
                says: self.says,
                risk: self.risk,
                examples: self.examples,
                unchanged: self.unchanged,
            })),
            origin: origin.map(Path::to_owned),
            floor: false,
        })
    }
}

/// A string or a list of strings.
#[derive(Debug, Default)]
pub(super) struct OneOrMore(pub Vec<String>);

impl OneOrMore {
    /// Reads one as the list.
    pub fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
        OneOrMore::deserialize(deserializer).map(|read| read.0)
    }
}

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = OneOrMore;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }
            fn visit_str<E: Error>(self, one: &str) -> Result<OneOrMore, E> {
                Ok(OneOrMore(vec![one.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<OneOrMore, A::Error> {
                Ok(OneOrMore(strings(items)?))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// Values that stay: for all rules, or by rule.
#[derive(Debug)]
pub(super) enum RawAllow {
    Every(Vec<String>),
    ByRule(Vec<(String, Vec<String>)>),
}

impl Default for RawAllow {
    fn default() -> Self {
        Self::Every(Vec::new())
    }
}

impl<'de> Deserialize<'de> for RawAllow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = RawAllow;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of values, or a mapping of rule ids to such lists")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<RawAllow, A::Error> {
                Ok(RawAllow::Every(strings(items)?))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<RawAllow, A::Error> {
                let mut rules = Vec::new();
                while let Some(pair) = pairs.next_entry()? {
                    rules.push(pair);
                }
                Ok(RawAllow::ByRule(rules))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

fn strings<'de, A: SeqAccess<'de>>(mut items: A) -> Result<Vec<String>, A::Error> {
    let mut out = Vec::new();
    while let Some(item) = items.next_element()? {
        out.push(item);
    }
    Ok(out)
}

/// In the order in which they are explained.
pub(super) const ACTIONS: &[&str] =
    &["redact", "partial", "pseudonym", "surrogate", "generalise", "seal", "drop-field", "drop-line", "keep"];

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Action;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an action: its name, or a mapping with its name as the only key")
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<Action, E> {
                named(name)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Action, A::Error> {
                let Some(Name(action)) = pairs.next_key()? else {
                    return Err(A::Error::invalid_length(0, &self));
                };
                let action = match action {
                    Action::Partial { .. } => pairs.next_value::<Shown>()?.into(),
                    Action::Keep { .. } => Action::Keep { of: pairs.next_value()? },
                    Action::Pseudonym => match pairs.next_value::<Kept>()?.keep {
                        What::Prefix => Action::AddressPseudonym,
                    },
                    Action::Generalise(_) => Action::Generalise(pairs.next_value::<Left>()?.grain()?),
                    _ => return Err(A::Error::custom("this action takes no settings")),
                };
                if pairs.next_key::<Name>()?.is_some() {
                    return Err(A::Error::custom("a rule has one action"));
                }
                Ok(action)
            }
        }
        deserializer.deserialize_any(Read)
    }
}

fn named<E: Error>(name: &str) -> Result<Action, E> {
    Ok(match name {
        "redact" => Action::Redact,
        "partial" => Action::Partial { first: 0, last: 4 },
        "pseudonym" => Action::Pseudonym,
        "surrogate" => Action::Surrogate,
        "generalise" => Action::Generalise(Grain::Any),
        "seal" => Action::Seal,
        "drop-field" => Action::DropField,
        "drop-line" => Action::DropLine,
        "keep" => Action::Keep { of: Vec::new() },
        _ => return Err(E::unknown_variant(name, ACTIONS)),
    })
}

/// An action by its name, as a key.
struct Name(Action);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Name;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of an action")
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
                named(name).map(Name)
            }
        }
        deserializer.deserialize_str(Read)
    }
}

/// What `partial` shows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping with first and last")]
struct Shown {
    first: Option<usize>,
    last: Option<usize>,
}

impl From<Shown> for Action {
    fn from(shown: Shown) -> Self {
        match (shown.first, shown.last) {
            (None, None) => Action::Partial { first: 0, last: 4 },
            (first, last) => Action::Partial { first: first.unwrap_or(0), last: last.unwrap_or(0) },
        }
    }
}

/// What a pseudonym keeps.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping with keep")]
struct Kept {
    keep: What,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    /// What two addresses have in common at their beginnings.
    Prefix,
}

/// What `generalise` leaves: one kind of value.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping with network, date, digits or number")]
struct Left {
    network: Option<u8>,
    network6: Option<u8>,
    date: Option<Part>,
    digits: Option<u8>,
    number: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Part {
    Month,
    Year,
}

impl Left {
    fn grain<E: Error>(self) -> Result<Grain, E> {
        let network = self.network.is_some() || self.network6.is_some();
        let (v4, v6) = (self.network.unwrap_or(24), self.network6.unwrap_or(48));
        match (network, self.date, self.digits, self.number) {
            (true, None, None, None) if v4 <= 32 && v6 <= 128 => Ok(Grain::Network { v4, v6 }),
            (true, None, None, None) => Err(E::custom("a network has at most 32 bits, network6 at most 128")),
            (false, Some(Part::Month), None, None) => Ok(Grain::Month),
            (false, Some(Part::Year), None, None) => Ok(Grain::Year),
            (false, None, Some(digits @ 1..=6), None) => Ok(Grain::Digits(digits)),
            (false, None, Some(_), None) => Err(E::custom("digits is 1 to 6")),
            (false, None, None, Some(size @ 2..)) => Ok(Grain::Bucket(size)),
            (false, None, None, Some(_)) => Err(E::custom("the bucket of a number is 2 or more")),
            _ => Err(E::custom("generalise takes one of network, date, digits and number")),
        }
    }
}
