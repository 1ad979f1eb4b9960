//! How records are written: envelopes round a message, quotes, escapes, JSON.
//!
//! An envelope is one file with one function `peel`; `kubectl.rs` is the simplest to copy from. Add it to the list in
//! [`peel`], and lines inside it are treated as what they carry.

pub mod colour;
mod component;
pub mod compose;
pub mod counted;
pub mod cri;
pub mod docker;
mod entity;
pub mod fold;
mod form;
pub mod frame;
pub mod github;
pub mod gitlab;
pub mod jenkins;
pub mod journal;
pub mod json;
pub mod klog;
pub mod kubectl;
pub mod nesting;
pub mod packed;
pub mod parts;
pub mod printable;
pub mod quote;
pub mod serialized;
pub mod signs;
pub mod spelled;
pub mod stern;
pub mod syslog;
pub mod view;

pub use signs::Signs;

use crate::slashes;
use crate::span::Span;
use std::borrow::Cow;

/// A message and what stands around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peeled {
    /// What the envelope carries.
    pub payload: Span,
    /// Bytes that tell one interleaved source from another: a pod name, a stream name.
    pub source: Span,
    /// The same of the envelope inside: times and lengths may stand between.
    pub inner: Span,
    /// The message goes on in the next record of the same source.
    pub partial: bool,
}

impl Peeled {
    /// A message behind one envelope.
    pub fn one(payload: Span, source: Span, partial: bool) -> Peeled {
        Peeled { payload, source, inner: Span::new(0, 0), partial }
    }

    /// The same with one more envelope inside, which was read from `base` on.
    #[must_use]
    pub fn with(self, inside: Peeled, base: usize) -> Peeled {
        let shift = |span: Span| Span::new(base + span.start, base + span.end);
        let inner = if inside.source.is_empty() { self.inner } else { shift(inside.source) };
        Peeled { payload: shift(inside.payload), inner, partial: self.partial || inside.partial, ..self }
    }

    /// What tells the source of `line` from others.
    pub fn name<'l>(&self, line: &'l [u8]) -> Cow<'l, [u8]> {
        let outer = &line[self.source.range()];
        match &line[self.inner.range()] {
            [] => Cow::Borrowed(outer),
            inner => Cow::Owned([outer, b" ", inner].concat()),
        }
    }
}

/// Takes the envelopes off a line, outermost first, as deep as [`DEPTH`].
///
/// Where several envelopes name a source, the outermost one counts, and the innermost one inside it.
pub fn peel(line: &[u8]) -> Peeled {
    let mut whole = Peeled::one(Span::new(0, line.len()), Span::new(0, 0), false);
    for _ in 0..DEPTH {
        let rest = &line[whole.payload.range()];
        let Some(inner) = PEELS.iter().find_map(|peel| peel(rest)) else { break };
        let base = whole.payload.start;
        let shift = |span: Span| Span::new(base + span.start, base + span.end);
        if !inner.source.is_empty() {
            let own = shift(inner.source);
            if whole.source.is_empty() {
                whole.source = own;
            } else if own.start >= whole.source.start.max(whole.inner.start) {
                whole.inner = own;
            }
            // Docker names the stream behind the message, in which nothing has a name.
        }
        whole.payload = shift(inner.payload);
        whole.partial |= inner.partial;
    }
    whole
}

type Peel = fn(&[u8]) -> Option<Peeled>;

/// The more particular first.
const PEELS: [Peel; 12] = [
    gitlab::peel,
    cri::peel,
    kubectl::peel,
    docker::peel,
    klog::peel,
    syslog::peel,
    jenkins::peel,
    compose::peel,
    github::peel,
    stern::peel,
    colour::peel,
    journal::peel,
];

/// How many layers are taken off; what lies deeper is not looked into.
pub const DEPTH: usize = 8;

