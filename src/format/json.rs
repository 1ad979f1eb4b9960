//! Just enough JSON: where in the document a key stands, and whether a number stands bare.

use super::quote::{Quote, closing, quote_at};
use crate::span::Span;

/// The keys from the root of the innermost document down to (and with) the key whose name starts at `at`.
///
/// Reads from the start of the JSON document in `text` on, so it is for records that have a candidate only. Dotted keys
/// count as several (`a.b` is `a`, then `b`), array steps count as none. `None` if `at` is in no JSON object.
pub fn path(text: &[u8], at: usize) -> Option<Vec<Span>> {
    let quote = quote_at(text, at.checked_sub(1)?);
    if quote.byte != b'"' {
        return None;
    }
    let mut stack: Vec<(u8, Option<Span>)> = Vec::new();
    let mut i = 0;
    let mut key = None;
    while i < at {
        match text[i] {
            open @ (b'{' | b'[') => {
                stack.push((open, key.take()));
                if stack.len() > 512 {
                    return None;
                }
            }
            b'}' | b']' => {
                stack.pop();
                key = None;
            }
            b',' => key = None,
            b'"' => {
                let found = quote_at(text, i);
                let end = closing(text, i + 1, found)?;
                if found.level == quote.level {
                    if i + 1 == at {
                        let mut keys: Vec<Span> = stack.iter().filter_map(|(_, key)| *key).collect();
                        keys.push(Span::new(at, end));
                        return stack.iter().any(|(open, _)| *open == b'{').then_some(keys);
                    }
                    let after = end + found.width();
                    let colon = after + text.get(after..)?.iter().take_while(|b| b.is_ascii_whitespace()).count();
                    if text.get(colon) == Some(&b':') {
                        key = Some(Span::new(i + 1, end));
                    }
                    i = after;
                    continue;
                }
                if found.level < quote.level {
                    // Into a string that holds a document of its own.
                    if end > at {
                        stack.clear();
                        key = None;
                    } else {
                        i = end + found.width();
                        continue;
                    }
                }
            }
            _ => {}
        }
        i += 1;
    }
    None
}

/// The quotes a marker needs in place of the bare JSON value at `span` (a number in an object or array), if it is one.
///
/// Looks at the neighbours only: a key's quote before the colon, or an array whose bracket follows such a key.
pub fn bare_quote(text: &[u8], span: Span) -> Option<Quote> {
    let next = text[span.end..].iter().find(|b| !b.is_ascii_whitespace());
    if !matches!(next, Some(b',' | b'}' | b']')) {
        return None;
    }
    let floor = span.start.saturating_sub(512);
    let mut at = span.start;
    let mut in_array = false;
    loop {
        at -= text[floor..at].iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
        if at == floor {
            return (at == 0 && in_array).then_some(Quote { byte: b'"', level: 0, depth: 0 });
        }
        match text[at - 1] {
            b':' => {
                at -= 1;
                at -= text[floor..at].iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
                let quoted = at > floor && text[at - 1] == b'"';
                return quoted.then(|| quote_at(text, at - 1));
            }
            b'[' => {
                in_array = true;
                at -= 1;
            }
            // An element before this one in an array.
            b',' => {
                at -= 1;
                at -= text[floor..at]
                    .iter()
                    .rev()
                    .take_while(|b| b.is_ascii_alphanumeric() || b"+-. \"_".contains(b))
                    .count();
                if at == floor || !matches!(text[at - 1], b',' | b'[') {
                    return in_document(text, span.start);
                }
            }
            _ => return None,
        }
    }
}

/// The quotes of a record that is one JSON document as a whole, if `at` is in no string of it.
fn in_document(text: &[u8], at: usize) -> Option<Quote> {
    let document = matches!(text.iter().find(|b| !b.is_ascii_whitespace()), Some(b'{' | b'['));
    let mut nesting = super::nesting::Nesting::default();
    if document && at < 64 << 10 {
        nesting.move_to(text, at);
    }
    let outside = document && nesting.innermost().is_none();
    outside.then_some(Quote { byte: b'"', level: 0, depth: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path_of(text: &str, key: &str) -> Option<String> {
        let at = text.find(key).expect("the key");
        let keys = path(text.as_bytes(), at)?;
        Some(keys.iter().map(|k| &text[k.range()]).collect::<Vec<_>>().join("/"))
    }

    #[test]
    fn paths_lead_from_the_root() {
        assert_eq!(path_of(r#"{"a":{"b":[{"c":1,"d":2}]}}"#, "d"), Some("a/b/d".into()));
        assert_eq!(path_of(r#"x {"a":1,"req":{"h":{"k":"v"}}}"#, "k"), Some("req/h/k".into()));
        assert_eq!(path_of(r#"{"a":{"x":1},"b":2}"#, "b"), Some("b".into()));
        assert_eq!(path_of(r#"{"m":"{\"p\":{\"q\":1}}"}"#, "q"), Some("p/q".into()));
        assert_eq!(path_of(r#"q "no object" k"#, "no"), None);
    }

    #[test]
    fn bare_numbers_need_quotes_and_text_does_not() {
        let level = |text: &str| {
            let at = text.find("4111").expect("the number");
            bare_quote(text.as_bytes(), Span::new(at, at + 4)).map(|q| q.level)
        };
        assert_eq!(level(r#"{"n":4111}"#), Some(0));
        assert_eq!(level(r#"{"n": 4111 , "m":1}"#), Some(0));
        assert_eq!(level(r#"{\"n\":4111}"#), Some(1));
        assert_eq!(level(r#"{"n":[1, 4111]}"#), Some(0));
        assert_eq!(level("[4111]"), Some(0));
        assert_eq!(level(r#"{"a":[{"b":1},4111]}"#), Some(0));
        assert_eq!(level("card [4111]"), None);
        assert_eq!(level("id: 4111, next"), None);
        assert_eq!(level(r#""n" 4111,"#), None);
    }
}
