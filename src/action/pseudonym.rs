//! The same name for the same value, under one key.

use super::Key;
use super::marker::{PREFIX, SUFFIX};
use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

/// Appends `REDACTED-<identity>-` and the first 50 bits of HMAC-SHA-256(key, identity ‖ 0 ‖ canonical value) in ten
/// characters of base32, lower case.
pub(super) fn write(identity: &str, key: &Key, value: &[u8], out: &mut Vec<u8>) {
    let mac = key.authenticate(&[identity.as_bytes(), &[0], &canonical(identity, value)]);
    let bits = u64::from_be_bytes(*mac.first_chunk().expect("32 bytes are more than 8"));
    out.extend_from_slice(PREFIX);
    out.extend_from_slice(identity.as_bytes());
    out.push(b'-');
    out.extend((0..SUFFIX).map(|i| ALPHABET[(bits >> (59 - 5 * i) & 31) as usize]));
}

/// RFC 4648, section 6, in lower case.
pub(super) const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The one spelling of a value of this kind: what two spellings of one person's address have in common.
fn canonical<'v>(identity: &str, value: &'v [u8]) -> Cow<'v, [u8]> {
    match identity {
        "email" => lower(value),
        // An IPv4 address has one spelling: octets with leading zeros are none.
        "ip" if value.iter().all(|b| b.is_ascii_digit() || *b == b'.') => value.into(),
        "ip" => address(value).map_or_else(|| lower(value), |ip| ip.to_string().into_bytes().into()),
        "mac" => lower(&only(value, u8::is_ascii_hexdigit)).into_owned().into(),
        "phone" => only(value, |b| b.is_ascii_digit() || *b == b'+').into(),
        "card" | "iban" | "ssn" => only(value, u8::is_ascii_alphanumeric).to_ascii_uppercase().into(),
        _ => value.into(),
    }
}

/// The address in `8.8.8.8`, `::ffff:8.8.8.8`, `[::1]:80`, `fe80::1%eth0`; an IPv4 address in IPv6 form is itself.
fn address(value: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(value).ok()?;
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    let bare = bare.split_once('%').map_or(bare, |(ip, _zone)| ip);
    let ip = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
    ip.ok().map(|ip: IpAddr| ip.to_canonical())
}

/// Lower case in any language; bytes that are no UTF-8 only within ASCII.
fn lower(value: &[u8]) -> Cow<'_, [u8]> {
    match std::str::from_utf8(value) {
        _ if value.iter().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) => value.into(),
        Ok(text) => text.to_lowercase().into_bytes().into(),
        Err(_) => value.to_ascii_lowercase().into(),
    }
}

/// The bytes that count.
fn only(value: &[u8], counts: impl Fn(&u8) -> bool) -> Vec<u8> {
    value.iter().copied().filter(|b| counts(b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(identity: &str, value: &str) -> String {
        let key = Key::new(b"a test key of enough bytes").expect("long enough");
        let mut out = Vec::new();
        write(identity, &key, value.as_bytes(), &mut out);
        String::from_utf8(out).expect("markers are ASCII")
    }

    /// Made by another implementation:
    /// `printf 'email\0bob@example.com' | openssl dgst -sha256 -hmac 'a test key of enough bytes' -binary | base32`
    #[test]
    fn anybody_with_the_key_can_make_them() {
        assert_eq!(named("email", "bob@example.com"), "REDACTED-email-vr5h3gl3ou");
        assert_eq!(named("ip", "8.8.8.8"), "REDACTED-ip-fivenxntv5");
    }

    #[test]
    fn spellings_of_one_value_have_one_name() {
        for (identity, spellings) in [
            ("email", &["bob@x.com", "Bob@X.com", "BOB@X.COM"][..]),
            ("email", &["jürgen@x.de", "JÜRGEN@X.de"]),
            ("ip", &["8.8.8.8", "::ffff:8.8.8.8", "::FFFF:808:808", "8.8.8.8:443", "[::ffff:8.8.8.8]:1"]),
            (
                "ip",
                &[
                    "2606:4700::1",
                    "2606:4700:0:0:0:0:0:1",
                    "2606:4700:0000::0001",
                    "[2606:4700::1]:443",
                    "2606:4700::1%eth0",
                    "[2606:4700::1]",
                ],
            ),
            ("mac", &["a4:46:21:b2:90:8f", "A4-46-21-B2-90-8F", "a446.21b2.908f"]),
            ("card", &["4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111"]),
            ("iban", &["DE89370400440532013000", "de89 3704 0044 0532 0130 00"]),
            ("phone", &["+12025550123", "+1 (202) 555-0123", "+1.202.555.0123"]),
            ("ssn", &["123-45-6789", "123456789", "123 45 6789"]),
        ] {
            for spelling in spellings {
                assert_eq!(named(identity, spelling), named(identity, spellings[0]), "{spelling}");
            }
        }
    }

    #[test]
    fn different_values_kinds_and_keys_have_different_names() {
        assert_ne!(named("email", "bob@x.com"), named("email", "bob@x.org"));
        assert_ne!(named("card", "4111111111111111")[14..], named("ssn", "4111111111111111")[13..]);
        assert_ne!(named("pii.name", "Bob"), named("pii.name", "bob"));
        assert_ne!(named("phone", "+12025550123"), named("phone", "12025550123"));
        let other = Key::new(b"another key of enough bytes").expect("long enough");
        let mut out = Vec::new();
        write("email", &other, b"bob@x.com", &mut out);
        assert_ne!(out, named("email", "bob@x.com").into_bytes());
    }

    #[test]
    fn names_do_not_tell_the_length() {
        assert_eq!(named("pii.name", "").len(), named("pii.name", &"x".repeat(1000)).len());
    }
}
