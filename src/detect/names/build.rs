//! Compiles names into the table that [`Names::lookup`] reads.

use super::glob::Glob;
use super::words::{self, Words};
use super::{Entry, GATE, Kind, LONG, Names, START, bucket, gate_bit, step};
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
        let mut names = Names { gate: vec![0; GATE / 64], ..Names::default() };
        names.entries.reserve(1 << 12);
        names.tails.reserve(1 << 13);
        for (kind, list) in [
            (Kind::Trailing, words::TRAILING),
            (Kind::Owner, words::OWNERS),
            (Kind::Negative, words::NEGATIVE),
            (Kind::NegativeFirst, words::NEGATIVE_FIRST),
        ] {
            for word in list {
                names.insert(kind, RuleIx(u16::MAX), &Words::split(word.as_bytes()));
            }
        }
        for (rule, list, not) in entries {
            for name in list {
                names.add(rule, name.as_ref());
            }
            for word in not {
                let split = Words::split(word.as_ref().as_bytes());
                names.insert(if split.len() > 1 { Kind::Except } else { Kind::Not }, rule, &split);
            }
        }
        names.link();
        names
    }

    fn add(&mut self, rule: RuleIx, name: &str) {
        if name.contains('*') {
            let glob = Glob::new(rule, name);
            match glob.tail() {
                Some(tail) => self.tails.push(tail),
                None => self.any_tail = true,
            }
            self.globs.push(glob);
            return;
        }
        let split = Words::split(name.as_bytes());
        let letters: usize = (0..split.len()).map(|ix| split.word(ix).len()).sum();
        let long = letters >= LONG;
        let plural = long || split.len() > 1;
        self.insert(Kind::Name { long, plural }, rule, &split);
        // Case outside ASCII cannot be told from single bytes, so the usual spellings are names of their own.
        if !name.is_ascii() {
            let upper = name.to_uppercase();
            let mut title: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
            title.extend(name.chars().skip(1));
            for spelling in [upper, title] {
                if spelling != name {
                    self.insert(Kind::Name { long, plural }, rule, &Words::split(spelling.as_bytes()));
                }
            }
        }
    }

    fn insert(&mut self, kind: Kind, rule: RuleIx, words: &Words) {
        if words.len() == 0 || self.entries.len() >= usize::from(u16::MAX) {
            return;
        }
        let (mut hash, mut letters, mut breaks) = (START, 0, 0);
        let mut ending = START;
        for ix in 0..words.len() {
            breaks |= u64::from(ix > 0) << letters.min(63);
            for &byte in words.word(ix).iter().rev() {
                hash = step(hash, byte.to_ascii_lowercase());
                letters += 1;
                if letters <= LONG {
                    ending = hash;
                }
            }
        }
        if matches!(kind, Kind::Name { .. } | Kind::Trailing | Kind::Owner) {
            self.gate[gate_bit(ending) / 64] |= 1 << (gate_bit(ending) % 64);
        }
        match kind {
            Kind::Name { plural, .. } => self.add_tails(words, plural),
            Kind::Trailing | Kind::Owner => match *words.word(0) {
                [one] => self.tails.extend([[0, 0, b'_', one], [0, b'_', one, b'v']]),
                [one, two] => self.tails.extend([[0, b'_', one, two], [b'_', one, two, b'v']]),
                _ => self.add_tails(words, false),
            },
            Kind::Except | Kind::Not | Kind::Negative | Kind::NegativeFirst => {}
        }
        if matches!(kind, Kind::Name { .. } | Kind::Except) {
            self.lengths |= 1 << letters.min(63);
            self.longest = self.longest.max(letters);
        }
        let digit = matches!(kind, Kind::Name { .. }) && words.digit_after(0);
        self.entries.push(Entry { hash, breaks, next: 0, rule: rule.0, letters: letters.min(255) as u8, digit, kind });
    }

    /// Every way the last four bytes may be spelled: words joined, or parted by at least one mark.
    fn add_tails(&mut self, words: &Words, plural: bool) {
        fn extend(words: &Words, ix: usize, at: usize, mut tail: [u8; 4], free: usize, out: &mut Vec<[u8; 4]>) {
            if free == 0 || ix == words.len() {
                out.push(tail);
            } else if at > 0 {
                tail[free - 1] = words.word(ix)[at - 1].to_ascii_lowercase();
                extend(words, ix, at - 1, tail, free - 1, out);
            } else if ix + 1 == words.len() {
                out.push(tail);
            } else {
                let next = words.word(ix + 1).len();
                extend(words, ix + 1, next, tail, free, out);
                for marks in 1..=free {
                    tail[free - marks] = b'_';
                    extend(words, ix + 1, next, tail, free - marks, out);
                }
            }
        }
        extend(words, 0, words.word(0).len(), [0; 4], 4, &mut self.tails);
        if plural {
            extend(words, 0, words.word(0).len(), [0, 0, 0, b's'], 3, &mut self.tails);
            extend(words, 0, words.word(0).len(), [0, 0, b's', b'v'], 2, &mut self.tails);
        }
        // `apiKeyV2`
        extend(words, 0, words.word(0).len(), [0, 0, 0, b'v'], 3, &mut self.tails);
    }

    fn link(&mut self) {
        self.heads = vec![0; (self.entries.len() * 2).next_power_of_two()];
        let buckets = self.heads.len();
        for (ix, entry) in self.entries.iter_mut().enumerate() {
            let head = &mut self.heads[bucket(entry.hash, buckets)];
            entry.next = std::mem::replace(head, ix as u16 + 1);
        }
    }
}
