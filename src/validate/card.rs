//! Payment card numbers: who issues which, and how long they are.

/// A payment card number: issuer range, length and Luhn; spaces and dashes skipped.
pub fn holds(text: &[u8]) -> bool {
    // Dots count where they part groups of four.
    let dotted = text.len() == 19 && text.iter().skip(4).step_by(5).all(|b| *b == b'.');
    let plain = if dotted { text.iter().copied().filter(|b| *b != b'.').collect() } else { Vec::new() };
    super::digits::<19>(if dotted { &plain } else { text })
        .is_some_and(|(digits, count)| issuer(&digits[..count]).is_some() && checked(&digits[..count]))
}

/// Luhn over digits as numbers.
pub(crate) fn checked(digits: &[u8]) -> bool {
    super::luhn::sum(digits).is_multiple_of(10)
}

/// Range of issuer identification numbers (ISO/IEC 7812), with what is known of the numbers in it.
#[derive(Debug)]
pub(crate) struct Issuer {
    /// Whose cards.
    #[cfg_attr(not(test), expect(dead_code, reason = "names the row"))]
    pub(crate) scheme: &'static str,
    /// First four digits, from and to, both included.
    range: (u16, u16),
    /// Lengths in digits, both included.
    lengths: (usize, usize),
    /// From how many digits on the bare number is distinctive enough without grouping or a key.
    pub(crate) bare: usize,
}

/// The issuer of a number of this length, given as digits.
pub(crate) fn issuer(digits: &[u8]) -> Option<&'static Issuer> {
    if digits.len() < 12 {
        return None;
    }
    let first = digits[..4].iter().fold(0, |n, &d| n * 10 + u16::from(d));
    ISSUERS.iter().find(|i| {
        let (from, to) = i.range;
        let (least, most) = i.lengths;
        (from..=to).contains(&first) && (least..=most).contains(&digits.len()) && !gap(i, digits.len())
    })
}

/// Visa numbers have 13, 16 or 19 digits, nothing between.
fn gap(issuer: &Issuer, length: usize) -> bool {
    issuer.range == (4000, 4999) && !matches!(length, 13 | 16 | 19)
}

const fn row(scheme: &'static str, range: (u16, u16), lengths: (usize, usize), bare: usize) -> Issuer {
    Issuer { scheme, range, lengths, bare }
}

/// From the schemes' own merchant guides; ranges that several share (co-branded Discover, UnionPay, RuPay, Maestro,
/// Elo) stand once each, the first that fits answers. Bare numbers under 16 digits that begin with 1 or 6 are ids far
/// more often than UATP or Maestro cards.
const ISSUERS: &[Issuer] = &[
    row("Visa, Elo", (4000, 4999), (13, 19), 13),
    row("Mastercard, Elo", (5100, 5599), (16, 16), 16),
    row("Mir", (2200, 2204), (16, 19), 16),
    row("Mastercard", (2221, 2720), (16, 16), 16),
    row("American Express", (3400, 3499), (15, 15), 15),
    row("American Express", (3700, 3799), (15, 15), 15),
    row("Diners Club", (3000, 3059), (14, 19), 14),
    row("Diners Club", (3095, 3095), (14, 19), 14),
    row("Diners Club", (3600, 3699), (14, 19), 14),
    row("Diners Club", (3800, 3999), (14, 19), 14),
    row("JCB", (3528, 3589), (16, 19), 16),
    row("Discover", (6011, 6011), (16, 19), 16),
    row("Discover, UnionPay", (6200, 6299), (16, 19), 16),
    row("Discover", (6440, 6499), (16, 19), 16),
    row("Discover, RuPay, Elo", (6500, 6599), (16, 19), 16),
    row("Maestro, RuPay, Elo", (5000, 5099), (12, 19), 16),
    row("Maestro", (5600, 5999), (12, 19), 16),
    row("Maestro, RuPay", (6000, 6999), (12, 19), 16),
    row("RuPay, UnionPay", (8100, 8299), (16, 19), 16),
    row("Troy", (9792, 9792), (16, 16), 16),
    row("UATP", (1000, 1999), (15, 15), 99),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn scheme(text: &str) -> Option<&'static str> {
        let (digits, count) = super::super::digits::<19>(text.as_bytes())?;
        issuer(&digits[..count]).map(|i| i.scheme)
    }

    #[test]
    fn published_test_numbers_hold() {
        for (text, of) in [
            ("4111 1111 1111 1111", "Visa"),
            ("4222222222222", "Visa"),
            ("4917300800000000", "Visa"),
            ("5555-5555-5555-4444", "Mastercard"),
            ("2223003122003222", "Mastercard"),
            ("2720 9999 9999 9996", "Mastercard"),
            ("3782 822463 10005", "American"),
            ("343434343434343", "American"),
            ("30569309025904", "Diners"),
            ("3852 0000 0232 37", "Diners"),
            ("36227206271667", "Diners"),
            ("6011111111111117", "Discover"),
            ("6445644564456445", "Discover"),
            ("3530111333300000", "JCB"),
            ("6200000000000005", "Discover, UnionPay"),
            ("6759649826438453", "Maestro"),
            ("5019717010103742", "Maestro"),
            ("2200 0000 0000 0004", "Mir"),
            ("9792 0300 0000 0000", "Troy"),
            ("6521 1111 1111 1117", "Discover, RuPay"),
        ] {
            assert!(scheme(text).is_some_and(|s| s.starts_with(of)), "{text}: {:?}", scheme(text));
        }
        for text in ["4111111111111111", "5555555555554444", "378282246310005", "6200000000000005", "3530111333300000"]
        {
            assert!(holds(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn wrong_lengths_and_ranges_fail() {
        for text in [
            "41111111111111",
            "411111111111111",
            "41111111111111111",
            "37828224631000",
            "2721000000000004",
            "2220999999999999",
            "0000000000000000",
            "7000000000000000",
            "1746565238000",
            "3000000000000",
            "3159778022988064",
        ] {
            assert_eq!(scheme(text), None, "{text}");
        }
    }

    /// Walks all 10,000 beginnings: every range has an owner and none reaches into what nobody issues.
    #[test]
    fn ranges_cover_what_schemes_issue() {
        let owned = |first: u16, length: usize| {
            let mut digits = vec![0; length];
            for (i, digit) in digits.iter_mut().take(4).enumerate() {
                *digit = (first / 10u16.pow(3 - i as u32) % 10) as u8;
            }
            issuer(&digits).is_some()
        };
        for first in 0..10_000 {
            let expected = matches!(
                first,
                2200..=2204 | 2221..=2720 | 3000..=3059 | 3095 | 3528..=3589 | 3600..=3699 | 3800..=3999
                    | 4000..=4999 | 5000..=6999 | 8100..=8299 | 9792
            );
            assert_eq!(owned(first, 16), expected, "{first}");
            assert!(!owned(first, 11), "{first}");
        }
    }
}
