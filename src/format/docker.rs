//! Docker's json-file driver: `{"log":"LINE\n","stream":"stdout","time":"…"}`; a part of a line lacks the `\n`.

use super::Peeled;
use super::quote::{Quote, closing};
use crate::span::Span;

/// The message (without its escaped line ending) and the stream.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    let start = b"{\"log\":\"".len();
    if !line.starts_with(b"{\"log\":\"") {
        return None;
    }
    let end = closing(line, start, Quote { byte: b'"', level: 0, depth: 0 })?;
    let key = b"\",\"stream\":\"";
    if !line[end..].starts_with(key) {
        return None;
    }
    let stream = end + key.len();
    let stream_end = stream + memchr::memchr(b'"', &line[stream..])?;
    let message = &line[start..end];
    let whole = message.ends_with(b"\\n");
    let length = message.strip_suffix(b"\\n").map_or(message.len(), |m| m.strip_suffix(b"\\r").unwrap_or(m).len());
    Some(Peeled { payload: Span::new(start, start + length), source: Span::new(stream, stream_end), partial: !whole })
}
