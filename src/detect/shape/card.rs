//! Payment card numbers.

use super::boundary::{glued, word};
use crate::span::Span;
use crate::validate::card::{checked, issuer};

/// The card number (ISO/IEC 7812) that begins with the digit at `at`: an issuer's range and length, Luhn, and written
/// bare or in the groups that are printed on cards, with one kind of separator, space or dash; people
/// type dots, too. Part of a longer number,
/// word, UUID or decimal is none.
pub fn find(text: &[u8], at: usize) -> Option<Span> {
    let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    if !may(text, at) || glued(text, at) {
        return None;
    }
    let first = text[at..].iter().take(LONGEST + 1).take_while(|b| b.is_ascii_digit()).count();
    let separator = text.get(at + first).copied().filter(|b| matches!(b, b' ' | b'-' | b'.'));
    match (first, separator) {
        // No card prints dots, but people type them.
        (4, Some(b'.')) => grouped(text, at, b'.', &[4, 4, 4, 4]),
        (_, Some(b'.')) if first < 12 => None,
        // People type two blanks as well, and columns have them.
        (4, Some(b' ')) if text.get(at + 5) == Some(&b' ') => spaced(text, at),
        (4, Some(separator)) => GROUPS.iter().find_map(|groups| grouped(text, at, separator, groups)),
        (6, Some(separator)) => grouped(text, at, separator, &[6, 13]),
        (12..=LONGEST, _) => {
            let end = at + first;
            let stop = joined_after(text, end) || (text.get(end) == Some(&b'-') && digit(end + 1));
            let (digits, count) = digits(&text[at..end]);
            let distinctive = issuer(&digits[..count]).is_some_and(|issuer| count >= issuer.bare);
            let card = !stop && distinctive && checked(&digits[..count]);
            // Milliseconds and article numbers have thirteen digits, ids of machines and messages nineteen; but for those of
            // UnionPay, hardly a card has so many.
            let usual = matches!(count, 14..=16) || text[at..].starts_with(b"62");
            (card && (usual || is_said(text, at))).then_some(Span::new(at, end))
        }
        _ => None,
    }
}

/// As [`find`], as far as the first digit and what stands in front of it tell: see [`shape::may`](super::may).
pub fn may(lines: &[u8], at: usize) -> bool {
    matches!(lines[at], b'1'..=b'6' | b'8' | b'9') && !joined_before(lines, at)
}

/// The number written in these groups.
fn grouped(text: &[u8], at: usize, separator: u8, groups: &[usize]) -> Option<Span> {
    let end = at + groups.iter().sum::<usize>() + groups.len() - 1;
    let run = text.get(at..end)?;
    let mut rest = run;
    for (i, &length) in groups.iter().enumerate() {
        if !rest[..length].iter().all(u8::is_ascii_digit) {
            return None;
        }
        rest = &rest[length..];
        if i + 1 < groups.len() {
            rest = rest.strip_prefix(&[separator])?;
        }
    }
    let continued = separator == b'-' && text.get(end) == Some(&b'-') && text.get(end + 1).is_some_and(|b| word(*b));
    let (digits, count) = digits(run);
    let card =
        !continued && !joined_after(text, end) && issuer(&digits[..count]).is_some() && checked(&digits[..count]);
    card.then_some(Span::new(at, end))
}

/// The four groups of four with two blanks between them.
fn spaced(text: &[u8], at: usize) -> Option<Span> {
    let end = at + 4 * 4 + 3 * 2;
    let run = text.get(at..end)?;
    let place = |(i, b): (usize, &u8)| if i % 6 < 4 { b.is_ascii_digit() } else { *b == b' ' };
    let (digits, count) = if run.iter().enumerate().all(place) { digits(run) } else { return None };
    let card = !joined_after(text, end) && issuer(&digits[..count]).is_some() && checked(&digits[..count]);
    card.then_some(Span::new(at, end))
}

/// A word for cards stands in front of the number, not far away.
fn is_said(text: &[u8], at: usize) -> bool {
    const WORDS: [&[u8]; 7] = [b"card", b"visa", b"pan", b"credit", b"debit", b"payment", b"maestro"];
    let near = text[at.saturating_sub(48)..at].to_ascii_lowercase();
    WORDS.iter().any(|word| memchr::memmem::find(&near, word).is_some())
}

/// The digits of at most 19, as numbers.
fn digits(text: &[u8]) -> ([u8; LONGEST], usize) {
    let (mut digits, mut count) = ([0; LONGEST], 0);
    for byte in text.iter().filter(|b| b.is_ascii_digit()) {
        digits[count] = byte - b'0';
        count += 1;
    }
    (digits, count)
}

