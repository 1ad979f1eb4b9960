//! The end of a run that does not come to its end: its reader went away, a signal came, or its grant has ended. The entry
//! that it began shall not stay alone, and says what came out until then; only a kill or a power cut leaves it so.

use super::{counts_of, unwritten};
use crate::audit::{Counts, Entry, Event, Log};
use crate::cli::sum::Sum;
use crate::masker::RuleName;
use crate::reveal::Revealed;
use crate::tally::Tally;
use ssh_key::PrivateKey;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What has begun and not ended. Held while its beginning or its end is written: no other thread ends the process meanwhile.
static OPEN: Mutex<Option<Open>> = Mutex::new(None);

/// A run under way.
pub(super) struct Open {
    pub(super) file: PathBuf,
    /// Name of the chain, if the file was moved away meanwhile.
    pub(super) origin: String,
    /// What will end it.
    pub(super) event: Event,
    pub(super) session: String,
    pub(super) sign_with: Option<PrivateKey>,
    /// The rules of its counts.
    pub(super) rules: Vec<RuleName>,
    /// It shows what a grant lets it.
    pub(super) granted: bool,
    /// Of what was written so far.
    pub(super) output: Option<Sum>,
    pub(super) stderr: Sum,
    pub(super) so_far: SoFar,
}

/// What records that are out came to.
#[derive(Default)]
pub(in crate::cli) struct SoFar {
    masked: Tally,
    revealed: Revealed,
}

/// Counts of records that are out.
pub(in crate::cli) trait Part {
    /// Adds them to what the run came to.
    fn add_to(&self, so_far: &mut SoFar);
}

impl Part for Tally {
    fn add_to(&self, so_far: &mut SoFar) {
        so_far.masked.add(self);
    }
}

impl Part for Revealed {
    fn add_to(&self, so_far: &mut SoFar) {
        so_far.revealed.add(self.clone());
    }
}

impl Open {
    fn counts(&self) -> Counts {
        let SoFar { masked, revealed } = &self.so_far;
        match self.event {
            Event::RevealEnd if *revealed != Revealed::default() => revealed_counts(revealed),
            _ => counts_of(masked, &self.rules, self.granted),
        }
    }
}

/// What opening sealed values came to.
pub(super) fn revealed_counts(tally: &Revealed) -> Counts {
    Counts {
        lines: tally.lines,
        bytes_in: tally.bytes_in,
        bytes_out: tally.bytes_out,
        withheld: tally.withheld,
        sealed: tally.foreign + tally.shut,
        opened: tally.opened.clone(),
        ..Counts::default()
    }
}

/// For a run that is about to begin: until its first entry is written and its end is known, no other thread ends the
/// process.
pub(super) fn begin() -> MutexGuard<'static, Option<Open>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Records are out, and came to `part`.
pub(in crate::cli) fn add(part: &impl Part) {
    if let Some(open) = OPEN.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
        part.add_to(&mut open.so_far);
    }
}

/// The run ends by itself, and `write` says so. Does not return if it was cut off meanwhile: the process ends in another
/// thread.
pub(super) fn close<T>(write: impl FnOnce() -> T) -> T {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    if open.take().is_none() {
        drop(open);
        loop {
            std::thread::park();
        }
    }
    write()
}

/// Notes that the run ends here and why, and signs it if there is a key. The process is about to end; nothing more is written
/// to its output. What was being written just now is in no count and no digest. If another thread is writing the end
/// already, it has written it when this returns.
pub(in crate::cli) fn cut(outcome: &str) {
    let mut held = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(open) = held.take() else {
        return;
    };
    let counts = Some(open.counts());
    let Open { file, origin, event, session, sign_with, output, stderr, .. } = open;
    let entry = Entry {
        event,
        session,
        outcome: Some(outcome.to_owned()),
        counts,
        output: output.map(|sum| sum.hex()),
        stderr: stderr.hex_of_some(),
        ..Entry::default()
    };
    let noted = Log::open(&file, &origin).and_then(|mut log| {
        let end = log.note(|_| Ok(entry))?;
        sign_with.map_or(Ok(end), |key| log.checkpoint(&key))
    });
    if let Err(error) = noted {
        unwritten(&file, &error).say();
    }
}
