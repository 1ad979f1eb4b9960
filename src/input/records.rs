//! Input cut into chunks of whole records; the same records whatever the reads give.

use super::buffer::Buffer;
use crate::room::LONG;
use memchr::{memchr, memchr_iter, memrchr};
use std::io::{self, Read};

/// How much is read at once and held at most.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    /// Longest line that is judged, in bytes without its line ending.
    pub max_line: usize,
    /// Bytes a read asks for. A chunk of ordinary lines is at most this long.
    pub piece: usize,
    /// A record of this many lines and more than `piece` bytes is passed as it is. So is one whose lines together are
    /// longer than `max_line`.
    pub hold_lines: usize,
    /// True if a read would wait now. Asked only while a record over 1 MiB is held, so that its beginning is not looked
    /// at again for every read; without it each read is taken for the last one for a while.
    pub idle: Option<&'a (dyn Fn() -> bool + Sync)>,
}

/// What [`Records::next`] put into the buffer it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Whole records, to be judged.
    Records,
    /// The first bytes of a line that is too long to be judged.
    TooLong {
        /// Its length without the line ending.
        bytes: u64,
        /// Its line ending.
        ending: &'static [u8],
    },
    /// Nothing: the input is at its end.
    End,
}

/// What the first read asks for, in bytes: most inputs are short, and to clear half a megabyte takes a tenth of a start.
const FIRST: usize = 32 << 10;

/// How much of a line that is too long is kept, for the marker to suit it.
const HEAD: usize = 4096;

/// Reads one source.
pub struct Records<'a, R> {
    input: R,
    limits: Limits<'a>,
    /// Starts where a record starts.
    buffer: Buffer,
    /// End of the last whole line in `buffer`.
    whole: usize,
    /// Start of the first line in `buffer` whose length is not known to be fine.
    checked: usize,
    /// How many bytes were offered when `cut` last found no whole record.
    tried: usize,
    /// How much the next read asks for, at most [`Limits::piece`].
    ask: usize,
    /// The input has ended.
    ended: bool,
    /// Bytes read in all.
    bytes_in: u64,
}

