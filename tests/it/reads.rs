//! Sources that give their bytes in awkward pieces.

use std::io::{self, Read};

/// Gives its bytes in pieces of 1 to `most` bytes, at random but always the same for one seed.
pub struct Reads<'a> {
    rest: &'a [u8],
    most: usize,
    state: u64,
}

impl<'a> Reads<'a> {
    /// `bytes` in pieces of at most `most`.
    pub fn new(bytes: &'a [u8], most: usize, seed: u64) -> Reads<'a> {
        Reads { rest: bytes, most, state: seed }
    }
}

impl Read for Reads<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // Knuth's MMIX constants.
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        if self.state >> 60 == 0 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let length = (1 + (self.state >> 33) as usize % self.most).min(self.rest.len()).min(buffer.len());
        buffer[..length].copy_from_slice(&self.rest[..length]);
        self.rest = &self.rest[length..];
        Ok(length)
    }
}