/// Length of the RFC 3339 timestamp that `text` begins with, 0 if it does not: `2024-05-01T12:00:00.123456789Z`.
pub fn timestamp(text: &[u8]) -> usize {
    let shape = b"0000-00-00T00:00:00";
    if text.len() < shape.len() + 1 {
        return 0;
    }
    let fits = shape.iter().zip(text).all(|(s, b)| if *s == b'0' { b.is_ascii_digit() } else { s == b });
    if !fits {
        return 0;
    }
    let mut at = shape.len();
    if text[at] == b'.' {
        at += 1 + text[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    }
    match text.get(at) {
        Some(b'Z') => at + 1,
        // `journalctl -o short-iso` has no colon in the zone.
        Some(b'+' | b'-') if text[at + 1..].iter().take(4).filter(|b| b.is_ascii_digit()).count() == 4 => at + 5,
        Some(b'+' | b'-') if text.len() >= at + 6 => at + 6,
        _ => 0,
    }
}

/// Length of the terminal escape sequence (ECMA-48 CSI) that `text` begins with, 0 if it does not.
pub fn escape(text: &[u8]) -> usize {
    if !text.starts_with(b"\x1b[") {
        return 0;
    }
    let parameters = text[2..].iter().take(32).take_while(|b| (0x20..0x40).contains(*b)).count();
    if text.get(2 + parameters).is_some_and(|b| (0x40..0x7F).contains(b)) { parameters + 3 } else { 0 }
}

/// Does a colour of terminals begin `text`, as it is or as strings spell it, `\u001b[`, with any number of backslashes?
pub fn begins_colour(text: &[u8]) -> bool {
    let slashes = slashes::leading(text);
    let spelled = |escape: &&[u8]| text[slashes..].strip_prefix(*escape).is_some_and(|rest| rest.starts_with(b"["));
    text.first() == Some(&0x1B) || slashes > 0 && ESCAPES.iter().any(spelled)
}

/// Length of the sequence that [`begins_colour`] says is there, 0 if there is none.
pub fn colour_length(text: &[u8]) -> usize {
    if text.first() == Some(&0x1B) {
        return escape(text);
    }
    if !begins_colour(text) {
        return 0;
    }
    let bracket = text.iter().take_while(|b| **b != b'[').count();
    let sequence = &text[bracket..text.len().min(bracket + 34)];
    match escape(&[b"\x1b", sequence].concat()) {
        0 => 0,
        length => bracket + length - 1,
    }
}

/// How strings spell the escape character behind a backslash.
pub const ESCAPES: [&[u8]; 5] = [b"u001b", b"u001B", b"x1b", b"x1B", b"033"];

/// `line` without the sequences that colour it on a terminal, also where a string spells them; `None` if it has none.
pub fn without_colours(line: &[u8]) -> Option<Vec<u8>> {
    const SPELLED: [&[u8]; 4] = [b"\\u001b", b"\\u001B", b"\\x1b", b"\\033"];
    let spelled = |at: usize| SPELLED.iter().find(|escape| line[at..].starts_with(escape));
    let length = |at: usize| match line[at] {
        0x1B => escape(&line[at..]),
        b'\\' => spelled(at).map_or(0, |spelled| {
            let sequence = [b"\x1b", &line[at + spelled.len()..line.len().min(at + spelled.len() + 40)]].concat();
            match escape(&sequence) {
                0 => 0,
                more => spelled.len() + more - 1,
            }
        }),
        _ => 0,
    };
    let (mut plain, mut copied) = (Vec::new(), 0);
    for at in memchr::memchr2_iter(0x1B, b'\\', line) {
        let used = if at < copied { 0 } else { length(at) };
        if used > 0 {
            plain.extend_from_slice(&line[copied..at]);
            copied = at + used;
        }
    }
    (copied > 0).then(|| [&plain, &line[copied..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_go() {
        let plain =
            |line: &str| without_colours(line.as_bytes()).map(|line| String::from_utf8_lossy(&line).into_owned());
        assert_eq!(plain("\x1b[2m2024\x1b[0m [\x1b[32m\x1b[1minfo\x1b[0m]").as_deref(), Some("2024 [info]"));
        assert_eq!(plain(r#"{"log":"\u001b[31mno\u001b[0m \x1b[1mx"}"#).as_deref(), Some(r#"{"log":"no x"}"#));
        assert_eq!(plain(r"a \u001b \n"), None);
    }

    #[test]
    fn envelopes_come_off_in_any_order() {
        let cases: &[(&str, &str, &str, bool)] = &[
            ("plain", "plain", "", false),
            ("[pod/web-1/app] plain", "plain", "pod/web-1/app", false),
            ("[pod/web-1/app] 2024-05-01T12:00:00.1Z x y", "x y", "pod/web-1/app", false),
            ("2024-05-01T12:00:00.123456789Z stdout F msg here", "msg here", "stdout", false),
            ("2024-05-01T12:00:00.123456789Z stderr P par", "par", "stderr", true),
            ("2024-05-01T12:00:00+02:00 stdout F ", "", "stdout", false),
            (r#"{"log":"line\n","stream":"stdout","time":"2024-05-01T12:00:00Z"}"#, "line", "stdout", false),
            (r#"{"log":"part","stream":"stderr","time":"2024-05-01T12:00:00Z"}"#, "part", "stderr", true),
            ("2024-05-01T12:00:00Z text", "text", "", false),
            ("\x1b[2Kweb-1  | \x1b[31mx", "x", "web-1", false),
            ("web-1  | 2024-05-01T12:00:00Z x", "x", "web-1", false),
            ("\x1b[36mweb-1  | \x1b[0mx", "x", "web-1", false),
            ("2024-05-01T12:00:00+0000 host app[17]: x", "x", "host app[17]", false),
            ("prod web-6d4cf56db6-abcde app x y", "x y", "prod web-6d4cf56db6-abcde app", false),
            ("MESSAGE=x y", "x y", "MESSAGE", false),
            ("    MESSAGE=  x", "  x", "MESSAGE", false),
            ("some plain words here", "some plain words here", "", false),
            ("build\ttest it\t2025-02-05T07:32:24.5532482Z x", "x", "build\ttest it", false),
            ("2026-01-21T09:47:05.094219Z 00O+x", "x", "00O", false),
            ("[2024-05-01T12:00:00.123Z] + curl x", "+ curl x", "", false),
            ("I0302 10:00:00.123456       1 login.go:42] \"x\" a=1", "\"x\" a=1", "", false),
            ("Dec 10 06:55:46 LabSZ sshd[24200]: x", "x", "LabSZ sshd[24200]", false),
            ("<13>Mar  2 10:00:00 host app[17]: x", "x", "host app[17]", false),
            ("<34>1 2024-05-01T12:00:00Z h app 1 ID [a b=\"]\"][c d=\"e\"] x", "x", "h app 1 ID", false),
            ("<30>2024-05-01T12:00:00.1+02:00 host app[17]: x", "x", "host app[17]", false),
            ("2024-05-01T12:00:00Z host app[17]: x", "x", "host app[17]", false),
            ("2024-05-01T12:00:00Z stderr: [17]: x", "stderr: [17]: x", "", false),
            ("<6>x y", "x y", "", false),
            ("60 <34>1 2024-05-01T12:00:00Z h app - - - x", "x", "h app - -", false),
            (
                r#"2024-05-01T12:00:00Z stdout F {"log":"line\n","stream":"stdout","time":"x"}"#,
                "line",
                "stdout stdout",
                false,
            ),
            ("[pod/a/b] 2024-05-01T12:00:00.1Z stderr F x", "x", "pod/a/b stderr", false),
            ("[pod/a/b] 60 <13>Mar  2 10:00:00 host app[17]: x", "x", "pod/a/b host app[17]", false),
            (r#"[pod/a/b] {"log":"web-1  | x\n","stream":"stdout"}"#, "x", "pod/a/b stdout", false),
            (r"\u003c13\u003eMar  2 10:00:00 host app[17]: x", "x", "host app[17]", false),
            ("\x1b[31mMar  2 10:00:00 host app[17]: x\x1b[0m", "x", "host app[17]", false),
            ("\x1b[1mx \x1b[2my\x1b[0m\x1b[K", "x \x1b[2my", "", false),
            ("[pod/a/b] 2024-05-01T12:00:00.1Z I0302 10:00:00.123456 1 a.go:1] x", "x", "pod/a/b", false),
        ];
        for (line, payload, source, partial) in cases {
            let peeled = peel(line.as_bytes());
            assert_eq!(&line[peeled.payload.range()], *payload, "{line}");
            assert_eq!(String::from_utf8_lossy(&peeled.name(line.as_bytes())), *source, "{line}");
            assert_eq!(peeled.partial, *partial, "{line}");
        }
    }
}
