//! Values that go on over the next lines: what open blocks claim of a record, and which blocks it opens.

use super::counted::Framing;
use super::rewriter::split_ending;
use super::{Layer, Masker, Scratch, State};
use crate::action::marker::{Form, is_marker};
use crate::block::open::{Blocks, Body, MAX_LINES, is_key_line};
use crate::block::table::Table;
use crate::detect::Known;
use crate::detect::scan::{Candidate, Kind};
use crate::edit::Finding;
use crate::format;
use crate::format::packed::Packed;
use crate::span::Span;
use memchr::{memchr, memmem, memrchr_iter};

/// A longer record opens no block.
const LONGEST: usize = 64 << 10;

impl Masker {
    /// Appends what the open blocks claim of `record`, and opens those that begin in it. `findings` from `own` on are
    /// claims on this record alone.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn over_lines(
        &self,
        record: &[u8],
        candidates: &[Candidate],
        base: usize,
        own: usize,
        blocks: &mut Blocks,
        known: &mut Known,
        findings: &mut Vec<Finding>,
    ) {
        let long = record.len() + 2 > LONGEST;
        let opened =
            if long { Vec::new() } else { self.detector.opens(record, candidates, base, own, findings, known) };
        let public = blocks.line(record, |rule, (span, quote)| {
            if is_marker(&record[span.range()], &self.labels) != Some(Form::Plain) {
                findings.push(Finding { span, rule, quote, field: span, continued: false, recode: None });
            }
        });
        for (rule, body) in opened {
            blocks.open(record, rule, body);
        }
        if let Some(rule) = self.detector.private_key_rule().filter(|_| !long) {
            for candidate in candidates.iter().filter(|c| matches!(c.kind, Kind::KeyLine | Kind::Dashes)) {
                let at = candidate.at as usize - base;
                let line = &record[at..];
                let begins = line.starts_with(b"-----BEGIN ");
                if candidate.kind == Kind::KeyLine && !public && is_key_line(line) && is_alone(record, at) {
                    let span = Span::new(at, record.len());
                    findings.push(Finding { span, rule, quote: None, field: span, continued: false, recode: None });
                    blocks.open(record, rule, Body::KeyBody);
                } else if begins && begins_public(line) {
                    blocks.open(record, rule, Body::Public);
                }
            }
        }
    }

    /// Moves `blocks` past `chunk`: what is open at its end was opened in its last lines.
    pub(super) fn advance_blocks(&self, chunk: &[u8], blocks: &mut Blocks, scratch: &mut Scratch) {
        // The line ending of the last line is no boundary of its own.
        let mut ends = memrchr_iter(b'\n', &chunk[..chunk.len().saturating_sub(1)]);
        let tail = match ends.nth(MAX_LINES - 1) {
            Some(end) => {
                blocks.clear();
                &chunk[end + 1..]
            }
            None => chunk,
        };
        if scratch.layers.is_empty() {
            scratch.layers.resize_with(format::DEPTH, Layer::default);
        }
        // Nobody asks for these places.
        let (places, marks) = (scratch.places.take(), scratch.marks.take());
        let mut state =
            State { blocks: std::mem::take(blocks), table: Table::Off, framing: Framing::Lines, ..State::default() };
        let mut out = Vec::new();
        let mut from = 0;
        // Long lines open nothing, so they need not be judged.
        while from < tail.len() {
            let rest = &tail[from..];
            let end = |at: usize| memchr(b'\n', &rest[at..]).map_or(rest.len(), |i| at + i + 1);
            let mut short = 0;
            while short < rest.len() && split_ending(&rest[short..end(short)]).0.len() + 2 <= LONGEST {
                short = end(short);
            }
            self.mask_chunk(&rest[..short], &mut state, scratch, &mut out);
            from += short;
            if short < rest.len() {
                state.blocks.line(split_ending(&rest[short..end(short)]).0, |_, _| {});
                from += end(short) - short;
            }
            out.clear();
        }
        *blocks = state.blocks;
        (scratch.places, scratch.marks) = (places, marks);
    }
}

/// Is what begins at `at` all that the line says, and no packed text?
fn is_alone(record: &[u8], at: usize) -> bool {
    let payload = format::peel(record).payload.start;
    record[payload.min(at)..at].iter().all(u8::is_ascii_whitespace) && Packed::at(record, at).is_none()
}

/// A whole header, `-----BEGIN CERTIFICATE-----`, of something that is no private key and does not end on this line.
fn begins_public(line: &[u8]) -> bool {
    let holds = |text: &[u8]| memmem::find(line, text).is_some();
    let label = line.get(11..).and_then(|rest| memmem::find(rest, b"-----"));
    label.is_some_and(|length| length < 64) && !holds(b"PRIVATE KEY") && !holds(b"-----END")
}
