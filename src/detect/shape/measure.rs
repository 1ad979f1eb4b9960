//! Numbers that only look like those of cards: ids, times and sizes. One number in ten passes Luhn.

use super::boundary::word;
use crate::detect::key;
use crate::span::Span;

/// Is the number in `span` the value of a field that holds an id, a time or a size, or does its unit stand behind it, or what it
/// measures in front of it?
pub fn is_measure(text: &[u8], span: Span) -> bool {
    is_counted(text, span.end) || is_field(text, span.start) || is_named(text, span.start)
}

/// `"elapsedNanos": …`, `log_offset=…`
fn is_field(text: &[u8], start: usize) -> bool {
    let quotes = text[..start].iter().rev().take(3).take_while(|b| b" \"'".contains(b)).count();
    let separator = start.checked_sub(quotes + 1).filter(|&at| matches!(text[at], b':' | b'='));
    let Some(key) = separator.and_then(|at| key::before(text, at)) else { return false };
    let name = text[key.name.range()].to_ascii_lowercase();
    let parts = |name: &[u8], word: &[u8]| {
        name.strip_suffix(word).is_some_and(|front| front.last().is_none_or(|b| !b.is_ascii_alphanumeric()))
    };
    // No search for each of these words in a name that is hardly longer.
    let holds = |at: usize| FIELDS.iter().any(|word| word[0] == name[at] && name[at..].starts_with(word));
    (0..name.len()).any(holds) || NAMES.iter().any(|word| parts(&name, word))
}

/// `offset …`
fn is_named(text: &[u8], start: usize) -> bool {
    let Some(before) = text[..start].strip_suffix(b" ") else { return false };
    let letters = before.iter().rev().take(12).take_while(|b| b.is_ascii_alphabetic()).count();
    let (front, name) = before.split_at(before.len() - letters);
    front.last().is_none_or(|b| !word(*b)) && NAMES.iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// `… bytes`; not the name of the next field, `… rows=`.
fn is_counted(text: &[u8], end: usize) -> bool {
    let Some(behind) = text[end..].strip_prefix(b" ").or_else(|| text.get(end..)).filter(|rest| !rest.is_empty())
    else {
        return false;
    };
    let unit = &behind[..behind.iter().take(12).take_while(|b| b.is_ascii_alphabetic()).count()];
    UNITS.contains(&unit) && behind.get(unit.len()).is_none_or(|b| !word(*b) && !matches!(b, b'=' | b':'))
}

/// Anywhere in the name of a field.
const FIELDS: [&[u8]; 12] = [
    b"trace",
    b"span",
    b"request",
    b"correlation",
    b"duration",
    b"nanos",
    b"timestamp",
    b"offset",
    b"epoch",
    b"elapsed",
    b"sequence",
    b"order",
];

/// The last word of the name of a field, or a word in front of the number.
const NAMES: [&[u8]; 15] = [
    b"offset",
    b"offsets",
    b"bytes",
    b"size",
    b"seq",
    b"sequence",
    b"nanotime",
    b"nanos",
    b"nanoseconds",
    b"micros",
    b"cycles",
    b"ticks",
    b"lsn",
    b"page",
    b"block",
];

/// What is counted.
const UNITS: [&[u8]; 12] = [
    b"bytes",
    b"B",
    b"ns",
    b"us",
    b"ms",
    b"rows",
    b"records",
    b"nanos",
    b"micros",
    b"nanoseconds",
    b"cycles",
    b"ticks",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn measures(text: &str) -> bool {
        let start = text.find("411").expect("a number");
        let length = text[start..].bytes().take_while(u8::is_ascii_digit).count();
        is_measure(text.as_bytes(), Span::new(start, start + length))
    }

    #[test]
    fn sizes_times_and_places_are_no_cards() {
        for text in [
            "read 4111111111111111 bytes",
            "took 4111111111111111 ns.",
            "\"fileOffset\": 4111111111111111",
            "log_size=4111111111111111",
            "seq 4111111111111111",
        ] {
            assert!(measures(text), "{text}");
        }
        for text in [
            "card 4111111111111111 rows=3",
            "resize 4111111111111111",
            "4111111111111111",
            "4111111111111111 Bob",
            "card: 4111111111111111",
            "4111111111111111 ms: 3",
        ] {
            assert!(!measures(text), "{text}");
        }
    }
}
