//! The end of a run that does not come to its end: its reader went away, a signal came, or its grant has ended. The entry
//! that it began shall not stay alone; only a kill or a power cut leaves it so.

use super::unwritten;
use crate::audit::{Entry, Event, Log};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What has begun and not ended.
static OPEN: Mutex<Option<Open>> = Mutex::new(None);

struct Open {
    file: PathBuf,
    event: Event,
    session: String,
}

/// The run has begun; `event` will end it.
pub(super) fn open(file: &Path, event: Event, session: &str) {
    let open = Open { file: file.to_owned(), event, session: session.to_owned() };
    *OPEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(open);
}

/// The run ends by itself. Does not return if it was cut off meanwhile: the process ends in another thread.
pub(super) fn close() {
    if OPEN.lock().unwrap_or_else(PoisonError::into_inner).take().is_none() {
        loop {
            std::thread::park();
        }
    }
}

/// Notes that the run ends here and why. The process is about to end; nothing more is written to its output.
pub(in crate::cli) fn cut(outcome: &str) {
    let Some(Open { file, event, session }) = OPEN.lock().unwrap_or_else(PoisonError::into_inner).take() else {
        return;
    };
    let entry = Entry { event, session, outcome: Some(outcome.to_owned()), ..Entry::default() };
    if let Err(error) = Log::open(&file, "").and_then(|mut log| log.note(|_| Ok(entry))) {
        unwritten(&file, &error).say();
    }
}
