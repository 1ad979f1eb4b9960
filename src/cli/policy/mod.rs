//! `logmask policy …`: what people who write policies need. One command per file; `schema` is the simplest to copy from.

pub(super) mod args;
mod check;
mod diff;
mod init;
mod lint;
mod lock;
mod schema;
mod show;
mod test;

use super::args::PolicyArgs;
use super::{Failure, Status, discover};
use crate::masker::{Masker, Settings};
use crate::policy::lock::Lock;
use crate::policy::{self as written, Docs, Policy, Request};
use args::{PolicyCommand, PolicyCommandArgs};
use std::path::PathBuf;

/// Pseudonyms in examples are written with a star, so it does not matter which key this is.
const TEST_KEY: &[u8] = b"the key of policy test";

pub(super) fn run(args: &PolicyCommandArgs) -> Result<Status, Failure> {
    match &args.command {
        PolicyCommand::Init(args) => init::run(args),
        PolicyCommand::Check(args) => check::run(args),
        PolicyCommand::Test(args) => test::run(args),
        PolicyCommand::Show(args) => show::run(args),
        PolicyCommand::Diff(args) => diff::run(args),
        PolicyCommand::Lock(args) => lock::run(args),
        PolicyCommand::Schema => schema::run(),
    }
}

/// Loads what the options say, with `files` on top.
pub(super) fn load(args: &PolicyArgs, files: &[PathBuf], docs: Docs) -> Result<Policy, Failure> {
    let lock = args.lock.as_ref().map(|path| {
        let fail = |error: std::io::Error| Failure::usage(format!("{}: {}", path.display(), lock::unread(&error)));
        Lock::read(path).map_err(fail)
    });
    let lock = lock.transpose()?;
    let found = files.is_empty() && !args.no_config;
    let files = discover::files(args, files);
    let request =
        Request { profile: args.profile(), files: &files, no_floor: args.no_floor, docs, lock: lock.as_ref() };
    written::load_files(&request).map_err(|error| {
        let failure = Failure::usage(error.to_string());
        match error.hint {
            Some(hint) => failure.hint(hint),
            None if found => failure
                .hint("it applies because no -c was given; --no-config goes without the files that are looked for"),
            None => failure,
        }
    })
}

fn masker(policy: &Policy) -> Result<Masker, Failure> {
    let settings = Settings { key: TEST_KEY.to_vec(), ..Settings::default() };
    Masker::new(policy, settings).map_err(|error| Failure::usage(error.to_string()))
}
