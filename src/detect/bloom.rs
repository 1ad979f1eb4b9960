//! A set of four-byte strings that answers "surely not" in two instructions.

/// 65,536 bits: 8 KiB, stays in the first-level cache.
pub struct Bloom {
    bits: Box<[u64; 1024]>,
}

impl Default for Bloom {
    fn default() -> Bloom {
        Bloom { bits: Box::new([0; 1024]) }
    }
}

impl Bloom {
    /// Adds four bytes as they are.
    pub fn insert_raw(&mut self, four: u32) {
        let hash = Self::hash(four);
        self.bits[hash >> 6] |= 1 << (hash & 63);
    }

    /// Makes every answer "maybe".
    pub fn insert_all(&mut self) {
        *self.bits = [u64::MAX; 1024];
    }

    /// 1 if the four bytes may be in the set, else 0.
    #[inline(always)]
    pub fn maybe(&self, four: u32) -> u64 {
        let hash = Self::hash(four);
        self.bits[hash >> 6 & 1023] >> (hash & 63) & 1
    }

    #[inline(always)]
    fn hash(four: u32) -> usize {
        (four.wrapping_mul(0x9E37_79B1) >> 16) as usize
    }
}

/// Two sets in one table, asked together: bit 0 of each answer is that of the first set, bit 1 of the second.
pub struct Pair {
    /// Two bits for each hash: 16 KiB.
    bits: Box<[u64; 2048]>,
}

impl Default for Pair {
    fn default() -> Pair {
        Pair { bits: Box::new([0; 2048]) }
    }
}

impl Pair {
    /// Adds the first four bytes of `head`, or the three it has, to a set.
    pub fn insert_head(&mut self, set: usize, head: &[u8]) {
        match *head {
            [a, b, c, d, ..] => self.insert(set, u32::from_le_bytes([a, b, c, d])),
            [a, b, c] => self.insert(set, u32::from_le_bytes([a, b, c, 0])),
            // Shorter than any anchor may be.
            _ => *self.bits = [u64::MAX; 2048],
        }
    }

    fn insert(&mut self, set: usize, four: u32) {
        let hash = Bloom::hash(four);
        self.bits[hash >> 5] |= 1 << (2 * (hash & 31) + set);
    }

    /// A bit for each set that may hold a head which these four bytes (little-endian) begin with.
    #[inline(always)]
    pub fn maybe_head(&self, four: u32) -> u64 {
        let one = |four: u32| {
            let hash = Bloom::hash(four);
            self.bits[hash >> 5 & 2047] >> (2 * (hash & 31))
        };
        (one(four) | one(four & 0x00FF_FFFF)) & 3
    }
}
