//! Checks on a found value: checksums and kin, one file per algorithm. Simplest member to copy from: `entropy`.
//!
//! A validator sees the decoded value alone, without its surroundings, and says whether it can be the real thing. It
//! errs towards yes where a standard leaves room, because a no means that the value stays readable.

pub mod at_sign;
pub mod base58check;
pub mod bech32;
pub mod card;
pub mod digit;
pub mod entropy;
pub mod full_name;
pub mod github;
pub mod iban;
pub mod jwt;
pub mod luhn;
pub mod number;
pub mod ssn;

use crate::policy::rule::Validate;

impl Validate {
    /// Whether `value` passes.
    ///
    /// ```
    /// use logmask::policy::rule::Validate;
    /// assert!(Validate::Card.holds(b"4111 1111 1111 1111"));
    /// assert!(!Validate::Card.holds(b"4111 1111 1111 1112"));
    /// ```
    pub fn holds(&self, value: &[u8]) -> bool {
        match self {
            Validate::Luhn => luhn::holds(value),
            Validate::Card => card::holds(value),
            Validate::Iban => iban::holds(value),
            Validate::Ssn => ssn::holds(value),
            Validate::GithubCrc32 => github::holds(value),
            Validate::Jwt => jwt::holds(value),
            Validate::Entropy(least) => entropy::bits(value) >= *least,
            Validate::Base58Check => base58check::holds(value),
            Validate::Bech32 => bech32::holds(value),
            Validate::FullName => full_name::holds(value),
            Validate::GivenName => full_name::begins(value),
            Validate::Digit => digit::holds(value),
            Validate::AtSign => at_sign::holds(value),
            Validate::Number(number) => number.holds(value),
        }
    }

    /// As a policy file spells it: `luhn`, `entropy: 3.0`.
    pub fn name(&self) -> String {
        match self {
            Validate::Luhn => "luhn".into(),
            Validate::Card => "card".into(),
            Validate::Iban => "iban".into(),
            Validate::Ssn => "ssn".into(),
            Validate::GithubCrc32 => "github-crc32".into(),
            Validate::Jwt => "jwt".into(),
            Validate::Entropy(least) => format!("entropy: {least:?}"),
            Validate::Base58Check => "base58check".into(),
            Validate::Bech32 => "bech32".into(),
            Validate::FullName => "full-name".into(),
            Validate::GivenName => "given-name".into(),
            Validate::Digit => "digit".into(),
            Validate::AtSign => "at-sign".into(),
            Validate::Number(number) => format!("number: {}", number.name()),
        }
    }
}

/// The digits of `text` as numbers, with their count; spaces and dashes are skipped. `None` when there is anything
/// else or there are more than `N`.
pub(crate) fn digits<const N: usize>(text: &[u8]) -> Option<([u8; N], usize)> {
    let (mut digits, mut count) = ([0; N], 0);
    for byte in text {
        match byte {
            b'0'..=b'9' if count < N => {
                digits[count] = byte - b'0';
                count += 1;
            }
            b' ' | b'-' => {}
            _ => return None,
        }
    }
    Some((digits, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_a_policy_says() {
        let spelled = |validate: Validate| validate.name();
        assert_eq!(spelled(Validate::Entropy(3.0)), "entropy: 3.0");
        assert_eq!(spelled(Validate::Entropy(3.25)), "entropy: 3.25");
        assert_eq!(spelled(Validate::GithubCrc32), "github-crc32");
        assert_eq!(spelled(Validate::Base58Check), "base58check");
    }

    #[test]
    fn no_validator_holds_for_nothing() {
        for validate in [
            Validate::Luhn,
            Validate::Card,
            Validate::Iban,
            Validate::Ssn,
            Validate::GithubCrc32,
            Validate::Jwt,
            Validate::Entropy(1.5),
            Validate::Base58Check,
            Validate::Bech32,
            Validate::FullName,
            Validate::GivenName,
            Validate::AtSign,
            Validate::Number(number::Number::GbNhs),
        ] {
            for text in [&b""[..], b" ", b"\xff", b"-", b"\xc3\xa9", b"1"] {
                assert!(!validate.holds(text), "{validate:?} holds for {text:?}");
            }
        }
    }
}
