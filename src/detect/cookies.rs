//! The values of a `Cookie` or `Set-Cookie` header: names and attributes stay (RFC 6265).

use crate::span::Span;

/// Attributes of `Set-Cookie`, which say nothing about the person.
const ATTRIBUTES: [&[u8]; 8] =
    [b"path", b"domain", b"expires", b"max-age", b"samesite", b"priority", b"version", b"comment"];

/// The spans of the values in the cookie list `list`.
pub fn values(text: &[u8], list: Span) -> impl Iterator<Item = Span> + '_ {
    let mut at = list.start;
    std::iter::from_fn(move || {
        while at < list.end {
            let item_end = memchr::memchr2(b';', b',', &text[at..list.end]).map_or(list.end, |i| at + i);
            let start = at + text[at..item_end].iter().take_while(|b| b.is_ascii_whitespace()).count();
            at = item_end + 1;
            let item = &text[start..item_end];
            let end = item_end - item.iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
            match memchr::memchr(b'=', item) {
                Some(equals) if ATTRIBUTES.iter().any(|a| item[..equals].eq_ignore_ascii_case(a)) => {}
                Some(equals) if start + equals + 1 < end => return Some(Span::new(start + equals + 1, end)),
                // A lone value (`Cookie: abc123`) is a cookie without its name; lone words are flags (`HttpOnly`, `Secure`).
                None if start == list.start && end > start && end == list.end => return Some(Span::new(start, end)),
                _ => {}
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_attributes_stay() {
        let cases: &[(&str, &[&str])] = &[
            ("a=1; b=two", &["1", "two"]),
            ("sid=abc; Path=/; HttpOnly; SameSite=Lax", &["abc"]),
            ("abc123", &["abc123"]),
            ("a=; b=x==", &["x=="]),
        ];
        for (text, expected) in cases {
            let found: Vec<&str> =
                values(text.as_bytes(), Span::new(0, text.len())).map(|s| &text[s.range()]).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }
}
