//! Long runs at which a pattern may match that is known by its first bytes alone, and by no literal.

use super::leads::{Leads, Set, holds};

/// What such patterns begin with.
#[derive(Default)]
pub struct Starts {
    /// For each of its first places the bytes that may stand there.
    leads: Vec<Vec<Set>>,
    /// Which of them begin with a byte; empty if there are none.
    by_byte: Vec<Vec<u16>>,
}

impl Starts {
    /// Adds a pattern that begins with one of the bytes `firsts`.
    pub fn add(&mut self, firsts: &[u8], leads: &Leads) {
        self.by_byte.resize_with(256, Vec::new);
        for byte in firsts {
            self.by_byte[usize::from(*byte)].push(self.leads.len() as u16);
        }
        self.leads.push(leads.sets().collect());
    }

    /// Those that begin with this byte, by the order in which they were added.
    pub fn by(&self, first: u8) -> &[u16] {
        self.by_byte.get(usize::from(first)).map_or(&[], Vec::as_slice)
    }

    /// May one of them match at the beginning of `run`, whatever stands in front?
    pub fn may_begin(&self, run: &[u8]) -> bool {
        // The last places tell most: ids are as long as they please, and consist of the same letters.
        let begins = |sets: &Vec<Set>| {
            sets.len() <= run.len() && sets.iter().zip(run).rev().all(|(set, byte)| holds(set, *byte))
        };
        run.first().is_some_and(|first| self.by(*first).iter().any(|start| begins(&self.leads[usize::from(*start)])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_no_pattern_begins_with_are_refused() {
        let mut starts = Starts::default();
        assert!(!starts.may_begin(b"0123456789abcdef0123456789abcdef"));
        for (firsts, pattern) in
            [(&b"0123456789abcdef"[..], r"\b[0-9a-f]{32}-us[0-9]"), (b"13", r"\b[13][1-9a-z]{25,34}\b")]
        {
            starts.add(firsts, &Leads::of(pattern));
        }
        for (run, may) in [
            ("0123456789abcdef0123456789abcdef-us1", true),
            ("0123456789abcdef0123456789abcdef\",", false),
            ("0123456789abcdef0123456789abcdef", false),
            ("1abcdefghijklmnopqrstuvwxyz ", true),
            ("1abcdefghijklmnopqrst0uvwxyz ", false),
            ("2abcdefghijklmnopqrstuvwxyz ", false),
        ] {
            assert_eq!(starts.may_begin(run.as_bytes()), may, "{run}");
        }
    }
}
