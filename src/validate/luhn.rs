//! The check digit of card numbers, IMEI, SIN and many more.

/// Luhn mod 10 over the digits of `text`, spaces and dashes skipped. ISO/IEC 7812-1, annex B. False for fewer than
/// eight digits or more than 32, and for anything that is no digit: a tenth of all numbers pass by chance.
pub fn holds(text: &[u8]) -> bool {
    super::digits::<32>(text).is_some_and(|(digits, count)| count >= 8 && sum(&digits[..count]).is_multiple_of(10))
}

/// The sum that has to end in 0: from the right, every second digit doubled and its own digits added.
pub(crate) fn sum(digits: &[u8]) -> u32 {
    let doubled = |d: u8| if d > 4 { 2 * d - 9 } else { 2 * d };
    digits.iter().rev().enumerate().map(|(i, &d)| u32::from(if i % 2 == 1 { doubled(d) } else { d })).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_published_numbers_hold() {
        for text in
            ["79927398713", "4111111111111111", "3782-822463-10005", "490154203237518", "046 454 286", "00000000"]
        {
            assert!(holds(text.as_bytes()), "{text}");
        }
        for text in ["79927398710", "411111111111111x", "4111.1111.1111.1111", "0", "18"] {
            assert!(!holds(text.as_bytes()), "{text}");
        }
    }

    /// Digits with the check digit that fits.
    fn valid() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(0u8..10, 7..31).prop_map(|mut digits| {
            digits.push(0);
            let check = (10 - sum(&digits) % 10) % 10;
            *digits.last_mut().expect("one was pushed") = check as u8;
            digits
        })
    }

    fn text(digits: &[u8]) -> Vec<u8> {
        digits.iter().map(|d| d + b'0').collect()
    }

    proptest! {
        #[test]
        fn every_wrong_digit_is_noticed(digits in valid()) {
            prop_assert!(holds(&text(&digits)));
            for at in 0..digits.len() {
                for other in (0..10).filter(|d| *d != digits[at]) {
                    let mut wrong = digits.clone();
                    wrong[at] = other;
                    prop_assert!(!holds(&text(&wrong)));
                }
            }
        }

        /// The standard promises all adjacent swaps but 09 and 90.
        #[test]
        fn adjacent_swaps_are_noticed_except_of_0_and_9(digits in valid()) {
            for at in 1..digits.len() {
                let mut wrong = digits.clone();
                wrong.swap(at - 1, at);
                let (a, b) = (digits[at - 1], digits[at]);
                prop_assert_eq!(holds(&text(&wrong)), a == b || (a + b == 9 && a * b == 0));
            }
        }
    }
}
