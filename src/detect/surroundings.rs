//! Fields whose key says too little: what is around them tells what they hold.

use super::dialect::xml::{self, Near};
use super::dialect::{owner, sibling};
use super::fields::Fields;
use super::key::Key;
use super::known::Known;
use super::names::Match;
use crate::validate::full_name;

impl Fields {
    /// Appends the rules of a key that only the object it stands in, or the member beside it, tells from others of its name.
    /// `at` is where its separator stands.
    pub(super) fn by_surroundings(
        &self,
        text: &[u8],
        key: &Key,
        at: usize,
        known: &mut Known,
        matches: &mut Vec<Match>,
    ) {
        // See `owner::is_vague`.
        let name = &text[key.name.range()];
        let name = name.strip_prefix(b"[").unwrap_or(name);
        let value = at + 1 + text[at + 1..].iter().take(8).take_while(|b| **b == b' ').count();
        if (owner::is_holder(name) || owner::is_name(name)) && owner::is_person(text, value) {
            self.names.lookup(b"first_name", matches);
            return;
        }
        if owner::is_user(name) {
            if owner::is_full_name(text, value) && !owner::is_account(text, value) {
                self.names.lookup(b"first_name", matches);
            }
            return;
        }
        // The parts of an address are judged one by one.
        if owner::is_address(name) && !owner::is_place(text, value) {
            return;
        }
        if let Some(joined) = owner::joined(text, key) {
            self.names.lookup(&joined, matches);
        }
        if !matches.is_empty() {
            return;
        }
        if owner::is_number(name) {
            if let Some(kind) = sibling::kind_beside(text, key, value) {
                self.names.lookup(&[&text[kind.range()], &b"_number"[..]].concat(), matches);
            }
            return;
        }
        // 1. Is it a name, or the address of a house?
        let (of, words) = if owner::is_name(name) {
            (&b"first_name"[..], owner::is_full_name(text, value))
        } else if owner::is_address(name) {
            (&b"street_address"[..], true)
        } else {
            return;
        };
        // A house says so itself, and so does the full name of a user.
        let user = || owner::joined(text, key).is_some_and(|joined| joined.eq_ignore_ascii_case(b"user.name"));
        let alone = if owner::is_address(name) { owner::is_house(text, value) } else { words && user() };
        if alone {
            self.names.lookup(of, matches);
            return;
        }
        // 2. What is beside it is a person's.
        let mut rules = |name: &[u8]| {
            let mut found = Vec::new();
            self.append(name, known, &mut found);
            found
        };
        let whole = (key.quote.is_some() || text[at] == b'=') && words;
        // Mostly there is nothing beside it that any rule knows.
        let beside = sibling::is_beside(text, key, value, words, |name, value| {
            if whole && owner::is_address(name) && value.contains(&b'@') {
                return true;
            }
            let found = rules(name);
            let mut of = |other: &[u8]| {
                !found.is_empty() && rules(other).iter().any(|one| found.iter().any(|found| found.rule == one.rule))
            };
            of(b"first_name") || whole && (of(b"email") || of(b"postal_code") || of(b"phone_number"))
        });
        if beside {
            matches.append(&mut rules(of));
        }
    }

    /// Appends the rules of an element `name`, whose start tag begins at `start`, that only what it stands in, or the elements
    /// beside it, tell from others of its name. Its end tag begins at `end`.
    pub(super) fn by_elements(&self, text: &[u8], start: usize, end: usize, value: &[u8], matches: &mut Vec<Match>) {
        if !owner::is_full(value) {
            return;
        }
        let person = full_name::holds(value)
            || xml::around(text, start, end).into_iter().flatten().any(|near| {
                let Near { name, holds } = near;
                if holds && name.eq_ignore_ascii_case(b"user") {
                    return true;
                }
                let mut found = Vec::new();
                if holds {
                    self.names.lookup(&[name, b".name"].concat(), &mut found);
                } else {
                    self.names.lookup(name, &mut found);
                }
                let of = |other: &[u8]| {
                    let mut rules = Vec::new();
                    self.names.lookup(other, &mut rules);
                    rules.iter().any(|one| found.iter().any(|found| found.rule == one.rule))
                };
                of(b"first_name") || !holds && (of(b"email") || of(b"postal_code") || of(b"phone_number"))
            });
        if person {
            self.names.lookup(b"first_name", matches);
        }
    }
}
