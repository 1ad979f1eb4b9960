//! Telephones, SIM cards and vehicles.

use super::sums::{digits, luhn, uniform, weighted};

/// Fifteen digits, Luhn; sixteen with the software version have none.
pub fn imei(text: &[u8]) -> bool {
    digits::<15>(text).is_some_and(|d| !uniform(&d) && luhn(&d)) || digits::<16>(text).is_some_and(|d| !uniform(&d))
}

/// Fourteen or fifteen digits that begin with a country code: 2 to 7 by region, 901, or 001 for tests.
pub fn imsi(text: &[u8]) -> bool {
    matches!(text.len(), 14 | 15)
        && text.iter().all(u8::is_ascii_digit)
        && (matches!(text[0], b'2'..=b'7') || text.starts_with(b"001") || text.starts_with(b"901"))
}

/// 89, up to 18 digits, Luhn; some issuers leave the check digit away, some pad with F.
pub fn iccid(text: &[u8]) -> bool {
    let text = text.strip_suffix(b"F").unwrap_or(text);
    let all = text.starts_with(b"89") && text.iter().all(u8::is_ascii_digit);
    let digits: Vec<u8> = text.iter().map(|b| b - b'0').collect();
    all && match text.len() {
        19 | 20 => luhn(&digits) || text.len() == 19,
        18 => true,
        _ => false,
    }
}

/// Twelve hexadecimal digits, one of them no zero and one no F.
pub fn eui48(text: &[u8]) -> bool {
    text.len() == 12 && text.iter().all(u8::is_ascii_hexdigit) && !uniform(text)
}

/// Seventeen characters without I, O and Q. A North American one (1 to 5) has a check digit in the ninth place.
pub fn vin(text: &[u8]) -> bool {
    const WEIGHTS: [u8; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    if text.len() != 17 || text.iter().any(|b| b"IOQ".contains(b)) || !text[13..].iter().all(u8::is_ascii_digit) {
        return false;
    }
    if !matches!(text[0], b'1'..=b'5') {
        return text.iter().any(u8::is_ascii_alphabetic);
    }
    let value = |byte: u8| match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'H' => byte - b'A' + 1,
        b'J'..=b'R' => byte - b'J' + 1,
        other => other - b'S' + 2,
    };
    let values: Vec<u8> = text.iter().map(|b| value(*b)).collect();
    b"0123456789X"[(weighted(&values, &WEIGHTS) % 11) as usize] == text[8]
}
