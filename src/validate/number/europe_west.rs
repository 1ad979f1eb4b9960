//! Western and southern Europe.

use super::sums::{base36, date, digits, luhn, mod_11_10, number, two, uniform, verhoeff, weighted};

/// Seven digits, a letter mod 23, and perhaps one more: since 2013 A to I, which counts nine times, before that W, T or X.
pub fn ie_pps(text: &[u8]) -> bool {
    if !matches!(text.len(), 8 | 9) {
        return false;
    }
    let Some(d) = digits::<7>(&text[..7]) else { return false };
    let more = match text.get(8) {
        None | Some(b'W' | b'T' | b'X') => 0,
        Some(letter @ b'A'..=b'I') => u32::from(letter - b'A' + 1) * 9,
        Some(_) => return false,
    };
    let sum = weighted(&d, &[8, 7, 6, 5, 4, 3, 2]) + more;
    b"WABCDEFGHIJKLMNOPQRSTUV"[(sum % 23) as usize] == text[7]
}

/// Two letters, six digits, A to D. D, F, I, Q, U and V stand nowhere in the prefix, O not second; some pairs are never given out.
pub fn gb_nino(text: &[u8]) -> bool {
    let none: [&[u8]; 7] = [b"BG", b"GB", b"NK", b"KN", b"TN", b"NT", b"ZZ"];
    matches!(text.len(), 8 | 9)
        && text[..2].iter().all(|b| b.is_ascii_uppercase() && !b"DFIQUV".contains(b))
        && text[1] != b'O'
        && !none.contains(&&text[..2])
        && text[2..8].iter().all(u8::is_ascii_digit)
        && text.get(8).is_none_or(|b| matches!(b, b'A'..=b'D'))
}

