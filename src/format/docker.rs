//! Docker's json-file driver: `{"log":"LINE\n","stream":"stdout","time":"…"}`; a part of a line lacks the `\n`.

use super::Peeled;
use super::quote::{Quote, closing};
use crate::span::Span;

/// The message (without its escaped line ending) and the stream.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    if line.first() != Some(&b'{') {
        return None;
    }
    let start = string(line, 1, b"\"log\"")?;
    let end = closing(line, start, Quote { byte: b'"', level: 0, depth: 0 })?;
    let comma = end + 1 + blanks(&line[end + 1..]);
    let stream = string(line, comma + 1, b"\"stream\"").filter(|_| line[comma] == b',')?;
    let stream_end = stream + memchr::memchr(b'"', &line[stream..])?;
    let message = &line[start..end];
    let whole = message.ends_with(b"\\n");
    let length = message.strip_suffix(b"\\n").map_or(message.len(), |m| m.strip_suffix(b"\\r").unwrap_or(m).len());
    Some(Peeled::one(Span::new(start, start + length), Span::new(stream, stream_end), !whole))
}

/// Where the inside of the string begins that is the value of `key`, which stands at `at`. Shippers put blanks between.
fn string(line: &[u8], at: usize, key: &[u8]) -> Option<usize> {
    let at = at + blanks(line.get(at..)?);
    let rest = line[at..].strip_prefix(key)?;
    let rest = rest[blanks(rest)..].strip_prefix(b":")?;
    let rest = rest[blanks(rest)..].strip_prefix(b"\"")?;
    Some(line.len() - rest.len())
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|b| **b == b' ').count()
}
