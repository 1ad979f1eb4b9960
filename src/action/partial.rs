//! The first and last characters stay, the rest does not.

use super::marker::{self, Form, TILDE};

/// Appends `<first>~REDACTED-<label>~<last>`. All is hidden (`REDACTED-<label>`) when that would show more than a quarter of
/// the characters, leave fewer than eight hidden, or show anything but ASCII letters and digits: the marker stays inert
/// and known again. Of a card number with 14 digits or more, up to six and four digits may be shown, as PCI DSS 3.4.1
/// allows; its separators do not count.
pub(super) fn write(label: &str, first: usize, last: usize, card: bool, value: &[u8], out: &mut Vec<u8>) {
    let digits: Vec<u8>;
    let (characters, value) = if card {
        digits = value.iter().copied().filter(u8::is_ascii_digit).collect();
        (digits.len(), &digits[..])
    } else {
        (std::str::from_utf8(value).map_or(value.len(), |text| text.chars().count()), value)
    };
    let allowed = match characters {
        14.. if card => first <= CARD.0 && last <= CARD.1,
        _ => first.saturating_add(last).saturating_mul(4) <= characters && characters - first - last >= HIDDEN,
    };
    // What is shown is ASCII, so characters are bytes at both ends, whatever stands between.
    let shown = allowed.then(|| (&value[..first], &value[value.len() - last..]));
    match shown {
        Some((head, tail)) if head.iter().chain(tail).all(u8::is_ascii_alphanumeric) => {
            out.extend_from_slice(head);
            out.extend((first > 0).then_some(TILDE));
            marker::write(label, out);
            out.extend((last > 0).then_some(TILDE));
            out.extend_from_slice(tail);
        }
        _ => marker::write(label, out),
    }
}

/// The form of the markers that [`write`] can write, if any of them shows something.
pub(super) fn form(first: usize, last: usize, card: bool) -> Option<Form> {
    let never = (first == 0 && last == 0) || (card && (first > CARD.0 || last > CARD.1));
    (!never).then_some(Form::Partial { first, last })
}

/// Fewest characters that stay hidden.
const HIDDEN: usize = 8;

/// First and last digits of a card number that may be shown.
const CARD: (usize, usize) = (6, 4);

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(first: usize, last: usize, card: bool, value: &str) -> String {
        let mut out = Vec::new();
        write("x", first, last, card, value.as_bytes(), &mut out);
        String::from_utf8(out).expect("markers are ASCII")
    }

    #[test]
    fn at_most_a_quarter_is_shown_and_eight_stay_hidden() {
        for (first, last, value, expected) in [
            (2, 2, "0123456789abcdef", "01~REDACTED-x~ef"),
            (4, 0, "0123456789abcdef", "0123~REDACTED-x"),
            (0, 4, "0123456789abcdef", "REDACTED-x~cdef"),
            (3, 2, "0123456789abcdef", "REDACTED-x"),
            (1, 1, "0123456789", "0~REDACTED-x~9"),
            (1, 1, "012345678", "REDACTED-x"),
            (1, 0, "012345678", "0~REDACTED-x"),
            (1, 0, "01234567", "REDACTED-x"),
            (0, 0, "0123456789abcdef", "REDACTED-x"),
            (1, 1, "", "REDACTED-x"),
            (1, 1, "é123456789abcdef", "REDACTED-x"),
            (1, 1, "0éééééééééé9", "0~REDACTED-x~9"),
            (1, 1, "\"123456789abcde\"", "REDACTED-x"),
            (1, 1, "~123456789abcde~", "REDACTED-x"),
            (usize::MAX, usize::MAX, "0123456789abcdef", "REDACTED-x"),
        ] {
            assert_eq!(shown(first, last, false, value), expected, "{first} {last} {value}");
        }
    }

    /// Every length and every limit: never more than a quarter, never fewer than eight hidden.
    #[test]
    fn no_limits_show_more() {
        for length in 0..60 {
            let value: String = ('a'..='z').cycle().take(length).collect();
            for (first, last) in (0..20).flat_map(|f| (0..20).map(move |l| (f, l))) {
                let text = shown(first, last, false, &value);
                let visible = text.replace("REDACTED-x", "").replace('~', "").len();
                assert!(
                    visible * 4 <= length && (visible == 0 || length - visible >= 8),
                    "{length} {first} {last}: {text}"
                );
            }
        }
    }

    #[test]
    fn cards_may_show_six_and_four_digits() {
        for (first, last, value, expected) in [
            (6, 4, "4111 1111 1111 1234", "411111~REDACTED-x~1234"),
            (6, 4, "30569309025904", "305693~REDACTED-x~5904"),
            (0, 4, "4111-1111-1111-1234", "REDACTED-x~1234"),
            (7, 4, "4111111111111234", "REDACTED-x"),
            (6, 5, "4111111111111234", "REDACTED-x"),
            (6, 4, "4222222222222", "REDACTED-x"),
            (0, 3, "4222222222222", "REDACTED-x~222"),
            (6, 4, "", "REDACTED-x"),
        ] {
            assert_eq!(shown(first, last, true, value), expected, "{value}");
        }
    }
}
