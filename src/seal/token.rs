//! How a sealed value looks: `lm1~<class>~<run>~<base64url>~`.
//!
//! Only unreserved characters of RFC 3986, so encoders of JSON, URLs, XML, CSV, HTML and shells leave it alone, and none of
//! its parts has a tilde. Whatever looks like this may still have been written by anybody: only a key tells.

use crate::span::Span;
use data_encoding::BASE64URL_NOPAD;
use memchr::memmem;
use std::sync::LazyLock;

/// What each token begins with; the version of the format.
pub const PREFIX: &[u8] = b"lm1~";

/// Characters of the name of a run.
pub const RUN: usize = 10;

/// What the name of a run is made of.
pub const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Longest name of a class, in bytes.
pub const LONGEST_CLASS: usize = 128;

/// Longest name of a run that is read, in bytes.
const LONGEST_RUN: usize = 32;

/// Least bytes of what is encoded: the synthetic IV and one block.
const LEAST: usize = 32;

static FINDER: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(PREFIX));

/// What looks like a sealed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// Class of the value.
    pub class: &'t str,
    /// Run that sealed it.
    pub run: &'t str,
    /// In base64url: synthetic IV and ciphertext.
    pub payload: &'t [u8],
    /// Where it stands.
    pub span: Span,
}

/// The first token in `text` that begins at `from` or behind it.
///
/// ```
/// use logmask::seal::token;
/// let text = format!("user=lm1~pii.email~r7q2zk~{}~ ok", "A".repeat(43));
/// let token = token::next(text.as_bytes(), 0).unwrap();
/// assert_eq!((token.class, token.run, token.span.start), ("pii.email", "r7q2zk", 5));
/// assert!(token::next(b"user=lm1~pii.email~r7q2zk~hunter2~", 0).is_none());
/// ```
pub fn next(text: &[u8], from: usize) -> Option<Token<'_>> {
    let mut from = from;
    loop {
        let start = from + FINDER.find(text.get(from..)?)?;
        if let Some(token) = at(text, start) {
            return Some(token);
        }
        from = start + PREFIX.len();
    }
}

/// Whether something in `text` may be a token.
pub fn may_be_in(text: &[u8]) -> bool {
    FINDER.find(text).is_some()
}

/// How many places in `text` have the frame of a token, `lm1~…~…~…~`, and are none: too short, or with one byte in them that
/// no token has. With more than one it is something else.
///
/// ```
/// use logmask::seal::token;
/// assert_eq!(token::changed(b"user=lm1~pii.email~r7q2zk~hunter2~ ok"), 1);
/// assert_eq!(token::changed(b"lm1~ and lm1~x~ lm1~a~b~ and c~d~"), 0);
/// ```
pub fn changed(text: &[u8]) -> u64 {
    let (mut from, mut count) = (0, 0);
    while let Some(found) = text.get(from..).and_then(|rest| FINDER.find(rest)) {
        let start = from + found;
        from = match (at(text, start), frame(text, start)) {
            (Some(token), _) => token.span.end,
            (None, Some(end)) => {
                count += 1;
                end
            }
            (None, None) => start + PREFIX.len(),
        };
    }
    count
}

/// Where the frame of a token ends that begins at `start`.
fn frame(text: &[u8], start: usize) -> Option<usize> {
    let (mut end, mut foreign) = (start + PREFIX.len(), 0);
    for longest in [LONGEST_CLASS, LONGEST_RUN, usize::MAX] {
        let mut length = 0;
        loop {
            match text.get(end + length)? {
                b'~' => break,
                byte if byte.is_ascii_lowercase() || byte.is_ascii_digit() => {}
                b'.' | b'-' if longest == LONGEST_CLASS => {}
                byte if longest == usize::MAX && (byte.is_ascii_uppercase() || b"-_".contains(byte)) => {}
                _ => foreign += 1,
            }
            length += 1;
            if foreign > 1 || length > longest {
                return None;
            }
        }
        if length == 0 {
            return None;
        }
        end += length + 1;
    }
    // Of two beginnings the first one has no end.
    FINDER.find(&text[start + PREFIX.len()..end]).is_none().then_some(end)
}

