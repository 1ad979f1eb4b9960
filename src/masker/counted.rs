//! What has its length in front: the journal's binary fields, and frames of syslog. Each is masked by itself, and its
//! length is written anew.

use super::packed::busiest;
use super::rewriter::{State, count_lines};
use super::{Masker, Place, Scratch};
use crate::format::journal;
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
        let texts = around_fields(chunk);
        if let [text] = texts[..] {
            return self.mask_lines(text, state, scratch, out);
        }
        let written = out.len();
        let mut tally = Tally::default();
        let mut from = 0;
        for text in texts {
            let shown = scratch.places.as_ref().map_or(0, Vec::len);
            let marked = scratch.marks.as_ref().map_or(0, Vec::len);
            tally.add(&self.mask_lines(text, state, scratch, out));
            let moved = |span: Span| Span::new(from + span.start, from + span.end);
            scratch.places.iter_mut().flatten().skip(shown).for_each(|place| place.span = moved(place.span));
            if let Some(marks) = &mut scratch.marks {
                marks.iter_mut().skip(marked).for_each(|mark| mark.0 += from);
                marks.push((from + text.len(), out.len()));
            }
            let Some(field) = journal::next_field(chunk, from).filter(|f| f.value.end < chunk.len()) else { break };
            let mut masked = Vec::new();
            let inside = self.mask_inside(&chunk[field.value.range()], scratch.layers.len() as u8, &mut masked);
            out.extend_from_slice(&(masked.len() as u64).to_le_bytes());
            out.extend_from_slice(&masked);
            if let (Some(places), Some(rule)) = (&mut scratch.places, busiest(&inside)) {
                places.push(Place { span: field.value, rule, action: rule, continued: false });
            }
            tally.add(&inside);
            from = field.value.end;
            if let Some(marks) = &mut scratch.marks {
                marks.push((from, out.len()));
            }
        }
        tally.lines = count_lines(chunk);
        tally.bytes_in = chunk.len() as u64;
        tally.bytes_out = (out.len() - written) as u64;
        tally
    }

    /// Appends a line of several frames, each masked by itself. A rule that masked something, if one did.
    pub(super) fn mask_frames(
        &self,
        line: &[u8],
        frames: &[Span],
        layers: usize,
        tally: &mut Tally,
        out: &mut Vec<u8>,
    ) -> Option<RuleIx> {
        let (mut masked, mut rule) = (Vec::new(), None);
        for frame in frames {
            masked.clear();
            let end = frame.end.min(line.len());
            let inside = self.mask_inside(&line[frame.start..end], layers as u8, &mut masked);
            out.extend_from_slice((masked.len() + frame.end - end).to_string().as_bytes());
            rule = rule.or(busiest(&inside));
            out.push(b' ');
            out.extend_from_slice(&masked);
            tally.add(&Tally { lines: 0, bytes_in: 0, bytes_out: 0, ..inside });
        }
        rule
    }
}

/// The chunk without the journal's fields that have their length in front, and without those lengths.
pub(super) fn around_fields(chunk: &[u8]) -> Vec<&[u8]> {
    let mut texts = Vec::new();
    let mut from = 0;
    while let Some(field) = journal::next_field(chunk, from).filter(|f| f.value.end < chunk.len()) {
        texts.push(&chunk[from..field.value.start - 8]);
        from = field.value.end;
    }
    texts.push(&chunk[from..]);
    texts
}
