//! Which strings are open at a place of a record.

use super::quote::{Quote, closing, doubled};
use crate::slashes;

/// Which double-quoted strings are open at a place: bit `L` says that a string of level `L` is.
///
/// Moves forward over a record once, whatever the number of places asked about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nesting {
    at: usize,
    open: u32,
    /// Those that are open where the text begins.
    first: u32,
    /// A string in apostrophes was seen that doubles the backslashes of its quotes, see [`doubled_string`].
    doubled: bool,
    /// A string, a place in it, and where it ends: one that is never closed is looked through once.
    end: Option<(Quote, usize, usize)>,
}

impl Nesting {
    /// The same strings, seen from the start of a text that begins here.
    #[must_use]
    pub fn restart(self) -> Nesting {
        Nesting { at: 0, first: self.open, end: None, ..self }
    }

    /// Moves on to `at`. Going back starts over.
    pub fn move_to(&mut self, text: &[u8], at: usize) {
        if at < self.at {
            *self = Nesting { open: self.first, first: self.first, ..Nesting::default() };
        }
        let from = self.at;
        for found in memchr::memchr_iter(b'"', &text[from..at]) {
            let escaped = from + found > 0 && text[from + found - 1] == b'\\';
            let level = if escaped { self.level_of_escaped(text, from + found) } else { 0 };
            self.open = (self.open ^ 1 << level) & ((2 << level) - 1);
        }
        self.at = at;
    }

    /// The level of the double quote at `at`, which has backslashes in front.
    fn level_of_escaped(&mut self, text: &[u8], at: usize) -> u32 {
        let slashes = slashes::trailing(&text[..at]);
        if slashes.is_multiple_of(2) {
            self.doubled = self.doubled || self.open & 1 != 0 && opens_doubled(text, at, slashes);
            if self.doubled {
                return (slashes >> 1).trailing_ones().min(16);
            }
        }
        slashes.trailing_ones().min(16)
    }

    /// The deepest string that is open here.
    pub fn innermost(self) -> Option<Quote> {
        (self.open != 0).then(|| self.quote(self.open.ilog2()))
    }

    /// The end of the innermost string here, or of `text`.
    pub fn end(&mut self, text: &[u8]) -> usize {
        let Some(quote) = self.innermost() else { return text.len() };
        // Next to a quote or a backslash it may be one of two.
        let apart = |at: usize| at > 0 && !matches!(text[at - 1], b'"' | b'\\') && text.get(at) != Some(&b'"');
        if let Some((known, from, end)) = self.end
            && known == quote
            && (from..=end).contains(&self.at)
            && apart(self.at)
        {
            return end;
        }
        let end = closing(text, self.at, quote).unwrap_or(text.len());
        self.end = Some((quote, self.at, end));
        end
    }

    /// The string that all others here are in.
    pub fn outermost(self) -> Option<Quote> {
        (self.open != 0).then(|| self.quote(self.open.trailing_zeros()))
    }

    fn quote(self, level: u32) -> Quote {
        Quote { byte: b'"', level, depth: u32::from(self.doubled) }
    }

    /// How many double-quoted strings are open here.
    pub fn depth(self) -> u32 {
        self.open.count_ones()
    }
}

/// Does the double quote at `at` open a string, with so many backslashes in front, an even number? None of JSON does: in a
/// string that ends with a backslash of its own, what follows is no text.
fn opens_doubled(text: &[u8], at: usize, slashes: usize) -> bool {
    doubled(b'"', slashes).is_some()
        && at.checked_sub(slashes + 1).is_some_and(|before| b"{[,: (=".contains(&text[before]))
        && text.get(at + 1).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

/// The level of quotes in the string that is open at `at`; 0 if none is. The message of docker is a string.
pub fn level_at(text: &[u8], at: usize) -> u32 {
    let mut around = Nesting::default();
    around.move_to(text, at);
    around.innermost().map_or(0, |outer| outer.level + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn strings_whose_backslashes_are_doubled_are_one_deeper() {
        let innermost = |text: &str| {
            let mut nesting = Nesting::default();
            nesting.move_to(text.as_bytes(), text.find('@').expect("a place"));
            nesting.innermost().map(|quote| (quote.level, quote.depth))
        };
        for (text, expected) in [
            (r#"{"a":"{\\"b\\":[\\"@"#, Some((1, 1))),
            (r#"{"a":"{\\"b\\":[@"#, Some((0, 1))),
            (r#"{"a":"{\\"b\\":\\"{\\\\\\"c\\\\\\":\\\\\\"@"#, Some((2, 1))),
            (r#"{"dir":"C:\\","b":"@"#, Some((0, 0))),
            (r#"{"dir":"C:\\","b":@"#, None),
            (r#"{"a":"{\"b\\":@"#, None),
        ] {
            assert_eq!(innermost(text), expected, "{text}");
        }
    }

    #[test]
    fn nesting_knows_the_innermost_string() {
        let text = br#"{"a":"x \"b\" y","c":"\"d\":\\\"e"#;
        let mut nesting = Nesting::default();
        let level_at = |n: &mut Nesting, at| {
            n.move_to(text, at);
            n.innermost().map(|q| q.level)
        };
        assert_eq!(level_at(&mut nesting, 1), None);
        assert_eq!(level_at(&mut nesting, 7), Some(0));
        assert_eq!(level_at(&mut nesting, 10), Some(1));
        assert_eq!(level_at(&mut nesting, 13), Some(0));
        assert_eq!(level_at(&mut nesting, text.len()), Some(2));
        assert_eq!(level_at(&mut nesting, 3), Some(0));
    }

    proptest! {
        #[test]
        fn the_end_that_is_remembered_is_the_one_that_is_found(text in r#"([a,]|\\|"|\\"){0,40}"#) {
            let text = text.as_bytes();
            let mut nesting = Nesting::default();
            for at in 0..=text.len() {
                nesting.move_to(text, at);
                let found = nesting.innermost().and_then(|quote| closing(text, at, quote));
                prop_assert_eq!(nesting.end(text), found.unwrap_or(text.len()), "at {}", at);
            }
        }
    }
}
