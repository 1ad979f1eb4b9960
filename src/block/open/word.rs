//! The word behind a line that a backslash goes on from, as shells have it: `--password \` and the password.

use super::{Body, Claim, Next, blanks};
use crate::format::quote::is_quote;
use crate::span::Span;

pub(super) fn line(payload: &[u8], glued: bool, claim: &mut impl FnMut(Claim)) -> Next {
    let lead = blanks(payload);
    if glued && lead > 0 || lead == payload.len() {
        return Next::Closed;
    }
    let quoted = is_quote(payload[lead]);
    let start = lead + usize::from(quoted);
    let ends = |b: &u8| if quoted { *b == payload[lead] } else { b.is_ascii_whitespace() };
    let end = payload[start..].iter().position(ends).map_or(payload.len(), |i| start + i);
    let word = &payload[start..end];
    // A variable, another flag.
    if word.starts_with(b"$") || !glued && !quoted && word.starts_with(b"-") {
        return Next::Closed;
    }
    match word.strip_suffix(b"\\") {
        Some(more) if end == payload.len() => {
            claim((Span::new(start, start + more.len()), None));
            Next::Open(Body::Word { glued: true })
        }
        _ => {
            claim((Span::new(start, end), None));
            Next::Closed
        }
    }
}
