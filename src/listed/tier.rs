//! A search for many seeds at once that looks at one window in four bytes.
//!
//! A seed of `width + step - 1` bytes holds a whole window at one of every `step` places, so the text is looked at in
//! strides of `step` and each seed is entered `step` times. A bit field of sixteen bits a window answers nearly all looks
//! with one load (two bits in one word: one look in a thousand goes further); it is small enough for the second-level cache with ten thousand secrets. An Aho-Corasick automaton of
//! the same seeds steps over every byte and misses the cache on most of them.

/// The windows of all seeds of one width.
#[derive(Clone)]
pub(crate) struct Tier {
    /// Bytes of a window, 4 to 8.
    width: usize,
    step: usize,
    /// Bit field: the upper bits of the hash say which word, others which two bits of it.
    words: Vec<u64>,
    /// Open addressing by the upper bits of the hash; 0 in `seeds` is an empty slot.
    hashes: Vec<u64>,
    seeds: Vec<u32>,
    used: usize,
}

/// Odd, so that no two windows have one hash; the golden ratio.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
/// Bits of the bit field for each slot.
const BITS_PER_SLOT: usize = 8;
const FEWEST_SLOTS: usize = 64;
/// With so many, the bit field of a few hundred windows is nearly empty, and still lies in the first-level cache (4 KiB).
const SPARSE_SLOTS: usize = 1 << 12;

impl Tier {
    pub fn new(width: usize, step: usize) -> Tier {
        Tier { width, step, words: Vec::new(), hashes: Vec::new(), seeds: Vec::new(), used: 0 }
    }

    /// An empty one for some hundred seeds that are looked for all the time.
    pub fn sparse(width: usize, step: usize) -> Tier {
        let mut tier = Tier::new(width, step);
        tier.resize(SPARSE_SLOTS);
        tier
    }

    /// Bytes that a seed needs.
    pub fn least(&self) -> usize {
        self.width + self.step - 1
    }

    /// Enters `seed`, of which the first [`Tier::least`] bytes are `bytes`. Seeds are numbered below 2^29.
    pub fn insert(&mut self, bytes: &[u8], seed: u32) {
        for skip in 0..self.step {
            if (self.used + 1) * 2 > self.hashes.len() {
                self.resize((self.hashes.len() * 2).max(FEWEST_SLOTS));
            }
            let hash = self.hash(load(&bytes[skip..skip + self.width]));
            self.put(hash, (seed << 2 | skip as u32) + 1);
        }
    }

    /// How many seeds have the first window of `bytes`; counts to 16.
    pub fn crowd(&self, bytes: &[u8]) -> usize {
        self.slots(self.hash(load(&bytes[..self.width]))).take(16).count()
    }

    /// Calls `found` with each place in `text` that holds a window of some seed; of those that are not looked at, none is
    /// needed.
    pub fn scan(&self, text: &[u8], mut found: impl FnMut(usize)) {
        if self.used == 0 {
            return;
        }
        let (words, step, width) = (&self.words[..], self.step, self.width_mask());
        let shift = self.word_shift();
        let mut at = 0;
        while let Some(eight) = text.get(at..at + 8) {
            let eight = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
            let hash = (eight & width).wrapping_mul(SPREAD);
            let word = words[(hash >> shift) as usize];
            let (one, other) = bits(hash);
            if word >> one & 1 == 1 && word >> other & 1 == 1 && self.has(hash) {
                found(at);
            }
            at += step;
        }
        while at + self.width <= text.len() {
            if self.has(self.hash(load(&text[at..at + self.width]))) {
                found(at);
            }
            at += step;
        }
    }

    /// Was anything entered under `hash`?
    #[inline(never)]
    fn has(&self, hash: u64) -> bool {
        self.slots(hash).next().is_some()
    }

    /// Both scans in one walk over the text; for tiers with the same step.
    pub fn scan_both(&self, other: &Tier, text: &[u8], mut found: impl FnMut(usize)) {
        if self.used == 0 || other.used == 0 || self.step != other.step {
            self.scan(text, &mut found);
            other.scan(text, found);
            return;
        }
        let (shift, other_shift) = (self.word_shift(), other.word_shift());
        let mut at = 0;
        while let Some(eight) = text.get(at..at + 8) {
            let eight = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
            let (hash, other_hash) = (self.hash(eight), other.hash(eight));
            let (both, other_both) = (two_bits(hash), two_bits(other_hash));
            let missing = !self.words[(hash >> shift) as usize] & both;
            let other_missing = !other.words[(other_hash >> other_shift) as usize] & other_both;
            // One branch for both, which is hardly ever taken.
            if missing.min(other_missing) == 0 && (self.has(hash) || other.has(other_hash)) {
                found(at);
            }
            at += self.step;
        }
        let rest = at.min(text.len());
        self.scan(&text[rest..], |at| found(rest + at));
        other.scan(&text[rest..], |at| found(rest + at));
    }

