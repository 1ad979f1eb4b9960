//! Africa.

use super::sums::{date, digits, luhn, number, two};

/// `YYMMDD SSSS C A Z`: date, sequence, citizenship 0 to 2, a digit that is free now, Luhn.
pub fn za_id(text: &[u8]) -> bool {
    digits::<13>(text).is_some_and(|d| date(two(&d), two(&d[2..]), two(&d[4..])) && d[10] < 3 && luhn(&d))
}

/// `C YYMMDD GG SSSS C`: century 2 or 3, date, governorate. How the last digit is made is not published.
pub fn eg_id(text: &[u8]) -> bool {
    digits::<14>(text).is_some_and(|d| {
        let century = match d[0] {
            2 => 1900,
            3 => 2000,
            _ => return false,
        };
        let governorate = two(&d[7..]);
        date(century + two(&d[1..]), two(&d[3..]), two(&d[5..]))
            && (matches!(governorate, 1..=4 | 11..=19 | 21..=29 | 31..=35) || governorate == 88)
            && number(&d[9..]) > 0
    })
}

/// `A` for a person or `P` for a company, nine digits, a letter.
pub fn ke_pin(text: &[u8]) -> bool {
    text.len() == 11
        && matches!(text[0], b'A' | b'P')
        && text[1..10].iter().all(u8::is_ascii_digit)
        && text[10].is_ascii_uppercase()
}
