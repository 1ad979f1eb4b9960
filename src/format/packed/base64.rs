//! Base64 of text, standard or URL-safe, with padding or without: RFC 4648.

use super::{Packed, SHORTEST};
use crate::span::Span;
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, Encoding};

/// What is known of runs that spell no text, so that each is looked at once, however many words begin in it: for each alphabet
/// and each place in a group of four characters, in front of where no text begins; and where the run ends that was decoded for
/// nothing, and how often.
#[derive(Debug, Default)]
pub struct Tried {
    nothing_before: [[usize; 4]; 2],
    decoded: (usize, usize),
}

/// So many texts in one run may turn out to be no UTF-8, before none is looked for in the rest of it.
const MOST_DECODED: usize = 16;

/// The token at `at`, which is no lower than in the call before with this `tried`.
pub fn at(text: &[u8], at: usize, tried: &mut Tried) -> Option<(Span, Packed)> {
    let plain = text[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    // A path or a list may go on behind the token: then it ends where the letters do.
    let longer = match text.get(at + plain) {
        Some(b'-' | b'_') => longer(text, at, true, tried),
        Some(b'+' | b'/') => longer(text, at, false, tried),
        _ => None,
    };
    longer.or_else(|| token(text, Span::new(at, at + plain)))
}

/// The token at `at` that goes on behind letters and digits.
fn longer(text: &[u8], at: usize, url: bool, tried: &mut Tried) -> Option<(Span, Packed)> {
    let place = at % 4;
    if at < tried.nothing_before[usize::from(url)][place] {
        return None;
    }
    let fits =
        |b: &u8| b.is_ascii_alphanumeric() || if url { matches!(b, b'-' | b'_') } else { matches!(b, b'+' | b'/') };
    let spells =
        |four: &&[u8]| four.iter().all(fits) && decoded(four).iter().all(|b| *b >= 0x80 || super::is_plain(*b));
    let groups = text[at..].chunks_exact(4).take_while(spells).count();
    let rest = &text[at + 4 * groups..];
    let more = rest.iter().take(4).take_while(|b| fits(b)).count();
    let mut nothing_before = at + 4 * groups + more;
    if more < 4 {
        // All of it may be text.
        if let Some(token) = token(text, Span::new(at, nothing_before)) {
            return Some(token);
        }
        let (run, times) = tried.decoded;
        tried.decoded = (nothing_before, if run == nothing_before { times + 1 } else { 1 });
        if tried.decoded.1 < MOST_DECODED {
            nothing_before = at + 1;
        }
    }
    tried.nothing_before[usize::from(url)][place] = nothing_before;
    None
}

/// The token of these characters, and of the padding behind them.
fn token(text: &[u8], span: Span) -> Option<(Span, Packed)> {
    let length = span.len();
    let padding = text[span.end..].iter().take(2).take_while(|b| **b == b'=').count();
    let padding = if (length + padding).is_multiple_of(4) { padding } else { 0 };
    let span = Span::new(span.start, span.end + padding);
    let raw = &text[span.range()];
    (length >= SHORTEST && decode(raw).is_some()).then(|| {
        let url = raw.iter().any(|b| matches!(b, b'-' | b'_'));
        (span, Packed::Base64 { url, padded: length.is_multiple_of(4) || padding > 0 })
    })
}

/// The three bytes of four characters.
fn decoded(four: &[u8]) -> [u8; 3] {
    let value = |at: usize| VALUES[usize::from(four[at])];
    let (a, b, c, d) = (value(0), value(1), value(2), value(3));
    [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]
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

/// May these characters spell text, little-endian? Looks at the first four, without a branch: each of the three bytes is below
/// 128.
#[inline(always)]
pub fn may_be_text(eight: u64) -> bool {
    let value = |at: usize| VALUES[(eight >> (8 * at) & 0xFF) as usize];
    let (a, b, c, d) = (value(0), value(1), value(2), value(3));
    (a | b | c | d) & 64 | a & 0x20 | b & 0x08 | c & 0x02 == 0
}

/// Do these characters, a multiple of four, spell plain text?
#[inline]
pub fn is_text(characters: &[u8]) -> bool {
    characters
        .chunks_exact(4)
        .all(|four| four.iter().all(|b| VALUES[usize::from(*b)] < 64) && decoded(four).into_iter().all(super::is_plain))
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
