//! Phone numbers of the North American Numbering Plan as they are written there: `212-555-0123`, `(212) 555-0123`.

use crate::span::Span;

/// The number whose first digit stands at `at`: area code, exchange and line (NXX-NXX-XXXX, N from 2 to 9), with dashes
/// or dots, or the area code in brackets; a leading `1-` belongs to it. Ten digits in a row are none, and nothing may be
/// glued to it. The digits say little, so the rule asks for a word nearby.
pub fn find(text: &[u8], at: usize) -> Option<Span> {
    let digit = |i: usize| text.get(i).is_some_and(u8::is_ascii_digit);
    let code = |i: usize| matches!(text.get(i), Some(b'2'..=b'9')) && digit(i + 1) && digit(i + 2);
    let glue = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/' | b'+');
    if !code(at) {
        return None;
    }
    let bracket = at > 0 && text[at - 1] == b'(' && text.get(at + 3) == Some(&b')');
    let separator = *text.get(at + 3)?;
    // 1. Where the exchange begins.
    let exchange = if bracket {
        at + 4 + usize::from(text.get(at + 4) == Some(&b' '))
    } else if matches!(separator, b'-' | b'.') {
        at + 4
    } else {
        return None;
    };
    let dash = *text.get(exchange + 3)?;
    let same = if bracket { matches!(dash, b'-' | b'.' | b' ') } else { dash == separator };
    let line = exchange + 4;
    if !code(exchange) || !same || !(0..4).all(|i| digit(line + i)) {
        return None;
    }
    // 2. What stands around it.
    let mut start = if bracket { at - 1 } else { at };
    if start >= 2 && text[start - 2] == b'1' && matches!(text[start - 1], b'-' | b'.' | b' ') {
        start -= 2;
    }
    let end = line + 4;
    let sentence = matches!(text.get(end), Some(b'.')) && !digit(end + 1);
    let before = start > 0 && glue(text[start - 1]);
    let after = text.get(end).is_some_and(|b| glue(*b)) && !sentence;
    (!before && !after).then_some(Span::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let cases: &[(&str, Option<&str>)] = &[
            ("call 212-555-0123 now", Some("212-555-0123")),
            ("(212) 555-0123", Some("(212) 555-0123")),
            ("(212)555-0123.", Some("(212)555-0123")),
            ("1-212-555-0123", Some("1-212-555-0123")),
            ("212.555.0123", Some("212.555.0123")),
            ("212-555-01234", None),
            ("112-555-0123", None),
            ("212-155-0123", None),
            ("x212-555-0123", None),
            ("9-212-555-0123", None),
            ("212-555.0123", None),
            ("212 555 0123", None),
            ("pvc-212-555-0123", None),
        ];
        for (text, expected) in cases {
            let at = text.find("212").or_else(|| text.find("112")).expect("a number");
            let found = find(text.as_bytes(), at);
            assert_eq!(found.map(|s| &text[s.range()]), *expected, "{text}");
        }
    }
}
