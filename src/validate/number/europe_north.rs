//! Northern Europe and the Baltic.

use super::sums::{date, digits, luhn, number, two, weighted};

/// Date (a coordination number's day is 60 more), sequence, Luhn; a century in front is no part of the sum.
pub fn se_pnr(text: &[u8]) -> bool {
    let short = match text.len() {
        12 if matches!(&text[..2], b"18" | b"19" | b"20") => &text[2..],
        _ => text,
    };
    digits::<10>(short).is_some_and(|d| {
        let day = two(&d[4..]);
        date(two(&d), two(&d[2..]), if day > 60 { day - 60 } else { day }) && number(&d[6..9]) > 0 && luhn(&d)
    })
}

/// Date (a D number's day 40 more, synthetic and help numbers' month 40, 65 or 80 more), sequence, two check digits mod 11.
pub fn no_fnr(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| {
        let (day, month) = (two(&d), two(&d[2..]));
        let month = match month {
            81..=92 => month - 80,
            66..=77 => month - 65,
            41..=52 => month - 40,
            month => month,
        };
        let check =
            |count: usize, weights: &[u8]| (11 - weighted(&d[..count], weights) % 11) % 11 == u32::from(d[count]);
        date(two(&d[4..]), month, if day > 40 { day - 40 } else { day })
            && check(9, &[3, 7, 6, 1, 8, 9, 4, 5, 2])
            && check(10, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
    })
}

/// Date, four digits.
pub fn dk_cpr(text: &[u8]) -> bool {
    digits::<10>(text).is_some_and(|d| {
        // A replacement number's day is 60 more.
        let day = two(&d);
        date(two(&d[4..]), two(&d[2..]), if day > 60 { day - 60 } else { day }) && number(&d[6..]) > 0
    })
}

/// Date, century sign, sequence, one of 31 characters. Separators are gone here, but for letters (from 2023 on also B to F, U to Y).
pub fn fi_hetu(text: &[u8]) -> bool {
    let sign = match text.len() {
        10 => 0,
        11 if b"ABCDEFUVWXY".contains(&text[6]) => 1,
        _ => return false,
    };
    let body = [&text[..6], &text[6 + sign..9 + sign]].concat();
    digits::<9>(&body).is_some_and(|d| {
        date(two(&d[4..]), two(&d[2..]), two(&d))
            && number(&d[6..]) > 1
            && b"0123456789ABCDEFHJKLMNPRSTUVWXY"[(number(&d) % 31) as usize] == text[9 + sign]
    })
}

/// Date (a company's day is 40 more), sequence, mod 11, century 8, 9 or 0.
pub fn is_kennitala(text: &[u8]) -> bool {
    digits::<10>(text).is_some_and(|d| {
        let day = two(&d);
        let check = (11 - weighted(&d[..8], &[3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
        date(two(&d[4..]), two(&d[2..]), if day > 40 { day - 40 } else { day })
            && matches!(d[9], 8 | 9 | 0)
            && check == u32::from(d[8])
    })
}

/// Sex and century, date, sequence, mod 11 in two rounds; 9 and no date stands in Lithuania for people without one.
pub fn ee_isikukood(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| {
        let first = weighted(&d[..10], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
        let second = weighted(&d[..10], &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
        let check = if first < 10 { first } else { second % 10 };
        (d[0] == 9 || d[0] > 0 && date(two(&d[1..]), two(&d[3..]), two(&d[5..]))) && check == u32::from(d[10])
    })
}

/// Date, century, sequence, mod 11; or 32 to 39 and nothing to check.
pub fn lv_pk(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| {
        if d[0] == 3 && d[1] > 1 {
            return true;
        }
        let sum = weighted(&d[..10], &[1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
        date(two(&d[4..]), two(&d[2..]), two(&d)) && d[6] < 3 && (1101 - sum) % 11 == u32::from(d[10])
    })
}
