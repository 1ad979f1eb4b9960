//! Stdout, for the filter and for what the other commands print.

use super::interrupt::{self, Stream};
use super::{Failure, Status, message};
use crate::input::fd::{self, Fd};
use std::io::{self, Stderr, Stdout, Write};
use std::os::fd::{AsFd, BorrowedFd};

/// Writes to stdout, or to stderr what a command of ours has written there, without a buffer. Each `write_all` is whole
/// records, and a signal takes effect only between two of them. When the reader is gone the process ends as other filters
/// do, by SIGPIPE.
pub(super) struct Output {
    fd: Fd<Descriptor>,
    stream: Stream,
}

enum Descriptor {
    Stdout(Stdout),
    Stderr(Stderr),
}

impl AsFd for Descriptor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Descriptor::Stdout(stdout) => stdout.as_fd(),
            Descriptor::Stderr(stderr) => stderr.as_fd(),
        }
    }
}

impl Output {
    /// Stdout.
    pub(super) fn new() -> Output {
        fd::widen(io::stdout());
        Output { fd: Fd(Descriptor::Stdout(io::stdout())), stream: Stream::Stdout }
    }

    /// Stderr.
    pub(super) fn stderr() -> Output {
        Output { fd: Fd(Descriptor::Stderr(io::stderr())), stream: Stream::Stderr }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.fd.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let _no_signal = interrupt::between_records(self.stream);
        match self.fd.write_all(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => interrupt::die(signal_hook::consts::SIGPIPE),
            result => result,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.fd.flush()
    }
}

/// Prints `text`; what a command gives, not the filter.
pub(super) fn print(text: &str) -> Result<Status, Failure> {
    Output::new().write_all(text.as_bytes()).map_err(|error| failed(&error))?;
    Ok(Status::Done)
}

/// Stdout cannot be written.
pub(super) fn failed(error: &io::Error) -> Failure {
    Failure::io(format!("stdout: {}", message::fact(error)))
}
