//! Literals of patterns, found by the four bytes they begin with, or by all three of the shortest.

use super::filters::eight_at;

/// A literal at which a pattern is tried. What it begins with is in [`Anchors::heads`], what else belongs to it in
/// [`Anchors::pool`]: thousands of them are made at each start, and none has memory of its own.
#[derive(Clone, Copy, Default)]
pub struct Anchor {
    /// Index of the pattern.
    pub pattern: u16,
    /// The literal stands somewhere in the match, not at its beginning.
    pub inside: bool,
    /// Where the bytes in front of it that belong to the literal as well begin in the pool,
    before: u32,
    /// where those behind its head begin,
    rest: u32,
    /// and where they end.
    end: u32,
}

/// Stands for what is no pattern: words at which detectors written by hand look.
pub const BY_HAND: u16 = u16::MAX;

/// What [`Anchors::look_at`] tells.
pub struct Look {
    /// One of the literals is for a detector written by hand.
    pub by_hand: bool,
    /// So many bytes tell which literals stand there; [`usize::MAX`] if bytes in front do too.
    pub bytes: usize,
}

/// All of them.
#[derive(Default)]
pub struct Anchors {
    /// By bucket, and then in the order in which they were added: those of one pattern follow each other.
    list: Vec<Anchor>,
    /// Of each up to eight bytes it begins with, little-endian, and which of them count; close together: most literals end
    /// their look here.
    heads: Vec<(u64, u64)>,
    pool: Vec<u8>,
    /// Where each bucket begins in `list`; one more at the end.
    starts: Vec<u16>,
    /// By bucket: a bit for each of the fifth bytes of its literals, whose lower six bits count.
    fifths: Vec<u64>,
}

/// Of literals of four bytes and more.
const LONG: usize = 2048;
/// Of those of three.
const SHORT: usize = 256;

/// The bucket of literals that begin with the first four bytes of `head`.
#[inline]
fn long_bucket(head: u64) -> usize {
    ((head as u32).wrapping_mul(0x9E37_79B1) >> 21) as usize
}

/// The bucket of literals that are the first three bytes of `head`.
#[inline]
fn short_bucket(head: u64) -> usize {
    LONG + ((head as u32 & 0x00FF_FFFF).wrapping_mul(0x9E37_79B1) >> 24) as usize
}

/// The bucket of literals with this head, of which the bytes of this mask count.
fn bucket_of((head, mask): (u64, u64)) -> usize {
    if mask > 0x00FF_FFFF { long_bucket(head) } else { short_bucket(head) }
}

/// Gathers literals, those of one pattern one after the other.
#[derive(Default)]
pub struct Builder {
    list: Vec<Anchor>,
    heads: Vec<(u64, u64)>,
    pool: Vec<u8>,
}

impl Builder {
    /// One with room for so many.
    pub fn with_capacity(most: usize) -> Builder {
        Builder { list: Vec::with_capacity(most), heads: Vec::with_capacity(most), pool: Vec::with_capacity(8 * most) }
    }

    /// A literal of at least three bytes that each match of a pattern begins with.
    pub fn begins(&mut self, literal: &[u8], pattern: u16) {
        self.add(literal, 0, Anchor { pattern, ..Anchor::default() });
    }

    /// A literal that stands somewhere in each match and is looked up at its byte `place`, with three bytes left at
    /// least.
    pub fn inside(&mut self, literal: &[u8], place: usize, pattern: u16) {
        self.add(literal, place, Anchor { pattern, inside: true, ..Anchor::default() });
    }

    fn add(&mut self, literal: &[u8], place: usize, anchor: Anchor) {
        let (before, literal) = literal.split_at(place);
        let (head, rest) = literal.split_at(literal.len().min(8));
        // Policies are much shorter than 4 GiB.
        let start = self.pool.len() as u32;
        self.pool.extend_from_slice(before);
        self.pool.extend_from_slice(rest);
        self.heads.push((eight_at(head, 0), u64::MAX >> (64 - 8 * head.len())));
        let rest = start + before.len() as u32;
        self.list.push(Anchor { before: start, rest, end: self.pool.len() as u32, ..anchor });
    }

