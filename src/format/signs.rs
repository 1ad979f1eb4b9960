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
    /// A command of Redis, maybe in an envelope.
    pub commands: bool,
}

/// The strings. None of them begins as every field of JSON does: that would make the search slow.
pub const SIGNS: [&str; 14] = [
    "stdout P",
    "stderr P",
    "stream\":\"",
    "stream\": \"",
    "0O+",
    "0E+",
    "1O+",
    "1E+",
    "MESSAGE\":[",
    "MESSAGE\" : [",
    "CMDLINE\":[",
    // In a string, and in a string within one.
    "MESSAGE\\\":[",
    "MESSAGE\\\\\\\":[",
    // Redis' `MONITOR` names the database behind the time; few use more than one, and each word costs all logs a little.
    "[0 ",
];

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
            3 => self.parts |= before.ends_with(b"\", \"") && !before.ends_with(b"\\n\", \""),
            4..=7 => self.parts |= at > 1 && chunk[at - 2] == b' ',
            // Microseconds.
            13.. => self.commands |= matches!(before, [.., b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b' ']),
            _ => {
                let array = at + SIGNS[sign].len() - 1;
                self.arrays.push(array);
                // A field that stands several times in an entry has a list of arrays.
                if chunk.get(array + 1) == Some(&b'[') {
                    let list =
                        chunk[array + 1..].iter().take_while(|b| b.is_ascii_digit() || b"[], ".contains(b)).count();
                    let inner = memchr::memchr_iter(b'[', &chunk[array + 1..array + 1 + list]);
                    self.arrays.extend(inner.map(|at| array + 1 + at));
                }
            }
        }
    }
}
