//! What follows `curl … \` in the next lines of a command: user and password may stand in any of them.

use super::{Body, Claim, Next, blanks};
use crate::format::quote::is_quote;
use crate::span::Span;

/// The options of curl(1) whose argument is a user, a colon and a password.
const OPTIONS: [&[u8]; 4] = [b"--proxy-user", b"--user", b"-u", b"-U"];

pub(super) fn line(payload: &[u8], claim: &mut impl FnMut(Claim)) -> Next {
    let mut at = blanks(payload);
    while at < payload.len() {
        let word = payload[at..].iter().take_while(|b| !b.is_ascii_whitespace()).count();
        if let Some(option) = OPTIONS.iter().find(|option| payload[at..].starts_with(option)) {
            let behind = at + option.len();
            let blank =
                usize::from(payload.get(behind) == Some(&b'=')) + blanks(payload.get(behind..).unwrap_or_default());
            if let Some(span) = password(payload, behind + blank) {
                claim((span, None));
            }
        }
        at += word.max(1);
    }
    if payload.trim_ascii_end().ends_with(b"\\") { Next::Open(Body::Command) } else { Next::Closed }
}

/// The password behind the user and colon that begin at `at`; variables are none.
fn password(payload: &[u8], at: usize) -> Option<Span> {
    let open = payload.get(at).filter(|b| is_quote(**b));
    let start = at + usize::from(open.is_some());
    let ends = |b: &u8| open.map_or(b.is_ascii_whitespace(), |quote| b == quote);
    let rest = payload.get(start..)?;
    let argument = &rest[..rest.iter().position(ends).unwrap_or(rest.len())];
    let colon = argument.iter().position(|b| *b == b':')?;
    let (user, password) = (&argument[..colon], &argument[colon + 1..]);
    let plain = !user.iter().any(|b| b"/\\".contains(b)) && !b"$<{(/".contains(password.first()?);
    plain.then(|| Span::new(start + colon + 1, start + argument.len()))
}
