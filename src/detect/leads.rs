//! What the first bytes of a match may be, one by one: most places where the literal of a pattern stands are told by these
//! alone, and a pattern that nothing got past is never compiled.
//!
//! Stands beside `anchor` alone, as `src/build` uses both: for the built-in rules nothing is derived at start.

use super::anchor::parse;
use regex_syntax::hir::{Class, Hir, HirKind};
use std::borrow::Cow;
use std::fmt;

/// A bit for each byte.
pub type Set = [u64; 4];

/// Is the byte in it?
#[inline(always)]
pub fn holds(set: &Set, byte: u8) -> bool {
    set[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
}

/// Bytes that are looked at.
const MOST: usize = 40;

/// For each of the first places of a match the bytes that may stand there.
#[derive(Clone, Default)]
pub struct Leads {
    /// Those of one pattern, or of all of them.
    sets: Cow<'static, [Set]>,
    /// For each place the character of the number of its set.
    places: Cow<'static, str>,
}

/// The sets, whatever list they stand in.
impl fmt::Debug for Leads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.sets()).finish()
    }
}

impl Leads {
    /// Those of `pattern`; none if it does not compile.
    pub fn of(pattern: &str) -> Leads {
        let sets = of(pattern);
        let places = (0..sets.len() as u32).filter_map(char::from_u32).collect();
        Leads { sets: Cow::Owned(sets), places: Cow::Owned(places) }
    }

    /// Those that [`of`] gave, by their numbers in a list of all sets.
    pub const fn of_written(sets: &'static [Set], places: &'static str) -> Leads {
        Leads { sets: Cow::Borrowed(sets), places: Cow::Borrowed(places) }
    }

    /// The sets, one for each place.
    pub fn sets(&self) -> impl Iterator<Item = Set> {
        self.places.chars().map(|place| self.sets.get(place as usize).copied().unwrap_or([u64::MAX; 4]))
    }

    /// How many of the first bytes of `text` tell that no match begins with them; [`usize::MAX`] if it is where they end.
    /// `None` if one may.
    #[inline]
    pub fn refuse(&self, text: &[u8]) -> Option<usize> {
        for (at, place) in self.places.chars().enumerate() {
            let Some(byte) = text.get(at) else { return Some(usize::MAX) };
            let set = self.sets.get(place as usize);
            if set.is_some_and(|set| !holds(set, *byte)) {
                return Some(at + 1);
            }
        }
        None
    }
}

/// For each of the first places that every match of `pattern` has, up to 40, the bytes that may stand there.
pub fn of(pattern: &str) -> Vec<Set> {
    let Some(hir) = parse(pattern) else { return Vec::new() };
    let mut sets = vec![[0; 4]; MOST];
    let ends = walk(&hir, 1, &mut sets);
    // What stands behind the end of the shortest match may be anything.
    sets.truncate(ends.trailing_zeros() as usize);
    sets
}

/// The bytes that a match of `hir`, which is never empty, may begin with.
pub fn first(hir: &Hir) -> Set {
    let mut sets = vec![[0; 4]; MOST];
    walk(hir, 1, &mut sets);
    sets[0]
}

/// Notes what `hir` may have at each place if it begins at one of the places `starts`, a bit for each; gives where it may
/// end.
fn walk(hir: &Hir, starts: u64, sets: &mut [Set]) -> u64 {
    if starts == 0 {
        return 0;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => starts,
        HirKind::Literal(literal) => literal.0.iter().fold(starts, |at, byte| step(at, sets, &[(*byte, *byte)])),
        HirKind::Class(Class::Bytes(class)) => {
            let ranges: Vec<(u8, u8)> = class.iter().map(|range| (range.start(), range.end())).collect();
            step(starts, sets, &ranges)
        }
        // There is none where Unicode is off; if there were, it might have any length.
        HirKind::Class(Class::Unicode(_)) => {
            let from = starts.trailing_zeros();
            sets[from as usize..].fill([u64::MAX; 4]);
            u64::MAX << from & ALL
        }
        HirKind::Capture(capture) => walk(&capture.sub, starts, sets),
        HirKind::Concat(parts) => parts.iter().fold(starts, |at, part| walk(part, at, sets)),
        HirKind::Alternation(branches) => branches.iter().fold(0, |ends, branch| ends | walk(branch, starts, sets)),
        HirKind::Repetition(repetition) => {
            let (least, most) = (repetition.min as usize, repetition.max.map_or(usize::MAX, |most| most as usize));
            let (mut at, mut ends) = (starts, if least == 0 { starts } else { 0 });
            // After so many rounds it is beyond all places, or where empty ones leave it.
            for round in 1..=most.min(MOST + 1) {
                at = walk(&repetition.sub, at, sets);
                if round >= least.min(MOST + 1) {
                    ends |= at;
                }
            }
            ends
        }
    }
}

/// The places there are.
const ALL: u64 = (1 << MOST) - 1;

/// One byte of these ranges at each of the places `starts`.
fn step(starts: u64, sets: &mut [Set], ranges: &[(u8, u8)]) -> u64 {
    for (_, set) in sets.iter_mut().enumerate().filter(|(at, _)| starts >> at & 1 == 1) {
        for byte in ranges.iter().flat_map(|(first, last)| *first..=*last) {
            set[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
    }
    starts << 1 & ALL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_up_to_the_end_of_the_shortest_match() {
        for (pattern, places) in [
            (r"\bghp_[a-z0-9]{8,20}\b", 12),
            ("(?:ab|abc)d?", 2),
            ("x*", 0),
            ("a{50}", 40),
            ("(?:ab){3,}c", 7),
            ("", 0),
        ] {
            assert_eq!(of(pattern).len(), places, "{pattern}");
        }
        let leads = Leads::of("(?:to|token)[ =][0-9]+x?");
        assert_eq!(leads.refuse(b"token=1"), None);
        assert_eq!(leads.refuse(b"tokens"), None, "only the first four places are told");
        assert_eq!(
            (leads.refuse(b"tom=1"), leads.refuse(b"toks"), leads.refuse(b"to")),
            (Some(3), Some(4), Some(usize::MAX))
        );
    }
}
