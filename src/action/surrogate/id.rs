//! Numbers of cards, devices and people, with the check digits they need.

use super::stream::{Stream, filled};
use crate::action::Key;
use crate::validate::luhn;

/// A card number of the same brand, length and grouping, out of the ranges that payment processors publish test numbers
/// of; one of these becomes another one, because banks give out numbers in these ranges, too. `None` for a brand without such.
pub(super) fn card(key: &Key, text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'.'));
    if !plain || !(12..=19).contains(&digits.len()) {
        return None;
    }
    let tests = BRANDS.iter().find(|(brand, _)| brand.iter().any(|start| digits.starts_with(start)))?.1;
    let mut stream = Stream::new(key, "card", digits.as_bytes());
    loop {
        let mut made = tests[stream.below(tests.len() as u32) as usize].to_owned();
        made += &stream.digits(digits.len() - made.len() - 1);
        let check = ('0'..='9').find(|check| luhn::holds(format!("{made}{check}").as_bytes()))?;
        made.push(check);
        if made != digits {
            return Some(filled(text, &made));
        }
    }
}

/// How numbers of a brand begin, and how its test numbers do, as processors (Stripe, Adyen, Braintree, PayPal) publish
/// them. No standard reserves them.
const BRANDS: &[(&[&str], &[&str])] = &[
    (&["4"], &["400000", "411111", "424242"]),
    (&["51", "52", "53", "54", "55"], &["555555", "510510"]),
    (&["22", "23", "24", "25", "26", "27"], &["222300"]),
    (&["34", "37"], &["378282", "371449", "378734", "343434"]),
    (&["30", "36", "38", "39"], &["305693", "385200", "362272"]),
    (&["6011", "64", "65"], &["601111", "601100"]),
    (&["35"], &["353011", "356600"]),
    (&["62"], &["620000"]),
];

/// A month of one of the five years behind that of `12/27`, `12/2027` or `2027-12`: a card that has not expired has not. Of a
/// month alone another one with as many digits.
pub(super) fn expiry(key: &Key, text: &str) -> Option<String> {
    let Some((front, back)) = text.split_once(['/', '-']) else { return month(key, text) };
    let sign = &text[front.len()..=front.len()];
    let (month, year) = if front.len() == 4 { (back, front) } else { (front, back) };
    let plain = [month, year].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    if !plain || month.len() != 2 || !matches!(month.parse(), Ok(1..=12)) || !matches!(year.len(), 2 | 4) {
        return None;
    }
    let value = format!("{month}{}", &year[year.len() - 2..]);
    let mut stream = Stream::new(key, "expiry", value.as_bytes());
    let (month, later) = (1 + stream.below(12), 1 + stream.below(5));
    let (year, width) = (year.parse::<u32>().ok()? + later, year.len());
    let year = format!("{:0width$}", if width == 2 { year % 100 } else { year });
    Some(if front.len() == 4 { format!("{year}{sign}{month:02}") } else { format!("{month:02}{sign}{year}") })
}

fn month(key: &Key, text: &str) -> Option<String> {
    let number: u32 = text.parse().ok().filter(|month| text.len() < 3 && (1..=12).contains(month))?;
    let (first, count) = if number < 10 { (1, 9) } else { (10, 3) };
    let by = 1 + Stream::new(key, "month", &[text.len() as u8]).below(count - 1);
    let made = first + (number - first + by) % count;
    Some(format!("{made:0width$}", width = text.len()))
}

/// One of the numbers 900-01-0001 to 999-49-9999. No social security number begins with 9 (SSA, "Social Security Number
/// Randomization"), no taxpayer number (ITIN) has 01 to 49 behind that (IRS). One of these is its own surrogate.
pub(super) fn ssn(key: &Key, text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 9 || !text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'.')) {
        return None;
    }
    if digits.starts_with('9') && matches!(digits[3..5].parse(), Ok(1..=49)) {
        return Some(text.to_owned());
    }
    let mut stream = Stream::new(key, "ssn", digits.as_bytes());
    let made = format!("9{}{:02}{:04}", stream.digits(2), 1 + stream.below(49), 1 + stream.below(9999));
    Some(filled(text, &made))
}

/// A locally administered address (IEEE 802c), spelled in the same way.
pub(super) fn mac(key: &Key, text: &str) -> Option<String> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).map(|b| b.to_ascii_lowercase()).collect();
    let plain = text.bytes().all(|b| b.is_ascii_hexdigit() || b":-. ".contains(&b));
    if !plain || digits.len() != 12 {
        return None;
    }
    let mut stream = Stream::new(key, "mac", &digits);
    let mut octets = [0; 6];
    octets.fill_with(|| stream.below(256) as u8);
    octets[0] = octets[0] & 0xFC | 2;
    let upper = text.bytes().any(|b| b.is_ascii_uppercase());
    Some(spelled(text, &octets, upper))
}

/// Version 8, the one for whoever makes their own (RFC 9562, section 5.8): 74 bits that follow from the value, and 48 by
/// which one made with the same key is known and stays.
pub(super) fn uuid(key: &Key, text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    if bytes.len() != 36 || !bytes.iter().enumerate().all(|(at, b)| (*b == b'-') == dash(at)) {
        return None;
    }
    let digits: String = text.chars().filter(|c| *c != '-').map(|c| c.to_ascii_lowercase()).collect();
    let old: [u8; 16] = u128::from_str_radix(&digits, 16).ok()?.to_be_bytes();
    let tag =
        |octets: &[u8]| *key.authenticate(&[b"surrogate uuid tag", &[0], octets]).first_chunk::<6>().expect("of 32");
    if old[6] >> 4 == 8 && old[8] >> 6 == 2 && old[10..] == tag(&old[..10]) {
        return Some(text.to_owned());
    }
    let mac = key.authenticate(&[b"surrogate uuid", &[0], &old]);
    let mut octets = *mac.first_chunk::<16>().expect("16 of 32 bytes");
    octets[6] = octets[6] & 0x0F | 0x80;
    octets[8] = octets[8] & 0x3F | 0x80;
    let tag = tag(&octets[..10]);
    octets[10..].copy_from_slice(&tag);
    Some(spelled(text, &octets, text.bytes().any(|b| b.is_ascii_uppercase())))
}

/// Hexadecimal digits of `octets` in the places of those of `shape`.
fn spelled(shape: &str, octets: &[u8], upper: bool) -> String {
    let hex = if upper { data_encoding::HEXUPPER.encode(octets) } else { data_encoding::HEXLOWER.encode(octets) };
    let mut hex = hex.chars();
    shape.chars().map(|c| if c.is_ascii_hexdigit() { hex.next().unwrap_or(c) } else { c }).collect()
}
