//! Values whose names stand elsewhere: of SQL statements whose columns were named in a line before, of access logs, where the
//! place says it, and of Redis, where the command does.

use super::rewriter::split_ending;
use super::spelled::deeper_in;
use super::{Masker, Scratch};
use crate::block::alarm::Alarms;
use crate::detect::claim::Sink;
use crate::detect::{Detector, Known, Statements};
use crate::edit::Finding;
use crate::format::nesting::Nesting;
use crate::format::quote::{Quote, quote_at};
use crate::format::signs::monitored;
use crate::format::spelled::{Text, doubles};
use crate::format::view::View;
use crate::span::Span;
use memchr::memchr;

/// Longest message that is read line by line, and longest command: with a place for each quote it takes some times its length.
const LONGEST: usize = 256 << 10;
const COMMAND: usize = 4 << 20;

impl Masker {
    /// Appends what the rules claim of the statements in `chunk`.
    pub(super) fn claim_values(
        &self,
        chunk: &[u8],
        statements: &mut Statements,
        known: &mut Known,
        out: &mut Vec<Finding>,
    ) {
        let markers = |value: &[u8], secret: bool| self.is_own_marker(value, secret);
        let mut found = Vec::new();
        self.each_value(chunk, statements, |start, record, name, span| {
            let mut sink = Sink::new(record, &self.conditions, &markers, known, &mut found);
            self.detector.claim_cell(record, name, span, &mut sink);
            let shift = |span: Span| Span::new(start + span.start, start + span.end);
            let quote = if found.is_empty() { None } else { quote_of_item(record, span) };
            out.extend(found.drain(..).map(|f| Finding {
                span: shift(f.span),
                field: shift(f.field),
                quote: f.quote.or(quote),
                ..f
            }));
        });
    }

    /// Appends what the rules claim of values that are known by their place to the findings of the chunk.
    pub(super) fn claim_placed(&self, chunk: &[u8], scratch: &mut Scratch) {
        self.claim_in_lines(chunk, scratch, |record, sink| {
            if let Some((name, span)) = Detector::placed(record) {
                self.detector.claim_cell(record, name, span, sink);
            }
        });
    }

    /// Appends what the rules claim of lines of Redis' `MONITOR`, wherever they stand in their lines. Nothing of such a line need
    /// be worth a look by itself: what an argument is, its command says.
    pub(super) fn claim_monitored(&self, chunk: &[u8], known: &mut Known, out: &mut Vec<Finding>) {
        let markers = |value: &[u8], secret: bool| self.is_own_marker(value, secret);
        let (mut found, mut view, mut start) = (Vec::new(), View::default(), 0);
        for line in chunk.split_inclusive(|b| *b == b'\n') {
            let (record, _) = split_ending(line);
            // In JSON the quotes are escaped, and a message may have several lines.
            let most = |text: &Text| if record[text.span.start].is_ascii_digit() { COMMAND } else { LONGEST };
            let message = commanded(record)
                .or_else(|| Text::message(record))
                .or_else(|| cell_of_command(record))
                .filter(|text| text.span.len() <= most(text));
            view.clear();
            match message {
                Some(message) => message.read(record, &mut view),
                None => view.join(record, 0),
            }
            let mut at = 0;
            for text in view.text.split(|b| *b == b'\n') {
                let (begin, next) = (monitored(text), at + text.len() + 1);
                if let Some(begin) = begin {
                    let (text, own) = (&text[begin..], at + begin);
                    let mut sink = Sink::new(text, &self.conditions, &markers, known, &mut found);
                    self.detector.claim_arguments(text, &mut sink);
                    for finding in found.drain(..) {
                        let mut continued = finding.continued;
                        view.raw(Span::new(own + finding.span.start, own + finding.span.end), |raw| {
                            let span = Span::new(start + raw.start, start + raw.end);
                            out.push(Finding { span, field: span, continued, ..finding });
                            continued = true;
                        });
                    }
                }
                at = next;
            }
            start += line.len();
        }
    }

