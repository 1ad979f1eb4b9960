//! The bit tests: which bytes of some windows may be worth a look, by what stands around them.
//!
//! Bits 0 and 1 of each window are the bytes before it, bits 2 to 47 its own, the rest is look-ahead: so plain shifts do,
//! and nothing is carried from window to window.

use super::classes::Classes;
use super::lanes::{LANES, Lanes, Side};

/// Bytes of a window that are looked at; the next one begins this much later.
pub const STEP: usize = 46;
/// Bytes in front of them.
pub const BEFORE: usize = 2;
const VALID: u64 = ((1 << STEP) - 1) << BEFORE;

/// The bytes that pass, test by test; see [`Kind`](super::candidate::Kind) for what each of them looks for.
#[derive(Clone, Copy)]
pub struct Masks {
    pub key: [u64; LANES],
    /// Starts of words of three bytes or more, and colons before a letter.
    pub name: [u64; LANES],
    /// Word starts that 16 token bytes follow.
    pub token: [u64; LANES],
    /// Word starts that 16 word bytes follow.
    pub long: [u64; LANES],
    /// Where 24 run bytes begin, at some places at most eight apart; of a longer run the first such place.
    pub run: [u64; LANES],
    pub rare: [u64; LANES],
    pub high: [u64; LANES],
    /// Quotes that may open a name in a tuple.
    pub opening: [u64; LANES],
    /// Bytes of such a name.
    pub inside: [u64; LANES],
    /// Quotes that may close it.
    pub closing: [u64; LANES],
    pub ipv4: [u64; LANES],
    pub ipv6: [u64; LANES],
    pub mac: [u64; LANES],
    pub card: [u64; LANES],
    pub ssn: [u64; LANES],
    pub nanp: [u64; LANES],
    pub iban: [u64; LANES],
    pub dashes: [u64; LANES],
    pub flag: [u64; LANES],
    pub url: [u64; LANES],
    /// Digits, and blanks before a digit, right behind a byte that is not ASCII.
    pub spoken: [u64; LANES],
    /// All from `ipv4` on.
    pub shapes: [u64; LANES],
}

