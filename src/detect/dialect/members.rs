//! Objects as Java and Kotlin print them: `User[password=two words, age=3]`, `User(name=…)`, `User{name=…}`.

use super::super::border::is_next_pair;
use super::super::key::Key;

/// How far back the bracket of the object is looked for.
const BACK: usize = 512;
/// Most bytes of a value.
const LONGEST: usize = 1024;

/// Where the value at `at` ends if its key is a member of such an object and the value has several words: in front of the
/// next member, or of the bracket that closes the object.
pub fn value_end(text: &[u8], key: &Key, at: usize) -> Option<usize> {
    let tight = key.quote.is_none() && text[key.name.end] == b'=' && at == key.name.end + 1;
    // The first one is read together with its bracket, as `user[password` of a form is.
    let name = &text[key.name.range()];
    let start = key.name.start + memchr::memrchr(b'[', name).map_or(0, |at| at + 1);
    let close = if tight { object(&text[..start])? } else { return None };
    let text = &text[..text.len().min(at + LONGEST)];
    let (mut depth, mut blanks) = (0usize, false);
    for i in at..text.len() {
        match text[i] {
            b'\r' | b'\n' | b'"' | b'\'' | b'\\' => return None,
            b' ' => blanks = true,
            b',' if depth == 0 && text.get(i + 1) == Some(&b' ') && is_next_pair(text, i + 2) => {
                return blanks.then_some(i);
            }
            b'[' | b'(' | b'{' => depth += 1,
            byte if byte == close && depth == 0 => return blanks.then_some(i),
            b']' | b')' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The bracket that closes the object whose member begins behind `before`.
fn object(before: &[u8]) -> Option<u8> {
    if !before.ends_with(b", ") && !before.last().is_some_and(|b| b"[({".contains(b)) {
        return None;
    }
    let before = &before[before.len().saturating_sub(BACK)..];
    let mut depth = 0usize;
    let open = before.iter().rposition(|b| match b {
        b']' | b')' | b'}' => {
            depth += 1;
            false
        }
        b'[' | b'(' | b'{' if depth > 0 => {
            depth -= 1;
            false
        }
        b'[' | b'(' | b'{' => true,
        _ => false,
    })?;
    let inside = &before[open + 1..];
    let name = before[..open].iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let class = before[open - name..open].first().is_some_and(u8::is_ascii_uppercase);
    (class && (inside.is_empty() || inside.ends_with(b", "))).then(|| match before[open] {
        b'[' => b']',
        b'(' => b')',
        _ => b'}',
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    #[test]
    fn values_of_several_words_end_with_their_member() {
        for (text, value) in [
            ("User[pin=a b c, age=3]", Some("a b c")),
            ("User(id=1, tags=[x, y], pin=a (b) c)", Some("a (b) c")),
            ("a.User{pin=a b} done", Some("a b")),
            ("User[pin=a, age=3]", None),
            ("user[pin=a b]", None),
            ("User[id=1] pin=a b]", None),
            ("User[pin=a b", None),
        ] {
            let start = text.find("pin").expect("a name");
            let begin = if text.starts_with("User[pin") { 0 } else { start };
            let key = Key { name: Span::new(begin, start + 3), quote: None, start: begin };
            let end = value_end(text.as_bytes(), &key, start + 4);
            assert_eq!(end.map(|end| &text[start + 4..end]), value, "{text}");
        }
    }
}
