//! The rules that a name belongs to, alone or with what stands around it.

use super::dialect::{owner, sibling, xml};
use super::fields::Fields;
use super::key::{self, Key};
use super::known::{Front, Known, is_behind_no_word};
use super::names::Match;

/// What a name says by itself, beside the rules that know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    /// It is or holds a marker, which names what stood there, not what stands behind it: `REDACTED-phone: carrier rejected`,
    /// `"a b token=REDACTED-token":"x"`.
    pub marker: bool,
    /// The last word of names that have several: words in front of it may belong to it.
    pub last: bool,
    /// See [`sibling::is_value_key`].
    pub value: bool,
    /// See [`owner::is_part`].
    pub part: bool,
    /// See [`owner::is_vague`].
    pub vague: bool,
    /// See [`Paths::may_end_with`](super::paths::Paths::may_end_with).
    pub in_path: bool,
    /// A name of ASCII letters, digits and what joins words, which is the name of nothing else.
    pub plain: bool,
}

impl Traits {
    /// Of a name that says nothing.
    pub const NONE: Traits =
        Traits { marker: false, last: false, value: false, part: false, vague: false, in_path: false, plain: false };
}

impl Fields {
    /// What `name` says by itself.
    fn traits(&self, name: &[u8]) -> Traits {
        Traits {
            marker: name.starts_with(MARKER) || ends_in_marker(name),
            last: name.len() < 32 && self.last_words.contain(name),
            value: sibling::is_value_key(name),
            part: owner::is_part(name),
            vague: owner::is_vague(name),
            in_path: self.paths.may_end_with(name),
            plain: name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
                // Of a part of a form, whose value stands in later lines.
                && !name.eq_ignore_ascii_case(b"name")
                // What begins a record of CEF, and a contact card in the next lines.
                && !matches!(name, b"_auth" | b"CEF" | b"LEEF" | b"BEGIN"),
        }
    }

    /// The rules whose names match this one alone, and what it says by itself.
    pub(super) fn look_up(&self, name: &[u8], known: &mut Known, matches: &mut Vec<Match>) -> Traits {
        matches.clear();
        self.append(name, known, matches)
    }

    /// The same, appended.
    pub(super) fn append(&self, name: &[u8], known: &mut Known, matches: &mut Vec<Match>) -> Traits {
        known.look_up(name, matches, |matches| {
            let traits = self.traits(name);
            if !traits.marker {
                self.names.lookup(name, matches);
                self.paths.lookup_alone(name, matches);
            }
            traits
        })
    }

    /// The rules whose names match this key, or the words in front of it, or the name beside it; and what it says by itself.
    /// `at` is where its separator stands.
    pub fn rules_of(&self, text: &[u8], key: &Key, at: usize, known: &mut Known, matches: &mut Vec<Match>) -> Traits {
        let name = &text[key.name.range()];
        let traits = self.append(name, known, matches);
        if traits.marker {
            return traits;
        }
        if traits.last && may_have_words(text, key, at) {
            self.by_phrase(text, key, known, matches);
        }
        if matches.is_empty() && traits.value && !sibling::is_wrapped(text, key) {
            let value = at + 1 + text[at + 1..].iter().take(8).take_while(|b| **b == b' ').count();
            let beside = || xml::name_in_tag(text, key.start);
            let typed = || if text[at] == b'=' { xml::password_field(text, key.start) } else { None };
            if let Some(sibling) = typed().or_else(|| sibling::name(text, key, value)).or_else(beside) {
                self.names.lookup(&text[sibling.range()], matches);
            }
        }
        // A rule may know `nome` beside a surname alone.
        if traits.part || traits.vague && (matches.is_empty() || owner::is_name(name)) {
            self.by_surroundings(text, key, at, known, matches);
        }
        // `_auth` of an `.npmrc` is the base64 of user and password.
        if name == b"_auth" {
            self.names.lookup(b"auth_token", matches);
        }
        if traits.in_path {
            self.paths.lookup(text, key, matches);
        }
        traits
    }

    /// The rules that know the key together with the words in front of it.
    fn by_phrase(&self, text: &[u8], key: &Key, known: &mut Known, matches: &mut Vec<Match>) {
        let Some(phrase) = key::phrase(text, *key) else { return };
        let had = matches.len();
        self.append(&text[phrase.name.range()], known, matches);
        // Only what the words in front complete (`credit card number`), not what one word alone says.
        let alone = text[key.name.range()].iter().filter(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
        let mut at = had;
        while at < matches.len() {
            if matches[at].letters as usize > alone && !matches[..had].iter().any(|m| m.rule == matches[at].rule) {
                at += 1;
            } else {
                matches.swap_remove(at);
            }
        }
    }
}

/// `key=` is one word; `credit card number: ` may be several.
fn may_have_words(text: &[u8], key: &Key, at: usize) -> bool {
    text.get(key.name.end) != Some(&b'=')
        && key.start > 0
        && text[key.start - 1] == b' '
        && !text[at..].starts_with(b"://")
}

/// In front of which other bytes a key spelled like this, which is none of a rule, would be none either.
pub fn names_nothing(text: &[u8], key: &Key, traits: Traits) -> Option<Front> {
    let Traits { last, value, part, vague, in_path, plain, .. } = traits;
    if !plain || value || part || vague || in_path {
        return None;
    }
    // Words in front of it may belong to it.
    let alone = key.quote.is_some() || text[key.name.end] == b'=' || key.start == 0 || text[key.start - 1] != b' ';
    if alone || !last {
        return Some(Front::Byte);
    }
    is_behind_no_word(text, key.start - 1).then_some(Front::NoWord)
}

/// What each marker begins with.
const MARKER: &[u8] = b"REDACTED-";

/// Does a marker end it?
fn ends_in_marker(name: &[u8]) -> bool {
    let label = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
    memchr::memmem::rfind(name, MARKER).is_some_and(|at| name[at + MARKER.len()..].iter().all(label))
}
