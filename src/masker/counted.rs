//! What has its length in front: the journal's binary fields, and frames of syslog. Each is masked by itself, and its
//! length is written anew.

use super::lines::Mark;
use super::packed::busiest;
use super::rewriter::{State, count_lines};
use super::{Masker, Place, Scratch};
use crate::format::{counted, syslog};
use crate::span::{RuleIx, Span};
use crate::tally::Tally;

impl Masker {
    /// Masks a chunk of whole records with the layers that `scratch` has.
    pub(super) fn mask_chunk(
        &self,
        chunk: &[u8],
        state: &mut State,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) -> Tally {
        let framed = state.framing.of(chunk);
        let texts = around_counted(chunk, framed);
        if let [text] = texts[..] {
            return self.mask_lines(text, state, scratch, out);
        }
        let written = out.len();
        let mut tally = Tally { log: scratch.marks.as_ref().map(|_| Vec::new()), ..Tally::default() };
        let mut from = 0;
        for text in texts {
            let counted = Mark::new(0, 0, &tally).counted;
            let shown = scratch.places.as_ref().map_or(0, Vec::len);
            let marked = scratch.marks.as_ref().map_or(0, Vec::len);
            tally.add(&self.mask_lines(text, state, scratch, out));
            let moved = |span: Span| Span::new(from + span.start, from + span.end);
            scratch.places.iter_mut().flatten().skip(shown).for_each(|place| place.span = moved(place.span));
            if let Some(marks) = &mut scratch.marks {
                for mark in marks.iter_mut().skip(marked) {
                    (mark.at, mark.counted) = (mark.at + from, mark.counted + counted);
                }
                marks.push(Mark::new(from + text.len(), out.len(), &tally));
            }
            let Some(field) = counted::next(chunk, from, framed) else { break };
            let mut masked = Vec::new();
            let (name, value) = (&chunk[field.name.range()], &chunk[field.value.range()]);
            let mut inside = match self.mask_named(name, value, scratch, &mut masked) {
                Some(named) => named,
                // Each is a line of what a program writes.
                None if name == b"MESSAGE" => {
                    let inside = state.counted.get_or_insert_default();
                    self.mask_next_inside(value, inside, scratch.layers.len() as u8, &mut masked)
                }
                None => self.mask_inside(value, scratch.layers.len() as u8, &mut masked),
            };
            let masked = self.fold_counted(masked, &mut inside);
            field.form.write(masked.len(), out);
            out.extend_from_slice(&masked);
            if let (Some(places), Some(rule)) = (&mut scratch.places, busiest(&inside)) {
                places.push(Place { span: field.value, rule, action: rule, continued: false });
            }
            tally.add(&inside);
            from = field.value.end;
            if let Some(marks) = &mut scratch.marks {
                marks.push(Mark::new(from, out.len(), &tally));
            }
        }
        tally.lines = count_lines(chunk);
        tally.bytes_in = chunk.len() as u64;
        tally.bytes_out = (out.len() - written) as u64;
        tally
    }

    /// Appends what stands for `value` if its name says that all of it goes.
    fn mask_named(&self, name: &[u8], value: &[u8], scratch: &mut Scratch, out: &mut Vec<u8>) -> Option<Tally> {
        if !self.detector.is_sensitive(name) {
            return None;
        }
        let (mut tally, mut findings, mut edits) = (Tally::default(), Vec::new(), Vec::new());
        let all = Span::new(0, value.len());
        let cells = [(name.to_vec(), all)];
        self.claim_cells(value, &cells, &mut scratch.known, &mut findings, &mut tally.already_masked);
        if findings.is_empty() {
            return None;
        }
        for finding in &mut findings {
            (finding.span, finding.field) = (all, all);
        }
        if self.settle(value, &mut findings, &mut edits, &mut tally, out) {
            for edit in &edits {
                self.write_edit(value, edit, false, &mut tally, out);
            }
        }
        Some(tally)
    }

    /// Appends a line of several frames, each masked as the line behind the one before. A rule that masked something, if one
    /// did.
    pub(super) fn mask_frames(
        &self,
        line: &[u8],
        frames: &[Span],
        layers: usize,
        tally: &mut Tally,
        out: &mut Vec<u8>,
    ) -> Option<RuleIx> {
        let (mut masked, mut rule, mut state) = (Vec::new(), None, State::default());
        for frame in frames {
            masked.clear();
            let end = frame.end.min(line.len());
            let inside = self.mask_next_inside(&line[frame.start..end], &mut state, layers as u8, &mut masked);
            out.extend_from_slice((masked.len() + frame.end - end).to_string().as_bytes());
            rule = rule.or(busiest(&inside));
            out.push(b' ');
            out.extend_from_slice(&masked);
            tally.add(&Tally { lines: 0, bytes_in: 0, bytes_out: 0, ..inside });
        }
        rule
    }
}

/// The chunk without what has its length in front and may hold line breaks, and without those lengths.
pub(super) fn around_counted(chunk: &[u8], framed: bool) -> Vec<&[u8]> {
    let mut texts = Vec::new();
    let mut from = 0;
    while let Some(field) = counted::next(chunk, from, framed) {
        texts.push(&chunk[from..field.length]);
        from = field.value.end;
    }
    texts.push(&chunk[from..]);
    texts
}

/// Whether a source consists of frames with their lengths in front; its first bytes say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Framing {
    #[default]
    Unseen,
    Lines,
    Frames,
}

impl Framing {
    /// Does it, as `chunk` is the next of it?
    pub(super) fn of(&mut self, chunk: &[u8]) -> bool {
        if *self == Framing::Unseen && !chunk.is_empty() {
            *self = if syslog::counted(chunk).is_some() { Framing::Frames } else { Framing::Lines };
        }
        *self == Framing::Frames
    }
}
