//! US social security numbers.

/// A number that the Social Security Administration can have issued: area not 000, 666 or 900 to 999, group not 00,
/// serial not 0000 (20 CFR 422.103; SSA, "SSN Randomization"). `AAA-GG-SSSS`, with spaces, or nine bare digits.
pub fn holds(text: &[u8]) -> bool {
    let digits: [u8; 9] = match text.len() {
        9 => text.try_into().expect("nine bytes"),
        11 if matches!((text[3], text[6]), (b'-', b'-') | (b' ', b' ')) => {
            [&text[..3], &text[4..6], &text[7..]].concat().try_into().expect("nine bytes")
        }
        _ => return false,
    };
    digits.iter().all(u8::is_ascii_digit)
        && digits[0] != b'9'
        && !matches!(&digits[..3], b"000" | b"666")
        && digits[3..5] != *b"00"
        && digits[5..] != *b"0000"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All areas, groups and the edges of the serials: 898 × 99 numbers of each form can be issued.
    #[test]
    fn exactly_what_can_be_issued_holds() {
        let mut issued = 0;
        for area in 0..1000 {
            for group in 0..100 {
                let possible = area != 0 && area != 666 && area < 900 && group != 0;
                issued += usize::from(possible);
                for serial in [0, 1, 9999] {
                    let possible = possible && serial != 0;
                    for text in [
                        format!("{area:03}-{group:02}-{serial:04}"),
                        format!("{area:03} {group:02} {serial:04}"),
                        format!("{area:03}{group:02}{serial:04}"),
                    ] {
                        assert_eq!(holds(text.as_bytes()), possible, "{text}");
                    }
                }
            }
        }
        assert_eq!(issued, 898 * 99);
    }

    #[test]
    fn other_forms_fail() {
        for text in ["123-456789", "123-45-678", "123-45 6789", "12-345-6789", "123-45-67890", "abc-de-fghi"] {
            assert!(!holds(text.as_bytes()), "{text}");
        }
    }
}
