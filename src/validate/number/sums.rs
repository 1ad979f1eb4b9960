//! What check digits are made of: weighted sums, dates, the tables of Verhoeff and ISO 7064.

/// The digits of `text`; `None` unless there are exactly `N` and nothing else.
pub fn digits<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let text: [u8; N] = text.try_into().ok()?;
    text.iter().all(u8::is_ascii_digit).then(|| text.map(|b| b - b'0'))
}

/// Products of digits and weights, summed; the shorter of both ends it.
pub fn weighted(digits: &[u8], weights: &[u8]) -> u32 {
    digits.iter().zip(weights).map(|(d, w)| u32::from(*d) * u32::from(*w)).sum()
}

/// The number that digits spell.
pub fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, &digit| number * 10 + u64::from(digit))
}

/// Luhn mod 10, ISO/IEC 7812-1 annex B.
pub fn luhn(digits: &[u8]) -> bool {
    crate::validate::luhn::sum(digits).is_multiple_of(10)
}

/// ISO 7064 mod 11,10, the check digit last.
pub fn mod_11_10(digits: &[u8]) -> bool {
    let Some((check, digits)) = digits.split_last() else { return false };
    let rest = digits.iter().fold(10, |rest, &digit| {
        let sum = (rest + u32::from(digit)) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (rest + u32::from(*check)) % 10 == 1
}

/// Verhoeff's check in the dihedral group of order 10, the check digit last. J. Verhoeff, "Error detecting decimal codes", 1969.
pub fn verhoeff(digits: &[u8]) -> bool {
    const SHIFT: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let product = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let shifted = |times: usize, digit: u8| (0..times % 8).fold(digit, |digit, _| SHIFT[usize::from(digit)]);
    digits.iter().rev().enumerate().fold(0, |sum, (at, &digit)| product(sum, shifted(at, digit))) == 0
}

/// Can there be such a day? `year` is full, or counts from 0 where the century is not known.
pub fn date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400) || year == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// Two digits as a number.
pub fn two(digits: &[u8]) -> u32 {
    u32::from(digits[0]) * 10 + u32::from(digits[1])
}

/// Value of a digit or letter in base 36.
pub fn base36(byte: u8) -> u32 {
    u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte.saturating_sub(b'A') + 10 })
}

/// All digits the same: such numbers pass several sums and are never given out.
pub fn uniform(digits: &[u8]) -> bool {
    digits.windows(2).all(|pair| pair[0] == pair[1])
}
