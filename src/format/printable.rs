//! Quoted-printable: `=40` for a byte, and `=` at the end of a line for a line that goes on (RFC 2045, section 6.7); `Q` words
//! in headers, `=?utf-8?Q?jo=40acme.io?=` (RFC 2047, section 4.2).
//!
//! `id=42` is no such byte, so only a text that says so is read this way.

/// What a text has in it that is written so.
pub const SIGNS: [&[u8]; 9] = [
    b"quoted-printable",
    b"Quoted-Printable",
    b"QUOTED-PRINTABLE",
    b"UTF-8?Q?",
    b"utf-8?Q?",
    b"UTF-8?q?",
    b"utf-8?q?",
    b"ISO-8859-1?Q?",
    b"iso-8859-1?Q?",
];

/// Does one of [`SIGNS`] begin here?
pub fn begins(text: &[u8]) -> bool {
    SIGNS.iter().any(|sign| text.starts_with(sign))
}

/// Has `text` one of [`SIGNS`] in it?
pub fn is_said(text: &[u8]) -> bool {
    SIGNS.iter().any(|sign| memchr::memmem::find(text, sign).is_some())
}

/// What stands at an `=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printable {
    /// `=40`
    Byte(u8),
    /// The end of a line that goes on, and its length.
    Break(usize),
}

/// What the `=` stands for that `text` begins with. A line break may be spelled out, with any number of backslashes.
pub fn read(text: &[u8]) -> Option<Printable> {
    let digit = |at: usize| match text.get(at)? {
        byte @ b'0'..=b'9' => Some(byte - b'0'),
        byte @ b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    };
    if let (Some(high), Some(low)) = (digit(1), digit(2)) {
        return Some(Printable::Byte(high << 4 | low));
    }
    let spelled = |from: usize, letter: u8, byte: u8| {
        let slashes = text[from..].iter().take(512).take_while(|b| **b == b'\\').count();
        match text.get(from + slashes) {
            Some(found) if *found == letter && slashes > 0 || *found == byte && slashes == 0 => slashes + 1,
            _ => 0,
        }
    };
    let carriage = spelled(1, b'r', b'\r');
    let feed = spelled(1 + carriage, b'n', b'\n');
    (feed > 0).then_some(Printable::Break(1 + carriage + feed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_equals_sign_stands_for_a_byte_or_a_break() {
        for (text, found) in [
            ("=40x", Some(Printable::Byte(0x40))),
            ("=C3=A9", Some(Printable::Byte(0xC3))),
            (r"=\r\nx", Some(Printable::Break(5))),
            (r"=\\nx", Some(Printable::Break(4))),
            ("=\nx", Some(Printable::Break(2))),
            ("=4", None),
            ("=c3", None),
            (r"=\tx", None),
            ("=", None),
        ] {
            assert_eq!(read(text.as_bytes()), found, "{text}");
        }
    }
}
