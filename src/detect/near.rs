//! Context words: a value counts only if one of them stands near it.

use crate::policy::Rule;
use crate::policy::texts::Texts;
use crate::span::Span;

/// Words one of which has to stand near a value.
pub struct Near {
    /// In lower case, by the byte they begin with.
    words: Box<[Box<[u8]>]>,
    /// Where those begin that begin with each byte or a later one.
    starts: [u16; 257],
    /// Of each byte [`ALPHANUMERIC`] and [`BEGINS`].
    classes: [u8; 256],
}

/// A letter or a digit.
const ALPHANUMERIC: u8 = 1;
/// Some word begins with it.
const BEGINS: u8 = 2;

impl Near {
    /// These words, in any case.
    pub fn new(words: &Texts) -> Near {
        let mut words: Vec<Box<[u8]>> =
            words.iter().map(|word| word.to_ascii_lowercase().into_bytes().into_boxed_slice()).collect();
        words.sort_unstable();
        let (mut starts, mut classes) = ([0; 257], [0; 256]);
        for first in words.iter().filter_map(|word| word.first()) {
            starts[usize::from(*first) + 1] += 1;
            classes[usize::from(*first)] = BEGINS;
        }
        for byte in 0..256 {
            starts[byte + 1] += starts[byte];
            classes[byte] |= if (byte as u8).is_ascii_alphanumeric() { ALPHANUMERIC } else { 0 };
        }
        Near { words: words.into_boxed_slice(), starts, classes }
    }

    /// Does one stand near `span`?
    pub fn holds(&self, text: &[u8], span: Span) -> bool {
        let before = &text[span.start.saturating_sub(Rule::NEAR)..span.start];
        let behind = &text[span.end..text.len().min(span.end + Rule::NEAR)];
        // Both sides in one text; a zero between them is of no word.
        let mut around = [0; 2 * Rule::NEAR + 1];
        around[..before.len()].copy_from_slice(before);
        let end = before.len() + 1 + behind.len();
        around[before.len() + 1..end].copy_from_slice(behind);
        let around = &mut around[..end];
        around.make_ascii_lowercase();
        // One pass for all of them: there are dozens, and a search for each has more to prepare than to look at.
        let mut last = 0;
        for (at, byte) in around.iter().enumerate() {
            let class = self.classes[usize::from(*byte)];
            // A word begins where no letter or digit stands before it: `us:` is not in `status:`.
            let inside = class & last & ALPHANUMERIC != 0;
            last = class;
            if class & BEGINS != 0 && !inside && self.begins(around, at, *byte) {
                return true;
            }
        }
        false
    }

    /// Does a word stand at `at`? That of a marker names what stood there.
    fn begins(&self, around: &[u8], at: usize, byte: u8) -> bool {
        let (from, to) = (self.starts[usize::from(byte)], self.starts[usize::from(byte) + 1]);
        self.words[usize::from(from)..usize::from(to)].iter().any(|word| around[at..].starts_with(word))
            && !(byte.is_ascii_alphanumeric() && around[..at].ends_with(b"redacted-"))
    }
}
