//! Stack traces within a string, where line breaks and tabs are spelled out, and in JSON lists of frames.

use super::line::{self, Part};
use super::trace::{Fate, Fold, marker};
use crate::format::quote::{Quote, closing};
use crate::policy::Stack;
use crate::span::Span;

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
    let mut at = 0;
    while let Some(escape) = next_break(record, at) {
        at = string(record, escape, stack, &mut cuts);
    }
    if memchr::memmem::find(record, b"frames").is_some() {
        lists(record, stack, &mut cuts);
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
        let slashes = 1 + text[..found].iter().rev().take(256).take_while(|b| **b == b'\\').count();
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

/// Folds the traces of the string that `first` is the first line break of; gives where to look on.
fn string(text: &[u8], first: Break, stack: Stack, cuts: &mut Cuts) -> usize {
    let mut open: Option<Fold> = None;
    // Where the fold under way begins and ends, and the indent of its first frame.
    let mut cut: Option<(Span, Vec<u8>)> = None;
    let mut line = first;
    let end = end_of_string(text, line.end, first.slashes);
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
            match &mut cut {
                Some((span, _)) => span.end = segment.end,
                None => cut = Some((Span::new(line.start, segment.end), indent(&text[segment.range()]).to_vec())),
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
        .map(|at| (at, text[from..at].iter().rev().take_while(|b| **b == b'\\').count()))
        .find(|(_, escapes)| *escapes < slashes)
        .map_or(text.len(), |(at, escapes)| at - escapes)
}

/// The blanks and tabs in front of a segment, as they are spelled.
fn indent(segment: &[u8]) -> &[u8] {
    let mut at = 0;
    loop {
        let slashes = segment[at..].iter().take_while(|b| **b == b'\\').count();
        match segment.get(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(b'\\') if segment.get(at + slashes) == Some(&b't') => at += slashes + 1,
            _ => return &segment[..at],
        }
    }
}

/// Folds JSON lists of frames (`"frames":[{…},…]`, as structlog and Sentry write them) and drops their variables.
fn lists(text: &[u8], stack: Stack, cuts: &mut Cuts) {
    let most = match stack {
        Stack::Keep => usize::MAX,
        Stack::Fold(frames) => frames as usize,
        Stack::Drop => 0,
    };
    let mut done = 0;
    for at in memchr::memmem::find_iter(text, b"\"frames\"") {
        // Within a list that was read already.
        if at < done {
            continue;
        }
        let mut start = at + 8;
        start += blanks(&text[start..]);
        if text.get(start) != Some(&b':') {
            continue;
        }
        start += 1 + blanks(&text[start + 1..]);
        if text.get(start) != Some(&b'[') {
            continue;
        }
        // What does not end is read once only.
        let Some(mut items) = items(text, start) else { return };
        let counted = |item: &Span| text[item.range()].starts_with(b"\"REDACTED-stack-frames-");
        if items.last().is_some_and(counted) && items.len() <= most.saturating_add(1) && stack != Stack::Drop {
            items.pop();
        }
        let Some(last) = items.last().filter(|_| text[items[0].start] == b'{') else { continue };
        done = last.end;
        cuts.traces += 1;
        if stack == Stack::Keep {
            continue;
        }
        let shown = most.min(items.len());
        for item in &items[..shown] {
            for name in [&b"\"locals\""[..], b"\"vars\""] {
                variables(text, *item, name, cuts);
            }
        }
        if shown < items.len() {
            let folded = items.len() - shown;
            cuts.frames += folded as u64;
            // With nothing left in front, the comma goes too.
            let from = if shown == 0 || stack != Stack::Drop { items[shown].start } else { items[shown - 1].end };
            let instead =
                if stack == Stack::Drop { Vec::new() } else { format!("\"{}\"", marker(folded as u32)).into_bytes() };
            cuts.cuts.push((Span::new(from, items[items.len() - 1].end), instead));
        }
    }
}

/// Replaces the object under `name` within `item`.
fn variables(text: &[u8], item: Span, name: &[u8], cuts: &mut Cuts) {
    let Some(at) = memchr::memmem::find(&text[item.range()], name) else { return };
    let mut start = item.start + at + name.len();
    start += blanks(&text[start..]);
    if text.get(start) != Some(&b':') {
        return;
    }
    start += 1 + blanks(&text[start + 1..]);
    if let Some(end) = value_end(text, start).filter(|_| matches!(text.get(start), Some(b'{' | b'['))) {
        cuts.cuts.push((Span::new(start, end), b"\"REDACTED-locals\"".to_vec()));
    }
}

/// The items of the JSON list that starts at `at`; `None` if it does not end.
fn items(text: &[u8], at: usize) -> Option<Vec<Span>> {
    let mut items = Vec::new();
    let mut start = at + 1;
    loop {
        start += blanks(&text[start..]);
        if text.get(start) == Some(&b']') {
            return Some(items);
        }
        let end = value_end(text, start)?;
        items.push(Span::new(start, end));
        start = end + blanks(&text[end..]);
        match text.get(start)? {
            b',' => start += 1,
            b']' => return Some(items),
            _ => return None,
        }
    }
}

/// Where the JSON value ends that starts at `at`.
fn value_end(text: &[u8], at: usize) -> Option<usize> {
    let (mut depth, mut i) = (0_usize, at);
    loop {
        match text.get(i)? {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(i + 1);
                }
            }
            b'"' => {
                i = closing(text, i + 1, Quote { byte: b'"', level: 0, depth: 0 })?;
                if depth == 0 {
                    return Some(i + 1);
                }
            }
            b',' if depth == 0 => return Some(i),
            _ => {}
        }
        i += 1;
        if depth == 0 && matches!(text.get(i), Some(b',' | b']' | b'}')) {
            return Some(i);
        }
    }
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(record: &str, stack: Stack) -> String {
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
            (r#"{"path":"C:\\new\\nat (x)","m":"a\nb"}"#, r#"{"path":"C:\\new\\nat (x)","m":"a\nb"}"#),
        ];
        for (record, expected) in cases {
            assert_eq!(folded(record, Stack::Fold(1)), *expected);
            assert_eq!(folded(expected, Stack::Fold(1)), *expected, "twice");
        }
    }

    #[test]
    fn lists_of_frames_stay_json() {
        let record = r#"{"exception":[{"type":"E","frames":[{"f":1,"locals":{"card":"4111"}}, {"f":2},{"f":3}]}]}"#;
        assert_eq!(
            folded(record, Stack::Fold(1)),
            r#"{"exception":[{"type":"E","frames":[{"f":1,"locals":"REDACTED-locals"}, "REDACTED-stack-frames-2"]}]}"#
        );
        assert_eq!(folded(record, Stack::Drop), r#"{"exception":[{"type":"E","frames":[]}]}"#);
        assert_eq!(folded(record, Stack::Keep), record);
    }
}
