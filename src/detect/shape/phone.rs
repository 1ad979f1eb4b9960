//! Phone numbers in the international form.

use super::boundary::word;
use crate::span::Span;

/// The number (ITU-T E.164) that begins with the `+` at `at`: a country code and as many digits as that country's
/// numbers have, bare or in groups with space, `-`, `.`, `/` or brackets between (E.123). Eight digits at least. Time
/// zones (`+0200`, `+05:30`), exponents and sums are none: no country code begins with 0, and nothing may stand before.
pub fn find(text: &[u8], at: usize) -> Option<Span> {
    if at > 0 && (word(text[at - 1]) || matches!(text[at - 1], b'+' | b'.' | b')' | b'$')) {
        return None;
    }
    if !matches!(text.get(at + 1), Some(b'1'..=b'9'))
        && !matches!(text.get(at + 1..at + 3), Some([b'(' | b' ', b'1'..=b'9']))
    {
        return None;
    }
    if is_date(&text[at + 1..]) {
        return None;
    }
    // 1. Digits and separators, group by group; the end of each group may be the end of the number.
    let (mut digits, mut count) = ([0; MOST], 0);
    let (mut i, mut open, mut best) = (at + 1, false, None);
    while let Some(&byte) = text.get(i) {
        match byte {
            b'0'..=b'9' if count < MOST => {
                digits[count] = byte - b'0';
                count += 1;
                i += 1;
                if !text.get(i).is_some_and(u8::is_ascii_digit) && plausible(&digits[..count]) && !open {
                    best = Some(i);
                }
            }
            b'(' if text[i..].starts_with(b"(0)") => i += 3, // the trunk prefix, not dialled from abroad
            b'(' if !open && count < 5 => (open, i) = (true, i + 1),
            b')' if open => {
                (open, i) = (false, i + 1);
                if plausible(&digits[..count]) {
                    best = Some(i);
                }
            }
            b' ' | b'-' | b'.' | b'/' if next_group(&text[i + 1..], byte) && count > 0 => i += 1,
            _ => break,
        }
    }
    // 2. A run of digits that goes on beyond a number is none; nor is a word or a decimal.
    let end = best?;
    let after = text.get(end).is_some_and(|b| word(*b));
    let decimal = matches!(text.get(end..end + 2), Some([b'.', b'0'..=b'9'])) && bare(&text[at + 1..end]);
    (!after && !decimal).then_some(Span::new(at, end))
}

/// A line of a log that was added in a diff: `+2026-03-01 10:00:00 …`.
fn is_date(text: &[u8]) -> bool {
    let two = |at: usize, most: u8| {
        let digits = text.get(at..at + 2).filter(|digits| digits.iter().all(u8::is_ascii_digit));
        digits.is_some_and(|digits| (1..=most).contains(&((digits[0] - b'0') * 10 + digits[1] - b'0')))
    };
    matches!(text, [b'1', b'9', ..] | [b'2', b'0', ..])
        && matches!(text.get(4), Some(b'-' | b'/' | b'.'))
        && text.get(7) == text.get(4)
        && two(5, 12)
        && two(8, 31)
        && matches!(text.get(10), Some(b' ' | b'T'))
}

/// Digits or a bracket follow the separator; a bracket or a dash may come after one blank.
fn next_group(rest: &[u8], separator: u8) -> bool {
    match rest {
        [b'0'..=b'9', ..] => true,
        [b'(', b'0'..=b'9', ..] => separator != b'/',
        [b'-', b' ', b'0'..=b'9', ..] => separator == b' ',
        [b' ', b'0'..=b'9', ..] => separator == b'-',
        _ => false,
    }
}

/// No separator within.
fn bare(number: &[u8]) -> bool {
    number.iter().all(u8::is_ascii_digit)
}

/// As many digits as numbers of the country have.
fn plausible(digits: &[u8]) -> bool {
    if digits.len() < LEAST {
        return false;
    }
    let code = |n: usize| digits[..n].iter().fold(0, |code, &d| code * 10 + u16::from(d));
    let lengths = |code: u16| COUNTRIES.binary_search_by_key(&code, |row| row.0).ok().map(|at| COUNTRIES[at]);
    let Some((n, (_, least, most))) = (1..=3).find_map(|n| Some((n, lengths(code(n))?))) else { return false };
    let mut national = &digits[n..];
    if national.len() > most && national[0] == 0 && code(n) != 1 {
        national = &national[1..]; // the trunk prefix again, without its brackets
    }
    // North America: ten digits, and no area code begins with 0 or 1.
    (least..=most).contains(&national.len()) && (code(n) != 1 || national[0] > 1)
}

