//! Plain scalars of YAML that have several words.

use super::super::border::{ends_line, is_next_pair};
use super::super::key::Key;
use crate::format::peel;

/// End of the plain scalar of several words at `at`, if it is a member of a flow mapping (YAML 1.2.2, section 7.4.2),
/// `{password: two words, n: 1}`: in front of what parts members, or of the bracket.
pub fn flow_end(text: &[u8], key: &Key, at: usize, limit: usize) -> Option<usize> {
    let plain = key.quote.is_none() && text[key.name.end..].starts_with(b": ") && at == key.name.end + 2;
    if !plain || !text.get(at)?.is_ascii_alphanumeric() {
        return None;
    }
    let before = text[key.start.saturating_sub(LONGEST)..key.start].trim_ascii_end();
    let open = memchr::memrchr2(b'{', b'}', before).is_some_and(|at| before[at] == b'{');
    if !open || !matches!(before.last(), Some(b'{' | b',')) {
        return None;
    }
    let value = &text[at..limit.min(at + LONGEST)];
    let end =
        value.iter().position(|b| b",[]{}\r\n\"\\".contains(b)).filter(|end| matches!(value[*end], b',' | b'}'))?;
    let words = value[..end].trim_ascii_end();
    // One word ends as anywhere else, and a pair is none.
    let pairs = memchr::memchr2_iter(b':', b'=', words).next().is_some();
    (words.contains(&b' ') && !pairs).then_some(at + words.len())
}

/// Most bytes of a member of a flow mapping, and of what stands in front of it.
const LONGEST: usize = 512;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::key;

    #[test]
    fn members_of_a_flow_mapping_end_in_front_of_the_next() {
        for (text, value) in [
            ("a: {pin: a b, n: 1}", Some("a b")),
            ("- {name: x, pin: a b c }", Some("a b c")),
            ("{pin: ab}", None),
            ("{pin: a b n: 1}", None),
            ("{pin: a b", None),
            ("{n: 1} pin: a b, c", None),
            ("{f(x) pin: a b}", None),
            ("{pin: a [b], c}", None),
        ] {
            let separator = text.find("pin:").expect("a key") + 3;
            let key = key::before(text.as_bytes(), separator).expect("a key");
            let at = separator + 2;
            let end = flow_end(text.as_bytes(), &key, at, text.len());
            assert_eq!(end.map(|end| &text[at..end]), value, "{text}");
        }
    }
}
