//! Hexadecimal text: `70617373776f7264`, `0x70617373776f7264`.

use super::{Packed, SHORTEST};
use crate::span::Span;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE, HEXUPPER};

/// Length of what programs write in front of such digits, `0x`.
pub const SIGN: usize = 2;

/// The run of digits at `at`, or behind the sign there.
pub fn at(text: &[u8], at: usize) -> Option<(Span, Packed)> {
    let at = at + if matches!(text[at..], [b'0', b'x' | b'X', ..]) { SIGN } else { 0 };
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

/// May these be digits of text, little-endian? Without a branch: each of the four bytes is below 128.
#[inline(always)]
pub fn may_be_text(eight: u64) -> bool {
    const HIGH: u64 = 0x00FF_00FF_00FF_00FF;
    eight & HIGH & !(HIGH & 0x0707_0707_0707_0707) == HIGH & 0x3030_3030_3030_3030
}

/// Are these digits of plain text?
#[inline]
pub fn is_text(digits: &[u8]) -> bool {
    digits.chunks_exact(2).all(|pair| {
        let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
        (high | low) < 16 && super::is_plain(high << 4 | low)
    })
}

/// The value of each digit; 16 for what is none.
const VALUES: [u8; 256] = {
    let mut values = [16; 256];
    let mut value = 0;
    while value < 16 {
        values[b"0123456789abcdef"[value] as usize] = value as u8;
        values[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    values
};
