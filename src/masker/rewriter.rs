//! How a chunk is walked: from one record worth a look to the next; all between is one copy.

use super::counted::Framing;
use super::cut::{Course, Cuts};
use super::lines::Mark;
use super::messages::Messages;
use super::rows::add_alarms;
use super::spelled::{Before, spells_tag};
use super::told::Told;
use super::{Masker, Place, Scratch, lines};
use crate::block::{above, alarm::Alarms, drawn::Drawn, open::Blocks, private_key, table::Table};
use crate::detect::Statements;
use crate::detect::scan::Kinds;
use crate::edit::Finding;
use crate::format::nesting::Nesting;
use crate::format::{self, counted, frame, parts, serialized, syslog};
use crate::rewrite::{Rewrite, Withheld};
use crate::room::{self, LONG};
use crate::span::Span;
use crate::tally::Tally;
use memchr::{memchr, memrchr};

/// What is carried from chunk to chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub(super) keys: private_key::Open,
    pub(super) blocks: Blocks,
    pub(super) told: Told,
    pub(super) lines: lines::State,
    pub(super) table: Table,
    pub(super) drawn: Drawn,
    pub(super) messages: Messages,
    pub(super) statements: Statements,
    pub(super) framing: Framing,
    /// Of the journal's messages that have their lengths in front.
    pub(super) counted: Option<Box<State>>,
}

impl Rewrite for Masker {
    type Scratch = Scratch;
    type State = State;
    type Tally = Tally;

    fn cut(&self, bytes: &[u8]) -> usize {
        let lines = memrchr(b'\n', bytes).map_or(0, |i| i + 1);
        let lines = &bytes[..self.lines.cut(&bytes[..lines])];
        let closed = counted::closed_until(lines, parts::closed_until(lines));
        let whole = above::closed_until(&lines[..closed]);
        // What was cut in parts is not torn for it.
        let apart = || parts::parts_at(lines, whole) && counted::closed_until(&lines[..whole], whole) == whole;
        let torn = whole < closed && !apart();
        if torn { closed } else { whole }
    }

    fn rewrite(&self, chunk: &[u8], state: &mut State, scratch: &mut Scratch, out: &mut Vec<u8>) -> Tally {
        scratch.make_layers();
        if self.lines.is_idle() {
            self.mask_chunk(chunk, state, scratch, out)
        } else {
            self.show_lines(chunk, state, scratch, out)
        }
    }

    fn finish(&self, state: &mut State, scratch: &mut Scratch, out: &mut Vec<u8>) -> Tally {
        if self.lines.is_idle() {
            return Tally::default();
        }
        scratch.make_layers();
        self.end_lines(state, scratch, out)
    }

    fn rewrite_long(
        &self,
        chunk: &[u8],
        state: &mut State,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
        put: &mut dyn FnMut(&[u8]),
    ) -> Tally {
        self.mask_in_parts(chunk, state, scratch, out, put)
    }

    fn withhold(&self, why: Withheld, head: &[u8], bytes: u64, ending: &[u8], out: &mut Vec<u8>) -> Tally {
        let written = out.len();
        Self::write_withheld(why, head, bytes, out);
        out.extend_from_slice(ending);
        let mut tally = Tally {
            lines: 1,
            bytes_in: bytes + ending.len() as u64,
            bytes_out: (out.len() - written) as u64,
            ..Tally::default()
        };
        match why {
            Withheld::TooLong => tally.withheld_too_long = 1,
            Withheld::TooMuchWork => tally.withheld_too_much_work = 1,
        }
        tally
    }

    fn merge(total: &mut Tally, part: Tally) {
        total.add(&part);
    }

    fn in_order(&self) -> bool {
        self.propagate
    }
}

