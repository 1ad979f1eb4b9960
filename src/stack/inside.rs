//! Stack traces within a string, where line breaks and tabs are spelled out, and in JSON lists of frames.

use super::line::{self, Part};
use super::lists;
use super::trace::{FIELDS, Fate, Fold, marker};
use crate::format::nesting::Nesting;
use crate::format::spelled::Text;
use crate::policy::Stack;
use crate::slashes;
use crate::span::Span;

/// Line breaks outside of double quotes that a string in apostrophes is looked for around, in one record.
const MOST_BARE: usize = 16;

/// What of a record is replaced, in order and disjoint.
#[derive(Debug, Default)]
pub struct Cuts {
    /// Each with what stands in.
    pub cuts: Vec<(Span, Vec<u8>)>,
    /// Frames that went.
    pub frames: u64,
    /// Traces found.
    pub traces: u64,
}

/// Folds the traces within `record`, which has no line ending.
pub fn fold(record: &[u8], stack: Stack) -> Cuts {
    let mut cuts = Cuts::default();
    let (mut at, mut nesting, mut bare) = (0, Nesting::default(), 0);
    while let Some(escape) = next_break(record, at) {
        nesting.move_to(record, escape.start);
        // Python prints strings in apostrophes, where double quotes are as they are.
        bare += usize::from(nesting.innermost().is_none());
        let single = if nesting.innermost().is_none() && bare <= MOST_BARE {
            Text::around(record, escape.start, &mut nesting).filter(|text| record[..text.span.start].ends_with(b"'"))
        } else {
            None
        };
        let end = single.map_or_else(|| end_of_string(record, escape.end, escape.slashes), |text| text.span.end);
        at = string(record, escape, end, stack, &mut cuts);
    }
    if lists::may_hold(record) {
        lists::fold(record, stack, &mut cuts);
        cuts.cuts.sort_by_key(|(span, _)| span.start);
        let mut end = 0;
        cuts.cuts.retain(|(span, _)| {
            let apart = span.start >= end;
            end = end.max(span.end);
            apart
        });
    }
    cuts
}

/// A line break that is spelled out.
#[derive(Clone, Copy, Debug)]
struct Break {
    start: usize,
    end: usize,
    /// Backslashes in front of the `n`.
    slashes: usize,
}

/// The first spelled-out line break at or after `from`.
fn next_break(text: &[u8], from: usize) -> Option<Break> {
    let mut from = from;
    loop {
        let found = from + memchr::memmem::find(text.get(from..)?, b"\\n")?;
        let slashes = 1 + slashes::trailing(&text[..found]);
        let mut start = found + 1 - slashes;
        from = found + 2;
        if !slashes.is_power_of_two() {
            continue;
        }
        // `\r\n` goes together.
        let before = slashes + 1;
        if start >= before && text[start - 1] == b'r' && text[start - before..start - 1].iter().all(|b| *b == b'\\') {
            start -= before;
        }
        return Some(Break { start, end: found + 2, slashes });
    }
}

/// Folds the traces of the string that `first` is the first line break of, and that ends at `end`; gives where to look on.
fn string(text: &[u8], first: Break, end: usize, stack: Stack, cuts: &mut Cuts) -> usize {
    let mut open: Option<Fold> = None;
    // Where the fold under way begins and ends, and the indent of its first frame.
    let mut cut: Option<(Span, Vec<u8>)> = None;
    let mut line = first;
    loop {
        let next = next_break(text, line.end).filter(|next| next.start < end && next.slashes == first.slashes);
        let segment = Span::new(line.end, next.map_or(end, |next| next.start));
        let (part, kind) = line::read(&text[segment.range()], open.map(|fold| fold.kind()));
        let mut fate = Fate::Stays;
        if part == Part::Other {
            close(text, first, open.take(), cut.take(), stack, cuts);
        } else {
            cuts.traces += u64::from(open.is_none());
            let fold = open.get_or_insert_with(|| Fold::new(kind));
            fate = fold.part(part, kind, stack);
            if fate == Fate::Stays {
                let done = *fold;
                fold.folded = 0;
                close(text, first, Some(done), cut.take(), stack, cuts);
            }
        }
        if fate == Fate::Goes {
            cuts.frames += u64::from(part == Part::Frame);
            let brace = if text[segment.range()].ends_with(FIELDS) { FIELDS.len() } else { 0 };
            let segment_end = segment.end - brace;
            match &mut cut {
                Some((span, _)) => span.end = segment_end,
                None => cut = Some((Span::new(line.start, segment_end), indent(&text[segment.range()]).to_vec())),
            }
        }
        let Some(next) = next else {
            close(text, first, open, cut, stack, cuts);
            return end.max(line.end);
        };
        line = next;
    }
}

