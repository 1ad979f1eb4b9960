//! Keys that say what they hold only together with the object they stand in: `{"customer":{"name":"…"}}` is read as
//! `customer.name`, `{"card":{"number":…}}` as `card.number`.

use super::super::key::{self, Key};
use super::super::vocabulary::Vocabulary;

/// How far in front of such a key its object may open, in bytes.
const REACH: usize = 256;
/// Longest name of both together.
const LONGEST: usize = 96;

/// Is this the name of a part of something, or of nothing in particular?
pub fn is_part(name: &[u8]) -> bool {
    static PARTS: Vocabulary = Vocabulary::new(
        "name number first middle last given family formatted full line line1 line2 code expiry expiration exp holder date",
    );
    PARTS.has(name)
}

/// May what stands around a field of this name say what it holds?
pub fn is_vague(name: &[u8]) -> bool {
    is_name(name) || is_number(name) || is_address(name)
}

/// Is this `name` in some language, or one that has to be shown?
pub fn is_name(name: &[u8]) -> bool {
    static NAMES: Vocabulary =
        Vocabulary::new("name nom nome nombre naam cn sn displayName display_name commonName common_name");
    NAMES.has(name)
}

/// Is this the number of a thing that another member names?
pub fn is_number(name: &[u8]) -> bool {
    static NUMBERS: Vocabulary =
        Vocabulary::new("number document_number documentNumber doc_number docNumber identifier");
    NUMBERS.has(name)
}

/// Is this the `address` of anything?
pub fn is_address(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"address") || name.eq_ignore_ascii_case(b"addr")
}

/// Is the value that begins at `at` in a string several words, not all of them digits?
pub fn is_place(text: &[u8], at: usize) -> bool {
    let value = string(text, at);
    value.contains(&b' ') && value.iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80)
}

/// Is the value that begins at `at` in a string two words or more, without digits, the first of them capitalised?
pub fn is_full_name(text: &[u8], at: usize) -> bool {
    let value = string(text, at);
    let first = value.first().is_some_and(|b| b.is_ascii_uppercase() || *b >= 0x80);
    first && value.contains(&b' ') && !value.iter().any(|b| b.is_ascii_digit() || b"_/:@".contains(b))
}

/// The string that begins at `at`, up to the next quote or escape; nothing if it is long.
fn string(text: &[u8], at: usize) -> &[u8] {
    let rest = text.get(at..text.len().min(at + 96)).unwrap_or_default();
    let open = rest.iter().take_while(|b| matches!(b, b' ' | b'\\' | b'"' | b'\'')).count();
    let value = &rest[open..];
    &value[..value.iter().position(|b| matches!(b, b'"' | b'\'' | b'\\')).unwrap_or(0)]
}

/// Objects that have a name and are no persons: spans, processes, messages between programs.
fn is_thing(owner: &[u8]) -> bool {
    const THINGS: [&[u8]; 8] =
        [b"parent", b"child", b"caller", b"sender", b"receiver", b"recipient", b"guardian", b"reporter"];
    THINGS.iter().any(|thing| owner.eq_ignore_ascii_case(thing))
}

/// The name of `key` behind that of the object, or the list of objects, that it is a member of: `customer.name`.
pub fn joined(text: &[u8], key: &Key) -> Option<Vec<u8>> {
    let open = opening(text, key.start)?;
    let before = text[..open].trim_ascii_end();
    let before = before.strip_suffix(b"[").unwrap_or(before).trim_ascii_end();
    let separator = before.strip_suffix(b"=>").map_or(before.len().checked_sub(1)?, <[u8]>::len);
    if !matches!(text[separator], b':' | b'=') {
        return None;
    }
    let owner = key::before(text, separator)?;
    let (owner, part) = (&text[owner.name.range()], &text[key.name.range()]);
    let fits = owner.len() + part.len() < LONGEST && !is_thing(owner);
    fits.then(|| [owner, b".", part].concat())
}

/// Where the object opens in which the member at `at` stands. Brackets in strings are taken for real ones.
fn opening(text: &[u8], at: usize) -> Option<usize> {
    let floor = at.saturating_sub(REACH);
    memchr::memrchr(b'{', &text[floor..at])?;
    let mut depth = 0usize;
    for open in (floor..at).rev() {
        match text[open] {
            b'}' | b']' => depth += 1,
            b'{' if depth == 0 => return Some(open),
            b'{' | b'[' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_called_after_its_object() {
        for (text, found) in [
            (r#"{"customer":{"name":"#, Some("customer.name")),
            (r#"{"customer":{"id":7,"tags":["a"],"x":{"y":1},"name":"#, Some("customer.name")),
            (r#"{"name" : [ {"use":"x","family":"#, Some("name.family")),
            ("{'customer': {'name':", Some("customer.name")),
            (":customer=>{:name=", Some("customer.name")),
            (r#"{\"customer\":{\"name\":"#, Some("customer.name")),
            (r#"{"parent":{"name":"#, None),
            (r#"{"name":"#, None),
            (r#"[{"name":"#, None),
            (r#"{"a":[1,"name":"#, None),
            ("name=", None),
        ] {
            let key = key::before(text.as_bytes(), text.len() - 1).expect("a key");
            let joined = joined(text.as_bytes(), &key).map(|name| String::from_utf8(name).expect("text"));
            assert_eq!(joined.as_deref(), found, "{text}");
        }
        assert!(is_full_name(br#" "Jo Fakename""#, 0));
        assert!(!is_full_name(br#" "jo fakename""#, 0) && !is_full_name(br#""Job 7""#, 0));
        assert!(is_part(b"Name") && !is_part(b"names") && !is_part(b"id"));
    }
}
