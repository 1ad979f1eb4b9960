//! `[112,97,115,115]`: how journald's JSON writes a field that holds control characters or is no UTF-8
//! (systemd, "Journal JSON Format").

use super::Packed;
use crate::span::Span;

/// The array at `at`, of four bytes or more.
pub fn at(text: &[u8], at: usize) -> Option<(Span, Packed)> {
    let inside = text[at + 1..].iter().take_while(|b| b.is_ascii_digit() || b", ".contains(b)).count();
    let span = Span::new(at, at + inside + 2);
    (text.get(span.end - 1) == Some(&b']') && decode(&text[span.range()])?.len() >= 4).then_some((span, Packed::Bytes))
}

/// The bytes.
pub fn decode(raw: &[u8]) -> Option<Vec<u8>> {
    let inside = std::str::from_utf8(raw.strip_prefix(b"[")?.strip_suffix(b"]")?).ok()?;
    inside.split(',').map(|number| number.trim_matches(' ').parse().ok()).collect()
}

/// Appends `text`, without blanks, as journald does.
pub fn encode(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'[');
    for (at, byte) in text.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(byte.to_string().as_bytes());
    }
    out.push(b']');
}
