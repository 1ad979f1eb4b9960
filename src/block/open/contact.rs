//! A contact card, property by property in lines of their own (RFC 6350): names have keys that say nothing elsewhere.

use super::{Body, Claim, Next};
use crate::span::Span;

/// The properties that hold a name.
const NAMES: [&[u8]; 3] = [b"FN", b"N", b"NICKNAME"];

pub(super) fn line(payload: &[u8], claim: &mut impl FnMut(Claim)) -> Next {
    let text = payload.trim_ascii_end();
    if text == b"END:VCARD" || text.is_empty() {
        return Next::Closed;
    }
    let name = text.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let named = NAMES.iter().any(|property| text[..name].eq_ignore_ascii_case(property));
    if named
        && matches!(text.get(name), Some(b':' | b';'))
        && let Some(colon) = memchr::memchr(b':', text)
    {
        claim((Span::new(colon + 1, text.len()), None));
    }
    Next::Open(Body::Contact)
}
