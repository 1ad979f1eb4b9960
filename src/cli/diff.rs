//! `--diff`: the masked side of what would change, a header before each source that has any.

use std::io::{self, Write};

/// Writes a header once, before anything else.
pub(super) struct Headed<W> {
    inner: W,
    header: Option<String>,
}

impl<W: Write> Headed<W> {
    /// The header of a unified diff for the source `name`; as it stands in messages.
    pub(super) fn new(inner: W, name: &str) -> Headed<W> {
        let name = super::message::printable(name);
        Headed { inner, header: Some(format!("--- {name}\n+++ {name}\tmasked\n")) }
    }
}

impl<W: Write> Write for Headed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        if let Some(header) = self.header.take() {
            self.inner.write_all(header.as_bytes())?;
        }
        self.inner.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
