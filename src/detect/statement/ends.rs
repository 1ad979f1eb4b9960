//! Where parts of a statement end.

use super::sql;
use crate::slashes;
use memchr::memchr_iter;

/// Where the expressions of a `SELECT` end: in front of `FROM`, or of the next statement.
pub(super) fn table_begins(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'\'' | b'"' | b'`' => at = sql::string_close(text, at, text.len())?,
            b';' => return Some(at),
            b' ' if text[at..].get(..6).is_some_and(|word| word.eq_ignore_ascii_case(b" FROM ")) => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where the quote stands that ends a string; a doubled one belongs to it, and one behind a backslash.
pub(super) fn string_end(text: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut after = from;
    for close in memchr_iter(quote, &text[from..]).map(|i| from + i) {
        if close < after {
            continue;
        }
        let slashes = slashes::trailing(&text[from..close]);
        if text.get(close + 1) == Some(&quote) {
            after = close + 2;
        } else if slashes.is_multiple_of(2) {
            return Some(close);
        }
    }
    None
}
