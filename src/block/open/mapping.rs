//! The members of a mapping that is the value of a key in a line of its own (YAML 1.2.2, section 8.2.2): each scalar that may be a
//! secret is claimed, with the key that it has there.

use super::{Body, Claim, Member, Next, blanks, is_block_head};
use crate::span::Span;

/// Is `payload` a member as YAML has them, further in than `column`? Where values stand below each other it is a text for people.
pub(super) fn begins(payload: &[u8], column: usize) -> bool {
    let own = blanks(payload);
    Member::of(payload).is_some_and(|member| {
        own > column && member.column == own && is_tight(payload, &member) && payload.get(own) != Some(&b'"')
    })
}

/// Calls `claim` with what is claimed and the key that it has, or the dash of a list.
pub(super) fn line(payload: &[u8], column: usize, text: usize, claim: &mut impl FnMut(&[u8], Claim)) -> Next {
    let own = blanks(payload);
    if own == payload.len() {
        return Next::Open(Body::Mapping { column, text });
    }
    if own <= column {
        return Next::Closed;
    }
    let end = payload.trim_ascii_end().len();
    if text > 0 && own >= text {
        if is_mixed(&payload[own..end]) {
            claim(b"-", (Span::new(own, end), None));
        }
        return Next::Open(Body::Mapping { column, text });
    }
    let item = own + if payload[own..].starts_with(b"- ") { 2 + blanks(&payload[own + 2..]) } else { 0 };
    let Some(member) = Member::of(payload).filter(|member| is_tight(payload, member)) else {
        if item == own || item >= end {
            return Next::Closed;
        }
        let scalar = Member { column: item, key: b"", value: Span::new(item, end) }.scalar(payload);
        if is_mixed(&payload[scalar.range()]) {
            claim(b"-", (scalar, None));
        }
        return Next::Open(Body::Mapping { column, text: 0 });
    };
    let scalar = member.scalar(payload);
    let value = &payload[scalar.range()];
    let text = if is_block_head(value) { member.column + 1 } else { 0 };
    // Entries of a list are told by their keys.
    let names = item > own && member.key == b"key";
    if text == 0 && !names && member.is_value(payload) && is_mixed(value) {
        claim(member.key, (scalar, None));
    }
    Next::Open(Body::Mapping { column, text })
}

/// Is `value` one word of letters and digits that is no time, size or version? What is only called after a secret (`auth-token:`, a
/// service, `rotate-password:`, a job) has words, paths and addresses below it.
fn is_mixed(value: &[u8]) -> bool {
    let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
    let measure = digits > 0 && value.len() - digits < 4;
    let version = matches!(value, [b'v', b'0'..=b'9', ..]) && value.len() < 5;
    let plain = |b: &u8| !b" \t/:.,@#[{(<".contains(b);
    !measure
        && !version
        && value.iter().all(plain)
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_alphabetic)
}

/// Does the value stand one blank behind the colon, if there is one?
fn is_tight(payload: &[u8], member: &Member<'_>) -> bool {
    member.value.is_empty() || payload[..member.value.start].ends_with(b": ")
}
