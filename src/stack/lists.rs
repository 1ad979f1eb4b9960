//! Lists of frames in JSON: of objects, as structlog and Sentry write them, or of strings.
//!
//! JSON may stand in a string, and that in another one: then each of its quotes has 1, 3 or 7 backslashes in front.

use super::inside::Cuts;
use super::line::{self, Kind, Part};
use super::trace::{Fate, Fold, marker};
use crate::format::quote::{Quote, closing};
use crate::policy::Stack;
use crate::slashes;
use crate::span::Span;

/// Keys of lists whose items are frames with names: structlog's and Sentry's, Jackson's and Log4j's.
const FRAMES: [&[u8]; 2] = [b"\"frames", b"tackTrace"];

/// Is it worth to look for lists in `text`, which has a sign of a trace?
pub fn may_hold(text: &[u8]) -> bool {
    FRAMES
        .iter()
        .chain([&&b"[\""[..], &&b"[\\"[..], &&b"[ "[..]])
        .any(|sign| memchr::memmem::find(text, sign).is_some())
}

/// Folds the lists in `text`, and drops the variables of their frames.
pub(super) fn fold(text: &[u8], stack: Stack, cuts: &mut Cuts) {
    for key in FRAMES {
        named(text, key, stack, cuts);
    }
    let mut done = 0;
    for open in memchr::memchr_iter(b'[', text) {
        let first = open + 1 + blanks(&text[open + 1..]);
        let slashes = slashes::leading(&text[first..]);
        if open < done || text.get(first + slashes) != Some(&b'"') {
            continue;
        }
        let Some(items) = items(text, open, slashes) else { break };
        done = items.last().map_or(done, |item| item.end);
        strings(text, &items, slashes, stack, cuts);
    }
}

/// Folds the lists under a key that ends in `key`.
fn named(text: &[u8], key: &[u8], stack: Stack, cuts: &mut Cuts) {
    let mut done = 0;
    for at in memchr::memmem::find_iter(text, key) {
        let end = at + key.len();
        let slashes = slashes::leading(&text[end..]);
        // Within a list that was read already.
        if at < done || !is_quote(text, end, slashes) {
            continue;
        }
        let mut start = end + 1 + slashes;
        start += blanks(&text[start..]);
        if text.get(start) != Some(&b':') {
            continue;
        }
        start += 1 + blanks(&text[start + 1..]);
        if text.get(start) != Some(&b'[') {
            continue;
        }
        // What does not end is read once only.
        let Some(items) = items(text, start, slashes) else { break };
        if let Some(end) = list(text, items, slashes, stack, cuts) {
            done = end;
        }
    }
}

/// Folds the frames among `items`, if they are strings and some of them are frames; messages and causes stay.
fn strings(text: &[u8], items: &[Span], slashes: usize, stack: Stack, cuts: &mut Cuts) {
    let inside = |item: &Span| {
        let start = item.start + slashes + 1;
        &text[start..item.end.saturating_sub(slashes + 1).max(start)]
    };
    let frames = items.iter().filter(|item| line::read_item(inside(item), None).0 == Part::Frame).count();
    let all = items.iter().all(|item| is_quote(text, item.start, slashes));
    let counted = || items.iter().any(|item| inside(item).starts_with(b"REDACTED-stack-frames-"));
    if !all || frames == 0 || frames == 1 && items.len() > 2 && !counted() {
        return;
    }
    cuts.traces += 1;
    let (mut open, mut first): (Option<Fold>, Option<usize>) = (None, None);
    for (at, item) in items.iter().enumerate() {
        let own = open.map(|fold| fold.kind());
        let (part, kind) = match line::read_item(inside(item), own) {
            // A call without a place, among others.
            (Part::Other, Kind::At) if own.is_some() && inside(item).trim_ascii_start().starts_with(b"at ") => {
                (Part::Frame, Kind::At)
            }
            read => read,
        };
        let fold = open.get_or_insert_with(|| Fold::new(kind));
        let fate = if part == Part::Other { Fate::Stays } else { fold.part(part, kind, stack) };
        if fate == Fate::Goes {
            cuts.frames += u64::from(part == Part::Frame);
            first = first.or(Some(at));
        } else if let Some(first) = first.take() {
            cut(items, first..at, std::mem::take(&mut fold.folded), slashes, stack, cuts);
        }
        if part == Part::Other {
            open = None;
        }
    }
    if let Some(first) = first {
        let folded = open.map_or(0, |fold| fold.folded);
        cut(items, first..items.len(), folded, slashes, stack, cuts);
    }
}

