//! ArcSight CEF and IBM LEEF: `CEF:0|vendor|product|version|id|name|severity|key=value key=value with blanks`;
//! `LEEF:1.0|vendor|product|version|id|` with tabs between the pairs, or from 2.0 on with a delimiter of its own.

use super::super::border::{ends_quote, is_next_pair};
use crate::slashes;
use crate::span::Span;
use std::collections::HashMap;

/// A pair of the extension.
pub struct Pair {
    /// The key; the label of a custom one (`cs1Label=password cs1=…`).
    pub name: Span,
    /// All of the value.
    pub value: Span,
}

/// The pairs of the record whose `CEF:` or `LEEF:` has its colon at `colon`, and what stands between two of them.
pub fn pairs(text: &[u8], colon: usize) -> Option<(u8, Vec<Pair>)> {
    let leef = text[..colon].ends_with(b"LEEF");
    if !leef && !text[..colon].ends_with(b"CEF") || !text.get(colon + 1).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let two = leef && text[colon + 1] == b'2';
    let start = extension(text, colon, if leef { 5 } else { 7 } + usize::from(two))?;
    let text = &text[..quoted_end(text, colon, start)];
    let delimiter = match (leef, two) {
        (false, _) => b' ',
        (true, false) => b'\t',
        (true, true) => own_delimiter(&text[..start - 1]),
    };
    let spelled = delimiter == b'\t' && memchr::memchr(b'\t', &text[start..]).is_none();
    let delimiter = if spelled { b'\\' } else { delimiter };
    let keys = keys(text, start, delimiter);
    let end = |at: usize| {
        let mut next = keys.get(at + 1).map_or(text.len(), |key| key.start - 1);
        if delimiter == b'\\' && next < text.len() {
            next -= slashes::trailing(&text[..next]);
        }
        next - text[..next].iter().rev().take_while(|b| matches!(b, b' ' | b'\r' | b'\n')).count()
    };
    let found: Vec<Pair> = keys
        .iter()
        .enumerate()
        .map(|(at, key)| Pair { name: *key, value: Span::new(key.end + 1, end(at).max(key.end + 1)) })
        .collect();
    // The first of its name counts.
    let labels =
        found.iter().rev().filter_map(|pair| Some((text[pair.name.range()].strip_suffix(b"Label")?, pair.value)));
    let labels: HashMap<&[u8], Span> = labels.collect();
    let label = |name: Span| labels.get(&text[name.range()]).copied();
    let pairs = found.iter().map(|pair| Pair { name: label(pair.name).unwrap_or(pair.name), value: pair.value });
    Some((delimiter, pairs.collect()))
}

/// Where the apostrophes end that the record stands in, as a shell or Python has them round it, or the text.
fn quoted_end(text: &[u8], colon: usize, start: usize) -> usize {
    if !text[..colon].ends_with(b"'CEF") && !text[..colon].ends_with(b"'LEEF") {
        return text.len();
    }
    memchr::memchr_iter(b'\'', &text[start..]).map(|i| start + i).find(|at| ends_quote(text, *at)).unwrap_or(text.len())
}

/// Where the pairs begin: behind so many bars. A backslash escapes a bar.
fn extension(text: &[u8], colon: usize, bars: usize) -> Option<usize> {
    let mut at = colon;
    for _ in 0..bars {
        loop {
            at += 1 + memchr::memchr(b'|', text.get(at + 1..)?)?;
            if text[at - 1] != b'\\' {
                break;
            }
        }
    }
    Some(at + 1)
}

/// LEEF 2: `^`, or `x5E`, or `0x5E`, in front of the last bar; a tab if nothing stands there.
fn own_delimiter(header: &[u8]) -> u8 {
    let field = header.rsplit(|b| *b == b'|').next().unwrap_or_default();
    let hex = field
        .strip_prefix(b"0x")
        .or_else(|| field.strip_prefix(b"x"))
        .and_then(|digits| std::str::from_utf8(digits).ok());
    match (hex.and_then(|digits| u8::from_str_radix(digits, 16).ok()), field) {
        (Some(byte), _) => byte,
        (None, [byte]) => *byte,
        _ => b'\t',
    }
}

