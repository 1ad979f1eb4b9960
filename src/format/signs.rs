//! Rare byte strings that say that a chunk holds something which is no line by itself: one search for all.

use aho_corasick::packed::Searcher;
use std::sync::LazyLock;

/// What a chunk holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// A part of a line that was cut; see [`super::parts`].
    pub parts: bool,
    /// Where the brackets of journald's byte arrays stand.
    pub arrays: Vec<usize>,
}

/// The strings. None of them begins as every field of JSON does: that would make the search slow.
pub const SIGNS: [&str; 10] =
    ["stdout P", "stderr P", "stream\":\"", "0O+", "0E+", "1O+", "1E+", "MESSAGE\":[", "MESSAGE\" : [", "CMDLINE\":["];

impl Signs {
    /// Those of `chunk`.
    pub fn of(chunk: &[u8]) -> Signs {
        static SEARCH: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(SIGNS));
        let mut signs = Signs::default();
        match &*SEARCH {
            Some(search) => {
                search.find_iter(chunk).for_each(|hit| signs.note(chunk, hit.pattern().as_usize(), hit.start()));
            }
            // Without vector instructions: one search each.
            None => {
                for (index, text) in SIGNS.iter().enumerate() {
                    memchr::memmem::find_iter(chunk, text.as_bytes()).for_each(|at| signs.note(chunk, index, at));
                }
            }
        }
        signs.arrays.sort_unstable();
        signs
    }

    /// Notes what the sign with this index says where it stands.
    pub fn note(&mut self, chunk: &[u8], sign: usize, at: usize) {
        let before = &chunk[..at];
        match sign {
            0 | 1 => self.parts |= matches!(chunk.get(at + 8), Some(b' ' | b':')),
            // The field before it is the message, which has no line end then.
            2 => self.parts |= before.ends_with(b"\",\"") && !before.ends_with(b"\\n\",\""),
            3..=6 => self.parts |= at > 1 && chunk[at - 2] == b' ',
            _ => self.arrays.push(at + SIGNS[sign].len() - 1),
        }
    }
}
