//! YAML block scalars, `password: |`: YAML 1.2.2, section 8.1.

use super::{Body, Claim, Next, blanks};
use crate::span::Span;

pub(super) fn line(payload: &[u8], indent: usize, claim: &mut impl FnMut(Claim)) -> Next {
    let own = blanks(payload);
    if own < payload.len() {
        if own <= indent {
            return Next::Closed;
        }
        claim((Span::new(own, payload.len()), None));
    }
    Next::Open(Body::Scalar { indent })
}
