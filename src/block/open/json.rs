//! Members and elements over lines, of JSON and of what Rust and Python print: each scalar is claimed, keys and brackets stay.

use super::{Body, Claim, Next, blanks};
use crate::format::quote::{Quote, behind, closing, quote_at};
use crate::span::Span;

/// Is the whole line a JSON object?
pub fn is_record(payload: &[u8]) -> bool {
    payload.starts_with(b"{")
        && payload.trim_ascii_end().ends_with(b"}")
        && serde_json::from_slice::<serde::de::IgnoredAny>(payload).is_ok()
}

pub(super) fn line(payload: &[u8], depth: u32, claim: &mut impl FnMut(Claim)) -> Next {
    // What a printer puts inside is indented, or closes a bracket; anything else is a record of its own.
    if blanks(payload) == 0 && !matches!(payload.first(), None | Some(b'}' | b']' | b')')) {
        return Next::Closed;
    }
    if let Some(bytes) = dumped(payload) {
        claim((bytes, None));
        return Next::Open(Body::Json { depth });
    }
    match rest(payload, 0, depth, claim) {
        0 => Next::Closed,
        depth => Next::Open(Body::Json { depth }),
    }
}

/// Claims the scalars of `text` from `at` on, until as many brackets are closed as were open (`depth`), or the text ends.
/// How many are open then.
pub fn rest(text: &[u8], at: usize, mut depth: u32, claim: &mut impl FnMut(Claim)) -> u32 {
    let mut i = at;
    let mut level = None;
    while i < text.len() {
        match text[i] {
            b'(' if size(&text[i..]) > 0 => {
                i += size(&text[i..]);
                continue;
            }
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => {
                depth -= 1;
                if depth == 0 {
                    return 0;
                }
            }
            b'"' => {
                let quote = quote_at(text, i);
                level = level.or(Some(quote));
                let start = i + 1;
                let end = closing(text, start, quote).unwrap_or(text.len());
                let after = behind(text, end);
                // A doubled quote is none of a key, whatever CSV makes of it: two strings stand there.
                let doubled = memchr::memmem::find(&text[start..end], b"\"\"").is_some();
                if doubled || text.get(after + blanks(&text[after..])) != Some(&b':') {
                    claim((Span::new(start, end), None));
                }
                i = after;
                continue;
            }
            byte if byte.is_ascii_alphanumeric() || byte == b'-' => {
                let end = i + text[i..].iter().take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b)).count();
                if is_name(text, at, Span::new(i, end)) {
                    i = end;
                    continue;
                }
                let quote = level.unwrap_or(Quote { byte: b'"', level: 0, depth: 0 });
                claim((Span::new(i, end), Some(quote)));
                i = end;
                continue;
            }
            // The string around ends, a document in a string.
            b'\\' if matches!(text.get(i + 1), Some(b'n' | b't' | b'r')) => i += 1,
            _ => {}
        }
        i += 1;
    }
    depth
}

/// The bytes in a line that Go dumps them in, `00000000  70 61 73 73  |pass|`, behind their place (pkg.go.dev, "encoding/hex", `Dump`).
fn dumped(payload: &[u8]) -> Option<Span> {
    let place = blanks(payload);
    let bytes = payload[place..].iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let start = place + bytes + 2;
    let text = payload.trim_ascii_end();
    (bytes == 8 && text.ends_with(b"|") && text.get(start - 2..start) == Some(b"  "))
        .then(|| Span::new(start, text.len()))
}

/// Length of a type or a size in brackets as Go's spew prints them in front of a value, `(string) `, `(len=8 cap=8) `; 0 if none
/// begins `text`.
fn size(text: &[u8]) -> usize {
    let inside = text[1..].iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || b"_.*[]= ".contains(b)).count();
    let begins = text.get(1).is_some_and(|b| b.is_ascii_lowercase() || b"[*".contains(b));
    if begins && text[1 + inside..].starts_with(b") ") { inside + 3 } else { 0 }
}

/// Is the word a key without quotes that its line begins with, or a type as Rust prints it there or behind a key: `name: …`,
/// `Some(`, `name: User {`? In any other place a value may stand in front of such bytes. `at` is where the text begins.
fn is_name(text: &[u8], at: usize, word: Span) -> bool {
    let name = &text[word.range()];
    let before = &text[at..word.start];
    let first = before.iter().all(|b| matches!(b, b' ' | b'\t'));
    let class = name[0].is_ascii_uppercase() && name.iter().all(u8::is_ascii_alphabetic);
    match text[word.end..] {
        [b':', b' ', ..] => first && !before.is_empty(),
        [b'(', ..] | [b' ', b'{', ..] => class && (first && !before.is_empty() || before.ends_with(b": ")),
        _ => false,
    }
}
