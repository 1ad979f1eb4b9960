//! Bank account numbers of a bank that is none.

use super::stream::Stream;
use crate::action::Key;
use crate::validate::iban::{checked, length};

/// Same country, length, grouping and kinds of characters; the first four of the bank code are zeros, or of `TEST` where
/// letters stand; check digits by ISO 7064. Check digits that a country has inside of its own are not made. One like
/// this becomes another one: a bank of Brazil has zeros.
pub(super) fn of(key: &Key, text: &str) -> Option<String> {
    let plain: Vec<u8> = text.bytes().filter(|b| !matches!(b, b' ' | b'-')).map(|b| b.to_ascii_uppercase()).collect();
    let country = [*plain.first()?, *plain.get(1)?];
    if !plain.iter().all(u8::is_ascii_alphanumeric) || length(country) != Some(plain.len()) || plain.len() < 12 {
        return None;
    }
    let bank = |at: usize, b: u8| if b.is_ascii_digit() { b'0' } else { b"TEST"[at] };
    let mut stream = Stream::new(key, "iban", &plain);
    let mut made = vec![country[0], country[1], b'0', b'0'];
    while made.len() == 4 || made[4..] == plain[4..] {
        made.truncate(4);
        made.extend(plain[4..].iter().enumerate().map(|(at, b)| match b {
            b if at < 4 => bank(at, *b),
            b'0'..=b'9' => b'0' + stream.below(10) as u8,
            _ => b'A' + stream.below(26) as u8,
        }));
    }
    // One of 02 to 98 fits.
    (2..=98).find(|check: &u8| {
        (made[2], made[3]) = (b'0' + check / 10, b'0' + check % 10);
        checked(&made)
    })?;
    let mut made = made.into_iter();
    let spelled = text.bytes().map(|b| match b {
        b' ' | b'-' => b,
        b => made.next().map_or(b, |new| if b.is_ascii_lowercase() { new.to_ascii_lowercase() } else { new }),
    });
    String::from_utf8(spelled.collect()).ok()
}
