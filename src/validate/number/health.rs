//! Patients and those who treat them.

use super::sums::{digits, luhn, uniform, weighted};

/// Ten digits, the first 1 or 2, Luhn with 80840 in front.
pub fn us_npi(text: &[u8]) -> bool {
    digits::<10>(text).is_some_and(|d| matches!(d[0], 1 | 2) && luhn(&[&[8, 0, 8, 4, 0], &d[..]].concat()))
}

/// Kind of registrant, first letter of the name (or 9), six digits, mod 10.
pub fn us_dea(text: &[u8]) -> bool {
    if text.len() != 9
        || !b"ABCDEFGHJKLMPRSTUX".contains(&text[0])
        || !(text[1].is_ascii_uppercase() || text[1] == b'9')
    {
        return false;
    }
    digits::<7>(&text[2..]).is_some_and(|d| weighted(&d[..6], &[1, 2, 1, 2, 1, 2]) % 10 == u32::from(d[6]))
}

/// Eleven characters in the order that CMS gives, without S, L, O, I, B, Z.
pub fn us_mbi(text: &[u8]) -> bool {
    let letter = |b: u8| b.is_ascii_uppercase() && !b"SLOIBZ".contains(&b);
    text.len() == 11
        && text.iter().zip(b"CANNANDAADD".iter().copied().zip(0..)).all(|(&b, (kind, at))| match (kind, at) {
            (b'C', _) => matches!(b, b'1'..=b'9'),
            (b'A', _) => letter(b),
            (_, 2 | 5) => letter(b) || b.is_ascii_digit(),
            _ => b.is_ascii_digit(),
        })
}

/// Nine digits and one mod 11.
pub fn gb_nhs(text: &[u8]) -> bool {
    digits::<10>(text).is_some_and(|d| {
        let check = (11 - weighted(&d[..9], &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
        !uniform(&d) && check == u32::from(d[9])
    })
}

/// Ten digits, Luhn, and perhaps a version of one or two letters.
pub fn ca_ohip(text: &[u8]) -> bool {
    let version = text.get(10..).unwrap_or_default();
    text.len() >= 10
        && version.len() < 3
        && version.iter().all(u8::is_ascii_uppercase)
        && digits::<10>(&text[..10]).is_some_and(|d| d[0] > 0 && luhn(&d))
}
