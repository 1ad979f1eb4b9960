//! Compiles names into the table that [`Names::lookup`] reads.

use super::glob::Glob;
use super::spelled::{self, GATE, Kind, Spelled, Written};
use super::words::{self, Words};
use super::{Entry, Names, bucket};
use crate::span::RuleIx;

impl Names {
    /// Compiles the names of all rules.
    ///
    /// Each entry has the rule, its names and its negative words. A name is a sequence of words in any spelling, or a glob over
    /// the whole key when it contains `*` (case and the marks `_`, `-`, `.` and blank make no difference). A negative word of the
    /// rule stands right before the name, also over a level of a path (`host.name`). A negative entry of several words is an
    /// exception: a key that ends with it is not of this rule, unless a longer name of the rule matches.
    ///
    /// Digits are no part of a name, but one that ends in a digit asks for any digit there (`address1`: not `address`).
    /// Names without a letter match nothing.
    pub fn new<N, E>(entries: impl IntoIterator<Item = (RuleIx, N, E)>) -> Names
    where
        N: IntoIterator<Item: AsRef<str>>,
        E: IntoIterator<Item: AsRef<str>>,
    {
        let mut names = Names::empty();
        for (rule, list, not) in entries {
            list.into_iter().for_each(|name| names.add(rule, name.as_ref()));
            not.into_iter().for_each(|entry| names.add_negative(rule, entry.as_ref()));
        }
        names.link();
        names
    }

    /// Without the names of any rule. When all are added it has to be linked.
    pub(crate) fn empty() -> Names {
        let mut names = Names { gate: vec![0; GATE / 64], ..Names::default() };
        // Enough for the built-in rules: what is not used costs nothing, and growing copies all.
        names.entries.reserve(1 << 13);
        names.tails.reserve(1 << 14);
        for (kind, list) in [
            (Kind::Trailing, words::TRAILING),
            (Kind::Owner, words::OWNERS),
            (Kind::Negative, words::NEGATIVE),
            (Kind::NegativeFirst, words::NEGATIVE_FIRST),
        ] {
            for word in list {
                names.insert_word(kind, &Words::split(word.as_bytes()));
            }
        }
        names
    }

    /// Adds a name of a rule.
    pub(crate) fn add(&mut self, rule: RuleIx, name: &str) {
        if name.contains('*') {
            let glob = Glob::new(rule, name);
            match glob.tails() {
                Some(tails) => self.tails.extend(tails),
                None => self.any_tail = true,
            }
            self.globs.push(glob);
            return;
        }
        let mut tails = std::mem::take(&mut self.tails);
        spelled::name(name, &mut tails, &mut |spelled| self.insert(rule, spelled));
        self.tails = tails;
    }

    /// Adds a negative entry of a rule.
    pub(crate) fn add_negative(&mut self, rule: RuleIx, entry: &str) {
        if let Some(spelled) = spelled::negative(entry) {
            self.insert(rule, spelled);
        }
    }

    /// Adds the names and negative entries of a built-in rule, other than globs.
    pub(crate) fn add_written(&mut self, rule: RuleIx, written: &Written<'_>) {
        written.spelled().for_each(|spelled| self.insert(rule, spelled));
        self.tails.extend_from_slice(written.tails());
    }

    fn insert_word(&mut self, kind: Kind, words: &Words<'_>) {
        if matches!(kind, Kind::Trailing | Kind::Owner) {
            match *words.word(0) {
                [one] => self.tails.extend([[0, 0, b'_', one], [0, b'_', one, b'v']]),
                [one, two] => self.tails.extend([[0, b'_', one, two], [b'_', one, two, b'v']]),
                _ => spelled::add_tails(words, false, &mut self.tails),
            }
        }
        if let Some(spelled) = Spelled::of(kind, words) {
            self.insert(RuleIx(u16::MAX), spelled);
        }
    }

    fn insert(&mut self, rule: RuleIx, spelled: Spelled) {
        let Spelled { hash, breaks, gate, letters, digit, kind } = spelled;
        if self.entries.len() >= usize::from(u16::MAX) {
            return;
        }
        if matches!(kind, Kind::Name { .. } | Kind::Trailing | Kind::Owner) {
            self.gate[usize::from(gate) / 64] |= 1 << (gate % 64);
        }
        if matches!(kind, Kind::Name { .. } | Kind::Except) {
            self.lengths |= 1 << letters.min(63);
            self.longest = self.longest.max(usize::from(letters));
        }
        self.entries.push(Entry { hash, breaks, next: 0, rule: rule.0, letters: letters.min(255) as u8, digit, kind });
    }

    /// Makes the table of all that was added.
    pub(crate) fn link(&mut self) {
        self.heads = vec![0; (self.entries.len() * 2).next_power_of_two()];
        let buckets = self.heads.len();
        for (ix, entry) in self.entries.iter_mut().enumerate() {
            let head = &mut self.heads[bucket(entry.hash, buckets)];
            entry.next = std::mem::replace(head, ix as u16 + 1);
        }
    }
}
