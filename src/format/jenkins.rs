//! Jenkins with its timestamper plug-in: `[2024-05-01T12:00:00.123Z] LINE`.

use super::{Peeled, timestamp};
use crate::span::Span;

/// Takes the time off.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    if line.first() != Some(&b'[') {
        return None;
    }
    let end = 1 + timestamp(&line[1..]);
    if end == 1 || !line[end..].starts_with(b"] ") {
        return None;
    }
    Some(Peeled::one(Span::new(end + 2, line.len()), Span::new(0, 0), false))
}
