//! Values of sensitive fields: found at the separator behind a key, in whatever syntax.

use super::claim::{Claim, Sink};
use super::key::{self, Key};
use super::known::Known;
use super::names::{Match, Names};
use super::nothing::{is_empty_value, is_pair, is_placeholder, is_prose};
use super::paths::Paths;
use super::value::{Reader, Value, is_object};
use super::{cookies, credential};
use crate::policy::rule::ValueKind;
use crate::span::{RuleIx, Span};
use std::collections::HashSet;

/// All rules that go by the name of the field.
pub struct Fields {
    /// Names and globs.
    pub names: Names,
    /// Paths such as `request.headers.*`.
    pub paths: Paths,
    /// By rule: where an unquoted value ends.
    pub kinds: Vec<ValueKind>,
    /// Last words, in lower case, of the names that have several: `credit card number`.
    pub last_words: HashSet<Vec<u8>>,
}

/// Keys that hold the value of a pair whose name stands beside them: `{"name": "password", "value": "…"}`.
pub const VALUE_KEYS: [&[u8]; 5] = [b"value", b"stringvalue", b"string_value", b"val", b"intvalue"];
/// Keys that hold that name.
const NAME_KEYS: [&[u8]; 8] = [b"name", b"key", b"field", b"header", b"param", b"parameter", b"attribute", b"property"];

impl Fields {
    /// Claims the value behind the separator at `at`, if its key is sensitive.
    pub fn at_separator(&self, text: &[u8], at: usize, reader: &mut Reader<'_>, sink: &mut Sink<'_>) {
        if sink.is_spent() {
            return;
        }
        let Some(key) = key::before(text, at) else { return };
        let mut matches = std::mem::take(&mut sink.matches);
        matches.clear();
        self.rules_of(text, &key, sink.known, &mut matches);
        if !matches.is_empty()
            && let Some(start) = reader.start(at)
        {
            self.claim(text, &key, start, reader, &matches, sink);
        }
        sink.matches = matches;
    }

    /// The rules whose names match this key, or the words in front of it, or the name beside it.
    pub fn rules_of(&self, text: &[u8], key: &Key, known: &mut Known, matches: &mut Vec<Match>) {
        let name = &text[key.name.range()];
        // A marker names no field: `REDACTED-phone: carrier rejected`.
        if name.starts_with(b"REDACTED-") {
            return;
        }
        known.look_up(name, matches, |matches| self.names.lookup(name, matches));
        // `key=` is one word; `credit card number: ` may be several.
        let tight = text.get(key.name.end) == Some(&b'=');
        let last = || self.last_words.contains(&name.to_ascii_lowercase());
        if !tight
            && name.len() < 16
            && key.start > 0
            && text[key.start - 1] == b' '
            && last()
            && let Some(phrase) = key::phrase(text, *key)
        {
            let had = matches.len();
            self.names.lookup(&text[phrase.name.range()], matches);
            // Only what the words in front complete (`credit card number`), not what one word alone says.
            let alone = name.iter().filter(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
            let mut at = had;
            while at < matches.len() {
                if matches[at].letters as usize > alone && !matches[..had].iter().any(|m| m.rule == matches[at].rule) {
                    at += 1;
                } else {
                    matches.swap_remove(at);
                }
            }
        }
        if matches.is_empty()
            && VALUE_KEYS.iter().any(|v| name.eq_ignore_ascii_case(v))
            && !is_wrapped(text, key)
            && let Some(sibling) = sibling_name(text, key.start)
        {
            self.names.lookup(&text[sibling.range()], matches);
        }
        self.paths.lookup(text, key, matches);
    }

    fn claim(
        &self,
        text: &[u8],
        key: &Key,
        start: usize,
        reader: &mut Reader<'_>,
        matches: &[Match],
        sink: &mut Sink<'_>,
    ) {
        let kind =
            matches.iter().map(|m| self.kinds[m.rule.0 as usize]).max_by_key(|kind| breadth(*kind)).unwrap_or_default();
        // Nothing beyond what an earlier key covers has to be read again: keeps `password={password={…` linear.
        if start < sink.covered && matches.iter().all(|m| sink.strictness(m.rule) <= sink.covered_strictness) {
            return;
        }
        let value = reader.value(key, start, kind);
        sink.work += value.span.len();
        for found in matches {
            let taken = Self::claim_value(text, key, value, self.kinds[found.rule.0 as usize], found.rule, sink);
            if taken > sink.covered {
                sink.covered = taken;
                sink.covered_strictness = sink.strictness(found.rule);
            }
        }
    }

    /// Where what was taken ends; 0 if nothing was.
    fn claim_value(text: &[u8], key: &Key, value: Value, kind: ValueKind, rule: RuleIx, sink: &mut Sink<'_>) -> usize {
        let field = Span::new(key.start, value.end);
        let quoted = value.quote.is_none() && value.end > value.span.end;
        let mut taken = 0;
        let object = !quoted && is_object(&text[value.span.range()]);
        let mut put = |span: Span, quote| {
            let bytes = &text[span.range()];
            let bare = !quoted && span == value.span;
            if !is_empty_value(bytes, bare) && !is_placeholder(bytes) && sink.claim(Claim { rule, span, quote, field })
            {
                taken = span.end;
            }
        };
        match kind {
            ValueKind::Credential if !object => {
                if let Some(span) = credential::secret_part(text, value.span, quoted) {
                    put(span, value.quote.filter(|_| span == value.span));
                }
            }
            ValueKind::Cookies if !object => {
                for span in cookies::values(text, value.span) {
                    put(span, value.quote.filter(|_| span == value.span));
                }
            }
            _ if !quoted && key.quote.is_none() && (is_prose(text, key, value.span) || is_pair(text, value.span)) => {}
            _ => put(value.span, value.quote),
        }
        taken
    }

    /// Claims the text of the XML element whose end tag starts at `at`: `<password>…</password>`.
    pub fn at_tag(&self, text: &[u8], at: usize, sink: &mut Sink<'_>) {
        let slash = at + memchr::memchr(b'/', &text[at..text.len().min(at + 9)]).unwrap_or(1);
        let length = text[slash + 1..]
            .iter()
            .take(key::LONGEST)
            .take_while(|b| b.is_ascii_alphanumeric() || b"_-.:".contains(b))
            .count();
        let name = &text[slash + 1..slash + 1 + length];
        let local = name.rsplit(|&b| b == b':').next().unwrap_or(name);
        let mut matches = std::mem::take(&mut sink.matches);
        matches.clear();
        self.names.lookup(local, &mut matches);
        if !matches.is_empty() {
            if let Some(open) = memchr::memrchr(b'>', &text[sink.tag_floor..at]).map(|i| sink.tag_floor + i + 1) {
                let mut span = Span::new(open, at);
                if text[span.range()].is_empty() && text[..at].ends_with(b"]]>") {
                    let inside =
                        memchr::memmem::rfind(&text[sink.tag_floor..at], b"<![CDATA[").map(|i| sink.tag_floor + i + 9);
                    span = Span::new(inside.unwrap_or(at), at - 3);
                }
                // `<a>\n<password>` closes nothing of its own: only text directly inside counts.
                if !span.is_empty() && !is_placeholder(&text[span.range()]) {
                    for found in &matches {
                        sink.claim(Claim { rule: found.rule, span, quote: None, field: span });
                    }
                }
            }
            sink.tag_floor = at;
        }
        sink.matches = matches;
    }

    /// Claims the argument of the flag that starts at `at`: `--password x`, `"--password", "x"`, `-Password x`.
    /// (`--password=x` is found at its separator.)
    pub fn at_flag(&self, text: &[u8], at: usize, reader: &mut Reader<'_>, sink: &mut Sink<'_>) {
        if at > 0 && !b" \t\"'[(,=".contains(&text[at - 1]) {
            return;
        }
        let length = text[at..]
            .iter()
            .take(key::LONGEST)
            .take_while(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b))
            .count();
        let dashes = text[at..].iter().take_while(|b| **b == b'-').count();
        let name = Span::new(at + dashes, at + length);
        if name.start >= name.end || text.get(name.end).is_none_or(|b| !b" \"'\\,".contains(b)) {
            return;
        }
        let mut matches = std::mem::take(&mut sink.matches);
        matches.clear();
        self.names.lookup(&text[name.range()], &mut matches);
        if !matches.is_empty() {
            let gap = text[name.end..].iter().take(24).take_while(|b| b" \t\"'\\,".contains(b)).count();
            let start = name.end + gap;
            // `"--password", "x"`: step back to the opening quote of the argument.
            let open =
                text[name.end..start].iter().rposition(|&b| b == b' ' || b == b',').map_or(start, |i| name.end + i + 1);
            if gap > 0 && start < text.len() && text[start] != b'-' && (gap == 1 || open > name.end) {
                let key = Key { name, quote: None, start: at };
                self.claim(text, &key, open, reader, &matches, sink);
            }
        }
        sink.matches = matches;
    }
}

