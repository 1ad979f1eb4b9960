//! Text of several lines in a string of a record, and lines that are the message of a record each: read as they are without
//! the strings around them, and what is claimed there is brought back.

use super::messages::{Messages, Within, source_of};
use super::rows::add_alarms;
use super::{Layer, Masker};
use crate::block::alarm::Alarms;
use crate::block::drawn::Drawn;
use crate::detect::scan::{Candidate, Kind, Kinds, within};
use crate::detect::{Known, is_curl, names_column};
use crate::edit::{Finding, leave_one_of_each};
use crate::format::nesting::Nesting;
use crate::format::quote::Quote;
use crate::format::spelled::{Text, breaks, doubles};
use crate::format::{begins_colour, peel};
use crate::slashes;
use crate::span::Span;
use memchr::memchr;
use std::borrow::Cow;

/// Longer texts are judged as strings only.
const LONGEST: usize = 256 << 10;
/// Texts of one record that are read; of more their lines are not looked at one by one.
const MOST: usize = 64;
/// Strings in strings that are read line by line.
const DEEPEST: usize = 3;
/// What comes before a record.
#[derive(Clone, Copy)]
pub(super) struct Before<'t> {
    /// The chunk up to it.
    pub(super) chunk: &'t [u8],
    /// Of the chunk before, the last line.
    pub(super) drawn: &'t Drawn,
}

