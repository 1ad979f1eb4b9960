//! Finds the places worth a look: one pass over a chunk, 48 bytes a step, no branch on clean bytes.
//!
//! Each step classifies 64 bytes and looks ahead inside that window, so plain shifts do and nothing is carried but what
//! the byte before the window was. What survives the bit tests and the two Bloom filters is verified later by code that
//! may be slow.

use super::bloom::Bloom;
pub use super::candidate::{Candidate, Kind};
use super::classes::{Classes, WINDOW, classify};
use crate::format::fold::{self, Fold};
use crate::format::packed;

/// What the scan has to know of the rules.
#[derive(Default)]
pub struct Filters {
    /// Last four bytes of sensitive keys.
    pub keys: Bloom,
    /// First four bytes of long tokens.
    pub tokens: Bloom,
    /// First four bytes of words that begin a pattern.
    pub words: Bloom,
    /// Whether `words` holds anything.
    pub any_words: bool,
    /// 1 for the first bytes of patterns that are known by the length of their run.
    pub runs: Runs,
}

/// A flag for each byte.
pub struct Runs(pub [u8; 256]);

impl Default for Runs {
    fn default() -> Runs {
        Runs([0; 256])
    }
}

/// Bytes a window moves on by; the rest of it is look-ahead.
const STEP: usize = 48;
const VALID: u64 = (1 << STEP) - 1;

/// What the byte before the window was.
#[derive(Clone, Copy, Default)]
struct Before {
    word: u64,
    digit: u64,
    keyish: u64,
    dash: u64,
    backslash: u64,
    gap: u64,
    /// Bytes of no class: bit 0 stands for the last one, bit 1 for the one before.
    other: u64,
    /// A letter, blank or backslash.
    lead: u64,
}

/// Appends the places worth a look in `text` to `found`, in order.
pub fn scan(filters: &Filters, text: &[u8], found: &mut Vec<Candidate>) {
    // A line begins behind a line end.
    let mut before = Before { other: 1, ..Before::default() };
    let mut base = 0;
    while base + WINDOW <= text.len() {
        let window: &[u8; WINDOW] = text[base..base + WINDOW].try_into().expect("a whole window");
        step(filters, text, base, &classify(window), &mut before, found);
        base += STEP;
    }
    while base < text.len() {
        let mut window = [0; WINDOW];
        let rest = &text[base..text.len().min(base + WINDOW)];
        window[..rest.len()].copy_from_slice(rest);
        step(filters, text, base, &classify(&window), &mut before, found);
        base += STEP;
    }
}

