//! Literals of patterns, found by the six, four or three bytes they begin with. Stands alone, as `src/build` uses it too: the
//! table of all built-in rules is in the binary.

/// A literal at which patterns are tried. What it begins with is in [`Table::heads`], what else belongs to it in
/// [`Table::pool`]: there are thousands of them, and none has memory of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Literal {
    /// Where the bytes in front of its head that belong to it as well begin in the pool,
    pub before: u32,
    /// where those behind its head begin,
    pub rest: u32,
    /// and where they end.
    pub end: u32,
    /// Where its owners end in [`Table::owners`]; those of the literal before it end where its own begin.
    pub owners: u32,
    /// A detector written by hand is one of them.
    pub by_hand: bool,
}

/// A pattern that is tried at a literal.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// Number of the pattern.
    pub pattern: u16,
    /// The literal stands somewhere in the match, not at its beginning.
    pub inside: bool,
}

/// Stands for what is no pattern: words at which detectors written by hand look.
pub const BY_HAND: u16 = u16::MAX;

/// The eight bytes at `at`, little-endian; zeros behind the end.
#[inline(always)]
pub fn eight_at(text: &[u8], at: usize) -> u64 {
    match text.get(at..at + 8) {
        Some(eight) => u64::from_le_bytes(eight.try_into().expect("eight bytes")),
        None => text[at..].iter().rev().fold(0, |eight, byte| eight << 8 | u64::from(*byte)),
    }
}

/// The eight bytes behind those at `at`; zeros behind the end.
#[inline(always)]
fn next_at(text: &[u8], at: usize) -> u64 {
    eight_at(text, text.len().min(at + 8))
}

/// What [`Table::look_at`] tells.
pub struct Look {
    /// One of the literals is for a detector written by hand.
    pub by_hand: bool,
    /// So many bytes from there on, and the one in front, tell which literals stand there; [`usize::MAX`] if more do.
    pub bytes: usize,
}

/// What [`Table::stands`] tells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stands {
    /// No literal begins with the eight bytes there.
    Nothing,
    /// One does, and goes on otherwise.
    Head,
    /// One does, and all of it stands there.
    Whole,
}

/// All of them.
#[derive(Clone, Copy, Debug)]
pub struct Table<'t> {
    /// By bucket, each once: many patterns begin with the same words.
    pub list: &'t [Literal],
    /// The patterns of each literal, in their order.
    pub owners: &'t [Owner],
    /// Of each up to eight bytes it begins with, little-endian, and which of them count; close together: most literals end
    /// their look here.
    pub heads: &'t [(u64, u64)],
    /// The same of the up to eight bytes that follow: dozens begin with `password`.
    pub nexts: &'t [(u64, u64)],
    /// Their other bytes.
    pub pool: &'t [u8],
    /// A bit for the hash of each head, up to the bytes that its bucket goes by: most words end here.
    pub bits: &'t [u64],
    /// Where each bucket begins in `list`; one more at the end.
    pub starts: &'t [u32],
}

/// By how many bytes of a literal its bucket goes, the most first. Words that many literals share the first four bytes of,
/// `http`, `user`, stand in every line.
pub const SIZES: [usize; 3] = [6, 4, 3];
/// Buckets for each of them.
const BUCKETS: [usize; 3] = [2048, 1024, 256];
/// All of them.
pub const ALL: usize = BUCKETS[0] + BUCKETS[1] + BUCKETS[2];

/// Words of [`Table::bits`].
pub const BITS: usize = 1024;

