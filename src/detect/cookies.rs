//! The values of a `Cookie` or `Set-Cookie` header: names and attributes stay (RFC 6265).

use crate::span::Span;

/// Attributes of `Set-Cookie`, which say nothing about the person.
const ATTRIBUTES: [&[u8]; 8] =
    [b"path", b"domain", b"expires", b"max-age", b"samesite", b"priority", b"version", b"comment"];

/// Attributes without a value.
const FLAGS: [&[u8]; 3] = [b"httponly", b"secure", b"partitioned"];

/// Where the cookie that begins at `at` ends: at a semicolon, or at a comma in front of the next `name=` or `name:`. Any
/// other comma belongs to the value.
fn item_end(text: &[u8], at: usize) -> usize {
    let next = |i: usize| {
        let rest = &text[i + 1..];
        let blanks = rest.iter().take_while(|b| **b == b' ').count();
        let name =
            rest[blanks..].iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b)).count();
        // What an earlier run has made of a cookie is one.
        let marker = || rest[blanks..].starts_with(b"REDACTED-cookie");
        blanks > 0 && (name > 0 && matches!(rest.get(blanks + name), Some(b'=' | b':')) || marker())
    };
    let mut marks = memchr::memchr2_iter(b';', b',', &text[at..]).map(|i| at + i);
    marks.find(|&i| text[i] == b';' || next(i)).unwrap_or(text.len())
}

/// Where the first attribute of `list` stands. What is in it or behind it may be more than a cookie.
pub fn attributes_begin(text: &[u8], list: Span) -> usize {
    let mut at = list.start;
    while at < list.end {
        let end = item_end(&text[..list.end], at);
        let item = text[at..end].trim_ascii_start();
        let name = &item[..memchr::memchr(b'=', item).unwrap_or(0)];
        if ATTRIBUTES.iter().any(|attribute| name.eq_ignore_ascii_case(attribute)) {
            return at;
        }
        at = end + 1;
    }
    list.end
}

/// The spans of the values in the cookie list `list`.
pub fn values(text: &[u8], list: Span) -> impl Iterator<Item = Span> + '_ {
    let mut at = list.start;
    std::iter::from_fn(move || {
        while at < list.end {
            let item_end = item_end(&text[..list.end], at);
            let start = at + text[at..item_end].iter().take_while(|b| b.is_ascii_whitespace()).count();
            at = item_end + 1;
            let item = &text[start..item_end];
            let end = item_end - item.iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
            match memchr::memchr(b'=', item) {
                Some(equals) if ATTRIBUTES.iter().any(|a| item[..equals].eq_ignore_ascii_case(a)) => {}
                Some(equals) if start + equals + 1 < end => return Some(Span::new(start + equals + 1, end)),
                // A lone value (`Cookie: abc123`) is a cookie without its name, unless it is a flag.
                None if end > start && !FLAGS.iter().any(|flag| text[start..end].eq_ignore_ascii_case(flag)) => {
                    return Some(Span::new(start, end));
                }
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
    fn a_list_is_one_up_to_its_attributes() {
        for (text, begins) in [("a=1; b=2", 8), ("a=1; Path=/; b=2", 4), ("Secure; a=1; samesite=Lax x", 12), ("a", 1)]
        {
            assert_eq!(attributes_begin(text.as_bytes(), Span::new(0, text.len())), begins, "{text}");
        }
    }

    #[test]
    fn names_and_attributes_stay() {
        let cases: &[(&str, &[&str])] = &[
            ("a=1; b=two", &["1", "two"]),
            ("sid=abc; Path=/; HttpOnly; SameSite=Lax", &["abc"]),
            ("abc123", &["abc123"]),
            ("a=; b=x==", &["x=="]),
            ("a=abc,def; b=c", &["abc,def", "c"]),
            ("a=abc, b=c", &["abc", "c"]),
            ("abcdef; b=c", &["abcdef", "c"]),
        ];
        for (text, expected) in cases {
            let found: Vec<&str> =
                values(text.as_bytes(), Span::new(0, text.len())).map(|s| &text[s.range()]).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }
}
