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
