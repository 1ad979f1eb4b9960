//! Several texts in one: rules hold thousands of names and literals, and at each start those of the binary are used where
//! they lie. Stands alone, as `src/build` uses it too.

use std::borrow::Cow;

/// Most bytes of one text; of longer ones this much is kept. The numbers behind it are no characters.
const LONGEST: usize = 0xD7FF;

/// A list of texts. In front of each stands its length in bytes, as the character of this number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(Cow<'static, str>);

impl Texts {
    /// Those that [`Texts::written`] made one.
    pub const fn of_written(written: &'static str) -> Texts {
        Texts(Cow::Borrowed(written))
    }

    /// All of them as one text.
    pub fn written(&self) -> &str {
        &self.0
    }

    /// None?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds some at the end.
    pub fn extend(&mut self, more: &[&str]) {
        if !more.is_empty() {
            *self = self.iter().chain(more.iter().copied()).collect();
        }
    }

    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        let mut rest = &self.0[..];
        std::iter::from_fn(move || {
            let mut chars = rest.chars();
            let length = chars.next()? as usize;
            let text;
            (text, rest) = chars.as_str().split_at_checked(length)?;
            Some(text)
        })
    }
}

impl<T: AsRef<str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Texts {
        let mut written = String::new();
        for text in texts {
            let text = text.as_ref();
            let mut length = text.len().min(LONGEST);
            while !text.is_char_boundary(length) {
                length -= 1;
            }
            written.extend(char::from_u32(length as u32));
            written += &text[..length];
        }
        Texts(Cow::Owned(written))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_out_as_they_went_in() {
        let long = "\u{e9}".repeat(300);
        for texts in [&[][..], &["one"], &["one", "", "two, three", &long, "\u{e9}\0"]] {
            let all: Texts = texts.iter().collect();
            assert!(all.iter().eq(texts.iter().copied()) && all.is_empty() == texts.is_empty(), "{all:?}");
        }
        let too_long = ["\u{e9}".repeat(LONGEST), "behind".to_owned()];
        let all: Texts = too_long.iter().collect();
        let lengths: Vec<usize> = all.iter().map(str::len).collect();
        assert_eq!(lengths, [LONGEST - 1, "behind".len()]);
    }
}