/// Replaces `gone`, some of the items, by their count, or takes them out with a comma.
fn cut(items: &[Span], gone: std::ops::Range<usize>, folded: u32, slashes: usize, stack: Stack, cuts: &mut Cuts) {
    let (mut start, mut end) = (items[gone.start].start, items[gone.end - 1].end);
    let mut instead = Vec::new();
    if folded > 0 && stack != Stack::Drop {
        instead = quoted(&marker(folded), slashes);
    } else if gone.start > 0 {
        start = items[gone.start - 1].end;
    } else if let Some(next) = items.get(gone.end) {
        end = next.start;
    }
    cuts.cuts.push((Span::new(start, end), instead));
}

/// Folds the list that has these items; gives where the last one ends, if it is one of frames.
fn list(text: &[u8], mut items: Vec<Span>, slashes: usize, stack: Stack, cuts: &mut Cuts) -> Option<usize> {
    let most = match stack {
        Stack::Keep => usize::MAX,
        Stack::Fold(frames) => frames as usize,
        Stack::Drop => 0,
    };
    let bare = |item: &Span| text[item.range()].get(slashes..).unwrap_or_default();
    let counted = |item: &Span| bare(item).starts_with(b"\"REDACTED-stack-frames-");
    if items.last().is_some_and(counted) && items.len() <= most.saturating_add(1) && stack != Stack::Drop {
        items.pop();
    }
    let first = *items.first()?;
    let is_object = text[first.start] == b'{';
    let last = items.last().filter(|_| is_object)?.end;
    cuts.traces += 1;
    if stack == Stack::Keep {
        return Some(last);
    }
    let shown = most.min(items.len());
    for item in &items[..shown] {
        for name in [&b"locals"[..], b"vars"] {
            variables(text, *item, name, slashes, cuts);
        }
    }
    if shown < items.len() {
        let folded = items.len() - shown;
        cuts.frames += folded as u64;
        // With nothing left in front, the comma goes too.
        let from = if shown == 0 || stack != Stack::Drop { items[shown].start } else { items[shown - 1].end };
        let instead = if stack == Stack::Drop { Vec::new() } else { quoted(&marker(folded as u32), slashes) };
        cuts.cuts.push((Span::new(from, last), instead));
    }
    Some(last)
}

/// Replaces the object under `name` within `item`.
fn variables(text: &[u8], item: Span, name: &[u8], slashes: usize, cuts: &mut Cuts) {
    for at in memchr::memmem::find_iter(&text[item.range()], name).map(|at| item.start + at) {
        if !text[..at].ends_with(b"\"")
            || slashes::trailing(&text[..at - 1]) != slashes
            || !is_quote(text, at + name.len(), slashes)
        {
            continue;
        }
        let mut start = at + name.len() + slashes + 1;
        start += blanks(&text[start..]);
        if text.get(start) != Some(&b':') {
            continue;
        }
        start += 1 + blanks(&text[start + 1..]);
        if let Some(end) = value_end(text, start, slashes).filter(|_| matches!(text.get(start), Some(b'{' | b'['))) {
            cuts.cuts.push((Span::new(start, end), quoted("REDACTED-locals", slashes)));
            return;
        }
    }
}

/// The text as a string of JSON.
fn quoted(text: &str, slashes: usize) -> Vec<u8> {
    let slashes = "\\".repeat(slashes);
    format!("{slashes}\"{text}{slashes}\"").into_bytes()
}

/// Does a quote with so many backslashes begin at `at`?
fn is_quote(text: &[u8], at: usize, slashes: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    rest.get(slashes) == Some(&b'"') && rest[..slashes].iter().all(|b| *b == b'\\')
}

