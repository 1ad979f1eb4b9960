//! What was found out before: keys that were looked up, words that begin nothing, states of automata. A log has few
//! different keys and words, so most look-ups end here. It is never needed: what comes of a record is the same without it.

use super::automaton::Cache;
use super::key::parts_keys;
use super::named::Traits;
use super::names::Match;
use crate::span::RuleIx;

/// A small table of keys with what came of them; a new one takes the place of an old one.
#[derive(Default)]
pub struct Known {
    /// Empty until the first key comes, as many texts are too short to have any.
    slots: Vec<Slot>,
    /// Spellings of keys that name nothing whatever stands around them.
    ignored: Vec<u128>,
    /// The same of longer ones, with their lengths.
    ignored_long: Vec<(u8, [u8; LONGEST + 1])>,
    /// Bytes at which words begin that are nothing whatever follows.
    settled: Vec<u128>,
    /// What words begin with that no literal does, eight bytes of each.
    nothing: Eights,
    /// Eight bytes that no key ends with which a rule may know.
    no_keys: Eights,
    /// By index of a pattern: what is known of its automaton.
    caches: Vec<Option<Box<Cache>>>,
    /// How many texts were looked at.
    texts: u64,
}

#[derive(Clone, Copy)]
struct Slot {
    /// The length of the key, and the key.
    key: [u8; LONGEST + 1],
    matches: [Match; 2],
    count: u8,
    traits: Traits,
}

/// Slots for keys.
const SLOTS: usize = 1024;
/// Longest key that is remembered, in bytes: names of Java classes are as long.
const LONGEST: usize = 63;
/// Bytes that are remembered of a word and of what is in front of it: the fewer that tell all, the other, which for more.
const SETTLED: [usize; 2] = [11, 16];
/// The first eleven of sixteen.
const SHORT: u128 = (1 << (8 * SETTLED[0])) - 1;
/// Slots for ignored keys.
const IGNORED: usize = 1024;
/// Slots for longer ones.
const IGNORED_LONG: usize = 256;
const NOTHING: Match = Match { rule: RuleIx(0), letters: 0 };
/// Holds the empty key, which is none.
const EMPTY: Slot = Slot { key: [0; LONGEST + 1], matches: [NOTHING; 2], count: 0, traits: Traits::NONE };

