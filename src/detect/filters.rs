//! What the scan knows of the rules: which of the places that its bit tests leave are worth a look.

use super::anchor;
use super::anchors::table::eight_at;
use super::anchors::{Anchors, Stands};
use super::bloom::Bloom;
use super::heads::Heads;
use super::hook::RARE;
use super::known::Known;
use super::scan::Kind;
use super::starts::Starts;
use crate::block::open::is_key_line;
use crate::format::packed;

/// What the scan has to know of the rules.
#[derive(Default)]
pub struct Filters {
    /// Last four bytes of sensitive keys.
    pub keys: Bloom,
    /// What words begin with that begin a pattern.
    pub words: Heads,
    /// What long tokens begin with that begin a pattern.
    pub tokens: Heads,
    /// The literals themselves.
    pub anchors: Anchors,
    /// What patterns begin with that are known by no literal.
    pub starts: Starts,
    /// Whether some literal is looked for inside long runs.
    pub runs: bool,
}

/// Those of `mask` whose runs go on behind the 24 bytes that are known to belong to them.
#[inline(never)]
pub fn keep_runs(text: &[u8], origin: usize, mut mask: u64) -> u64 {
    let mut kept = 0;
    while mask != 0 {
        let bit = mask.trailing_zeros();
        let at = origin.wrapping_add(bit as usize);
        let rest = text.get(at + 24..at + anchor::RUN - 7);
        // No branch on each byte: where ids end is hard to foresee.
        let goes_on = rest.is_some_and(|rest| rest.iter().fold(true, |all, byte| all & IS_RUN[usize::from(*byte)]));
        kept |= u64::from(goes_on) << bit;
        mask &= mask - 1;
    }
    kept
}

/// Bytes of runs.
const IS_RUN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = anchor::is_run_byte(byte as u8);
        byte += 1;
    }
    table
};

/// May the key in front of the separator at `at` be a sensitive one? See `Names::tails`: what is no letter is cut off
/// its end; then the last four bytes count, or the last three or two for short names.
#[inline(always)]
pub fn maybe_key(keys: &Bloom, text: &[u8], at: usize) -> u64 {
    let maybe = eight_before(text, at).and_then(|eight| maybe_key_by(keys, eight));
    maybe.unwrap_or_else(|| maybe_key_slowly(keys, text, at))
}

/// The eight bytes in front of `at`, big-endian.
#[inline(always)]
fn eight_before(text: &[u8], at: usize) -> Option<u64> {
    let eight = text.get(at.wrapping_sub(8)..at)?;
    Some(u64::from_be_bytes(eight.try_into().expect("eight bytes")))
}

/// The same by the eight bytes in front of the separator, if they tell it.
#[inline(always)]
fn maybe_key_by(keys: &Bloom, eight: u64) -> Option<u64> {
    let (folded, letters) = fold(eight);
    let cut = letters.trailing_zeros() / 8 * 8;
    // Few letters in sight, or an escaped blank (`\"key\"\t:`) that ends in one.
    let more = cut > 32 || eight >> (cut + 8) & 0xFF == u64::from(b'\\');
    (!more).then(|| maybe_tail(keys, (folded >> cut) as u32))
}

#[inline(always)]
fn maybe_tail(keys: &Bloom, tail: u32) -> u64 {
    keys.maybe(tail) | keys.maybe(tail & 0x00FF_FFFF) | keys.maybe(tail & 0xFFFF)
}

/// The same for what eight bytes cannot tell.
#[cold]
#[inline(never)]
fn maybe_key_slowly(keys: &Bloom, text: &[u8], at: usize) -> u64 {
    let floor = at.saturating_sub(super::key::BLANKS);
    let end = floor + text[floor..at].iter().rposition(|b| is_letter(*b)).map_or(0, |i| i + 1);
    if end >= 2 && text[end - 2] == b'\\' {
        return 1;
    }
    let from = end.saturating_sub(4);
    let four = text[from..end].iter().fold(0, |four, &b| four << 8 | u64::from(b));
    let known = if from + 4 > end { (1 << (8 * (end - from))) - 1 } else { u64::from(u32::MAX) };
    maybe_tail(keys, (fold(four).0 & known) as u32)
}

/// Do [`LONG_RUN`](anchor::LONG_RUN) letters and digits follow, the first 16 of which are known?
#[inline]
fn is_long_run(text: &[u8], at: usize) -> bool {
    let rest = text.get(at + 16..at + anchor::LONG_RUN);
    rest.is_some_and(|run| run.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_'))
}

/// Does a line of a private key begin here, if one does? In JSON it is a string, which docker's files end in `\n`.
#[inline]
fn may_be_key_line(text: &[u8], at: usize) -> bool {
    let is_line = |length: usize| {
        matches!(text.get(at + length), None | Some(b'\n' | b'\r' | b'\\' | b'"'))
            && text.get(at..at + length).is_some_and(is_key_line)
    };
    (at == 0 || matches!(text[at - 1], b'\n' | b' ' | b'\t' | b'"')) && (is_line(64) || is_line(70))
}

#[inline(always)]
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80
}

