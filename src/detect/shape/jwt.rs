//! JSON web tokens.

use crate::span::Span;
use data_encoding::BASE64URL_NOPAD;

/// The token in compact form that begins at `at` with `eyJ` (`{"` in base64): a JOSE header, then one or two more parts
/// (JWS, RFC 7515; the signature may be missing) or four (JWE, RFC 7516). A header says `alg`, `typ` or `enc`; without
/// one it is some other JSON in base64, a cursor for example.
pub fn find(text: &[u8], at: usize) -> Option<Span> {
    if at > 0 && part_byte(text[at - 1]) {
        return None;
    }
    find_before(text, at, end_of_part(text, at))
}

/// The same, whatever stands in front of `at`, for whoever knows that the part ends at `dot`.
pub fn find_before(text: &[u8], at: usize, dot: usize) -> Option<Span> {
    if text.get(dot) != Some(&b'.') {
        return None;
    }
    let header = Header::read(&text[at..dot])?;
    let mut end = end_of_part(text, dot + 1);
    let payload = end - dot - 1;
    let parts = if header.encrypted { 5 } else { 3 };
    let mut count = 2;
    while count < parts && text.get(end) == Some(&b'.') {
        let next = end_of_part(text, end + 1);
        if next == end + 1 && !header.encrypted {
            // 1. `header.payload.`: unsecured, the dot is the token's; but after `header.payload` in a sentence, too,
            //    so it stays where it is: without it nothing is told.
            break;
        }
        end = next;
        count += 1;
    }
    // 2. A detached payload (`header..signature`) needs its signature; three dots after a header are an ellipsis.
    let told = if payload == 0 { end > dot + 2 } else { payload >= LEAST_PAYLOAD };
    told.then_some(Span::new(at, end))
}

/// What the first part says.
struct Header {
    encrypted: bool,
}

impl Header {
    /// The header in a first part; of a long one only the beginning is read (certificates come late).
    fn read(part: &[u8]) -> Option<Header> {
        let part = &part[..part.len().min(READ) / 4 * 4];
        let mut json = [0; READ / 4 * 3];
        let json = &mut json[..part.len() / 4 * 3];
        BASE64URL_NOPAD.decode_mut(part, json).ok()?;
        let says = |name: &[u8]| json.windows(name.len()).any(|w| w == name);
        let encrypted = says(b"\"enc\"");
        (encrypted || says(b"\"alg\"") || says(b"\"typ\"")).then_some(Header { encrypted })
    }
}

/// Where the run of base64url that goes on at `start` ends.
pub fn end_of_part(text: &[u8], start: usize) -> usize {
    start + text[start..].iter().take_while(|b| part_byte(**b)).count()
}

/// The alphabet of base64url, RFC 4648 section 5.
fn part_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Bytes of the first part that are decoded.
pub const READ: usize = 2048;

/// Shortest payload: `{}` in base64 is `e30`.
const LEAST_PAYLOAD: usize = 3;

#[cfg(test)]
mod tests {
    use super::super::testing::{finds_where, stays_linear_where};
    use super::*;

    fn eyj(text: &[u8], at: usize) -> bool {
        text[at..].starts_with(b"eyJ")
    }

    /// `{"alg":"HS256","typ":"JWT"}` and `{"sub":"bob"}`.
    const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
    const PAYLOAD: &str = "eyJzdWIiOiJib2IifQ";

    #[test]
    fn finds_signed_and_encrypted_tokens() {
        let signed = format!("{HEADER}.{PAYLOAD}.c2lnbmF0dXJl-_");
        // {"alg":"dir","enc":"A128GCM"}
        let encrypted = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y2lwaGVy.dGFn";
        for (text, found) in [
            (format!("Bearer {signed}, x"), signed.as_str()),
            (format!("?jwt={signed}&a=b"), &signed),
            (format!("{HEADER}.{PAYLOAD}"), &format!("{HEADER}.{PAYLOAD}")),
            (format!("{HEADER}.{PAYLOAD}. Next"), &format!("{HEADER}.{PAYLOAD}")),
            (format!("{HEADER}..c2lnbmF0dXJl"), &format!("{HEADER}..c2lnbmF0dXJl")),
            (format!("\"{encrypted}\""), encrypted),
            (format!("{signed}/a"), &signed),
            (format!("{signed}.c2ln"), &signed),
            (format!("\\\"{signed}\\\""), &signed),
        ] {
            assert_eq!(finds_where(find, eyj, &text), found, "{text:?}");
        }
    }

    #[test]
    fn other_json_in_base64_stays() {
        for text in [
            "cursor=eyJpZCI6MTIzfQ==",
            "eyJpZCI6MTIzfQ.eyJpZCI6MTIzfQ.c2ln",
            HEADER,
            &format!("{HEADER}..."),
            &format!("{HEADER}."),
            &format!("x{HEADER}.{PAYLOAD}"),
            &format!("-{HEADER}.{PAYLOAD}"),
            "eyJ",
            "eyJ.eyJ.eyJ",
            "eyJ!!!",
            &format!("{HEADER}.a"),
        ] {
            assert_eq!(finds_where(find, eyj, text), "", "{text:?}");
        }
    }

    #[test]
    fn a_repeated_fragment_costs_linear_time() {
        for fragment in [
            "eyJ-",
            "eyJ.",
            "eyJ",
            "eyJhbGciOiJub25lIn0.",
            "eyJhbGciOiJub25lIn0 ",
            &format!("eyJ{} ", "a".repeat(4000)),
        ] {
            stays_linear_where(find, eyj, fragment);
        }
    }
}