impl Masker {
    /// Gathers what the rules claim of the lines in strings of `record`, which stands in `depth` strings itself and whose
    /// candidates are offsets from `base`. False if that takes more work than it may cost.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn judge_spelled(
        &self,
        record: &[u8],
        before: Before<'_>,
        candidates: &[Candidate],
        base: usize,
        messages: &mut Messages,
        layers: &mut [Layer],
        known: &mut Known,
        depth: usize,
        out: &mut Vec<Finding>,
    ) -> bool {
        let opens = candidates.iter().any(|c| opens_lines(record, *c, base));
        // A list of columns is no place worth a look by itself.
        let listed = || candidates.iter().any(|c| c.kind == Kind::At) && breaks(record);
        if messages.is_empty() && !opens && !listed() {
            return true;
        }
        let (message, mut is_event, mut judged) = (Text::message(record), false, true);
        if opens {
            (is_event, judged) = self.judge_events(record, message, candidates, base, layers, known, depth, out);
        }
        judged = judged && self.judge_arrays(record, candidates, base, messages, layers, known, depth, out);
        if let Some(text) = message.filter(|text| !is_event && !text.has_lines(record)) {
            let opens = may_open(record, text, candidates, base);
            let source = if opens || !messages.is_empty() { source_of(record, &text) } else { Cow::default() };
            let open = messages.take(&source);
            if open.is_some() || opens {
                let mut within = open.unwrap_or_else(|| Within::behind(before, record, &source, candidates, layers));
                judged &= self.judge_text(record, text, &mut within, layers, known, depth, out);
                messages.put(&source, within);
            }
        }
        if doubles(record) {
            for cell in Text::cells(record).into_iter().filter(|cell| cell.span.len() <= LONGEST) {
                if within(candidates, base, cell.span).iter().any(|c| opens_lines(record, *c, base)) {
                    judged &= self.judge_text(record, cell, &mut Within::default(), layers, known, depth, out);
                }
            }
        }
        judged && (!breaks(record) || self.judge_lines(record, candidates, base, layers, known, depth, out))
    }

    /// The same for the strings that hold line breaks.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn judge_lines(
        &self,
        record: &[u8],
        candidates: &[Candidate],
        base: usize,
        layers: &mut [Layer],
        known: &mut Known,
        depth: usize,
        out: &mut Vec<Finding>,
    ) -> bool {
        let (mut nesting, mut judged) = (Nesting::default(), true);
        let mut seen: Vec<Text> = Vec::new();
        // Where no string is, all of a record would be searched for one again and again.
        let mut bare = 0;
        for candidate in candidates.iter().filter(|c| c.kind == Kind::At || opens_lines(record, **c, base)) {
            let at = candidate.at as usize - base;
            nesting.move_to(record, at);
            let levels = nesting.innermost().map_or(1, |quote| quote.level + 1);
            let is_known = |seen: &[Text], levels: u32| {
                seen.iter().rev().any(|t| t.levels == levels && t.span.start <= at && at < t.span.end)
            };
            // Lines of records, which have strings themselves.
            if let Some(outer) = nesting.outermost().filter(|outer| outer.level + 1 < levels)
                && !is_known(&seen, outer.level + 1)
                && seen.len() < MOST
            {
                let text = Text::within(record, at, outer);
                seen.push(text);
                if text.span.len() <= LONGEST && text.has_lines(record) {
                    judged &= self.judge_text(record, text, &mut Within::default(), layers, known, depth, out);
                }
            }
            if is_known(&seen, levels) {
                continue;
            }
            bare += usize::from(nesting.innermost().is_none());
            if seen.len() == MOST || bare > MOST {
                break;
            }
            let Some(text) = Text::around(record, at, &mut nesting) else { continue };
            seen.push(text);
            if text.span.len() <= LONGEST && text.has_lines(record) {
                judged &= self.judge_text(record, text, &mut Within::default(), layers, known, depth, out);
            }
        }
        judged
    }

    /// The same for one text, of which `within` is known.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn judge_text(
        &self,
        record: &[u8],
        text: Text,
        within: &mut Within,
        layers: &mut [Layer],
        known: &mut Known,
        depth: usize,
        out: &mut Vec<Finding>,
    ) -> bool {
        let Some((layer, deeper)) = layers.split_first_mut() else { return true };
        text.read(record, &mut layer.view);
        let judged = self.judge_inside(layer, within, deeper, known, depth);
        for finding in &layer.findings {
            // Doubled quotes are spelled where the row itself is judged.
            let quote = finding.quote.filter(|_| text.levels > 0).map(|quote| deeper_in(quote, text.levels));
            let mut continued = finding.continued;
            layer.view.raw(finding.span, |span| {
                out.push(Finding { span, field: span, quote, continued, ..*finding });
                continued = true;
            });
        }
        judged
    }

    /// Puts what the rules claim of the lines in the view of `layer`, of which `within` is known, into its findings.
    pub(super) fn judge_inside(
        &self,
        layer: &mut Layer,
        within: &mut Within,
        deeper: &mut [Layer],
        known: &mut Known,
        depth: usize,
    ) -> bool {
        // The line ends here, even if another record says what comes next.
        layer.view.text.push(b'\n');
        let Layer { view, candidates, findings } = layer;
        let inside = &view.text[..];
        self.detector.scan(inside, known, candidates);
        let alarms = Alarms::of(inside);
        findings.clear();
        add_alarms(&alarms, candidates);
        self.judge_alarms(inside, &alarms, within, known, findings);
        if alarms.signs.commands {
            self.claim_monitored(inside, known, findings);
        }
        let mut judged = !alarms.signs.parts || deeper.is_empty() || self.judge_cuts(inside, deeper, known, findings);
        let (mut start, mut already, mut next) = (0, 0, 0);
        // An empty line is one, too.
        while judged && (start < inside.len() || start == 0) {
            let end = memchr(b'\n', &inside[start..]).map_or(inside.len(), |i| start + i);
            let line = &inside[start..end];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let count = candidates[next..].iter().take_while(|c| (c.at as usize) < start + line.len()).count();
            let own = &candidates[next..next + count];
            if !own.is_empty() || !within.is_empty() {
                let from = findings.len();
                let mut claimed = Vec::new();
                judged = self.judge(line, own, start, Nesting::default(), deeper, known, &mut claimed, &mut already);
                // What an escaped escape stands for, nobody knows: the record has said where such a value ends.
                claimed.retain(|finding| !breaks(&line[finding.span.range()]));
                self.over_lines(line, own, Kinds::of(own), start, 0, &mut within.blocks, known, &mut claimed);
                self.claim_above(line, own, start, inside.get(end + 1..).unwrap_or_default(), known, &mut claimed);
                self.read_drawn(line, own, &inside[..start], &mut within.drawn, known, &mut claimed);
                if depth < DEEPEST {
                    let Within { messages, drawn, .. } = &mut *within;
                    let before = Before { chunk: &inside[..start], drawn };
                    judged &=
                        self.judge_spelled(line, before, own, start, messages, deeper, known, depth + 1, &mut claimed);
                }
                leave_one_of_each(&mut claimed, 0);
                findings.append(&mut claimed);
                let shift = |span: Span| Span::new(start + span.start, start + span.end);
                for finding in &mut findings[from..] {
                    (finding.span, finding.field) = (shift(finding.span), shift(finding.field));
                }
            }
            next += candidates[next..].iter().take_while(|c| (c.at as usize) <= end).count();
            start = end + 1;
        }
        within.drawn.keep(inside);
        judged
    }

    /// Appends what key blocks and statements claim of `inside`.
    fn judge_alarms(
        &self,
        inside: &[u8],
        alarms: &Alarms,
        within: &mut Within,
        known: &mut Known,
        findings: &mut Vec<Finding>,
    ) {
        let keys = alarms.keys || !within.keys.is_empty();
        if let Some(rule) = self.detector.private_key_rule().filter(|_| keys) {
            within.keys.read(inside, |span| {
                findings.push(Finding::of(span, rule));
            });
        }
        if alarms.statements || !within.statements.is_empty() {
            self.claim_values(inside, &mut within.statements, known, findings);
        }
    }
}

