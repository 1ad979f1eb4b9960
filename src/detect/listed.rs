//! Listed secrets in a record, and what goes with them so that the record stays what it is.

use super::claim::{Claim, Sink};
use crate::format::json;
use crate::listed::Literals;
use crate::span::{RuleIx, Span};

/// Claims what stands for one of `listed` round the window at `at`.
pub fn at(listed: &Literals, rule: RuleIx, text: &[u8], at: usize, sink: &mut Sink<'_>) {
    let mut found = Vec::new();
    sink.work += listed.at(text, at, |span| found.push(span));
    for span in found {
        claim(rule, text, span, sink);
    }
}

/// Claims `span`, which stands for a secret; the whole of the bare JSON value that it is a part of.
pub fn claim(rule: RuleIx, text: &[u8], span: Span, sink: &mut Sink<'_>) {
    if sink.is_in_marker(span) {
        return;
    }
    let bare = |b: &&u8| b.is_ascii_alphanumeric() || b"+-.".contains(*b);
    let before = text[..span.start].iter().rev().take(LONGEST).take_while(bare).count();
    let after = text[span.end..].iter().take(LONGEST).take_while(bare).count();
    let scalar = Span::new(span.start - before, span.end + after);
    let quote = json::bare_quote(text, scalar);
    let span = if quote.is_some() { scalar } else { span };
    sink.claim(Claim { rule, span, quote, field: span });
}

/// No bare JSON value is longer: a double has 17 digits, and nobody writes more than some hundred.
const LONGEST: usize = 1024;
