//! A bar on the terminal while files are masked: bytes, rate and the time that is left.
//!
//! Shown only where somebody looks (stderr is a terminal, and the log itself goes elsewhere), and only if it takes a while.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Read};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// What is done sooner needs no bar.
const DELAY: Duration = Duration::from_millis(400);

/// The bar, if there is one. Messages have to be written above it.
static BAR: OnceLock<Bar> = OnceLock::new();

struct Bar {
    drawn: ProgressBar,
    started: Instant,
    shown: Mutex<bool>,
}

/// Begins a bar over the bytes of `inputs`, if that makes sense: all must be files, and something in them.
pub(super) fn begin(inputs: &[PathBuf], to_stdout: bool) {
    if !io::stderr().is_terminal() || to_stdout && io::stdout().is_terminal() {
        return;
    }
    let length =
        |path: &PathBuf| std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|stat| stat.len());
    let Some(total) = inputs.iter().map(length).sum::<Option<u64>>().filter(|total| *total > 0) else { return };
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
    let form = "{bytes} of {total_bytes}  {bytes_per_sec}  {eta} left  {wide_bar}";
    bar.set_style(ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let _ = BAR.set(Bar { drawn: bar, started: Instant::now(), shown: Mutex::new(false) });
}

/// Takes the bar away.
pub(super) fn end() {
    if let Some(bar) = BAR.get() {
        bar.drawn.finish_and_clear();
    }
}

/// Writes something to stderr, with the bar out of its way.
pub(super) fn aside(write: impl FnOnce()) {
    match BAR.get() {
        Some(bar) => bar.drawn.suspend(write),
        None => write(),
    }
}

/// Counts what is read through `lines` from the file `from`, packed as it is.
pub(super) fn reader<R, F: AsFd>(lines: R, from: F) -> Counted<R, F> {
    Counted { lines, from, seen: 0 }
}

/// See [`reader`].
pub(super) struct Counted<R, F> {
    lines: R,
    from: F,
    /// Bytes of the file that were counted.
    seen: u64,
}

impl<R: Read, F: AsFd> Read for Counted<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.lines.read(buffer)?;
        if let Some(bar) = BAR.get() {
            // Where it is in the file says more than what came out of it, which may have been unpacked.
            let at = rustix::fs::tell(&self.from).unwrap_or(self.seen);
            bar.drawn.inc(at.saturating_sub(self.seen));
            self.seen = self.seen.max(at);
            bar.show();
        }
        Ok(read)
    }
}

impl Bar {
    fn show(&self) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if !*shown && self.started.elapsed() >= DELAY {
            *shown = true;
            self.drawn.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}
