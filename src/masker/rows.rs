//! Rows of tables whose columns were named in the first line, or above a line that is drawn.

use super::Masker;
use crate::block::above;
use crate::block::alarm::Alarms;
use crate::block::drawn::Drawn;
use crate::block::ending;
use crate::block::table::Table;
use crate::detect::claim::Sink;
use crate::detect::scan::{Candidate, Kind};
use crate::detect::{Known, is_verdict};
use crate::edit::Finding;
use crate::format::spelled::Text;
use crate::format::{peel, view::View};
use crate::span::Span;

/// The name of a column, and what a row has there.
pub(super) type Cell = (Vec<u8>, Span);

impl Masker {
    /// Reads `record` as a row of `table` and puts what stands in its sensitive columns into `cells`.
    pub(super) fn read_row(&self, record: &[u8], table: &mut Table, cells: &mut Vec<Cell>) {
        cells.clear();
        if table.reads() {
            self.read_next_row(record, table, cells);
        }
    }

    /// Apart, because most sources are no tables.
    #[inline(never)]
    fn read_next_row(&self, record: &[u8], table: &mut Table, cells: &mut Vec<Cell>) {
        let sensitive = |name: &[u8]| self.detector.is_sensitive(name);
        // In a string tabs and quotes are spelled with backslashes.
        if let Some(text) = Text::message(record).filter(|text| !text.has_lines(record)) {
            let mut view = View::default();
            text.read(record, &mut view);
            // The message may have an envelope of its own.
            let inner = peel(&view.text);
            let source = [&*peel(record).name(record), b" ", &*inner.name(&view.text)].concat();
            let base = inner.payload.start;
            let claim = |name: &[u8], span: Span| {
                let span = Span::new(base + span.start, base + span.end);
                view.raw(span, |raw| cells.push((name.to_vec(), raw)));
            };
            table.message(&source, &view.text[inner.payload.range()], sensitive, claim);
        } else {
            table.line(record, sensitive, |name, span| cells.push((name.to_vec(), span)));
        }
    }

    /// Reads `record`, whose candidates are offsets from `base`, as a line of a drawn table; `before` is the text up to it.
    /// Appends what the rules claim of its columns.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn read_drawn(
        &self,
        record: &[u8],
        candidates: &[Candidate],
        before: &[u8],
        drawn: &mut Drawn,
        known: &mut Known,
        findings: &mut Vec<Finding>,
    ) {
        let mut read = |drawn: &mut Drawn| {
            let mut cells = Vec::new();
            drawn.line(record, |name, span| cells.push((name.to_vec(), span)));
            for (command, span) in cells.extract_if(.., |(name, _)| ending::is_command(name)) {
                self.claim_argument(&command, span, known, findings);
            }
            // Some columns only say of a password whether there is one.
            cells.retain(|(_, span)| !is_verdict(&record[span.range()]));
            self.claim_cells(record, &cells, known, findings, &mut 0);
        };
        if !drawn.is_empty() {
            read(drawn);
        }
        if !candidates.iter().any(|c| c.kind == Kind::Drawn) {
            return;
        }
        if drawn.begin(record, before, &mut |name: &[u8]| self.detector.is_sensitive(name)) {
            read(drawn);
        }
        if let Some((name, span)) = drawn.pointed(record, before) {
            self.claim_cells(record, &[(name.to_vec(), span)], known, findings, &mut 0);
        }
    }

    /// Appends what the rules claim of the last argument of `command`, which stands in `span` of a line.
    fn claim_argument(&self, command: &[u8], span: Span, known: &mut Known, findings: &mut Vec<Finding>) {
        let markers = |value: &[u8], secret: bool| self.is_own_marker(value, secret);
        let mut found = Vec::new();
        self.detector.claim_arguments(command, &mut Sink::new(command, &self.conditions, &markers, known, &mut found));
        // A quote ends the command.
        let start = command.len() - 1 - span.len();
        for finding in found.into_iter().filter(|finding| finding.span.start >= start) {
            let shift = |at: usize| span.start + at.min(start + span.len()) - start;
            let span = Span::new(shift(finding.span.start), shift(finding.span.end));
            findings.push(Finding { span, field: span, ..finding });
        }
    }

    /// Ends findings with the cell of a row that they begin in: one that holds a delimiter has quotes round it.
    pub(super) fn end_with_cells(record: &[u8], table: &Table, findings: &mut [Finding]) {
        if !matches!(table, Table::Open(_) | Table::Plain(_)) {
            return;
        }
        for finding in findings.iter_mut().filter(|finding| finding.quote.is_none() && finding.recode.is_none()) {
            let end = table.cell_end(record, finding.span).unwrap_or(finding.span.end);
            if end < finding.span.end {
                finding.span.end = end;
                finding.field.end = finding.field.end.min(end);
            }
        }
    }

    /// Appends what the rules claim of the value in `record` that the first line of `rest`, which is behind it, names.
    /// `candidates` of the record are offsets from `base`.
    pub(super) fn claim_above(
        &self,
        record: &[u8],
        candidates: &[Candidate],
        base: usize,
        rest: &[u8],
        known: &mut Known,
        findings: &mut Vec<Finding>,
    ) {
        let begins = |c: &Candidate| c.kind == Kind::Key && above::is_value(&record[..c.at as usize - base]);
        if !candidates.iter().any(begins) {
            return;
        }
        let next = rest.split(|b| *b == b'\n').next().unwrap_or_default();
        let next = next.strip_suffix(b"\r").unwrap_or(next);
        if let Some((name, span)) = above::named(record, next) {
            self.claim_cells(record, &[(name.to_vec(), span)], known, findings, &mut 0);
        }
    }

    /// Appends what the rules claim of `cells`.
    pub(super) fn claim_cells(
        &self,
        record: &[u8],
        cells: &[Cell],
        known: &mut Known,
        findings: &mut Vec<Finding>,
        already: &mut u64,
    ) {
        if cells.is_empty() {
            return;
        }
        let markers = |value: &[u8], secret: bool| self.is_own_marker(value, secret);
        let mut sink = Sink::new(record, &self.conditions, &markers, known, findings);
        for (name, span) in cells {
            self.detector.claim_cell(record, name, *span, &mut sink);
        }
        *already += sink.already_masked;
    }
}

/// Adds what one search of the same text has found to its candidates: the places of drawn lines, and of arrays of bytes.
pub(super) fn add_alarms(alarms: &Alarms, candidates: &mut Vec<Candidate>) {
    let Alarms { rules, signs, .. } = alarms;
    if rules.is_empty() && signs.arrays.is_empty() {
        return;
    }
    let at = |kind: Kind| move |at: &usize| Candidate { at: *at as u32, kind };
    candidates.extend(rules.iter().map(at(Kind::Drawn)));
    candidates.extend(signs.arrays.iter().map(at(Kind::Packed)));
    candidates.extend(signs.arrays.iter().map(at(Kind::Array)));
    candidates.sort_by_key(|c| c.at);
}
