//! `kubectl logs --prefix --timestamps`: `[pod/NAME/CONTAINER] 2024-05-01T12:00:00.123456789Z LINE`. With the host and the
//! program behind the time it is syslog.

use super::{Peeled, syslog, timestamp};
use crate::span::Span;

/// Takes off a pod prefix or a timestamp, whichever stands first.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    if line.starts_with(b"[pod/") {
        let close = memchr::memchr(b']', &line[..line.len().min(600)])?;
        let rest = close + 1 + usize::from(line.get(close + 1) == Some(&b' '));
        return Some(Peeled::one(Span::new(rest, line.len()), Span::new(1, close), false));
    }
    let stamp = timestamp(line);
    if stamp == 0 || line.get(stamp) != Some(&b' ') {
        return None;
    }
    let (source, start) = syslog::tagged(line, stamp + 1).unwrap_or((Span::new(0, 0), stamp + 1));
    Some(Peeled::one(Span::new(start, line.len()), source, false))
}
