//! A search for more literals than one vector takes: one look in several bytes. A policy of hundreds of patterns costs a
//! fraction of what an automaton does that steps over every byte (200 of them: 6 instructions a byte if each has seven
//! bytes, 12 with five and 24 with four, instead of 38).

use crate::listed::tier::Tier;

/// Fewest bytes of a literal.
pub const LEAST: usize = 4;
/// Bytes of a literal with which no look is nearer to the next than [`FARTHEST`].
pub const LONG: usize = LEAST + FARTHEST - 1;
/// Most bytes from one look to the next.
const FARTHEST: usize = 4;

/// Literals, each with the patterns it belongs to.
pub struct Windows {
    tier: Tier,
    literals: Vec<(Box<[u8]>, Vec<u16>)>,
}

impl Windows {
    /// A search for these, each of [`LEAST`] bytes or more; nothing for none.
    pub fn new(literals: Vec<(&str, Vec<u16>)>) -> Option<Windows> {
        let shortest = literals.iter().map(|(literal, _)| literal.len()).min()?;
        let mut tier = Tier::sparse(LEAST, (shortest + 1).checked_sub(LEAST)?.min(FARTHEST));
        for (number, (literal, _)) in literals.iter().enumerate() {
            tier.insert(&literal.as_bytes()[..tier.least()], number as u32);
        }
        let literals = literals.into_iter().map(|(literal, owners)| (literal.as_bytes().into(), owners)).collect();
        Some(Windows { tier, literals })
    }

    /// Calls `found` with each place where one of them stands, and its patterns; not in order.
    pub fn each(&self, text: &[u8], mut found: impl FnMut(usize, &[u16])) {
        self.tier.scan(text, |window| {
            self.tier.at(text, window, |number, before| {
                let (literal, owners) = &self.literals[number as usize];
                if let Some(start) = window.checked_sub(before)
                    && text[start..].starts_with(literal)
                {
                    found(start, owners);
                }
            });
        });
    }

    /// The patterns of all.
    pub fn owners(&self) -> impl Iterator<Item = u16> {
        self.literals.iter().flat_map(|(_, owners)| owners.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What a plain search finds, it finds, and nothing else.
        #[test]
        fn it_finds_what_a_plain_search_finds(
            literals in prop::collection::btree_set("[ab]{4,9}", 1..6), text in "[abc]{0,60}",
        ) {
            let numbered = literals.iter().zip(0..).map(|(literal, at)| (literal.as_str(), vec![at])).collect();
            let windows = Windows::new(numbered).expect("there are some");
            let mut found = Vec::new();
            windows.each(text.as_bytes(), |at, owners| found.push((at, owners[0])));
            found.sort_unstable();
            let mut plain = Vec::new();
            for (literal, owner) in literals.iter().zip(0..) {
                let stands = |at: &usize| text.as_bytes()[*at..].starts_with(literal.as_bytes());
                plain.extend((0..text.len()).filter(stands).map(|at| (at, owner)));
            }
            plain.sort_unstable();
            prop_assert_eq!(found, plain);
        }
    }
}