/// Letters in lower case, all other ASCII bytes `_`, eight at a time; and the top bit of each byte that is a letter.
#[inline(always)]
fn fold(eight: u64) -> (u64, u64) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let lower = eight | (EACH * 0x20);
    let low7 = lower & (EACH * 0x7F);
    let letter = ((low7 + EACH * 0x1F) & !(low7 + EACH * 0x05) | lower) & (EACH * 0x80);
    let mask = (letter >> 7) * 0xFF;
    (lower & mask | (EACH * 0x5F) & !mask, letter)
}

/// Word starts that are worth a look.
#[derive(Clone, Copy, Default)]
pub struct Words {
    /// The literal of some rule stands there.
    pub literal: u64,
    /// A long run that may be a match by itself.
    pub long: u64,
    /// Base64 or hexadecimal of text may begin there.
    pub packed: u64,
    /// A line of a private key may begin there.
    pub key_line: u64,
}

impl Filters {
    /// The separators of `mask` whose keys may be sensitive. `inside` are the bytes of names, `origin` is where bit 0
    /// stands.
    #[inline(always)]
    pub fn keep_keys(&self, text: &[u8], known: &mut Known, origin: usize, mut mask: u64, inside: u64) -> u64 {
        let mut kept = 0;
        while mask != 0 {
            let bit = mask.trailing_zeros();
            let at = origin.wrapping_add(bit as usize);
            mask &= mask - 1;
            let maybe = match eight_before(text, at) {
                Some(eight) if known.ends_no_key(eight) => continue,
                Some(eight) => {
                    let maybe = maybe_key_by(&self.keys, eight);
                    if maybe == Some(0) {
                        known.note_no_key(eight);
                    }
                    maybe
                }
                None => None,
            };
            if maybe.unwrap_or_else(|| maybe_key_slowly(&self.keys, text, at)) != 0 {
                let names = inside << (63 - bit) << 1;
                kept |= u64::from(!known.is_ignored(text, at, names, bit as usize)) << bit;
            }
        }
        kept
    }

    /// What the word starts (and colons) of `name`, and those of `token` that 16 token bytes follow, are worth. `long`:
    /// those of `token` that 16 word bytes follow.
    #[inline(always)]
    pub fn keep_words(&self, text: &[u8], known: &mut Known, origin: usize, name: u64, token: u64, long: u64) -> Words {
        let mut kept = Words::default();
        let mut rest = name;
        while rest != 0 {
            let bit = rest.trailing_zeros();
            let at = origin.wrapping_add(bit as usize);
            let eight = eight_at(text, at);
            if self.words.maybe(eight) != 0 {
                kept.literal |= u64::from(self.is_literal(text, known, at, eight)) << bit;
            }
            rest &= rest - 1;
        }
        let mut rest = token;
        while rest != 0 {
            let bit = rest.trailing_zeros();
            let at = origin.wrapping_add(bit as usize);
            let eight = eight_at(text, at);
            if self.tokens.maybe(eight) != 0 {
                kept.literal |= u64::from(self.is_literal(text, known, at, eight)) << bit;
            }
            if long >> bit & 1 != 0 && is_long_run(text, at) {
                kept.long |= u64::from(self.starts.may_begin(&text[at..])) << bit;
            }
            if packed::may_begin(text, at, eight) {
                kept.packed |= 1 << bit;
            }
            if may_be_key_line(text, at) {
                kept.key_line |= 1 << bit;
            }
            rest &= rest - 1;
        }
        kept
    }

    /// Does some rule's literal begin at `at`, where these eight bytes stand, about which nothing is known yet?
    #[inline(always)]
    fn is_literal(&self, text: &[u8], known: &mut Known, at: usize, eight: u64) -> bool {
        if known.begins_nothing(eight) || known.is_settled(text, at) {
            return false;
        }
        let stands = self.anchors.stands(text, at);
        if stands == Stands::Nothing {
            known.note_nothing(eight);
        }
        stands == Stands::Whole
    }

    /// Does some rule's literal begin at the rare byte at `at`, or end there if that is a `~`?
    #[inline]
    pub fn hook(&self, text: &[u8], at: usize) -> Option<Kind> {
        let maybe = match text[at] {
            b'~' => at >= 2 && self.anchors.is_at(text, at - 2),
            byte => RARE.contains(&byte) && self.anchors.is_at(text, at),
        };
        maybe.then_some(Kind::Word)
    }

    /// Lets keys through that end with these letters; zeros in front stand for anything.
    pub fn add_key_tail(&mut self, tail: [u8; 4]) {
        let known = tail.iter().filter(|b| **b != 0).count();
        let mask = if known == 4 { u32::MAX } else { (1 << (8 * known)) - 1 };
        self.keys.insert_raw(fold(u64::from(u32::from_be_bytes(tail))).0 as u32 & mask);
    }
}