#[inline(always)]
fn step(filters: &Filters, text: &[u8], base: usize, c: &Classes, before: &mut Before, found: &mut Vec<Candidate>) {
    let (digit, word, dash, dot, colon) = (c.digit, c.word, c.dash, c.dot, c.colon);
    let letter = word & !digit;
    // `\n` and kin: the letter belongs to the escape, so a word may begin after it.
    let escaped = c.backslash << 1 | before.backslash;
    let glue = word & !escaped;
    let start = word & !(glue << 1 | before.word);

    let token2 = c.token & c.token >> 1;
    let token4 = token2 & token2 >> 2;
    let token8 = token4 & token4 >> 4;
    let token = start & token8 & token8 >> 8 & VALID;
    let word2 = word & word >> 1;
    let word4 = word2 & word2 >> 2;
    let name = if filters.any_words { start & word4 & VALID } else { 0 };

    // A digit counts only right after a letter (`cvv2:`), so that times of day are no keys.
    let keyish = letter | c.high | c.quote | digit & letter << 1;
    let after = keyish << 1 | before.keyish;
    let spaced = (c.blank | c.quote) >> 1;
    let key = (c.equals | colon & (after | spaced)) & VALID;

    // Each block of tests is left out where the window lacks what all of them need.
    let (mut ipv4, mut ipv6, mut mac, mut card, mut ssn, mut nanp) = (0, 0, 0, 0, 0, 0);
    // Dotted quad: three dots, each between digits, 2 to 4 apart.
    let inner = dot & digit >> 1 & (digit << 1 | before.digit);
    if inner != 0 {
        let next = inner & (inner >> 2 | inner >> 3 | inner >> 4);
        ipv4 = inner & (next >> 2 | next >> 3 | next >> 4) & VALID;
    }
    let pair = colon & (colon >> 2 | colon >> 3 | colon >> 4 | colon >> 5);
    let double = colon & colon >> 1;
    let every3 = |m: u64| m & m >> 3 & m >> 6 & m >> 9 & m >> 12;
    if pair | double != 0 {
        let triple = pair & (pair >> 2 | pair >> 3 | pair >> 4 | pair >> 5);
        // A full address has seven colons; four of them are enough to tell it from a time of day.
        let quad = pair & (triple >> 2 | triple >> 3 | triple >> 4 | triple >> 5);
        ipv6 = (quad | double) & VALID;
        mac = every3(colon) & VALID;
    }
    let dotted = start & word4 & dot >> 4;
    if dotted != 0 {
        mac |= dotted & word4 >> 5 & dot >> 9 & word4 >> 10 & VALID;
    }

    let digit2 = digit & digit >> 1;
    let digit4 = digit2 & digit2 >> 2;
    if digit4 != 0 {
        let gap = dash | c.blank;
        let compact = digit4 & digit4 >> 4 & digit4 >> 8 & digit >> 12;
        let fours = digit4 & gap >> 4 & digit4 >> 5 & gap >> 9 & digit4 >> 10;
        let four_six = digit4 & gap >> 4 & digit4 >> 5 & digit2 >> 9 & gap >> 11 & digit4 >> 12;
        card = start & (compact | fours | four_six) & VALID;
        ssn = start & digit2 & digit >> 2 & dash >> 3 & digit2 >> 4 & dash >> 6 & digit4 >> 7 & VALID;
        let digit3 = digit2 & digit >> 2;
        let point = dash | dot;
        let tail = digit3 >> 4 & point >> 7 & digit4 >> 8 | digit3 >> 5 & point >> 8 & digit4 >> 9;
        nanp = start & digit3 & !(word >> 3) & tail & VALID;
    }
    let iban = start & letter & letter >> 1 & digit2 >> 2 & (word | c.blank) >> 4 & VALID;

    let (mut dashes, mut flag) = (0, 0);
    if dash != 0 {
        let dash2 = dash & dash >> 1;
        dashes = dash2 & dash2 >> 2 & dash >> 4 & !(dash << 1 | before.dash) & VALID;
        // `--flag`, and `-Flag` behind a blank or a quote.
        let single = dash & ((c.blank | c.quote) << 1 | before.gap) & letter >> 1 & letter >> 2 & letter >> 3;
        flag = (dash2 & letter >> 2 & !(dash << 1 | before.dash) | single) & VALID;
        mac |= every3(dash) & VALID;
    }
    let url = colon & c.slash >> 1 & c.slash >> 2 & VALID;
    let rare = (c.rare | c.backslash) & VALID;

    let other = !(c.word | c.dash | c.dot | c.slash | colon | c.equals | c.blank | c.quote | c.backslash | c.rare);
    let lead = letter | c.blank | c.backslash;
    let (behind, beyond) = (other << 1 | before.other & 1, other << 2 | before.other_two());
    let opening = c.quote & (behind | beyond & (lead << 1 | before.lead)) & VALID;
    let mut tuple = 0;
    if opening != 0 {
        tuple = tuples(filters, text, base, opening, word | dash | c.dot | c.backslash, c.quote & other >> 1);
    }

    let odd = if c.high == 0 { 0 } else { keep(c.high & VALID, |at| looks_odd(filters, text, base + at)) };

    let last = STEP - 1;
    *before = Before {
        word: glue >> last & 1,
        digit: digit >> last & 1,
        keyish: keyish >> last & 1,
        dash: dash >> last & 1,
        backslash: c.backslash >> last & 1,
        gap: (c.blank | c.quote) >> last & 1,
        other: other >> last & 1 | (other >> (last - 1) & 1) << 1,
        lead: lead >> last & 1,
    };

    let packed = keep(token, |at| u64::from(packed::may_begin(text, base + at)));
    let key_line = keep(token, |at| u64::from(may_be_key_line(text, base + at)));
    let key = keep(key, |at| maybe_key(&filters.keys, text, base + at));
    let token = keep(token, |at| filters.maybe_token(text, base + at));
    let name = keep(name, |at| filters.words.maybe_head(four_at(text, base + at)));

    let shapes = ipv4 | ipv6 | mac | card | ssn | nanp | iban | dashes | flag | url | tuple;
    let mut any = key | token | name | shapes | rare | packed | key_line | odd;
    while any != 0 {
        let bit = any & any.wrapping_neg();
        let offset = base + any.trailing_zeros() as usize;
        any ^= bit;
        let mut put = |mask: u64, kind: Kind| {
            if mask & bit != 0 {
                found.push(Candidate { at: offset as u32, kind });
            }
        };
        put(key, Kind::Key);
        put(odd, Kind::Encoded);
        put(token, Kind::Token);
        put(name, Kind::Word);
        put(packed, Kind::Packed);
        put(key_line, Kind::KeyLine);
        if shapes & bit != 0 {
            put(ipv4, Kind::Ipv4);
            put(ipv6, Kind::Ipv6);
            put(mac, Kind::Mac);
            put(card, Kind::Card);
            put(ssn, Kind::Ssn);
            put(nanp, Kind::Nanp);
            put(iban, Kind::Iban);
            put(dashes, Kind::Dashes);
            put(flag, Kind::Flag);
            put(url, Kind::Url);
            put(tuple, Kind::Tuple);
        }
        if rare & bit != 0
            && let Some(kind) = rare_kind(filters, text, offset)
        {
            found.push(Candidate { at: offset as u32, kind });
        }
    }
}

