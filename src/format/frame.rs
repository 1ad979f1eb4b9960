//! Frames of syslog with their lengths in front (RFC 6587, section 3.4.1) that are the message of another envelope, as
//! containers write them and collectors put them in JSON: `{"log":"38 <13>1 …\\n"}`.

use super::nesting::Nesting;
use super::spelled::Text;
use crate::slashes;
use crate::span::Span;

/// A longer record is written in parts; no envelope has a message that long, in bytes.
const LONGEST: usize = 64 << 10;
/// Frames of one record that are counted again.
const MOST: usize = 64;

/// A frame and its length.
struct Frame {
    /// The digits of the length.
    digits: Span,
    length: usize,
    /// The bytes that are counted, as they are spelled.
    text: Span,
    /// Strings around it.
    levels: u32,
}

/// May `record` hold a frame? Cheap.
pub fn may_hold(record: &[u8]) -> bool {
    record.len() <= LONGEST && priorities(record).any(|at| digits_before(record, at).is_some())
}

/// Where a blank and a `<` or its escape stand: the blank, or the `u` of the escape. Most records hold neither sign nor backslash: to
/// look for these costs a fifth of looking for more bytes.
fn priorities(record: &[u8]) -> impl Iterator<Item = usize> + '_ {
    memchr::memchr2_iter(b'<', b'\\', record).filter_map(|at| match record[at] {
        b'<' => at.checked_sub(1).filter(|blank| record[*blank] == b' '),
        _ => record[at + 1..].starts_with(b"u003c").then_some(at + 1),
    })
}

/// Writes the lengths anew in `out`, which from `written` on has what became of `record` by some edits: what was replaced,
/// in order, and the length of what stands in for it.
pub fn count_again(record: &[u8], edits: &[(Span, usize)], written: usize, out: &mut Vec<u8>) {
    for frame in frames(record).iter().rev() {
        // Where an edit of the record is in what became of it.
        let place = |upto: usize| {
            let edits = edits.iter().take_while(|(span, _)| span.start < upto);
            edits.fold(upto, |at, (span, length)| at + length - span.len())
        };
        let (mut length, mut begins) = (frame.length, 0);
        for (span, spelled) in edits.iter().filter(|(span, _)| frame.text.start <= span.start) {
            if span.end > frame.text.end {
                break;
            }
            begins = written + place(span.start);
            length += units(&out[begins..begins + spelled], frame.levels);
            length -= units(&record[span.range()], frame.levels);
        }
        if begins > 0 {
            let start = written + place(frame.digits.start);
            out.splice(start..start + frame.digits.len(), length.to_string().into_bytes());
        }
    }
}

/// The frames of `record` that are as long as they say, in order.
fn frames(record: &[u8]) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    let mut nesting = Nesting::default();
    for at in memchr::memchr2_iter(b'<', b'u', record) {
        let Some(digits) = (if record[at] == b'<' { at.checked_sub(1) } else { Some(at) })
            .filter(|at| record[*at] != b'u' || record[*at..].starts_with(b"u003c"))
            .and_then(|at| digits_before(record, at))
        else {
            continue;
        };
        if frames.len() == MOST {
            break;
        }
        // With nothing around it, it is known by its line.
        if digits.start == 0 {
            continue;
        }
        if frames.last().is_some_and(|last| digits.start < last.text.end) {
            continue;
        }
        let Some(length) = std::str::from_utf8(&record[digits.range()]).ok().and_then(|n| n.parse().ok()) else {
            continue;
        };
        let levels = Text::around(record, digits.start, &mut nesting).map_or(0, |text| text.levels);
        let Some(end) = end_of(record, digits.end + 1, length, levels) else { continue };
        frames.push(Frame { digits, length, text: Span::new(digits.end + 1, end), levels });
    }
    frames
}

