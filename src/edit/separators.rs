//! What goes with a field that is dropped.

use super::Edit;

/// Widens the edits that drop fields by one separator each, so that a list stays a list: the comma, `&` or `;` (or
/// blank) behind the field, else the one in front.
pub fn take_separators(text: &[u8], edits: &mut Vec<Edit>, drops: impl Fn(&Edit) -> bool) {
    let mut at = 0;
    while at < edits.len() {
        if !drops(&edits[at]) {
            at += 1;
            continue;
        }
        // Neighbours that go as well become one cut first.
        while at + 1 < edits.len() && drops(&edits[at + 1]) {
            let between = &text[edits[at].span.end..edits[at + 1].span.start];
            let rest = &between[between.iter().take_while(|b| b" \t".contains(b)).count()..];
            let rest = &rest[separator(rest)..];
            if between.len() > 64 || !rest.iter().all(|b| b" \t".contains(b)) {
                break;
            }
            edits[at].span.end = edits[at + 1].span.end;
            edits.remove(at + 1);
        }
        let floor = if at > 0 { edits[at - 1].span.end } else { 0 };
        let ceiling = edits.get(at + 1).map_or(text.len(), |next| next.span.start);
        let span = &mut edits[at].span;
        let after = text[span.end..ceiling].iter().take_while(|b| b" \t".contains(b)).count();
        let next = separator(&text[span.end + after..ceiling]);
        if next > 0 {
            let blanks = text[span.end + after + next..ceiling].iter().take_while(|b| **b == b' ').count();
            span.end += after + next + blanks;
        } else {
            let before = text[floor..span.start].iter().rev().take_while(|b| b" \t".contains(b)).count();
            let front = &text[floor..span.start - before];
            let last = separator_before(front);
            if last > 0 {
                span.start -= before + last;
            } else if before > 0 {
                span.start -= 1;
            } else if after > 0 && !front.ends_with(b"?") {
                span.end += 1;
            }
        }
        at += 1;
    }
}

/// Length of the separator of fields that `text` begins with: in lists and JSON, in URLs and forms (also in HTML), in
/// cookies.
fn separator(text: &[u8]) -> usize {
    match text {
        [b'&', b'a', b'm', b'p', b';', ..] => 5,
        [b',' | b'&' | b';', ..] => 1,
        _ => 0,
    }
}

/// Length of the separator that `text` ends with.
fn separator_before(text: &[u8]) -> usize {
    match text {
        [.., b'&', b'a', b'm', b'p', b';'] => 5,
        [.., b',' | b'&' | b';'] => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{RuleIx, Span};

    fn cut(start: usize, end: usize) -> Edit {
        Edit {
            span: Span::new(start, end),
            rule: RuleIx(0),
            action: RuleIx(0),
            twice: None,
            plain: false,
            quote: None,
            silent: true,
            keyed: true,
            continued: false,
            recode: None,
        }
    }

    #[test]
    fn dropped_fields_take_one_separator() {
        let cases: &[(&str, &[&str], &str)] = &[
            (r#"{"a":1,"p":2,"b":3}"#, &[r#""p":2"#], r#"{"a":1,"b":3}"#),
            (r#"{"a":1,"p":2}"#, &[r#""p":2"#], r#"{"a":1}"#),
            (r#"{"p":2}"#, &[r#""p":2"#], "{}"),
            (r#"{"a":1,"p":2,"q":3}"#, &[r#""p":2"#, r#""q":3"#], r#"{"a":1}"#),
            (r#"{"a": 1, "p": 2, "b": 3}"#, &[r#""p": 2"#], r#"{"a": 1, "b": 3}"#),
            ("a=1 p=2 b=3", &["p=2"], "a=1 b=3"),
            ("p=2 b=3", &["p=2"], "b=3"),
            ("a=1 p=2", &["p=2"], "a=1"),
            ("/x?a=1&p=2&b=3", &["p=2"], "/x?a=1&b=3"),
            ("/x?p=2&b=3", &["p=2"], "/x?b=3"),
            ("/x?a=1&p=2 HTTP/1.1", &["p=2"], "/x?a=1 HTTP/1.1"),
            ("/x?a=1&p=2&q=3", &["p=2", "q=3"], "/x?a=1"),
            ("/x?a=1&amp;p=2&amp;b=3", &["p=2"], "/x?a=1&amp;b=3"),
            ("/x?a=1&amp;p=2", &["p=2"], "/x?a=1"),
            ("Cookie: a=1; p=2; b=3", &["p=2"], "Cookie: a=1; b=3"),
            ("Cookie: a=1; p=2", &["p=2"], "Cookie: a=1"),
            ("Cookie: p=2; b=3", &["p=2"], "Cookie: b=3"),
        ];
        for (text, fields, expected) in cases {
            let mut list: Vec<Edit> = fields
                .iter()
                .map(|field| {
                    let at = text.find(field).expect("the field");
                    cut(at, at + field.len())
                })
                .collect();
            take_separators(text.as_bytes(), &mut list, |e| e.silent);
            let mut out = String::new();
            let mut copied = 0;
            for edit in &list {
                out += &text[copied..edit.span.start];
                copied = edit.span.end;
            }
            out += &text[copied..];
            assert_eq!(out, *expected);
        }
    }
}
