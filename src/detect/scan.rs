//! Finds the places worth a look: one pass over a chunk, four windows at a time, no branch on clean bytes.
//!
//! Bytes are classified (`classes`), tested by what stands around them (`masks`), and
//! the few that pass are asked what the rules know (`filters`). What survives is verified later by code that may be
//! slow.

pub use super::candidate::{Candidate, Kind, Kinds, within};
use super::classes::{Classes, WINDOW};
use super::dialect::{stated, tuple};
use super::filters::{Filters, Words, keep_runs, maybe_key};
use super::known::Known;
use super::lanes::LANES;
use super::masks::{BEFORE, Masks, STEP, masks};
use super::shape;
use super::vectors::{Classify, Work, dispatch};
use crate::format::fold::{self, Fold};
use crate::policy::rule::Shape;

/// Bytes of the windows that are looked at together, with the bytes before and behind.
const GROUP: usize = STEP * (LANES - 1) + WINDOW;
/// How far the next group is.
const STRIDE: usize = STEP * LANES;
/// Longest start tag, in bytes, whose text may stand in the next line.
const LONGEST_TAG: usize = 256;

/// Appends the places worth a look in `text` to `found`, in order.
/// Keys that `known` has found to name nothing are left out, and words that it has found to begin nothing.
pub fn scan(filters: &Filters, text: &[u8], known: &mut Known, found: &mut Vec<Candidate>) {
    dispatch(Scan { filters, text, known, found });
}

/// A scan, to be compiled for each kind of vectors.
struct Scan<'s> {
    filters: &'s Filters,
    text: &'s [u8],
    known: &'s mut Known,
    found: &'s mut Vec<Candidate>,
}

impl Work for Scan<'_> {
    type Output = ();

    #[inline(always)]
    fn with(mut self, vectors: impl Classify) {
        let mut base = 0;
        while base < self.text.len() {
            // Zeros stand for what lies outside of the text, as a line end would.
            let mut edge = [0; GROUP];
            let inside = base.checked_sub(BEFORE).and_then(|from| self.text.get(from..from + GROUP));
            let group: &[u8; GROUP] = if let Some(inside) = inside {
                inside.try_into().expect("a whole group")
            } else {
                let from = base.saturating_sub(BEFORE);
                let bytes = &self.text[from..self.text.len().min(base + GROUP - BEFORE)];
                let skip = BEFORE + from - base;
                edge[skip..skip + bytes.len()].copy_from_slice(bytes);
                &edge
            };
            // No closures: they would not be compiled for the vectors.
            let classes = [
                vectors.classify(window(group, 0)),
                vectors.classify(window(group, 1)),
                vectors.classify(window(group, 2)),
                vectors.classify(window(group, 3)),
            ];
            let masks = masks(vectors, &Classes::side_by_side(vectors, &classes));
            for lane in 0..LANES {
                self.take_up(&masks, lane, base + STEP * lane);
            }
            base += STRIDE;
        }
    }
}

/// The bytes of one of the windows.
#[inline(always)]
fn window(group: &[u8; GROUP], lane: usize) -> &[u8; WINDOW] {
    group[STEP * lane..STEP * lane + WINDOW].try_into().expect("a whole window")
}

impl Scan<'_> {
    /// Takes up what passed in one window, whose own bytes begin at `base`.
    #[inline(always)]
    fn take_up(&mut self, masks: &Masks, lane: usize, base: usize) {
        let (filters, text, known) = (self.filters, self.text, &mut *self.known);
        // Where bit 0 stands; before the first byte of the text it wraps, and the bit brings it back.
        let origin = base.wrapping_sub(BEFORE);
        macro_rules! of_lane {
            ($($mask:ident),*) => {
                $(let $mask = masks.$mask[lane];)*
            };
        }
        of_lane!(key, name, token, long, run, rare, high, opening, shapes);
        let key = filters.keep_keys(text, known, origin, key, masks.inside[lane]);
        let Words { literal, long, packed, key_line } = filters.keep_words(text, known, origin, name, token, long);
        let run = if run != 0 { keep_runs(text, origin, run) } else { 0 };
        let odd = if high != 0 { keep_odd(filters, text, origin, high) } else { 0 };
        let tuple = if opening != 0 {
            tuples(filters, text, origin, opening, masks.inside[lane], masks.closing[lane])
        } else {
            0
        };

        let others = long | packed | key_line | run | odd | tuple;
        let mut any = key | literal | others | shapes | rare;
        while any != 0 {
            let bit = any & any.wrapping_neg();
            let offset = origin.wrapping_add(any.trailing_zeros() as usize);
            any ^= bit;
            macro_rules! put {
                ($($mask:ident $kind:ident),*) => {
                    $(if $mask & bit != 0 {
                        self.found.push(Candidate { at: offset as u32, kind: Kind::$kind });
                    })*
                };
            }
            put!(key Key, literal Word);
            if shapes & bit != 0 {
                of_lane!(ipv4, ipv6, mac, card, ssn, nanp, iban, dashes, flag, url, spoken);
                macro_rules! put_likely {
                    ($($mask:ident $kind:ident $shape:ident),*) => {
                        $(if $mask & bit != 0 && shape::may(Shape::$shape, text, offset) {
                            self.found.push(Candidate { at: offset as u32, kind: Kind::$kind });
                        })*
                    };
                }
                put_likely!(ipv4 Ipv4 Ipv4, card Card Card, iban Iban Iban, url Url UrlPassword);
                put!(ipv6 Ipv6, mac Mac, ssn Ssn, nanp Nanp, dashes Dashes, flag Flag);
                if spoken & bit != 0 && (maybe_key(&filters.keys, text, offset) != 0 || stated::begins(text, offset)) {
                    self.found.push(Candidate { at: offset as u32, kind: Kind::Spoken });
                }
            }
            if others & bit != 0 {
                put!(tuple Tuple, odd Encoded, long Start, packed Packed, key_line KeyLine, run Run);
            }
            if rare & bit != 0 {
                let kinds = [rare_kind(text, offset), filters.hook(text, offset)];
                self.found.extend(kinds.into_iter().flatten().map(|kind| Candidate { at: offset as u32, kind }));
            }
        }
    }
}

