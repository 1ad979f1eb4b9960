//! Lines that go because nobody asked for them, and frames of stack traces that are folded.
//!
//! Decided (in `decide`) on the lines as they came, and carried out on what the rules have made of them: masking sees every line, so
//! that what a line means for those after it is not lost with it.

use super::decide::{Gone, Step};
use super::rewriter::{State as Masking, split_ending};
use super::{Masker, Scratch};
use crate::format::peel;
use crate::policy::Stack;
use crate::select::{self, Selection};
use crate::stack::trace::{Fate, Traces};
use crate::stack::{self, inside};
use crate::tally::{Counted, Tally};
use std::collections::VecDeque;

/// What is done to lines; by default nothing.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// What is left of stack traces.
    pub(super) stack: Stack,
    /// Stack traces are counted even if they are kept.
    pub(super) count: bool,
    /// What is shown at all.
    pub(super) selection: Selection,
    /// What may be shown at all, also as the context of something else.
    pub(super) limit: Selection,
}

/// What is carried from chunk to chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) traces: Traces,
    pub(super) select: select::State,
    pub(super) limit: select::State,
    /// Lines still to be shown behind a selected one.
    pub(super) after: usize,
    /// Masked lines that are shown if a selected one follows; only with a context, and then on one thread.
    held: VecDeque<Held>,
    held_bytes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    line: Vec<u8>,
    /// What was counted in the record that ends with it, and how many bytes that had.
    edits: Vec<Counted>,
    bytes: u64,
}

/// Masked lines of one record that go.
#[derive(Clone, Copy)]
struct Left<'a> {
    lines: &'a [u8],
    edits: &'a [Counted],
    /// As they came in.
    bytes: u64,
    why: Gone,
}

/// Most that is held for the context in front of a line, in bytes: what is further away is not shown.
const MOST_HELD: usize = 1 << 20;

/// What stands for a line that a selection leaves out, where lines are to be kept.
pub(super) const NOT_SELECTED: &str = "REDACTED-line-not-selected";

impl Masker {
    /// Masks `chunk`, and leaves out what is not to be shown.
    pub(super) fn show_lines(
        &self,
        chunk: &[u8],
        state: &mut Masking,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) -> Tally {
        let mut counts = Tally::default();
        let framed = state.framing.of(chunk);
        let steps = self.lines.decide(chunk, framed, &mut state.lines, &mut counts);
        self.carry_out(steps, counts, chunk, state, scratch, out)
    }

    /// Masks `chunk`, does what was decided on its lines, and adds what was counted meanwhile.
    pub(super) fn carry_out(
        &self,
        steps: Vec<Step>,
        mut counts: Tally,
        chunk: &[u8],
        state: &mut Masking,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) -> Tally {
        if steps.is_empty() {
            let mut tally = self.mask_chunk(chunk, state, scratch, out);
            tally.add(&counts);
            return tally;
        }
        let written = out.len();
        scratch.marks = Some(Vec::new());
        let mut masked = Vec::with_capacity(chunk.len() + chunk.len() / 8);
        let mut tally = self.mask_chunk(chunk, state, scratch, &mut masked);
        let mut marks = Marks { known: scratch.marks.take().unwrap_or_default(), next: 0, last: Mark::default() };
        let log = tally.log.take().unwrap_or_default();
        let mut copied = 0;
        for step in steps {
            let at = match &step {
                Step::Goes { start, .. } | Step::Inside { start, .. } => *start,
                Step::Count { at, .. } | Step::Show { at } => *at,
            };
            let at = marks.place(at);
            out.extend_from_slice(&masked[copied..at]);
            copied = at;
            match step {
                Step::Goes { start, end, why } => {
                    let from = marks.last.counted;
                    copied = marks.place(end);
                    let edits = &log[from..marks.last.counted];
                    if why != Gone::Folded {
                        for edit in edits {
                            tally.take_back(*edit);
                        }
                    }
                    let left = Left { lines: &masked[at..copied], edits, bytes: (end - start) as u64, why };
                    self.leave_out(left, &mut state.lines, &mut tally, out);
                }
                Step::Count { line, .. } => self.put_count(&line, state, scratch, out),
                Step::Show { .. } => {
                    state.lines.held_bytes = 0;
                    for held in state.lines.held.drain(..) {
                        out.extend_from_slice(&held.line);
                        held.edits.into_iter().for_each(|edit| tally.count(edit));
                    }
                }
                Step::Inside { end, .. } => {
                    copied = marks.place(end);
                    self.fold_inside(&masked[at..copied], &mut counts, out);
                }
            }
        }
        out.extend_from_slice(&masked[copied..]);
        tally.add(&counts);
        tally.bytes_out = (out.len() - written) as u64;
        tally
    }

    /// What is left to say at the end of the input.
    pub(super) fn end_lines(&self, state: &mut Masking, scratch: &mut Scratch, out: &mut Vec<u8>) -> Tally {
        let written = out.len();
        for line in state.lines.traces.finish(self.lines.stack) {
            self.put_count(&line, state, scratch, out);
        }
        let mut tally = Tally::default();
        for held in std::mem::take(&mut state.lines.held) {
            self.mark(&held.line, Gone::NotSelected, out);
            tally.bytes_not_selected += held.bytes;
        }
        tally.bytes_out = (out.len() - written) as u64;
        tally
    }