    /// All of them, by bucket.
    pub fn build(self) -> Anchors {
        let mut starts = vec![0u16; LONG + SHORT + 1];
        for head in &self.heads {
            starts[bucket_of(*head) + 1] += 1;
        }
        for at in 0..LONG + SHORT {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut fifths = vec![0; LONG + SHORT];
        let (mut list, mut heads) = (vec![Anchor::default(); self.list.len()], vec![(0, 0); self.list.len()]);
        for (anchor, (head, mask)) in self.list.iter().zip(self.heads) {
            let bucket = bucket_of((head, mask));
            fifths[bucket] |= if mask >> 32 == 0 { u64::MAX } else { 1 << (head >> 32 & 63) };
            let at = usize::from(next[bucket]);
            next[bucket] += 1;
            (list[at], heads[at]) = (*anchor, (head, mask));
        }
        Anchors { list, heads, pool: self.pool, starts, fifths }
    }
}

impl Anchors {
    fn before(&self, anchor: &Anchor) -> &[u8] {
        self.pool.get(anchor.before as usize..anchor.rest as usize).unwrap_or_default()
    }

    fn rest(&self, anchor: &Anchor) -> &[u8] {
        self.pool.get(anchor.rest as usize..anchor.end as usize).unwrap_or_default()
    }

    /// Does what is beyond the head stand round `at`, too?
    #[inline]
    fn goes_on(&self, anchor: &Anchor, text: &[u8], at: usize) -> bool {
        anchor.before == anchor.end
            || text[(at + 8).min(text.len())..].starts_with(self.rest(anchor))
                && text[..at].ends_with(self.before(anchor))
    }

    /// Those whose literal stands at `at`; those of one pattern and about one length follow each other.
    #[inline]
    pub fn at<'a>(&'a self, text: &'a [u8], at: usize) -> impl Iterator<Item = &'a Anchor> {
        self.heads_at(eight_at(text, at)).filter(move |anchor| self.goes_on(anchor, text, at))
    }

    /// Does any literal stand at `at`?
    #[inline(never)]
    pub fn is_at(&self, text: &[u8], at: usize) -> bool {
        let eight = eight_at(text, at);
        // No iterators put together: they cost as much as all else here.
        for bucket in [long_bucket(eight), short_bucket(eight)] {
            if self.fifths.get(bucket).is_none_or(|fifths| fifths >> (eight >> 32 & 63) & 1 == 0) {
                continue;
            }
            let bucket = self.bucket(bucket);
            let Some(heads) = self.heads.get(bucket.clone()) else { continue };
            for (ix, (head, mask)) in heads.iter().enumerate() {
                if (eight ^ head) & mask == 0 && self.goes_on(&self.list[bucket.start + ix], text, at) {
                    return true;
                }
            }
        }
        false
    }

    /// Of the literals at `at`.
    pub fn look_at(&self, text: &[u8], at: usize) -> Look {
        let mut look = Look { by_hand: false, bytes: 8 };
        for anchor in self.heads_at(eight_at(text, at)) {
            look.by_hand |= anchor.pattern == BY_HAND && self.goes_on(anchor, text, at);
            let rest = self.rest(anchor);
            look.bytes = look.bytes.max(match rest.len() {
                _ if anchor.before != anchor.rest => usize::MAX,
                more if more > 8 && text.get(at + 8..at + 16) != rest.get(..8) => 16,
                more => 8 + more,
            });
        }
        look
    }

    /// Those whose head these bytes begin with.
    #[inline]
    fn heads_at(&self, eight: u64) -> impl Iterator<Item = &Anchor> {
        let fits = move |at: &usize| self.heads.get(*at).is_some_and(|(head, mask)| (eight ^ head) & mask == 0);
        self.bucket(long_bucket(eight)).chain(self.bucket(short_bucket(eight))).filter(fits).map(|at| &self.list[at])
    }

    #[inline]
    fn bucket(&self, bucket: usize) -> std::ops::Range<usize> {
        match (self.starts.get(bucket), self.starts.get(bucket + 1)) {
            (Some(start), Some(end)) => usize::from(*start)..usize::from(*end),
            _ => 0..0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_literal_is_found_where_it_stands() {
        let words = ["ghp_", "gho_", "xox", "sk-ant-admin01-", "AKIA", "sk-"];
        let mut builder = Builder::default();
        words.iter().enumerate().for_each(|(i, word)| builder.begins(word.as_bytes(), i as u16));
        builder.inside(b".atlasv1.", 1, 9);
        let anchors = builder.build();
        let found = |text: &str, at: usize| anchors.at(text.as_bytes(), at).map(|a| a.pattern).collect::<Vec<_>>();
        for (i, word) in words.iter().enumerate() {
            assert!(found(&format!("x {word}"), 2).contains(&(i as u16)), "{word}");
            assert!(!found(&format!("x {}", &word[..word.len() - 1]), 2).contains(&(i as u16)), "{word}");
        }
        assert_eq!(found("a.atlasv1.b", 2), [9]);
        assert_eq!(found("a-atlasv1.b", 2), [0; 0]);
        assert_eq!(found("sk-ant-admin01-x", 0), [3, 5]);
    }
}
