//! Tells which rules a key name belongs to, whatever its spelling: `first_name`, `userFirstName`, `FIRST-NAME`, `firstname`.
//!
//! A name matches the last words of a key, because the head of an English noun phrase stands last: `db_password` is a password,
//! `password_length` is not. Words before it are free but for negative ones (`has_password`), and a few may follow (`password_new`).

mod build;
mod glob;
pub mod spelled;
mod words;

use crate::span::RuleIx;
use glob::Glob;
use spelled::{Kind, LONG, START, gate_bit, step};
use words::{Gap, Words};

/// The key names of all rules, compiled.
///
/// ```
/// use logmask::{detect::names::Names, span::RuleIx};
///
/// let none: [&str; 0] = [];
/// let names = Names::new([(RuleIx(0), ["password"], none)]);
/// let mut found = Vec::new();
/// names.lookup(b"db.userPassword2", &mut found);
/// assert_eq!(found[0].rule, RuleIx(0));
/// found.clear();
/// names.lookup(b"password_length", &mut found);
/// names.lookup(b"has_password", &mut found);
/// assert!(found.is_empty());
/// ```
#[derive(Debug, Default)]
pub struct Names {
    entries: Vec<Entry>,
    /// First entry of each bucket, one up; 0: none. A power of two long.
    heads: Vec<u16>,
    /// A Bloom filter of the last [`LONG`] letters of every name and trailing word.
    gate: Vec<u64>,
    /// Bit n: some name has n letters (63: or more).
    lengths: u64,
    longest: usize,
    globs: Vec<Glob>,
    tails: Vec<[u8; 4]>,
    any_tail: bool,
    /// Behind the names of these rules may stand whose they are; a bit each.
    owned: Vec<u64>,
}

/// A rule whose name the key bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The rule.
    pub rule: RuleIx,
    /// How many letters the name has; more is more specific.
    pub letters: u8,
}

/// What a key that matches ends with; see [`Names::tail`].
#[derive(Clone, Copy, Debug)]
pub struct Tails<'n> {
    /// Folded last bytes, unordered; 0 stands for any byte or none and comes first.
    pub list: &'n [[u8; 4]],
    /// A key may end with anything.
    pub any: bool,
}

/// One spelling that means something, found by the hash of its letters read backwards.
#[derive(Debug)]
struct Entry {
    hash: u64,
    /// Bit n: a word boundary stands n letters before the end.
    breaks: u64,
    /// Next entry of the same bucket, one up.
    next: u16,
    rule: u16,
    letters: u8,
    /// The name ends in a digit, so the key must too: `address1` is not `address`.
    digit: bool,
    kind: Kind,
}

impl Names {
    /// Says that the names of `rule` may be followed by whose it is: `API_KEY_STRIPE`.
    pub fn own(&mut self, rule: RuleIx) {
        let at = usize::from(rule.0) / 64;
        self.owned.resize(self.owned.len().max(at + 1), 0);
        self.owned[at] |= 1 << (rule.0 % 64);
    }

    /// Appends the rules whose names `key` bears (raw bytes as in the log, quotes stripped or not), each once with its longest name.
    pub fn lookup(&self, key: &[u8], out: &mut Vec<Match>) {
        let before = out.len();
        if !self.globs.is_empty() {
            self.by_glob(key, before, out);
        }
        if !self.may_match(key) {
            return;
        }
        let words = Words::split(key);
        let mut except = Exceptions::default();
        let mut owned = false;
        // A name may end before the last word when all words behind it are among those that change nothing.
        for last in 0..words.len() {
            let end = End { last, owned };
            self.ending_at(&words, end, false, before, &mut except, out);
            if words.word(last).len() > 3 && matches!(words.word(last).last(), Some(b's' | b'S')) {
                self.ending_at(&words, end, true, before, &mut except, out);
            }
            if !self.is_trailing(&words, last) {
                if !self.is_owner(&words, last) {
                    break;
                }
                owned = true;
            }
        }
        if except.len > 0 {
            let mut kept = before;
            for at in before..out.len() {
                if !except.covers(out[at]) {
                    out[kept] = out[at];
                    kept += 1;
                }
            }
            out.truncate(kept);
        }
    }

