//! A rewriter whose counts are known while it works, for whoever has to end the process.

use super::ending::{self, Part};
use crate::rewrite::{Rewrite, Withheld};

/// As `0`, which it is; each part of what it came to is told when the records are out.
pub(in crate::cli) struct Noted<'a, W>(pub(in crate::cli) &'a W);

impl<W: Rewrite<Tally: Part>> Rewrite for Noted<'_, W> {
    type Scratch = W::Scratch;
    type State = W::State;
    type Tally = W::Tally;

    const NUMBERED: bool = W::NUMBERED;

    fn number(&self, lines: u64, state: &mut W::State) {
        self.0.number(lines, state);
    }

    fn skip(&self, ending: &[u8], state: &mut W::State) {
        self.0.skip(ending, state);
    }

    fn cut(&self, bytes: &[u8]) -> usize {
        self.0.cut(bytes)
    }

    fn unchanged(&self, chunk: &[u8], state: &mut W::State) -> Option<W::Tally> {
        self.0.unchanged(chunk, state)
    }

    fn rewrite(&self, chunk: &[u8], state: &mut W::State, scratch: &mut W::Scratch, out: &mut Vec<u8>) -> W::Tally {
        self.0.rewrite(chunk, state, scratch, out)
    }

    fn rewrite_long(
        &self,
        chunk: &[u8],
        state: &mut W::State,
        scratch: &mut W::Scratch,
        out: &mut Vec<u8>,
        put: &mut dyn FnMut(&[u8]),
    ) -> W::Tally {
        self.0.rewrite_long(chunk, state, scratch, out, put)
    }

    fn finish(&self, state: &mut W::State, scratch: &mut W::Scratch, out: &mut Vec<u8>) -> W::Tally {
        self.0.finish(state, scratch, out)
    }

    fn withhold(&self, why: Withheld, head: &[u8], bytes: u64, ending: &[u8], out: &mut Vec<u8>) -> W::Tally {
        self.0.withhold(why, head, bytes, ending, out)
    }

    fn withhold_in(
        &self,
        state: &W::State,
        why: Withheld,
        head: &[u8],
        bytes: u64,
        ending: &[u8],
        out: &mut Vec<u8>,
    ) -> W::Tally {
        self.0.withhold_in(state, why, head, bytes, ending, out)
    }

    fn merge(total: &mut W::Tally, part: W::Tally) {
        ending::add(&part);
        W::merge(total, part);
    }

    fn in_order(&self) -> bool {
        self.0.in_order()
    }
}
