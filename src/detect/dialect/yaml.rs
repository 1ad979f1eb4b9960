//! Plain scalars of YAML that have several words.

use super::super::border::{ends_line, is_next_pair};
use super::super::key::Key;
use crate::format::peel;

/// End of the plain scalar at `at` whose key is alone in front of it, indented or behind a dash, `  password: two words`:
/// that of its line, or where a remark or another key begins.
pub fn plain_end(text: &[u8], key: &Key, at: usize, limit: usize, level: u32) -> Option<usize> {
    let lead = text[..key.start].iter().rev().take(64).take_while(|b| matches!(b, b' ' | b'-')).count();
    let start = key.start - lead;
    let plain = key.quote.is_none() && text[key.name.end..].starts_with(b": ") && at == key.name.end + 2;
    if lead < 2 || !plain || !text.get(at)?.is_ascii_alphanumeric() {
        return None;
    }
    if start > 0 && text[start - 1] != b'\n' && !(start..=key.start).contains(&peel(text).payload.start) {
        return None;
    }
    let text = &text[..limit];
    let ends = |i: usize| match text[i] {
        b'\r' | b'\n' | 0x1B => true,
        b' ' => text[i + 1..].starts_with(b"#") || is_next_pair(text, i + 1),
        b'\\' => ends_line(text, i, level),
        _ => false,
    };
    let end = (at..text.len()).find(|i| ends(*i)).unwrap_or(text.len());
    let end = at + text[at..end].trim_ascii_end().len();
    // One word ends as anywhere else.
    text[at..end].contains(&b' ').then_some(end)
}
