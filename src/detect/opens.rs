//! Which values go on over the next lines: the block that a record opens.

use super::border::{in_angles, opened_before};
use super::credential::is_scheme;
use super::dialect::php;
use super::dialect::sibling::is_name_key;
use super::key::Key;
use super::names::Match;
use super::nothing::is_wrapper;
use super::opening::is_curl;
use super::scan::{Candidate, Kind, Kinds};
use super::{Detector, Known, key};
use crate::block::open::{Body, Manifest, Member, is_block_head, is_cut, is_mark, is_record, json, part_name, word};
use crate::edit::{Finding, retain_behind};
use crate::format::quote::{closing, is_quote, opening, quote_at};
use crate::format::{nesting::level_at, peel};
use crate::policy::rule::Shape;
use crate::span::{RuleIx, Span};

/// Most bytes of a key's rest that says how its value goes on.
const SHORT: usize = 64;

impl Detector {
    /// The block that `record` opens, given its candidates (offsets from `base`) and what was claimed of it; where it depends
    /// on who looks what is hidden, one for each rule whose value goes on. Claims of an object that does not end here are
    /// taken back for those of its parts.
    #[allow(clippy::too_many_arguments)]
    pub fn opens(
        &self,
        record: &[u8],
        candidates: &[Candidate],
        kinds: Kinds,
        base: usize,
        own: usize,
        findings: &mut Vec<Finding>,
        known: &mut Known,
    ) -> Vec<(RuleIx, Body)> {
        let mut opened = Vec::new();
        if !kinds.has(Kinds::OPENING) && findings.len() == own {
            return opened;
        }
        let every = self.viewed;
        // The message of docker ends in front of what its envelope has behind it.
        let whole = Span::new(0, record.len());
        let message = matches!(record.last(), Some(b'}' | b'm')).then(|| peel(record).payload);
        let inside = message.filter(|message| message.end < record.len()).unwrap_or(whole);
        let end = inside.end - record[inside.range()].iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
        let Some(last) = record[..end].last() else { return opened };
        self.opens_member(record, candidates, base, &mut opened);
        if b"{[(|>-+<\"'`:=".contains(last) || last.is_ascii_alphanumeric() {
            self.opens_empty(record, end, candidates, base, known, &mut opened);
        }
        if kinds.has(Kinds::TAG) && (opened.is_empty() || every) {
            let text = self.opens_element(record, end, candidates, base, &mut opened);
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                findings.extend(opened.iter().map(|(rule, _)| Finding::of(text, *rule)));
            }
            if *last == b'>' {
                self.opens_sibling(record, candidates, &mut opened);
            }
        }
        let word = |word: &'static [u8]| {
            move |c: &Candidate| c.kind == Kind::Word && record[c.at as usize - base..].starts_with(word)
        };
        let curl = |c: &Candidate| c.kind == Kind::Word && is_curl(&record[c.at as usize - base..]);
        if *last == b'\\' && candidates.iter().any(curl) {
            self.opens_named(b"password", Body::Command, &mut opened);
        }
        if last.is_ascii_alphanumeric() && candidates.iter().any(word(b"validation error")) {
            self.opens_named(b"password", Body::Complaint { named: false }, &mut opened);
        }
        if *last == b'D' && record[..end].ends_with(b"BEGIN:VCARD") {
            self.opens_named(b"first_name", Body::Contact, &mut opened);
        }
        if matches!(last, b'Y' | b'y' | b'=') && opened.is_empty() {
            self.opens_identified(&record[..end], &mut opened);
        }
        if *last == b'\\' && (opened.is_empty() || every) {
            self.opens_word(record, end, candidates, base, known, &mut opened);
        }
        // The mark of a word that goes on is no part of it.
        let rest = match last {
            b'\\' => Some(Body::Word { glued: true }),
            b'=' => is_cut(&record[inside.start..end]).then_some(Body::Soft),
            _ => None,
        };
        if let Some(body) = rest {
            let goes_on = |f: &&mut Finding| f.span.end == end && f.span.len() > 1 && f.quote.is_none();
            let most = if every { usize::MAX } else { usize::from(opened.is_empty()) };
            for finding in findings[own..].iter_mut().filter(goes_on).take(most) {
                finding.span.end -= 1;
                opened.push((finding.rule, body));
            }
        }
        if (opened.is_empty() || every) && candidates.iter().any(word(b"form-data")) {
            self.opens_form(&record[peel(record).payload.range()], &mut opened);
        }
        // What the envelope has behind the message is in no line.
        let goes_on = |finding: &Finding| {
            finding.span.end >= end && finding.span.start > inside.start && finding.span.start < inside.end
        };
        if !opened.is_empty() && !every || !findings[own..].iter().any(goes_on) {
            return opened;
        }
        let claims: Vec<Finding> = findings[own..].iter().filter(|finding| goes_on(finding)).copied().collect();
        for whole in claims {
            let Finding { span, field, rule, .. } = whole;
            if field.start < span.start && matches!(record[span.start], b'{' | b'[') {
                let mut parts = Vec::new();
                let depth = json::rest(&record[..end], span.start, 0, &mut |claim| parts.push(claim));
                if depth > 0 {
                    // All parts stand as deep as their bracket does.
                    let level = level_at(record, span.start);
                    retain_behind(findings, own, |f| f.rule != rule || f.span != span);
                    findings.extend(parts.iter().map(|(span, quote)| Finding {
                        span: *span,
                        field: *span,
                        quote: quote.map(|quote| quote.at_least(level)),
                        ..whole
                    }));
                    opened.push((rule, Body::Json { depth }));
                }
            } else if is_quote(record[span.start - 1]) {
                let quote = quote_at(record, span.start - 1);
                let message = &record[..inside.end];
                if span.end >= inside.end && closing(message, span.start, quote).is_none() {
                    // What the envelope has behind the message is no part of the value, nor is the mark of a cut line.
                    let stop = if is_cut(&record[inside.start..end]) { end - 1 } else { inside.end };
                    for finding in findings[own..].iter_mut().filter(|f| f.rule == rule && f.span == span) {
                        finding.span.end = stop.max(span.start);
                    }
                    opened.push((rule, Body::Quoted { quote }));
                }
            }
            if !opened.is_empty() && !every {
                break;
            }
        }
        opened
    }

    /// A record that ends in the key and what opens its value.
    fn opens_empty(
        &self,
        record: &[u8],
        end: usize,
        candidates: &[Candidate],
        base: usize,
        known: &mut Known,
        opened: &mut Vec<(RuleIx, Body)>,
    ) {
        let Some((key, at, body)) = Self::empty_value(record, end, candidates, base) else { return };
        let mut matches = Vec::new();
        self.fields.rules_of(record, &key, at, known, &mut matches);
        self.open_all(&matches, body, opened);
    }

    /// The key that `record` ends with, where its separator is, and what its value will be.
    fn empty_value(record: &[u8], end: usize, candidates: &[Candidate], base: usize) -> Option<(Key, usize, Body)> {
        let mut keys = candidates.iter().rev().filter(|c| c.kind == Kind::Key).map(|c| c.at as usize - base);
        let at = keys.next()?;
        // What ends here in a longer value is none that goes on.
        if at >= end || end - at > SHORT {
            return None;
        }
        // `["password":"User":private]=>`: who sees the property stands between.
        let seen = |colon: &usize| php::behind_visibility(record, *colon) == Some(end);
        if let Some(colon) = keys.chain([at]).take(4).filter(seen).min() {
            return Some((key::before(record, colon)?, colon, Body::Dumped));
        }
        let arrow = usize::from(record[at..end].starts_with(b"=>"));
        let lead = arrow + record[at + 1 + arrow..end].iter().take_while(|b| b" \t".contains(b)).count();
        let rest = &record[at + 1 + lead..end];
        // Most lines end in a whole value.
        if rest.first().is_some_and(u8::is_ascii_alphanumeric)
            && !is_scheme(rest)
            && !is_wrapper(rest)
            && !is_cut_behind_scheme(rest)
        {
            return None;
        }
        let key = key::before(record, at)?;
        let body = match rest {
            b"" if arrow == 1 => Body::Dumped,
            b"" => match column_of(record, &key) {
                Some(column) => Body::Below { column },
                // Of `KEY=` the value is empty, but in a tag.
                None if record[at] == b'=' && (record[..at].ends_with(b" ") || in_angles(record, &key)) => Body::String,
                // `Initial password:`, and the word in the next line, further in.
                None if ends_in_password(&record[key.name.range()]) => {
                    let payload = &record[peel(record).payload.start..];
                    Body::Below { column: payload.iter().take_while(|b| **b == b' ').count() }
                }
                None => return None,
            },
            b"'''" | b"\"\"\"" => Body::Three(rest[0]),
            _ if rest.starts_with(b"<<") => Body::Here(word(rest)?),
            _ if is_cut_behind_scheme(rest) => Body::String,
            // The scheme of a header that is folded, and an anchor or a tag of YAML.
            _ if is_scheme(rest)
                || matches!(rest, [b'&' | b'!', _, ..]) && record[at] == b':' && !rest.contains(&b' ') =>
            {
                Body::Below { column: column_of(record, &key)? }
            }
            b"[" => Body::Json { depth: 1 },
            // Behind a colon a remark may begin.
            b"(" if key.quote.is_some() || record[at] == b'=' => Body::Json { depth: 1 },
            b"{" if key.quote.is_some() => Body::Json { depth: 1 },
            _ if is_wrapper(rest) => Body::Json { depth: 1 },
            _ if record[at] == b':' && is_block_head(rest) => Body::Scalar { indent: column_of(record, &key)? },
            b"<" | b"\\u003c" if record[at] == b'=' => Body::Tabbed,
            _ => {
                let (quote, inside) = opening(record, end - rest.len(), 0)?;
                // `msg="bad token="`: it closes the string that the key stands in.
                let closes = quote.level == 0 && opened_before(record, key.start, quote.byte);
                (inside == end && !closes).then_some(Body::Quoted { quote })?
            }
        };
        Some((key, at, body))
    }

    /// The first of `matches` goes on; where it depends on who looks, all of them.
    pub(super) fn open_all(&self, matches: &[Match], body: Body, opened: &mut Vec<(RuleIx, Body)>) {
        let most = if self.viewed { matches.len() } else { 1 };
        opened.extend(matches.iter().take(most).map(|found| (found.rule, body)));
    }

    /// A record that goes on behind a backslash, and ends in a key or a flag whose value is in the next line.
    fn opens_word(
        &self,
        record: &[u8],
        end: usize,
        candidates: &[Candidate],
        base: usize,
        known: &mut Known,
        opened: &mut Vec<(RuleIx, Body)>,
    ) {
        let stop = record[..end - 1].trim_ascii_end().len();
        let Some(last) = candidates.iter().rev().find(|c| matches!(c.kind, Kind::Key | Kind::Flag)) else { return };
        let Some(at) = (last.at as usize).checked_sub(base).filter(|at| *at < stop) else { return };
        let mut matches = Vec::new();
        if last.kind == Kind::Key {
            if let Some(key) = key::before(record, at).filter(|_| at + 1 == stop) {
                self.fields.rules_of(record, &key, at, known, &mut matches);
            }
        } else {
            let name = &record[at..stop];
            let plain = name.iter().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b));
            if plain && stop + 1 < end {
                self.fields.names.lookup(name, &mut matches);
            }
        }
        self.open_all(&matches, Body::Word { glued: false }, opened);
    }

    /// A line that is a member of a mapping by itself, and says what another one holds: `- name: DB_PASSWORD`; and one of
    /// those that a manifest of Kubernetes begins with.
    fn opens_member(&self, record: &[u8], candidates: &[Candidate], base: usize, opened: &mut Vec<(RuleIx, Body)>) {
        let name = |at: usize| {
            let before = record[..at].strip_suffix(b"\"").unwrap_or(&record[..at]);
            let word = before.iter().rev().take(24).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
            &before[before.len() - word..]
        };
        // Most lines say something else. What is no key of a mapping may stand in front of the first one.
        let says = |candidate: &Candidate| {
            let at = candidate.at as usize - base;
            match candidate.kind {
                Kind::Word => record[at..].starts_with(b"kind").then_some(true),
                // What has an equals sign may be an envelope, `MESSAGE=`.
                Kind::Key => {
                    let named = is_name_key(name(at)) || name(at) == b"apiVersion";
                    (named || record[at] == b':').then_some(named)
                }
                _ => None,
            }
        };
        if candidates.iter().find_map(says) != Some(true) {
            return;
        }
        let payload = &record[peel(record).payload.range()];
        let Some(member) = Member::of(payload) else { return };
        let scalar = member.scalar(payload);
        let (column, text) = (member.column, &payload[scalar.range()]);
        let sure = member.key == b"kind" && text == b"Secret";
        if sure || member.key == b"apiVersion" && text == b"v1" {
            let rule = self.shapes.iter().find(|(shape, _)| *shape == Shape::KubernetesSecret);
            let body = Body::Secret(Manifest { column, inside: None, sure });
            opened.extend(rule.map(|(_, rule)| (*rule, body)));
        } else if is_name_key(member.key) && text.len() < key::LONGEST && !text.contains(&b' ') {
            let mut matches = Vec::new();
            self.fields.names.lookup(text, &mut matches);
            self.open_all(&matches, Body::Named { column }, opened);
        }
    }

    /// `ALTER USER jo IDENTIFIED BY` or `SET PASSWORD FOR jo =`, and nothing behind it.
    fn opens_identified(&self, text: &[u8], opened: &mut Vec<(RuleIx, Body)>) {
        const WORDS: &[u8] = b" identified by";
        const SET: &[u8] = b"set password";
        let ends = text.len().checked_sub(WORDS.len());
        let sets = text.len() < 512 && text.last() == Some(&b'=') && {
            let statement = text[peel(text).payload.start..].trim_ascii_start();
            statement.get(..SET.len()).is_some_and(|words| words.eq_ignore_ascii_case(SET))
        };
        if sets || ends.is_some_and(|at| text[at..].eq_ignore_ascii_case(WORDS)) {
            self.opens_named(b"password", Body::String, opened);
        }
    }

    /// What follows holds what a field of this name does.
    fn opens_named(&self, name: &[u8], body: Body, opened: &mut Vec<(RuleIx, Body)>) {
        let mut matches = Vec::new();
        self.fields.names.lookup(name, &mut matches);
        self.open_all(&matches, body, opened);
    }

    /// A form part with a sensitive name.
    fn opens_form(&self, payload: &[u8], opened: &mut Vec<(RuleIx, Body)>) {
        const HEADER: &[u8] = b"content-disposition:";
        if !payload.get(..HEADER.len()).is_some_and(|head| head.eq_ignore_ascii_case(HEADER)) {
            return;
        }
        let Some(name) = part_name(payload) else { return };
        let mut matches = Vec::new();
        self.fields.names.lookup(name, &mut matches);
        self.open_all(&matches, Body::Form { inside: false }, opened);
    }
}

