//! Australia and New Zealand.

use super::sums::{base36, digits, number, uniform, weighted};

/// Nine digits mod 11; eight of old ones.
pub fn au_tfn(text: &[u8]) -> bool {
    if let Some(d) = digits::<8>(text) {
        return !uniform(&d) && weighted(&d, &[10, 7, 8, 4, 6, 3, 5, 1]).is_multiple_of(11);
    }
    digits::<9>(text).is_some_and(|d| !uniform(&d) && weighted(&d, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11))
}

/// 2 to 6, seven digits, mod 10, issue number, and perhaps the person on the card.
pub fn au_medicare(text: &[u8]) -> bool {
    if !matches!(text.len(), 10 | 11) {
        return false;
    }
    digits::<10>(&text[..10]).is_some_and(|d| {
        let person = text.get(10).is_none_or(u8::is_ascii_digit);
        person && (2..=6).contains(&d[0]) && weighted(&d[..8], &[1, 3, 7, 9, 1, 3, 7, 9]) % 10 == u32::from(d[8])
    })
}

/// Two check digits in front, mod 89 with 1 taken off the first digit.
pub fn au_abn(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|mut d| {
        if d[0] == 0 {
            return false;
        }
        d[0] -= 1;
        weighted(&d, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]).is_multiple_of(89)
    })
}

/// Seven or eight digits and one mod 11 in two rounds, 10 000 000 to 150 000 000.
pub fn nz_ird(text: &[u8]) -> bool {
    let padded = if text.len() == 8 { [b"0", text].concat() } else { text.to_vec() };
    digits::<9>(&padded).is_some_and(|d| {
        let first = (11 - weighted(&d[..8], &[3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
        let check = if first == 10 { (11 - weighted(&d[..8], &[7, 4, 3, 2, 5, 2, 7, 6]) % 11) % 11 } else { first };
        (10_000_000..=150_000_000).contains(&number(&d)) && check == u32::from(d[8])
    })
}

/// `AAANNNC` with a digit mod 11; of the new `AAANNAX` only the form is looked at. I and O are no letters of it.
pub fn nz_nhi(text: &[u8]) -> bool {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    if text.len() != 7 || !text[..3].iter().all(|b| LETTERS.contains(b)) || !text[3..5].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let value = |byte: u8| LETTERS.iter().position(|l| *l == byte).map_or(base36(byte), |at| at as u32 + 1);
    let sum: u32 = text[..6].iter().zip((2..=7).rev()).map(|(b, w)| value(*b) * w).sum();
    if text[5].is_ascii_digit() {
        let check = 11 - sum % 11;
        return text[6].is_ascii_digit() && check != 11 && check % 10 == u32::from(text[6] - b'0');
    }
    LETTERS.contains(&text[5]) && LETTERS.contains(&text[6])
}
