//! Compares a secret with the text around one of its seeds.

use super::form::Form;
use super::spelling::{LONGEST, Unit, ends, units};
use crate::slashes;
use crate::span::Span;

/// Places that are followed at once: where a character can be read in several ways (`\\` is one backslash or two).
const MOST_PLACES: usize = 16;

/// Where the secret `encoded` stands in `text`, if its bytes from `offset` on stand at `at`; the longest reading.
pub(super) fn around(text: &[u8], at: usize, encoded: &[u8], offset: usize, form: Form) -> Option<Span> {
    // A seed never begins within a character.
    let mut places = vec![at];
    for unit in units(encoded.get(offset..)?) {
        step(&mut places, |place, to| each_end(text, place, unit, form, to))?;
    }
    let end = places.into_iter().max()?;
    places = vec![at];
    for unit in units(&encoded[..offset]).rev() {
        step(&mut places, |place, to| each_start(text, place, unit, form, to))?;
    }
    Some(Span::new(places.into_iter().min()?, end))
}

/// Moves all places on by one character; `None` if it does not stand at any of them.
fn step(places: &mut Vec<usize>, mut one: impl FnMut(usize, &mut dyn FnMut(usize))) -> Option<()> {
    let mut next: Vec<usize> = Vec::with_capacity(places.len());
    for place in places.iter() {
        one(*place, &mut |to| {
            if next.len() < MOST_PLACES && !next.contains(&to) {
                next.push(to);
            }
        });
    }
    std::mem::swap(places, &mut next);
    (!places.is_empty()).then_some(())
}

fn each_end(text: &[u8], at: usize, unit: Unit<'_>, form: Form, end: &mut dyn FnMut(usize)) {
    if at > text.len() {
        return;
    }
    ends(text, at, unit, end);
    if let Some(other) = form.other(unit.bytes[0]) {
        units(&[other]).for_each(|unit| ends(text, at, unit, end));
    }
}

/// The places from which `unit` reaches `at`.
fn each_start(text: &[u8], at: usize, unit: Unit<'_>, form: Form, start: &mut dyn FnMut(usize)) {
    let plain = at.checked_sub(unit.bytes.len());
    for from in (at.saturating_sub(LONGEST)..at).rev() {
        if Some(from) == plain || b"\\%&=+' \"\r".contains(&text[from]) {
            each_end(text, from, unit, form, &mut |end| {
                if end == at {
                    start(from);
                }
            });
        }
    }
}

/// Widens `span` so that it begins and ends between escapes: what is left of `%40` or `\n` would be none.
pub(super) fn whole_escapes(text: &[u8], mut span: Span) -> Span {
    let hex = |range: std::ops::Range<usize>| text.get(range).is_some_and(|t| t.iter().all(u8::is_ascii_hexdigit));
    let slashes = |at: usize| slashes::trailing(&text[..at]);
    // The start: `%|40`, `%4|0`, `\|n`, `\u|0040` …
    let before = |n: usize| span.start.checked_sub(n).map(|at| text[at]);
    for n in 1..3 {
        if before(n) == Some(b'%') && hex(span.start - n + 1..span.start - n + 3) {
            span.start -= n;
            break;
        }
    }
    for n in 1..6 {
        if span.start >= n && text[span.start - n] == b'u' && slashes(span.start - n) % 2 == 1 {
            let digits = span.start - n + 1;
            if n < 5 && hex(digits..digits + 4) {
                span.start = digits - 1;
            }
        }
    }
    let odd = slashes(span.start);
    if odd % 2 == 1 && text.get(span.start).is_some_and(|b| b"nrtbfu\"/\\".contains(b)) {
        span.start -= odd;
    }
    // The end: `%4|0`, `%|40`, `\|n`.
    for n in 1..3 {
        if span.end >= n && text[span.end - n] == b'%' && hex(span.end - n + 1..span.end - n + 3) {
            span.end = span.end - n + 3;
            break;
        }
    }
    let trailing = slashes(span.end).min(span.end - span.start);
    if trailing % 2 == 1 && span.end < text.len() && slashes(span.end) % 2 == 1 {
        span.end += 1;
    }
    span
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_escape_is_cut_in_two() {
        for (text, part, whole) in [
            (r"a\nabcd", "nabcd", r"\nabcd"),
            (r"a\\nabcd", "nabcd", "nabcd"),
            ("a%40bcd", "0bcd", "%40bcd"),
            ("a%40bcd", "40bcd", "%40bcd"),
            (r"a\u0040bcd", "40bcd", r"\u0040bcd"),
            (r"a\u0040bcd", "u0040bcd", r"\u0040bcd"),
            ("abcd%40e", "abcd%", "abcd%40"),
            ("abcd%40e", "abcd%4", "abcd%40"),
            (r"abcd\ne", r"abcd\", r"abcd\n"),
            (r"abcd\\e", r"abcd\\", r"abcd\\"),
            ("100% abcd", "abcd", "abcd"),
        ] {
            let at = text.find(part).expect("the part");
            let span = whole_escapes(text.as_bytes(), Span::new(at, at + part.len()));
            assert_eq!(&text[span.range()], whole, "{text} {part}");
        }
    }
}
