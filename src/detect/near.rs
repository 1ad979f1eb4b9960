//! Context words: a value counts only if one of them stands near it.

use crate::policy::Rule;
use crate::span::Span;

/// Words one of which has to stand near a value.
pub struct Near {
    /// In lower case, by the byte they begin with.
    words: Box<[Box<[u8]>]>,
    /// Where those begin that begin with each byte or a later one.
    starts: [u16; 257],
}

impl Near {
    /// These words, in any case.
    pub fn new(words: &[String]) -> Near {
        let mut words: Vec<Box<[u8]>> =
            words.iter().map(|word| word.to_ascii_lowercase().into_bytes().into_boxed_slice()).collect();
        words.sort_unstable();
        let mut starts = [0; 257];
        for first in words.iter().filter_map(|word| word.first()) {
            starts[usize::from(*first) + 1] += 1;
        }
        for byte in 0..256 {
            starts[byte + 1] += starts[byte];
        }
        Near { words: words.into_boxed_slice(), starts }
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
        let mut inside = false;
        for (at, byte) in around.iter().enumerate() {
            let alphanumeric = byte.is_ascii_alphanumeric();
            // A word begins where no letter or digit stands before it: `us:` is not in `status:`.
            let begins = !(alphanumeric && inside);
            inside = alphanumeric;
            let (from, to) = (self.starts[usize::from(*byte)], self.starts[usize::from(*byte) + 1]);
            if begins
                && from < to
                && self.words[usize::from(from)..usize::from(to)].iter().any(|word| around[at..].starts_with(word))
                // That of a marker names what stood there.
                && !(alphanumeric && around[..at].ends_with(b"redacted-"))
            {
                return true;
            }
        }
        false
    }
}