/// Works out all of them.
#[inline(always)]
pub fn masks<S: Side>(side: S, c: &Classes<Lanes<S>>) -> Masks {
    let valid = Lanes::all(side, VALID);
    let (digit, word, dash, dot, colon) = (c.digit, c.word, c.dash, c.dot, c.colon);
    let letter = word & !digit;
    // `\n` and kin: the letter belongs to the escape, so a word may begin after it.
    let glue = word & !(c.backslash << 1);
    let start = word & !(glue << 1) & valid;

    let token2 = c.token & c.token >> 1;
    let token4 = token2 & token2 >> 2;
    let token8 = token4 & token4 >> 4;
    let word2 = word & word >> 1;
    let word4 = word2 & word2 >> 2;
    let word8 = word4 & word4 >> 4;
    let run2 = c.token & !(c.dot | c.equals);
    let run2 = run2 & run2 >> 1;
    let run4 = run2 & run2 >> 2;
    let run8 = run4 & run4 >> 4;
    // Bits 2, 10, 18, 26, 34 and 40.
    let run = run8 & run8 >> 8 & run8 >> 16 & Lanes::all(side, 0x0000_0104_0404_0404);

    // A digit counts only right after a letter (`cvv2:`), so that times of day are no keys.
    let keyish = letter | c.high | c.quote | digit & letter << 1;
    let spaced = (c.blank | c.quote | c.backslash) >> 1;
    // `"key" :[`: JSON may have blanks in front of the colon.
    let apart = c.blank << 1 & (c.quote | c.blank) << 2;
    let key = (c.equals | colon & (keyish << 1 | spaced | apart)) & valid;

    // Dotted quad: three dots, each between digits, 2 to 4 apart; in the name of a host three dashes.
    let inner = (dot | dash) & digit >> 1 & digit << 1;
    let next = inner & (inner >> 2 | inner >> 3 | inner >> 4);
    let ipv4 = inner & (next >> 2 | next >> 3 | next >> 4) & valid;
    let pair = colon & (colon >> 2 | colon >> 3 | colon >> 4 | colon >> 5);
    let triple = pair & (pair >> 2 | pair >> 3 | pair >> 4 | pair >> 5);
    // A full address has seven colons; four of them are enough to tell it from a time of day.
    let quad = pair & (triple >> 2 | triple >> 3 | triple >> 4 | triple >> 5);
    let ipv6 = (quad | colon & colon >> 1) & valid;
    macro_rules! every3 {
        ($m:expr) => {
            $m & $m >> 3 & $m >> 6 & $m >> 9 & $m >> 12
        };
    }
    let dotted = start & word4 & dot >> 4 & word4 >> 5 & dot >> 9 & word4 >> 10;
    let mac = dotted | (every3!(colon) | every3!(dash)) & valid;

    let digit2 = digit & digit >> 1;
    let digit3 = digit2 & digit >> 2;
    let digit4 = digit2 & digit2 >> 2;
    let gap = dash | c.blank;
    let compact = digit4 & digit4 >> 4 & digit4 >> 8 & digit >> 12;
    let part = gap | dot;
    let four = digit4 & part >> 4 & digit4 >> 5;
    let grouped = four & (part >> 9 & digit4 >> 10 | digit2 >> 9 & gap >> 11 & digit4 >> 12);
    let wide = digit4 & c.blank >> 4 & c.blank >> 5 & digit4 >> 6 & c.blank >> 10 & c.blank >> 11;
    let card = start & (compact | grouped | wide);
    let ssn = start & digit3 & dash >> 3 & digit2 >> 4 & dash >> 6 & digit4 >> 7;
    let point = dash | dot;
    let tail = digit3 >> 4 & point >> 7 & digit4 >> 8 | digit3 >> 5 & point >> 8 & digit4 >> 9;
    let nanp = start & digit3 & !(word >> 3) & tail;
    let iban = start & letter & letter >> 1 & digit2 >> 2 & (word | gap) >> 4;

    let dash2 = dash & dash >> 1;
    let first = !(dash << 1);
    let dashes = dash2 & dash2 >> 2 & dash >> 4 & first & valid;
    // `--flag`, and `-Flag` behind a blank or a quote.
    let single = dash & (c.blank | c.quote) << 1 & letter >> 1 & letter >> 2 & letter >> 3;
    let flag = (dash2 & letter >> 2 & first | single) & valid;
    let url = colon & c.slash >> 1 & c.slash >> 2 & valid;

    let spoken = (word | c.blank & word >> 1) & c.high << 1 & valid;

    let known = word | dash | dot | c.slash | colon | c.equals | c.blank | c.quote | c.backslash | c.rare;
    let other = !known;
    let lead = letter | c.blank | c.backslash;
    Masks {
        key: key.apart(),
        name: (start & word2 & word >> 2 | colon & letter >> 1 & valid).apart(),
        token: (start & token8 & token8 >> 8).apart(),
        long: (start & word8 & word8 >> 8).apart(),
        run: (run & !(run << 8)).apart(),
        rare: ((c.rare | c.backslash) & valid).apart(),
        high: (c.high & valid).apart(),
        opening: (c.quote & (other << 1 | other << 2 & lead << 1) & valid).apart(),
        inside: (word | dash | dot | c.backslash).apart(),
        closing: (c.quote & other >> 1).apart(),
        ipv4: ipv4.apart(),
        ipv6: ipv6.apart(),
        mac: mac.apart(),
        card: card.apart(),
        ssn: ssn.apart(),
        nanp: nanp.apart(),
        iban: iban.apart(),
        dashes: dashes.apart(),
        flag: flag.apart(),
        url: url.apart(),
        spoken: spoken.apart(),
        shapes: (ipv4 | ipv6 | mac | card | ssn | nanp | iban | dashes | flag | url | spoken).apart(),
    }
}