    /// Appends the rules with a glob that fits, unless one of their negative words is among those of the key.
    fn by_glob(&self, key: &[u8], before: usize, out: &mut Vec<Match>) {
        let (words, parted) = (Words::split(key), glob::parted(key));
        let is_not = |entry: &Entry, rule: RuleIx| entry.kind == Kind::Not && entry.rule == rule.0;
        let vetoed =
            |rule| (0..words.len()).any(|ix| self.chain(hash(words.word(ix))).any(|entry| is_not(entry, rule)));
        for glob in &self.globs {
            if (glob.matches(key) || glob.matches(&parted)) && !vetoed(glob.rule) {
                note(out, before, glob.rule, glob.letters);
            }
        }
    }

    /// For a filter in front of [`Names::lookup`]: a key whose [`Names::tail`] is not in here never matches.
    pub fn tails(&self) -> Tails<'_> {
        Tails { list: &self.tails, any: self.any_tail }
    }

    /// The last four bytes of a key, folded: what is no letter is cut off the end (digits, brackets, quotes), then ASCII
    /// letters are lower-cased and all that is no letter becomes `_`. A shorter key has zeros in front.
    pub fn tail(key: &[u8]) -> [u8; 4] {
        let end = key.iter().rposition(|&b| words::is_letter(b)).map_or(0, |at| at + 1);
        let mut tail = [0; 4];
        for (to, from) in tail.iter_mut().rev().zip(key[..end].iter().rev()) {
            *to = if words::is_letter(*from) { from.to_ascii_lowercase() } else { b'_' };
        }
        tail
    }

    /// The last letters of `key` are those of some name or trailing word. Most keys end here.
    fn may_match(&self, key: &[u8]) -> bool {
        let key = words::reach(key);
        let Some(last) = key.iter().rposition(|&byte| words::is_letter(byte)) else { return false };
        self.may_end_at(&key[..=last]) || matches!(key[last], b's' | b'S') && self.may_end_at(&key[..last])
    }

    fn may_end_at(&self, key: &[u8]) -> bool {
        let (mut hash, mut letters) = (START, 0);
        for (at, &byte) in key.iter().enumerate().rev() {
            if !words::is_letter(byte) {
                continue;
            }
            hash = step(hash, byte.to_ascii_lowercase());
            letters += 1;
            let begins = letters == LONG || byte.is_ascii_uppercase() || at == 0 || !words::is_letter(key[at - 1]);
            if begins && self.gate.get(gate_bit(hash) / 64).is_some_and(|bits| bits >> (gate_bit(hash) % 64) & 1 == 1) {
                return true;
            }
            if letters == LONG {
                return false;
            }
        }
        false
    }

    /// Looks for names that end with word `last`, less its final `s` if `plural`.
    fn ending_at(
        &self,
        words: &Words,
        End { last, owned }: End,
        plural: bool,
        before: usize,
        except: &mut Exceptions,
        out: &mut Vec<Match>,
    ) {
        let (mut hash, mut letters) = (START, 0);
        let (mut marks, mut humps) = (0u64, 0u64);
        for ix in last..words.len() {
            let word = words.word(ix);
            let cut = usize::from(plural && ix == last);
            for at in (0..word.len() - cut).rev() {
                hash = step(hash, word[at].to_ascii_lowercase());
                letters += 1;
                if letters > self.longest {
                    return;
                }
                if self.lengths >> letters.min(63) & 1 == 0 || at > 0 && letters < LONG {
                    continue;
                }
                for entry in self.chain(hash) {
                    let fits = match entry.kind {
                        Kind::Name { long, plural: may } => {
                            marks & !entry.breaks == 0
                                && (!owned || self.is_owned(entry.rule))
                                && (!entry.digit || words.digit_after(last))
                                && if at > 0 { long && ix == last } else { long || humps & !entry.breaks == 0 }
                                && (may || !plural)
                                && !(at > 0 && self.is_negative(&word[..at], entry.rule))
                                && !self.is_vetoed(words, ix + 1, entry.rule)
                        }
                        Kind::Except => {
                            if at == 0 && marks & !entry.breaks == 0 {
                                except.push(RuleIx(entry.rule), entry.letters);
                            }
                            false
                        }
                        Kind::Not | Kind::Trailing | Kind::Owner | Kind::Negative | Kind::NegativeFirst => false,
                    };
                    if fits {
                        note(out, before, RuleIx(entry.rule), entry.letters);
                    }
                }
            }
            let border = 1u64 << letters.min(63);
            match words.len() > ix + 1 {
                true if words.gap(ix + 1) == Gap::Hump => humps |= border,
                true => marks |= border,
                false => {}
            }
        }
    }

    /// A negative word stands before the name that begins after word `first`.
    fn is_vetoed(&self, words: &Words, first: usize, rule: u16) -> bool {
        for ix in first..words.len() {
            let level = words.gap(ix) == Gap::Level;
            if level && ix > first {
                return false;
            }
            let adjacent = ix == first;
            let opens = !level && (ix + 1 == words.len() || words.gap(ix + 1) == Gap::Level);
            for entry in self.chain(hash(words.word(ix))) {
                let veto = match entry.kind {
                    Kind::Not => adjacent && entry.rule == rule,
                    Kind::Negative => (adjacent && !level) || opens,
                    Kind::NegativeFirst => opens,
                    Kind::Name { .. } | Kind::Except | Kind::Trailing | Kind::Owner => false,
                };
                if veto {
                    return true;
                }
            }
            if level {
                return false;
            }
        }
        false
    }

    /// A negative word glued to the front of a name: `nopassword`.
    fn is_negative(&self, word: &[u8], rule: u16) -> bool {
        self.chain(hash(word)).any(|entry| match entry.kind {
            Kind::Not => entry.rule == rule,
            Kind::Negative => true,
            Kind::Name { .. } | Kind::Except | Kind::Trailing | Kind::Owner | Kind::NegativeFirst => false,
        })
    }

    /// Word `ix` says whose that is what the words before it name.
    fn is_owner(&self, words: &Words, ix: usize) -> bool {
        !self.owned.is_empty()
            && words.is_suffix(ix)
            && self.chain(hash(words.word(ix))).any(|entry| entry.kind == Kind::Owner)
    }

    fn is_owned(&self, rule: u16) -> bool {
        self.owned.get(usize::from(rule) / 64).is_some_and(|bits| bits >> (rule % 64) & 1 == 1)
    }

    fn is_trailing(&self, words: &Words, ix: usize) -> bool {
        let word = words.word(ix);
        // `apiKeyV2`: the number tells that the letter is a word.
        let version = || matches!(word, b"v" | b"V") && words.digit_after(ix);
        let gap = if words.len() > ix + 1 { words.gap(ix + 1) } else { Gap::Hump };
        // `token.c` is a file.
        let file = gap == Gap::Level && word.len() == 1 && !words.digit_after(ix);
        let parted = word.len() > 2 || gap != Gap::Hump && !file || version();
        parted && self.chain(hash(word)).any(|entry| entry.kind == Kind::Trailing)
    }

    fn chain(&self, hash: u64) -> impl Iterator<Item = &Entry> {
        let mut next = if self.heads.is_empty() { 0 } else { self.heads[bucket(hash, self.heads.len())] };
        std::iter::from_fn(move || {
            let entry = self.entries.get(usize::from(next).checked_sub(1)?)?;
            next = entry.next;
            Some(entry)
        })
        .filter(move |entry| entry.hash == hash)
    }
}

