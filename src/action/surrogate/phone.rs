//! Phone numbers at which nobody answers, in the spelling of the original.
//!
//! | number | becomes |
//! |---|---|
//! | North America | any area, 555-0100 to 555-0199 (ATIS-0300115, for fiction) |
//! | +44 | a number that Ofcom keeps for drama |
//! | +49 | one that the Bundesnetzagentur keeps for media (Mitteilung 148/2021) |
//! | another country | +999, a country code that ITU has given to nobody |
//! | without a country, beginning with 0 | 000, which leads nowhere |
//! | another number without a country | digits of the same shape |
//!
//! These spaces are small: of 100 numbers of North America two meet with a chance of 6 %, of 1,000 surely. What joins by
//! phone number needs pseudonyms. Numbers of these spaces are their own surrogates.

use super::shape;
use super::stream::{Stream, filled};
use crate::action::Key;

pub(super) fn of(key: &Key, text: &str) -> Option<String> {
    // `+44 (0)20 …`: the zero is not dialled from abroad.
    if let Some((front, back)) = text.split_once("(0)") {
        let made = of(key, &format!("{front}{back}"))?;
        let at = front.chars().filter(char::is_ascii_digit).count();
        let cut = made.char_indices().filter(|(_, c)| c.is_ascii_digit()).nth(at).map_or(made.len(), |(i, _)| i);
        let cut = cut.max(front.len()).min(made.len());
        return Some(format!("{}(0){}", &made[..cut], &made[cut..]));
    }
    let plain = |c: char| c.is_ascii_digit() || "+-./() ".contains(c);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if !text.chars().all(plain) || !(7..=17).contains(&digits.len()) || text.rfind('+').is_some_and(|at| at > 1) {
        return None;
    }
    let abroad = if text.contains('+') {
        0
    } else if digits.starts_with("00") && !digits.starts_with("000") {
        2
    } else {
        17
    };
    let made = match digits.get(abroad..) {
        Some(number) if !number.is_empty() => digits[..abroad].to_owned() + &international(key, number),
        _ => national(key, &digits)?,
    };
    Some(filled(text, &made))
}

fn international(key: &Key, number: &str) -> String {
    if let Some(national) = number.strip_prefix('1').filter(|national| national.len() == 10) {
        return format!("1{}", north_american(key, national));
    }
    if number.starts_with(NOWHERE) {
        return number.to_owned();
    }
    let mut fits = KEPT.iter().filter(|(country, kept, free)| {
        number.starts_with(country) && number.len() == country.len() + kept.len() + free
    });
    let is_kept = |(country, kept, _): &&(&str, &str, usize)| number[country.len()..].starts_with(kept);
    if fits.clone().any(|row| is_kept(&row)) {
        return number.to_owned();
    }
    // Mobile numbers stay mobile, as far as there are any.
    let mobile = |kept: &str| kept.starts_with('7');
    let same = |(country, kept, _): &&(&str, &str, usize)| mobile(kept) == mobile(&number[country.len()..]);
    let rows: Vec<_> = fits.clone().filter(same).collect();
    let rows = if rows.is_empty() { fits.by_ref().collect() } else { rows };
    let mut stream = Stream::new(key, "phone", number.as_bytes());
    match rows.get(stream.below(rows.len().max(1) as u32) as usize) {
        Some((country, kept, free)) => format!("{country}{kept}{}", stream.digits(*free)),
        None => format!("{NOWHERE}{}", stream.digits(number.len() - NOWHERE.len())),
    }
}

fn national(key: &Key, digits: &str) -> Option<String> {
    let area = |number: &str| number.len() == 10 && matches!(number.as_bytes(), [b'2'..=b'9', _, _, b'2'..=b'9', ..]);
    if area(digits) {
        return Some(north_american(key, digits));
    }
    if let Some(number) = digits.strip_prefix('1').filter(|number| area(number)) {
        return Some(format!("1{}", north_american(key, number)));
    }
    if digits.starts_with("000") {
        return Some(digits.to_owned());
    }
    if digits.starts_with('0') {
        let mut stream = Stream::new(key, "phone", digits.as_bytes());
        return Some(format!("000{}", stream.digits(digits.len() - 3)));
    }
    shape::of(key, "phone", digits)
}

fn north_american(key: &Key, number: &str) -> String {
    if number[3..].starts_with("55501") {
        return number.to_owned();
    }
    let mut stream = Stream::new(key, "nanp", number.as_bytes());
    // Not N11: those are services.
    let area = loop {
        let area = 200 + stream.below(800);
        if area % 100 != 11 {
            break area;
        }
    };
    format!("{area}55501{}", stream.digits(2))
}

/// ITU-T, List of Recommendation E.164 assigned country codes: reserved.
const NOWHERE: &str = "999";

/// Country, what is kept free there (without the leading zero), and how many digits follow. Ofcom, "Telephone numbers for
/// drama use"; Bundesnetzagentur, Mitteilung 148/2021.
const KEPT: &[(&str, &str, usize)] = &[
    ("44", "1134960", 3),
    ("44", "1144960", 3),
    ("44", "1154960", 3),
    ("44", "1164960", 3),
    ("44", "1174960", 3),
    ("44", "1184960", 3),
    ("44", "1214960", 3),
    ("44", "1314960", 3),
    ("44", "1414960", 3),
    ("44", "1514960", 3),
    ("44", "1614960", 3),
    ("44", "1914980", 3),
    ("44", "2079460", 3),
    ("44", "2896496", 3),
    ("44", "2920180", 3),
    ("44", "1632960", 3),
    ("44", "3069990", 3),
    ("44", "7700900", 3),
    ("49", "3023125", 3),
    ("49", "6990009", 3),
    ("49", "4066969", 3),
    ("49", "2214710", 3),
    ("49", "8999998", 3),
];