    /// Calls `found` with each seed that has the window at `at`, and how many of its bytes stand before.
    pub fn at(&self, text: &[u8], at: usize, mut found: impl FnMut(u32, usize)) {
        if let Some(window) = text.get(at..at + self.width).filter(|_| self.used > 0) {
            self.slots(self.hash(load(window))).for_each(|seed| found(seed >> 2, (seed & 3) as usize));
        }
    }

    /// The window in the first bytes of `eight`.
    #[inline]
    fn hash(&self, eight: u64) -> u64 {
        (eight & self.width_mask()).wrapping_mul(SPREAD)
    }

    /// The bytes of a window.
    fn width_mask(&self) -> u64 {
        u64::MAX >> (64 - 8 * self.width)
    }

    /// What was entered under `hash`.
    fn slots(&self, hash: u64) -> impl Iterator<Item = u32> {
        let mask = self.hashes.len().wrapping_sub(1);
        let mut at = if self.hashes.is_empty() { 0 } else { (hash >> self.slots_shift()) as usize };
        std::iter::from_fn(move || {
            loop {
                let seed = *self.seeds.get(at)?;
                if seed == 0 {
                    return None;
                }
                let same = self.hashes[at] == hash;
                at = (at + 1) & mask;
                if same {
                    return Some(seed - 1);
                }
            }
        })
    }

    fn put(&mut self, hash: u64, seed: u32) {
        let word = (hash >> self.word_shift()) as usize;
        self.words[word] |= two_bits(hash);
        let mask = self.hashes.len() - 1;
        let mut at = (hash >> self.slots_shift()) as usize;
        while self.seeds[at] != 0 {
            at = (at + 1) & mask;
        }
        (self.hashes[at], self.seeds[at]) = (hash, seed);
        self.used += 1;
    }

    fn resize(&mut self, slots: usize) {
        let hashes = std::mem::replace(&mut self.hashes, vec![0; slots]);
        let seeds = std::mem::replace(&mut self.seeds, vec![0; slots]);
        self.words = vec![0; slots * BITS_PER_SLOT / 64];
        self.used = 0;
        for (hash, seed) in hashes.into_iter().zip(seeds).filter(|(_, seed)| *seed != 0) {
            self.put(hash, seed);
        }
    }

    fn slots_shift(&self) -> u32 {
        64 - self.hashes.len().trailing_zeros()
    }

    fn word_shift(&self) -> u32 {
        64 - self.words.len().trailing_zeros()
    }
}

/// Which two bits of its word of the bit field a window has.
#[inline]
fn bits(hash: u64) -> (u64, u64) {
    (hash >> 40 & 63, hash >> 34 & 63)
}

#[inline]
fn two_bits(hash: u64) -> u64 {
    let (one, other) = bits(hash);
    1 << one | 1 << other
}

/// Up to eight bytes, the first one lowest.
fn load(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    eight[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(eight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Wherever a seed stands, one of its windows is found, and leads to it.
        #[test]
        fn no_seed_is_missed(
            seed in prop::collection::vec(97u8..100, 11), before in 0usize..20, after in 0usize..20,
            tier in prop::sample::select(vec![(8, 4), (5, 4), (4, 1)]),
        ) {
            let mut tier = Tier::new(tier.0, tier.1);
            for (number, other) in [&b"abcabcabcab"[..], b"zzzzzzzzzzz", &seed, b"aaaaaaaaaaa"].iter().enumerate() {
                tier.insert(&other[..tier.least()], number as u32);
            }
            let text = [&vec![b'.'; before], &seed[..], &vec![b'.'; after]].concat();
            let mut starts = Vec::new();
            tier.scan(&text, |at| tier.at(&text, at, |number, skip| starts.push((number, at.wrapping_sub(skip)))));
            prop_assert!(starts.contains(&(2, before)), "{:?}", starts);
        }
    }

    #[test]
    fn many_seeds_keep_apart() {
        let mut tier = Tier::new(8, 4);
        let name = |n: u32| format!("secret-number-{n:06}").into_bytes();
        for n in 0..5000 {
            let name = name(n);
            tier.insert(&name[name.len() - 11..], n);
        }
        for n in 0..5000 {
            let mut found = Vec::new();
            let name = name(n);
            tier.at(&name, name.len() - 11, |seed, skip| found.push((seed, skip)));
            assert!(found.contains(&(n, 0)), "{n}");
        }
    }
}