/// Fewest digits with the country code; below, too much else looks the same.
const LEAST: usize = 8;

/// Most digits, E.164 section 6.
const MOST: usize = 15;

/// Country codes that ITU-T has assigned (E.164), with the fewest and most digits that follow. The lengths agree with
/// the metadata of libphonenumber (2025) for fixed and mobile numbers, without the shortest local ones.
#[rustfmt::skip]
const COUNTRIES: &[(u16, usize, usize)] = &[
    (1, 10, 10), (7, 10, 10), (20, 8, 10), (27, 9, 9), (30, 10, 10), (31, 9, 11), (32, 8, 9), (33, 9, 9),
    (34, 9, 9), (36, 8, 9), (39, 6, 12), (40, 9, 9), (41, 9, 12), (43, 6, 13), (44, 9, 10), (45, 8, 8),
    (46, 7, 13), (47, 8, 12), (48, 9, 9), (49, 6, 13), (51, 8, 9), (52, 10, 11), (53, 6, 10), (54, 10, 11),
    (55, 10, 11), (56, 8, 9), (57, 8, 10), (58, 10, 10), (60, 7, 10), (61, 9, 9), (62, 7, 12), (63, 8, 10),
    (64, 8, 10), (65, 8, 8), (66, 8, 9), (81, 9, 11), (82, 7, 11), (84, 8, 10), (86, 9, 11), (90, 10, 10),
    (91, 10, 10), (92, 8, 11), (93, 9, 9), (94, 9, 9), (95, 6, 10), (98, 10, 10), (211, 7, 9), (212, 9, 9),
    (213, 8, 9), (216, 8, 8), (218, 8, 9), (220, 7, 9), (221, 9, 9), (222, 8, 8), (223, 8, 8), (224, 8, 9),
    (225, 8, 10), (226, 8, 8), (227, 8, 8), (228, 8, 8), (229, 8, 10), (230, 7, 8), (231, 7, 9), (232, 8, 8),
    (233, 9, 9), (234, 7, 10), (235, 8, 8), (236, 8, 8), (237, 8, 9), (238, 7, 7), (239, 7, 7), (240, 9, 9),
    (241, 7, 8), (242, 9, 9), (243, 7, 10), (244, 9, 9), (245, 7, 9), (246, 7, 7), (247, 5, 6), (248, 7, 7),
    (249, 9, 9), (250, 8, 9), (251, 9, 9), (252, 6, 9), (253, 8, 8), (254, 7, 10), (255, 9, 9), (256, 9, 9),
    (257, 8, 8), (258, 8, 9), (260, 9, 9), (261, 9, 10), (262, 9, 9), (263, 5, 10), (264, 6, 10), (265, 7, 9),
    (266, 8, 8), (267, 7, 8), (268, 7, 8), (269, 7, 7), (290, 5, 5), (291, 7, 7), (297, 7, 7), (298, 6, 6),
    (299, 6, 6), (350, 8, 8), (351, 9, 9), (352, 5, 11), (353, 7, 10), (354, 7, 9), (355, 6, 9), (356, 8, 8),
    (357, 8, 8), (358, 5, 12), (359, 6, 9), (370, 8, 8), (371, 8, 8), (372, 7, 8), (373, 8, 8), (374, 8, 8),
    (375, 9, 9), (376, 6, 9), (377, 8, 9), (378, 6, 10), (380, 9, 9), (381, 7, 12), (382, 8, 8), (383, 8, 12),
    (385, 8, 9), (386, 8, 8), (387, 8, 9), (389, 8, 8), (420, 9, 9), (421, 9, 9), (423, 7, 9), (500, 5, 5),
    (501, 7, 7), (502, 8, 8), (503, 8, 8), (504, 8, 8), (505, 8, 8), (506, 8, 8), (507, 7, 8), (508, 6, 9),
    (509, 8, 8), (590, 9, 9), (591, 8, 8), (592, 7, 7), (593, 8, 9), (594, 9, 9), (595, 7, 9), (596, 9, 9),
    (597, 6, 7), (598, 8, 8), (599, 7, 8), (670, 7, 8), (672, 6, 6), (673, 7, 7), (674, 7, 7), (675, 7, 8),
    (676, 5, 7), (677, 5, 7), (678, 5, 7), (679, 7, 7), (680, 7, 7), (681, 6, 6), (682, 5, 5), (683, 4, 7),
    (685, 5, 10), (686, 5, 8), (687, 6, 6), (688, 5, 7), (689, 6, 8), (690, 4, 7), (691, 7, 7), (692, 7, 7),
    (800, 8, 8), (808, 8, 8), (850, 8, 10), (852, 8, 8), (853, 8, 8), (855, 8, 9), (856, 8, 10), (870, 9, 12),
    (878, 12, 12), (880, 6, 10), (881, 8, 12), (882, 7, 12), (883, 7, 12), (886, 8, 11), (888, 8, 12), (960, 7, 7),
    (961, 7, 8), (962, 8, 9), (963, 8, 9), (964, 8, 10), (965, 8, 8), (966, 8, 9), (967, 7, 9), (968, 8, 8),
    (970, 8, 9), (971, 7, 9), (972, 8, 9), (973, 8, 8), (974, 8, 8), (975, 7, 8), (976, 8, 10), (977, 8, 10),
    (979, 9, 9), (992, 9, 9), (993, 8, 8), (994, 9, 9), (995, 9, 9), (996, 9, 9), (998, 9, 9),
];

