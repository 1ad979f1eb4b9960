//! Central, eastern and south-eastern Europe.

use super::sums::{date, digits, luhn, mod_11_10, number, two, uniform, weighted};

/// Date with the century in the month, sequence, mod 10.
pub fn pl_pesel(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| {
        let month = two(&d[2..]);
        let century = [1900, 2000, 2100, 2200, 1800][(month / 20) as usize % 5];
        let sum = weighted(&d, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
        date(century + two(&d), month % 20, two(&d[4..])) && sum.is_multiple_of(10)
    })
}

/// Nine digits and one mod 11.
pub fn pl_nip(text: &[u8]) -> bool {
    digits::<10>(text).is_some_and(|d| {
        number(&d[..3]) > 100 && weighted(&d[..9], &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == u32::from(d[9])
    })
}

/// Date (a woman's month 50 more, 20 more where there were too few), three or four digits; ten of them are divisible by 11, or the
/// first nine leave 10 and the last is 0.
pub fn cz_rc(text: &[u8]) -> bool {
    let day = |d: &[u8]| {
        let month = two(&d[2..]) % 50;
        date(two(d), if month > 20 { month - 20 } else { month }, two(&d[4..]))
    };
    if let Some(d) = digits::<9>(text) {
        return two(&d) < 54 && day(&d) && number(&d[6..]) > 0;
    }
    digits::<10>(text).is_some_and(|d| {
        let rest = number(&d[..9]) % 11;
        day(&d) && (number(&d).is_multiple_of(11) || rest == 10 && d[9] == 0)
    })
}

/// 8, days since 1867, sequence, mod 11.
pub fn hu_tax(text: &[u8]) -> bool {
    digits::<10>(text)
        .is_some_and(|d| d[0] == 8 && weighted(&d[..9], &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 == u32::from(d[9]))
}

/// Eight digits and one mod 10.
pub fn hu_taj(text: &[u8]) -> bool {
    digits::<9>(text)
        .is_some_and(|d| !uniform(&d) && weighted(&d[..8], &[3, 7, 3, 7, 3, 7, 3, 7]) % 10 == u32::from(d[8]))
}

/// Sex and century, date, county, sequence, mod 11.
pub fn ro_cnp(text: &[u8]) -> bool {
    digits::<13>(text).is_some_and(|d| {
        let rest = weighted(&d[..12], &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
        d[0] != 0
            && date(two(&d[1..]), two(&d[3..]), two(&d[5..]))
            && matches!(two(&d[7..]), 1..=48 | 51 | 52 | 70 | 80..=83)
            && u32::from(d[12]) == if rest == 10 { 1 } else { rest }
    })
}

/// Date with the century in the month, sequence, mod 11.
pub fn bg_egn(text: &[u8]) -> bool {
    digits::<10>(text).is_some_and(|d| {
        let (century, month) = match two(&d[2..]) {
            month @ 21..=32 => (1800, month - 20),
            month @ 41..=52 => (2000, month - 40),
            month => (1900, month),
        };
        let check = weighted(&d[..9], &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
        date(century + two(&d), month, two(&d[4..])) && check == u32::from(d[9])
    })
}

/// Ten digits, ISO 7064 mod 11,10.
pub fn hr_oib(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| mod_11_10(&d))
}

/// Date with three digits of the year, region, sequence, mod 11; 10 and 11 become 0.
pub fn jmbg(text: &[u8]) -> bool {
    digits::<13>(text).is_some_and(|d| {
        let year = number(&d[4..7]) as u32;
        let year = if year < 800 { 2000 + year } else { 1000 + year };
        let rest = weighted(&d[..12], &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
        let check = if rest < 2 { 0 } else { 11 - rest };
        date(year, two(&d[2..]), two(&d)) && check == u32::from(d[12])
    })
}

/// Seven digits and one mod 11.
pub fn si_tax(text: &[u8]) -> bool {
    digits::<8>(text).is_some_and(|d| {
        let check = 11 - weighted(&d[..7], &[8, 7, 6, 5, 4, 3, 2]) % 11;
        d[0] != 0 && u32::from(d[7]) == if check == 10 { 0 } else { check }
    })
}

/// Date, sequence, Luhn.
pub fn gr_amka(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| date(two(&d[4..]), two(&d[2..]), two(&d)) && luhn(&d))
}

/// Eight digits weighted by powers of two, and one mod 11.
pub fn gr_afm(text: &[u8]) -> bool {
    digits::<9>(text).is_some_and(|d| {
        let sum: u32 = d[..8].iter().enumerate().map(|(at, d)| u32::from(*d) << (8 - at)).sum();
        number(&d) > 0 && sum % 11 % 10 == u32::from(d[8])
    })
}

/// Nine digits and two mod 101; numbers up to 001-001-998 have none.
pub fn ru_snils(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| {
        let check = weighted(&d[..9], &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100;
        number(&d[..9]) > 1_001_998 && check == two(&d[9..])
    })
}

/// Ten digits with one check digit, or twelve with two, mod 11.
pub fn ru_inn(text: &[u8]) -> bool {
    const WEIGHTS: [u8; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let check = |d: &[u8], weights: &[u8]| weighted(d, weights) % 11 % 10;
    if let Some(d) = digits::<10>(text) {
        return two(&d) > 0 && check(&d[..9], &WEIGHTS[2..]) == u32::from(d[9]);
    }
    digits::<12>(text).is_some_and(|d| {
        two(&d) > 0
            && check(&d[..10], &WEIGHTS[1..]) == u32::from(d[10])
            && check(&d[..11], &WEIGHTS) == u32::from(d[11])
    })
}

/// Days since 1900, sequence, mod 11; the first weight is -1.
pub fn ua_rnokpp(text: &[u8]) -> bool {
    digits::<10>(text).is_some_and(|d| {
        let sum = weighted(&d[..9], &[10, 5, 7, 9, 4, 6, 10, 5, 7]);
        !uniform(&d) && sum % 11 % 10 == u32::from(d[9])
    })
}

/// Decade letter, year, month (a woman's 50 more), day, sequence, a letter.
pub fn al_nid(text: &[u8]) -> bool {
    text.len() == 10
        && matches!(text[0], b'A'..=b'T')
        && text[9].is_ascii_uppercase()
        && digits::<8>(&text[1..9]).is_some_and(|d| {
            let month = two(&d[1..]) % 50 % 30;
            (1..=12).contains(&month) && (1..=31).contains(&two(&d[3..]))
        })
}
