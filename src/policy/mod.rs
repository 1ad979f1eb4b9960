//! A policy as written: all rules of the profile and of the user's files, in order, resolved but not compiled.
//!
//! `load` reads it, `builtin` holds what is embedded in the binary, `yaml` is the only place that knows serde_yaml.

pub mod rule;

pub use rule::{Action, Find, Rule};

/// Everything a run needs to know of its rules.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// All rules that are on, built-in ones first, in the order they were read.
    pub rules: Vec<Rule>,
    /// Ids of floor rules that a `disable` or `allow` switched off or loosened; warned about on each run.
    pub weakened: Vec<String>,
}
