//! The memory that input is read into: grows for one long record, and gives the memory back after it.

use crate::room::{LONG, SPACE};
use std::io::{self, Read};

/// Bytes read so far, with initialised room behind them.
///
/// Room is cleared once and used again, so that a read into it costs nothing beyond the read.
#[derive(Default)]
pub struct Buffer {
    /// All initialised; what was read is in front.
    room: Vec<u8>,
    /// How much of `room` was read.
    len: usize,
}

impl Buffer {
    /// What was read.
    pub fn bytes(&self) -> &[u8] {
        &self.room[..self.len]
    }

    /// How much was read.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Nothing was read.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Forgets what was read, and frees what a long record took.
    pub fn clear(&mut self) {
        self.len = 0;
        if self.room.capacity() > LONG {
            self.room = Vec::new();
        }
    }

    /// Forgets what was read, and keeps the room for a record as long.
    pub fn reset(&mut self) {
        self.len = 0;
    }

    /// Goes on in the room of `spare`, which is empty, if that is larger: for a record that follows another as long.
    pub fn move_into(&mut self, spare: &mut Buffer) {
        if spare.room.len() > self.room.len() {
            std::mem::swap(self, spare);
            self.room[..spare.len].copy_from_slice(&spare.room[..spare.len]);
            self.len = std::mem::take(&mut spare.len);
        }
    }

    /// Keeps only the first `len` bytes.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Replaces what was read by a copy of `bytes`.
    pub fn set(&mut self, bytes: &[u8]) {
        self.clear();
        self.make_room(bytes.len());
        self.room[..bytes.len()].copy_from_slice(bytes);
        self.len = bytes.len();
    }

    /// Drops the first `count` bytes in place.
    pub fn remove(&mut self, count: usize) {
        self.room.copy_within(count..self.len, 0);
        self.len -= count;
    }

    /// One read of at most about `piece` bytes; 0 at the end of the input. An interrupted read is tried again.
    pub fn fill(&mut self, input: &mut impl Read, piece: usize) -> io::Result<usize> {
        // Up to `piece` in all while that leaves a fair read; beyond, the record is long and grows by pieces.
        let end = if self.len <= piece - piece / 4 { piece.max(self.len + 1) } else { self.len + piece };
        self.make_room(end);
        loop {
            match input.read(&mut self.room[self.len..end]) {
                Ok(read) => {
                    self.len += read;
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn make_room(&mut self, end: usize) {
        if end > self.room.len() {
            reserve(&mut self.room, end);
            self.room.resize(end, 0);
        }
    }
}

/// Makes `bytes` able to hold `total` bytes without ever holding a long record twice.
pub(crate) fn reserve(bytes: &mut Vec<u8>, total: usize) {
    if total <= bytes.capacity() {
        return;
    }
    let capacity = if total > LONG { total.max(SPACE).max(bytes.capacity().saturating_mul(2)) } else { total };
    bytes.reserve_exact(capacity - bytes.len());
}