impl Known {
    /// Appends the rules that `look_up` gives for `key`, or gave before, and says what else it told. Keys of more than 63
    /// bytes, and those that several rules know, are looked up each time.
    pub fn look_up(
        &mut self,
        key: &[u8],
        matches: &mut Vec<Match>,
        look_up: impl FnOnce(&mut Vec<Match>) -> Traits,
    ) -> Traits {
        let Some((at, entry)) = entry(key) else { return look_up(matches) };
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, EMPTY);
        }
        let slot = &mut self.slots[at];
        if slot.key == entry {
            matches.extend_from_slice(&slot.matches[..slot.count as usize]);
            return slot.traits;
        }
        let had = matches.len();
        let traits = look_up(matches);
        let found = &matches[had..];
        if found.len() <= slot.matches.len() {
            slot.key = entry;
            slot.count = found.len() as u8;
            slot.matches[..found.len()].copy_from_slice(found);
            slot.traits = traits;
        }
        traits
    }

    /// Was the key ignored before whose separator stands at `at`? The top bits of `inside` say which of the `count` bytes in
    /// front of it are those of names, the nearest first.
    #[inline(always)]
    pub fn is_ignored(&self, text: &[u8], at: usize, inside: u64, count: usize) -> bool {
        if self.ignored.is_empty() || at < 15 {
            return false;
        }
        let quote = usize::from(matches!(text[at - 1], b'"' | b'\''));
        let mut length = (inside << quote).leading_ones() as usize;
        if length + quote >= count {
            let before = &text[at.saturating_sub(LONGEST)..at - quote];
            length = before.iter().rev().take_while(|b| IS_NAME[usize::from(**b)]).count();
        }
        if length + quote + 2 > 16 {
            let spelling = long_spelling(text, at, length, quote);
            return spelling.is_some_and(|(slot, spelling)| {
                let noted = self.ignored_long.get(slot);
                noted.is_some_and(|(length, bytes)| bytes.get(..usize::from(*length)) == Some(spelling))
            });
        }
        let Some(spelling) = spelling(text, at, length, quote) else { return false };
        let is_noted = |spelling: u128| self.ignored.get(slot(spelling)) == Some(&spelling);
        is_noted(spelling)
            || spelling as u8 == b' '
                && is_behind_no_word(text, at - length - quote - 1)
                && is_noted(behind_no_word(spelling))
    }

    /// Is it known that no literal begins with these eight bytes?
    #[inline(always)]
    pub fn begins_nothing(&self, eight: u64) -> bool {
        self.nothing.has(eight)
    }

    /// Notes that none does.
    pub fn note_nothing(&mut self, eight: u64) {
        self.nothing.note(eight);
    }

    /// Is it known that no key which a rule may know ends with these eight bytes?
    #[inline(always)]
    pub fn ends_no_key(&self, eight: u64) -> bool {
        self.no_keys.has(eight)
    }

    /// Notes that none does.
    pub fn note_no_key(&mut self, eight: u64) {
        self.no_keys.note(eight);
    }

    /// Is it known of the byte in front of `at` and those behind it that nothing begins there?
    #[inline(always)]
    pub fn is_settled(&self, text: &[u8], at: usize) -> bool {
        let Some(head) = text.get(at.wrapping_sub(1)..at.wrapping_add(SETTLED[1] - 1)) else { return false };
        let head = u128::from_le_bytes(head.try_into().expect("sixteen bytes"));
        let short = head & SHORT;
        self.settled.get(slot(head)) == Some(&head) || self.settled.get(slot(short)) == Some(&short)
    }

    /// May it be noted that so many bytes tell that nothing begins with them?
    pub fn can_settle(looked: usize) -> bool {
        looked < SETTLED[1]
    }

    /// Notes that what was looked at, the byte in front of `at` and so many bytes from there on, told that nothing begins
    /// there.
    pub fn settle(&mut self, text: &[u8], at: usize, looked: usize) {
        let Some(length) = SETTLED.into_iter().find(|length| looked < *length) else { return };
        let Some(word) = text.get(at..at + length - 1) else { return };
        // Where lines end, so does what patterns see.
        if word.iter().any(|byte| matches!(byte, b'\n' | b'\r' | 0)) {
            return;
        }
        if self.settled.is_empty() {
            self.settled.resize(SLOTS, 0);
        }
        // A record begins behind the end of another one.
        let front = at.checked_sub(1).map_or(b'\n', |before| text[before]);
        let word = word.iter().rev().fold(0, |word, byte| word << 8 | u128::from(*byte));
        let head = word << 8 | u128::from(front);
        self.settled[slot(head)] = head;
    }

    /// Another text is looked at from now on.
    pub fn begin_text(&mut self) {
        self.texts += 1;
    }

    /// The number of the text that is looked at.
    pub fn text(&self) -> u64 {
        self.texts
    }

    /// What is known of the automaton of a pattern.
    pub fn cache(&mut self, pattern: u16) -> &mut Option<Box<Cache>> {
        let at = usize::from(pattern);
        if self.caches.len() <= at {
            self.caches.resize_with(at + 1, || None);
        }
        &mut self.caches[at]
    }

    /// May such a key be noted?
    pub fn can_ignore(length: usize, quote: usize) -> bool {
        length > 0 && quote <= 1 && length + quote + 2 <= LONGEST + 1
    }

    /// Notes that this key names nothing, in no context. It is a hint: keys of more than 61 bytes are not noted.
    pub fn ignore(&mut self, text: &[u8], at: usize, length: usize, quote: usize, front: Front) {
        if at < 15 {
            // A record begins behind the end of another one.
            let mut behind = [0; 31];
            behind[15] = b'\n';
            behind[16..=16 + at].copy_from_slice(&text[..=at]);
            return self.ignore(&behind, 16 + at, length, quote, front);
        }
        if self.ignored.is_empty() {
            self.ignored.resize(IGNORED, 0);
        }
        if let Some(spelling) = spelling(text, at, length, quote) {
            let spelling = if front == Front::NoWord { behind_no_word(spelling) } else { spelling };
            self.ignored[slot(spelling)] = spelling;
        } else if front == Front::NoWord {
            // Few names are as long that have several words.
        } else if let Some((slot, spelling)) = long_spelling(text, at, length, quote) {
            if self.ignored_long.is_empty() {
                self.ignored_long.resize(IGNORED_LONG, (0, [0; LONGEST + 1]));
            }
            let (noted, bytes) = &mut self.ignored_long[slot];
            *noted = spelling.len() as u8;
            bytes[..spelling.len()].copy_from_slice(spelling);
        }
    }
}

/// Eight bytes each, of which something was found out; a new entry takes the place of an old one.
#[derive(Default)]
struct Eights(Vec<u64>);

impl Eights {
    /// Are these among them? Eight zeros, as free slots have, never are.
    #[inline(always)]
    fn has(&self, eight: u64) -> bool {
        eight != 0 && self.0.get(slot_of(eight)) == Some(&eight)
    }

    fn note(&mut self, eight: u64) {
        if self.0.is_empty() {
            self.0.resize(SLOTS, 0);
        }
        self.0[slot_of(eight)] = eight;
    }
}

/// What has to stand in front of a key that was found to name nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    /// The same byte.
    Byte,
    /// A blank, and no word in front of it that may belong to the key.
    NoWord,
}

/// Stands for such a blank.
const NO_WORD: u8 = 1;