impl<'a, R: Read> Records<'a, R> {
    /// Reads `input` from here to its end.
    pub fn new(input: R, limits: Limits<'a>) -> Records<'a, R> {
        let limits = Limits { piece: limits.piece.max(1), ..limits };
        Records {
            input,
            limits,
            buffer: Buffer::default(),
            whole: 0,
            checked: 0,
            tried: 0,
            ask: FIRST.min(limits.piece),
            ended: false,
            bytes_in: 0,
        }
    }

    /// Bytes read so far.
    pub fn bytes_in(&self) -> u64 {
        self.bytes_in
    }

    /// Puts the next piece into `chunk`, whose memory is used again or given back. `cut` is
    /// [`Rewrite::cut`](crate::rewrite::Rewrite::cut).
    ///
    /// After an error what was read but not given stays unjudged, and is gone.
    pub fn next(&mut self, cut: impl Fn(&[u8]) -> usize, chunk: &mut Buffer) -> io::Result<Piece> {
        chunk.reset();
        loop {
            let long = self.too_long();
            let certain = long.unwrap_or(if self.ended { self.buffer.len() } else { self.whole });
            if certain > 0
                && let Some(end) = self.records(&cut, certain, self.ended || long.is_some())
            {
                self.give(end, chunk);
                return Ok(Piece::Records);
            }
            if long == Some(0) {
                chunk.clear();
                return self.swallow(chunk);
            }
            if self.ended {
                chunk.clear();
                return Ok(Piece::End);
            }
            if self.buffer.len() > self.limits.piece {
                self.buffer.move_into(chunk);
            }
            self.read()?;
        }
    }

    /// Where the whole records in the first `certain` bytes end. `last`: nothing more belongs to them.
    fn records(&mut self, cut: impl Fn(&[u8]) -> usize, certain: usize, last: bool) -> Option<usize> {
        // A long record would be looked at from its beginning after every read; while more is there to be read anyway,
        // it waits until it has grown by an eighth. What is full or finished waits no longer.
        let hasty = self.tried > LONG && certain < self.tried + self.tried / 8;
        let waits = certain == self.tried || hasty && self.limits.idle.is_some_and(|idle| !idle());
        if waits && !last && self.buffer.len() <= self.most() {
            return None;
        }
        let bound = self.bound(certain);
        if bound.is_none() && last {
            return Some(certain);
        }
        // `bound` is measured from where a record starts, so a record is passed unfinished at the same byte whatever
        // the reads were.
        let end = bound.unwrap_or(certain);
        // A long line is given alone.
        if let Some(line) = memchr(b'\n', &self.buffer.bytes()[..end]).map(|at| at + 1).filter(|line| *line > LONG)
            && cut(&self.buffer.bytes()[..line]) == line
        {
            return Some(line);
        }
        match cut(&self.buffer.bytes()[..end]) {
            0 if bound.is_some() => Some(end),
            0 => {
                self.tried = certain;
                None
            }
            records => Some(records.min(end)),
        }
    }

    /// Where a record that starts at 0 is passed even if it is not finished; `None` while it may grow.
    fn bound(&self, certain: usize) -> Option<usize> {
        if self.buffer.len() <= self.limits.piece.min(self.limits.max_line) {
            return None;
        }
        let lines = &self.buffer.bytes()[..certain];
        let most = self.most();
        let by_bytes =
            if self.buffer.len() > most { memrchr(b'\n', &lines[..most.min(certain)]).map(|at| at + 1) } else { None };
        let by_lines = lines.get(self.limits.piece..).and_then(|rest| memchr(b'\n', rest)).and_then(|at| {
            let nth = memchr_iter(b'\n', lines).nth(self.limits.hold_lines.max(1) - 1)?;
            Some(nth.max(self.limits.piece + at) + 1)
        });
        match (by_bytes, by_lines) {
            (Some(bytes), Some(lines)) => Some(bytes.min(lines)),
            (bytes, lines) => bytes.or(lines),
        }
    }

    /// Bytes a record is held to at most. A line of `max_line` bytes and its line ending always fit.
    fn most(&self) -> usize {
        self.limits.max_line.saturating_add(2)
    }

    /// Start of the first line that is too long, whole or not.
    fn too_long(&mut self) -> Option<usize> {
        let max = self.limits.max_line;
        if self.buffer.len() <= max {
            return None;
        }
        let bytes = self.buffer.bytes();
        while self.checked < self.whole {
            let end = memchr(b'\n', &bytes[self.checked..]).map_or(bytes.len(), |at| self.checked + at + 1);
            if content(&bytes[self.checked..end]).0 > max {
                return Some(self.checked);
            }
            self.checked = end;
        }
        // An unfinished line may still turn out to end in a carriage return that does not count.
        let open = bytes.len() - self.checked;
        (open > max.saturating_add(usize::from(!self.ended))).then_some(self.checked)
    }

    /// Hands the first `end` bytes over, and keeps the rest.
    fn give(&mut self, end: usize, chunk: &mut Buffer) {
        std::mem::swap(&mut self.buffer, chunk);
        self.buffer.set(&chunk.bytes()[end..]);
        chunk.truncate(end);
        self.forget(end);
    }

    fn forget(&mut self, count: usize) {
        self.whole = self.whole.saturating_sub(count);
        self.checked = self.checked.saturating_sub(count);
        self.tried = 0;
    }

    fn read(&mut self) -> io::Result<()> {
        let before = self.buffer.len();
        let read = self.buffer.fill(&mut self.input, self.ask)?;
        if read >= self.ask / 2 {
            self.ask = self.limits.piece.min(self.ask.saturating_mul(4));
        }
        self.ended = read == 0;
        self.bytes_in += read as u64;
        if let Some(at) = memrchr(b'\n', &self.buffer.bytes()[before..]) {
            self.whole = before + at + 1;
        }
        Ok(())
    }

    /// Reads past the line that starts the buffer, and keeps its head.
    fn swallow(&mut self, chunk: &mut Buffer) -> io::Result<Piece> {
        let mut gone: u64 = 0;
        let mut last_was_return = false;
        loop {
            let bytes = self.buffer.bytes();
            let newline = memchr(b'\n', bytes);
            let end = newline.map_or(bytes.len(), |at| at + 1);
            if chunk.len() < HEAD {
                let more = bytes.len().min(HEAD - chunk.len());
                let head = [chunk.bytes(), &bytes[..more]].concat();
                chunk.set(&head);
            }
            if newline.is_some() || self.ended {
                let line = &bytes[..end];
                let ending: &'static [u8] = match newline {
                    None => b"",
                    Some(0) if last_was_return => b"\r\n",
                    Some(_) => content(line).1,
                };
                let length = gone + line.len() as u64 - ending.len() as u64;
                chunk.truncate(usize::try_from(length).unwrap_or(HEAD));
                self.buffer.remove(end);
                if self.buffer.len() < LONG {
                    let rest = self.buffer.bytes().to_vec();
                    self.buffer.set(&rest);
                }
                self.forget(end);
                return Ok(Piece::TooLong { bytes: length, ending });
            }
            if let Some(&last) = bytes.last() {
                last_was_return = last == b'\r';
            }
            gone += bytes.len() as u64;
            self.buffer.clear();
            self.forget(end);
            self.read()?;
        }
    }
}

/// Length of a line without its line ending, and the line ending.
fn content(line: &[u8]) -> (usize, &'static [u8]) {
    match line {
        [.., b'\r', b'\n'] => (line.len() - 2, b"\r\n"),
        [.., b'\n'] => (line.len() - 1, b"\n"),
        _ => (line.len(), b""),
    }
}
