//! A policy as written: all rules of the profile and of the user's files, in order, resolved but not compiled.
//!
//! `load` follows the files, `check` reads one of them, `builtin` holds what is embedded in the binary, `yaml` is the only
//! place that knows serde_yaml. Errors say place and kind and never quote what a file holds (see [`Error::fact`]).

pub mod about;
mod actions;
pub mod builtin;
mod check;
mod digest;
mod embedded;
mod error;
mod file;
pub mod limits;
mod load;
pub mod lock;
mod node;
pub mod pattern;
mod project;
mod raw;
mod request;
pub mod roles;
pub mod rule;
pub mod schema;
pub mod source;
mod stack;
pub mod texts;
mod validators;
mod yaml;

pub use digest::digest;
pub use error::Error;
pub use load::{EVERYTHING, load, load_files};
pub use request::{Files, Request};
pub use rule::{Action, Find, Mode, Rule};
pub use stack::Stack;
pub use yaml::document as yaml_document;

use std::collections::HashMap;
use std::path::PathBuf;

/// Everything a run needs to know of its rules.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// All rules that are on, built-in ones first, in the order they were read.
    pub rules: Vec<Rule>,
    /// Ids of floor rules that a `disable`, `allow` or `keep` switched off or loosened, or that are missing because the
    /// floor was left out; sorted. Warned about on each run.
    pub weakened: Vec<String>,
    /// Values of secret fields are secrets in the records behind them too.
    pub propagate: bool,
    /// Ids of rules with `mode: observe`, sorted: what they find is counted and left as it is.
    pub observed: Vec<String>,
    /// Of rules that some role sees, by id: which roles do, a bit for each. Empty unless a view is in force, and the same for
    /// all views of a policy: what is found does not depend on who looks.
    pub seers: HashMap<String, u64>,
    /// Rules that are not in force, and why; in the order they were read.
    pub off: Vec<Off>,
    /// The files it was read from, those that they build on before them.
    pub files: Vec<PathBuf>,
    /// Who sees what, if a file says.
    pub roles: Option<roles::Roles>,
    /// Where each key of each rule was written; only with [`Docs::Placed`].
    pub places: Places,
    /// What is left of stack traces. `--stack` may say otherwise; who may not see traces gets at most
    /// [`Stack::Fold`] (see [`Stack::stricter`]).
    pub stack: Stack,
}

impl Policy {
    /// Is what this rule finds only counted?
    pub fn observes(&self, rule: &Rule) -> bool {
        self.observed.binary_search_by(|id| (**id).cmp(&*rule.id)).is_ok()
    }
}

/// A rule that is not in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Off {
    /// Its id.
    pub rule: String,
    /// `disable`, or `mode: off`.
    pub why: &'static str,
    /// The file that says so,
    pub file: PathBuf,
    /// and the line; 0 unless places are known.
    pub line: usize,
    /// It would not be in force anyway: the profile does not have it.
    pub idle: bool,
}

/// File and line by rule id and key. A key that several files add to has several.
pub type Places = HashMap<(String, String), Vec<(PathBuf, usize)>>;

/// Whether rules come with what only people read: `doc`, `source`, `risk`, `examples`, `unchanged`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Docs {
    /// To mask.
    Without,
    /// To list and test rules.
    With,
    /// To say where each of their keys was written; takes the time of reading a file once for each of its keys.
    Placed,
}

#[cfg(test)]
mod tests;