impl Before {
    /// Bytes of no class, two places on.
    #[inline(always)]
    fn other_two(self) -> u64 {
        // The last byte is one place before the second bit, the one before it two before the first.
        (self.other & 1) << 1 | self.other >> 1
    }
}

/// Those of the quotes `opening` whose string is a name that may be sensitive, closed by one of `closing`.
#[inline(always)]
fn tuples(filters: &Filters, text: &[u8], base: usize, opening: u64, name: u64, closing: u64) -> u64 {
    // An addition runs through each name to the byte behind it; where it leaves the window nobody knows yet.
    let (ends, beyond) = (opening << 1).overflowing_add(name);
    let closes = ends & !name & closing;
    if closes == 0 && !beyond {
        return 0;
    }
    keep(opening, |at| {
        let rest = !name & !((2 << at) - 1);
        match rest.trailing_zeros() {
            64 => 1,
            close if closes >> close & 1 == 1 && text.get(base + close as usize + 1) == Some(&b',') => {
                maybe_key(&filters.keys, text, base + close as usize)
            }
            _ => 0,
        }
    })
}

/// The bits for which `maybe` says 1; branch-free but for the loop.
#[inline(always)]
fn keep(mask: u64, maybe: impl Fn(usize) -> u64) -> u64 {
    let (mut kept, mut rest) = (0, mask);
    while rest != 0 {
        let at = rest.trailing_zeros();
        kept |= maybe(at as usize) << at;
        rest &= rest - 1;
    }
    kept
}

#[inline(always)]
fn four_at(text: &[u8], at: usize) -> u32 {
    match text.get(at..at + 4) {
        Some(four) => u32::from_le_bytes(four.try_into().expect("four bytes")),
        None => 0,
    }
}

