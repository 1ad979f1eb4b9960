//! The journal's export format: `FIELD=value` lines; a value that holds control characters or line breaks is written as
//! `FIELD`, a line break, its length in eight bytes (little endian), and so many bytes. An entry begins with its cursor and
//! ends with an empty line (systemd, "Journal Export Format").

use super::Peeled;
use crate::span::Span;
use memchr::{memchr, memmem, memrchr};

/// A field name is at most this long.
const LONGEST_NAME: usize = 64;

/// What an entry begins with.
const CURSOR: &[u8] = b"__CURSOR=";

/// The field that holds what a program wrote.
const MESSAGE: &[u8] = b"MESSAGE=";
/// How far `journalctl -o verbose` indents a field (systemd, journalctl(1)).
const INDENT: &[u8] = b"    ";

/// Takes the name of a message's field off: the fields around are lines of another source.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    let field = line.strip_prefix(INDENT).unwrap_or(line);
    let message = field.strip_prefix(MESSAGE)?;
    let start = line.len() - message.len();
    Some(Peeled::one(Span::new(start, line.len()), Span::new(start - MESSAGE.len(), start - 1), false))
}

/// Is this the name of a source whose messages are fields? Lines between them are other fields, and no part of one.
pub fn is_field(source: &[u8]) -> bool {
    source.ends_with(&MESSAGE[..MESSAGE.len() - 1])
}

/// A field with its length in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Where its name begins.
    pub start: usize,
    /// The bytes; may end behind those that are there.
    pub value: Span,
}

/// The first such field in `text` from `from` on.
pub fn next_field(text: &[u8], from: usize) -> Option<Field> {
    let mut at = from;
    loop {
        // A length below 2^24 ends in five zeros; nearly all logs have none, which is told sooner of one.
        at += memchr(0, &text[at..])?;
        let zeros = at + memmem::find(&text[at..], b"\0\0\0\0\0")?;
        for before in 0..=3 {
            let Some(length) = zeros.checked_sub(before).filter(|length| *length > from) else { continue };
            if let Some(field) = field(text, from, length) {
                return Some(field);
            }
        }
        at = zeros + 1;
    }
}

/// The field whose length stands at `length`.
fn field(text: &[u8], from: usize, length: usize) -> Option<Field> {
    let name_end = length.checked_sub(1).filter(|end| text[*end] == b'\n')?;
    let floor = from.max(name_end.saturating_sub(LONGEST_NAME));
    let start = memrchr(b'\n', &text[floor..name_end]).map_or(floor, |i| floor + i + 1);
    if !is_name(&text[start..name_end]) || start > 0 && text[start - 1] != b'\n' {
        return None;
    }
    let value = value(text, length)?;
    // A line break follows the value.
    (value.end >= text.len() || text[value.end] == b'\n').then_some(Field { start, value })
}

/// The value whose length stands at `length`.
fn value(text: &[u8], length: usize) -> Option<Span> {
    let bytes: [u8; 8] = text.get(length..length + 8)?.try_into().ok()?;
    let count = usize::try_from(u64::from_le_bytes(bytes)).ok()?;
    Some(Span::new(length + 8, length.checked_add(8)?.checked_add(count)?))
}

/// How much of `bytes` holds such fields, and entries that begin in it, as a whole only.
pub fn closed_until(bytes: &[u8]) -> usize {
    let mut from = 0;
    while let Some(field) = next_field(bytes, from) {
        if field.value.end >= bytes.len() {
            return open_entry(bytes).map_or(field.start, |entry| entry.min(field.start));
        }
        from = field.value.end;
    }
    let last = memrchr(b'\n', &bytes[..bytes.len().saturating_sub(1)]).map_or(0, |i| i + 1);
    let name = &bytes[last..];
    let name = &name[..name.iter().take(LONGEST_NAME + 1).take_while(|b| !b"=\n".contains(b)).count()];
    if (from > 0 || is_name(name))
        && let Some(entry) = open_entry(bytes)
    {
        return entry;
    }
    // A name whose length is still to come; a byte of the length may be a line break.
    let mut end = bytes.len();
    for _ in 0..8 {
        let Some(line_end) = memrchr(b'\n', &bytes[from..end]).map(|i| from + i) else { break };
        let start = memrchr(b'\n', &bytes[from..line_end]).map_or(from, |i| from + i + 1);
        if bytes.len() - line_end > 8 {
            break;
        }
        let name = &bytes[start..line_end];
        if is_name(name) {
            if let Some(entry) = open_entry(bytes) {
                return entry;
            }
            if may_have_length(name) {
                return start;
            }
        }
        end = line_end;
    }
    bytes.len()
}

/// Where the entry begins that goes on behind `bytes`.
fn open_entry(bytes: &[u8]) -> Option<usize> {
    let start = memmem::rfind_iter(bytes, CURSOR).find(|at| *at == 0 || bytes[at - 1] == b'\n')?;
    (read_entry(bytes, start, |_, _| ()) == End::Open).then_some(start)
}