/// Does Python cut a string behind the scheme of a header, `'Authorization: Bearer '`? The rest is a string in the next line.
fn is_cut_behind_scheme(rest: &[u8]) -> bool {
    let Some((quote, rest)) = rest.split_last() else { return false };
    is_quote(*quote) && rest.strip_suffix(b" ").is_some_and(is_scheme)
}

fn ends_in_password(name: &[u8]) -> bool {
    const WORD: &[u8] = b"password";
    name.len() >= WORD.len() && name[name.len() - WORD.len()..].eq_ignore_ascii_case(WORD)
}

/// In which column a key stands that is the first thing its line says, dashes of a list, the head of a record and marks aside.
fn column_of(record: &[u8], key: &Key) -> Option<usize> {
    let start = peel(record).payload.start.min(key.start);
    let indent = record[start..].iter().take_while(|b| **b == b' ').count();
    let alone = |b: &u8| b" -".contains(b) || *b == b'{' && key.quote.is_some();
    let first = record[start + indent..key.start].iter().all(alone);
    let before = &record[start..key.start];
    let marked = || {
        let rest = &record[key.name.end.max(key.start)..];
        let colon = memchr::memchr(b':', &rest[..rest.len().min(SHORT)]).map(|at| rest[at + 1..].trim_ascii());
        colon.is_some_and(|value| is_mark(before, is_block_head(value)))
    };
    (first || ends_head(before, &record[start..]) || marked()).then_some(key.start - start)
}

/// Is `before`, which `payload` begins with, the head of a record, up to its level, the name of a logger, or a mark?
pub(super) fn ends_head(before: &[u8], payload: &[u8]) -> bool {
    let head = before.trim_ascii_end();
    let word = head.iter().rev().take_while(|b| b.is_ascii_uppercase()).count();
    is_record(payload)
        && (word > 3 && head[..head.len() - word].last().is_none_or(|b| b" [\t".contains(b))
            || before[..before.len() - before.iter().rev().take_while(|b| **b == b' ').count()].ends_with(b"\t")
            || before.ends_with(b" ") && head.last().is_some_and(|b| b":-]|>)".contains(b)))
}
