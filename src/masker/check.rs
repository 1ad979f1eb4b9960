//! Where something would be masked, instead of the masked text: for a gate that says yes or no.
//!
//! The same records go through the same judgement as in the filter, so nothing is found here that the filter leaves, and
//! nothing is left that it masks.

use super::{Masker, Place, RuleName, Scratch, State, decoded};
use crate::action::Key;
use crate::rewrite::{Rewrite, Withheld};
use crate::span::Span;
use crate::tally::Tally;
use memchr::{memchr_iter, memrchr};

/// One place that would be masked. Never the value.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Line in its source, from 1.
    pub line: u64,
    /// Where in the line, in bytes from 0.
    pub bytes: Span,
    /// The same in characters; a byte that is no UTF-8 counts as one.
    pub chars: Span,
    /// The rule that names it.
    pub rule: &'a RuleName,
    /// What happens to it,
    pub action: &'static str,
    /// and how strict that is: the strictest of all rules that found it.
    pub strictness: u8,
    /// Its index, as in a [`Tally`].
    pub index: usize,
    /// Of the value under the key of this check; the same for the same value found by the same rule.
    pub fingerprint: Option<[u8; 16]>,
}

/// What a finding counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Reported, and counts.
    New,
    /// Reported, and does not count.
    Tolerated,
    /// Known before.
    Known,
    /// Of no interest.
    Outside,
}

/// Writes a report of what `masker` would mask in place of the masked text.
pub struct Check<'m, F> {
    masker: &'m Masker,
    key: Option<Key>,
    report: F,
}

/// What a check came to, added up.
#[derive(Debug, Default)]
pub struct Findings {
    /// What the filter would have counted.
    pub tally: Tally,
    /// Findings that count.
    pub new: u64,
    /// Findings that do not.
    pub tolerated: u64,
    /// Findings known before.
    pub known: u64,
    /// Whether each rule had a finding that was reported, by its index.
    pub reported: Vec<bool>,
}

/// What is carried from chunk to chunk.
#[derive(Clone, Default, PartialEq)]
pub struct Position {
    inner: State,
    /// Lines before.
    lines: u64,
    /// The line before was part of a key block.
    in_key: bool,
}

/// Buffers of one thread.
#[derive(Default)]
pub struct Room {
    inner: Scratch,
    out: Vec<u8>,
}

impl<'m, F: Fn(&Found<'_>, &mut Vec<u8>) -> Verdict + Sync> Check<'m, F> {
    /// `report` judges each finding, in order within a chunk, and may append text about it. With a `key` (16 bytes or
    /// more; less counts as none) findings have fingerprints.
    pub fn new(masker: &'m Masker, key: Option<&[u8]>, report: F) -> Check<'m, F> {
        Check { masker, key: key.and_then(|key| Key::new(key).ok()), report }
    }

    /// Adds what one place came to.
    fn tell(&self, chunk: &[u8], place: Place, line: u64, findings: &mut Findings, out: &mut Vec<u8>) {
        let index = place.rule.0 as usize;
        let rule = &self.masker.rules.names[index];
        let start = memrchr(b'\n', &chunk[..place.span.start]).map_or(0, |at| at + 1);
        let before = characters(&chunk[start..place.span.start]);
        let value = &chunk[place.span.range()];
        let found = Found {
            line,
            bytes: Span::new(place.span.start - start, place.span.end - start),
            chars: Span::new(before, before + characters(value)),
            rule,
            action: self.masker.rules.action(place.action).name(),
            strictness: self.masker.rules.replacer(place.action).strictness(),
            index,
            fingerprint: self.key.as_ref().map(|key| key.of_finding(&rule.id, &decoded(value))),
        };
        let verdict = (self.report)(&found, out);
        match verdict {
            Verdict::New => findings.new += 1,
            Verdict::Tolerated => findings.tolerated += 1,
            Verdict::Known => findings.known += 1,
            Verdict::Outside => {}
        }
        if matches!(verdict, Verdict::New | Verdict::Tolerated) {
            if findings.reported.len() <= index {
                findings.reported.resize(index + 1, false);
            }
            findings.reported[index] = true;
        }
    }
}

impl<F: Fn(&Found<'_>, &mut Vec<u8>) -> Verdict + Sync> Rewrite for Check<'_, F> {
    type Scratch = Room;
    type State = Position;
    type Tally = Findings;

    fn cut(&self, bytes: &[u8]) -> usize {
        self.masker.cut(bytes)
    }

    const NUMBERED: bool = true;

    fn number(&self, lines: u64, state: &mut Position) {
        state.lines = lines;
    }

    fn rewrite(&self, chunk: &[u8], state: &mut Position, scratch: &mut Room, out: &mut Vec<u8>) -> Findings {
        let mut key_lines = Vec::new();
        if self.masker.detector.private_key_rule().is_some() {
            state.inner.keys.clone().read(chunk, |span| key_lines.push(span.start));
        }
        scratch.out.clear();
        scratch.inner.places = Some(std::mem::take(&mut scratch.inner.places).unwrap_or_default());
        let tally = self.masker.rewrite(chunk, &mut state.inner, &mut scratch.inner, &mut scratch.out);
        let mut findings = Findings { tally, ..Findings::default() };
        let mut places = scratch.inner.places.take().unwrap_or_default();
        let (mut line, mut counted, mut last_key) = (state.lines + 1, 0, state.in_key.then_some(state.lines));
        for place in &places {
            line += memchr_iter(b'\n', &chunk[counted..place.span.start]).count() as u64;
            counted = place.span.start;
            // A key block is one finding, not one a line.
            let in_key = key_lines.binary_search(&place.span.start).is_ok();
            if in_key && last_key.replace(line) == Some(line - 1) || place.continued {
                continue;
            }
            self.tell(chunk, *place, line, &mut findings, out);
        }
        places.clear();
        scratch.inner.places = Some(places);
        let last_line = memrchr(b'\n', chunk.strip_suffix(b"\n").unwrap_or(chunk)).map_or(0, |at| at + 1);
        state.in_key = key_lines.last().is_some_and(|start| *start >= last_line);
        state.lines += memchr_iter(b'\n', chunk).count() as u64;
        findings
    }

    fn skip(&self, ending: &[u8], state: &mut Position) {
        state.lines += u64::from(!ending.is_empty());
        state.in_key = false;
    }

    fn withhold(&self, why: Withheld, head: &[u8], bytes: u64, ending: &[u8], _out: &mut Vec<u8>) -> Findings {
        Findings { tally: self.masker.withhold(why, head, bytes, ending, &mut Vec::new()), ..Findings::default() }
    }

    fn in_order(&self) -> bool {
        self.masker.in_order()
    }

    fn merge(total: &mut Findings, part: Findings) {
        total.tally.add(&part.tally);
        total.new += part.new;
        total.tolerated += part.tolerated;
        total.known += part.known;
        if total.reported.len() < part.reported.len() {
            total.reported.resize(part.reported.len(), false);
        }
        for (total, more) in total.reported.iter_mut().zip(&part.reported) {
            *total |= more;
        }
    }
}

/// Characters of `text`, where each byte that is no UTF-8 is one.
fn characters(text: &[u8]) -> usize {
    text.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
}

#[cfg(test)]
mod tests {
    use super::characters;

    #[test]
    fn characters_are_counted_in_any_bytes() {
        for (text, count) in [(&b"abc"[..], 3), ("né🦀".as_bytes(), 3), (b"a\xff\xfeb", 4), (b"\xe2\x82", 2), (b"", 0)]
        {
            assert_eq!(characters(text), count, "{text:?}");
        }
    }
}