/// Something before makes the digits the rest of a longer number or name: `order-4111…`, `0.4111…`, `+4111…`, `$1,411…`.
fn joined_before(text: &[u8], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map(|i| text[i]);
    match before(1) {
        Some(b'-') => before(2).is_some_and(word),
        Some(b'.') => before(2).is_some_and(|b| b.is_ascii_digit()),
        // A word of a form: `card+4111…`.
        Some(b'+') => !before(2).is_some_and(|b| b.is_ascii_lowercase()),
        _ => false,
    }
}

/// The digits go on as a word or a decimal.
fn joined_after(text: &[u8], end: usize) -> bool {
    match text.get(end) {
        Some(b'.') => text.get(end + 1).is_some_and(u8::is_ascii_digit),
        Some(b'-') => text.get(end + 1).is_some_and(u8::is_ascii_alphanumeric),
        Some(b) => word(*b),
        None => false,
    }
}

/// Most digits of a number (ISO/IEC 7812-1).
const LONGEST: usize = 19;

/// As printed on cards, after a first group of four; longest first, so that none is cut.
const GROUPS: &[&[usize]] = &[&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4], &[4, 5, 6], &[4, 4, 5]];

#[cfg(test)]
mod tests {
    use super::super::testing::{finds_where, stays_linear_where};
    use super::*;

    fn digit(text: &[u8], at: usize) -> bool {
        text[at].is_ascii_digit() && (at == 0 || !text[at - 1].is_ascii_digit())
    }

    #[test]
    fn finds_numbers_as_cards_print_them() {
        for (text, found) in [
            ("card 4111111111111111.", "4111111111111111"),
            ("pan=4111-1111-1111-1111&x", "4111-1111-1111-1111"),
            ("4111 1111 1111 1111", "4111 1111 1111 1111"),
            ("4111.1111.1111.1111.", "4111.1111.1111.1111"),
            ("3782 822463 10005", "3782 822463 10005"),
            ("3782-822463-10005", "3782-822463-10005"),
            ("378282246310005", "378282246310005"),
            ("3056 930902 5904", "3056 930902 5904"),
            ("30569309025904", "30569309025904"),
            (
                "4012888888881881 4012-8888-8888-1881 4012 8888 8888 1881",
                "4012888888881881 | 4012-8888-8888-1881 | 4012 8888 8888 1881",
            ),
            ("4111 1111 1111 1111 123 12/27", "4111 1111 1111 1111"),
            ("10:00:00 4111 1111 1111 1111", "4111 1111 1111 1111"),
            ("4111 1111 1111 1111 1111", "4111 1111 1111 1111"),
            ("'card'=>'4111111111111111'", "4111111111111111"),
            ("VISA: 4222222222222", "4222222222222"),
            ("2223003122003222", "2223003122003222"),
            ("\\n4111111111111111", "4111111111111111"),
            ("1,4111111111111111,2", "4111111111111111"),
            ("[4111111111111111]", "4111111111111111"),
            ("4111  1111  1111  1111 ", "4111  1111  1111  1111"),
            ("4111111111111111 - ok", "4111111111111111"),
            ("--card-4111111111111111", ""),
        ] {
            assert_eq!(finds_where(find, digit, text), found, "{text:?}");
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "4111111111111112",
            "411111111111111",
            "41111111111111111",
            "4111 1111-1111 1111",
            "4111  1111 1111 1111",
            "41111111 11111111",
            "x4111111111111111",
            "4111111111111111x",
            "_4111111111111111",
            "0.4111111111111111",
            "4111111111111111.5",
            "+4111111111111111",
            "1-4111111111111111",
            "4111-1111-1111-1111-1111",
            "f47ac10b-58cc-4111-1111-111111111111",
            "1746565238000",
            "id=4222222222222",
            "instances/4567890123456789012",
            "20250101120000",
            "1746565238000123",
            "1746565238000123456",
            "processed 4111 of 1111111 rows",
            "4111  1111  1111 1111",
            "order number 3159778022988064 not found",
            "4111.1111.1111.1112",
            "4111.1111.1111.1111.1",
            "3782.822463.10005",
            "135412345678911",
            "690000000007",
            "4111",
            "4111 1111 1111",
            "",
        ] {
            assert_eq!(finds_where(find, digit, text), "", "{text:?}");
        }
    }

    #[test]
    fn a_repeated_fragment_costs_linear_time() {
        for fragment in ["4111 1111 ", "4111-", "4", "4111111111111111 ", "4 "] {
            stays_linear_where(find, |text, at| text[at].is_ascii_digit(), fragment);
        }
    }
}
