//! Numbers that follow from key, kind and value, as many as are asked for.

use crate::action::Key;

/// HMAC-SHA-256(key, "surrogate" ‖ 0 ‖ kind ‖ 0 ‖ counter ‖ value), block after block.
pub(super) struct Stream<'s> {
    key: &'s Key,
    kind: &'s str,
    value: &'s [u8],
    counter: u32,
    block: [u8; 32],
    used: usize,
}

impl<'s> Stream<'s> {
    pub(super) fn new(key: &'s Key, kind: &'s str, value: &'s [u8]) -> Stream<'s> {
        Stream { key, kind, value, counter: 0, block: [0; 32], used: 32 }
    }

    /// Less than `bound`, which is at most 2^20: of 2^32, so that no number is likelier than another by more than 1 in 4096.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        if self.used == self.block.len() {
            let counter = self.counter.to_be_bytes();
            self.block = self.key.authenticate(&[b"surrogate", &[0], self.kind.as_bytes(), &[0], &counter, self.value]);
            (self.counter, self.used) = (self.counter + 1, 0);
        }
        let bytes = self.block[self.used..].first_chunk().expect("four bytes are taken at a time, of 32");
        self.used += 4;
        ((u64::from(u32::from_be_bytes(*bytes)) * u64::from(bound)) >> 32) as u32
    }

    pub(super) fn digit(&mut self) -> char {
        char::from(b'0' + self.below(10) as u8)
    }

    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| self.digit()).collect()
    }
}

/// `text` with its digits, one after the other, in place of those of `shape`; both have the same number of them.
pub(super) fn filled(shape: &str, digits: &str) -> String {
    let mut digits = digits.chars();
    shape.chars().map(|c| if c.is_ascii_digit() { digits.next().unwrap_or(c) } else { c }).collect()
}