/// The digits of a length that end in front of the blank and the `<` (or its escape) of a priority, which stands at `at`.
fn digits_before(record: &[u8], at: usize) -> Option<Span> {
    let escaped = record[at] == b'u';
    let slashes = record[..at].iter().rev().take(8).take_while(|b| escaped && **b == b'\\').count();
    let end = if escaped { (at - slashes).checked_sub(1)? } else { at };
    if record[end] != b' ' || escaped && slashes == 0 {
        return None;
    }
    let behind = if escaped { at + 5 } else { at + 2 };
    let priority = record[behind.min(record.len())..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let count = record[..end].iter().rev().take(8).take_while(|b| b.is_ascii_digit()).count();
    let start = end - count;
    let begins = start == 0 || b" \"n\t|".contains(&record[start - 1]) || record[start - 1] == b']';
    let one = (1..=7).contains(&count) && record[start] != b'0';
    ((1..=3).contains(&priority) && one && begins).then_some(Span::new(start, end))
}

/// Where so many bytes end that are spelled from `at` on; `None` if the text does not end there and no other frame begins.
fn end_of(record: &[u8], at: usize, length: usize, levels: u32) -> Option<usize> {
    let (mut at, mut left) = (at, length);
    while left > 0 {
        match unit(&record[at..], levels) {
            Some((raw, bytes)) => (at, left) = (at + raw, left.saturating_sub(bytes)),
            // Envelopes take the line break off that was counted.
            None => return (left <= 2).then_some(at),
        }
    }
    let rest = record[at..].trim_ascii_end();
    let rest = &rest[slashes::leading(rest)..];
    matches!(rest.first(), None | Some(b'"' | b'n' | b'r' | b'0'..=b'9')).then_some(at)
}

/// How many bytes `text` spells.
fn units(text: &[u8], levels: u32) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < text.len() {
        let (raw, bytes) = unit(&text[at..], levels).unwrap_or((1, 1));
        (at, count) = (at + raw, count + bytes);
    }
    count
}

/// How many bytes of `text`, in so many strings of JSON, spell one, and how many that are; `None` at the end of the string.
fn unit(text: &[u8], levels: u32) -> Option<(usize, usize)> {
    let first = *text.first()?;
    let most = 1 << levels.min(6);
    let slashes = slashes::leading(text).min(most);
    let escaped = text.get(slashes).copied();
    match (levels, first) {
        (0, _) => Some((1, 1)),
        _ if slashes == most => Some((most, 1)),
        _ if escaped == Some(b'"') && slashes + 1 < most => None,
        (_, b'\\') if escaped == Some(b'u') => {
            let digits = std::str::from_utf8(text.get(slashes + 1..slashes + 5)?).ok()?;
            let bytes = match u16::from_str_radix(digits, 16).ok()? {
                0..0x80 => 1,
                // Two of those from 0xD800 on are one character.
                0x80..0x800 | 0xD800..=0xDFFF => 2,
                _ => 3,
            };
            Some((slashes + 5, bytes))
        }
        // The record may end within an escape.
        (_, b'\\') => Some(((slashes + 1).min(text.len()), 1)),
        _ => Some((1, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` with `xy` replaced by a longer word.
    fn replaced(text: &str) -> String {
        let edits: Vec<(Span, usize)> = text.match_indices("xy").map(|(at, _)| (Span::new(at, at + 2), 5)).collect();
        let mut out = format!("> {}", text.replace("xy", "12345")).into_bytes();
        count_again(text.as_bytes(), &edits, 2, &mut out);
        String::from_utf8(out).expect("text")[2..].to_owned()
    }

    #[test]
    fn a_record_may_end_within_an_escape() {
        for text in [r#"{"log":"90 <1>ab xy\"#, r#"{"log":"{\"m\":\"90 <1>ab \\"#, r#"{"log":"9 <1>ab\u00"#] {
            for end in 0..=text.len() {
                let mut out = text.as_bytes()[..end].to_vec();
                count_again(&text.as_bytes()[..end], &[], 0, &mut out);
                assert_eq!(out, text.as_bytes()[..end]);
            }
        }
    }

    #[test]
    fn frames_in_envelopes_are_counted_again() {
        for (text, expected) in [
            ("xy F 9 <1>ab xy", "12345 F 12 <1>ab 12345"),
            ("F 10 <1>ab xy", "F 13 <1>ab 12345"),
            (r#"{"log":"10 <1>ab xy\n","n":1}"#, r#"{"log":"13 <1>ab 12345\n","n":1}"#),
            (r#"{"log":"12 <1>\"ab\" xy\n"}"#, r#"{"log":"15 <1>\"ab\" 12345\n"}"#),
            (r#"{"log":"9 \u003c1\u003eab xy"}"#, r#"{"log":"12 \u003c1\u003eab 12345"}"#),
            (r#"{"a":"{\"m\":\"9 <1>\\\"\\\\ xy\"}"}"#, r#"{"a":"{\"m\":\"12 <1>\\\"\\\\ 12345\"}"}"#),
            (r#"{"m":"9 <1>ab xy\n9 <1>cd xy\n"}"#, r#"{"m":"12 <1>ab 12345\n12 <1>cd 12345\n"}"#),
            ("F 99 <1>ab xy", "F 99 <1>ab 12345"),
            ("F 5 <1>ab xy", "F 5 <1>ab 12345"),
            ("a 3 < 4 xy", "a 3 < 4 12345"),
        ] {
            assert_eq!(replaced(text), expected, "{text}");
            assert_eq!(may_hold(text.as_bytes()), text.contains("<1") || text.contains("u003c1"), "{text}");
        }
    }
}
