//! Lines of a private key whose BEGIN was not seen, because the file was split or filtered, and those of a key that is called
//! otherwise.

use super::{Body, Claim, Next};
use crate::span::Span;
use memchr::memmem;

pub(super) fn line(payload: &[u8], claim: &mut impl FnMut(Claim)) -> Next {
    let text = payload.trim_ascii();
    let start = payload.len() - payload.trim_ascii_start().len();
    // The last line of a key is shorter than the others. A word is none: it has no capital behind a small letter.
    let humps = || text.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase());
    let whole = matches!(text.len(), 64 | 70);
    if text.len() >= 4
        && is_base64(text)
        && (whole || text.ends_with(b"=") || is_mixed(text) || text.len().is_multiple_of(4) && humps())
    {
        claim((Span::new(start, start + text.len()), None));
    }
    if whole && is_base64(text) { Next::Open(Body::KeyBody) } else { Next::Closed }
}

/// Does `line` begin a key that OpenVPN shares among its peers, in hexadecimal or, of the second version, base64
/// ([openvpn(8)](https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/), `--genkey`)?
pub fn begins_static(line: &[u8]) -> bool {
    const HEADS: [&[u8]; 2] = [b"-----BEGIN OpenVPN Static key V1-----", b"-----BEGIN OpenVPN tls-crypt-v2 "];
    (HEADS.iter().any(|head| line.starts_with(head)) || is_small(line)) && memmem::find(line, b"-----END").is_none()
}

/// The header of a private key in small letters.
fn is_small(line: &[u8]) -> bool {
    let label = line.strip_prefix(b"-----begin ").unwrap_or_default();
    let end = memmem::find(label, b"-----").filter(|end| *end < 64).unwrap_or_default();
    label[..end].ends_with(b"private key") && memmem::find(label, b"-----end").is_none()
}

pub(super) fn static_key(payload: &[u8], claim: &mut impl FnMut(Claim)) -> Next {
    if [&b"-----END"[..], b"-----end"].iter().any(|end| memmem::find(payload, end).is_some()) {
        return Next::Closed;
    }
    let text = payload.trim_ascii();
    let start = payload.len() - payload.trim_ascii_start().len();
    if is_base64(text) && (text.len() >= 16 || text.ends_with(b"=")) {
        claim((Span::new(start, start + text.len()), None));
    }
    Next::Open(Body::StaticKey)
}

/// Is this what an encoder of keys writes into a line: 64 characters of base64 (RFC 7468) or 70 (OpenSSH), of all kinds?
pub fn is_key_line(text: &[u8]) -> bool {
    matches!(text.len(), 64 | 70) && is_base64(text) && is_mixed(text)
}

fn is_mixed(text: &[u8]) -> bool {
    let any = |kind: fn(&u8) -> bool| text.iter().any(kind);
    any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase) && any(u8::is_ascii_digit)
}

/// Base64, with its padding at the end only: `payload=…` is a field.
fn is_base64(text: &[u8]) -> bool {
    let padding = text.iter().rev().take_while(|b| **b == b'=').count();
    let body = &text[..text.len() - padding];
    padding <= 2 && body.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}
