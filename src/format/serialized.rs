//! Lengths in what PHP serialized: `s:8:"…";` says how many bytes its string has
//! ([`serialize`](https://www.php.net/manual/en/function.serialize.php)). A string in a string has backslashes in front of
//! its quotes.

use crate::slashes;
use crate::span::Span;
use memchr::memmem;
use std::sync::LazyLock;

/// A string and its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    /// The digits of the length.
    digits: Span,
    /// The bytes that are counted.
    text: Span,
}

/// May `record` hold such a string? Cheap.
pub fn may_hold(record: &[u8]) -> bool {
    // Made once: to make it costs as much as to search a line.
    static SIGN: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(b"s:"));
    SIGN.find_iter(record).any(|at| record.get(at + 2).is_some_and(u8::is_ascii_digit))
}

/// Writes the lengths anew in `out`, which from `written` on has what became of `record` by some edits: what was replaced,
/// in order, and the length of what stands in for it.
pub fn count_again(record: &[u8], edits: &[(Span, usize)], written: usize, out: &mut Vec<u8>) {
    // How much longer all up to an edit has become.
    let mut sums = vec![0];
    sums.extend(edits.iter().scan(0, |sum, (span, length)| {
        *sum += length.cast_signed() - span.len().cast_signed();
        Some(*sum)
    }));
    // From the back, as what a string holds is counted before it: lengths that changed, and their sum behind each.
    let mut changed: Vec<(Header, String, isize)> = Vec::new();
    for header in headers(record).into_iter().rev() {
        let Header { digits, text } = header;
        let first = edits.partition_point(|(span, _)| span.start < text.start);
        let behind = edits.partition_point(|(span, _)| span.end <= text.end);
        let inner = changed.partition_point(|(header, ..)| header.digits.start >= text.end);
        let sum = |count: usize| changed[..count].last().map_or(0, |(.., sum)| *sum);
        let total = sum(changed.len());
        let hidden = edits.get(edits.partition_point(|(span, _)| span.end <= digits.start));
        if first >= behind || hidden.is_some_and(|(span, _)| span.start < digits.end) {
            continue;
        }
        let length = text.len().cast_signed() + sums[behind] - sums[first] + total - sum(inner);
        let spelled = length.to_string();
        let grown = spelled.len().cast_signed() - digits.len().cast_signed();
        changed.push((header, spelled, total + grown));
    }
    // In one pass: a record may have very many.
    let mut again = Vec::with_capacity(out.len() - written);
    let mut done = written;
    for (Header { digits, .. }, spelled, _) in changed.into_iter().rev() {
        let before = edits.partition_point(|(span, _)| span.end <= digits.start);
        let start = (written + digits.start).saturating_add_signed(sums[before]);
        again.extend_from_slice(&out[done..start]);
        again.extend_from_slice(spelled.as_bytes());
        done = start + digits.len();
    }
    again.extend_from_slice(&out[done..]);
    out.truncate(written);
    out.append(&mut again);
}

/// The strings in `record` whose length is what it says, in order.
fn headers(record: &[u8]) -> Vec<Header> {
    let header = |at: usize| {
        let begins = at == 0 || b";{:|\"' =(,".contains(&record[at - 1]);
        let start = at + 2;
        let count = record[start..].iter().take(10).take_while(|b| b.is_ascii_digit()).count();
        let digits = Span::new(start, start + count);
        let length: usize = std::str::from_utf8(&record[digits.range()]).ok()?.parse().ok()?;
        let quote = record[digits.end..].strip_prefix(b":")?;
        let width = 1 + slashes::leading(quote);
        let quote = quote.get(..width).filter(|quote| quote.ends_with(b"\""))?;
        let from = digits.end + 1 + width;
        let text = Span::new(from, from.checked_add(length)?);
        let closed = record.get(text.end..)?.strip_prefix(quote)?.starts_with(b";");
        (begins && closed).then_some(Header { digits, text })
    };
    memmem::find_iter(record, b"s:").filter_map(header).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` with `word` replaced by `other` wherever it stands.
    fn replaced(text: &str, word: &str, other: &str) -> String {
        let edits: Vec<(Span, usize)> =
            text.match_indices(word).map(|(at, _)| (Span::new(at, at + word.len()), other.len())).collect();
        let mut out = format!("> {}", text.replace(word, other)).into_bytes();
        count_again(text.as_bytes(), &edits, 2, &mut out);
        String::from_utf8(out).expect("text")[2..].to_owned()
    }

    #[test]
    fn lengths_are_those_of_what_stands_there() {
        for (text, expected) in [
            (r#"a:1:{s:3:"pin";s:2:"xy";}"#, r#"a:1:{s:3:"pin";s:12:"REDACTED-pin";}"#),
            (r#"s:9:"a xy b xy";s:2:"xy";"#, r#"s:29:"a REDACTED-pin b REDACTED-pin";s:12:"REDACTED-pin";"#),
            (r#"{"a":"s:2:\"xy\";"}"#, r#"{"a":"s:12:\"REDACTED-pin\";"}"#),
            (r#"s:14:"a;s:2:"xy";b:1";s:2:"xy";"#, r#"s:25:"a;s:12:"REDACTED-pin";b:1";s:12:"REDACTED-pin";"#),
            (r#"s:3:"xy";"#, r#"s:3:"REDACTED-pin";"#),
            (r#"s:2:"ab";xy"#, r#"s:2:"ab";REDACTED-pin"#),
            (r#"ids:2:"xy";"#, r#"ids:2:"REDACTED-pin";"#),
        ] {
            assert_eq!(replaced(text, "xy", "REDACTED-pin"), expected, "{text}");
        }
    }

    #[test]
    fn most_records_hold_none() {
        assert!(may_hold(br#"a:1:{s:3:"pin";s:2:"xy";}"#));
        assert!(!may_hold(b"users: 12 s:x"));
    }
}
