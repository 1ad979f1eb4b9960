//! Listed secrets in a record, and what goes with them so that the record stays what it is.

use super::claim::{Claim, Sink};
use crate::format::json;
use crate::format::quote::Quote;
use crate::listed::Literals;
use crate::span::{RuleIx, Span};
use memchr::memmem;

/// Claims what stands for one of `listed` round the window at `at`.
pub fn at(listed: &Literals, rule: RuleIx, text: &[u8], at: usize, sink: &mut Sink<'_>) {
    let mut found = Vec::new();
    sink.work += listed.at(text, at, |span| found.push(span));
    for span in found {
        if let Some((span, quote)) = whole(text, span, &|text| sink.is_marker(text)) {
            sink.claim(Claim { rule, span, quote, field: span });
        }
    }
}

/// What goes where `span` stands for a secret: itself, or all of the bare JSON value that it is a part of, with the quotes
/// for a marker. `None` where it is a part of a marker: a listed `password` is no reason to change `REDACTED-password`.
pub fn whole(text: &[u8], span: Span, is_marker: &dyn Fn(&[u8]) -> bool) -> Option<(Span, Option<Quote>)> {
    if is_in_marker(text, span, is_marker) {
        return None;
    }
    let bare = |b: &&u8| b.is_ascii_alphanumeric() || b"+-.".contains(*b);
    let before = text[..span.start].iter().rev().take(LONGEST).take_while(bare).count();
    let after = text[span.end..].iter().take(LONGEST).take_while(bare).count();
    let scalar = Span::new(span.start - before, span.end + after);
    let quote = json::bare_quote(text, scalar);
    Some((if quote.is_some() { scalar } else { span }, quote))
}

/// Is `span` a part of a marker?
pub fn is_in_marker(text: &[u8], span: Span, is_marker: &dyn Fn(&[u8]) -> bool) -> bool {
    const PREFIX: &[u8] = b"REDACTED-";
    const REACH: usize = 128;
    let from = span.start.saturating_sub(REACH);
    let part = |b: &&u8| b.is_ascii_alphanumeric() || b"-.".contains(*b);
    // It may hold the capitals alone.
    let to = span.end.max(span.start + PREFIX.len()).min(text.len());
    memmem::rfind(&text[from..to], PREFIX).is_some_and(|at| {
        let start = from + at;
        let end = start + text[start..].iter().take(2 * REACH).take_while(part).count();
        start <= span.start && (span.end..=end).any(|end| is_marker(&text[start..end]))
    })
}

/// No bare JSON value is longer: a double has 17 digits, and nobody writes more than some hundred.
const LONGEST: usize = 1024;
