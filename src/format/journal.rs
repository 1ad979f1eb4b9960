//! The journal's export format: `FIELD=value` lines; a value that holds control characters or line breaks is written as
//! `FIELD`, a line break, its length in eight bytes (little endian), and so many bytes (systemd, "Journal Export Format").

use crate::span::Span;
use memchr::{memchr, memmem, memrchr};

/// A field name is at most this long.
const LONGEST_NAME: usize = 64;

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
    if !may_have_length(&text[start..name_end]) || start > 0 && text[start - 1] != b'\n' {
        return None;
    }
    let bytes: [u8; 8] = text.get(length..length + 8)?.try_into().ok()?;
    let count = usize::try_from(u64::from_le_bytes(bytes)).ok()?;
    let value = Span::new(length + 8, length.checked_add(8)?.checked_add(count)?);
    // A line break follows the value.
    (value.end >= text.len() || text[value.end] == b'\n').then_some(Field { start, value })
}

/// How much of `bytes` holds such fields as a whole only.
pub fn closed_until(bytes: &[u8]) -> usize {
    let mut from = 0;
    while let Some(field) = next_field(bytes, from) {
        if field.value.end >= bytes.len() {
            return field.start;
        }
        from = field.value.end;
    }
    // A name whose length is still to come; a byte of the length may be a line break.
    let mut end = bytes.len();
    for _ in 0..8 {
        let Some(line_end) = memrchr(b'\n', &bytes[from..end]).map(|i| from + i) else { break };
        let start = memrchr(b'\n', &bytes[from..line_end]).map_or(from, |i| from + i + 1);
        if bytes.len() - line_end > 8 {
            break;
        }
        if may_have_length(&bytes[start..line_end]) {
            return start;
        }
        end = line_end;
    }
    bytes.len()
}

/// Is this the name of a field that may be binary? Names that are words of other logs, too, are none.
fn may_have_length(name: &[u8]) -> bool {
    let known =
        name == b"MESSAGE" || [&b"_"[..], b"COREDUMP", b"SYSLOG_RAW"].iter().any(|begin| name.starts_with(begin));
    known && name.len() > 2 && name.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
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
}
