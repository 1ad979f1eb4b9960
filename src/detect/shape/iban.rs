//! Bank account numbers in the IBAN form.

use super::boundary::{glued, word};
use crate::span::Span;
use crate::validate::iban::{LONGEST, checked, length};

/// The IBAN (ISO 13616-1) that begins with the letter at `at`: compact in either case, or upper case in groups of four
/// with single spaces or dashes between. Country, its length and MOD 97-10 have to fit.
pub fn find(text: &[u8], at: usize) -> Option<Span> {
    let [c, d] = *text.get(at + 2..)?.first_chunk()?;
    let count = country_length(text, at)?;
    if !(c.is_ascii_digit() && d.is_ascii_digit()) || glued(text, at) {
        return None;
    }
    let lower = text[at].is_ascii_lowercase();
    let separator = text.get(at + 4).copied().filter(|b| matches!(b, b' ' | b'-') && !lower);
    let mut iban = [0; LONGEST];
    let mut end = at;
    for (i, to) in iban[..count].iter_mut().enumerate() {
        if i > 0 && i % 4 == 0 && separator.is_some() {
            (text.get(end).copied() == separator).then_some(())?;
            end += 1;
        }
        let byte = *text.get(end)?;
        if !byte.is_ascii_alphanumeric() || (byte.is_ascii_alphabetic() && byte.is_ascii_lowercase() != lower) {
            return None;
        }
        *to = byte.to_ascii_uppercase();
        end += 1;
    }
    let after = text.get(end).is_some_and(|b| word(*b));
    (!after && checked(&iban[..count])).then_some(Span::new(at, end))
}

/// As [`find`], as far as the country tells: see [`shape::may`](super::may).
pub fn may(lines: &[u8], at: usize) -> bool {
    country_length(lines, at).is_some()
}

/// How many characters an IBAN of the country has whose two letters, of one case, stand at `at`.
fn country_length(text: &[u8], at: usize) -> Option<usize> {
    let [a, b] = *text.get(at..)?.first_chunk()?;
    let letters =
        a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && a.is_ascii_lowercase() == b.is_ascii_lowercase();
    length([a.to_ascii_uppercase(), b.to_ascii_uppercase()]).filter(|_| letters)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{finds_where, stays_linear_where};
    use super::*;

    fn letter(text: &[u8], at: usize) -> bool {
        text[at].is_ascii_alphabetic()
    }

    #[test]
    fn finds_compact_and_grouped_numbers() {
        for (text, found) in [
            ("to DE89370400440532013000.", "DE89370400440532013000"),
            ("DE89 3704 0044 0532 0130 00 x", "DE89 3704 0044 0532 0130 00"),
            ("GB29 NWBK 6016 1331 9268 19 REF", "GB29 NWBK 6016 1331 9268 19"),
            ("iban=NL91ABNA0417164300&", "NL91ABNA0417164300"),
            ("NL91-ABNA-0417-1643-00", "NL91-ABNA-0417-1643-00"),
            ("de89370400440532013000", "de89370400440532013000"),
            ("NO9386011117947", "NO9386011117947"),
            ("BE68 5390 0754 7034", "BE68 5390 0754 7034"),
            ("\\nBE68539007547034", "BE68539007547034"),
        ] {
            assert_eq!(finds_where(find, letter, text), found, "{text:?}");
        }
    }

    #[test]
    fn other_texts_stay() {
        for text in [
            "DE89370400440532013001",
            "DE8937040044053201300",
            "DE893704004405320130000",
            "XDE89370400440532013000",
            "DE89370400440532013000X",
            "dE89370400440532013000",
            "DE89 37040044 0532 0130 00",
            "DE89 3704-0044 0532 0130 00",
            "de89 3704 0044 0532 0130 00",
            "DE89 3704 0044 0532 0130 001",
            "US64SVBKUS6S3300958879",
            "DE89",
            "D",
            "DE89 ",
        ] {
            assert_eq!(finds_where(find, letter, text), "", "{text:?}");
        }
    }

    #[test]
    fn a_repeated_fragment_costs_linear_time() {
        for fragment in ["DE89 ", "DE89", "D", "MT84MALT"] {
            stays_linear_where(find, letter, fragment);
        }
    }
}