/// The quotes of a text in so many strings, as the record around them spells it.
pub(super) fn deeper_in(quote: Quote, levels: u32) -> Quote {
    match quote.byte {
        b'"' => Quote { level: quote.level + levels, ..quote },
        _ => Quote { depth: quote.depth + levels, ..quote },
    }
}

/// Is it a place at which a value begins that may go on in the next line?
fn opens_lines(record: &[u8], candidate: Candidate, base: usize) -> bool {
    match candidate.kind {
        Kind::Key | Kind::Tag | Kind::Flag | Kind::Dashes | Kind::Drawn | Kind::KeyLine | Kind::Array => true,
        Kind::Word => {
            let word = &record[candidate.at as usize - base..];
            let begins = |begin: &[u8]| word.get(..begin.len()).is_some_and(|head| head.eq_ignore_ascii_case(begin));
            [&b"kind"[..], b"validation error"].iter().any(|begin| word.starts_with(begin))
                || begins(b"identified")
                || is_curl(word)
                || names_column(word)
        }
        // Go and docker spell the arrows of tags, of PHP and of klog so.
        Kind::Encoded => spells_arrow(&record[candidate.at as usize - base..]),
        _ => false,
    }
}

/// Has a tag that ends its line its arrows spelled, among `candidates`?
pub(super) fn spells_tag(record: &[u8], candidates: &[Candidate], base: usize) -> bool {
    candidates.iter().any(|c| c.kind == Kind::Encoded && spells_arrow(&record[c.at as usize - base..]))
}

/// Is it an arrow as Go's JSON has it, `\u003c` or `\u003e`, with any number of backslashes, at the end of its line?
fn spells_arrow(text: &[u8]) -> bool {
    let own = slashes::leading(text);
    let [b'u', b'0', b'0', b'3', b'c' | b'e' | b'C' | b'E', rest @ ..] = &text[own..] else { return false };
    let behind = slashes::leading(rest);
    own > 0
        && match rest.get(behind) {
            None | Some(b'"') => true,
            Some(b'n' | b'r') => behind > 0,
            Some(_) => false,
        }
}

/// What lines of manifests, of pairs and of forms begin with.
const WORDS: [&[u8]; 5] = [b"kind", b"apiVersion", b"name", b"key", b"content-disposition"];

/// May the line `text` open something that goes on in the next message?
pub(super) fn may_open(record: &[u8], text: Text, candidates: &[Candidate], base: usize) -> bool {
    // The message may have an envelope of its own.
    let payload = peel(&record[text.span.range()]).payload;
    let line = record[text.span.range()][payload.range()].trim_ascii_end();
    let inside = within(candidates, base, text.span);
    let Some(first) = inside.iter().find(|c| opens_lines(record, **c, base)) else { return false };
    let begins = |word: &[u8]| {
        let lead = line.iter().take_while(|b| b" -\"\\".contains(b)).count();
        line.get(lead..lead + word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    inside.iter().any(|c| matches!(c.kind, Kind::Dashes | Kind::Drawn | Kind::KeyLine))
        || line.last().is_some_and(|last| b"{[(|>-+<\"'`:\\=".contains(last))
        || begins_colour(line)
        || line.ends_with(b"u003c")
        || line.ends_with(b"u003e")
        || memchr::memrchr(b' ', line)
            .is_some_and(|at| matches!(line.get(at + 1), Some(b'!' | b'&' | b'B' | b'b' | b'|' | b'>')))
        || WORDS.iter().any(|word| begins(word))
        // A command goes on behind a backslash; elsewhere it is the name of a client.
        || first.kind == Kind::Word && !is_curl(&record[first.at as usize - base..])
        || memchr::memmem::find(line, b"<<").is_some()
        // A string that does not end, and a plain scalar of YAML.
        || memchr::memchr_iter(b'"', line).count() % 2 == 1
        || matches!(line, [b' ' | b'-', b' ', ..])
}
