//! Signals: the output ends with a whole record, and the process dies by the signal it got.
//!
//! One thread waits for signals and takes the place of the writer, so that nothing else has to ask for them; a read that
//! waits for input need not be woken.

use super::Status;
use crate::audit;
use rustix::process::{Signal, pidfd_send_signal};
use signal_hook::consts::{SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGXFSZ};
use signal_hook::iterator::Signals;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Held while records are written: one for each stream, so that a full stdout does not hold up stderr.
static WRITING: [Mutex<()>; 2] = [const { Mutex::new(()) }; 2];

/// What records are written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

/// No further record may be written.
static CLOSING: AtomicBool = AtomicBool::new(false);

/// How long a write under way may take to reach the end of its records: a reader that has stopped must not keep us alive.
const GRACE: Duration = Duration::from_secs(1);

/// Holds signals back until the guard is dropped. Does not return when one has come.
pub(super) fn between_records(stream: Stream) -> MutexGuard<'static, ()> {
    let guard = WRITING[stream as usize].lock().unwrap_or_else(PoisonError::into_inner);
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
///
/// Where a file may not grow further (`ulimit -f`), the write fails instead of us: what is unfinished is taken away, and said.
pub(super) fn watch(drain: bool) -> io::Result<()> {
    signal_hook::flag::register(SIGXFSZ, Arc::default())?;
    let mut signals = Signals::new(watched(status().as_deref()))?;
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

/// Signals for a command that we run, held back from its start on.
pub(super) struct Passing(Signals);

impl Passing {
    /// To be called before the command starts, so that none is lost.
    pub(super) fn begin() -> io::Result<Passing> {
        const ALL: [i32; 7] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH];
        Ok(Passing(Signals::new(not_ignored(&status().unwrap_or_default(), &ALL))?))
    }

    /// Passes signals on to `child` from now on; once it is gone and others still hold its output, they end us. `resized`
    /// is told of SIGWINCH.
    pub(super) fn to(
        mut self,
        child: OwnedFd,
        own_terminal: bool,
        resized: impl Fn() + Send + 'static,
    ) -> io::Result<()> {
        thread::Builder::new().name("signals".to_owned()).stack_size(64 << 10).spawn(move || {
            for signal in self.0.forever() {
                if signal == SIGWINCH {
                    resized();
                    continue;
                }
                // The terminal has sent it to all in the foreground, so the command has it already.
                let has_it = !own_terminal && matches!(signal, SIGINT | SIGQUIT) && in_foreground();
                let passed = has_it && pidfd_is_alive(&child)
                    || !has_it
                        && Signal::from_named_raw(signal)
                            .is_some_and(|signal| pidfd_send_signal(&child, signal).is_ok());
                if !passed {
                    stop(signal);
                }
            }
        })?;
        Ok(())
    }
}

/// A descriptor of a process is ready to be read when the process has ended.
fn pidfd_is_alive(child: &OwnedFd) -> bool {
    crate::input::fd::idle(child)
}

/// We are what the terminal talks to.
fn in_foreground() -> bool {
    std::fs::File::open("/dev/tty")
        .is_ok_and(|tty| rustix::termios::tcgetpgrp(tty).is_ok_and(|group| group == rustix::process::getpgrp()))
}

fn status() -> Option<String> {
    // At once: the kernel writes all of it anew for each read.
    let mut status = [0; 4096];
    let length = std::fs::File::open("/proc/self/status").ok()?.read(&mut status).ok()?;
    String::from_utf8_lossy(&status[..length]).into_owned().into()
}

/// Signals that were not ignored when we started; `nohup` and background jobs of a shell rely on that. Where the system
/// does not tell (no procfs), only SIGINT is watched: the others keep the action they were inherited with.
fn watched(status: Option<&str>) -> Vec<i32> {
    status.map_or_else(|| vec![SIGINT], |status| not_ignored(status, &[SIGINT, SIGTERM, SIGHUP]))
}

fn not_ignored(status: &str, signals: &[i32]) -> Vec<i32> {
    let ignored =
        status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok()).unwrap_or(0);
    signals.iter().copied().filter(|signal| ignored >> (signal - 1) & 1 == 0).collect()
}

/// Ends the process between two records, with the status that `last` gives.
pub(super) fn finish(last: impl FnOnce() -> Status) -> ! {
    CLOSING.store(true, Ordering::SeqCst);
    let step = Duration::from_millis(2);
    let mut held = None;
    for _ in 0..GRACE.as_millis() / step.as_millis() {
        if let (Ok(stdout), Ok(stderr)) = (WRITING[0].try_lock(), WRITING[1].try_lock()) {
            held = Some((stdout, stderr));
            break;
        }
        thread::sleep(step);
    }
    super::run::restore_terminal();
    super::files::remove_unfinished();
    let code = last().code();
    super::run::stop();
    super::broker::source::stop();
    // Until the end nothing more is written.
    let _ = &held;
    let _whole = audit::between_entries();
    std::process::exit(code.into())
}

fn stop(signal: i32) -> ! {
    CLOSING.store(true, Ordering::SeqCst);
    let step = Duration::from_millis(2);
    for _ in 0..GRACE.as_millis() / step.as_millis() {
        if let [Ok(_stdout), Ok(_stderr)] = [WRITING[0].try_lock(), WRITING[1].try_lock()] {
            die(signal);
        }
        thread::sleep(step);
    }
    die(signal)
}

/// Ends the process by `signal`, as if it had never been caught.
pub(super) fn die(signal: i32) -> ! {
    super::run::restore_terminal();
    super::files::remove_unfinished();
    audit::begin_nothing();
    super::record::ending::cut(if signal == SIGPIPE { "reader gone" } else { "interrupted" });
    super::broker::source::stop();
    let _whole = audit::between_entries();
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
