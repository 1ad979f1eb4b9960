//! Which elements of XML go on over the next lines.

use super::dialect::xml;
use super::opens::ends_head;
use super::scan::{Candidate, Kind};
use super::{Detector, key};
use crate::block::open::{Body, whole_element};
use crate::format::{peel, stern};
use crate::span::{RuleIx, Span};

/// Longest text in front of a tag that may stand in front of all lines.
const LONGEST: usize = 64;

impl Detector {
    /// A start tag that is the last one of its line, with the text that begins behind it and goes on.
    pub(super) fn opens_element(
        &self,
        record: &[u8],
        end: usize,
        candidates: &[Candidate],
        base: usize,
        opened: &mut Vec<(RuleIx, Body)>,
    ) -> Option<Span> {
        let at = candidates.iter().rev().find(|c| c.kind == Kind::Tag)?.at as usize - base;
        let text = Span::new(at + memchr::memchr(b'>', record.get(at..end)?)? + 1, end);
        let inside = &record[text.range()];
        // Where a command is explained, `<password>: …`, signs follow or a blank; a quote ends a string around the tag.
        if inside.first().is_some_and(|b| b" :,.;)]|=-/@'".contains(b)) || inside.iter().any(|b| b"<\"".contains(b)) {
            return None;
        }
        let start = peel(record).payload.start;
        let pod = start + stern::behind_set(record.get(start..at)?).unwrap_or(0);
        let start = if pod > start { pod + peel(&record[pod..]).payload.start } else { start };
        let before = record.get(start..at)?;
        // Behind words it may stand for what its name says: `login <user> <password>`.
        let alone = before.iter().all(u8::is_ascii_whitespace)
            || before.ends_with(b">")
            || !before.contains(&b'<') && ends_head(before, &record[start..])
            || is_head(before);
        let name = xml::opened(record, at, text.start).filter(|_| alone)?;
        // HTML prints listings in it (HTML Living Standard, 4.5.15), and what has several words is a text.
        if record[name.range()].eq_ignore_ascii_case(b"code") || inside.contains(&b' ') {
            return None;
        }
        // What declares an element has a name and a type: `<field name="password" type="string">`.
        let declares = memchr::memmem::find(&record[at..text.start], b" type=").is_some();
        let beside = || xml::name_beside(record, at).filter(|_| !declares);
        let mut matches = Vec::new();
        self.fields.names.lookup(&record[name.range()], &mut matches);
        if let Some(beside) = matches.is_empty().then(beside).flatten() {
            self.fields.names.lookup(&record[beside.range()], &mut matches);
        }
        self.open_all(&matches, Body::Element, opened);
        Some(text)
    }

    /// An element that names the one in the next line.
    pub(super) fn opens_sibling(&self, record: &[u8], candidates: &[Candidate], opened: &mut Vec<(RuleIx, Body)>) {
        if !candidates.iter().any(|c| c.kind == Kind::Tag) {
            return;
        }
        let payload = &record[peel(record).payload.range()];
        // A logger may have put the head of a record in front.
        let first = memchr::memchr(b'<', payload).unwrap_or(0);
        let before = &payload[..first];
        let payload = if ends_head(before, payload) || is_head(before) { &payload[first..] } else { payload };
        let Some((name, text)) = whole_element(payload) else { return };
        let key = name == b"key";
        if text.len() < key::LONGEST && (key || name.eq_ignore_ascii_case(b"name")) {
            let mut matches = Vec::new();
            self.fields.names.lookup(&payload[text.range()], &mut matches);
            self.open_all(&matches, Body::Sibling { key }, opened);
        }
    }
}

/// May `before`, in front of a tag that is indented, be what a logger has in front of all lines?
fn is_head(before: &[u8]) -> bool {
    let head = before.trim_ascii_end();
    head.len() <= LONGEST
        && before.len() - head.len() > 1
        && head.last().is_some_and(|b| b":]|>)".contains(b))
        && !head.iter().any(|b| b"\"'{(<=".contains(b))
}
