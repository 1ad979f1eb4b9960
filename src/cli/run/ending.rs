//! The end of a command whose output nobody may see any more, because the grant has ended.

use super::handle;
use crate::cli::Failure;
use crate::input::fd;
use rustix::process::{Signal, pidfd_send_signal};
use std::os::fd::OwnedFd;
use std::process::Child;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The command, while it runs.
static COMMAND: Mutex<Option<OwnedFd>> = Mutex::new(None);

/// How long it has to end by itself when it is told to.
const GRACE: Duration = Duration::from_secs(1);

/// `child` is what [`stop`] ends.
pub(super) fn hold(child: &Child) -> Result<(), Failure> {
    *COMMAND.lock().unwrap_or_else(PoisonError::into_inner) = Some(handle(child)?);
    Ok(())
}

/// Ends the command. What it has started itself meets a closed pipe, or loses its terminal. Called when the process is about
/// to end.
pub(in crate::cli) fn stop() {
    let Some(command) = COMMAND.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
    if pidfd_send_signal(&command, Signal::TERM).is_err() {
        return;
    }
    let step = Duration::from_millis(5);
    for _ in 0..GRACE.as_millis() / step.as_millis() {
        // Nothing can be read of a process before it has ended.
        if !fd::idle(&command) {
            return;
        }
        thread::sleep(step);
    }
    let _ = pidfd_send_signal(&command, Signal::KILL);
}
