//! Lists of words that are asked for most words of a log, and hold few of them.

/// What words begin and end with, and how long they are: most others are told by that alone.
#[derive(Default)]
pub struct Ends {
    /// By the lower five bits of the first byte and of the last one: a bit for each length up to 31.
    lengths: [[u32; 32]; 32],
}

impl Ends {
    /// Adds a word of 1 to 31 bytes.
    pub const fn add(&mut self, word: &[u8]) {
        self.add_range(word, 0, word.len());
    }

    const fn add_range(&mut self, text: &[u8], start: usize, end: usize) {
        self.lengths[text[start] as usize & 31][text[end - 1] as usize & 31] |= 1 << (end - start);
    }

    /// May `word` be one of them, whatever its case?
    pub fn may_be(&self, word: &[u8]) -> bool {
        let (Some(first), Some(last)) = (word.first(), word.last()) else { return false };
        word.len() < 32 && self.lengths[usize::from(first & 31)][usize::from(last & 31)] >> word.len() & 1 == 1
    }
}

/// Words with blanks between them.
pub struct Vocabulary {
    list: &'static str,
    ends: Ends,
}

impl Vocabulary {
    /// These words, each shorter than twenty bytes.
    pub const fn new(list: &'static str) -> Vocabulary {
        let (bytes, mut ends, mut at) = (list.as_bytes(), Ends { lengths: [[0; 32]; 32] }, 0);
        while at < bytes.len() {
            let start = at;
            while at < bytes.len() && bytes[at] != b' ' {
                at += 1;
            }
            if at > start {
                ends.add_range(bytes, start, at);
            }
            at += 1;
        }
        Vocabulary { list, ends }
    }

    /// Is `word` one of them, whatever its case?
    pub fn has(&self, word: &[u8]) -> bool {
        self.ends.may_be(word)
            && self.list.split_ascii_whitespace().any(|one| word.eq_ignore_ascii_case(one.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_its_words_in_any_case_and_no_others() {
        static FEW: Vocabulary = Vocabulary::new("name nom displayName - n/a");
        for word in ["name", "Name", "DISPLAYNAME", "displayname", "-", "N/A"] {
            assert!(FEW.has(word.as_bytes()), "{word}");
        }
        for word in ["", "names", "nam", "n", "display name", "averyveryverylongwordindeed"] {
            assert!(!FEW.has(word.as_bytes()), "{word}");
        }
    }
}
