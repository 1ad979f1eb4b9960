//! What a name comes to before it is known which rules there are: hashes of its letters, and the ends a key may have.
//!
//! Stands beside `words` alone, as `src/build` uses both: of the names of built-in rules nothing is derived at start.

use super::words::Words;

/// From so many letters on a name is told apart inside a longer word: `apikey`, `passwd`.
pub const LONG: usize = 6;

/// FNV-1a, 64 bits: two names that collide would share their rules, never lose them.
pub const START: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash with one more byte.
pub fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

/// Bits of the filter that knows the last [`LONG`] letters of names.
pub const GATE: usize = 1 << 16;

/// Where a hash has its bit in that filter.
pub fn gate_bit(hash: u64) -> usize {
    (hash >> 24) as usize % GATE
}

/// What a spelling means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name of a rule.
    Name {
        /// Distinctive enough to be found inside a word, with humps anywhere.
        long: bool,
        /// It may stand in the plural.
        plural: bool,
    },
    /// Not this rule, though a shorter name of it would match: `client_request_token` for `token`.
    Except,
    /// A word of the rule's own `not`.
    Not,
    /// `words::TRAILING`.
    Trailing,
    /// `words::OWNERS`.
    Owner,
    /// `words::NEGATIVE`.
    Negative,
    /// `words::NEGATIVE_FIRST`.
    NegativeFirst,
}

/// One spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelled {
    /// Of its letters read backwards.
    pub hash: u64,
    /// Bit n: a word boundary stands n letters before the end.
    pub breaks: u64,
    /// Of its last [`LONG`] letters.
    pub gate: u16,
    /// How many letters it has.
    pub letters: u16,
    /// The name ends in a digit, so the key must too: `address1` is not `address`.
    pub digit: bool,
    /// What it means.
    pub kind: Kind,
}

/// Bytes of one as it is written.
const WRITTEN: usize = 21;

/// The names of a rule, spelled out when the binary was built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written<'a> {
    /// Spellings, one behind the other.
    pub spelled: &'a [u8],
    /// What keys may end with, four bytes each.
    pub tails: &'a [u8],
    /// Globs and paths, which are none: see `Texts`.
    pub others: &'a str,
    /// The last words of names that have several, each once.
    pub lasts: &'a str,
}

/// The last of several words of a name.
pub fn last_word(name: &str) -> Option<&str> {
    Some(name.rsplit_once(['_', '-', ' '])?.1)
}

impl Written<'_> {
    /// The spellings.
    pub fn spelled(&self) -> impl Iterator<Item = Spelled> {
        let (all, _) = self.spelled.as_chunks::<WRITTEN>();
        all.iter().map(Spelled::read)
    }

    /// What keys may end with.
    pub fn tails(&self) -> &[[u8; 4]] {
        self.tails.as_chunks().0
    }
}

impl Spelled {
    /// The words of a name, of whatever kind; `None` without a letter.
    pub fn of(kind: Kind, words: &Words<'_>) -> Option<Spelled> {
        if words.len() == 0 {
            return None;
        }
        let (mut hash, mut letters, mut breaks) = (START, 0, 0);
        let mut ending = START;
        for ix in 0..words.len() {
            breaks |= u64::from(ix > 0) << letters.min(63);
            for &byte in words.word(ix).iter().rev() {
                hash = step(hash, byte.to_ascii_lowercase());
                letters += 1;
                if letters <= LONG {
                    ending = hash;
                }
            }
        }
        let digit = matches!(kind, Kind::Name { .. }) && words.digit_after(0);
        Some(Spelled { hash, breaks, gate: gate_bit(ending) as u16, letters: letters as u16, digit, kind })
    }

