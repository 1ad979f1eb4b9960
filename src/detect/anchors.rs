//! Literals of patterns, found by the four bytes they begin with, or by all three of the shortest.

use super::filters::eight_at;

/// A literal at which patterns are tried. What it begins with is in [`Anchors::heads`], what else belongs to it in
/// [`Anchors::pool`]: thousands of them are made at each start, and none has memory of its own.
#[derive(Clone, Copy, Default)]
pub struct Literal {
    /// Where the bytes in front of its head that belong to it as well begin in the pool,
    before: u32,
    /// where those behind its head begin,
    rest: u32,
    /// and where they end.
    end: u32,
    /// Where its owners end in [`Anchors::owners`]; those of the literal before it end where its own begin.
    owners: u32,
}

/// A pattern that is tried at a literal.
#[derive(Clone, Copy)]
pub struct Owner {
    /// Index of the pattern.
    pub pattern: u16,
    /// The literal stands somewhere in the match, not at its beginning.
    pub inside: bool,
}

/// Stands for what is no pattern: words at which detectors written by hand look.
pub const BY_HAND: u16 = u16::MAX;

/// What [`Anchors::look_at`] tells.
pub struct Look {
    /// One of the literals is for a detector written by hand.
    pub by_hand: bool,
    /// So many bytes from there on, and the one in front, tell which literals stand there; [`usize::MAX`] if more do.
    pub bytes: usize,
}

/// What [`Anchors::stands`] tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// No literal begins with the eight bytes there.
    Nothing,
    /// One does, and goes on otherwise.
    Head,
    /// One does, and all of it stands there.
    Whole,
}

/// All of them.
#[derive(Default)]
pub struct Anchors {
    /// By bucket, each once: many patterns begin with the same words.
    list: Vec<Literal>,
    /// The patterns of each literal, in their order.
    owners: Vec<Owner>,
    /// Of each up to eight bytes it begins with, little-endian, and which of them count; close together: most literals end
    /// their look here.
    heads: Vec<(u64, u64)>,
    pool: Vec<u8>,
    /// A bit for the hash of each head, up to the bytes that its bucket goes by: most words end here.
    bits: Vec<u64>,
    /// Where each bucket begins in `list`; one more at the end.
    starts: Vec<u32>,
}

/// By how many bytes of a literal its bucket goes, the most first. Words that many literals share the first four bytes of,
/// `http`, `user`, stand in every line.
const SIZES: [usize; 3] = [6, 4, 3];
/// Buckets for each of them.
const BUCKETS: [usize; 3] = [2048, 1024, 256];
/// All of them.
const ALL: usize = BUCKETS[0] + BUCKETS[1] + BUCKETS[2];

/// Words of [`Anchors::bits`].
const BITS: usize = 1024;

