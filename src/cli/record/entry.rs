//! Entries that say what somebody is about to see or to get, or that they were refused.

use super::{CLOCK, unwritten};
use crate::audit::{Entry, Error, Event, Log, Next, sign};
use crate::cli::Failure;
use ssh_key::PrivateKey;

/// Writes and syncs the entry of what is about to be done, with the proof that `prover` makes at its place. Where the clock
/// went back nothing may be done: then it is noted that `what` was denied.
pub(in crate::cli) fn begin(
    log: &mut Log,
    what: &str,
    entry: Entry,
    prover: Option<&PrivateKey>,
    sign_with: Option<&PrivateKey>,
) -> Result<(), Failure> {
    let proof = |next: &Next| prover.map(|key| proof(key, next, &entry.session)).transpose();
    match log.append(|next| Ok(Entry { proof: proof(next)?, ..entry.clone() })) {
        Ok(_) => Ok(()),
        Err(error @ Error::ClockWentBack(_)) => {
            let outcome = Some(format!("{what}: {error}"));
            note(log, Entry { event: Event::Denied, outcome, ..entry }, sign_with)?;
            Err(Failure::denied(format!("audit {}: {error}", log.path().display())).hint(CLOCK))
        }
        Err(error) => Err(unwritten(log.path(), &error)),
    }
}

/// Writes and syncs `entry` whatever the clock says, and signs it if there is a key.
pub(in crate::cli) fn note(log: &mut Log, entry: Entry, sign_with: Option<&PrivateKey>) -> Result<(), Failure> {
    log.note(|_| Ok(entry)).map_err(|error| unwritten(log.path(), &error))?;
    checkpoint(log, sign_with)
}

/// Signs all there is so far if there is a key.
pub(in crate::cli) fn checkpoint(log: &mut Log, sign_with: Option<&PrivateKey>) -> Result<(), Failure> {
    match sign_with.map(|key| log.checkpoint(key)).transpose() {
        Ok(_) => Ok(()),
        Err(error) => Err(unwritten(log.path(), &error)),
    }
}

/// The signature of whoever does it.
fn proof(key: &PrivateKey, next: &Next, session: &str) -> Result<String, Error> {
    let text = sign::proof(&next.origin, next.seq, &next.prev, session);
    sign::sign(key, sign::PROOF, &text).map_err(|_| Error::Sign)
}
