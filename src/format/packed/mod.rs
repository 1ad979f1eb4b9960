//! Text that is spelled as a whole: base64, hexadecimal, an array of bytes. It is judged decoded, and what comes of that
//! is spelled the same way again, so that whoever decodes it finds everything else as it was.
//!
//! `hex` is the simplest member to copy from.

pub mod base64;
mod byte_array;
mod hex;

pub use base64::Tried;

use crate::span::Span;

/// How a text is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packed {
    /// RFC 4648, section 4 or 5.
    Base64 {
        /// With `-` and `_`.
        url: bool,
        /// With `=` at the end, where the length needs it.
        padded: bool,
    },
    /// Two digits a byte.
    Hex {
        /// `A` to `F`.
        upper: bool,
    },
    /// `[112,97,115]`: what journald writes for a message that is no plain text.
    Bytes,
}

/// Fewest bytes of a packed text; a shorter one holds no key and value.
pub const SHORTEST: usize = 16;

impl Packed {
    /// The packed text that begins at `at`, if one does that holds text and nothing else.
    ///
    /// ```
    /// use logmask::{format::packed::Packed, span::Span};
    /// let (span, packed) = Packed::at(b"p=cGFzc3dvcmQ9aHVudGVyMg== n=1", 2).expect("base64 of text");
    /// assert_eq!(span, Span::new(2, 26));
    /// assert_eq!(packed.decode(b"cGFzc3dvcmQ9aHVudGVyMg==").as_deref(), Some(&b"password=hunter2"[..]));
    /// ```
    pub fn at(text: &[u8], at: usize) -> Option<(Span, Packed)> {
        Packed::next(text, at, &mut Tried::default())
    }

    /// The same for one place after the other in a text, no place before the one in front of it.
    pub fn next(text: &[u8], at: usize, tried: &mut Tried) -> Option<(Span, Packed)> {
        match text.get(at)? {
            b'[' => byte_array::at(text, at),
            _ => hex::at(text, at).or_else(|| base64::at(text, at, tried)),
        }
    }

    /// The text that `raw` spells; `None` if it spells none.
    pub fn decode(self, raw: &[u8]) -> Option<Vec<u8>> {
        match self {
            Packed::Base64 { .. } => base64::decode(raw),
            Packed::Hex { .. } => hex::decode(raw),
            Packed::Bytes => byte_array::decode(raw),
        }
    }

    /// Appends `text`, spelled this way.
    pub fn encode(self, text: &[u8], out: &mut Vec<u8>) {
        match self {
            Packed::Base64 { url, padded } => base64::encode(text, url, padded, out),
            Packed::Hex { upper } => hex::encode(text, upper, out),
            Packed::Bytes => byte_array::encode(text, out),
        }
    }
}

/// May base64 or hexadecimal of text begin at `at`, where these eight bytes stand, little-endian? Says no at once for nearly all
/// words: digests, ids and class names do not decode to text.
#[inline(always)]
pub fn may_begin(text: &[u8], at: usize, eight: u64) -> bool {
    // One branch: at ids it cannot be foreseen which byte tells.
    (hex::may_be_text(eight) | base64::may_be_text(eight)) && is_begun(text, at)
}

/// Do the first bytes at `at` decode to text?
#[inline(never)]
fn is_begun(text: &[u8], at: usize) -> bool {
    let Some(head) = text.get(at..at + SHORTEST) else { return false };
    match head[0] {
        b'0' => matches!(head[1], b'x' | b'X') && hex::is_text(&head[hex::SIGN..]),
        b'1'..=b'7' => hex::is_text(head),
        b'C' | b'D' | b'G' | b'I'..=b'Z' | b'a'..=b'f' => base64::is_text(head),
        _ => false,
    }
}

/// A byte of text: printable, a blank, a line break, or what terminal colours begin with.
fn is_plain(byte: u8) -> bool {
    matches!(byte, 0x20..=0x7E | b'\t' | b'\n' | b'\r' | 0x1B)
}

/// UTF-8 without other control characters.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| *b >= 0x80 || is_plain(*b)) && std::str::from_utf8(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As the scan asks.
    fn begins(text: &[u8], at: usize) -> bool {
        let eight = text[at..].iter().take(8).rev().fold(0, |eight, byte| eight << 8 | u64::from(*byte));
        may_begin(text, at, eight)
    }

    #[test]
    fn ids_and_words_are_no_packed_text() {
        for no in [
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "com.example.InternationalizationService",
            "d41d8cd98f00b204e9800998ecf8427e",
            "2024-05-01T12:00:00.000Z",
            "0123456789012345",
            "/usr/share/locale/internationalization",
        ] {
            assert!((0..no.len()).all(|at| !begins(no.as_bytes(), at)), "{no}");
        }
    }

    #[test]
    fn what_is_no_text_hides_none_in_other_runs() {
        // The first word of each run is no UTF-8, the second one is text.
        let runs = "w0FBYWF-cGFzc3dvcmQ9aHVudGVyMiAgYWF-YWFh ".repeat(20);
        let mut tried = Tried::default();
        for run in 0..20 {
            let at = 41 * run;
            assert_eq!(Packed::next(runs.as_bytes(), at, &mut tried), None);
            let (span, _) = Packed::next(runs.as_bytes(), at + 8, &mut tried).expect("it decodes");
            assert_eq!(span, Span::new(at + 8, at + 40));
        }
    }

    proptest! {
        #[test]
        fn what_was_tried_changes_nothing(
            parts in prop::collection::vec(prop::sample::select(vec![
                "eyJhIjoxMjM0NTY3ODkwfQ", "ey5", "eyJ", "cGFzc3dvcmQ9aHVudGVyMg", "w6k", "AAAA", "6Z", "abc", "==", "%", "-", "_", "+", "/", " ",
            ]), 1..15),
        ) {
            let text = parts.concat().into_bytes();
            let mut tried = Tried::default();
            let is_word = |at: usize| text[at].is_ascii_alphanumeric() || text[at] == b'_';
            // So few words cannot be decoded for nothing too often.
            for at in (0..text.len()).filter(|at| is_word(*at) && (*at == 0 || !is_word(*at - 1))) {
                prop_assert_eq!(Packed::next(&text, at, &mut tried), Packed::at(&text, at));
            }
        }

        #[test]
        fn what_is_decoded_is_spelled_the_same_again(text in "[ -~]{12,80}", kind in 0usize..5) {
            let packed = [
                Packed::Base64 { url: false, padded: true },
                Packed::Base64 { url: true, padded: false },
                Packed::Hex { upper: false },
                Packed::Hex { upper: true },
                Packed::Bytes,
            ][kind];
            let mut raw = b"x=".to_vec();
            packed.encode(text.as_bytes(), &mut raw);
            let end = raw.len();
            raw.extend_from_slice(b" y");
            prop_assert!(packed == Packed::Bytes || begins(&raw, 2));
            let (span, found) = Packed::at(&raw, 2).expect("it was just encoded");
            prop_assert_eq!(span, Span::new(2, end));
            let decoded = found.decode(&raw[span.range()]);
            prop_assert_eq!(decoded.as_deref(), Some(text.as_bytes()));
            let mut again = Vec::new();
            found.encode(text.as_bytes(), &mut again);
            prop_assert_eq!(&again[..], &raw[span.range()]);
        }
    }
}
