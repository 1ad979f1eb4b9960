//! What the pipeline asks of whatever changes the bytes.

/// Why a record was not judged, and stands in the output as a marker instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Longer than `--max-line`.
    TooLong,
    /// Needed more work than its length allows.
    TooMuchWork,
}

/// A function from whole records to whole records, shared by all workers.
///
/// Promise: with the same policy and key, and whatever the way the input is cut into chunks, the concatenated output is
/// the same. Everything that one chunk has to know of the ones before it is in `State`.
pub trait Rewrite: Sync {
    /// Buffers that one thread reuses from chunk to chunk.
    type Scratch: Default;
    /// What is carried from chunk to chunk of one source, in input order (an open key block, say). It is mostly the same
    /// where one chunk begins and where the next does: so several threads foresee it, and rewrite a chunk again for which
    /// it turns out to be another.
    type State: Default + Clone + PartialEq + Send;
    /// Counts, added up in input order.
    type Tally: Default + Send;

    /// How many leading bytes of `bytes` are whole records that can be judged now; 0 if none is.
    /// `bytes` starts where a record starts. Only whole lines count. A caller that may hold back no more
    /// (end of input, or the bound on a held record is reached) does not ask, and passes what it has.
    fn cut(&self, bytes: &[u8]) -> usize;

    /// Is the number of lines before a chunk part of the state? It never is the same twice, but is easily foreseen.
    const NUMBERED: bool = false;

    /// Sets the number of lines that came before the chunk that `state` is for, if it is part of it.
    fn number(&self, _lines: u64, _state: &mut Self::State) {}

    /// Appends the rewritten `chunk` (whole records; only the last one of a source may lack its newline) to `out`.
    fn rewrite(
        &self,
        chunk: &[u8],
        state: &mut Self::State,
        scratch: &mut Self::Scratch,
        out: &mut Vec<u8>,
    ) -> Self::Tally;

    /// Counts a `chunk` that comes out as it came in, so that nobody has to copy it; `None` if something in it may change.
    /// By default that is not known.
    fn unchanged(&self, _chunk: &[u8], _state: &mut Self::State) -> Option<Self::Tally> {
        None
    }

    /// Rewrites a chunk that is long: what becomes of it is given to `put` in parts, in order, so that it need not be in
    /// memory twice. Nothing is put before all of it was judged. By default one part.
    fn rewrite_long(
        &self,
        chunk: &[u8],
        state: &mut Self::State,
        scratch: &mut Self::Scratch,
        out: &mut Vec<u8>,
        put: &mut dyn FnMut(&[u8]),
    ) -> Self::Tally {
        let tally = self.rewrite(chunk, state, scratch, out);
        put(out);
        tally
    }

    /// Moves `state` past a record that is withheld for its length; `ending` is its line ending. Nothing, unless the state
    /// counts lines.
    fn skip(&self, _ending: &[u8], _state: &mut Self::State) {}

    /// Appends what is left to say at the end of a source; by default nothing.
    fn finish(&self, state: &mut Self::State, scratch: &mut Self::Scratch, out: &mut Vec<u8>) -> Self::Tally {
        let _ = (state, scratch, out);
        Self::Tally::default()
    }

    /// Appends what stands in for a record that was not judged. `head` is its beginning (up to 4 KiB), `bytes` its
    /// length without the line ending, `ending` its line ending.
    fn withhold(&self, why: Withheld, head: &[u8], bytes: u64, ending: &[u8], out: &mut Vec<u8>) -> Self::Tally;

    /// The same, told the state it comes in.
    #[allow(clippy::too_many_arguments)]
    fn withhold_in(
        &self,
        _state: &Self::State,
        why: Withheld,
        head: &[u8],
        bytes: u64,
        ending: &[u8],
        out: &mut Vec<u8>,
    ) -> Self::Tally {
        self.withhold(why, head, bytes, ending, out)
    }

    /// Does what is found in a chunk mostly change the next one? Then one thread rewrites them all.
    fn in_order(&self) -> bool {
        false
    }

    /// Adds `part` to `total`.
    fn merge(total: &mut Self::Tally, part: Self::Tally);
}
