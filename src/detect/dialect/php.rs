//! What PHP prints of its structures: `var_dump`, `print_r` and `serialize`.

use super::super::key::LONGEST;
use crate::span::Span;

/// Where the value's separator `=>` ends if a property's visibility stands between the name and it: behind the colon at
/// `colon`, `protected]=>` or `"Acme\User":private] =>` follows
/// ([`var_dump`](https://www.php.net/manual/en/function.var-dump.php)).
pub fn behind_visibility(text: &[u8], colon: usize) -> Option<usize> {
    let rest = &text[colon + 1..text.len().min(colon + 160)];
    let close = memchr::memchr(b']', rest)?;
    let word = rest[..close].rsplit(|&b| b == b':').next()?;
    let class = &rest[..close - word.len()];
    let is_class = class.iter().all(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || b"_\\\":".contains(b));
    if !matches!(word, b"protected" | b"private" | b"public") || !is_class {
        return None;
    }
    let blanks = rest[close + 1..].iter().take_while(|b| **b == b' ').count();
    rest[close + 1 + blanks..].starts_with(b"=>").then_some(colon + 1 + close + 1 + blanks + 2)
}

/// The name and the place of the value if the colon at `colon` belongs to the type of a serialized value:
/// `s:8:"password";s:7:"…";` ([`serialize`](https://www.php.net/manual/en/function.serialize.php)).
pub fn serialized(text: &[u8], colon: usize) -> Option<(Span, usize)> {
    // …"password";s:7:"
    //               ^ colon
    let digits = text[..colon].iter().rev().take(9).take_while(|b| b.is_ascii_digit()).count();
    let kind = text[..colon - digits].strip_suffix(b":")?;
    let name = kind.strip_suffix(b"s").or(kind.strip_suffix(b"S"))?.strip_suffix(b"\";")?;
    let floor = name.len().saturating_sub(LONGEST);
    let open = floor + memchr::memrchr(b'"', &name[floor..])? + 1;
    let follows = digits > 0 && open < name.len() && text.get(colon + 1) == Some(&b'"');
    follows.then_some((Span::new(open, name.len()), colon + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visibility_is_stepped_over() {
        for (text, rest) in [
            (r#""password":protected]=> string(3) "abc""#, r#" string(3) "abc""#),
            (r#""password":"Acme\User":private]=> "abc""#, r#" "abc""#),
            ("password:User:private] => abc", " abc"),
        ] {
            let colon = text.find(':').expect("a colon");
            let at = behind_visibility(text.as_bytes(), colon).expect(text);
            assert_eq!(&text[at..], rest);
        }
        for text in ["password:private", "password:abc] => x", r#""password":"x y":private]=> z"#] {
            let colon = text.find(':').expect("a colon");
            assert_eq!(behind_visibility(text.as_bytes(), colon), None, "{text}");
        }
    }

    #[test]
    fn serialized_members_have_their_name_before_them() {
        let text = br#"a:1:{s:8:"password";s:3:"abc";}"#;
        let colon = text.len() - r#":"abc";}"#.len();
        let (name, value) = serialized(text, colon).expect("a member");
        assert_eq!((&text[name.range()], value), (&b"password"[..], colon + 1));
        assert_eq!(serialized(br#"{"a":"b"}"#, 4), None);
        assert_eq!(serialized(b"s:8:x", 3), None);
    }
}
