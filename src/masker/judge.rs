//! What the rules claim of a record: of its text, and of what is encoded in it, layer by layer.

use super::rows::add_alarms;
use super::{Layer, Masker, packed};
use crate::action::Replacer;
use crate::action::marker::{Form, Labels, is_marker};
use crate::block::alarm::Alarms;
use crate::detect::claim::Sink;
use crate::detect::scan::{Candidate, Kind};
use crate::detect::{self, Known};
use crate::edit::{Cover, Finding, leave_one_of_each};
use crate::format::nesting::Nesting;
use crate::format::printable;
use crate::format::quote::quote_of_shell;
use crate::format::spelled::breaks;
use crate::seal::token;
use crate::span::Span;

/// Longest text that is decoded as a whole, in bytes.
const WINDOW: usize = 64 << 10;
/// What is decoded around an encoded place of a longer one.
const AROUND: usize = 4 << 10;

/// Is the password of `IDENTIFIED BY` quoted for a shell?
fn identifies(word: &[u8]) -> bool {
    const WORDS: &[u8] = b"identified by ";
    let (Some(words), Some(value)) = (word.get(..WORDS.len()), word.get(WORDS.len()..)) else { return false };
    words.eq_ignore_ascii_case(WORDS) && quote_of_shell(value).is_some()
}

/// Are the quotes round the value behind the separator at `at`, or round its key, spelled for a shell?
fn spells_quotes(text: &[u8], at: usize) -> bool {
    let value = text[at + 1..].iter().take(4).position(|b| !b" >=".contains(b)).map_or(at, |i| at + 1 + i);
    let spelled = |at: usize| text[at] == b'\'' && quote_of_shell(&text[at..]).is_some();
    spelled(value) || at > 0 && text[at - 1] == b'\'' && text[..at - 1].iter().rev().take(8).any(|b| *b == b'\'')
}

impl Masker {
    /// What markers are called; few inputs have any.
    pub(super) fn labels(&self) -> &Labels {
        self.labels.get_or_init(|| Labels::new(self.rules.replacers.iter().flat_map(Replacer::forms)))
    }

    /// Is `value` a marker of this policy, or sealed? What stands for a secret is a plain one: a pseudonym there was put in by
    /// somebody else.
    pub(super) fn is_own_marker(&self, value: &[u8], secret: bool) -> bool {
        match is_marker(value, self.labels()) {
            Some(form) => !secret || form == Form::Plain,
            None => token::are_tokens(value),
        }
    }

    /// Takes findings out that lie within what an earlier run has sealed: by chance anything may stand there.
    pub(super) fn leave_sealed(record: &[u8], findings: &mut Vec<Finding>, already: &mut u64) {
        if findings.is_empty() || !token::may_be_in(record) {
            return;
        }
        let mut runs: Vec<Span> = Vec::new();
        let mut from = 0;
        while let Some(token) = token::next(record, from) {
            from = token.span.end;
            match runs.last_mut().filter(|last| last.end == token.span.start) {
                Some(last) => last.end = from,
                None => runs.push(token.span),
            }
        }
        let sealed = Cover::by(runs.into_iter());
        let before = findings.len();
        findings.retain(|finding| {
            let Span { start, mut end } = finding.span;
            // A pattern for prose may take the mark behind a word along.
            while end > start && b",;.:!?)]}".contains(&record[end - 1]) {
                end -= 1;
            }
            end == start || !sealed.holds(Span::new(start, end))
        });
        *already += (before - findings.len()) as u64;
    }