    /// Appends what the rules claim of commands and statements in `text`, whose quotes are escaped as where something was decoded,
    /// by what their places say. `view` is a buffer.
    pub(super) fn claim_in_decoded(&self, text: &[u8], view: &mut View, known: &mut Known, out: &mut Vec<Finding>) {
        let alarms = Alarms::of(text);
        if !alarms.signs.commands && !alarms.statements {
            return;
        }
        let Some(quote) = memchr(b'"', text).map(|at| quote_at(text, at)).filter(|quote| quote.level > 0) else {
            return;
        };
        Text { span: Span::new(0, text.len()), levels: quote.level }.read(text, view);
        let mut found = Vec::new();
        if alarms.signs.commands {
            self.claim_monitored(&view.text, known, &mut found);
        }
        if alarms.statements {
            self.claim_values(&view.text, &mut Statements::default(), known, &mut found);
        }
        for finding in found {
            let mut continued = finding.continued;
            let quote = finding.quote.map(|own| deeper_in(own, quote.level));
            view.raw(finding.span, |span| {
                out.push(Finding { span, field: span, quote, continued, ..finding });
                continued = true;
            });
        }
    }

    /// Appends what `claim` claims of each line to the findings of the chunk.
    fn claim_in_lines(&self, chunk: &[u8], scratch: &mut Scratch, claim: impl Fn(&[u8], &mut Sink<'_>)) {
        let Scratch { extra, known, .. } = scratch;
        let markers = |value: &[u8], secret: bool| self.is_own_marker(value, secret);
        let (mut found, mut start) = (Vec::new(), 0);
        for line in chunk.split_inclusive(|b| *b == b'\n') {
            let (record, _) = split_ending(line);
            claim(record, &mut Sink::new(record, &self.conditions, &markers, known, &mut found));
            let shift = |span: Span| Span::new(start + span.start, start + span.end);
            extra.extend(found.drain(..).map(|f| Finding { span: shift(f.span), field: shift(f.field), ..f }));
            start += line.len();
        }
        extra.sort_unstable_by_key(|f| (f.span.start, f.span.end));
    }

    /// Calls `each` with the start of a line, the line, the name of a column, and what stands there.
    fn each_value(&self, chunk: &[u8], statements: &mut Statements, mut each: impl FnMut(usize, &[u8], &[u8], Span)) {
        let mut start = 0;
        while start < chunk.len() {
            let end = memchr(b'\n', &chunk[start..]).map_or(chunk.len(), |i| start + i + 1);
            let (record, _) = split_ending(&chunk[start..end]);
            let sensitive = |name: &[u8]| self.detector.is_sensitive(name);
            statements.line(record, sensitive, |name, span| each(start, record, name, span));
            start = end;
        }
    }
}

/// The quotes that a marker needs for what stands in `span`, a number in a list of JSON beside a statement.
fn quote_of_item(record: &[u8], span: Span) -> Option<Quote> {
    let number = record[span.range()].iter().all(|b| b.is_ascii_digit() || b"+-.eE".contains(b));
    let listed = matches!(record[..span.start].trim_ascii_end().last(), Some(b'[' | b',' | b':'));
    if !number || !listed || record.last() != Some(&b'}') {
        return None;
    }
    let mut nesting = Nesting::default();
    nesting.move_to(record, span.start);
    nesting.innermost().is_none().then(|| quote_at(b"\"", 0))
}

/// The string that a command stands in, whatever its key is.
fn commanded(record: &[u8]) -> Option<Text> {
    let at = memchr::memmem::find(record, b"] \\")?;
    let mut nesting = Nesting::default();
    nesting.move_to(record, at);
    nesting.innermost().and_then(|_| Text::around(record, at, &mut nesting))
}

/// The cell of a CSV that a command stands in, whose quotes are doubled there.
fn cell_of_command(record: &[u8]) -> Option<Text> {
    const DOUBLED: &[u8] = b"] \"\"";
    let at = if doubles(record) { memchr::memmem::find(record, DOUBLED)? } else { return None };
    Text::cells(record).into_iter().find(|cell| cell.span.range().contains(&at))
}