/// Those of the quotes `opening` whose string is a name that may be sensitive, closed by one of `closing`.
#[inline(always)]
fn tuples(filters: &Filters, text: &[u8], origin: usize, opening: u64, name: u64, closing: u64) -> u64 {
    // What stands behind the last byte is not known here; it is looked at below.
    let closing = closing | 1 << 63;
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
            close if closes >> close & 1 == 1 => {
                let close = origin.wrapping_add(close as usize);
                if text.get(close + 1) == Some(&b',') { maybe_key(&filters.keys, text, close) } else { 0 }
            }
            _ => 0,
        } << at;
        rest &= rest - 1;
    }
    kept
}

/// Those bytes at which a character begins that is read as another one; see [`fold`].
#[inline(never)]
fn keep_odd(filters: &Filters, text: &[u8], origin: usize, mut mask: u64) -> u64 {
    let mut kept = 0;
    while mask != 0 {
        let at = mask.trailing_zeros();
        kept |= looks_odd(filters, text, origin.wrapping_add(at as usize)) << at;
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

/// A start tag that its line ends with, `<password>`, or with text right behind it: the text of the element goes on in the next
/// one.
#[inline]
fn ends_line(tag: &[u8]) -> bool {
    let length = tag.iter().take(LONGEST_TAG).position(|b| matches!(b, b'>' | b'\n'));
    length.is_some_and(|at| {
        tag[at] == b'>'
            && match tag.get(at + 1) {
                Some(b'\n' | b'\r') => true,
                Some(b' ' | b'<') | None => false,
                Some(_) => {
                    let text = &tag[at + 1..tag.len().min(at + LONGEST_TAG)];
                    memchr::memchr2(b'<', b'\n', text).is_some_and(|end| text[end] == b'\n')
                }
            }
    })
}

#[inline]
fn rare_kind(text: &[u8], at: usize) -> Option<Kind> {
    let next = |n: usize| text.get(at + n).copied().unwrap_or(0);
    match text[at] {
        b'@' => shape::may(Shape::Email, text, at).then_some(Kind::At),
        b'+' if matches!(next(1), b'1'..=b'9') => Some(Kind::Plus),
        b'<' if next(1) == b'>' => Some(Kind::Key),
        b'<' if next(1) == b'/' || next(1) == b'\\' && next(2) == b'/' => Some(Kind::Tag),
        b'<' if next(1).is_ascii_alphabetic() && ends_line(&text[at..]) => Some(Kind::Tag),
        b'&' if is_entity(&text[at..]) => Some(Kind::Encoded),
        b'\\' if next(1) == b'x' && next(2).is_ascii_hexdigit() && next(3).is_ascii_hexdigit() => Some(Kind::Encoded),
        b'\\' if matches!((next(1), next(2), next(3)), (b'0'..=b'3', b'0'..=b'7', b'0'..=b'7')) => Some(Kind::Encoded),
        b'%' if next(1).is_ascii_hexdigit() && next(2).is_ascii_hexdigit() => Some(Kind::Encoded),
        b'\\' if next(1) == b'u' && next(2).is_ascii_hexdigit() || next(1) == b'/' => Some(Kind::Encoded),
        0x1B | 0x08 => Some(Kind::Encoded),
        b'\\' if next(1) == b'"' && tuple::opens_deep(text, at + 1) => Some(Kind::Tuple),
        b'<' if next(1) == b'<' && at > 0 && text[at - 1] == b',' => Some(Kind::Tuple),
        _ => None,
    }
}
