//! Hexadecimal text: `70617373776f7264`.

use super::{Packed, SHORTEST};
use crate::span::Span;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE, HEXUPPER};

/// The run of digits at `at`.
pub fn at(text: &[u8], at: usize) -> Option<(Span, Packed)> {
    let length = text[at..].iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let raw = &text[at..at + length];
    let alone = text.get(at + length).is_none_or(|b| !b.is_ascii_alphanumeric());
    (length >= SHORTEST && alone && decode(raw).is_some())
        .then(|| (Span::new(at, at + length), Packed::Hex { upper: raw.iter().any(u8::is_ascii_uppercase) }))
}

/// The text, if it is one.
pub fn decode(raw: &[u8]) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(raw).ok().filter(|text| super::is_text(text))
}

/// Appends `text`.
pub fn encode(text: &[u8], upper: bool, out: &mut Vec<u8>) {
    let spelled = if upper { HEXUPPER.encode(text) } else { HEXLOWER.encode(text) };
    out.extend_from_slice(spelled.as_bytes());
}

/// Are these digits of plain text?
pub fn is_text(digits: &[u8]) -> bool {
    digits.chunks_exact(2).all(|pair| {
        let byte = u8::from_str_radix(std::str::from_utf8(pair).unwrap_or_default(), 16);
        pair[0] != b'+' && byte.is_ok_and(super::is_plain)
    })
}
