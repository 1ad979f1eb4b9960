//! What PHP prints of its structures: `var_dump`, `print_r` and `serialize`.

use super::super::border::ends_line;
use super::super::key::{Key, LONGEST};
use crate::slashes;
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
    let arrow = close + 1 + blanks;
    Some(colon + 1 + arrow + arrow_end(&rest[arrow..])?)
}

/// Length of the `=>` that `text` begins with, as Go's JSON and markup have it, too: `=\u003e`, `=&gt;`.
fn arrow_end(text: &[u8]) -> Option<usize> {
    let tip = text.strip_prefix(b"=")?;
    let spelled = slashes::leading(tip);
    let known: [(&[u8], bool); 4] = [(b">", false), (b"&gt;", false), (b"u003e", true), (b"u003E", true)];
    let (tip, _) = known.iter().find(|(one, deep)| *deep == (spelled > 0) && tip[spelled..].starts_with(one))?;
    Some(1 + spelled + tip.len())
}

/// Does the colon at `colon` stand between the type of a serialized string and its length, `;s:8:`?
pub fn is_size(text: &[u8], colon: usize) -> bool {
    let behind = text.get(colon + 1).is_some_and(u8::is_ascii_digit);
    text[colon] == b':' && behind && (text[..colon].ends_with(b";s") || text[..colon].ends_with(b";S"))
}

/// The name and the place of the value in front of whose length the colon at `colon` stands: `s:8:"password";s:7:"…";`
/// ([`serialize`](https://www.php.net/manual/en/function.serialize.php)).
pub fn serialized(text: &[u8], colon: usize) -> Option<(Span, usize)> {
    // …"password";s:7:"
    //              ^ colon
    let name = text[..colon.checked_sub(1)?].strip_suffix(b"\";")?;
    // In a string the quotes have backslashes.
    let slashes = slashes::trailing(name);
    let name = &name[..name.len() - slashes];
    let floor = name.len().saturating_sub(LONGEST);
    let open = floor + memchr::memrchr(b'"', &name[floor..])? + 1;
    let digits = text[colon + 1..].iter().take(9).take_while(|b| b.is_ascii_digit()).count();
    let value = text[colon + 1 + digits..].strip_prefix(b":")?;
    let (escapes, quote) = value.split_at_checked(slashes)?;
    let follows = open < name.len() && quote.starts_with(b"\"") && escapes.iter().all(|b| *b == b'\\');
    follows.then_some((Span::new(open, name.len()), text.len() - value.len()))
}

/// Longest string that is counted byte by byte.
const LONGEST_STRING: usize = 4096;

/// The string that opens at `open`, of as many bytes as are said behind the colon at `colon`: quotes in it are not escaped, but where
/// it stands in a string of JSON. `None` if it does not end there.
pub fn sized(text: &[u8], colon: usize, open: usize) -> Option<Span> {
    let slashes = slashes::leading(&text[open..]);
    let digits = &text[colon + 1..open.checked_sub(1)?];
    let length: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let start = open + slashes + 1;
    let end = match slashes {
        0 => start.checked_add(length)?,
        1 if length <= LONGEST_STRING => {
            let mut end = start;
            for _ in 0..length {
                end += match text.get(end..)? {
                    [b'\\', b'u', ..] | [] => return None,
                    [b'\\', ..] => 2,
                    _ => 1,
                };
            }
            end
        }
        _ => return None,
    };
    let behind = text.get(end..)?;
    (slashes::leading(behind) == slashes && behind[slashes..].starts_with(b"\";")).then_some(Span::new(start, end))
}

/// Where the value at `at` ends that `print_r` wrote behind `[password] => `: at the end of its line, or at the next such
/// name where the lines were joined ([`print_r`](https://www.php.net/manual/en/function.print-r.php)). `None` if the key
/// is no such name.
pub fn printed_end(text: &[u8], key: &Key, at: usize, level: u32) -> Option<usize> {
    let bracketed = key.quote.is_none() && text.get(key.name.start) == Some(&b'[');
    let begins = key.start == 0 || text[key.start - 1].is_ascii_whitespace();
    if !bracketed || !begins || !text[key.name.end..].starts_with(b"] => ") || text.get(at) == Some(&b'(') {
        return None;
    }
    let next = |i: usize| {
        let rest = &text[i..text.len().min(i + LONGEST)];
        let name = rest.iter().position(|b| *b == b']');
        rest.starts_with(b"[") && name.is_some_and(|end| rest[end..].starts_with(b"] => "))
    };
    let ends = |i: usize| match text[i] {
        b'\r' | b'\n' => true,
        b'\\' => ends_line(text, i, level),
        b' ' => next(i + 1) || text[i + 1..].trim_ascii() == b")",
        _ => false,
    };
    Some((at..text.len()).find(|i| ends(*i)).unwrap_or(text.len()))
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
            (r"password:protected] =\\u003e abc", " abc"),
            ("password:protected] =&gt; abc", " abc"),
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
    fn a_serialized_string_is_as_long_as_it_says() {
        for (text, value) in [
            (r#"{s:3:"pin";s:5:"a"b"c";}"#, Some(r#"a"b"c"#)),
            (r#"{s:3:\"pin\";s:5:\"a\"b\"c\";}"#, Some(r#"a\"b\"c"#)),
            (r#"{s:3:"pin";s:9:"abc";}"#, None),
            (r#"{s:3:"pin";s:2:"abc";}"#, None),
            (r#"{s:3:"pin";s:99999999:"abc";}"#, None),
        ] {
            let colon = text.rfind(";s:").expect("a type") + 2;
            let (_, open) = serialized(text.as_bytes(), colon).expect("a member");
            let found = sized(text.as_bytes(), colon, open);
            assert_eq!(found.map(|span| &text[span.range()]), value, "{text}");
        }
    }

    #[test]
    fn serialized_members_have_their_name_before_them() {
        for (text, member) in [
            (r#"a:1:{s:8:"password";s:3:"abc";}"#, Some(("password", r#""abc";}"#))),
            (r#"a:1:{s:8:\"password\";s:3:\"abc\";}"#, Some(("password", r#"\"abc\";}"#))),
            (r#"a:1:{i:8;s:3:"abc";}"#, None),
            (r#"a:1:{s:8:"password";s:x"#, None),
        ] {
            let colon = text.rfind(";s:").expect("a type") + 2;
            let found = serialized(text.as_bytes(), colon).map(|(name, at)| (&text[name.range()], &text[at..]));
            assert_eq!(found, member, "{text}");
            assert_eq!(is_size(text.as_bytes(), colon), !text.ends_with('x'), "{text}");
        }
    }
}
