//! Text up to a line that says where it ends: a here-document of a shell, of Ruby or of Terraform (POSIX, 2.7.4; HCL,
//! "Heredoc Strings"), a string in three quotes (TOML 1.0, "String"; Python), and a string that alone is the next line.

use super::below::ends_value;
use super::{Body, Claim, Next, blanks};
use crate::format::quote::{behind, closing, is_quote, quote_at};
use crate::span::Span;
use memchr::memmem;

/// The word that ends a here-document; its first bytes, and how many it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word([u8; 12], usize);

impl Word {
    fn of(word: &[u8]) -> Word {
        let mut first = [0; 12];
        first.iter_mut().zip(word).for_each(|(to, from)| *to = *from);
        Word(first, word.len())
    }
}

/// The word that `rest`, the value of a field, says to read up to: `<<EOT`, `<<-'EOT'`, `<<~EOT`.
pub fn word(rest: &[u8]) -> Option<Word> {
    let rest = rest.strip_prefix(b"<<")?;
    let rest = rest.strip_prefix(b"-").or_else(|| rest.strip_prefix(b"~")).unwrap_or(rest);
    let quoted = |quote: u8| rest.strip_prefix(&[quote])?.strip_suffix(&[quote]);
    let word = quoted(b'"').or_else(|| quoted(b'\'')).unwrap_or(rest);
    let plain = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    (word.first()?.is_ascii_alphabetic() && word.iter().all(plain)).then(|| Word::of(word))
}

pub(super) fn here(payload: &[u8], end: Word, claim: &mut impl FnMut(Claim)) -> Next {
    let text = payload.trim_ascii();
    if Word::of(text) == end {
        return Next::Closed;
    }
    let start = blanks(payload).min(payload.len());
    claim((Span::new(start, start + text.len()), None));
    Next::Open(Body::Here(end))
}

pub(super) fn three(payload: &[u8], quote: u8, claim: &mut impl FnMut(Claim)) -> Next {
    let end = memmem::find(payload, &[quote; 3]);
    let start = blanks(payload).min(end.unwrap_or(payload.len()));
    claim((Span::new(start, end.unwrap_or(payload.len())), None));
    if end.is_some() { Next::Closed } else { Next::Open(Body::Three(quote)) }
}

/// What follows a statement that ends its line with `password =`: a string, and nothing else is a value.
pub(super) fn string(payload: &[u8], claim: &mut impl FnMut(Claim)) -> Next {
    let start = blanks(payload);
    let Some(first) = payload.get(start) else { return Next::Open(Body::String) };
    if !is_quote(*first) {
        return Next::Closed;
    }
    let quote = quote_at(payload, start);
    let end = closing(payload, start + 1, quote);
    // A key of its own, or the first words of something else: `"key": …`.
    let ends = |rest: &[u8]| ends_value(rest) || is_in_tag(rest.trim_ascii_start());
    if end.is_some_and(|end| !ends(&payload[behind(payload, end)..])) {
        return Next::Closed;
    }
    claim((Span::new(start + 1, end.unwrap_or(payload.len())), None));
    if end.is_some() { Next::Closed } else { Next::Open(Body::Quoted { quote }) }
}

/// Does a tag end here, or go on with its next attribute, `port="1"/>`?
fn is_in_tag(rest: &[u8]) -> bool {
    let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_-.:".contains(b)).count();
    matches!(rest, [b'>', ..] | [b'/', b'>', ..]) || name > 0 && rest.ends_with(b">") && rest[name..].starts_with(b"=")
}
