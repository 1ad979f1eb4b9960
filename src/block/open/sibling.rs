//! The element behind one that holds its name, each in a line of its own: `<name>db.password</name>`, `<value>…</value>`, as
//! in Hadoop's files; `<key>password</key>`, `<string>…</string>`, as in property lists (XML 1.0, section 3.1).

use super::{Body, Claim, Next, blanks};
use crate::span::Span;
use memchr::{memchr, memrchr};

/// The name and the text of an element that is all its line says.
pub fn whole(payload: &[u8]) -> Option<(&[u8], Span)> {
    let lead = blanks(payload);
    let text = payload[lead..].trim_ascii_end();
    let open = memchr(b'>', text.strip_prefix(b"<")?)? + 1;
    let name = text[1..open].split(|b| *b == b' ').next()?;
    let close = memrchr(b'<', text).filter(|close| *close > open)?;
    let ends = text[close..].strip_prefix(b"</")?.strip_suffix(b">")?;
    (ends == name && !name.is_empty()).then_some((name, Span::new(lead + open + 1, lead + close)))
}

pub(super) fn line(payload: &[u8], key: bool, claim: &mut impl FnMut(Claim)) -> Next {
    let Some((name, text)) = whole(payload) else {
        // The text may have lines of its own.
        let holds = started(payload).is_some_and(|name| key || is_value(name));
        return if holds { Next::Open(Body::Element) } else { Next::Closed };
    };
    if key || is_value(name) {
        claim((text, None));
        return Next::Closed;
    }
    // A type or a remark may stand between.
    if name.eq_ignore_ascii_case(b"name") { Next::Closed } else { Next::Open(Body::Sibling { key }) }
}

fn is_value(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"value") || name.ends_with(b":value")
}

/// The name of the element whose start tag is all its line says.
fn started(payload: &[u8]) -> Option<&[u8]> {
    let tag = payload.trim_ascii().strip_prefix(b"<")?.strip_suffix(b">")?;
    let name = tag.split(|b| *b == b' ').next()?;
    let named = name.first().is_some_and(u8::is_ascii_alphabetic);
    (named && !tag.ends_with(b"/") && memchr::memchr2(b'<', b'>', tag).is_none()).then_some(name)
}
