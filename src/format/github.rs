//! GitHub Actions: a raw log is `TIMESTAMP LINE` behind one byte order mark; `gh run view --log` puts `JOB<tab>STEP<tab>`
//! in front.

use super::{Peeled, timestamp};
use crate::span::Span;

/// Takes off job and step, or the byte order mark.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    if line.starts_with(b"\xEF\xBB\xBF") {
        return Some(Peeled::one(Span::new(3, line.len()), Span::new(0, 0), false));
    }
    let head = &line[..line.len().min(400)];
    let job = memchr::memchr(b'\t', head).filter(|at| *at > 0)?;
    let step = job + 1 + memchr::memchr(b'\t', &head[job + 1..])?;
    if timestamp(&head[step + 1..]) == 0 {
        return None;
    }
    Some(Peeled::one(Span::new(step + 1, line.len()), Span::new(0, step), false))
}
