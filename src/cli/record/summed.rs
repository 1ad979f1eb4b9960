//! Bytes of a run on their way in or out.

use crate::cli::grant::terms;
use crate::cli::sum::Sum;
use std::io::{self, Read, Write};

/// Bytes on their way, and their sum if it is wanted.
pub(in crate::cli) struct Summed<'a, T> {
    pub(super) inner: T,
    pub(super) sum: Option<&'a Sum>,
    /// From this second on nothing more may be written.
    pub(super) until: Option<u64>,
}

impl<T> Summed<'_, T> {
    fn add(&self, bytes: &[u8]) {
        if let Some(sum) = self.sum {
            sum.add(bytes);
        }
    }
}

impl<R: Read> Read for Summed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.add(&buffer[..read]);
        Ok(read)
    }
}

impl<W: Write> Write for Summed<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.add(&bytes[..written]);
        Ok(written)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Whoever watches the clock ends the process.
        while self.until.is_some_and(|until| terms::now() >= until) {
            std::thread::park();
        }
        self.inner.write_all(bytes)?;
        self.add(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
