//! A digit: what stands under the name of a number and has none says of it whether it is there, or how it is.

/// Does `value` have a digit, of whatever script (Unicode, category N)?
///
/// ```
/// use logmask::validate::digit;
/// assert!(digit::holds(b"+49 30 000000"));
/// assert!(!digit::holds(b"offline"));
/// ```
pub fn holds(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_digit)
        || !value.is_ascii() && String::from_utf8_lossy(value).chars().any(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_all_scripts_count() {
        for (text, yes) in [
            ("7", true),
            ("ext. 7", true),
            ("\u{663}\u{664}", true),
            ("\u{ff17}", true),
            ("\\u0663", true),
            ("%2B", true),
            ("offline", false),
            ("\u{5df2}\u{9a8c}\u{8bc1}", false),
            ("", false),
        ] {
            assert_eq!(holds(text.as_bytes()), yes, "{text}");
        }
        assert!(!holds(b"\xff\xb2") && holds(b"\xff7"));
    }
}
