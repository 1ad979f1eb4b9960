//! What happens to the lines of a chunk, of those that a selection or a fold looks at.
//!
//! A record is a line, or the lines that only together say what is asked for: an entry of the journal, a frame of syslog,
//! JSON that is printed over many lines.

use super::lines::{Lines, NOT_SELECTED, State};
use super::rewriter::{count_lines, split_ending};
use crate::format::spelled::Text;
use crate::format::{self, counted, journal, peel, syslog};
use crate::policy::Stack;
use crate::select::unit::{self, Unit};
use crate::span::Span;
use crate::stack::{self, trace::Fate};
use crate::tally::Tally;
use memchr::{memchr, memrchr};

/// What happens to a place in the chunk; in order.
#[derive(Debug)]
pub(super) enum Step {
    /// These whole lines go.
    Goes { start: usize, end: usize, why: Gone },
    /// A line goes in here.
    Count { at: usize, line: Vec<u8> },
    /// What was held is shown here.
    Show { at: usize },
    /// A record holds traces in strings.
    Inside { start: usize, end: usize },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    NotSelected,
    NotAllowed,
    Folded,
}

impl Gone {
    pub(super) fn marker(self) -> &'static str {
        match self {
            Gone::NotSelected | Gone::NotAllowed => NOT_SELECTED,
            Gone::Folded => "REDACTED-stack-frame",
        }
    }
}

impl Lines {
    /// All lines stay, and nothing is counted.
    pub(super) fn is_idle(&self) -> bool {
        self.stack == Stack::Keep && !self.count && self.selection.is_empty() && self.limit.is_empty()
    }

    /// How much of whole lines is whole records.
    pub(super) fn cut(&self, lines: &[u8]) -> usize {
        if self.selects() { unit::closed_until(lines) } else { lines.len() }
    }

    /// Is not every line shown?
    fn selects(&self) -> bool {
        !self.selection.is_empty() || !self.limit.is_empty()
    }

