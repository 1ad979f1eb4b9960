//! Base64 of text, standard or URL-safe, with padding or without: RFC 4648.

use super::{Packed, SHORTEST};
use crate::span::Span;
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, Encoding};

/// The token at `at`.
pub fn at(text: &[u8], at: usize) -> Option<(Span, Packed)> {
    let run = |fits: fn(&u8) -> bool| text[at..].iter().take_while(|b| fits(b)).count();
    let plain = run(u8::is_ascii_alphanumeric);
    // A path or a list may go on behind the token: then it ends where the letters do.
    let longer = match text.get(at + plain) {
        Some(b'-' | b'_') => run(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')),
        Some(b'+' | b'/') => run(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')),
        _ => plain,
    };
    [longer, plain].into_iter().find_map(|length| {
        let end = at + length;
        let padding = text[end..].iter().take(2).take_while(|b| **b == b'=').count();
        let padding = if (length + padding).is_multiple_of(4) { padding } else { 0 };
        let span = Span::new(at, end + padding);
        let raw = &text[span.range()];
        decode(raw).filter(|_| length >= SHORTEST)?;
        let url = raw.iter().any(|b| matches!(b, b'-' | b'_'));
        Some((span, Packed::Base64 { url, padded: length.is_multiple_of(4) || padding > 0 }))
    })
}

/// The text, if it is one.
pub fn decode(raw: &[u8]) -> Option<Vec<u8>> {
    let bare = &raw[..raw.len() - raw.iter().rev().take_while(|b| **b == b'=').count()];
    let url = bare.iter().any(|b| matches!(b, b'-' | b'_'));
    let encoding = if url { BASE64URL_NOPAD } else { BASE64_NOPAD };
    encoding.decode(bare).ok().filter(|text| super::is_text(text))
}

/// Appends `text`.
pub fn encode(text: &[u8], url: bool, padded: bool, out: &mut Vec<u8>) {
    let encoding: Encoding = match (url, padded) {
        (false, true) => BASE64,
        (false, false) => BASE64_NOPAD,
        (true, true) => BASE64URL,
        (true, false) => BASE64URL_NOPAD,
    };
    out.extend_from_slice(encoding.encode(text).as_bytes());
}

/// May these characters spell text? Looks at the first four, without a branch: each of the three bytes is below 128.
#[inline(always)]
pub fn may_be_text(characters: &[u8]) -> bool {
    let value = |at: usize| VALUES[usize::from(characters[at])];
    let (a, b, c, d) = (value(0), value(1), value(2), value(3));
    (a | b | c | d) & 64 | a & 0x20 | b & 0x08 | c & 0x02 == 0
}

/// Do these characters, a multiple of four, spell plain text?
#[inline]
pub fn is_text(characters: &[u8]) -> bool {
    characters.chunks_exact(4).all(|four| {
        let value = |at: usize| VALUES[usize::from(four[at])];
        let (a, b, c, d) = (value(0), value(1), value(2), value(3));
        (a | b | c | d) < 64
            && super::is_plain(a << 2 | b >> 4)
            && super::is_plain(b << 4 | c >> 2)
            && super::is_plain(c << 6 | d)
    })
}

/// The value of each character, standard or URL-safe; 64 for what is none.
const VALUES: [u8; 256] = {
    let mut values = [64; 256];
    let mut value = 0;
    while value < 64 {
        let character = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[value];
        values[character as usize] = value as u8;
        value += 1;
    }
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    values
};
