//! `kubectl logs --prefix --timestamps`: `[pod/NAME/CONTAINER] 2024-05-01T12:00:00.123456789Z LINE`.

use super::{Peeled, timestamp};
use crate::span::Span;

/// Takes off a pod prefix or a timestamp, whichever stands first.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    if line.starts_with(b"[pod/") {
        let close = memchr::memchr(b']', &line[..line.len().min(600)])?;
        let rest = close + 1 + usize::from(line.get(close + 1) == Some(&b' '));
        return Some(Peeled { payload: Span::new(rest, line.len()), source: Span::new(1, close), partial: false });
    }
    let stamp = timestamp(line);
    if stamp == 0 || line.get(stamp) != Some(&b' ') {
        return None;
    }
    Some(Peeled { payload: Span::new(stamp + 1, line.len()), source: Span::new(0, 0), partial: false })
}
