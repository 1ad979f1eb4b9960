//! The Americas.

use super::sums::{base36, date, digits, luhn, two, uniform, weighted};

/// Nine digits, Luhn; none begins with 8, and 0 is for numbers of the tax office.
pub fn ca_sin(text: &[u8]) -> bool {
    digits::<9>(text).is_some_and(|d| d[0] != 8 && !uniform(&d) && luhn(&d))
}

/// `9XX-GG-XXXX`.
pub fn us_itin(text: &[u8]) -> bool {
    digits::<9>(text).is_some_and(|d| d[0] == 9 && matches!(two(&d[3..]), 50..=65 | 70..=88 | 90..=92 | 94..=99))
}

/// Four letters, date, sex, state, three consonants, a letter or digit for the century, a check digit.
pub fn mx_curp(text: &[u8]) -> bool {
    const STATES: &str =
        "AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS NE";
    let letters = |range: std::ops::Range<usize>| text[range].iter().all(u8::is_ascii_uppercase);
    if text.len() != 18 || !letters(0..4) || !letters(11..16) || !matches!(text[10], b'H' | b'M' | b'X') {
        return false;
    }
    let Some(d) = digits::<6>(&text[4..10]) else { return false };
    let state = STATES.as_bytes().chunks(3).any(|state| state[..2] == text[11..13]);
    // 37 characters, Ñ behind N.
    let value = |byte: u8| base36(byte) + u32::from(byte > b'N');
    let sum: u32 = text[..17].iter().zip((2..=18).rev()).map(|(b, weight)| value(*b) * weight).sum();
    state
        && date(two(&d), two(&d[2..]), two(&d[4..]))
        && text[17].is_ascii_digit()
        && (sum + base36(text[17])).is_multiple_of(10)
}

/// Four letters (three for a company), date, two characters, a digit or A. Many that were given out fail its check, so it is not looked at.
pub fn mx_rfc(text: &[u8]) -> bool {
    let name = match text.len() {
        13 => 4,
        12 => 3,
        _ => return false,
    };
    text[..name].iter().all(u8::is_ascii_uppercase)
        && digits::<6>(&text[name..name + 6]).is_some_and(|d| date(two(&d), two(&d[2..]), two(&d[4..])))
        && (text[text.len() - 1].is_ascii_digit() || text[text.len() - 1] == b'A')
}

/// Nine digits and two mod 11.
pub fn br_cpf(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| {
        let check = |count: usize| {
            let sum: u32 = d[..count].iter().zip((2..=count as u32 + 1).rev()).map(|(d, w)| u32::from(*d) * w).sum();
            sum * 10 % 11 % 10 == u32::from(d[count])
        };
        !uniform(&d) && check(9) && check(10)
    })
}

/// Twelve digits or (from July 2026) letters, and two digits mod 11; a letter counts as its code less 48.
pub fn br_cnpj(text: &[u8]) -> bool {
    if text.len() != 14 || !text[12..].iter().all(u8::is_ascii_digit) || text.iter().all(|b| *b == text[0]) {
        return false;
    }
    let check = |count: usize| {
        let weights = (2..=9).cycle();
        let sum: u32 = text[..count].iter().rev().zip(weights).map(|(b, w)| u32::from(b - 48) * w).sum();
        let rest = sum % 11;
        (if rest < 2 { 0 } else { 11 - rest }) == u32::from(text[count] - b'0')
    };
    check(12) && check(13)
}

/// Prefix of the kind of holder, eight digits, mod 11.
pub fn ar_cuit(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| {
        let check = match 11 - weighted(&d[..10], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11 {
            11 => 0,
            10 => 9,
            digit => digit,
        };
        matches!(two(&d), 20 | 23..=27 | 30 | 33 | 34 | 50 | 51 | 55) && check == u32::from(d[10])
    })
}

/// Seven or eight digits and one of 0 to 9 and K, mod 11.
pub fn cl_rut(text: &[u8]) -> bool {
    let Some((check, body)) = text.split_last() else { return false };
    if !(7..=8).contains(&body.len()) || !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = body.iter().rev().zip((2..=7).cycle()).map(|(b, w)| u32::from(b - b'0') * w).sum();
    *check
        == match 11 - sum % 11 {
            11 => b'0',
            10 => b'K',
            digit => b'0' + digit as u8,
        }
}

/// Eight to fifteen digits and one mod 11.
pub fn co_nit(text: &[u8]) -> bool {
    const WEIGHTS: [u32; 15] = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71];
    let Some((check, body)) = text.split_last() else { return false };
    if !(8..=15).contains(&body.len()) || !text.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let rest = body.iter().rev().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum::<u32>() % 11;
    (if rest > 1 { 11 - rest } else { rest }) == u32::from(check - b'0')
}

/// Kind of holder, DNI or number, mod 11.
pub fn pe_ruc(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| {
        let check = (11 - weighted(&d[..10], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 10;
        matches!(two(&d), 10 | 15 | 16 | 17 | 20) && check == u32::from(d[10])
    })
}

/// Province, a digit below 7, Luhn from the left.
pub fn ec_ci(text: &[u8]) -> bool {
    digits::<10>(text).is_some_and(|d| matches!(two(&d), 1..=24 | 30 | 50) && d[2] < 7 && luhn(&d))
}

/// Six or seven digits and one mod 10.
pub fn uy_ci(text: &[u8]) -> bool {
    let padded = if text.len() == 7 { [b"0", text].concat() } else { text.to_vec() };
    digits::<8>(&padded).is_some_and(|d| {
        d[..7].iter().any(|d| *d > 0)
            && (weighted(&d[..7], &[2, 9, 8, 7, 6, 3, 4]) + u32::from(d[7])).is_multiple_of(10)
    })
}

/// A letter for the kind of holder, eight digits, mod 11.
pub fn ve_rif(text: &[u8]) -> bool {
    let kind = match text.first() {
        Some(b'V') => 1,
        Some(b'E') => 2,
        Some(b'J' | b'C') => 3,
        Some(b'P') => 4,
        Some(b'G') => 5,
        _ => return false,
    };
    digits::<9>(&text[1..]).is_some_and(|d| {
        let check = 11 - (kind * 4 + weighted(&d[..8], &[3, 2, 7, 6, 5, 4, 3, 2])) % 11;
        (if check > 9 { 0 } else { check }) == u32::from(d[8])
    })
}

/// Eleven digits, Luhn.
pub fn do_cedula(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| !uniform(&d) && luhn(&d))
}