    /// What happens to the lines of `chunk`.
    pub(super) fn decide(&self, chunk: &[u8], framed: bool, state: &mut State, tally: &mut Tally) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut from = 0;
        let every = self.selects();
        while let Some(entry) = if every { journal::next_entry(chunk, from) } else { None } {
            self.decide_between(&chunk[..entry.start], from, framed, every, state, tally, &mut steps);
            let json = journal::as_json(&chunk[entry.range()]);
            if !self.goes(chunk, entry, &json, state, tally, &mut steps) {
                self.decide_between(&chunk[..entry.end], entry.start, framed, false, state, tally, &mut steps);
            }
            from = entry.end;
        }
        self.decide_between(chunk, from, framed, every, state, tally, &mut steps);
        steps
    }

    /// What happens to the lines of `chunk` from `from` on, and to what has its length in front.
    #[allow(clippy::too_many_arguments)]
    fn decide_between(
        &self,
        chunk: &[u8],
        from: usize,
        framed: bool,
        every: bool,
        state: &mut State,
        tally: &mut Tally,
        steps: &mut Vec<Step>,
    ) {
        let mut from = from;
        // What has its length in front is no line.
        while let Some(field) = counted::next(chunk, from, framed) {
            // The name of a field stays with it.
            let start = if field.name.is_empty() { field.length } else { field.name.start };
            self.decide_lines(&chunk[..start], from, every, state, tally, steps);
            from = field.value.end;
            if every && field.form == counted::Form::Digits {
                let frame = unit::in_one_line(&chunk[field.value.range()]);
                // The line break behind a frame goes with it.
                let line_end = usize::from(chunk.get(from) == Some(&b'\n'));
                if self.goes(chunk, Span::new(start, from + line_end), &frame, state, tally, steps) {
                    from += line_end;
                }
            }
        }
        self.decide_lines(chunk, from, every, state, tally, steps);
    }

    /// Does the record that stands in `span` go? `body` is it in one line.
    fn goes(
        &self,
        chunk: &[u8],
        span: Span,
        body: &[u8],
        state: &mut State,
        tally: &mut Tally,
        steps: &mut Vec<Step>,
    ) -> bool {
        let peeled = peel(body);
        let Some(why) = self.gone(body, &peeled, state, span.start, steps) else { return false };
        tally.lines_not_selected += count_lines(&chunk[span.range()]);
        if let Some(line) = state.traces.close(&peeled.name(body), self.stack) {
            steps.push(Step::Count { at: span.start, line });
        }
        steps.push(Step::Goes { start: span.start, end: span.end, why });
        true
    }

    /// What happens to the lines of `chunk` from `start` on.
    fn decide_lines(
        &self,
        chunk: &[u8],
        start: usize,
        every: bool,
        state: &mut State,
        tally: &mut Tally,
        steps: &mut Vec<Step>,
    ) {
        let traced = self.stack != Stack::Keep || self.count;
        // Up to here lines are shown.
        let (mut start, mut shown) = (start, start);
        while start < chunk.len() {
            if !every && state.traces.is_empty() {
                // All up to the next line that may begin a trace is clean.
                let Some(hit) = stack::sign(chunk, start) else { break };
                start = memrchr(b'\n', &chunk[start..hit]).map_or(start, |at| start + at + 1);
            }
            if every
                && start >= shown
                && let Unit::Bytes(length) | Unit::More(length) = unit::unit(&chunk[start..])
            {
                let record = Span::new(start, start + length);
                shown = record.end;
                if self.goes(chunk, record, &unit::in_one_line(&chunk[record.range()]), state, tally, steps) {
                    start = record.end;
                    continue;
                }
            }
            let end = memchr(b'\n', &chunk[start..]).map_or(chunk.len(), |at| start + at + 1);
            let line = &chunk[start..end];
            let (body, ending) = split_ending(line);
            let gone = every && start >= shown && self.goes(chunk, Span::new(start, end), body, state, tally, steps);
            if !gone && traced && !is_counted(body, ending) {
                let seen = state.traces.line(line, &peel_message(body), self.stack);
                tally.stack_traces += u64::from(seen.begins);
                tally.stack_frames += u64::from(seen.frame);
                if let Some(line) = seen.count {
                    steps.push(Step::Count { at: start, line });
                }
                if seen.fate == Fate::Goes {
                    steps.push(Step::Goes { start, end, why: Gone::Folded });
                } else if may_hold(body) {
                    steps.push(Step::Inside { start, end });
                }
            }
            start = end;
        }
    }

    /// Why the line goes, unless it may be seen, and is asked for or near one that is.
    fn gone(
        &self,
        body: &[u8],
        peeled: &format::Peeled,
        state: &mut State,
        start: usize,
        steps: &mut Vec<Step>,
    ) -> Option<Gone> {
        let allowed = self.limit.is_empty() || self.limit.takes(body, peeled, &mut state.limit);
        let selected = self.selection.is_empty() || self.selection.takes(body, peeled, &mut state.select);
        if !allowed {
            return Some(Gone::NotAllowed);
        }
        if selected {
            if self.selection.context > 0 {
                steps.push(Step::Show { at: start });
            }
            state.after = self.selection.context;
            return None;
        }
        let near = state.after > 0;
        state.after -= usize::from(near);
        (!near).then_some(Gone::NotSelected)
    }
}

/// Takes the envelopes off, and JSON whose message is one line.
fn peel_message(body: &[u8]) -> format::Peeled {
    let peeled = peel(body);
    let message = || Text::message(body).filter(|text| !text.has_lines(body));
    match body.get(peeled.payload.start).filter(|first| **first == b'{').and_then(|_| message()) {
        // The message may have an envelope of its own.
        Some(text) => peeled.with(peel(&body[text.span.range()]), text.span.start),
        None => peeled,
    }
}

/// Has the line its length in front? Then it is left whole.
fn is_counted(body: &[u8], ending: &[u8]) -> bool {
    body.first().is_some_and(u8::is_ascii_digit) && !syslog::frames(body, ending.len()).is_empty()
}

/// Traces in strings have a spelled-out line break, or are a list.
fn may_hold(body: &[u8]) -> bool {
    stack::sign(body, 0).is_some() && (memchr::memmem::find(body, b"\\n").is_some() || stack::lists::may_hold(body))
}