/// The hash of so many of the first of these bytes; its upper bits count.
#[inline(always)]
pub fn hash(head: u64, size: usize) -> u64 {
    (head << (64 - 8 * size)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The bucket of one of the sizes for a hash.
#[inline(always)]
fn bucket(ix: usize, hash: u64) -> usize {
    BUCKETS[..ix].iter().sum::<usize>() + (hash >> (64 - BUCKETS[ix].trailing_zeros())) as usize
}

/// Where a hash has its bit.
#[inline(always)]
pub fn bit(hash: u64) -> (usize, u64) {
    ((hash >> (64 - BITS.trailing_zeros())) as usize, hash >> (58 - BITS.trailing_zeros()) & 63)
}

/// By which size the literals with a head go of which the bytes of this mask count.
pub fn size_of(mask: u64) -> usize {
    let bytes = (mask.trailing_ones() / 8) as usize;
    SIZES.iter().position(|least| *least <= bytes).unwrap_or(SIZES.len() - 1)
}

/// Their bucket.
pub fn bucket_of((head, mask): (u64, u64)) -> usize {
    bucket(size_of(mask), hash(head, SIZES[size_of(mask)]))
}

impl<'t> Table<'t> {
    /// One without any.
    pub const NONE: Table<'static> =
        Table { list: &[], owners: &[], heads: &[], nexts: &[], pool: &[], bits: &[], starts: &[] };

    fn before(&self, literal: &Literal) -> &[u8] {
        self.pool.get(literal.before as usize..literal.rest as usize).unwrap_or_default()
    }

    fn rest(&self, literal: &Literal) -> &[u8] {
        self.pool.get(literal.rest as usize..literal.end as usize).unwrap_or_default()
    }

    /// Does what is beyond the head of the literal `ix` stand round `at`, too? `next` are the eight bytes behind its head.
    #[inline]
    fn goes_on(&self, ix: usize, next: u64, text: &[u8], at: usize) -> bool {
        let (bytes, mask) = self.nexts[ix];
        if (next ^ bytes) & mask != 0 {
            return false;
        }
        let literal = &self.list[ix];
        literal.before == literal.rest && mask != u64::MAX
            || text[(at + 8).min(text.len())..].starts_with(self.rest(literal))
                && text[..at].ends_with(self.before(literal))
    }

    /// Calls `each` with the patterns of each literal that stands at `at`.
    #[inline]
    pub fn each_at(&self, text: &[u8], at: usize, mut each: impl FnMut(&[Owner])) {
        let next = next_at(text, at);
        self.each_head(eight_at(text, at), |ix| {
            if self.goes_on(ix, next, text, at) {
                each(self.owners(ix));
            }
        });
    }

    /// The patterns of the literal `ix`.
    fn owners(&self, ix: usize) -> &'t [Owner] {
        let start = if ix == 0 { 0 } else { self.list[ix - 1].owners };
        &self.owners[start as usize..self.list[ix].owners as usize]
    }

    /// How much of any literal stands at `at`.
    #[inline(never)]
    pub fn stands(&self, text: &[u8], at: usize) -> Stands {
        let (eight, next) = (eight_at(text, at), next_at(text, at));
        let mut stands = Stands::Nothing;
        // No iterators put together: they cost as much as all else here.
        for ix in 0..SIZES.len() {
            for at_head in self.candidates(ix, eight) {
                let (head, mask) = self.heads[at_head];
                if (eight ^ head) & mask == 0 {
                    if self.goes_on(at_head, next, text, at) {
                        return Stands::Whole;
                    }
                    stands = Stands::Head;
                }
            }
        }
        stands
    }

    /// Of the literals at `at`.
    pub fn look_at(&self, text: &[u8], at: usize) -> Look {
        let mut look = Look { by_hand: false, bytes: 8 };
        let behind = text.get(at + 8..).unwrap_or_default();
        let next = next_at(text, at);
        self.each_head(eight_at(text, at), |ix| {
            let (bytes, mask) = self.nexts[ix];
            let unlike = (next ^ bytes) & mask;
            if unlike != 0 {
                look.bytes = look.bytes.max(8 + unlike.trailing_zeros() as usize / 8 + 1);
                return;
            }
            let literal = &self.list[ix];
            let (before, rest) = (self.before(literal), self.rest(literal));
            let same = rest.iter().zip(behind).take_while(|(a, b)| a == b).count();
            look.bytes = look.bytes.max(if same < rest.len() {
                8 + same + 1
            } else if before.is_empty() || at > 0 && before.last() != Some(&text[at - 1]) {
                8 + same
            } else {
                usize::MAX
            });
            look.by_hand |= literal.by_hand && self.goes_on(ix, next, text, at);
        });
        look
    }

    /// Calls `each` with the indexes of those whose head these bytes begin with.
    #[inline(always)]
    fn each_head(&self, eight: u64, mut each: impl FnMut(usize)) {
        for ix in 0..SIZES.len() {
            for ix in self.candidates(ix, eight) {
                let (head, mask) = self.heads[ix];
                if (eight ^ head) & mask == 0 {
                    each(ix);
                }
            }
        }
    }

    /// Where the literals stand, of the size with this index, that may begin with these bytes.
    #[inline(always)]
    fn candidates(&self, ix: usize, eight: u64) -> std::ops::Range<usize> {
        let hash = hash(eight, SIZES[ix]);
        let (word, bit) = bit(hash);
        if self.bits.get(word).is_none_or(|bits| bits >> bit & 1 == 0) {
            return 0..0;
        }
        let bucket = bucket(ix, hash);
        match (self.starts.get(bucket), self.starts.get(bucket + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        }
    }
}