/// The hash of so many of the first of these bytes; its upper bits count.
#[inline(always)]
fn hash(head: u64, size: usize) -> u64 {
    (head << (64 - 8 * size)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The bucket of one of the sizes for a hash.
#[inline(always)]
fn bucket(ix: usize, hash: u64) -> usize {
    BUCKETS[..ix].iter().sum::<usize>() + (hash >> (64 - BUCKETS[ix].trailing_zeros())) as usize
}

/// Where a hash has its bit.
#[inline(always)]
fn bit(hash: u64) -> (usize, u64) {
    ((hash >> (64 - BITS.trailing_zeros())) as usize, hash >> (58 - BITS.trailing_zeros()) & 63)
}

/// By which size the literals with a head go of which the bytes of this mask count.
fn size_of(mask: u64) -> usize {
    let bytes = (mask.trailing_ones() / 8) as usize;
    SIZES.iter().position(|least| *least <= bytes).unwrap_or(SIZES.len() - 1)
}

/// Their bucket.
fn bucket_of((head, mask): (u64, u64)) -> usize {
    bucket(size_of(mask), hash(head, SIZES[size_of(mask)]))
}

/// Gathers literals.
#[derive(Default)]
pub struct Builder {
    /// Each once.
    list: Vec<Literal>,
    heads: Vec<(u64, u64)>,
    pool: Vec<u8>,
    /// The literal of each owner, by its index in `list`.
    uses: Vec<(u32, Owner)>,
    /// The index of a literal, plus one, where its hash says or behind it; zeros are free. A power of two.
    table: Vec<u32>,
}

impl Builder {
    /// One with room for so many.
    pub fn with_capacity(most: usize) -> Builder {
        Builder {
            list: Vec::with_capacity(most),
            heads: Vec::with_capacity(most),
            pool: Vec::with_capacity(8 * most),
            uses: Vec::with_capacity(most),
            table: vec![0; (2 * most).next_power_of_two()],
        }
    }

    /// A literal of at least three bytes that each match of a pattern begins with.
    pub fn begins(&mut self, literal: &[u8], pattern: u16) {
        self.add(literal, 0, Owner { pattern, inside: false });
    }

    /// A literal that stands somewhere in each match and is looked up at its byte `place`, with three bytes left at
    /// least.
    pub fn inside(&mut self, literal: &[u8], place: usize, pattern: u16) {
        self.add(literal, place, Owner { pattern, inside: true });
    }

    fn add(&mut self, literal: &[u8], place: usize, owner: Owner) {
        let (before, literal) = literal.split_at(place);
        let (head, rest) = literal.split_at(literal.len().min(8));
        let head = (eight_at(head, 0), u64::MAX >> (64 - 8 * head.len()));
        if 2 * self.list.len() >= self.table.len() {
            self.grow();
        }
        let mut slot = self.slot(head, rest.len());
        let ix = loop {
            match self.table[slot].checked_sub(1) {
                Some(ix) if self.is(ix as usize, before, head, rest) => break ix,
                Some(_) => slot = (slot + 1) & (self.table.len() - 1),
                None => {
                    self.table[slot] = self.list.len() as u32 + 1;
                    break self.push(before, head, rest);
                }
            }
        };
        self.uses.push((ix, owner));
    }

    /// Where the look for a literal begins.
    fn slot(&self, head: (u64, u64), rest: usize) -> usize {
        let mixed = (head.0 ^ rest as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 32) as usize & (self.table.len() - 1)
    }

    fn grow(&mut self) {
        self.table = vec![0; (2 * self.table.len()).max(64)];
        for (ix, literal) in self.list.iter().enumerate() {
            let mut slot = self.slot(self.heads[ix], (literal.end - literal.rest) as usize);
            while self.table[slot] != 0 {
                slot = (slot + 1) & (self.table.len() - 1);
            }
            self.table[slot] = ix as u32 + 1;
        }
    }

    /// Is the literal `ix` this one?
    fn is(&self, ix: usize, before: &[u8], head: (u64, u64), rest: &[u8]) -> bool {
        let Literal { before: start, rest: middle, end, .. } = self.list[ix];
        let part = |from: u32, to: u32| self.pool.get(from as usize..to as usize);
        self.heads[ix] == head && part(start, middle) == Some(before) && part(middle, end) == Some(rest)
    }

    fn push(&mut self, before: &[u8], head: (u64, u64), rest: &[u8]) -> u32 {
        // Policies are much shorter than 4 GiB.
        let start = self.pool.len() as u32;
        self.pool.extend_from_slice(before);
        self.pool.extend_from_slice(rest);
        self.heads.push(head);
        let rest = start + before.len() as u32;
        self.list.push(Literal { before: start, rest, end: self.pool.len() as u32, owners: 0 });
        self.list.len() as u32 - 1
    }

    /// All of them, by bucket.
    pub fn build(self) -> Anchors {
        let (starts, places) = sorted(ALL, self.heads.iter().map(|head| bucket_of(*head)));
        let (mut list, mut heads) = (vec![Literal::default(); self.list.len()], vec![(0, 0); self.list.len()]);
        let mut bits = vec![0; BITS];
        for ((literal, head), place) in self.list.iter().zip(&self.heads).zip(&places) {
            let (word, bit) = bit(hash(head.0, SIZES[size_of(head.1)]));
            bits[word] |= 1 << bit;
            (list[*place as usize], heads[*place as usize]) = (*literal, *head);
        }
        let literals = self.uses.iter().map(|(ix, _)| places[*ix as usize] as usize);
        let (ends, own) = sorted(list.len(), literals);
        let mut owners = vec![Owner { pattern: BY_HAND, inside: false }; self.uses.len()];
        for ((_, owner), place) in self.uses.iter().zip(own) {
            owners[place as usize] = *owner;
        }
        for (literal, end) in list.iter_mut().zip(&ends[1..]) {
            literal.owners = *end;
        }
        Anchors { list, owners, heads, pool: self.pool, bits, starts }
    }
}

/// Where each of so many groups begins if what belongs to these groups is sorted by them, and one more at the end; and the
/// place of each. Those of one group stay in their order.
fn sorted(groups: usize, of: impl Iterator<Item = usize> + Clone) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; groups + 1];
    of.clone().for_each(|group| starts[group + 1] += 1);
    for at in 0..groups {
        starts[at + 1] += starts[at];
    }
    let mut next = starts.clone();
    let place = |group: usize| {
        next[group] += 1;
        next[group] - 1
    };
    let places = of.map(place).collect();
    (starts, places)
}