/// Is all of `text` tokens, one or more?
pub fn are_tokens(text: &[u8]) -> bool {
    let mut end = 0;
    while let Some(token) = at(text, end) {
        end = token.span.end;
    }
    end > 0 && end == text.len()
}

/// The token that all of `text` is.
pub fn whole(text: &[u8]) -> Option<Token<'_>> {
    at(text, 0).filter(|token| token.span.end == text.len())
}

/// The token that begins at `start`.
fn at(text: &[u8], start: usize) -> Option<Token<'_>> {
    let rest = text.get(start..)?.strip_prefix(PREFIX)?;
    let (class, behind) = part(rest, LONGEST_CLASS, |b| b == b'.' || b == b'-')?;
    let (run, behind) = part(behind, LONGEST_RUN, |_| false)?;
    let length = behind
        .iter()
        .position(|&b| !(b.is_ascii_alphanumeric() || b == b'-' || b == b'_'))
        .filter(|&end| behind[end] == b'~')?;
    let payload = &behind[..length];
    let bytes = BASE64URL_NOPAD.decode_len(length).ok().filter(|bytes| *bytes >= LEAST && bytes % 16 == 0)?;
    // Two spellings of the same bytes would be two tokens: bits of the last character that count for nothing are zero.
    let tail = length / 4 * 4;
    BASE64URL_NOPAD.decode_mut(&payload[tail..], &mut [0; 3][..bytes - tail / 4 * 3]).ok()?;
    let end = text.len() - behind.len() + length + 1;
    Some(Token { class, run, payload, span: Span::new(start, end) })
}

/// The word in front of the next tilde, and what is behind that.
fn part(text: &[u8], longest: usize, also: impl Fn(u8) -> bool) -> Option<(&str, &[u8])> {
    let length = memchr::memchr(b'~', &text[..text.len().min(longest + 1)]).filter(|length| *length > 0)?;
    let (word, behind) = text.split_at(length);
    let fits = word.iter().all(|&b| b.is_ascii_lowercase() || b.is_ascii_digit() || also(b));
    let word = std::str::from_utf8(word).ok().filter(|_| fits)?;
    Some((word, &behind[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> String {
        format!("lm1~pii.email~r7q2zkaaaa~{}~", "A".repeat(43))
    }

    #[test]
    fn only_what_can_be_one_is_a_token() {
        assert!(are_tokens(good().as_bytes()));
        assert!(are_tokens(format!("{0}{0}", good()).as_bytes()));
        let long = |count| format!("lm1~a.b~r~{}~", "A".repeat(count));
        for length in 0..200 {
            // 16 bytes and whole blocks: 32, 48, 64 … bytes.
            let fits = [43, 64, 86, 107, 128, 150, 171, 192].contains(&length);
            assert_eq!(are_tokens(long(length).as_bytes()), fits, "{length}");
        }
        for (wrong, what) in [
            (good().replace("lm1", "lm2"), "version"),
            (good().replace("pii.email", "PII.email"), "upper case"),
            (good().replace("pii.email", ""), "no class"),
            (good().replace("r7q2zkaaaa", ""), "no run"),
            (good().replace("r7q2zkaaaa", "../../x"), "a path"),
            (good().replace("AAAAA~", "AAAAB~"), "loose bits"),
            (good().replace("AAAAA~", "AAAA=~"), "padding"),
            (good().replace("AAAAA~", "AAAA+~"), "another alphabet"),
            (good().trim_end_matches('~').to_owned(), "no end"),
            (good() + "x", "more behind it"),
            ("x".to_owned() + &good(), "more before it"),
            (String::new(), "nothing"),
        ] {
            assert!(!are_tokens(wrong.as_bytes()), "{what}");
        }
    }

    #[test]
    fn tokens_are_found_between_what_only_looks_like_them() {
        let text = format!("lm1~lm1~x~lm1~pii.email~lm1~{}lm1~{}~{0}", good(), "A".repeat(43));
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(token) = next(text.as_bytes(), from) {
            found.push(token.span);
            from = token.span.end;
        }
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|span| text[span.range()] == good()));
    }
}
