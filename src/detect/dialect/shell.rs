//! Words of a shell that are put together, `PASSWORD='two'"parts"`, and variables that are strings in a list.

use super::super::border::opened_before;
use super::super::key::Key;
use crate::format::quote::{closing, quote_at};
use crate::slashes;
use memchr::memchr;

/// Longest variable that is looked at, in bytes.
const LONGEST: usize = 4096;

/// Where the word ends that begins with the string at `open`, whose closing quote stands at `close`, if strings in the other
/// quotes follow without a blank. `depth` strings are around it.
pub fn joined(text: &[u8], key: &Key, open: usize, close: usize, depth: u32) -> Option<usize> {
    let flag = text[key.start] == b'-' && text[key.name.end] == b' ';
    let behind = key.quote.is_none() && (flag || text[key.name.end] == b'=') && open == key.name.end + 1;
    let assigned = depth == 0 && behind;
    let mut end = close + 1;
    while assigned && end < text.len() {
        // An apostrophe of the word itself, `'it'\''s'`.
        if text[end - 1] == b'\'' && text[end..].starts_with(br"\''") {
            let Some(length) = memchr(b'\'', &text[end + 3..]) else { break };
            end += length + 4;
            continue;
        }
        let other = match text[end - 1] {
            b'\'' => b'"',
            b'"' => b'\'',
            _ => break,
        };
        // What follows closes the string that the key stands in.
        if text[end] != other || opened_before(text, key.start, other) {
            break;
        }
        match memchr(other, &text[end + 1..]) {
            Some(length) if length > 0 => end += length + 2,
            _ => break,
        }
    }
    (end > close + 1).then_some(end)
}

/// Does a here-document begin with the value at `at`, whose second sign stands at `second`: `<<EOT`?
pub fn begins_document(text: &[u8], at: usize, second: usize) -> bool {
    second == at + 1 && text[at] == b'<' && text.get(second + 1).is_some_and(u8::is_ascii_alphabetic)
}

/// Where the string ends that is a variable and its value, an item of a list, as containers have their environment:
/// `"Env":["PATH=/bin","DB_PASSWORD=two words"]`.
pub fn variable_end(text: &[u8], key: &Key, limit: usize) -> Option<usize> {
    let plain = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    let open = key.start.checked_sub(1).filter(|open| matches!(text[*open], b'"' | b'\''))?;
    if key.quote.is_some() || text.get(key.name.end) != Some(&b'=') || !text[key.name.range()].iter().all(plain) {
        return None;
    }
    let slashes = slashes::trailing(&text[..open]);
    let before = text[..open - slashes].trim_ascii_end();
    if !matches!(before, [.., b'['] | [.., b'"' | b'\'', b',']) {
        return None;
    }
    closing(text, key.name.end, quote_at(text, open)).filter(|end| *end <= limit && *end < key.start + LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    #[test]
    fn parts_in_other_quotes_belong_to_the_word() {
        for (text, word) in [
            (r#"PIN='hun'"ter"'2' x"#, Some(r#"'hun'"ter"'2'"#)),
            (r#"PIN="a"'b'"#, Some(r#""a"'b'"#)),
            (r"PIN='it'\''s' x", Some(r"'it'\''s'")),
            (r#"PIN='a' "b""#, None),
            (r#"PIN='a'""#, None),
            (r#"echo 'PIN="a"' 'b'"#, None),
        ] {
            let start = text.find("PIN").expect("a name");
            let open = start + 4;
            let key = Key { name: Span::new(start, open - 1), quote: None, start };
            let close = open + 1 + text[open + 1..].find(&text[open..=open]).expect("a quote");
            let end = joined(text.as_bytes(), &key, open, close, 0);
            assert_eq!(end.map(|end| &text[open..end]), word, "{text}");
        }
    }
}