/// Does `delimiter` stand at `at` in front of the next pair?
pub fn parts(text: &[u8], at: usize, delimiter: u8) -> bool {
    let length = if delimiter == b'\\' { spelled_tab(&text[at..]) } else { usize::from(text[at] == delimiter) };
    length > 0 && is_next_pair(text, at + length)
}

/// Length of the tab that `text` begins with as strings spell it, `\t`; 0 if there is none.
pub fn spelled_tab(text: &[u8]) -> usize {
    let slashes = slashes::leading(text);
    if slashes > 0 && text.get(slashes) == Some(&b't') { slashes + 1 } else { 0 }
}

/// The keys, each up to its `=`; a backslash escapes an `=` of a value.
fn keys(text: &[u8], start: usize, delimiter: u8) -> Vec<Span> {
    let mut keys: Vec<Span> = Vec::new();
    for equals in memchr::memchr_iter(b'=', &text[start..]).map(|i| start + i) {
        let floor = keys.last().map_or(start, |key| key.end + 1);
        let name =
            text[floor..equals].iter().rev().take_while(|b| b.is_ascii_alphanumeric() || b"_.-".contains(b)).count();
        let mut begin = equals - name;
        // Where a tab is spelled out, its letter stands in front of the name.
        if delimiter == b'\\' && begin > start && spelled_tab(&text[begin - 1..]) == 2 {
            begin += 1;
        }
        let spelled = delimiter == b'\\' && begin > start + 1 && text[begin - 2..].starts_with(b"\\t");
        let begins = begin == start || spelled || text[begin - 1] == delimiter;
        if name > 0 && begins {
            keys.push(Span::new(begin, equals));
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_up_to_the_next_key() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            (
                "CEF:0|v|p|1|7|a \\| b|5|src=1.2.3.4 msg=two words a\\=b act=x",
                &[("src", "1.2.3.4"), ("msg", "two words a\\=b"), ("act", "x")],
            ),
            ("CEF:0|v|p|1|7|n|5|cs1Label=password cs1=x y ", &[("cs1Label", "password"), ("password", "x y")]),
            ("<13>x LEEF:1.0|v|p|1|7|a=x y\tb=z", &[("a", "x y"), ("b", "z")]),
            (r"LEEF:1.0|v|p|1|7|a=x y\tb=z\ttt=u", &[("a", "x y"), ("b", "z"), ("tt", "u")]),
            (r"LEEF:1.0|v|p|1|7|a=x y\\tb=z", &[("a", "x y"), ("b", "z")]),
            (r"LEEF:2.0|v|p|1|7|x09|a=x y\tb=z", &[("a", "x y"), ("b", "z")]),
            ("LEEF:2.0|v|p|1|7|^|a=x y^b=z", &[("a", "x y"), ("b", "z")]),
            ("LEEF:2.0|v|p|1|7|x7C|a=x y|b=z", &[("a", "x y"), ("b", "z")]),
            ("CEF: nothing", &[]),
            ("x 'LEEF:1.0|v|p|1|7|a=it's\tb=z', y", &[("a", "it's"), ("b", "z")]),
            ("x 'CEF:0|v|p|1|7|n|5|a=x y b=z', c=d", &[("a", "x y"), ("b", "z")]),
        ];
        for (line, expected) in cases {
            let text = line.as_bytes();
            let colon = line.find("EF:").unwrap_or(0) + 2;
            let of = |span: Span| std::str::from_utf8(&text[span.range()]).unwrap_or_default();
            let found = pairs(text, colon).unwrap_or_default().1;
            let found: Vec<_> = found.iter().map(|p| (of(p.name), of(p.value))).collect();
            assert_eq!(found, *expected, "{line}");
        }
    }
}
