//! `kubectl logs --prefix --timestamps`: `[pod/NAME/CONTAINER] 2024-05-01T12:00:00.123456789Z LINE`. With the host and the
//! program behind the time it is syslog, and with a source and a process that of Heroku: `app[web.1]: LINE`.

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
    let (source, start) =
        syslog::tagged(line, stamp + 1).or_else(|| dyno(line, stamp + 1)).unwrap_or((Span::new(0, 0), stamp + 1));
    Some(Peeled::one(Span::new(start, line.len()), source, false))
}

/// The source and the process of Heroku that stand at `at`, and where the message begins (devcenter.heroku.com, "Logging").
fn dyno(line: &[u8], at: usize) -> Option<(Span, usize)> {
    let name = line[at..].strip_prefix(b"app[").or_else(|| line[at..].strip_prefix(b"heroku["))?;
    let word = name.iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b)).count();
    let end = line.len() - name.len() + word;
    line[end..].starts_with(b"]: ").then_some((Span::new(at, end + 1), end + 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pods_times_and_processes_stand_in_front() {
        for (line, found) in [
            ("[pod/web-1/app] x", Some(("pod/web-1/app", "x"))),
            ("2024-05-01T12:00:00.123456+00:00 app[web.1]: x", Some(("app[web.1]", "x"))),
            ("2024-05-01T12:00:00Z app[7]", Some(("", "app[7]"))),
            ("app[web.1]: x", None),
        ] {
            let peeled = peel(line.as_bytes());
            let found_here = peeled.map(|peeled| (&line[peeled.source.range()], &line[peeled.payload.range()]));
            assert_eq!(found_here, found, "{line}");
        }
    }
}
