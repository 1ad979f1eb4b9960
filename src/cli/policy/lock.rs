//! `logmask policy lock [FILE]...`: writes down which bytes the files of a policy have, or goes back to earlier ones.

use super::args::LockArgs;
use super::load;
use crate::cli::args::PolicyArgs;
use crate::cli::{Failure, Status, message, output};
use crate::policy::Docs;
use crate::policy::lock::Lock;
use std::fmt::Write as _;
use std::io;

/// Where the lock is written if nothing else is said.
const DEFAULT: &str = ".logmask.lock";

/// Fewest digits that name a version.
const FEWEST: usize = 4;

/// Why a lock cannot be read.
pub(super) fn unread(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::InvalidData => "is no lock".to_owned(),
        _ => message::fact(error),
    }
}

pub(super) fn run(args: &LockArgs) -> Result<Status, Failure> {
    let path = args.files.policy.lock.clone().unwrap_or_else(|| DEFAULT.into());
    let fail = |error: io::Error| Failure::usage(format!("{}: {}", path.display(), unread(&error)));
    let read = path.exists() || args.to.is_some();
    let mut lock = if read { Lock::read(&path).map_err(fail)? } else { Lock::new(&path) };
    let mut text = String::new();
    if let Some(digest) = &args.to {
        // A command that prints nothing must not choose a version.
        let known = (digest.len() >= FEWEST).then(|| lock.back_to(digest)).flatten();
        let Some((name, digest)) = known else {
            return Err(Failure::usage("no earlier version, or more than one, begins with this digest")
                .hint(format!("they stand behind # in {}; give {FEWEST} digits or more", path.display())));
        };
        let _ = writeln!(text, "{}: back to {digest}", name.display());
    } else {
        // The files as they are must be a good policy; which ones it consists of comes out on the way.
        let unlocked = PolicyArgs { lock: None, ..args.files.policy.clone() };
        let policy = load(&unlocked, &args.files.all(), Docs::Without)?;
        super::masker(&policy)?;
        if policy.files.is_empty() {
            return Err(Failure::usage("there is no policy file to lock").hint("name one"));
        }
        for file in &policy.files {
            let changed = lock
                .pin(file)
                .map_err(|error| Failure::io(format!("{}: {}", file.display(), message::fact(&error))))?;
            let _ = writeln!(text, "{}: {}", file.display(), if changed { "locked" } else { "as it was" });
        }
        lock.forget_gone();
    }
    lock.write().map_err(fail)?;
    output::print(&message::printable_lines(&text))
}
