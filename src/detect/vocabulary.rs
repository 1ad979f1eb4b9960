//! Lists of words that are asked for most words of a log, and hold few of them.

/// Words with blanks between them.
pub struct Vocabulary {
    list: &'static str,
    /// By the lower five bits of a word's first byte: a bit for each length. Most words are none by that alone.
    lengths: [u32; 32],
}

impl Vocabulary {
    /// These words, each shorter than twenty bytes.
    pub const fn new(list: &'static str) -> Vocabulary {
        let (bytes, mut lengths, mut at) = (list.as_bytes(), [0; 32], 0);
        while at < bytes.len() {
            let start = at;
            while at < bytes.len() && bytes[at] != b' ' {
                at += 1;
            }
            if at > start {
                lengths[bytes[start] as usize & 31] |= 1 << (at - start);
            }
            at += 1;
        }
        Vocabulary { list, lengths }
    }

    /// Is `word` one of them, whatever its case?
    pub fn has(&self, word: &[u8]) -> bool {
        let Some(first) = word.first() else { return false };
        word.len() < 20
            && self.lengths[usize::from(*first & 31)] >> word.len() & 1 == 1
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