    /// Gathers what the rules claim of `text` and of what is encoded in it. False if that takes more work than a record
    /// of its length may cost.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn judge(
        &self,
        text: &[u8],
        found: &[Candidate],
        base: usize,
        place: Nesting,
        layers: &mut [Layer],
        known: &mut Known,
        out: &mut Vec<Finding>,
        already: &mut u64,
    ) -> bool {
        let markers = |value: &[u8], secret: bool| self.is_own_marker(value, secret);
        let own = out.len();
        let mut sink = Sink::new(text, &self.conditions, &markers, known, out);
        self.detector.find(text, found, base, place, &mut sink);
        *already += sink.already_masked;
        if sink.is_spent() {
            return false;
        }
        self.judge_packed(text, found, base, layers.len(), out)
            && self.judge_encoded(text, found, base, place, layers, known, own, out)
    }

    /// Decodes what is encoded in `text`, of which the findings from `own` on are, and judges that: all of it, or of a long
    /// record windows round the encoded places, so that a record of many megabytes is not held twice.
    #[allow(clippy::too_many_arguments)]
    fn judge_encoded(
        &self,
        text: &[u8],
        found: &[Candidate],
        base: usize,
        mut place: Nesting,
        layers: &mut [Layer],
        known: &mut Known,
        own: usize,
        out: &mut Vec<Finding>,
    ) -> bool {
        let encodes = |c: &&Candidate| match c.kind {
            Kind::Encoded => true,
            Kind::Word => {
                let word = &text[c.at as usize - base..];
                printable::begins(word) || word[0].eq_ignore_ascii_case(&b'i') && identifies(word)
            }
            Kind::Key => spells_quotes(text, c.at as usize - base),
            Kind::Flag => {
                let word = text[c.at as usize - base..].iter().take(64).position(|b| *b == b' ');
                word.is_some_and(|end| quote_of_shell(&text[c.at as usize - base + end + 1..]).is_some())
            }
            _ => false,
        };
        let mut encoded = found.iter().filter(encodes).map(|c| c.at as usize - base).peekable();
        let (mut judged, mut many) = (true, out.len());
        while let Some(first) = encoded.next() {
            let Some((layer, deeper)) = layers.split_first_mut() else {
                let Some(rule) = self.detector.too_deep_rule() else { return false };
                let span = packed::token_around(text, first);
                out.push(Finding::of(span, rule));
                while encoded.next_if(|next| *next < span.end).is_some() {}
                continue;
            };
            let mut window = Span::new(first.saturating_sub(AROUND), first + AROUND);
            while let Some(next) = encoded.next_if(|next| *next < window.end && window.len() < WINDOW) {
                window.end = next + AROUND;
            }
            if text.len() <= WINDOW {
                window = Span::new(0, text.len());
                encoded.by_ref().for_each(drop);
            }
            window.end = window.end.min(text.len());
            place.move_to(text, window.start);
            if detect::decode(&text[window.range()], &mut layer.view) {
                judged &= self.judge_view(layer, deeper, window.start, place, known, out);
            }
            if out.len() > many + many / 4 {
                leave_one_of_each(out, own);
                many = out.len();
            }
        }
        judged
    }

    /// Judges a decoded or joined view; its findings are brought back to the text, which the view is made of from
    /// `offset` on.
    fn judge_view(
        &self,
        layer: &mut Layer,
        deeper: &mut [Layer],
        offset: usize,
        place: Nesting,
        known: &mut Known,
        out: &mut Vec<Finding>,
    ) -> bool {
        self.detector.scan(&layer.view.text, known, &mut layer.candidates);
        let lines = breaks(&layer.view.text);
        if lines {
            add_alarms(&Alarms::of(&layer.view.text), &mut layer.candidates);
        }
        layer.findings.clear();
        // Markers in a decoded view were seen in the text itself.
        let mut seen = 0;
        let (text, found) = (&layer.view.text, &layer.candidates);
        let mut judged = self.judge(text, found, 0, place.restart(), deeper, known, &mut layer.findings, &mut seen);
        if lines {
            judged &= self.judge_lines(text, found, 0, deeper, known, 0, &mut layer.findings);
        }
        if layer.view.has_quotes()
            && let Some(next) = deeper.first_mut()
        {
            self.claim_in_decoded(&layer.view.text, &mut next.view, known, &mut layer.findings);
        }
        for finding in &layer.findings {
            let mut continued = finding.continued;
            layer.view.raw(layer.view.in_part_of_url(finding.field.start, finding.span), |span| {
                let span = Span::new(span.start + offset, span.end + offset);
                out.push(Finding { span, field: span, continued, ..*finding });
                continued = true;
            });
        }
        judged
    }
}
