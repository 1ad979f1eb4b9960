//! Parts of forms whose lines are spelled out in a string, as those who log a body write it:
//! `"--b1\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n…\r\n--b1--"` (RFC 7578).
//!
//! Where each line is one of the log, blocks know which part it is of.

use crate::slashes;
use crate::span::Span;
use memchr::{memchr, memmem};

/// Most bytes of the headers of a part.
const HEADERS: usize = 1024;

/// Of the part whose `form-data` stands at `at`: its name, and its value. `None` if it is no such part, or a line ends it.
pub fn value(text: &[u8], at: usize, limit: usize) -> Option<(Span, Span)> {
    let text = &text[..limit];
    let start = at + memmem::find(&text[at..text.len().min(at + 64)], b"name=")? + b"name=".len();
    let open = start + slashes::leading(&text[start..]);
    let name = match *text.get(open)? {
        quote @ (b'"' | b'\'') => {
            let close = open + 1 + memchr(quote, &text[open + 1..text.len().min(open + HEADERS)])?;
            Span::new(open + 1, close - slashes::trailing(&text[open + 1..close]))
        }
        _ => {
            Span::new(open, open + text[open..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count())
        }
    };
    let end = text.len().min(name.end + HEADERS);
    let mut header = name.end;
    let body = loop {
        let line_end = header + memchr(b'\\', text.get(header..end)?)?;
        let behind = line_end + line_break(&text[line_end..]);
        let empty = line_break(text.get(behind..)?);
        match (behind > line_end, empty) {
            (true, 0) => header = behind,
            (true, empty) => break behind + empty,
            // The backslash of a quote.
            (false, _) => header = line_end + 1,
        }
    };
    let mut at = body;
    while let Some(line_end) = memchr(b'\\', &text[at..]).map(|i| at + i) {
        let length = line_break(&text[line_end..]);
        if length > 0 && text[line_end + length..].starts_with(b"--") {
            return Some((name, Span::new(body, line_end)));
        }
        at = line_end + length.max(1);
    }
    Some((name, Span::new(body, text.len())))
}

/// Length of the spelled-out line break that `text` begins with, `\r\n` or `\n` with any number of backslashes; 0 if
/// there is none.
fn line_break(text: &[u8]) -> usize {
    let one = |from: usize, letter: u8| {
        let slashes = slashes::leading(&text[from..]);
        if slashes > 0 && text.get(from + slashes) == Some(&letter) { slashes + 1 } else { 0 }
    };
    let carriage = one(0, b'r');
    let feed = one(carriage, b'n');
    if feed > 0 { carriage + feed } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_may_end_anywhere_round_where_the_look_for_them_does() {
        for more in HEADERS - 40..HEADERS + 10 {
            let text = format!(r#"form-data; name="pin"\r\nX-A: {}\r\n\r\nabc\r\n--b1"#, "x".repeat(more));
            let found = value(text.as_bytes(), 0, text.len());
            assert!(found.is_none_or(|(_, value)| &text[value.range()] == "abc"), "{more}");
        }
    }

    #[test]
    fn a_value_goes_up_to_the_next_part() {
        for (text, found) in [
            (r#"form-data; name="pin"\r\n\r\nab c\r\n--b1--"#, Some(("pin", "ab c"))),
            (r#"form-data; name=\"pin\"\r\nContent-Type: text/plain\r\n\r\na\r\nb\r\n--b1"#, Some(("pin", r"a\r\nb"))),
            (r#"form-data; name=\\\"pin\\\"\\n\\nabc\\n--b1"#, Some(("pin", "abc"))),
            (r"form-data; name=pin\n\nabc", Some(("pin", "abc"))),
            (r#"form-data; name="pin"\r\nabc"#, None),
            (r#"form-data; name="pin"; x"#, None),
            (r"form-data; x\n\nabc", None),
        ] {
            let value = value(text.as_bytes(), 0, text.len());
            assert_eq!(value.map(|(name, value)| (&text[name.range()], &text[value.range()])), found, "{text}");
        }
    }
}
