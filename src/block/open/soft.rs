//! The rest of a value that quoted-printable has cut, `=` at the end of its line (RFC 2045, section 6.7, rule 5).

use super::{Body, Claim, Next, blanks};
use crate::span::Span;

/// Lines of quoted-printable that were cut have so many bytes, as encoders count to 76.
const LENGTHS: std::ops::RangeInclusive<usize> = 73..=76;

/// Is `payload` a line that was cut? Base64 has such an end, too, but an equals sign by itself is none of quoted-printable.
pub fn is_cut(payload: &[u8]) -> bool {
    let Some(text) = payload.strip_suffix(b"=") else { return false };
    let spelled = |two: &[u8]| two.iter().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(b));
    let mut equals = false;
    let all = memchr::memchr_iter(b'=', text).all(|at| {
        let sign = text.get(at + 1..at + 3);
        equals |= sign == Some(b"3D");
        sign.is_some_and(spelled)
    });
    all && (equals || LENGTHS.contains(&payload.len()))
}

pub(super) fn line(payload: &[u8], claim: &mut impl FnMut(Claim)) -> Next {
    let start = blanks(payload);
    let ends = |b: &u8| b.is_ascii_whitespace() || b"&;,\"'<>".contains(b);
    let end = payload[start..].iter().position(ends).map_or(payload.len(), |at| start + at);
    if start > 0 {
        return Next::Closed;
    }
    match payload[..end].strip_suffix(b"=") {
        Some(more) if end == payload.len() => {
            claim((Span::new(0, more.len()), None));
            Next::Open(Body::Soft)
        }
        _ => {
            // A sign that is written so and ends the value is none of it.
            let signs = [&b"=0D"[..], b"=0A", b"=20", b"=22", b"=26"];
            let sign = signs.iter().filter_map(|sign| memchr::memmem::find(&payload[..end], sign)).min();
            claim((Span::new(0, sign.unwrap_or(end)), None));
            Next::Closed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_cut;

    #[test]
    fn a_cut_line_has_no_equals_sign_of_its_own() {
        let long = "x".repeat(75) + "=";
        for yes in ["a=3D1&b=3Dx=", &long] {
            assert!(is_cut(yes.as_bytes()), "{yes}");
        }
        for no in ["a=1&b=3Dx=", "token=ABCD=", "id=42 token=YWJj=", "a=3D1==", "x=", "a=3D1", &long[1..70]] {
            assert!(!is_cut(no.as_bytes()), "{no}");
        }
    }
}
