//! Read, rewrite, write: in order, on one thread or on several.
//!
//! Knows no rule and no file. Nothing is written that was not judged first, whole records at a time, each chunk with one
//! `write_all` (a record over 1 MiB comes out in parts, so that it is not in memory twice); and each chunk is written before
//! the next read, so a complete line never waits for more input.

mod here;
#[cfg(test)]
mod tests;
mod threads;

use crate::input::{Buffer, Limits, Piece, Records};
use crate::rewrite::{Rewrite, Withheld};
use std::fmt;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How a source is moved.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Threads that rewrite; 0 and 1 rewrite in place.
    pub threads: usize,
    /// Longest line held in memory, in bytes without its line ending. A longer one is withheld, because a line read by half
    /// cannot be judged. Default 64 MiB: a CloudTrail file is one line of tens of MiB.
    pub max_line: usize,
    /// Bytes a read asks for, and the length of an ordinary chunk. 256 KiB; 1 MiB is no faster.
    pub piece: usize,
    /// Lines a record may have before it is passed unfinished (once it is longer than `piece`).
    pub hold_lines: usize,
    /// True if a read would wait now; see [`Limits::idle`].
    pub idle: Option<&'a (dyn Fn() -> bool + Sync)>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options { threads: 1, max_line: 64 << 20, piece: 256 << 10, hold_lines: 10_000, idle: None }
    }
}

/// What moving one source came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Bytes that came in.
    pub bytes_in: u64,
    /// Bytes that went out.
    pub bytes_out: u64,
}

/// Why a source was not moved to its end. What was written before is whole records, rewritten.
#[derive(Debug)]
pub enum Error {
    /// The input failed. What had been read of an unfinished record is not written.
    Read(io::Error),
    /// The output failed.
    Write(io::Error),
    /// The rewriter panicked. Nothing of that chunk or a later one is written, except parts of a record over 1 MiB that
    /// were rewritten before.
    Fault,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Read(error) => write!(f, "read: {error}"),
            Error::Write(error) => write!(f, "write: {error}"),
            Error::Fault => f.write_str("internal fault"),
        }
    }
}

impl std::error::Error for Error {}

/// Moves one source from `input` to `output` through `rewriter`, and adds what happened to `total`.
///
/// The output does not depend on how the reads split the input, nor on the number of threads. A record and the state
/// never reach beyond the source. A record over 1 MiB is in memory alone, whatever the number of threads.
///
/// ```
/// use logmask::masker::{Masker, Settings};
/// use logmask::pipeline::{Options, run};
/// use logmask::policy::Policy;
/// use logmask::tally::Tally;
///
/// let settings = Settings { key: vec![7; 16], ..Settings::default() };
/// let masker = Masker::new(&Policy::default(), settings).expect("no rule, no fault");
/// let (mut output, mut tally) = (Vec::new(), Tally::default());
/// run(&masker, &b"a\r\nb"[..], &mut output, &Options::default(), &mut tally).expect("memory does not fail");
/// assert_eq!(output, b"a\r\nb");
/// assert_eq!(tally.lines, 2);
/// ```
pub fn run<W: Rewrite>(
    rewriter: &W,
    input: impl Read + Send,
    output: impl Write + Send,
    options: &Options<'_>,
    total: &mut W::Tally,
) -> Result<Outcome, Error> {
    let limits = Limits {
        max_line: options.max_line.max(1),
        piece: options.piece,
        hold_lines: options.hold_lines,
        idle: options.idle,
    };
    let records = Records::new(input, limits);
    if options.threads < 2 || rewriter.in_order() {
        here::run(rewriter, records, output, total)
    } else {
        threads::run(rewriter, records, output, options.threads, total)
    }
}

/// The next piece, with a panic of the rewriter turned into an error.
fn next<W: Rewrite, R: Read>(rewriter: &W, records: &mut Records<'_, R>, chunk: &mut Buffer) -> Result<Piece, Error> {
    guarded(|| records.next(|bytes| rewriter.cut(bytes), chunk))?.map_err(Error::Read)
}

/// What became of one piece.
struct Judged<T> {
    tally: T,
    /// The chunk goes out as it is; nothing was copied.
    unchanged: bool,
}

impl<T> Judged<T> {
    /// What is to be written of `chunk` and what was made of it. At the end there is rarely anything to say, and a write
    /// of nothing is not made.
    fn written<'b>(&self, piece: Piece, chunk: &'b Buffer, out: &'b [u8]) -> Option<&'b [u8]> {
        let bytes = if self.unchanged { chunk.bytes() } else { out };
        (piece != Piece::End || !bytes.is_empty()).then_some(bytes)
    }
}

/// Rewrites one piece into `out`, which is empty, and moves `state` past it.
fn judge<W: Rewrite>(
    rewriter: &W,
    piece: Piece,
    chunk: &[u8],
    state: &mut W::State,
    scratch: &mut W::Scratch,
    out: &mut Vec<u8>,
) -> Result<Judged<W::Tally>, Error> {
    guarded(|| {
        let tally = match piece {
            Piece::Records => {
                if let Some(tally) = rewriter.unchanged(chunk, state) {
                    return Judged { tally, unchanged: true };
                }
                crate::input::reserve(out, chunk.len() + chunk.len() / 8 + 64);
                rewriter.rewrite(chunk, state, scratch, out)
            }
            Piece::TooLong { bytes, ending } => {
                let tally = rewriter.withhold_in(state, Withheld::TooLong, chunk, bytes, ending, out);
                rewriter.skip(ending, state);
                tally
            }
            Piece::End => rewriter.finish(state, scratch, out),
        };
        Judged { tally, unchanged: false }
    })
}

/// Empties `out` for the next chunk, and frees what a long record took.
fn recycle(out: &mut Vec<u8>) {
    out.clear();
    if out.capacity() > 2 * crate::room::LONG {
        *out = Vec::new();
    }
}

/// After a panic nothing that `work` touched is used again, so it does not matter in what state it was left.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Error::Fault)
}
