//! The value of a form part: RFC 7578. `Content-Disposition: form-data; name="password"`, more headers, an empty line,
//! the value, and `--` with the boundary.

use super::fresh::is_record;
use super::{Body, Claim, Next};
use crate::span::Span;
use memchr::memmem;

pub(super) fn line(payload: &[u8], inside: bool, claim: &mut impl FnMut(Claim)) -> Next {
    match inside {
        false if payload.is_empty() => Next::Open(Body::Form { inside: true }),
        // A header, or what an arrow in front marks as one; anything else is no form.
        false if payload.len() < 512 && payload.contains(&b':') => Next::Open(Body::Form { inside: false }),
        false => Next::Closed,
        // A log that cuts a form short goes on with its next record.
        true if payload.starts_with(b"--") || is_record(payload) => Next::Closed,
        true => {
            claim((Span::new(0, payload.len()), None));
            Next::Open(Body::Form { inside: true })
        }
    }
}

/// The name of the part whose header `line` is.
pub fn part_name(line: &[u8]) -> Option<&[u8]> {
    let at = memmem::find(line, b"form-data;")?;
    let rest = &line[at..];
    let from = memmem::find(rest, b" name=\"")? + b" name=\"".len();
    // In a cell of a CSV its quotes are doubled.
    let from = from + usize::from(rest.get(from) == Some(&b'"'));
    let to = memchr::memchr(b'"', &rest[from..])?;
    Some(&rest[from..from + to])
}
