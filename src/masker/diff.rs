//! The lines that are changed, as they come out: what somebody looks at before trusting the whole.

use super::lines::NOT_SELECTED;
use super::rewriter::split_ending;
use super::{Masker, Scratch, State};
use crate::rewrite::{Rewrite, Withheld};
use crate::tally::Tally;
use memchr::memchr_iter;
use std::io::Write;

/// Writes the masked side of each line that `masker` changes, behind its number, in the form of a unified diff.
///
/// The masker must keep the number of lines (`keep_lines`).
pub struct Diff<'m>(pub &'m Masker);

/// What is carried from chunk to chunk.
#[derive(Clone, Default, PartialEq)]
pub struct Position {
    inner: State,
    /// Lines before.
    lines: u64,
}

/// Buffers of one thread.
#[derive(Default)]
pub struct Room {
    inner: Scratch,
    out: Vec<u8>,
}

impl Rewrite for Diff<'_> {
    type Scratch = Room;
    type State = Position;
    type Tally = Tally;

    fn cut(&self, bytes: &[u8]) -> usize {
        self.0.cut(bytes)
    }

    const NUMBERED: bool = true;

    fn number(&self, lines: u64, state: &mut Position) {
        state.lines = lines;
    }

    fn rewrite(&self, chunk: &[u8], state: &mut Position, scratch: &mut Room, out: &mut Vec<u8>) -> Tally {
        scratch.out.clear();
        let tally = self.0.rewrite(chunk, &mut state.inner, &mut scratch.inner, &mut scratch.out);
        let lines = |text| <[u8]>::split_inclusive(text, |byte: &u8| *byte == b'\n');
        let (mut before, mut after) = (lines(chunk), lines(scratch.out.as_slice()));
        let mut number = state.lines;
        // Line by line: what is in one and not in the other is told, too.
        loop {
            number += 1;
            match (before.next(), after.next()) {
                (None, None) => break,
                (before, Some(line)) if before != Some(line) && !self.is_left_out(line) => tell(number, line, out),
                _ => {}
            }
        }
        state.lines += memchr_iter(b'\n', chunk).count() as u64;
        tally
    }

    fn skip(&self, ending: &[u8], state: &mut Position) {
        self.0.skip(ending, &mut state.inner);
        state.lines += u64::from(!ending.is_empty());
    }

    fn withhold(&self, why: Withheld, head: &[u8], bytes: u64, ending: &[u8], out: &mut Vec<u8>) -> Tally {
        self.withhold_in(&Position::default(), why, head, bytes, ending, out)
    }

    fn withhold_in(
        &self,
        state: &Position,
        why: Withheld,
        head: &[u8],
        bytes: u64,
        ending: &[u8],
        out: &mut Vec<u8>,
    ) -> Tally {
        let mut line = Vec::new();
        let tally = self.0.withhold_in(&state.inner, why, head, bytes, ending, &mut line);
        tell(state.lines + 1, &line, out);
        tally
    }

    fn finish(&self, state: &mut Position, scratch: &mut Room, out: &mut Vec<u8>) -> Tally {
        scratch.out.clear();
        let tally = self.0.finish(&mut state.inner, &mut scratch.inner, &mut scratch.out);
        for line in scratch.out.split_inclusive(|byte| *byte == b'\n').filter(|line| !self.is_left_out(line)) {
            tell(state.lines + 1, line, out);
        }
        tally
    }

    fn merge(total: &mut Tally, part: Tally) {
        total.add(&part);
    }
}

impl Diff<'_> {
    /// A line that was not asked for is no change.
    fn is_left_out(&self, line: &[u8]) -> bool {
        let bare = split_ending(line).0;
        let bare = bare.strip_suffix(b"\"}").unwrap_or(bare);
        !self.0.lines.selection.is_empty() && bare.ends_with(NOT_SELECTED.as_bytes())
    }
}

fn tell(number: u64, line: &[u8], out: &mut Vec<u8>) {
    // Memory does not fail to be written.
    let _ = writeln!(out, "@@ -{number} +{number} @@");
    out.push(b'+');
    out.extend_from_slice(line);
    if !line.ends_with(b"\n") {
        out.extend_from_slice(b"\n\\ No newline at end of file\n");
    }
}
