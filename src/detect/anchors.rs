//! Literals of patterns, found by the three bytes they begin with.

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
    /// Where each bucket begins in `list`; one more at the end.
    starts: Vec<u16>,
}

const BUCKETS: usize = 2048;

fn bucket(head: u64) -> usize {
    ((head as u32 & 0x00FF_FFFF).wrapping_mul(0x9E37_79B1) >> 21) as usize
}

/// The eight bytes at `at`, little-endian; zeros behind the end.
#[inline]
fn eight_at(text: &[u8], at: usize) -> u64 {
    if let Some(eight) = text.get(at..at + 8) {
        return u64::from_le_bytes(eight.try_into().expect("eight bytes"));
    }
    let mut eight = [0; 8];
    let rest = &text[at..];
    eight[..rest.len()].copy_from_slice(rest);
    u64::from_le_bytes(eight)
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

    #[inline]
    fn fits(&self, eight: u64, text: &[u8], at: usize) -> bool {
        (eight ^ self.head) & self.mask == 0
            && (self.rest.is_empty() || text[(at + 8).min(text.len())..].starts_with(&self.rest))
            && (self.before.is_empty() || text[..at].ends_with(&self.before))
    }
}

impl Anchors {
    /// From all literals of a policy.
    pub fn new(mut list: Vec<Anchor>) -> Anchors {
        list.sort_by_cached_key(|anchor| (bucket(anchor.head), anchor.pattern, anchor.head, anchor.rest.len()));
        let mut starts = vec![0u16; BUCKETS + 1];
        for anchor in &list {
            starts[bucket(anchor.head) + 1] += 1;
        }
        for at in 0..BUCKETS {
            starts[at + 1] += starts[at];
        }
        Anchors { list, starts }
    }

    /// Those whose literal stands at `at`; those of one pattern follow each other.
    #[inline]
    pub fn at<'a>(&'a self, text: &'a [u8], at: usize) -> impl Iterator<Item = &'a Anchor> {
        let eight = eight_at(text, at);
        self.bucket(eight).iter().filter(move |anchor| anchor.fits(eight, text, at))
    }

    /// Does any literal stand at `at`?
    #[inline]
    pub fn is_at(&self, text: &[u8], at: usize) -> bool {
        let eight = eight_at(text, at);
        self.bucket(eight).iter().any(|anchor| anchor.fits(eight, text, at))
    }

    /// Of the literals at `at`.
    pub fn look_at(&self, text: &[u8], at: usize) -> Look {
        let mut look = Look { by_hand: false, bytes: 8 };
        let eight = eight_at(text, at);
        for anchor in self.bucket(eight).iter().filter(|anchor| (eight ^ anchor.head) & anchor.mask == 0) {
            look.by_hand |= anchor.pattern == BY_HAND && anchor.fits(eight, text, at);
            look.bytes = look.bytes.max(match anchor.rest.len() {
                _ if !anchor.before.is_empty() => usize::MAX,
                more if more > 8 && text.get(at + 8..at + 16) != anchor.rest.get(..8) => 16,
                more => 8 + more,
            });
        }
        look
    }

    fn bucket(&self, eight: u64) -> &[Anchor] {
        let bucket = bucket(eight);
        match (self.starts.get(bucket), self.starts.get(bucket + 1)) {
            (Some(start), Some(end)) => &self.list[usize::from(*start)..usize::from(*end)],
            _ => &[],
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
