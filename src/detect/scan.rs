//! Finds the places worth a look: one pass over a chunk, 48 bytes a step, no branch on clean bytes.
//!
//! Each step classifies 64 bytes and looks ahead inside that window, so plain shifts do and nothing is carried but what
//! the byte before the window was. What survives the bit tests and the two Bloom filters is verified later by code that
//! may be slow.

pub use super::candidate::{Candidate, Kind};
use super::classes::{Classes, Classify, WINDOW, Work, dispatch};
use super::filters::{Filters, Words, keep_runs, maybe_key};
use super::known::Known;
use crate::format::fold::{self, Fold};

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
    quote: u64,
    /// Which of the last 16 bytes are bytes of names.
    names: u64,
}

/// Appends the places worth a look in `text` to `found`, in order.
/// Keys that `known` has found to name nothing are left out.
pub fn scan(filters: &Filters, text: &[u8], known: &Known, found: &mut Vec<Candidate>) {
    dispatch(Scan { filters, text, known, found });
}

/// A scan, to be compiled for each kind of vectors.
struct Scan<'s> {
    filters: &'s Filters,
    text: &'s [u8],
    known: &'s Known,
    found: &'s mut Vec<Candidate>,
}

impl Work for Scan<'_> {
    type Output = ();

    #[inline(always)]
    fn with(self, vectors: impl Classify) {
        let Scan { filters, text, known, found } = self;
        // A line begins behind a line end.
        let mut before = Before { other: 1, ..Before::default() };
        let mut base = 0;
        while base + WINDOW <= text.len() {
            let window: &[u8; WINDOW] = text[base..base + WINDOW].try_into().expect("a whole window");
            step(filters, text, known, base, &vectors.classify(window), &mut before, found);
            base += STEP;
        }
        while base < text.len() {
            let mut window = [0; WINDOW];
            let rest = &text[base..text.len().min(base + WINDOW)];
            window[..rest.len()].copy_from_slice(rest);
            step(filters, text, known, base, &vectors.classify(&window), &mut before, found);
            base += STEP;
        }
    }
}

#[inline(always)]
fn step(
    filters: &Filters,
    text: &[u8],
    known: &Known,
    base: usize,
    c: &Classes,
    before: &mut Before,
    found: &mut Vec<Candidate>,
) {
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
    let name = (start & word2 & word >> 2 | colon & letter >> 1) & VALID;
    let run = if filters.runs && token8 & token8 >> 8 != 0 { long_run(c) } else { 0 };

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

    let odd = if c.high == 0 { 0 } else { keep_odd(filters, text, base, c.high & VALID) };

    let names = (word | dash | dot) << 16 | before.names;
    let quotes = c.quote << 1 | before.quote;
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
        quote: c.quote >> last & 1,
        names: names >> STEP & 0xFFFF,
    };

    let key = filters.keep_keys(text, known, base, key, names, quotes);
    let word8 = word4 & word4 >> 4;
    let words = filters.keep_words(text, base, name, token, token & word8 & word8 >> 8);
    let run = if run != 0 { keep_runs(text, base, run) } else { 0 };

    let shapes = ipv4 | ipv6 | mac | card | ssn | nanp | iban | dashes | flag | url | tuple;
    let Words { literal, long, packed, key_line } = words;
    let others = long | packed | key_line | run | odd;
    let mut any = key | literal | others | shapes | rare;
    while any != 0 {
        let bit = any & any.wrapping_neg();
        let offset = base + any.trailing_zeros() as usize;
        any ^= bit;
        macro_rules! put {
            ($($mask:ident $kind:ident),*) => {
                $(if $mask & bit != 0 {
                    found.push(Candidate { at: offset as u32, kind: Kind::$kind });
                })*
            };
        }
        put!(key Key, literal Word);
        if shapes & bit != 0 {
            put!(ipv4 Ipv4, ipv6 Ipv6, mac Mac, card Card, ssn Ssn, nanp Nanp, iban Iban, dashes Dashes, flag Flag, url Url, tuple Tuple);
        }
        if others & bit != 0 {
            put!(odd Encoded, long Start, packed Packed, key_line KeyLine, run Run);
        }
        if rare & bit != 0 {
            let kinds = [rare_kind(text, offset), filters.hook(text, offset)];
            found.extend(kinds.into_iter().flatten().map(|kind| Candidate { at: offset as u32, kind }));
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
    let (mut kept, mut rest) = (0, opening);
    while rest != 0 {
        let at = rest.trailing_zeros();
        let behind = !name & !((2 << at) - 1);
        kept |= match behind.trailing_zeros() {
            64 => 1,
            close if closes >> close & 1 == 1 && text.get(base + close as usize + 1) == Some(&b',') => {
                maybe_key(&filters.keys, text, base + close as usize)
            }
            _ => 0,
        } << at;
        rest &= rest - 1;
    }
    kept
}

/// Where 24 run bytes begin, at every eighth place; of a longer run the first such place. A run of
/// [`RUN`](super::anchor::RUN) has one in its first eight bytes.
#[inline(always)]
fn long_run(c: &Classes) -> u64 {
    const EIGHTH: u64 = 0x0000_0101_0101_0101;
    let run = c.token & !c.dot & !c.equals;
    let run2 = run & run >> 1;
    let run4 = run2 & run2 >> 2;
    let run8 = run4 & run4 >> 4;
    let long = run8 & run8 >> 8 & run8 >> 16 & EIGHTH;
    long & !(long << 8)
}

/// Those bytes at which a character begins that is read as another one; see [`fold`].
#[inline(never)]
fn keep_odd(filters: &Filters, text: &[u8], base: usize, mut mask: u64) -> u64 {
    let mut kept = 0;
    while mask != 0 {
        let at = mask.trailing_zeros();
        kept |= looks_odd(filters, text, base + at as usize) << at;
        mask &= mask - 1;
    }
    kept
}

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

/// `&quot;` and kin, `&#64;`
#[inline]
fn is_entity(text: &[u8]) -> bool {
    let name = text[1..].iter().take(10).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
    text.get(1 + name) == Some(&b';')
        && (text[1] == b'#' || matches!(&text[1..=name], b"quot" | b"apos" | b"lt" | b"gt" | b"amp"))
}

#[inline]
fn rare_kind(text: &[u8], at: usize) -> Option<Kind> {
    let next = |n: usize| text.get(at + n).copied().unwrap_or(0);
    match text[at] {
        b'@' => Some(Kind::At),
        b'+' if matches!(next(1), b'1'..=b'9') => Some(Kind::Plus),
        b'<' if next(1) == b'>' => Some(Kind::Key),
        b'<' if next(1) == b'/' || next(1) == b'\\' && next(2) == b'/' => Some(Kind::Tag),
        b'&' if is_entity(&text[at..]) => Some(Kind::Encoded),
        b'\\' if next(1) == b'x' && next(2).is_ascii_hexdigit() && next(3).is_ascii_hexdigit() => Some(Kind::Encoded),
        b'%' if next(1).is_ascii_hexdigit() && next(2).is_ascii_hexdigit() => Some(Kind::Encoded),
        b'\\' if next(1) == b'u' && next(2).is_ascii_hexdigit() || next(1) == b'/' => Some(Kind::Encoded),
        0x1B | 0x08 => Some(Kind::Encoded),
        _ => None,
    }
}
