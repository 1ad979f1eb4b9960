//! Literals at which patterns are tried: those of the built-in rules in a table that is in the binary, those of other rules in
//! one that is made at the start.

pub mod build;
pub mod table;

pub use build::Builder;
pub use table::{BY_HAND, Look, Owner, Stands, Table};

use build::Tables;

/// All of them.
pub struct Anchors {
    built_in: Table<'static>,
    own: Tables,
    /// Whether there are any of these.
    both: bool,
}

impl Default for Anchors {
    fn default() -> Anchors {
        Anchors::new(Table::NONE, Builder::default())
    }
}

impl Anchors {
    /// Those in the binary, or none, and `own`.
    pub fn new(built_in: Table<'static>, own: Builder) -> Anchors {
        let own = own.build();
        Anchors { built_in, both: !own.table().list.is_empty(), own }
    }

    /// Calls `each` with the patterns of each literal that stands at `at`.
    #[inline]
    pub fn each_at(&self, text: &[u8], at: usize, mut each: impl FnMut(&[Owner])) {
        self.built_in.each_at(text, at, &mut each);
        if self.both {
            self.own.table().each_at(text, at, &mut each);
        }
    }

    /// Does any literal stand at `at`?
    #[inline]
    pub fn is_at(&self, text: &[u8], at: usize) -> bool {
        self.stands(text, at) == Stands::Whole
    }

    /// How much of any literal stands at `at`.
    #[inline]
    pub fn stands(&self, text: &[u8], at: usize) -> Stands {
        let stands = self.built_in.stands(text, at);
        if self.both && stands != Stands::Whole { stands.max(self.own.table().stands(text, at)) } else { stands }
    }

    /// Of the literals at `at`.
    pub fn look_at(&self, text: &[u8], at: usize) -> Look {
        let look = self.built_in.look_at(text, at);
        if !self.both {
            return look;
        }
        let own = self.own.table().look_at(text, at);
        Look { by_hand: look.by_hand || own.by_hand, bytes: look.bytes.max(own.bytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::hook::Hook;
    use super::*;

    fn patterns_at(anchors: &Anchors, text: &str, at: usize) -> Vec<u16> {
        let mut all = Vec::new();
        anchors.each_at(text.as_bytes(), at, |owners| all.extend(owners.iter().map(|owner| owner.pattern)));
        all.sort_unstable();
        all
    }

    fn add(builder: &mut Builder, literal: &str, place: usize, pattern: u16) {
        builder.add(&Hook { literal: literal.as_bytes(), place, inside: place > 0 }, pattern);
    }

    #[test]
    fn every_literal_is_found_where_it_stands() {
        let words = ["ghp_", "gho_", "xox", "sk-ant-admin01-", "AKIA", "sk-"];
        let mut builder = Builder::default();
        words.iter().enumerate().for_each(|(i, word)| add(&mut builder, word, 0, i as u16));
        add(&mut builder, ".atlasv1.", 1, 9);
        let anchors = Anchors::new(Table::NONE, builder);
        let found = |text: &str, at: usize| patterns_at(&anchors, text, at);
        for (i, word) in words.iter().enumerate() {
            assert!(found(&format!("x {word}"), 2).contains(&(i as u16)), "{word}");
            assert!(!found(&format!("x {}", &word[..word.len() - 1]), 2).contains(&(i as u16)), "{word}");
        }
        assert_eq!(found("a.atlasv1.b", 2), [9]);
        assert_eq!(found("a-atlasv1.b", 2), [0; 0]);
        assert_eq!(found("sk-ant-admin01-x", 0), [3, 5]);
    }

    #[test]
    fn patterns_of_one_literal_are_found_together() {
        let words =
            ["token=", "token: ", "secret_key_of_a", "token=", "secret_key_of_b", "token", "token=", "abc", "abc"];
        let mut builder = Builder::default();
        words.iter().enumerate().for_each(|(i, word)| add(&mut builder, word, 0, i as u16));
        let anchors = Anchors::new(Table::NONE, builder);
        let found = |text: &str| patterns_at(&anchors, text, 0);
        assert_eq!(anchors.own.table().list.len(), 6);
        let bytes = |text: &str, at: usize| anchors.look_at(text.as_bytes(), at).bytes;
        assert_eq!((bytes("secret_key_of_b", 0), bytes("secret_kex", 0), bytes("secret_keyring", 0)), (15, 10, 11));
        for (text, patterns) in
            [("token=x", vec![0, 3, 5, 6]), ("token: ", vec![1, 5]), ("secret_key_of_b", vec![4]), ("abcd", vec![7, 8])]
        {
            assert_eq!(found(text), patterns, "{text}");
        }
    }
}
