//! What a run reads, as its first entry tells it.

use crate::audit;
use crate::cli::sum::Sum;
use crate::cli::{Failure, source};
use std::path::{Path, PathBuf};

/// What is about to be read.
#[derive(Default)]
pub(in crate::cli) struct Sources<'a> {
    /// Files, which must not be the audit file.
    pub(in crate::cli) files: &'a [PathBuf],
    /// How they are called; without any, the names of the files.
    pub(in crate::cli) names: Vec<String>,
    /// All of it goes one way.
    pub(in crate::cli) one_way: bool,
}

/// Room for the names of what is read, in bytes of an entry.
const NAMES: usize = audit::LONGEST / 2;

impl Sources<'_> {
    /// The names of as many as have room in an entry, and how many more there are.
    pub(super) fn all_names(self) -> (Vec<String>, u64) {
        let mut names: Vec<String> =
            self.names.into_iter().chain(self.files.iter().map(|path| source::name(path))).collect();
        let mut left = NAMES;
        let fits = |name: &String| {
            let written = serde_json::to_string(name).map_or(usize::MAX, |json| audit::ascii(&json).len() + 1);
            left = left.checked_sub(written)?;
            Some(())
        };
        let named = names.iter().map_while(fits).count();
        let more = (names.len() - named) as u64;
        names.truncate(named);
        (names, more)
    }

    pub(super) fn sum(&self) -> Option<Sum> {
        self.one_way.then(Sum::default)
    }
}

/// The audit file is neither read nor written to by anything else.
pub(super) fn not_written(path: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    let Ok(stat) = rustix::fs::stat(path) else { return Ok(()) };
    if source::same_file(&stat, inputs).is_some() {
        return Err(Failure::usage(format!("{}: is read in this run", path.display())));
    }
    let own = [path.to_owned()];
    if source::not_stdout(&own).is_err() {
        return Err(
            Failure::usage(format!("{}: is stdout too", path.display())).hint("the audit file is a file of its own")
        );
    }
    Ok(())
}