/// May the key in front of the separator at `at` be a sensitive one? See `Names::tails`: what is no letter is cut off
/// its end; then the last four bytes count, or the last three or two for short names.
#[inline(always)]
fn maybe_key(keys: &Bloom, text: &[u8], at: usize) -> u64 {
    let Some(eight) = text.get(at.wrapping_sub(8)..at) else { return maybe_key_slowly(keys, text, at) };
    let eight = u64::from_be_bytes(eight.try_into().expect("eight bytes"));
    let (folded, letters) = fold(eight);
    let cut = letters.trailing_zeros() / 8 * 8;
    // Few letters in sight, or an escaped blank (`\"key\"\t:`) that ends in one.
    if cut > 32 || eight >> (cut + 8) & 0xFF == u64::from(b'\\') {
        return maybe_key_slowly(keys, text, at);
    }
    maybe_tail(keys, (folded >> cut) as u32)
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

/// `&quot;` and kin, `&#64;`
#[inline]
fn is_entity(text: &[u8]) -> bool {
    let name = text[1..].iter().take(10).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
    text.get(1 + name) == Some(&b';')
        && (text[1] == b'#' || matches!(&text[1..=name], b"quot" | b"apos" | b"lt" | b"gt" | b"amp"))
}

/// Do [`LONG_RUN`](super::anchor::LONG_RUN) letters and digits follow?
#[inline]
fn is_long_run(text: &[u8], at: usize) -> bool {
    text.get(at..at + super::anchor::LONG_RUN)
        .is_some_and(|run| run.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_'))
}

/// Does a line of a private key begin here, if one does?
#[inline]
fn may_be_key_line(text: &[u8], at: usize) -> bool {
    let ends = |length: usize| matches!(text.get(at + length), None | Some(b'\n' | b'\r')) && at + length <= text.len();
    (ends(64) || ends(70)) && (at == 0 || matches!(text[at - 1], b'\n' | b' ' | b'\t'))
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

impl Filters {
    /// 1 if a rule's token may begin at `at`, where 16 token bytes follow.
    #[inline(always)]
    fn maybe_token(&self, text: &[u8], at: usize) -> u64 {
        let run = self.runs.0[text[at] as usize];
        self.tokens.maybe_head(four_at(text, at)) | u64::from(run != 0 && is_long_run(text, at))
    }

    /// Lets keys through that end with these letters; zeros in front stand for anything.
    pub fn add_key_tail(&mut self, tail: [u8; 4]) {
        let known = tail.iter().filter(|b| **b != 0).count();
        let mask = if known == 4 { u32::MAX } else { (1 << (8 * known)) - 1 };
        self.keys.insert_raw(fold(u64::from(u32::from_be_bytes(tail))).0 as u32 & mask);
    }
}

/// 1 if a character begins here that is read as another one; see [`fold`].
#[inline]
fn looks_odd(filters: &Filters, text: &[u8], at: usize) -> u64 {
    if !fold::may_fold(text[at]) {
        return 0;
    }
    match fold::fold(text, at) {
        // Chinese and Japanese have such colons in every sentence.
        Some((Fold::As(b':' | b'='), _)) => maybe_key(&filters.keys, text, at),
        Some((Fold::As(b'.' | b'_'), _)) | None => 0,
        Some(_) => 1,
    }
}

#[inline]
fn rare_kind(filters: &Filters, text: &[u8], at: usize) -> Option<Kind> {
    let next = |n: usize| text.get(at + n).copied().unwrap_or(0);
    match text[at] {
        b'@' => Some(Kind::At),
        b'+' if next(1).is_ascii_digit() => Some(Kind::Plus),
        b'<' if next(1) == b'>' => Some(Kind::Key),
        b'<' if next(1) == b'/' || next(1) == b'\\' && next(2) == b'/' => Some(Kind::Tag),
        b'&' if is_entity(&text[at..]) => Some(Kind::Encoded),
        b'\\' if next(1) == b'x' && next(2).is_ascii_hexdigit() && next(3).is_ascii_hexdigit() => Some(Kind::Encoded),
        b'%' if next(1).is_ascii_hexdigit() && next(2).is_ascii_hexdigit() => Some(Kind::Encoded),
        b'\\' if next(1) == b'u' && next(2).is_ascii_hexdigit() || next(1) == b'/' => Some(Kind::Encoded),
        0x1B | 0x08 => Some(Kind::Encoded),
        b'$' if filters.words.maybe_head(four_at(text, at)) == 1 => Some(Kind::Dollar),
        _ => None,
    }
}
