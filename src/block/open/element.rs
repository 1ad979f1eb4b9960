//! The text of an XML element whose start tag is alone on its line: all up to the next tag (XML 1.0, section 3.1).

use super::{Body, Claim, Next, blanks};
use crate::span::Span;

pub(super) fn line(payload: &[u8], claim: &mut impl FnMut(Claim)) -> Next {
    const CDATA: &[u8] = b"<![CDATA[";
    let lead = blanks(payload);
    let start = lead + if payload[lead..].starts_with(CDATA) { CDATA.len() } else { 0 };
    let tag = memchr::memchr(b'<', &payload[start..]).map(|at| start + at);
    let text = &payload[start..tag.unwrap_or(payload.len())];
    let text = text.trim_ascii_end();
    let text = text.strip_suffix(b"]]>").unwrap_or(text);
    claim((Span::new(start, start + text.len()), None));
    if tag.is_some() { Next::Closed } else { Next::Open(Body::Element) }
}
