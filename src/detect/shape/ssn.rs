//! US social security numbers, dashed.

use super::boundary::glued;
use crate::span::Span;
use crate::validate;

/// `AAA-GG-SSSS` from the digit at `at`, if it can have been issued. Its rule asks for a word nearby: the form alone is
/// that of many part numbers.
pub fn find(text: &[u8], at: usize) -> Option<Span> {
    let span = Span::new(at, at + 11);
    let alone = !glued(text, at)
        && !matches!(text[..at].last(), Some(b'-' | b'.'))
        && !text.get(span.end).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let dashed = text.get(span.range()).filter(|run| run[3] == b'-')?;
    (alone && validate::ssn::holds(dashed)).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{finds_where, stays_linear_where};
    use super::*;

    fn digit(text: &[u8], at: usize) -> bool {
        text[at].is_ascii_digit()
    }

    #[test]
    fn finds_dashed_numbers_only() {
        for (text, found) in [
            ("ssn 123-45-6789.", "123-45-6789"),
            ("<SSN>123-45-6789</SSN>", "123-45-6789"),
            ("\\n123-45-6789", "123-45-6789"),
            ("123 45 6789", ""),
            ("123456789", ""),
            ("0123-45-6789", ""),
            ("123-45-67890", ""),
            ("1-123-45-6789", ""),
            ("123-45-6789-0", ""),
            ("000-45-6789", ""),
            ("666-45-6789", ""),
            ("900-45-6789", ""),
            ("123-00-6789", ""),
            ("123-45-0000", ""),
            ("x123-45-6789", ""),
            ("123-45-678", ""),
            ("1", ""),
        ] {
            assert_eq!(finds_where(find, digit, text), found, "{text:?}");
        }
    }

    #[test]
    fn a_repeated_fragment_costs_linear_time() {
        for fragment in ["123-45-", "1", "123-45-6789 "] {
            stays_linear_where(find, digit, fragment);
        }
    }
}
