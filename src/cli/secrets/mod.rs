//! Secrets listed by the caller: from the environment, from files, from what a command prints. Places are told, values
//! never.
//!
//! `file` reads each kind of file; `command` and `environment` are the other sources, and `inherited` what a command has
//! from us anyway.

mod command;
mod environment;
mod file;
mod inherited;

use super::secrets_args::SecretsArgs;
use super::{Failure, message};
use crate::listed::{Literals, Weak};
use crate::policy::Policy;

/// Most places that are told one by one.
const TOLD: usize = 5;

/// All secrets that were listed, and what was said about those that are not looked for.
#[derive(Default)]
struct List {
    literals: Literals,
    weak: Vec<(String, Weak)>,
}

/// Adds the secrets in the environment that commands of ours inherit, as far as `policy` knows them by the names of their
/// variables, or by what stands in them. What is too weak is left out without a word: nobody asked for it.
pub(super) fn of_environment(policy: &Policy, literals: &mut Literals) -> Result<(), Failure> {
    inherited::read(policy, literals)
}

/// Reads what `args` point to.
pub(super) fn read(args: &SecretsArgs) -> Result<Literals, Failure> {
    let mut list = List::default();
    for glob in &args.env {
        environment::read(glob, &mut list)?;
    }
    for path in &args.file {
        file::read(path, &mut list)?;
    }
    for line in &args.cmd {
        command::read(line, &mut list)?;
    }
    list.warn();
    Ok(list.literals)
}

impl List {
    /// Adds a value that a place for secrets and other settings holds: one that is too weak is told and left out.
    fn add(&mut self, value: &[u8], place: impl FnOnce() -> String) {
        if let Err(weak) = self.literals.add(value) {
            self.weak.push((place(), weak));
        }
    }

    /// Adds a value that can only be a secret: one that is too weak is an error.
    fn must_add(&mut self, value: &[u8], place: impl FnOnce() -> String) -> Result<(), Failure> {
        self.literals.add(value).map_err(|weak| {
            Failure::usage(format!("{}: {weak}", place())).hint("it would hide half the log; leave it out of the list")
        })
    }

    fn warn(&self) {
        for (place, weak) in self.weak.iter().take(TOLD) {
            message::warning(&format!("{place} is not looked for: {weak}"));
        }
        if self.weak.len() > TOLD {
            let more = message::count((self.weak.len() - TOLD) as u64, "more listed value");
            message::warning(&format!("{more} not looked for, too weak as well"));
        }
    }
}
