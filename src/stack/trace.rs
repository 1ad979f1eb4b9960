//! A stack trace from line to line, for each of the sources that interleave.
//!
//! Decided forward: a line goes out at once or not at all. What is folded is counted, and the count goes out in a line of its
//! own as soon as the fold is over.

use super::line::{self, Kind, Part};
use crate::format::Peeled;
use crate::policy::Stack;

/// Sources with an open trace that are kept apart.
const MAX_SOURCES: usize = 64;

/// Longest envelope that is remembered to stand round a count.
const LONGEST_ENVELOPE: usize = 1024;

/// What stands behind the last frame of an error that has fields.
pub(super) const FIELDS: &[u8] = b" {";

/// Lines a trace may have; then it counts as over.
const MAX_LINES: u32 = 100_000;

/// The traces that are open, by source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    open: Vec<Trace>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Trace {
    source: Vec<u8>,
    fold: Fold,
    lines: u32,
    /// What stood before and behind the last folded message: indent and envelope of the count.
    before: Vec<u8>,
    behind: Vec<u8>,
}

/// How much of one exception was shown and folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fold {
    kind: Kind,
    shown: u32,
    /// Frames folded since the last count.
    pub(super) folded: u32,
    /// The frame above was folded, and what belongs to it goes along.
    inside: bool,
}

/// What happens to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Stays,
    /// It is part of a trace and goes.
    Goes,
}

/// What [`Traces::line`] found.
#[derive(Debug)]
pub struct Seen {
    /// What happens to the line.
    pub fate: Fate,
    /// A trace began with it.
    pub begins: bool,
    /// It is a frame that goes.
    pub frame: bool,
    /// This line goes out before it: the count of a fold that is over.
    pub count: Option<Vec<u8>>,
}

impl Fold {
    /// A fold that begins with a line of a trace.
    pub(super) fn new(kind: Kind) -> Fold {
        Fold { kind, shown: 0, folded: 0, inside: false }
    }

    /// Reads on: what happens to a `part` of the trace.
    pub(super) fn part(&mut self, part: Part, kind: Kind, stack: Stack) -> Fate {
        let most = match stack {
            Stack::Keep => return Fate::Stays,
            Stack::Fold(frames) => frames,
            Stack::Drop => 0,
        };
        self.kind = kind;
        match part {
            Part::Frame => {
                self.inside = self.shown >= most;
                if self.inside {
                    self.folded += 1;
                    return Fate::Goes;
                }
                self.shown += 1;
                Fate::Stays
            }
            Part::Detail if self.inside => Fate::Goes,
            Part::Locals => Fate::Goes,
            Part::Head | Part::Cause => {
                (self.shown, self.inside) = (0, false);
                if stack == Stack::Drop && part == Part::Head { Fate::Goes } else { Fate::Stays }
            }
            Part::Detail | Part::Other => Fate::Stays,
        }
    }

    /// The kind of the trace.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }
}

impl Traces {
    /// No trace is open: only a line with a [sign](super::sign) matters.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Reads a whole `line`, with its ending. `peeled` is of the line without it.
    pub fn line(&mut self, line: &[u8], peeled: &Peeled, stack: Stack) -> Seen {
        let source = peeled.name(line);
        let payload = &line[peeled.payload.range()];
        let at = self.open.iter().position(|trace| *trace.source == *source);
        let (part, kind) = line::read(payload, at.map(|at| self.open[at].fold.kind()));
        let mut seen = Seen { fate: Fate::Stays, begins: false, frame: false, count: None };
        // What opens a trace has a sign, so that nobody needs to look at lines without.
        if part == Part::Other || at.is_none() && super::sign(payload, 0).is_none() {
            seen.count = at.and_then(|at| self.open.swap_remove(at).count(stack));
            return seen;
        }
        let at = at.unwrap_or_else(|| {
            seen.begins = true;
            if self.open.len() == MAX_SOURCES {
                self.open.remove(0);
            }
            let (before, behind) = (Vec::new(), Vec::new());
            self.open.push(Trace { source: source.to_vec(), fold: Fold::new(kind), lines: 0, before, behind });
            self.open.len() - 1
        });
        let trace = &mut self.open[at];
        seen.fate = trace.fold.part(part, kind, stack);
        trace.lines += 1;
        if seen.fate == Fate::Goes {
            seen.frame = part == Part::Frame;
            let indent = super::inside::indent(payload).len();
            // Node opens the fields of an error behind its last frame.
            let brace = if payload.ends_with(FIELDS) { FIELDS.len() } else { 0 };
            let (start, end) = (peeled.payload.start + indent, peeled.payload.end - brace);
            if seen.frame && start <= LONGEST_ENVELOPE && line.len() - end <= LONGEST_ENVELOPE {
                trace.before.clear();
                trace.before.extend_from_slice(&line[..start]);
                trace.behind.clear();
                trace.behind.extend_from_slice(&line[end..]);
            }
        } else {
            seen.count = trace.count(stack);
        }
        if trace.lines >= MAX_LINES {
            seen.count = seen.count.or(trace.count(stack));
            self.open.swap_remove(at);
        }
        seen
    }

    /// Ends the trace of `source`, whatever its next line is.
    pub fn close(&mut self, source: &[u8], stack: Stack) -> Option<Vec<u8>> {
        let at = self.open.iter().position(|trace| trace.source == source)?;
        self.open.swap_remove(at).count(stack)
    }

    /// The counts of all folds that are open, at the end of the input.
    pub fn finish(&mut self, stack: Stack) -> Vec<Vec<u8>> {
        self.open.drain(..).filter_map(|mut trace| trace.count(stack)).collect()
    }
}

impl Trace {
    /// The line that says how many frames went, if any did.
    fn count(&mut self, stack: Stack) -> Option<Vec<u8>> {
        let folded = std::mem::take(&mut self.fold.folded);
        let fields = self.behind.starts_with(FIELDS);
        if folded == 0 || stack == Stack::Drop && !fields {
            return None;
        }
        let mut line = std::mem::take(&mut self.before);
        if stack == Stack::Drop {
            self.behind.remove(0);
        } else {
            line.extend_from_slice(marker(folded).as_bytes());
        }
        line.append(&mut self.behind);
        Some(line)
    }
}

/// What stands for so many frames.
pub(super) fn marker(frames: u32) -> String {
    format!("REDACTED-stack-frames-{frames}")
}
