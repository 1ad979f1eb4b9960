//! `docker compose logs`: `SERVICE-N<blanks> | LINE`, in colour on a terminal, behind `ESC [2K` when followed
//! (docker/compose, `cmd/formatter/logs.go`).

use super::{Peeled, escape};
use crate::span::Span;

/// The escape sequence that ends all colours (ECMA-48, SGR 0).
const RESET: &[u8] = b"\x1b[0m";

/// Takes the service off.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    let head = &line[..line.len().min(160)];
    let mut start = 0;
    while let length @ 1.. = escape(&head[start..]) {
        start += length;
    }
    let name = head[start..].iter().take_while(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b)).count();
    let source = Span::new(start, start + name);
    let mut at = source.end;
    at += head[at..].iter().take_while(|b| **b == b' ').count();
    if name == 0 || at == source.end || head.get(at) != Some(&b'|') {
        return None;
    }
    at += 1;
    at += escape(&head[at..]);
    if head.get(at) == Some(&b' ') {
        at += 1;
    }
    // What ends the colour of the name behind the bar.
    if head[at..].starts_with(RESET) {
        at += RESET.len();
    }
    Some(Peeled::one(Span::new(at, line.len()), source, false))
}
