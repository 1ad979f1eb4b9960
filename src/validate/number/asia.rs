//! Asia and the Middle East.

use super::sums::{base36, date, digits, luhn, number, two, uniform, verhoeff, weighted};

/// Region, date, sequence, ISO 7064 mod 11-2; 15 digits without check before 1999.
pub fn cn_id(text: &[u8]) -> bool {
    let region = |d: &[u8]| matches!(two(d), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83);
    if let Some(d) = digits::<15>(text) {
        return region(&d) && date(1900 + two(&d[6..]), two(&d[8..]), two(&d[10..]));
    }
    let Some((check, body)) = text.split_last() else { return false };
    digits::<17>(body).is_some_and(|d| {
        let year = two(&d[6..]) * 100 + two(&d[8..]);
        let sum = weighted(&d, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
        region(&d)
            && (1800..2100).contains(&year)
            && date(year, two(&d[10..]), two(&d[12..]))
            && b"10X98765432"[(sum % 11) as usize] == *check
    })
}

/// A letter for the place, sex (or 8 and 9, or a letter of the old resident form), seven digits, mod 10.
pub fn tw_id(text: &[u8]) -> bool {
    const PLACES: &[u8] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let Some(place) = text.first().and_then(|b| PLACES.iter().position(|p| p == b)) else { return false };
    let place = place as u32 + 10;
    let second = match text.get(1) {
        Some(b @ (b'1' | b'2' | b'8' | b'9')) => u32::from(b - b'0'),
        Some(b @ b'A'..=b'D') => PLACES.iter().position(|p| p == b).unwrap_or(0) as u32 % 10,
        _ => return false,
    };
    text.get(2..).and_then(digits::<8>).is_some_and(|d| {
        let sum = place / 10 + place % 10 * 9 + second * 8 + weighted(&d, &[7, 6, 5, 4, 3, 2, 1, 1]);
        sum.is_multiple_of(10)
    })
}

/// One or two letters, six digits, a check of 0 to 9 and A, mod 11.
pub fn hk_id(text: &[u8]) -> bool {
    let letters = text.iter().take_while(|b| b.is_ascii_uppercase()).count();
    if !(1..=2).contains(&letters) || text.len() != letters + 7 {
        return false;
    }
    let (body, check) = (&text[letters..letters + 6], text[letters + 6]);
    if !body.iter().all(u8::is_ascii_digit) || !(check.is_ascii_digit() || check == b'A') {
        return false;
    }
    let first = if letters == 2 { base36(text[0]) * 9 + base36(text[1]) * 8 } else { 36 * 9 + base36(text[0]) * 8 };
    let digits: u32 = body.iter().zip((2..=7).rev()).map(|(b, w)| u32::from(b - b'0') * w).sum();
    (first + digits + base36(check)).is_multiple_of(11)
}

/// S, T (citizens), F, G, M (others), seven digits, a letter mod 11.
pub fn sg_nric(text: &[u8]) -> bool {
    let Some(d) = text.get(1..8).and_then(digits::<7>).filter(|_| text.len() == 9) else { return false };
    let sum = weighted(&d, &[2, 7, 6, 5, 4, 3, 2]);
    let (offset, letters) = match text[0] {
        b'S' => (0, b"JZIHGFEDCBA"),
        b'T' => (4, b"JZIHGFEDCBA"),
        b'F' => (0, b"XWUTRQPNMLK"),
        b'G' => (4, b"XWUTRQPNMLK"),
        b'M' => (3, b"XWUTRQPNJLK"),
        _ => return false,
    };
    letters[((sum + offset) % 11) as usize] == text[8]
}

/// Date, century and sex, six digits. Numbers given out since October 2020 are random there.
pub fn kr_rrn(text: &[u8]) -> bool {
    digits::<13>(text).is_some_and(|d| {
        let century = match d[6] {
            9 | 0 => 1800,
            1 | 2 | 5 | 6 => 1900,
            _ => 2000,
        };
        date(century + two(&d), two(&d[2..]), two(&d[4..]))
    })
}

/// Eleven digits and one mod 11.
pub fn jp_my_number(text: &[u8]) -> bool {
    digits::<12>(text).is_some_and(|d| {
        let rest = weighted(&d[..11], &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
        !uniform(&d) && u32::from(d[11]) == if rest < 2 { 0 } else { 11 - rest }
    })
}

/// Twelve digits and one mod 11.
pub fn th_id(text: &[u8]) -> bool {
    digits::<13>(text).is_some_and(|d| {
        let sum = weighted(&d[..12], &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
        d[0] != 9 && (11 - sum % 11) % 10 == u32::from(d[12])
    })
}

/// Date, place of birth, four digits.
pub fn my_kad(text: &[u8]) -> bool {
    digits::<12>(text).is_some_and(|d| {
        date(two(&d), two(&d[2..]), two(&d[4..]))
            && !matches!(two(&d[6..]), 0 | 17..=20 | 69 | 70 | 73 | 80 | 81 | 94..=97)
    })
}

/// Province and district, date (a woman's day is 40 more), sequence.
pub fn id_nik(text: &[u8]) -> bool {
    digits::<16>(text).is_some_and(|d| {
        let day = two(&d[6..]);
        matches!(two(&d), 11..=21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81 | 82 | 91..=97)
            && date(two(&d[10..]), two(&d[8..]), if day > 40 { day - 40 } else { day })
            && number(&d[12..]) > 0
    })
}

/// Twelve digits, the first 2 to 9, Verhoeff.
pub fn in_aadhaar(text: &[u8]) -> bool {
    digits::<12>(text).is_some_and(|d| d[0] > 1 && verhoeff(&d))
}

/// Five letters of which the fourth says who holds it, four digits, a letter.
pub fn in_pan(text: &[u8]) -> bool {
    text.len() == 10
        && text[..5].iter().all(u8::is_ascii_uppercase)
        && b"ABCEFGHJKLPT".contains(&text[3])
        && text[5..9].iter().all(u8::is_ascii_digit)
        && text[9].is_ascii_uppercase()
}

/// Up to nine digits, Luhn from the left.
pub fn il_id(text: &[u8]) -> bool {
    digits::<9>(text).is_some_and(|d| !uniform(&d) && luhn(&d))
}

/// Nine digits, the first not 0, and two check digits.
pub fn tr_tckn(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| {
        let odd: u32 = d[..9].iter().step_by(2).map(|d| u32::from(*d)).sum();
        let even: u32 = d[1..8].iter().step_by(2).map(|d| u32::from(*d)).sum();
        let all: u32 = d[..10].iter().map(|d| u32::from(*d)).sum();
        d[0] != 0 && (odd * 7 + 10 * 9 - even) % 10 == u32::from(d[9]) && all % 10 == u32::from(d[10])
    })
}

/// 1 for citizens, 2 for residents, Luhn over ten digits.
pub fn sa_id(text: &[u8]) -> bool {
    digits::<10>(text).is_some_and(|d| matches!(d[0], 1 | 2) && luhn(&d))
}

/// 784, year of birth, seven digits, Luhn.
pub fn ae_id(text: &[u8]) -> bool {
    digits::<15>(text).is_some_and(|d| d[..3] == [7, 8, 4] && matches!(two(&d[3..]), 19 | 20) && luhn(&d))
}

/// Century, date, four digits, mod 11.
pub fn kw_id(text: &[u8]) -> bool {
    digits::<12>(text).is_some_and(|d| {
        let check = 11 - weighted(&d[..11], &[2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
        matches!(d[0], 2 | 3)
            && date(1700 + u32::from(d[0]) * 100 + two(&d[1..]), two(&d[3..]), two(&d[5..]))
            && check == u32::from(d[11])
    })
}

/// Date, century and sex, four digits, mod 11 in two rounds.
pub fn kz_iin(text: &[u8]) -> bool {
    digits::<12>(text).is_some_and(|d| {
        let first = weighted(&d[..11], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
        let check = if first == 10 { weighted(&d[..11], &[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11 } else { first };
        date(two(&d), two(&d[2..]), two(&d[4..])) && (1..=6).contains(&d[6]) && check == u32::from(d[11])
    })
}

/// Province 1 to 7, region, family, sex.
pub fn pk_cnic(text: &[u8]) -> bool {
    digits::<13>(text).is_some_and(|d| (1..=7).contains(&d[0]) && !uniform(&d))
}