/// Where an entry ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Here, behind its empty line.
    At(usize),
    /// Behind what is there.
    Open,
    /// It is none.
    None,
}

/// Calls `each` with the names and values of the entry that begins at `start`.
fn read_entry(text: &[u8], start: usize, mut each: impl FnMut(&[u8], Span)) -> End {
    let mut at = start;
    loop {
        let Some(length) = memchr(b'\n', &text[at..]) else { return End::Open };
        let (line, end) = (&text[at..at + length], at + length);
        if line.is_empty() {
            return End::At(end + 1);
        }
        let equals = memchr(b'=', line).unwrap_or(length);
        if !is_name(&line[..equals]) {
            return End::None;
        }
        if equals < length {
            each(&line[..equals], Span::new(at + equals + 1, end));
            at = end + 1;
            continue;
        }
        let Some(value) = value(text, end + 1).filter(|value| value.end < text.len()) else { return End::Open };
        if text[value.end] != b'\n' {
            return End::None;
        }
        each(line, value);
        at = value.end + 1;
    }
}

/// The first entry in `text` from `from` on, with its empty line; one that does not end goes as far as the text does.
pub fn next_entry(text: &[u8], from: usize) -> Option<Span> {
    memmem::find_iter(&text[from..], CURSOR)
        .map(|at| from + at)
        .filter(|at| *at == from || text[at - 1] == b'\n')
        .find_map(|start| match read_entry(text, start, |_, _| ()) {
            End::At(end) => Some(Span::new(start, end)),
            End::Open => Some(Span::new(start, text.len())),
            End::None => None,
        })
}

/// An entry as one line: the JSON that the journal writes of it.
pub fn as_json(entry: &[u8]) -> Vec<u8> {
    let mut json = b"{".to_vec();
    read_entry(entry, 0, |name, value| {
        if json.len() > 1 {
            json.push(b',');
        }
        json.push(b'"');
        json.extend_from_slice(name);
        json.extend_from_slice(b"\":\"");
        for &byte in &entry[value.range()] {
            match byte {
                b'"' | b'\\' => json.extend_from_slice(&[b'\\', byte]),
                b'\n' => json.extend_from_slice(b"\\n"),
                0..b' ' => json.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
                byte => json.push(byte),
            }
        }
        json.push(b'"');
    });
    json.push(b'}');
    json
}

/// Is this the name of a field?
fn is_name(name: &[u8]) -> bool {
    let fits = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    (1..=LONGEST_NAME).contains(&name.len()) && !name[0].is_ascii_digit() && name.iter().all(fits)
}

/// Is this the name of a field that may be binary, outside of what is known to be an entry? Names that are words of other
/// logs, too, are none.
fn may_have_length(name: &[u8]) -> bool {
    let known =
        name == b"MESSAGE" || [&b"_"[..], b"COREDUMP", b"SYSLOG_RAW"].iter().any(|begin| name.starts_with(begin));
    known && name.len() > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_a_length_are_found() {
        let text = b"A=1\nMESSAGE\n\x05\0\0\0\0\0\0\0ab\ncd\nB=2\n";
        let field = next_field(text, 0).expect("a field");
        assert_eq!((field.start, &text[field.value.range()]), (4, &b"ab\ncd"[..]));
        assert_eq!(next_field(text, field.value.end), None);
        assert_eq!(closed_until(text), text.len());
        assert_eq!(closed_until(&text[..text.len() - 6]), 4);
        assert_eq!(closed_until(&text[..22]), 4);
        assert_eq!(next_field(b"x\0\0\0\0\0\0\0\0\0y\n", 0), None);
        let ten = b"MESSAGE\n\x0a\0\0\0\0\0\0\0abcdefghij\n";
        assert_eq!(next_field(ten, 0).map(|f| f.value.len()), Some(10));
    }

    #[test]
    fn an_entry_is_held_until_it_is_whole() {
        let text =
            b"x\n__CURSOR=1\nFOO\n\x0a\0\0\0\0\0\0\0a\nb=12\n\n\nc\nBAR=\"2\nBAZ\n\x01\0\0\0\0\0\0\0a\n\n__CURSOR=2\n\n";
        let first = next_entry(text, 0).expect("an entry");
        assert_eq!(first.start, 2);
        for end in (3..first.end).filter(|end| text[end - 1] == b'\n') {
            assert_eq!(closed_until(&text[..end]), 2, "{:?}", text[..end].escape_ascii());
        }
        assert_eq!(closed_until(&text[..first.end]), first.end);
        assert_eq!(next_entry(text, first.end), Some(Span::new(first.end, text.len())));
        let json = as_json(&text[first.range()]);
        assert_eq!(json, br#"{"__CURSOR":"1","FOO":"a\nb=12\n\n\nc","BAR":"\"2","BAZ":"a"}"#);
        assert_eq!(next_entry(b"__CURSOR=1\nplain words\n\n", 0), None);
        assert_eq!(closed_until(b"ERROR\n"), 6);
    }
}
