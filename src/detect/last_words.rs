//! The last words of names that have several: `number` of `credit card number`.

use std::collections::HashSet;

/// A set of words, which tells most others by their first letter and length.
#[derive(Default)]
pub struct LastWords {
    /// In lower case.
    words: HashSet<Vec<u8>>,
    /// By the lower five bits of the first byte: a bit for each length up to 31.
    lengths: [u32; 32],
}

impl LastWords {
    /// Is `word` one of them, in any case?
    pub fn contain(&self, word: &[u8]) -> bool {
        let Some(first) = word.first() else { return false };
        word.len() < 32
            && self.lengths[usize::from(first & 31)] >> word.len() & 1 == 1
            && self.words.contains(&word.to_ascii_lowercase())
    }
}

impl<'a> FromIterator<&'a str> for LastWords {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> LastWords {
        let mut last = LastWords::default();
        let words = names.into_iter().filter_map(|name| Some(name.rsplit_once(['_', '-', ' '])?.1));
        for word in words.map(|word| word.to_ascii_lowercase().into_bytes()) {
            if let (Some(first), 0..32) = (word.first(), word.len()) {
                last.lengths[usize::from(first & 31)] |= 1 << word.len();
                last.words.insert(word);
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_several_words_is_known_in_any_case() {
        let last: LastWords = ["credit_card_number", "SSN", "tax id"].into_iter().collect();
        for (word, known) in
            [("number", true), ("Number", true), ("ID", true), ("ssn", false), ("nummer", false), ("", false)]
        {
            assert_eq!(last.contain(word.as_bytes()), known, "{word}");
        }
    }
}
