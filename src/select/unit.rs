//! Lines that are one record for a selection, though no rule needs them together: JSON that is printed over many lines, the
//! pairs of lines of a bulk request (Elasticsearch, "Bulk API"), and those of java.util.logging, whose first one has the time
//! and whose second one the level (docs.oracle.com, `SimpleFormatter`), and entries that the journal prints with all fields. Behind an envelope, printed JSON goes as far as the
//! lines of its source do.

use super::verbose;
use crate::format::{Peeled, peel};
use memchr::memchr;

/// Most lines of one record.
pub(super) const LINES: usize = 1024;

/// What a record that begins here is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A line.
    Line,
    /// So many bytes, which are whole lines.
    Bytes(usize),
    /// So many, and what may follow.
    More(usize),
    /// Lines that do not end in the text.
    Open,
}

/// What begins with the first line of `text`. Says no at the first or last byte of nearly all lines.
pub fn unit(text: &[u8]) -> Unit {
    let Some(first) = memchr(b'\n', text).map(|at| at + 1) else { return Unit::Line };
    if is_java(&text[..first]) {
        return match text.get(first) {
            None => Unit::Open,
            Some(b'A'..=b'Z') => Unit::Bytes(first + line_length(&text[first..])),
            Some(_) => Unit::Line,
        };
    }
    if text[0] != b'{' {
        return verbose::unit(text, first).unwrap_or_else(|| behind_envelope(text, first));
    }
    let line = text[..first].trim_ascii_end();
    if is_action(line) {
        return match text.get(first) {
            None => Unit::Open,
            Some(b'{') => Unit::Bytes(first + line_length(&text[first..])),
            Some(_) => Unit::Line,
        };
    }
    if !matches!(line.last(), Some(b'{' | b'[' | b',')) {
        return Unit::Line;
    }
    let mut at = first;
    for _ in 0..LINES {
        match text.get(at) {
            None => return Unit::Open,
            Some(b'}') => return Unit::Bytes(at + line_length(&text[at..])),
            Some(b'{' | b'\n') => return Unit::Line,
            Some(_) => at += line_length(&text[at..]),
        }
    }
    Unit::Line
}

/// What begins with the first line of `text`, `first` bytes, if an envelope is around each of its lines.
fn behind_envelope(text: &[u8], first: usize) -> Unit {
    let line = text[..first].trim_ascii_end();
    if !matches!(line.last(), Some(b'{' | b'[')) {
        return Unit::Line;
    }
    let Some(head) = enveloped(line).filter(|head| line.get(head.payload.start) == Some(&b'{')) else {
        return Unit::Line;
    };
    let mut at = first;
    for _ in 0..LINES {
        let length = line_length(&text[at..]);
        if length == 0 {
            return Unit::Open;
        }
        let own = text[at..at + length].trim_ascii_end();
        let same = enveloped(own).filter(|peeled| peeled.name(own) == head.name(line));
        match same.map(|peeled| own.get(peeled.payload.start)) {
            Some(Some(b'}')) => return Unit::Bytes(at + length),
            Some(Some(b' ' | b'\t' | b']')) => at += length,
            _ => return Unit::Line,
        }
    }
    Unit::Line
}

/// The envelope in front of `line`, if it has one, and nothing behind its message.
fn enveloped(line: &[u8]) -> Option<Peeled> {
    let peeled = peel(line);
    (peeled.payload.start > 0 && peeled.payload.end == line.len()).then_some(peeled)
}

/// How much of the lines in `bytes` holds such records as a whole only.
pub fn closed_until(bytes: &[u8]) -> usize {
    let mut at = 0;
    while at < bytes.len() {
        at += match unit(&bytes[at..]) {
            Unit::Line => line_length(&bytes[at..]),
            Unit::Bytes(length) => length,
            Unit::More(_) | Unit::Open => return at,
        };
    }
    at
}

/// The record in one line, behind the envelope of its first one.
pub fn in_one_line(record: &[u8]) -> Vec<u8> {
    if let Some(entry) = verbose::in_one_line(record) {
        return entry;
    }
    if record.first() != Some(&b'{') && !is_java(record) && matches!(unit(record), Unit::Bytes(_)) {
        let mut whole = Vec::with_capacity(record.len());
        for line in record.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
            let start = if whole.is_empty() { 0 } else { peel(line.trim_ascii_end()).payload.start };
            whole.extend_from_slice(line[start..].trim_ascii_end());
        }
        return whole;
    }
    record.trim_ascii_end().iter().map(|b| if matches!(b, b'\n' | b'\r') { b' ' } else { *b }).collect()
}

