//! `docker compose logs`: `SERVICE-N<blanks> | LINE`, in colour on a terminal, behind `ESC [2K` when followed
//! (docker/compose, `cmd/formatter/logs.go`). Foreman and honcho have the time of day in front, `12:00:00 web.1  | LINE`
//! (ddollar/foreman, `lib/foreman/engine/cli.rb`), and pm2 the number of the process, `0|web  | LINE`. `docker service logs` names
//! the task and its node: `web.1.abcdefghijkl@node1    | LINE` (docker/cli, `cli/command/service/logs.go`).

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
    start += ahead(&head[start..]);
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || b"_-.".contains(b);
    let mut name = head[start..].iter().take_while(is_name).count();
    if head.get(start + name) == Some(&b'@') && is_task(&head[start..start + name]) {
        name += 1 + head[start + name + 1..].iter().take_while(is_name).count();
    }
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

/// Is it `SERVICE.SLOT.ID` of a task, whose id may be cut to half?
fn is_task(name: &[u8]) -> bool {
    let mut parts = name.rsplit(|b| *b == b'.');
    let id = parts.next().unwrap_or_default();
    let slot = parts.next().unwrap_or_default();
    parts.next().is_some()
        && matches!(id.len(), 12 | 25)
        && id.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && slot.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// Length of what stands in front of the name: a time of day, or the number of a process.
fn ahead(text: &[u8]) -> usize {
    let clock = b"00:00:00 ";
    let digits = text.iter().take(5).take_while(|b| b.is_ascii_digit()).count();
    let fits = |(shape, byte): (&u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { shape == byte };
    match text.get(digits) {
        Some(b':') if digits == 2 && text.len() > clock.len() && clock.iter().zip(text).all(fits) => clock.len(),
        Some(b'|') if (1..5).contains(&digits) => digits + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_front_of_a_bar() {
        for (line, found) in [
            ("web-1  | x", Some(("web-1", "x"))),
            ("12:00:00 web.1  | x", Some(("web.1", "x"))),
            ("\x1b[36m12:00:00 web.1  | \x1b[0mx", Some(("web.1", "x"))),
            ("0|web      | x", Some(("web", "x"))),
            ("12:00:00 web.1 x", None),
            ("12:00 | x", None),
            ("web.1.abcdefghijk0@node-1    | x", Some(("web.1.abcdefghijk0@node-1", "x"))),
            ("jo.b.doe@example.com  | x", None),
            ("0|1|2", None),
            ("1 | x", Some(("1", "x"))),
        ] {
            let peeled = peel(line.as_bytes());
            let found_here = peeled.map(|peeled| (&line[peeled.source.range()], &line[peeled.payload.range()]));
            assert_eq!(found_here, found, "{line}");
        }
    }
}
