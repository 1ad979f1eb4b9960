//! What stands between a separator and its value: escaped blanks, types, wrappers.

use crate::format::quote::is_quote;

/// Length of the escaped blanks (`\\t`, `\\n`) in front of a quote or bracket; other text may begin with such letters.
pub fn escaped_blanks(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let slashes = text[at..].iter().take(64).take_while(|&&b| b == b'\\').count();
        if slashes == 0 || !matches!(text.get(at + slashes), Some(b't' | b'n' | b'r')) {
            break;
        }
        at += slashes + 1;
        at += text[at..].iter().take(64).take_while(|&&b| b == b' ').count();
    }
    let opens = matches!(text.get(at), Some(b'\\' | b'"' | b'\'' | b'{' | b'[' | b'-' | b'0'..=b'9'));
    if opens { at } else { 0 }
}

/// `b'…'`, `u"…"`, `$'…'`, types and wrappers such as `Some("…")`, `Secret('…')`, `Slice(["…"])`, `string(8) "…"` of PHP,
/// `(string) (len=8) "…"` of Go, `<<"…">>` of Erlang: how many bytes stand before the quote.
pub fn prefix(text: &[u8]) -> usize {
    let word = |at: usize| {
        text[at..].iter().take(40).take_while(|b| b.is_ascii_alphanumeric() || b"_.$@&".contains(b)).count()
    };
    let quoted = |at: usize| {
        text.get(at).is_some_and(|&b| is_quote(b)) || text.get(at) == Some(&b'\\') && text.get(at + 1) == Some(&b'"')
    };
    if text.starts_with(b"<<") && quoted(2) {
        return 2;
    }
    let first = word(0);
    if (1..=2).contains(&first) && quoted(first) && text[..first].iter().all(|b| b"bBuUrRfFnNeE$@".contains(b)) {
        return first;
    }
    let mut at = 0;
    for _ in 0..4 {
        let name = word(at);
        if text.get(at + name) != Some(&b'(') {
            return 0;
        }
        let inside = at + name + 1;
        let list = inside + usize::from(text.get(inside) == Some(&b'['));
        if name > 0 && quoted(list) {
            return list;
        }
        // `(string) (len=8) "…"`: a type stands between brackets, then a blank.
        let size =
            text[inside..].iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || b"_.=*[] ".contains(b)).count();
        if size > 0 && text[inside + size..].starts_with(b") ") {
            at = inside + size + 2;
            if quoted(at) {
                return at;
            }
        } else if name > 0 {
            at = inside;
        } else {
            return 0;
        }
    }
    0
}

/// Length of the anchor of YAML in front of the value at `at` that ends its line: `password: &pw value`. Aliases name it, so it
/// stays; what has more than small letters may be a value that begins with such a sign.
pub fn anchor(text: &[u8], at: usize, limit: usize) -> usize {
    if text.get(at) != Some(&b'&') || at < 2 || text[at - 2..at] != *b": " {
        return 0;
    }
    let rest = &text[at + 1..limit];
    let name = rest.iter().take(32).take_while(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-')).count();
    let value = rest[name..].strip_prefix(b" ").unwrap_or_default();
    let word = value.iter().take_while(|b| !b.is_ascii_whitespace() && **b != b'\\').count();
    let ends = matches!(value[word..], [] | [b'\r' | b'\n' | b'\\', ..]);
    // The next pair is no value: `password: &x retry=3`.
    let pair = value[..word].contains(&b'=');
    if name > 0 && word > 0 && ends && !pair { name + 2 } else { 0 }
}

/// Length of the type in front of the braces of a Go literal: `[]string{`, `map[string]interface {}{`, `&acme.User{`.
pub fn go_type(text: &[u8]) -> usize {
    let text = &text[..text.len().min(96)];
    let composite = text.starts_with(b"[]") || text.starts_with(b"map[") || text.starts_with(b"&") && text.len() > 1;
    if !composite {
        return 0;
    }
    let mut at = 0;
    loop {
        at += text[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || b"_.[]*&".contains(b)).count();
        match &text[at..] {
            [b' ', b'{', b'}', ..] => at += 3,
            [b'{', ..] => return at,
            _ => return 0,
        }
    }
}
