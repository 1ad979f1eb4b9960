//! Stdout, for the filter and for what the other commands print.

use super::{Failure, Status, interrupt, message};
use crate::input::fd::{self, Fd};
use std::io::{self, Stdout, Write};

/// Writes to stdout without a buffer. Each `write_all` is whole records, and a signal takes effect only between two of
/// them. When the reader is gone the process ends as other filters do, by SIGPIPE.
pub(super) struct Output(Fd<Stdout>);

impl Output {
    pub(super) fn new() -> Output {
        fd::widen(io::stdout());
        Output(Fd(io::stdout()))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let _no_signal = interrupt::between_records();
        match self.0.write_all(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => interrupt::die(signal_hook::consts::SIGPIPE),
            result => result,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
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