/// The items of the JSON list that starts at `at`; `None` if it does not end.
fn items(text: &[u8], at: usize, slashes: usize) -> Option<Vec<Span>> {
    let mut items = Vec::new();
    let mut start = at + 1;
    loop {
        start += blanks(&text[start..]);
        if text.get(start) == Some(&b']') {
            return Some(items);
        }
        let end = value_end(text, start, slashes)?;
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
fn value_end(text: &[u8], at: usize, slashes: usize) -> Option<usize> {
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
                i = string_end(text, i + 1, slashes)?;
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

/// Where the quote stands that closes the string whose inside begins at `from`.
fn string_end(text: &[u8], from: usize, slashes: usize) -> Option<usize> {
    if slashes == 0 {
        return closing(text, from, Quote { byte: b'"', level: 0, depth: 0 });
    }
    let quotes = memchr::memchr_iter(b'"', text.get(from..)?).map(|at| from + at);
    // A quote with fewer ends the string around this one.
    quotes
        .map(|at| (at, slashes::trailing(&text[..at])))
        .find(|(_, found)| *found <= slashes)
        .and_then(|(at, found)| (found == slashes).then_some(at))
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::super::inside::tests::folded;
    use super::*;

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

    #[test]
    fn lists_in_strings_are_folded_and_lose_their_variables() {
        let record =
            r#"{"log":"{\"exception\":[{\"frames\":[{\"n\":1,\"locals\":{\"x\":\"a \\\"b\\\"]\"}},{\"n\":2}]}]}\n"}"#;
        let expected = r#"{"log":"{\"exception\":[{\"frames\":[{\"n\":1,\"locals\":\"REDACTED-locals\"},\"REDACTED-stack-frames-1\"]}]}\n"}"#;
        assert_eq!(folded(record, Stack::Fold(1)), expected);
        assert_eq!(folded(expected, Stack::Fold(1)), expected);
        assert_eq!(folded(record, Stack::Keep), record);
    }

    #[test]
    fn messages_and_causes_in_lists_of_strings_stay() {
        for (record, expected, dropped) in [
            (
                r#"{"stack":["Error: no","    at f (a.js:1:1)","    at g (b.js:2:2)","    at h (c.js:3:3)"],"n":1}"#,
                r#"{"stack":["Error: no","    at f (a.js:1:1)","    REDACTED"],"n":1}"#,
                r#"{"stack":["Error: no"],"n":1}"#,
            ),
            (
                r#"{"m":"{\"backtrace\":[\"/a/b.rb:1:in 'f'\", \"/a/b.rb:2:in 'g'\"]}"}"#,
                r#"{"m":"{\"backtrace\":[\"/a/b.rb:1:in 'f'\", \"REDACTED\"]}"}"#,
                r#"{"m":"{\"backtrace\":[]}"}"#,
            ),
            (
                r#"{"tb":["Traceback (most recent call last):\n","  File \"a.py\", line 1, in f\n    g()\n","  File \"a.py\", line 2, in g\n","ValueError: no\n"]}"#,
                r#"{"tb":["Traceback (most recent call last):\n","  File \"a.py\", line 1, in f\n    g()\n","REDACTED","ValueError: no\n"]}"#,
                r#"{"tb":["ValueError: no\n"]}"#,
            ),
            (
                r#"{"stack":["panic: no","","goroutine 1 [running]:","main.f(...)","\t/a/m.go:1","main.g(0x1)","\t/a/m.go:2 +0x1d","main.h()","\t/a/m.go:3","exit status 2"]}"#,
                r#"{"stack":["panic: no","","goroutine 1 [running]:","main.f(...)","\t/a/m.go:1","REDACTED","exit status 2"]}"#,
                r#"{"stack":["panic: no","","exit status 2"]}"#,
            ),
            (
                r#"{"trace":["/srv/a.php:1","/srv/b.php:22"],"to":["/srv/a.php","x:1"]}"#,
                r#"{"trace":["/srv/a.php:1","REDACTED"],"to":["/srv/a.php","x:1"]}"#,
                r#"{"trace":[],"to":["/srv/a.php","x:1"]}"#,
            ),
        ] {
            let expected = expected.replace("    REDACTED", "REDACTED");
            let count = folded(record, Stack::Fold(1)).matches("REDACTED-stack-frames-").count();
            let shown = folded(record, Stack::Fold(1)).replace("-stack-frames-1", "").replace("-stack-frames-2", "");
            assert_eq!((shown, count), (expected, 1));
            let once = folded(record, Stack::Fold(1));
            assert_eq!(folded(&once, Stack::Fold(1)), once);
            assert_eq!(folded(record, Stack::Drop), dropped);
            assert_eq!(folded(record, Stack::Keep), record);
        }
    }

    #[test]
    fn lists_of_objects_under_their_keys_are_folded() {
        let record =
            r#"{"thrown":{"extendedStackTrace":[{"class":"a.B","line":1},{"class":"a.C","line":2}]},"x":["a"]}"#;
        let expected =
            r#"{"thrown":{"extendedStackTrace":[{"class":"a.B","line":1},"REDACTED-stack-frames-1"]},"x":["a"]}"#;
        assert_eq!(folded(record, Stack::Fold(1)), expected);
        assert_eq!(folded(expected, Stack::Fold(1)), expected);
    }

    #[test]
    fn lists_of_strings_are_folded() {
        let record = r#"{"stack":["at f (a.js:1:1)", "at g (a.js:2:1)","at h"],"to":["at home","x"]}"#;
        let expected = r#"{"stack":["at f (a.js:1:1)", "REDACTED-stack-frames-2"],"to":["at home","x"]}"#;
        assert_eq!(folded(record, Stack::Fold(1)), expected);
        assert_eq!(folded(expected, Stack::Fold(1)), expected);
    }
}
