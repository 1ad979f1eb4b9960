//! What is to be loaded, and from where.

use super::Docs;
use super::lock::Lock;
use std::path::PathBuf;

/// Which files a policy is read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Those of whoever runs this.
    pub own: Vec<PathBuf>,
    /// That of the project whose logs these are: it may add protection and not take any away.
    pub project: Option<PathBuf>,
}

/// What to load.
#[derive(Clone, Copy, Debug)]
pub struct Request<'r> {
    /// The built-in rules.
    pub profile: &'r str,
    /// What comes on top.
    pub files: &'r Files,
    /// See [`load`](super::load).
    pub no_floor: bool,
    /// What is needed of them.
    pub docs: Docs,
    /// Only what is locked there is read.
    pub lock: Option<&'r Lock>,
}
