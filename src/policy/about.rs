//! What a rule says of itself.

use super::raw::OneOrMore;
use serde::Deserialize;

/// What people read of a rule, and the proof that it works. Masking needs none of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct About {
    /// What it is, in a sentence.
    pub doc: String,
    /// Where the facts come from: addresses of the owner's documentation, RFC and ISO numbers.
    #[serde(deserialize_with = "OneOrMore::list")]
    pub source: Vec<String>,
    /// How much of the shape the sources say.
    pub basis: Option<Basis>,
    /// What the sources say or show of the shape, in a line.
    pub says: String,
    /// What somebody could do with the value.
    pub risk: String,
    /// Exact bytes in, exact bytes out.
    pub examples: Vec<Example>,
    /// Lines that this rule must leave as they are.
    pub unchanged: Vec<String>,
}

impl About {
    /// Nothing is said.
    pub(super) const NONE: &About = &About {
        doc: String::new(),
        source: Vec::new(),
        basis: None,
        says: String::new(),
        risk: String::new(),
        examples: Vec::new(),
        unchanged: Vec::new(),
    };
}

/// How much the sources of a rule say about the shape it looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// They say how the value is built: prefix, length, characters, check digits.
    Stated,
    /// They show an example, from which the shape is taken.
    Shown,
    /// They say that there is such a value, not what it looks like: the shape is what has been seen in use.
    Unconfirmed,
}

/// Exact bytes in, exact bytes out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The record as it comes in.
    #[serde(rename = "in")]
    pub input: String,
    /// The record as it goes out.
    #[serde(rename = "out")]
    pub output: String,
}