fn breadth(kind: ValueKind) -> u8 {
    match kind {
        ValueKind::Word => 0,
        ValueKind::Words => 1,
        ValueKind::Cookies => 2,
        ValueKind::Credential => 3,
    }
}

/// OTLP wraps a value once more, `"value":{"stringValue":"…"}`: the inner key is the one to look at.
fn is_wrapped(text: &[u8], key: &Key) -> bool {
    let rest = &text[key.name.end..text.len().min(key.name.end + 48)];
    let inner = rest.iter().position(u8::is_ascii_alphabetic).map_or(&rest[..0], |at| &rest[at..]);
    rest.contains(&b'{') && [&b"stringValue"[..], b"intValue"].iter().any(|name| inner.starts_with(name))
}

/// The name of the pair whose value's key starts at `at`: `"name": "password", "value": …`.
fn sibling_name(text: &[u8], at: usize) -> Option<Span> {
    let mut end = skip_back(text, at, b" \t{,");
    // OTLP nests once more: `"key":"user.email","value":{"stringValue":`.
    if end > 0 && text[end - 1] == b':' {
        let inner = key::before(text, end - 1)?;
        if text[inner.name.range()].eq_ignore_ascii_case(b"value") {
            end = skip_back(text, inner.start, b" \t,");
        }
    }
    let quote = *text.get(end.checked_sub(1)?)?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let close = end - 1 - text[..end - 1].iter().rev().take_while(|&&b| b == b'\\').count();
    let floor = close.saturating_sub(key::LONGEST);
    let open = floor + memchr::memrchr(quote, &text[floor..close])?;
    let separator = skip_back(text, open - text[..open].iter().rev().take_while(|&&b| b == b'\\').count(), b" \t");
    if separator == 0 || !matches!(text[separator - 1], b':' | b'=') {
        return None;
    }
    let name_key = key::before(text, separator - 1)?;
    let name = &text[name_key.name.range()];
    NAME_KEYS.iter().any(|k| name.eq_ignore_ascii_case(k)).then_some(Span::new(open + 1, close))
}

fn skip_back(text: &[u8], at: usize, bytes: &[u8]) -> usize {
    at - text[at.saturating_sub(64)..at].iter().rev().take_while(|b| bytes.contains(b)).count()
}
