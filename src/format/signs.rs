//! Rare byte strings that say that a chunk holds something which is no line by itself: one search for all.

use crate::slashes;
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

/// The strings; see [`crate::block::alarm`], which looks for them with others.
pub const SIGNS: [&str; 13] = [
    "MESSAGE\":",
    // In a string, and in a string within one.
    "MESSAGE\\",
    "CMDLINE\":[",
    "1E+",
    "MESSAGE\" : [",
    "stdout P",
    "stream\":",
    // What stands between the address and the command in Redis' `MONITOR`, in a string; and where it is no string.
    "] \\",
    "0E+",
    "0O+",
    "stderr P",
    "1O+",
    "] \"",
];

/// The indexes of those that say that a line was cut.
const OF_PARTS: [usize; 7] = [3, 5, 6, 8, 9, 10, 11];

/// Does `chunk` hold a part of a line that was cut? Each of the few strings has a bucket of the search for itself.
pub fn holds_parts(chunk: &[u8]) -> bool {
    static SEARCH: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(OF_PARTS.map(|index| SIGNS[index])));
    let mut signs = Signs::default();
    let mut says = |index: usize, at: usize| {
        signs.note(chunk, OF_PARTS[index], at);
        signs.parts
    };
    match &*SEARCH {
        Some(search) => search.find_iter(chunk).any(|hit| says(hit.pattern().as_usize(), hit.start())),
        // Without vector instructions: one search each.
        None => (0..OF_PARTS.len())
            .any(|index| memchr::memmem::find_iter(chunk, SIGNS[OF_PARTS[index]]).any(|at| says(index, at))),
    }
}

impl Signs {
    /// Those of `chunk`, by one search each: what [`crate::block::alarm`] has to find.
    #[cfg(test)]
    pub fn of(chunk: &[u8]) -> Signs {
        let mut signs = Signs::default();
        for (index, text) in SIGNS.iter().enumerate() {
            memchr::memmem::find_iter(chunk, text.as_bytes()).for_each(|at| signs.note(chunk, index, at));
        }
        signs.arrays.sort_unstable();
        signs
    }

    /// Notes what the sign with this index says where it stands.
    pub fn note(&mut self, chunk: &[u8], sign: usize, at: usize) {
        let before = &chunk[..at];
        let behind = at + SIGNS[sign].len();
        match SIGNS[sign] {
            "stdout P" | "stderr P" => self.parts |= matches!(chunk.get(behind), Some(b' ' | b':')),
            // The field before it is the message, which has no line end then.
            "stream\":" => {
                let ends: [&[u8]; 2] = match &chunk[behind..] {
                    [b'"', ..] => [b"\",\"", b"\\n\",\""],
                    [b' ', b'"', ..] => [b"\", \"", b"\\n\", \""],
                    _ => return,
                };
                self.parts |= before.ends_with(ends[0]) && !before.ends_with(ends[1]);
            }
            "MESSAGE\\" => {
                let slashes = slashes::leading(&chunk[behind - 1..]);
                let quote = behind - 1 + slashes;
                if (slashes + 1).is_power_of_two() && chunk[quote..].starts_with(b"\":") {
                    self.note_value(chunk, quote + 2);
                }
            }
            "] \"" | "] \\" => self.commands |= is_monitor(before),
            "MESSAGE\":" => self.note_value(chunk, behind),
            array if array.ends_with('[') => self.note_array(chunk, behind - 1),
            _ => self.parts |= at > 1 && chunk[at - 2] == b' ',
        }
    }

    /// Notes the array that a field has whose colon ends at `at`; who writes the entry again may put a blank in front.
    fn note_value(&mut self, chunk: &[u8], at: usize) {
        let array = at + usize::from(chunk.get(at) == Some(&b' '));
        if chunk.get(array) == Some(&b'[') {
            self.note_array(chunk, array);
        }
    }

    /// Notes the array whose bracket stands at `array`.
    fn note_array(&mut self, chunk: &[u8], array: usize) {
        self.arrays.push(array);
        // A field that stands several times in an entry has a list of arrays.
        if chunk.get(array + 1) == Some(&b'[') {
            let list = chunk[array + 1..].iter().take_while(|b| b.is_ascii_digit() || b"[], ".contains(b)).count();
            let inner = memchr::memchr_iter(b'[', &chunk[array + 1..array + 1 + list]);
            self.arrays.extend(inner.map(|at| array + 1 + at));
        }
    }
}

/// Where the line of Redis' `MONITOR` begins that `text` holds, maybe behind something else: at the time in front of the database
/// and the address. Its quotes may be escaped.
pub fn monitored(text: &[u8]) -> Option<usize> {
    let quoted = |at: &usize| text[at + 2..].iter().take(9).find(|b| **b != b'\\') == Some(&b'"');
    let open = memchr::memmem::find_iter(text, "] ").filter(quoted).find_map(|at| bracket_of_monitor(&text[..at]))?;
    let time = text[..open - 1].iter().rev().take(32).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    Some(open - 1 - time)
}

/// Does `before` end as a line of `MONITOR` does before its second bracket: microseconds, a database and an address?
fn is_monitor(before: &[u8]) -> bool {
    bracket_of_monitor(before).is_some()
}

/// Where the first bracket stands of such a line.
fn bracket_of_monitor(before: &[u8]) -> Option<usize> {
    let from = before.len().saturating_sub(LONGEST_ADDRESS);
    let near = &before[from..];
    let open = memchr::memrchr2(b'[', b'\n', near)?;
    let is = near[open] == b'['
        && near.get(open + 1).is_some_and(u8::is_ascii_digit)
        && matches!(near[..open], [.., b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b' ']);
    is.then_some(from + open)
}

/// Bytes between the brackets of a line of `MONITOR`, and those in front that are looked at: a path may stand there.
const LONGEST_ADDRESS: usize = 128;