/// The same spelling behind a blank and no word.
#[inline(always)]
fn behind_no_word(spelling: u128) -> u128 {
    spelling & !0xFF | u128::from(NO_WORD)
}

/// Does no word end in front of the blank at `blank`?
#[inline(always)]
pub fn is_behind_no_word(text: &[u8], blank: usize) -> bool {
    blank.checked_sub(1).is_some_and(|before| !text[before].is_ascii_alphabetic() && text[before] < 0x80)
}

/// Is this byte in front of a key surely no part of it? A record begins behind the end of another one.
#[inline(always)]
fn parts(front: u8) -> bool {
    front == b'\n' || parts_keys(front)
}

/// The key with its separator, its quote and the byte in front, if that byte can be no part of it and all fit.
#[inline(always)]
fn spelling(text: &[u8], at: usize, length: usize, quote: usize) -> Option<u128> {
    // The byte in front, the name, the quote, the separator.
    let bytes = length + quote + 2;
    if bytes > 16 || at < 15 || !Known::can_ignore(length, quote) {
        return None;
    }
    let last: [u8; 16] = text[at - 15..=at].try_into().ok()?;
    let spelling = u128::from_le_bytes(last) >> (8 * (16 - bytes));
    let front = spelling as u8;
    let begins = if quote == 1 { front == (spelling >> (8 * (bytes - 2))) as u8 } else { parts(front) };
    begins.then_some(spelling)
}

/// The same of one of more than sixteen bytes, and its slot: names of classes stand in front of colons, too.
fn long_spelling(text: &[u8], at: usize, length: usize, quote: usize) -> Option<(usize, &[u8])> {
    let bytes = length + quote + 2;
    if bytes <= 16 || at + 1 < bytes || !Known::can_ignore(length, quote) {
        return None;
    }
    let spelling = &text[at + 1 - bytes..=at];
    let begins = if quote == 1 { spelling[0] == spelling[bytes - 2] } else { parts(spelling[0]) };
    let last: [u8; 16] = text[at - 15..=at].try_into().ok()?;
    let slot = slot(u128::from_le_bytes(last).rotate_left(bytes as u32)) % IGNORED_LONG;
    begins.then_some((slot, spelling))
}

/// Bytes of keys that may be ignored.
const IS_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'_' | b'-' | b'.');
        byte += 1;
    }
    table
};

#[inline(always)]
fn slot(spelling: u128) -> usize {
    slot_of((spelling as u64) ^ ((spelling >> 64) as u64).rotate_left(29))
}

/// Of [`SLOTS`], or of as many.
#[inline(always)]
fn slot_of(mixed: u64) -> usize {
    (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54) as usize
}

/// The slot of a key and what stands there when it is noted: its length and its bytes.
fn entry(key: &[u8]) -> Option<(usize, [u8; LONGEST + 1])> {
    let mut entry = [0; LONGEST + 1];
    entry.get_mut(1..=key.len())?.copy_from_slice(key);
    entry[0] = key.len() as u8;
    let (parts, _) = entry.as_chunks::<8>();
    let mixed = parts.iter().fold(0, |mixed: u64, part| mixed.rotate_left(21) ^ u64::from_le_bytes(*part));
    Some((slot_of(mixed), entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_once_is_found_again() {
        let mut known = Known::default();
        let long = [b'k'; 70];
        for (key, count) in [(&b"level"[..], 0), (b"pin", 1), (b"both", 2), (b"all", 3), (&long, 1)] {
            let mut looked_up = 0;
            for _ in 0..2 {
                let mut matches = Vec::new();
                let traits = known.look_up(key, &mut matches, |m| {
                    looked_up += 1;
                    m.extend((0..count).map(|rule| Match { rule: RuleIx(rule), letters: 3 }));
                    Traits { vague: true, ..Traits::NONE }
                });
                assert_eq!(matches.len(), count as usize);
                assert!(traits.vague);
            }
            assert_eq!(looked_up, if count > 2 || key.len() > 63 { 2 } else { 1 });
        }
    }

    #[test]
    fn words_are_settled_by_the_bytes_that_told_it() {
        let settled = |text: &str, looked: usize, other: &str| {
            let mut known = Known::default();
            known.settle(text.as_bytes(), 1, looked);
            known.is_settled(other.as_bytes(), 1)
        };
        let text = " caller=server/handler";
        assert!(settled(text, 8, text) && settled(text, 15, text) && !settled(text, 8, &text.replace(' ', "X")));
        // Ten bytes tell as much as eight; of fifteen each counts.
        assert!(settled(text, 8, " caller=serXXXXXXXXXXXX") && !settled(text, 8, " caller=seXver/handler"));
        assert!(settled(text, 11, " caller=server/hX") && !settled(text, 11, " caller=server/Xandler"));
        // More was looked at than is remembered, or the line may end there.
        assert!(!settled(text, 16, text) && !settled(" call=1\nnext line of it", 8, " call=1\nnext line of it"));
    }
}