/// Where names are looked for.
#[derive(Clone, Copy)]
struct End {
    /// The word they end with.
    last: usize,
    /// Behind it stands whose it is.
    owned: bool,
}

/// Exceptions met during one lookup. More than fit are dropped, which masks more, not less.
#[derive(Default)]
struct Exceptions {
    list: [(u16, u8); 8],
    len: usize,
}

impl Exceptions {
    fn push(&mut self, rule: RuleIx, words: u8) {
        if self.len < self.list.len() {
            self.list[self.len] = (rule.0, words);
            self.len += 1;
        }
    }

    fn covers(&self, found: Match) -> bool {
        self.list[..self.len].iter().any(|&(rule, letters)| rule == found.rule.0 && letters >= found.letters)
    }
}

fn hash(word: &[u8]) -> u64 {
    word.iter().rev().fold(START, |hash, byte| step(hash, byte.to_ascii_lowercase()))
}

fn bucket(hash: u64, buckets: usize) -> usize {
    ((hash ^ hash >> 32) as usize) & (buckets - 1)
}

fn note(out: &mut Vec<Match>, before: usize, rule: RuleIx, letters: u8) {
    match out[before..].iter_mut().find(|found| found.rule == rule) {
        Some(found) => found.letters = found.letters.max(letters),
        None => out.push(Match { rule, letters }),
    }
}

#[cfg(test)]
mod tests;
