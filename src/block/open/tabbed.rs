//! klog's values of several lines (`klog/v2`, "Multi-line values"): `key=<`, lines behind a tab, ` >`.

use super::{Body, Claim, Next, blanks};
use crate::span::Span;

pub(super) fn line(payload: &[u8], claim: &mut impl FnMut(Claim)) -> Next {
    if payload.first() != Some(&b'\t') {
        return Next::Closed;
    }
    claim((Span::new(blanks(payload), payload.len()), None));
    Next::Open(Body::Tabbed)
}
