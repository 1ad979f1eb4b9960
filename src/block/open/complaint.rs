//! What pydantic says of the fields of a model, each in two lines: where the field is, and indented what was wrong with its
//! value (<https://docs.pydantic.dev/latest/errors/errors/>).

use super::{Body, Claim, Next, blanks};
use crate::format::quote::is_quote;
use crate::span::Span;
use memchr::memmem;

/// Parts of names of fields whose value is none to be told.
const NAMES: [&[u8]; 13] = [
    b"passw",
    b"passphrase",
    b"passcode",
    b"secret",
    b"token",
    b"api_key",
    b"apikey",
    b"otp",
    b"credential",
    b"cvv",
    b"cvc",
    b"ssn",
    b"card_number",
];
const VALUE: &[u8] = b", input_value=";
const TYPE: &[u8] = b", input_type=";

pub(super) fn line(payload: &[u8], named: bool, claim: &mut impl FnMut(Claim)) -> Next {
    if blanks(payload) == 0 {
        let path = !payload.is_empty() && payload.iter().all(|b| b.is_ascii_alphanumeric() || b"_.-[],".contains(b));
        let lower = payload.to_ascii_lowercase();
        let named = lower == b"pin"
            || lower.ends_with(b".pin")
            || lower.ends_with(b"_pin")
            || NAMES.iter().any(|name| memmem::find(&lower, name).is_some());
        return if path { Next::Open(Body::Complaint { named }) } else { Next::Closed };
    }
    if named
        && let Some(value) = memmem::find(payload, VALUE).map(|at| at + VALUE.len())
        && let Some(end) = memmem::rfind(&payload[value..], TYPE).map(|at| value + at)
    {
        let quoted = end > value + 1 && is_quote(payload[value]) && payload[end - 1] == payload[value];
        let span = Span::new(value + usize::from(quoted), end - usize::from(quoted));
        let nothing = [&b"None"[..], b"True", b"False", b"PydanticUndefined"].contains(&&payload[span.range()]);
        if quoted || !nothing {
            claim((span, None));
        }
    }
    Next::Open(Body::Complaint { named })
}