    /// Appends it to what [`Written::spelled`] reads. Only a rule's own kinds can be written.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.hash.to_le_bytes());
        out.extend_from_slice(&self.breaks.to_le_bytes());
        out.extend_from_slice(&self.gate.to_le_bytes());
        out.extend_from_slice(&self.letters.to_le_bytes());
        let kind = match self.kind {
            Kind::Name { long, plural } => u8::from(long) | u8::from(plural) << 1,
            Kind::Except => EXCEPT,
            _ => NOT,
        };
        out.push(kind | if self.digit { DIGIT } else { 0 });
    }

    fn read(written: &[u8; WRITTEN]) -> Spelled {
        let eight = |from: usize| u64::from_le_bytes(written[from..from + 8].try_into().expect("eight bytes"));
        let two = |from: usize| u16::from_le_bytes([written[from], written[from + 1]]);
        let kind = written[WRITTEN - 1];
        Spelled {
            hash: eight(0),
            breaks: eight(8),
            gate: two(16),
            letters: two(18),
            digit: kind & DIGIT != 0,
            kind: match kind & !DIGIT {
                EXCEPT => Kind::Except,
                NOT => Kind::Not,
                name => Kind::Name { long: name & 1 != 0, plural: name & 2 != 0 },
            },
        }
    }
}

/// Bits of a written kind.
const DIGIT: u8 = 4;
const EXCEPT: u8 = 8;
const NOT: u8 = 16;

/// Calls `each` with the spellings of a name that is no glob, and appends what keys of this name end with to `tails`.
pub fn name(name: &str, tails: &mut Vec<[u8; 4]>, each: &mut impl FnMut(Spelled)) {
    let split = Words::split(name.as_bytes());
    let letters: usize = (0..split.len()).map(|ix| split.word(ix).len()).sum();
    let long = letters >= LONG;
    let plural = long || split.len() > 1;
    let mut add = |words: &Words<'_>| {
        if let Some(spelled) = Spelled::of(Kind::Name { long, plural }, words) {
            add_tails(words, plural, tails);
            each(spelled);
        }
    };
    add(&split);
    // Case outside ASCII cannot be told from single bytes, so the usual spellings are names of their own.
    if !name.is_ascii() {
        let upper = name.to_uppercase();
        let mut title: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
        title.extend(name.chars().skip(1));
        for spelling in [upper, title] {
            if spelling != name {
                add(&Words::split(spelling.as_bytes()));
            }
        }
    }
}

/// A negative entry of a rule: one word, or several, which are an exception.
pub fn negative(entry: &str) -> Option<Spelled> {
    let split = Words::split(entry.as_bytes());
    Spelled::of(if split.len() > 1 { Kind::Except } else { Kind::Not }, &split)
}

/// Every way the last four bytes may be spelled: words joined, or parted by at least one mark.
pub fn add_tails(words: &Words<'_>, plural: bool, out: &mut Vec<[u8; 4]>) {
    fn extend(words: &Words<'_>, ix: usize, at: usize, mut tail: [u8; 4], free: usize, out: &mut Vec<[u8; 4]>) {
        if free == 0 || ix == words.len() {
            out.push(tail);
        } else if at > 0 {
            tail[free - 1] = words.word(ix)[at - 1].to_ascii_lowercase();
            extend(words, ix, at - 1, tail, free - 1, out);
        } else if ix + 1 == words.len() {
            out.push(tail);
        } else {
            let next = words.word(ix + 1).len();
            extend(words, ix + 1, next, tail, free, out);
            for marks in 1..=free {
                tail[free - marks] = b'_';
                extend(words, ix + 1, next, tail, free - marks, out);
            }
        }
    }
    extend(words, 0, words.word(0).len(), [0; 4], 4, out);
    if plural {
        extend(words, 0, words.word(0).len(), [0, 0, 0, b's'], 3, out);
        extend(words, 0, words.word(0).len(), [0, 0, b's', b'v'], 2, out);
    }
    // `apiKeyV2`
    extend(words, 0, words.word(0).len(), [0, 0, 0, b'v'], 3, out);
}

/// Is this name of a built-in rule none to be spelled out: a glob, or a path, which has a star there, too?
pub fn is_other(name: &str) -> bool {
    name.contains('*')
}