impl Anchors {
    fn before(&self, literal: &Literal) -> &[u8] {
        self.pool.get(literal.before as usize..literal.rest as usize).unwrap_or_default()
    }

    fn rest(&self, literal: &Literal) -> &[u8] {
        self.pool.get(literal.rest as usize..literal.end as usize).unwrap_or_default()
    }

    /// Does what is beyond the head stand round `at`, too?
    #[inline]
    fn goes_on(&self, literal: &Literal, text: &[u8], at: usize) -> bool {
        literal.before == literal.end
            || text[(at + 8).min(text.len())..].starts_with(self.rest(literal))
                && text[..at].ends_with(self.before(literal))
    }

    /// Calls `each` with the patterns of each literal that stands at `at`.
    #[inline]
    pub fn each_at(&self, text: &[u8], at: usize, mut each: impl FnMut(&[Owner])) {
        self.each_head(eight_at(text, at), |ix| {
            if self.goes_on(&self.list[ix], text, at) {
                each(self.owners(ix));
            }
        });
    }

    /// The patterns of the literal `ix`.
    fn owners(&self, ix: usize) -> &[Owner] {
        let start = if ix == 0 { 0 } else { self.list[ix - 1].owners };
        &self.owners[start as usize..self.list[ix].owners as usize]
    }

    /// Does any literal stand at `at`?
    #[inline]
    pub fn is_at(&self, text: &[u8], at: usize) -> bool {
        self.stands(text, at) == Stands::Whole
    }

    /// How much of any literal stands at `at`.
    #[inline(never)]
    pub fn stands(&self, text: &[u8], at: usize) -> Stands {
        let eight = eight_at(text, at);
        let mut stands = Stands::Nothing;
        // No iterators put together: they cost as much as all else here.
        for ix in 0..SIZES.len() {
            for at_head in self.candidates(ix, eight) {
                let (head, mask) = self.heads[at_head];
                if (eight ^ head) & mask == 0 {
                    if self.goes_on(&self.list[at_head], text, at) {
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
        self.each_head(eight_at(text, at), |ix| {
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
            let by_hand = || self.owners(ix).iter().any(|owner| owner.pattern == BY_HAND);
            look.by_hand = look.by_hand || self.goes_on(literal, text, at) && by_hand();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns_at(anchors: &Anchors, text: &str, at: usize) -> Vec<u16> {
        let mut all = Vec::new();
        anchors.each_at(text.as_bytes(), at, |owners| all.extend(owners.iter().map(|owner| owner.pattern)));
        all.sort_unstable();
        all
    }

    #[test]
    fn every_literal_is_found_where_it_stands() {
        let words = ["ghp_", "gho_", "xox", "sk-ant-admin01-", "AKIA", "sk-"];
        let mut builder = Builder::default();
        words.iter().enumerate().for_each(|(i, word)| builder.begins(word.as_bytes(), i as u16));
        builder.inside(b".atlasv1.", 1, 9);
        let anchors = builder.build();
        let found = |text: &str, at: usize| patterns_at(&anchors, text, at);
        for (i, word) in words.iter().enumerate() {
            assert!(found(&format!("x {word}"), 2).contains(&(i as u16)), "{word}");
            assert!(!found(&format!("x {}", &word[..word.len() - 1]), 2).contains(&(i as u16)), "{word}");
        }
        assert_eq!(found("a.atlasv1.b", 2), [9]);
        assert_eq!(found("a-atlasv1.b", 2), [0; 0]);
        assert_eq!(found("sk-ant-admin01-x", 0), [3, 5]);
    }

    #[test]
    fn patterns_of_one_literal_are_found_together() {
        let words =
            ["token=", "token: ", "secret_key_of_a", "token=", "secret_key_of_b", "token", "token=", "abc", "abc"];
        let mut builder = Builder::default();
        words.iter().enumerate().for_each(|(i, word)| builder.begins(word.as_bytes(), i as u16));
        let anchors = builder.build();
        let found = |text: &str| patterns_at(&anchors, text, 0);
        assert_eq!(anchors.list.len(), 6);
        let bytes = |text: &str, at: usize| anchors.look_at(text.as_bytes(), at).bytes;
        assert_eq!((bytes("secret_key_of_b", 0), bytes("secret_kex", 0), bytes("secret_keyring", 0)), (15, 10, 11));
        for (text, patterns) in
            [("token=x", vec![0, 3, 5, 6]), ("token: ", vec![1, 5]), ("secret_key_of_b", vec![4]), ("abcd", vec![7, 8])]
        {
            assert_eq!(found(text), patterns, "{text}");
        }
    }
}
