//! Quoted text with line breaks in it.

use super::{Body, Claim, Next, blanks};
use crate::format::quote::{Quote, closing};
use crate::span::Span;

pub(super) fn line(payload: &[u8], quote: Quote, claim: &mut impl FnMut(Claim)) -> Next {
    let end = closing(payload, 0, quote);
    let start = blanks(payload).min(end.unwrap_or(payload.len()));
    claim((Span::new(start, end.unwrap_or(payload.len())), None));
    if end.is_some() { Next::Closed } else { Next::Open(Body::Quoted { quote }) }
}