impl Masker {
    /// Masks whole lines.
    pub(super) fn mask_lines(
        &self,
        chunk: &[u8],
        state: &mut State,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) -> Tally {
        let written = out.len();
        let log = scratch.marks.as_ref().map(|_| Vec::new());
        let mut tally = Tally { bytes_in: chunk.len() as u64, lines: count_lines(chunk), log, ..Tally::default() };
        self.detector.scan(chunk, &mut scratch.known, &mut scratch.candidates);
        scratch.extra.clear();
        let alarms = Alarms::of(chunk);
        let cuts = if alarms.signs.parts { Cuts::of(chunk) } else { Cuts::default() };
        let keys = alarms.keys || !state.keys.is_empty();
        let statements = alarms.statements || !state.statements.is_empty();
        if keys || statements {
            self.claim_over_chunk(chunk, &cuts, (keys, statements), state, scratch);
        }
        let signs = &alarms.signs;
        add_alarms(&alarms, &mut scratch.candidates);
        let Scratch { extra, known, .. } = scratch;
        if signs.commands {
            self.claim_monitored(chunk, known, extra);
            extra.sort_unstable_by_key(|f| (f.span.start, f.span.end));
        }
        if self.detector.looks_for_places() {
            self.claim_placed(chunk, scratch);
        }
        self.walk(chunk, scratch, state, cuts, alarms.commands, &mut tally, out);
        state.drawn.keep(chunk);
        tally.bytes_out = (out.len() - written) as u64;
        tally
    }

