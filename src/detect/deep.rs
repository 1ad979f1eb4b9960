//! JSON in strings in strings: what lies deeper than is looked into is hidden with the string around it.

use crate::format::DEPTH;
use crate::format::quote::{closing, quote_at};
use crate::slashes;
use crate::span::Span;

/// Backslashes before the quotes of the first level that is not looked into.
const BEYOND: usize = (1 << (DEPTH + 1)) - 1;

/// Does the separator at `at` follow a key in quotes of such a level?
pub fn is_beyond(text: &[u8], at: usize) -> bool {
    let blanks = text[..at].iter().rev().take(8).take_while(|b| **b == b' ').count();
    let Some(quote) = (at - blanks).checked_sub(1).filter(|quote| *quote >= BEYOND && text[*quote] == b'"') else {
        return false;
    };
    text[quote - 1] == b'\\' && slashes::trailing(&text[quote - BEYOND..quote]) == BEYOND
}

/// The inside of the innermost string round `at` that is looked into.
pub fn outermost(text: &[u8], at: usize) -> Span {
    let mut end = at;
    while let Some(found) = memchr::memrchr(b'"', &text[..end]) {
        let slashes = slashes::trailing(&text[found.saturating_sub(BEYOND)..found]);
        if slashes < BEYOND {
            let close = closing(text, found + 1, quote_at(text, found)).unwrap_or(text.len());
            return Span::new(found + 1, close.max(at));
        }
        end = found - slashes;
    }
    Span::new(0, text.len())
}