    /// Holds the lines of a record for a context, or leaves markers.
    fn leave_out(&self, left: Left<'_>, state: &mut State, tally: &mut Tally, out: &mut Vec<u8>) {
        let Left { why, bytes: all, .. } = left;
        let mut lines = left.lines.split_inclusive(|byte| *byte == b'\n').peekable();
        if why != Gone::NotSelected || self.lines.selection.context == 0 {
            lines.for_each(|line| self.mark(line, why, out));
            tally.bytes_not_selected += if why == Gone::Folded { 0 } else { all };
            return;
        }
        while let Some(line) = lines.next() {
            // A frame would be shown without its trace.
            let fits = self.lines.stack == Stack::Keep || stack::sign(line, 0).is_none();
            state.held_bytes += line.len();
            // What was counted in the record is shown with its last line.
            let (edits, bytes) = if lines.peek().is_none() { (left.edits.to_vec(), all) } else { (Vec::new(), 0) };
            state.held.push_back(Held { line: line.to_vec(), edits, bytes });
            while state.held.len() > self.lines.selection.context || state.held_bytes > MOST_HELD || !fits {
                let Some(oldest) = state.held.pop_front() else { break };
                state.held_bytes -= oldest.line.len();
                tally.bytes_not_selected += oldest.bytes;
                self.mark(&oldest.line, why, out);
            }
        }
    }

    /// With `--keep-lines`, what stands for a line that went.
    fn mark(&self, line: &[u8], why: Gone, out: &mut Vec<u8>) {
        if !self.keep_lines {
            return;
        }
        let (body, ending) = split_ending(line);
        match body.first() {
            Some(b'{' | b'[') => out.extend_from_slice(format!("{{\"logmask\":\"{}\"}}", why.marker()).as_bytes()),
            _ => out.extend_from_slice(why.marker().as_bytes()),
        }
        out.extend_from_slice(ending);
    }

    /// Writes how many frames went; the envelope in `line` is masked like that of any line. With `--keep-lines` each frame
    /// has its own line.
    fn put_count(&self, line: &[u8], state: &Masking, scratch: &mut Scratch, out: &mut Vec<u8>) {
        if !self.keep_lines {
            let mut alone = Masking { told: state.told.clone(), ..Masking::default() };
            self.mask_chunk(line, &mut alone, scratch, out);
        }
    }

    /// Folds the traces in a text that has its length in front, once that is masked.
    pub(super) fn fold_counted(&self, text: Vec<u8>, tally: &mut Tally) -> Vec<u8> {
        if self.lines.stack == Stack::Keep && !self.lines.count || stack::sign(&text, 0).is_none() {
            return text;
        }
        let (mut traces, mut folded) = (Traces::default(), Vec::with_capacity(text.len()));
        let put = |line: Option<Vec<u8>>, folded: &mut Vec<u8>| {
            if let Some(line) = line.filter(|_| !self.keep_lines) {
                folded.extend_from_slice(&line);
            }
        };
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let (body, _) = split_ending(line);
            let seen = traces.line(line, &peel(body), self.lines.stack);
            tally.stack_traces += u64::from(seen.begins);
            tally.stack_frames += u64::from(seen.frame);
            put(seen.count, &mut folded);
            match seen.fate {
                Fate::Goes => self.mark(line, Gone::Folded, &mut folded),
                Fate::Stays => folded.extend_from_slice(line),
            }
        }
        for line in traces.finish(self.lines.stack) {
            put(Some(line), &mut folded);
        }
        folded
    }

    fn fold_inside(&self, record: &[u8], tally: &mut Tally, out: &mut Vec<u8>) {
        let (body, ending) = split_ending(record);
        let cuts = inside::fold(body, self.lines.stack);
        tally.stack_traces += cuts.traces;
        tally.stack_frames += cuts.frames;
        let mut copied = 0;
        for (span, instead) in &cuts.cuts {
            out.extend_from_slice(&body[copied..span.start]);
            out.extend_from_slice(instead);
            copied = span.end;
        }
        out.extend_from_slice(&body[copied..]);
        out.extend_from_slice(ending);
    }
}

/// A place of a chunk, where it is in what became of it, and how much was counted up to it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    pub(super) at: usize,
    out: usize,
    pub(super) counted: usize,
}

impl Mark {
    /// With what `tally` has counted.
    pub(super) fn new(at: usize, out: usize, tally: &Tally) -> Mark {
        Mark { at, out, counted: tally.log.as_ref().map_or(0, Vec::len) }
    }
}

/// Where places of a chunk are in what became of it: between two marks all is a copy.
struct Marks {
    known: Vec<Mark>,
    next: usize,
    last: Mark,
}

impl Marks {
    /// Of a place that is a line's beginning; asked for in order.
    fn place(&mut self, at: usize) -> usize {
        while let Some(mark) = self.known.get(self.next).filter(|mark| mark.at <= at) {
            self.last = *mark;
            self.next += 1;
        }
        self.last.out + (at - self.last.at)
    }
}
