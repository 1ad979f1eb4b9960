//! Lines that were cut in parts: each is judged as one record, at the first of its parts, and what is claimed of it is handed on to
//! the others. By itself a part says nothing.

use super::messages::Messages;
use super::rows::add_alarms;
use super::spelled::Before;
use super::{Layer, Masker, Scratch, State};
use crate::block::alarm::Alarms;
use crate::block::drawn::Drawn;
use crate::block::open::Blocks;
use crate::block::table::Table;
use crate::detect::Known;
use crate::detect::scan::Kinds;
use crate::edit::Finding;
use crate::format::nesting::{Nesting, level_at};
use crate::format::packed::Packed;
use crate::format::parts::{self, Cut};
use crate::format::quote::quote_at;
use crate::format::view::View;

/// The lines of a chunk that were cut.
#[derive(Default)]
pub(super) struct Cuts {
    lines: Vec<Cut>,
    /// Whether each could be judged.
    judged: Vec<bool>,
    /// Where their parts begin, in order, and of which line it is one.
    parts: Vec<(usize, usize)>,
    /// How many of them were taken.
    taken: usize,
}

/// What goes on from record to record.
pub(super) struct Course<'s> {
    pub(super) blocks: &'s mut Blocks,
    pub(super) table: &'s mut Table,
    pub(super) drawn: &'s mut Drawn,
    pub(super) messages: &'s mut Messages,
}

impl Cuts {
    pub(super) fn of(chunk: &[u8]) -> Cuts {
        let lines = parts::cut_lines(chunk);
        let mut parts = Vec::new();
        for (index, cut) in lines.iter().enumerate() {
            parts.extend(cut.starts.iter().map(|start| (*start, index)));
        }
        parts.sort_unstable();
        Cuts { judged: vec![true; lines.len()], lines, parts, taken: 0 }
    }

    /// Where the next part begins, if there is one more.
    pub(super) fn next(&self) -> Option<usize> {
        self.parts.get(self.taken).map(|(start, _)| *start)
    }

    /// The line of which the record that begins at `start` is a part, if it is one.
    pub(super) fn take(&mut self, start: usize) -> Option<usize> {
        let (_, line) = *self.parts.get(self.taken).filter(|(own, _)| *own == start)?;
        self.taken += 1;
        Some(line)
    }

    /// The chunk with all of its lines whole; `None` if it is that already.
    pub(super) fn whole(&self, chunk: &[u8]) -> Option<View> {
        (!self.lines.is_empty()).then(|| parts::whole_lines(chunk, &self.lines))
    }

    /// Could `line` be judged?
    pub(super) fn is_judged(&self, line: usize) -> bool {
        self.judged[line]
    }
}

impl Masker {
    /// Puts what key blocks and statements claim of `chunk` into the findings of the chunk.
    pub(super) fn claim_over_chunk(
        &self,
        chunk: &[u8],
        cuts: &Cuts,
        (keys, statements): (bool, bool),
        state: &mut State,
        scratch: &mut Scratch,
    ) {
        let whole = cuts.whole(chunk);
        let text = whole.as_ref().map_or(chunk, |view| &view.text);
        let Scratch { extra, known, .. } = scratch;
        if let Some(rule) = self.detector.private_key_rule().filter(|_| keys) {
            state.keys.read(text, |span| {
                extra.push(Finding::of(span, rule));
            });
        }
        if statements {
            self.claim_values(text, &mut state.statements, known, extra);
        }
        if let Some(view) = whole {
            for finding in std::mem::take(extra) {
                let mut continued = finding.continued;
                view.raw(finding.span, |span| {
                    extra.push(Finding { span, field: span, continued, ..finding });
                    continued = true;
                });
            }
        }
        extra.sort_unstable_by_key(|f| (f.span.start, f.span.end));
    }

    /// Appends what the rules claim of the cut `line` to `out`, if its first part begins at `start`; `chunk` is all that `cuts`
    /// are of.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn begin_cut(
        &self,
        chunk: &[u8],
        start: usize,
        line: usize,
        cuts: &mut Cuts,
        course: &mut Course<'_>,
        layers: &mut [Layer],
        known: &mut Known,
        out: &mut Vec<Finding>,
    ) {
        if cuts.lines[line].starts[0] == start {
            let view = cuts.lines[line].view(chunk);
            cuts.judged[line] = self.judge_cut(&view, &chunk[..start], course, layers, known, out);
        }
    }

    /// Appends what the rules claim of the lines of `text` that were cut, each by itself. False if one cannot be judged.
    pub(super) fn judge_cuts(
        &self,
        text: &[u8],
        layers: &mut [Layer],
        known: &mut Known,
        out: &mut Vec<Finding>,
    ) -> bool {
        parts::cut_lines(text).into_iter().fold(true, |judged, cut| {
            let (mut blocks, mut table) = (Blocks::default(), Table::Off);
            let (mut drawn, mut messages) = (Drawn::default(), Messages::default());
            let mut course =
                Course { blocks: &mut blocks, table: &mut table, drawn: &mut drawn, messages: &mut messages };
            self.judge_cut(&cut.view(text), &[], &mut course, layers, known, out) && judged
        })
    }

    /// Appends what the rules claim of a line whose parts `view` joins; `before` is what stands in front of it.
    fn judge_cut(
        &self,
        view: &View,
        before: &[u8],
        course: &mut Course<'_>,
        layers: &mut [Layer],
        known: &mut Known,
        out: &mut Vec<Finding>,
    ) -> bool {
        let Course { blocks, table, drawn, messages } = course;
        let (mut candidates, mut findings, mut cells) = (Vec::new(), Vec::new(), Vec::new());
        let record = &view.text[..];
        self.detector.scan(record, known, &mut candidates);
        let alarms = Alarms::of(record);
        add_alarms(&alarms, &mut candidates);
        self.read_row(record, table, &mut cells);
        if alarms.signs.commands {
            self.claim_monitored(record, known, &mut findings);
        }
        // Markers were counted in the parts.
        let mut seen = 0;
        let mut judged =
            self.judge(record, &candidates, 0, Nesting::default(), layers, known, &mut findings, &mut seen);
        if judged {
            self.over_lines(record, &candidates, Kinds::of(&candidates), 0, 0, blocks, known, &mut findings);
            self.claim_cells(record, &cells, known, &mut findings, &mut seen);
            self.read_drawn(record, &candidates, before, drawn, known, &mut findings);
            let before = Before { chunk: before, drawn };
            judged = self.judge_spelled(record, before, &candidates, 0, messages, layers, known, 0, &mut findings);
        }
        self.claim_copies(record, &mut findings);
        Self::end_with_cells(record, table, &mut findings);
        for finding in &findings {
            let (mut continued, mut pieces) = (finding.continued, 0);
            let first = out.len();
            view.raw(finding.span, |span| {
                out.push(Finding { span, field: span, continued, ..*finding });
                continued = true;
                pieces += 1;
            });
            // What is packed in several parts is not spelled again: for an array of bytes a string stands in.
            if pieces > 1 && finding.recode.is_some_and(|recode| recode.packed == Packed::Bytes) {
                let quote = quote_at(b"\"", 0).at_least(level_at(record, finding.span.start));
                out[first..].iter_mut().for_each(|part| (part.quote, part.recode) = (Some(quote), None));
            }
        }
        judged
    }
}
