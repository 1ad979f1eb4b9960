//! The pipeline on the caller's thread: three buffers, no channel.

use super::{Error, Outcome, judge, next, recycle};
use crate::input::{Buffer, Piece, Records};
use crate::rewrite::Rewrite;
use std::io::{Read, Write};

pub(super) fn run<W: Rewrite, R: Read>(
    rewriter: &W,
    mut records: Records<'_, R>,
    mut output: impl Write,
    total: &mut W::Tally,
) -> Result<Outcome, Error> {
    let (mut chunk, mut out) = (Buffer::default(), Vec::new());
    let (mut state, mut scratch) = (W::State::default(), W::Scratch::default());
    let mut bytes_out = 0;
    loop {
        let piece = next(rewriter, &mut records, &mut chunk)?;
        let tally = judge(rewriter, piece, chunk.bytes(), &mut state, &mut scratch, &mut out)?;
        chunk.clear();
        // At the end there is rarely anything to say, and a write of nothing is not made.
        if piece != Piece::End || !out.is_empty() {
            output.write_all(&out).and_then(|()| output.flush()).map_err(Error::Write)?;
        }
        bytes_out += out.len() as u64;
        W::merge(total, tally);
        recycle(&mut out);
        if piece == Piece::End {
            return Ok(Outcome { bytes_in: records.bytes_in(), bytes_out });
        }
    }
}