#[cfg(test)]
mod tests {
    use super::super::testing::{finds, stays_linear};
    use super::*;

    #[test]
    fn finds_international_numbers() {
        for (text, found) in [
            ("tel +12025550123 x", "+12025550123"),
            ("+1 202 555 0123", "+1 202 555 0123"),
            ("+1 (202) 555-0123.", "+1 (202) 555-0123"),
            ("+1-202-555-0123", "+1-202-555-0123"),
            ("+1(202)555-0123", "+1(202)555-0123"),
            ("+1.2025550123", "+1.2025550123"),
            ("+44 20 7946 0018 200 OK", "+44 20 7946 0018"),
            ("+44 (0)20 7946 0018", "+44 (0)20 7946 0018"),
            ("+44 020 7946 0018", "+44 020 7946 0018"),
            ("+44.2079460018", "+44.2079460018"),
            ("+33 7 58 46 13 86", "+33 7 58 46 13 86"),
            ("+55 11 93127-1980", "+55 11 93127-1980"),
            ("+91 93920 73277,", "+91 93920 73277"),
            ("+49 30/23125 000", "+49 30/23125 000"),
            ("tel:+4930901820", "+4930901820"),
            ("=+420123456789&", "+420123456789"),
            ("+420 123 456 789 200 5ms", "+420 123 456 789"),
            ("\"+358401234567\"", "+358401234567"),
            ("(+12025550123)", "+12025550123"),
            ("+33 1 23 45 67 89 12:00", "+33 1 23 45 67 89"),
            ("+1 202 555 0123: busy", "+1 202 555 0123"),
            ("+61 491 570 156/x", "+61 491 570 156"),
            ("+1 202 555 0123-2", "+1 202 555 0123"),
            ("+1 - 202 - 555 - 0123", "+1 - 202 - 555 - 0123"),
        ] {
            assert_eq!(finds(find, b'+', text), found, "{text:?}");
        }
    }

    #[test]
    fn zones_sums_and_numbers_stay() {
        for text in [
            "+0000",
            "+02:00",
            "10:00:00+02:00",
            "12:00 +0200 1234567",
            "1e+10",
            "1e+1000000000",
            "+1.5",
            "v1+2",
            "a+12025550123",
            "+12345678",
            "+123456789012345678",
            "+1 102 555 0123",
            "+1100 12345",
            "++12025550123",
            "+12025550123x",
            "+2999999999",
            "+1234567890.25",
            "+12025550123.5",
            "+",
            "+1",
            "C++17",
            "+ 12025550123x",
            "$+12025550123",
            "+(",
            "+33 7 58",
            "[10/Oct/2000:13:55:36 -0700]",
            "2025-01-01 +1030 200 12345",
        ] {
            assert_eq!(finds(find, b'+', text), "", "{text:?}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_no_code_begins_another() {
        assert!(COUNTRIES.is_sorted_by(|a, b| a.0 < b.0));
        for (code, least, most) in COUNTRIES {
            assert!(least <= most && *most + code.to_string().len() <= MOST, "{code}");
            assert!(!COUNTRIES.iter().any(|(other, ..)| *other == code / 10 || *other == code / 100), "{code}");
        }
    }

    #[test]
    fn a_repeated_fragment_costs_linear_time() {
        for fragment in ["+", "+1", "+1 ", "+1 202 555 0123", "+1(", "+1-"] {
            stays_linear(find, b'+', fragment);
        }
    }
}
