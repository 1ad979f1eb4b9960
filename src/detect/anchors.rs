//! Literals of patterns, found by the four bytes they begin with, or by all three of the shortest.

use super::filters::eight_at;

/// A literal at which a pattern is tried.
pub struct Anchor {
    /// Up to eight bytes it begins with, little-endian, and which of them count.
    head: u64,
    mask: u64,
    /// The bytes behind those.
    rest: Box<[u8]>,
    /// Bytes in front of it that belong to the literal as well.
    before: Box<[u8]>,
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
    /// So many bytes tell which literals stand there; [`usize::MAX`] if bytes in front do too.
    pub bytes: usize,
}

/// All of them.
#[derive(Default)]
pub struct Anchors {
    /// Sorted by bucket.
    list: Vec<Anchor>,
    /// Head and mask of each, close together: most literals end their look here.
    heads: Vec<(u64, u64)>,
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

impl Anchor {
    /// For a literal of at least three bytes that each match of a pattern begins with.
    pub fn begins(literal: &[u8], pattern: u16) -> Anchor {
        let mut anchor = Anchor::inside(literal, 0, pattern);
        anchor.inside = false;
        anchor
    }

    /// For a literal that stands somewhere in each match and is looked up at its byte `place`, with three bytes left at
    /// least.
    pub fn inside(literal: &[u8], place: usize, pattern: u16) -> Anchor {
        let (before, literal) = literal.split_at(place);
        let (head, rest) = literal.split_at(literal.len().min(8));
        let mask = u64::MAX >> (64 - 8 * head.len());
        let head = eight_at(head, 0);
        Anchor { head, mask, rest: rest.into(), before: before.into(), pattern, inside: true }
    }

    fn bucket(&self) -> usize {
        if self.mask > 0x00FF_FFFF { long_bucket(self.head) } else { short_bucket(self.head) }
    }

    /// Does what is beyond the head stand round `at`, too?
    #[inline]
    fn goes_on(&self, text: &[u8], at: usize) -> bool {
        (self.rest.is_empty() || text[(at + 8).min(text.len())..].starts_with(&self.rest))
            && (self.before.is_empty() || text[..at].ends_with(&self.before))
    }
}

impl Anchors {
    /// From all literals of a policy.
    pub fn new(mut list: Vec<Anchor>) -> Anchors {
        list.sort_by_cached_key(|anchor| (anchor.bucket(), anchor.pattern, anchor.head, anchor.rest.len()));
        let mut starts = vec![0u16; LONG + SHORT + 1];
        for anchor in &list {
            starts[anchor.bucket() + 1] += 1;
        }
        for at in 0..LONG + SHORT {
            starts[at + 1] += starts[at];
        }
        let mut fifths = vec![0; LONG + SHORT];
        for anchor in &list {
            let fifth = if anchor.mask >> 32 == 0 { u64::MAX } else { 1 << (anchor.head >> 32 & 63) };
            fifths[anchor.bucket()] |= fifth;
        }
        Anchors { fifths, heads: list.iter().map(|anchor| (anchor.head, anchor.mask)).collect(), list, starts }
    }

    /// Those whose literal stands at `at`; those of one pattern and about one length follow each other.
    #[inline]
    pub fn at<'a>(&'a self, text: &'a [u8], at: usize) -> impl Iterator<Item = &'a Anchor> {
        self.heads_at(eight_at(text, at)).filter(move |anchor| anchor.goes_on(text, at))
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
                if (eight ^ head) & mask == 0 && self.list[bucket.start + ix].goes_on(text, at) {
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
            look.by_hand |= anchor.pattern == BY_HAND && anchor.goes_on(text, at);
            look.bytes = look.bytes.max(match anchor.rest.len() {
                _ if !anchor.before.is_empty() => usize::MAX,
                more if more > 8 && text.get(at + 8..at + 16) != anchor.rest.get(..8) => 16,
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
        let list = words.iter().enumerate().map(|(i, w)| Anchor::begins(w.as_bytes(), i as u16));
        let anchors = Anchors::new(list.chain([Anchor::inside(b".atlasv1.", 1, 9)]).collect());
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
