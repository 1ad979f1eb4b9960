//! Signals: the output ends with a whole record, and the process dies by the signal it got.
//!
//! One thread waits for signals and takes the place of the writer, so that nothing else has to ask for them; a read that
//! waits for input need not be woken.

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Held while records are written.
static WRITING: Mutex<()> = Mutex::new(());

/// No further record may be written.
static CLOSING: AtomicBool = AtomicBool::new(false);

/// How long a write under way may take to reach the end of its records: a reader that has stopped must not keep us alive.
const GRACE: Duration = Duration::from_secs(1);

/// Holds signals back until the guard is dropped. Does not return when one has come.
pub(super) fn between_records() -> MutexGuard<'static, ()> {
    let guard = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    if CLOSING.load(Ordering::SeqCst) {
        drop(guard);
        loop {
            thread::park();
        }
    }
    guard
}

/// Watches for SIGINT, SIGTERM and SIGHUP from now on. With `drain` the first SIGINT is left to whoever feeds us: in a
/// pipeline the terminal sends it to all, the producer ends, and its last lines still come through.
pub(super) fn watch(drain: bool) -> io::Result<()> {
    let mut signals = Signals::new(watched(std::fs::read_to_string("/proc/self/status").ok().as_deref()))?;
    thread::Builder::new().name("signals".to_owned()).stack_size(64 << 10).spawn(move || {
        let mut drain = drain;
        for signal in signals.forever() {
            if !(signal == SIGINT && std::mem::take(&mut drain)) {
                stop(signal);
            }
        }
    })?;
    Ok(())
}

/// Signals that were not ignored when we started; `nohup` and background jobs of a shell rely on that. Where the system
/// does not tell (no procfs), only SIGINT is watched: the others keep the action they were inherited with.
fn watched(status: Option<&str>) -> Vec<i32> {
    let Some(status) = status else { return vec![SIGINT] };
    let ignored =
        status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok()).unwrap_or(0);
    [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0).collect()
}

fn stop(signal: i32) -> ! {
    CLOSING.store(true, Ordering::SeqCst);
    let step = Duration::from_millis(2);
    for _ in 0..GRACE.as_millis() / step.as_millis() {
        if let Ok(_guard) = WRITING.try_lock() {
            die(signal);
        }
        thread::sleep(step);
    }
    die(signal)
}

/// Ends the process by `signal`, as if it had never been caught.
pub(super) fn die(signal: i32) -> ! {
    // The first process of a container cannot be killed by a signal it does not catch; it ends as a shell would say.
    if !rustix::process::getpid().is_init() {
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
    std::process::exit(128 + signal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ignored_signal_stays_ignored() {
        assert_eq!(watched(Some("Name:\tx\nSigIgn:\t0000000000001000\n")), [SIGINT, SIGTERM, SIGHUP]);
        assert_eq!(watched(Some("SigIgn:\t0000000000001001\n")), [SIGINT, SIGTERM]);
        assert_eq!(watched(Some("SigIgn:\t0000000000000006\n")), [SIGTERM, SIGHUP]);
        assert_eq!(watched(None), [SIGINT]);
    }
}
