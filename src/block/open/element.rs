//! The text of an XML element whose start tag is alone on its line: all up to the next tag (XML 1.0, section 3.1).

use super::{Body, Claim, Next, blanks};
use crate::span::Span;
use memchr::memmem;

pub(super) fn line(payload: &[u8], claim: &mut impl FnMut(Claim)) -> Next {
    const CDATA: &[u8] = b"<![CDATA[";
    const END: &[u8] = b"]]>";
    let (mut start, mut after) = (blanks(payload), blanks(payload));
    loop {
        let tag = memchr::memchr(b'<', &payload[after..]).map(|at| after + at);
        let end =
            memmem::find(&payload[after..], END).map(|at| after + at).filter(|end| tag.is_none_or(|tag| *end < tag));
        let text = payload[start..end.or(tag).unwrap_or(payload.len())].trim_ascii_end();
        claim((Span::new(start, start + text.len()), None));
        match (end, tag) {
            (Some(end), _) => {
                after = end + END.len();
                start = after + blanks(&payload[after..]);
            }
            (None, Some(tag)) if payload[tag..].starts_with(CDATA) => {
                after = tag + CDATA.len();
                start = after;
            }
            (None, Some(_)) => return Next::Closed,
            (None, None) => return Next::Open(Body::Element),
        }
    }
}