    #[allow(clippy::too_many_arguments)]
    fn walk(
        &self,
        chunk: &[u8],
        scratch: &mut Scratch,
        state: &mut State,
        mut cuts: Cuts,
        commands: bool,
        tally: &mut Tally,
        out: &mut Vec<u8>,
    ) {
        let Scratch { candidates, extra, findings, edits, layers, known, places, inside, marks, parts } = scratch;
        let State { blocks, told, table, drawn, messages, .. } = state;
        let mut cells = Vec::new();
        let (mut copied, mut next, mut next_extra) = (0, 0, 0);
        loop {
            let place = |at: Option<usize>| at.unwrap_or(usize::MAX);
            let hit = place(candidates.get(next).map(|c| c.at as usize))
                .min(place(extra.get(next_extra).map(|f| f.span.start)))
                .min(place(cuts.next()));
            // While a block is open each line belongs to it, or closes it; each line of a table is a row; and what was told
            // may stand on any line.
            let each = !blocks.is_empty()
                || table.reads()
                || commands
                || self.propagate
                || !told.is_empty()
                || !drawn.is_empty()
                || !messages.is_empty();
            let hit = if each && copied < chunk.len() { copied } else { hit };
            if hit == usize::MAX {
                break;
            }
            let start = memrchr(b'\n', &chunk[copied..hit]).map_or(copied, |i| copied + i + 1);
            let end = memchr(b'\n', &chunk[hit..]).map_or(chunk.len(), |i| hit + i + 1);
            let (record, ending) = split_ending(&chunk[start..end]);
            if let Some(marks) = marks {
                marks.push(Mark::new(start, out.len() + (start - copied), tally));
            }
            let cut = cuts.take(start);
            match cut {
                None => self.read_row(record, table, &mut cells),
                Some(line) => {
                    cells.clear();
                    let mut course = Course { blocks, table, drawn, messages };
                    self.begin_cut(chunk, start, line, &mut cuts, &mut course, layers, known, extra);
                    extra[next_extra..].sort_unstable_by_key(|f| (f.span.start, f.span.end));
                }
            }
            // Frames with their lengths in front are judged one by one.
            let frames = if record.first().is_some_and(u8::is_ascii_digit) {
                syslog::frames(record, ending.len())
            } else {
                Vec::new()
            };
            if frames.len() > 1 {
                out.extend_from_slice(&chunk[copied..start]);
                let rule = self.mask_frames(record, &frames, layers.len(), tally, out);
                if let (Some(places), Some(rule)) = (places.as_mut(), rule) {
                    places.push(Place {
                        span: Span::new(start, start + record.len()),
                        rule,
                        action: rule,
                        continued: false,
                    });
                }
                out.extend_from_slice(ending);
                copied = end;
                if let Some(marks) = marks {
                    marks.push(Mark::new(end, out.len(), tally));
                }
                next += candidates[next..].iter().take_while(|c| (c.at as usize) < end).count();
                next_extra += extra[next_extra..].iter().take_while(|f| f.span.start < end).count();
                continue;
            }
            findings.clear();
            if end - start > LONG {
                room::for_long(findings, (end - start) / 64);
            }
            while let Some(finding) = extra.get(next_extra).filter(|f| f.span.start < end) {
                let shift = |span: Span| Span::new(span.start - start, (span.end - start).min(record.len()));
                findings.push(Finding { span: shift(finding.span), field: shift(finding.field), ..*finding });
                next_extra += 1;
            }
            let count = candidates[next..].iter().take_while(|c| (c.at as usize) < end).count();
            // Candidates in the line ending are looked for in vain: they are none.
            let own = candidates[next..next + count].partition_point(|c| (c.at as usize) < start + record.len());
            let own_places = &candidates[next..next + own];
            let extras = findings.len();
            let mut withheld = match cut {
                Some(line) => !cuts.is_judged(line),
                None => !self.judge(
                    record,
                    own_places,
                    start,
                    Nesting::default(),
                    layers,
                    known,
                    findings,
                    &mut tally.already_masked,
                ),
            };
            if record.first() == Some(&b'<') {
                leave_priority(record, extras, findings);
            }
            let kinds = Kinds::of(own_places);
            // Most records hold nothing, and begin nothing either.
            let quiet =
                !each && findings.is_empty() && !kinds.has(Kinds::ANY) && !spells_tag(record, own_places, start);
            if !withheld && !quiet && cut.is_none() {
                self.over_lines(record, own_places, kinds, start, extras, blocks, known, findings);
                self.claim_above(record, own_places, start, &chunk[end..], known, findings);
                self.claim_cells(record, &cells, known, findings, &mut tally.already_masked);
                self.read_drawn(record, own_places, &chunk[..start], drawn, known, findings);
                let before = Before { chunk: &chunk[..start], drawn };
                withheld = !self.judge_spelled(record, before, own_places, start, messages, layers, known, 0, findings);
            }
            if !withheld && !quiet {
                self.claim_copies(record, findings);
                if self.propagate {
                    self.learn_after(record, findings, told);
                } else {
                    self.claim_told(record, told, findings);
                }
            }
            if commands && let Some(value) = self.claim_command(record, findings) {
                told.add_spelled(&record[value.range()]);
            }
            next += count;
            if end - start > LONG {
                // There are many, and they are not needed any more.
                candidates.drain(..std::mem::take(&mut next));
                candidates.shrink_to_fit();
            }
            Self::end_with_cells(record, table, findings);
            Self::leave_sealed(record, findings, &mut tally.already_masked);
            if withheld {
                out.extend_from_slice(&chunk[copied..start]);
                Self::write_withheld(Withheld::TooMuchWork, record, record.len() as u64, out);
                out.extend_from_slice(ending);
                tally.withheld_too_much_work += 1;
                copied = end;
            } else if !findings.is_empty() {
                out.extend_from_slice(&chunk[copied..start]);
                let written = out.len();
                if self.settle(record, findings, edits, tally, out) {
                    // A length in front has to be counted again.
                    if end - start == chunk.len() && frames.is_empty() && parts.leave(edits) {
                        return;
                    }
                    let color = self.color && !*inside;
                    let serialized = serialized::may_hold(record);
                    let framed = frames.is_empty() && !serialized && frame::may_hold(record);
                    let mut lengths = (!color && (serialized || framed)).then(Vec::new);
                    let mut done = 0;
                    for edit in edits.iter() {
                        out.extend_from_slice(&record[done..edit.span.start]);
                        let from = out.len();
                        self.write_edit(record, edit, color, tally, out);
                        if let Some(lengths) = &mut lengths {
                            lengths.push((edit.span, out.len() - from));
                        }
                        done = edit.span.end;
                    }
                    out.extend_from_slice(&record[done..]);
                    if let Some(lengths) = lengths {
                        let count = if framed { frame::count_again } else { serialized::count_again };
                        count(record, &lengths, written, out);
                    }
                    if record[0].is_ascii_digit() {
                        syslog::count_again(record, ending.len(), written, out);
                    }
                    out.extend_from_slice(ending);
                } else if self.keep_lines {
                    out.extend_from_slice(ending);
                } else {
                    tally.lines_dropped += 1;
                }
                if let Some(places) = places {
                    places.extend(edits.iter().map(|edit| Place {
                        span: Span::new(start + edit.span.start, start + edit.span.end),
                        rule: edit.rule,
                        action: edit.action,
                        continued: edit.continued,
                    }));
                }
                copied = end;
            } else {
                // Nothing after all: the record stays in the clean stretch, but is not looked at again.
                edits.clear();
                if end - start == chunk.len() && parts.leave(edits) {
                    return;
                }
                out.extend_from_slice(&chunk[copied..end]);
                copied = end;
            }
            if let Some(marks) = marks {
                marks.push(Mark::new(end, out.len(), tally));
            }
        }
        edits.clear();
        if copied > 0 || !parts.leave(edits) {
            out.extend_from_slice(&chunk[copied..]);
        }
    }

