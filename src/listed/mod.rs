//! Secrets that somebody knows and lists: found wherever they stand, however they are encoded and spelled.
//!
//! `tier` finds a `seed` of a secret in the text, by looking at few of its bytes; `matching` compares what stands around
//! it with the secret in one of its forms (`form`), character by character, each in any of its spellings (`spelling`). So
//! the memory it takes does not grow with the number of spellings, and escapes may be mixed and piled up.

mod form;
mod guard;
mod matching;
mod seed;
mod spelling;
pub(crate) mod tier;

pub use guard::Weak;

use crate::span::Span;
use form::{FORMS, Form};
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use tier::Tier;
use zeroize::Zeroizing;

/// A list of secrets, ready to look for all of them at once.
///
/// Takes about 1 KiB a secret. Nothing that stands for one of them is missed because another one overlaps it or begins
/// with it: all places are told, and the caller hides their union.
///
/// ```
/// use logmask::listed::Literals;
/// let mut literals = Literals::default();
/// literals.add(b"magpies1-hunter2").unwrap();
/// let mut found = Vec::new();
/// for text in ["is magpies1-hunter2", r#"{"x":"bWFncGllczEtaHVudGVyMg=="}"#, "?p=magpies1%2dhunter2"] {
///     literals.find(text.as_bytes(), |span| found.push(&text[span.range()]));
/// }
/// assert_eq!(found, ["magpies1-hunter2", "bWFncGllczEtaHVudGVyMg==", "magpies1%2dhunter2"]);
/// ```
#[derive(Clone)]
pub struct Literals {
    values: Vec<Zeroizing<Vec<u8>>>,
    /// Hashes of all values, so that none is there twice.
    known: HashSet<u64>,
    hasher: RandomState,
    seeds: Vec<Seed>,
    tiers: [Tier; 3],
    bytes: usize,
}

#[derive(Clone, Copy)]
struct Seed {
    value: u32,
    form: Form,
    /// Bytes of the form in front of it.
    offset: u32,
}

/// Most secrets that are taken; a seed is numbered with 29 bits.
const MOST: usize = 1 << 20;

impl Default for Literals {
    fn default() -> Literals {
        Literals {
            values: Vec::new(),
            known: HashSet::new(),
            hasher: RandomState::new(),
            seeds: Vec::new(),
            // The longest seeds need the fewest looks; a seed of four bytes is looked for at each place.
            tiers: [Tier::new(8, 4), Tier::new(5, 4), Tier::new(4, 1)],
            bytes: 0,
        }
    }
}

/// The same values, in the same order.
impl PartialEq for Literals {
    fn eq(&self, other: &Literals) -> bool {
        self.values == other.values
    }
}

impl Eq for Literals {}

impl std::fmt::Debug for Literals {
    /// Never a value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} literals", self.values.len())
    }
}

impl Literals {
    /// Adds a secret. Blanks and line ends around it do not count. Of one with several lines each line is a secret as
    /// well, because a log may put something in front of each of them; lines that are too [`Weak`] for that are found
    /// only with the others. An error if the whole is too weak: then it is not looked for.
    pub fn add(&mut self, secret: &[u8]) -> Result<(), Weak> {
        let secret = without_carriage_returns(secret.trim_ascii());
        guard::check(&secret)?;
        if secret.contains(&b'\n') {
            for line in secret.split(|b| *b == b'\n').map(<[u8]>::trim_ascii) {
                if guard::check(line).is_ok() {
                    self.insert(line);
                }
            }
        }
        self.insert(&secret);
        Ok(())
    }

    /// How many secrets are looked for.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Bytes of all secrets together.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Forgets the older half of the secrets.
    pub fn forget_half(&mut self) {
        let values = std::mem::take(&mut self.values);
        let older = values.len() / 2;
        *self = Literals { hasher: self.hasher.clone(), ..Literals::default() };
        values[older..].iter().for_each(|value| self.insert(value));
    }

    fn insert(&mut self, value: &[u8]) {
        let number = self.values.len() as u32;
        if self.values.len() == MOST || !self.known.insert(self.hasher.hash_one(value)) {
            return;
        }
        self.bytes += value.len();
        self.values.push(Zeroizing::new(value.to_vec()));
        for form in FORMS {
            let Some(text) = form.write(value) else { continue };
            for found in seed::seeds(&text, form) {
                let Some(tier) = self.tiers.iter().position(|tier| tier.least() <= found.bytes.len()) else { continue };
                let tier = &mut self.tiers[tier];
                // Tokens of one kind begin alike: the part that the fewest others have is the one to look for.
                // Within a spelling nobody knows where a character begins.
                let spare = if found.spelled { 0 } else { found.bytes.len() - tier.least() };
                let skip = [spare, spare / 2, 0].into_iter().min_by_key(|at| tier.crowd(&found.bytes[*at..]));
                let skip = skip.unwrap_or(0);
                let seed = Seed { value: number, form, offset: (found.offset + skip) as u32 };
                tier.insert(&found.bytes[skip..], self.seeds.len() as u32);
                self.seeds.push(seed);
            }
        }
    }

    /// Calls `place` with each offset in `text` where [`Literals::at`] may find something, in no order.
    pub fn scan(&self, text: &[u8], mut place: impl FnMut(usize)) {
        self.tiers[0].scan_both(&self.tiers[1], text, &mut place);
        self.tiers[2].scan(text, place);
    }

    /// Calls `found` with what stands for a secret round the offset `at` that [`Literals::scan`] gave. Returns the number
    /// of bytes compared.
    pub fn at(&self, text: &[u8], at: usize, mut found: impl FnMut(Span)) -> usize {
        let mut work = 0;
        for tier in &self.tiers {
            tier.at(text, at, |seed, skip| {
                let Seed { value, form, offset } = self.seeds[seed as usize];
                let secret = &self.values[value as usize];
                let (Some(start), Some(encoded)) = (at.checked_sub(skip), form.write(secret)) else { return };
                work += encoded.len();
                if let Some(span) = matching::around(text, start, &encoded, offset as usize, form) {
                    let (start, end) = form.widen(text, span.start, span.end, secret.len());
                    found(matching::whole_escapes(text, Span::new(start, end)));
                }
            });
        }
        work
    }

    /// Calls `found` with everything in `text`, one record, that stands for a secret; it may overlap, and come in any order.
    pub fn find(&self, text: &[u8], mut found: impl FnMut(Span)) {
        self.scan(text, |at| {
            self.at(text, at, &mut found);
        });
    }
}

fn without_carriage_returns(secret: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(secret.len()));
    for (at, byte) in secret.iter().enumerate() {
        if *byte != b'\r' || secret.get(at + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    out
}

#[cfg(test)]
mod tests;