/// Puts the cut of a fold that is over among the others.
fn close(text: &[u8], first: Break, fold: Option<Fold>, cut: Option<(Span, Vec<u8>)>, stack: Stack, cuts: &mut Cuts) {
    let Some((span, indent)) = cut else { return };
    let mut instead = Vec::new();
    let folded = fold.map_or(0, |fold| fold.folded);
    if folded > 0 && stack != Stack::Drop {
        instead.extend_from_slice(&text[first.start..first.end]);
        instead.extend_from_slice(&indent);
        instead.extend_from_slice(marker(folded).as_bytes());
    }
    cuts.cuts.push((span, instead));
}

/// Where the string ends whose line breaks have so many backslashes: at a quote that is escaped less often.
fn end_of_string(text: &[u8], from: usize, slashes: usize) -> usize {
    memchr::memchr_iter(b'"', &text[from..])
        .map(|at| from + at)
        .map(|at| (at, slashes::trailing(&text[from..at])))
        .find(|(_, escapes)| *escapes < slashes)
        .map_or(text.len(), |(at, escapes)| at - escapes)
}

/// The blanks and tabs in front of a segment, as they are spelled.
pub(super) fn indent(segment: &[u8]) -> &[u8] {
    let mut at = 0;
    loop {
        let slashes = slashes::leading(&segment[at..]);
        match segment.get(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(b'\\') if segment.get(at + slashes) == Some(&b't') => at += slashes + 1,
            _ => return &segment[..at],
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::stack) fn folded(record: &str, stack: Stack) -> String {
        let mut out = record.as_bytes().to_vec();
        for (span, instead) in fold(record.as_bytes(), stack).cuts.iter().rev() {
            out.splice(span.range(), instead.iter().copied());
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn traces_in_strings_are_folded_at_every_depth() {
        let cases: &[(&str, &str)] = &[
            (
                r#"{"e":"X: no\n\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)\n\tat a.B.e(B.java:3)\nCaused by: Y\n\tat f.g(H.java:4)\n\t... 2 more","n":1}"#,
                r#"{"e":"X: no\n\tat a.B.c(B.java:1)\n\tREDACTED-stack-frames-2\nCaused by: Y\n\tat f.g(H.java:4)\n\t... 2 more","n":1}"#,
            ),
            (
                r#"{"m":"{\"e\":\"X\\n\\tat a.B.c(B.java:1)\\n\\tat a.B.d(B.java:2)\",\"k\":1}"}"#,
                r#"{"m":"{\"e\":\"X\\n\\tat a.B.c(B.java:1)\\n\\tREDACTED-stack-frames-1\",\"k\":1}"}"#,
            ),
            (
                r#"{"exc":"Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    f(x)\n  File \"a.py\", line 2, in g\n    \"x\"\nValueError: no"}"#,
                r#"{"exc":"Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    f(x)\n  REDACTED-stack-frames-1\nValueError: no"}"#,
            ),
            (
                r#"{"e":"X: no\n    at f (/a.js:1:1)\n    at g (/a.js:2:1) {\n  code: 'N'\n}"}"#,
                r#"{"e":"X: no\n    at f (/a.js:1:1)\n    REDACTED-stack-frames-1 {\n  code: 'N'\n}"}"#,
            ),
            (r#"{"path":"C:\\new\\nat (x)","m":"a\nb"}"#, r#"{"path":"C:\\new\\nat (x)","m":"a\nb"}"#),
        ];
        for (record, expected) in cases {
            assert_eq!(folded(record, Stack::Fold(1)), *expected);
            assert_eq!(folded(expected, Stack::Fold(1)), *expected, "twice");
        }
    }
}