    /// `REDACTED-record-too-long-bytes-123`, as a JSON object where the message was one, behind its envelope.
    fn write_withheld(why: Withheld, head: &[u8], bytes: u64, out: &mut Vec<u8>) {
        let payload = format::peel(head).payload.start.min(head.len());
        let why = match why {
            Withheld::TooLong => "too-long",
            Withheld::TooMuchWork => "too-much-work",
        };
        let marker = format!("REDACTED-record-{why}-bytes-{bytes}");
        // A docker envelope is JSON itself: what stands in for it has to be, too.
        let payload = if head.first() == Some(&b'{') { 0 } else { payload };
        out.extend_from_slice(&head[..payload]);
        match head.get(payload) {
            Some(b'{' | b'[') => out.extend_from_slice(format!("{{\"logmask\":\"{marker}\"}}").as_bytes()),
            _ => out.extend_from_slice(marker.as_bytes()),
        }
    }
}

/// Takes back what the `findings` from `own` on claim of the header of syslog: `<13>` is no tag, and what follows no text of
/// an element.
fn leave_priority(record: &[u8], own: usize, findings: &mut Vec<Finding>) {
    let end = syslog::priority_end(record);
    if end == 0 || !findings[own..].iter().any(|finding| finding.span.start == end) {
        return;
    }
    let payload = format::peel(record).payload.start;
    let mut index = 0;
    findings.retain_mut(|finding| {
        index += 1;
        if index > own && finding.span.start == end && finding.span.end >= payload {
            let blanks = record[payload..finding.span.end].iter().take_while(|b| b.is_ascii_whitespace()).count();
            finding.span.start = payload + blanks;
        }
        !finding.span.is_empty()
    });
}

pub(super) fn count_lines(chunk: &[u8]) -> u64 {
    let newlines = memchr::memchr_iter(b'\n', chunk).count() as u64;
    newlines + u64::from(chunk.last().is_some_and(|b| *b != b'\n'))
}

/// Splits `\n` or `\r\n` off the end, so that it is copied exactly as it came.
pub fn split_ending(line: &[u8]) -> (&[u8], &[u8]) {
    let body = line.strip_suffix(b"\n").map_or(line, |l| l.strip_suffix(b"\r").unwrap_or(l));
    line.split_at(body.len())
}