/// The check digit comes first, nine digits follow.
pub fn gb_utr(text: &[u8]) -> bool {
    digits::<10>(text).is_some_and(|d| {
        let rest = weighted(&d[1..], &[6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11;
        !uniform(&d) && b"21987654321"[rest as usize] - b'0' == d[0]
    })
}

/// Sex, year, month, place (2A and 2B in Corsica), order, and 97 less the number mod 97.
pub fn fr_nir(text: &[u8]) -> bool {
    if text.len() != 15 {
        return false;
    }
    let mut body = text.to_vec();
    let corsica = match &text[5..7] {
        b"2A" => 1_000_000,
        b"2B" => 2_000_000,
        _ => 0,
    };
    if corsica > 0 {
        body[6] = b'0';
    }
    digits::<15>(&body).is_some_and(|d| {
        let month = two(&d[3..]);
        matches!(d[0], 1..=8)
            && (matches!(month, 1..=12 | 20 | 30..=42) || month >= 50)
            && (number(&d[..13]) - corsica) % 97 + number(&d[13..]) == 97
    })
}

/// Ten digits, the first 0 to 3, and the number mod 511.
pub fn fr_spi(text: &[u8]) -> bool {
    digits::<13>(text).is_some_and(|d| d[0] < 4 && number(&d[..10]) > 0 && number(&d[..10]) % 511 == number(&d[10..]))
}

/// Ten digits of which exactly one stands twice or thrice (not thrice in a row), ISO 7064 mod 11,10.
pub fn de_idnr(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| {
        let mut counts = [0; 10];
        d[..10].iter().for_each(|digit| counts[usize::from(*digit)] += 1);
        let repeated = counts.iter().filter(|count| **count > 1).count();
        let most = counts.iter().max().copied().unwrap_or(0);
        let row = d[..10].windows(3).any(uniform);
        d[0] != 0 && repeated == 1 && (most == 2 || most == 3 && !row) && mod_11_10(&d)
    })
}

/// Area, date, letter, sequence, and the digit sums of weighted digits mod 10.
pub fn de_rvnr(text: &[u8]) -> bool {
    if text.len() != 12 || !text[8].is_ascii_uppercase() {
        return false;
    }
    let letter = text[8] - b'A' + 1;
    let expanded = [&text[..8], &[b'0' + letter / 10, b'0' + letter % 10], &text[9..]].concat();
    digits::<13>(&expanded).is_some_and(|d| {
        let sum: u32 = d[..12]
            .iter()
            .zip([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1])
            .map(|(d, w)| u32::from(*d) * w)
            .map(|product| product / 10 + product % 10)
            .sum();
        let day = two(&d[2..]);
        (1..=99).contains(&two(&d))
            && date(two(&d[6..]), two(&d[4..]), if day > 50 { day - 50 } else { day })
            && sum % 10 == u32::from(d[12])
    })
}

/// Eight digits and one that counts -1, mod 11; an eight-digit number has lost its leading zero.
pub fn nl_bsn(text: &[u8]) -> bool {
    let padded = if text.len() == 8 { [b"0", text].concat() } else { text.to_vec() };
    digits::<9>(&padded).is_some_and(|d| {
        let sum = weighted(&d[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) + 10 * u32::from(d[8]);
        number(&d) > 0 && sum.is_multiple_of(11)
    })
}

/// Date (or zeros, or the month 20 or 40 more, or a day beyond the last where numbers ran out), sequence, 97 less the number mod 97, with a 2 in front from 2000 on.
pub fn be_nn(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| {
        let (body, check) = (number(&d[..9]), number(&d[9..]));
        two(&d[2..]) % 20 <= 12
            && number(&d[6..9]) > 0
            && [body, body + 2_000_000_000].iter().any(|n| 97 - n % 97 == check)
    })
}

/// Date, sequence, a Luhn digit and one of Verhoeff, both over the first eleven.
pub fn lu_matricule(text: &[u8]) -> bool {
    digits::<13>(text).is_some_and(|d| {
        let year = two(&d) * 100 + two(&d[2..]);
        let last = [&d[..11], &d[12..]].concat();
        (1800..2100).contains(&year) && date(year, two(&d[4..]), two(&d[6..])) && luhn(&d[..12]) && verhoeff(&last)
    })
}

/// Three digits, the check digit, date (months to 15 where there were too few numbers).
pub fn at_svnr(text: &[u8]) -> bool {
    digits::<10>(text).is_some_and(|d| {
        let sum = weighted(&d, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11;
        let (month, day) = (two(&d[6..]), two(&d[4..]));
        d[0] != 0 && (1..=31).contains(&day) && (1..=15).contains(&month) && sum == u32::from(d[3])
    })
}

/// 756 and the check digit of EAN-13.
pub fn ch_ahv(text: &[u8]) -> bool {
    digits::<13>(text).is_some_and(|d| {
        d[..3] == [7, 5, 6] && weighted(&d, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
    })
}

/// Eight digits, or X, Y, Z and seven, and a letter mod 23.
pub fn es_dni(text: &[u8]) -> bool {
    if text.len() != 9 {
        return false;
    }
    let mut body = text[..8].to_vec();
    body[0] = match body[0] {
        b'X' => b'0',
        b'Y' => b'1',
        b'Z' => b'2',
        other => other,
    };
    digits::<8>(&body).is_some_and(|d| b"TRWAGMYFPDXBNJZSQVHLCKE"[(number(&d) % 23) as usize] == text[8])
}

/// Eight digits and one mod 11.
pub fn pt_nif(text: &[u8]) -> bool {
    digits::<9>(text).is_some_and(|d| {
        let rest = weighted(&d[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        d[0] != 0 && u32::from(d[8]) == if rest < 2 { 0 } else { 11 - rest }
    })
}

/// Six letters, date, place, a check letter; digits may be letters where two people would have the same one (omocodia).
pub fn it_cf(text: &[u8]) -> bool {
    const ODD: [u8; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    const DIGITS: &[u8] = b"LMNPQRSTUV";
    if text.len() != 16 {
        return false;
    }
    let letter = |at: usize| text[at].is_ascii_uppercase();
    let digit = |at: usize| match text[at] {
        b @ b'0'..=b'9' => Some(u32::from(b - b'0')),
        b => DIGITS.iter().position(|d| *d == b).map(|d| d as u32),
    };
    let (Some(_), Some(_), Some(tens), Some(ones)) = (digit(6), digit(7), digit(9), digit(10)) else { return false };
    let day = (tens * 10 + ones) % 40;
    if !(0..6).all(letter)
        || !b"ABCDEHLMPRST".contains(&text[8])
        || !(1..=31).contains(&day)
        || tens * 10 + ones > 71
        || !letter(11)
        || !(12..15).all(|at| digit(at).is_some())
    {
        return false;
    }
    let value = |byte: u8| if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' };
    let sum: u32 = (0..15)
        .map(|at| {
            let value = value(text[at]);
            u32::from(if at % 2 == 0 { ODD[usize::from(value)] } else { value })
        })
        .sum();
    letter(15) && base36(text[15]) - 10 == sum % 26
}

/// Eleven digits, Luhn.
pub fn it_iva(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|d| number(&d[..7]) > 0 && luhn(&d))
}
