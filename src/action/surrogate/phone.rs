//! Phone numbers at which nobody answers, in the spelling of the original.
//!
//! | number | becomes |
//! |---|---|
//! | North America | any area, 555-0100 to 555-0199 (ATIS-0300115, for fiction): 79,200 |
//! | +44 | +44 4 or +44 6, which Ofcom's National Telephone Numbering Plan keeps in reserve: 2 * 10^9 |
//! | another country | +999, a country code that ITU has given to nobody: 10^8 and more |
//! | without a country, beginning with 0 | 000, which leads nowhere |
//! | another number without a country | digits of the same shape |
//!
//! Of numbers of North America 100 meet with a chance of 6 %, 1,000 surely: nothing larger is kept free there that is not
//! somebody's number in a country that writes ten digits, too. What joins by them needs pseudonyms. The numbers that
//! regulators keep for films are a thousand in a country, so they are made of none. All these are their own surrogates.

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
    let mut stream = Stream::new(key, "phone", number.as_bytes());
    match number.strip_prefix("44").filter(|national| national.len() == 10) {
        Some(national) if national.starts_with(['4', '6']) || DRAMA.iter().any(|kept| national.starts_with(kept)) => {
            number.to_owned()
        }
        Some(_) => {
            let range = if stream.below(2) == 0 { '4' } else { '6' };
            format!("44{range}{}", stream.digits(9))
        }
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

/// Numbers that are in use in films only, each with three digits more. Ofcom, "Telephone numbers for drama use".
#[rustfmt::skip]
const DRAMA: [&str; 18] = [
    "1134960", "1144960", "1154960", "1164960", "1174960", "1184960", "1214960", "1314960", "1414960", "1514960",
    "1614960", "1914980", "2079460", "2896496", "2920180", "1632960", "3069990", "7700900",
];