/// Does `line` begin as the first one of java.util.logging does, `Nov 28, 2026 9:10:16 AM `?
fn is_java(line: &[u8]) -> bool {
    const LIKE: &[u8] = b"aaa 0, 0000 0:00:00 aa ";
    // Days and hours have one digit or two.
    const LONGER: [usize; 2] = [4, 12];
    let mut at = 0;
    for (place, like) in LIKE.iter().enumerate() {
        let fits = |at: usize| {
            line.get(at).is_some_and(|byte| match like {
                b'0' => byte.is_ascii_digit(),
                b'a' => byte.is_ascii_alphabetic(),
                other => byte == other,
            })
        };
        if !fits(at) {
            return false;
        }
        at += 1 + usize::from(LONGER.contains(&place) && fits(at + 1));
    }
    true
}

pub(super) fn line_length(text: &[u8]) -> usize {
    memchr(b'\n', text).map_or(text.len(), |at| at + 1)
}

/// `{"index":{…}}` and kin, which have a document in the next line; `delete` has none.
fn is_action(line: &[u8]) -> bool {
    let name = line[1..].trim_ascii_start();
    [&b"\"index\""[..], b"\"create\"", b"\"update\""]
        .iter()
        .filter_map(|action| name.strip_prefix(*action)?.trim_ascii_start().strip_prefix(b":"))
        .any(|rest| {
            let inside = rest.trim_ascii_start().strip_prefix(b"{");
            // Nothing stands behind it.
            inside.and_then(|inside| Some(inside[memchr(b'}', inside)? + 1..].trim_ascii() == b"}")).unwrap_or(false)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_one_record_are_told() {
        let cases: &[(&str, Unit)] = &[
            ("a\n", Unit::Line),
            ("{\"a\":1}\nb\n", Unit::Line),
            ("{\n  \"a\": [\n    1\n  ]\n}\nb\n", Unit::Bytes(23)),
            ("{\"a\": {\r\n  \"b\": 1}\r\n}\r\n", Unit::Bytes(23)),
            ("{\n  \"a\": 1\n", Unit::Open),
            ("{\n{\n", Unit::Line),
            ("{\"index\":{\"_index\":\"x\"}}\n", Unit::Open),
            ("{ \"create\" : {} }\n{\"a\":1}\nb\n", Unit::Bytes(26)),
            ("{\"update\":{}}\nplain\n", Unit::Line),
            ("{\"delete\":{}}\n{\"a\":1}\n", Unit::Line),
            ("[pod/a/b] {\n[pod/a/b]   \"a\": 1\n[pod/a/b] }\nb\n", Unit::Bytes(43)),
            ("[pod/a/b] {\n[pod/c/d]   \"a\": 1\n[pod/a/b] }\nb\n", Unit::Line),
            ("[pod/a/b] {\n[pod/a/b]   \"a\": 1\n", Unit::Open),
            ("2026-03-02T10:00:00Z stdout F x {\n2026-03-02T10:00:00Z stdout F }\n", Unit::Line),
            ("{\"index\":{},\"level\":\"error\"}\n{\"a\":1}\n", Unit::Line),
            ("Nov 8, 2026 12:10:16 AM a.B c\nINFO: x\ny\n", Unit::Bytes(38)),
            ("Nov 28, 2026 9:10:16 AM a.B c\n", Unit::Open),
            ("Nov 28, 2026 9:10:16 AM a.B c\n\tx\n", Unit::Line),
            ("Nov 28, 2026 at 9:10 in x\nINFO: x\n", Unit::Line),
        ];
        for (text, expected) in cases {
            assert_eq!(unit(text.as_bytes()), *expected, "{text}");
        }
        assert_eq!(closed_until(b"a\n{\n  \"a\": 1\n"), 2);
        assert_eq!(in_one_line(b"[pod/a/b] {\n[pod/a/b]   \"a\": 1\n[pod/a/b] }\n"), b"[pod/a/b] {  \"a\": 1}");
        assert_eq!(in_one_line(b"{\r\n  \"a\": 1\n}\n"), b"{    \"a\": 1 }");
    }
}
