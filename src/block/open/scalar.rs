//! YAML block scalars, `password: |`: YAML 1.2.2, section 8.1.

use super::{Body, Claim, Next, blanks};
use crate::span::Span;

/// The head of a block scalar, with how it is indented and ends, a tag or an anchor in front: `|`, `>-`, `|2+`, `!vault |`.
pub fn is_block_head(value: &[u8]) -> bool {
    let head = match value {
        [b'!' | b'&', ..] => memchr::memrchr(b' ', value).map_or(&value[..0], |blank| &value[blank + 1..]),
        _ => value,
    };
    let Some((b'|' | b'>', how)) = head.split_first() else { return false };
    match how {
        [] | [b'+' | b'-' | b'1'..=b'9'] => true,
        [one, other] => {
            let sign = |byte: &u8| matches!(byte, b'+' | b'-');
            let digit = |byte: &u8| matches!(byte, b'1'..=b'9');
            sign(one) && digit(other) || digit(one) && sign(other)
        }
        _ => false,
    }
}

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

#[cfg(test)]
mod tests {
    use super::is_block_head;

    #[test]
    fn heads_say_how_the_block_is_indented_and_ends() {
        for head in ["|", ">", "|-", ">+", "|2", "|2-", ">-4", "!vault |", "&a >-", "!!str |2"] {
            assert!(is_block_head(head.as_bytes()), "{head}");
        }
        for value in ["", "||", "|0", "|12", "|--", "|22", "!vault", "> 1", "magpie |"] {
            assert!(!is_block_head(value.as_bytes()), "{value}");
        }
    }
}
