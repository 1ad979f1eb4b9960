//! The pipeline on the caller's thread: three buffers, no channel.

use super::{Error, Outcome, guarded, judge, next, recycle};
use crate::input::{Buffer, Piece, Records};
use crate::rewrite::Rewrite;
use crate::room::LONG;
use std::io::{self, Read, Write};

pub(super) fn run<W: Rewrite, R: Read>(
    rewriter: &W,
    mut records: Records<'_, R>,
    output: impl Write,
    total: &mut W::Tally,
) -> Result<Outcome, Error> {
    let (mut chunk, mut out) = (Buffer::default(), Vec::new());
    let (mut state, mut scratch) = (W::State::default(), W::Scratch::default());
    let mut written = Written { output, bytes: 0, failed: None };
    loop {
        let piece = next(rewriter, &mut records, &mut chunk)?;
        let tally = if piece == Piece::Records && chunk.len() > LONG {
            let mut put = |part: &[u8]| written.put(part);
            guarded(|| match rewriter.unchanged(chunk.bytes(), &mut state) {
                Some(tally) => {
                    put(chunk.bytes());
                    tally
                }
                None => rewriter.rewrite_long(chunk.bytes(), &mut state, &mut scratch, &mut out, &mut put),
            })?
        } else {
            let judged = judge(rewriter, piece, chunk.bytes(), &mut state, &mut scratch, &mut out)?;
            if let Some(bytes) = judged.written(piece, &chunk, &out) {
                written.put(bytes);
            }
            judged.tally
        };
        if let Some(error) = written.failed {
            return Err(Error::Write(error));
        }
        W::merge(total, tally);
        recycle(&mut out);
        if piece == Piece::End {
            return Ok(Outcome { bytes_in: records.bytes_in(), bytes_out: written.bytes });
        }
    }
}

/// What went out.
struct Written<O> {
    output: O,
    bytes: u64,
    /// Nothing goes out after this.
    failed: Option<io::Error>,
}

impl<O: Write> Written<O> {
    fn put(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.output.write_all(bytes).and_then(|()| self.output.flush()).err();
            self.bytes += bytes.len() as u64;
        }
    }
}
