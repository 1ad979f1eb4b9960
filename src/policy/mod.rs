//! A policy as written: all rules of the profile and of the user's files, in order, resolved but not compiled.
//!
//! `load` follows the files, `check` reads one of them, `builtin` holds what is embedded in the binary, `yaml` is the only
//! place that knows serde_yaml. Errors say place and kind and never quote what a file holds (see [`Error::fact`]).

pub mod builtin;
mod check;
mod digest;
mod error;
mod load;
mod node;
pub mod pattern;
mod raw;
pub mod rule;
mod yaml;

pub use digest::digest;
pub use error::Error;
pub use load::load;
pub use rule::{Action, Find, Rule};

/// Everything a run needs to know of its rules.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// All rules that are on, built-in ones first, in the order they were read.
    pub rules: Vec<Rule>,
    /// Ids of floor rules that a `disable`, `allow` or `keep` switched off or loosened, or that are missing because the
    /// floor was left out; sorted. Warned about on each run.
    pub weakened: Vec<String>,
}

/// Whether rules come with what only people read: `doc`, `source`, `risk`, `examples`, `unchanged`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Docs {
    /// To mask.
    Without,
    /// To list and test rules.
    With,
}

#[cfg(test)]
mod tests;
