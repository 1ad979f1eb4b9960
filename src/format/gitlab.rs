//! GitLab job logs since 17: `TIMESTAMP HH(O|E)( |+)LINE`, HH the number of the stream. A line with `+` goes on where the
//! line before of the same stream ended (GitLab runner, "Job log timestamps").

use super::{Peeled, timestamp};
use crate::span::Span;

/// Takes time and stream off.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    let at = timestamp(line);
    let [b' ', high, low, b'O' | b'E', b' ' | b'+'] = *line.get(at..at + 5).filter(|_| at > 0)? else { return None };
    if !high.is_ascii_hexdigit() || !low.is_ascii_hexdigit() {
        return None;
    }
    Some(Peeled::one(Span::new(at + 5, line.len()), Span::new(at + 1, at + 4), false))
}

/// Does this line, whose payload starts at `payload`, go on where the one before of its stream ended?
pub fn goes_on(line: &[u8], payload: usize) -> bool {
    payload > 0 && line[payload - 1] == b'+'
}
