//! The last words of names that have several: `number` of `credit card number`.

use super::vocabulary::Ends;

/// A set of words, which tells most others by their ends and length. They lie one behind the other: nothing is taken from
/// memory for each of thousands at each start.
#[derive(Default)]
pub struct LastWords {
    /// In lower case, by the lower five bits of the first byte and then one behind the other.
    words: [Vec<u8>; 32],
    /// Of each its length, in the same order.
    sizes: [Vec<u8>; 32],
    ends: Box<Ends>,
}

impl LastWords {
    /// Is `word` one of them, in any case?
    pub fn contain(&self, word: &[u8]) -> bool {
        if !self.ends.may_be(word) {
            return false;
        }
        let first = usize::from(word[0] & 31);
        let mut rest = &self.words[first][..];
        self.sizes[first].iter().any(|length| {
            let (known, behind) = rest.split_at(usize::from(*length));
            rest = behind;
            known.eq_ignore_ascii_case(word)
        })
    }
}

impl<'a> FromIterator<&'a str> for LastWords {
    fn from_iter<I: IntoIterator<Item = &'a str>>(words: I) -> LastWords {
        let mut last = LastWords::default();
        for word in words.into_iter().map(str::as_bytes) {
            let (Some(first), 0..32) = (word.first().map(|first| usize::from(first & 31)), word.len()) else {
                continue;
            };
            if !last.contain(word) {
                last.ends.add(word);
                last.sizes[first].push(word.len() as u8);
                last.words[first].extend(word.iter().map(u8::to_ascii_lowercase));
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::spelled::last_word;
    use super::*;

    #[test]
    fn the_last_of_several_words_is_known_in_any_case() {
        let names = ["credit_card_number", "SSN", "tax id", "x-NUM", "last_name"];
        let last: LastWords = names.into_iter().filter_map(last_word).collect();
        for (word, known) in [
            ("number", true),
            ("Number", true),
            ("num", true),
            ("name", true),
            ("ID", true),
            ("ssn", false),
            ("nummer", false),
            ("numb", false),
            ("", false),
        ] {
            assert_eq!(last.contain(word.as_bytes()), known, "{word}");
        }
    }
}
