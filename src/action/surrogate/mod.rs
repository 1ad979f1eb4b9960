//! Values that look real and belong to nobody: for copies of production that programs are to read.
//!
//! | value | becomes | how many there are |
//! |---|---|---|
//! | e-mail address | `word.word12345@example.com`, `.net`, `.org` (RFC 2606) | 2^50 |
//! | IPv4, IPv6 address | an address in 240.0.0.0/4, 3fff::/20; networks stay networks | 2^28, 2^108 |
//! | phone number | see `phone` | 79,200 in North America, elsewhere 10^8 and more |
//! | card number | a test number of the same brand, length and grouping, that passes Luhn | 10^9 and more |
//! | IBAN | same country and length, bank `0000` or `TEST`, valid check digits | 10^7 to 10^22 |
//! | month in which a card expires | one of the five years behind it | 60 |
//! | US social security number | in 900-01 to 999-49, which are none (SSA) | 49 million |
//! | MAC address | a locally administered one | 2^46 |
//! | UUID | version 8 (RFC 9562) | 2^74 |
//! | date | so many weeks earlier, the same for all dates under one key | one to one |
//! | host name | its labels in the same shape, `example` at the end | one to one but for the last label |
//! | names, addresses: each word | a word of a list | 2^17 a word |
//! | all else | the same shape: letters and digits are exchanged, numbers stay numbers | one to one |
//!
//! Everything is a function of key and value, so what was equal stays equal, in each file and each format. What is one to
//! one never makes two values equal. What cannot be stood in for is hidden. What is of a space that is nobody's is its own
//! surrogate; what is not (words, dates, shapes, cards, accounts, MAC addresses) cannot be told from an original, and
//! changes again when it is masked again.

mod date;
mod email;
mod iban;
mod id;
mod phone;
mod shape;
mod stream;
mod words;

use super::{Key, address};
use std::net::IpAddr;

/// Makes the surrogates of one rule.
#[derive(Clone, Debug)]
pub(super) struct Surrogate {
    kind: Kind,
    /// Identity or class: values of different kinds have different surrogates.
    scope: String,
    key: Key,
}

/// What a rule says of its values. What a value is by itself (an address, an e-mail address) goes before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Card,
    Iban,
    Ssn,
    Phone,
    Mac,
    Host,
    Date,
    Words,
    Other,
}

/// Longer values are hidden, in bytes.
const LONGEST: usize = 1024;

impl Surrogate {
    /// For the values of a rule of this class; `identity` is the kind of value that was validated.
    pub(super) fn new(class: &str, identity: Option<&'static str>, key: &Key) -> Surrogate {
        let named = |names: &[&str]| class.split('.').skip(1).any(|part| names.contains(&part));
        let kind = match identity {
            Some("card") => Kind::Card,
            Some("iban") => Kind::Iban,
            Some("ssn") => Kind::Ssn,
            Some("phone") => Kind::Phone,
            Some("mac") => Kind::Mac,
            _ if named(&["host"]) => Kind::Host,
            _ if named(&["birth", "birthdate", "date"]) => Kind::Date,
            _ if named(&["name", "address", "location", "city", "street"]) => Kind::Words,
            _ => Kind::Other,
        };
        Surrogate { kind, scope: identity.unwrap_or(class).to_owned(), key: key.clone() }
    }

    /// What stands for `value`, decoded: ASCII without quotes, backslashes and control characters. `None` if nothing can.
    pub(super) fn of(&self, value: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(value).ok().filter(|text| text.len() <= LONGEST)?;
        let bare = text.trim_matches([' ', '\t']);
        let start = text.len() - text.trim_start_matches([' ', '\t']).len();
        let (front, back) = (&text[..start], &text[(start + bare.len()).min(text.len())..]);
        let made = self.made(bare).filter(|made| made.is_ascii())?;
        Some(format!("{front}{made}{back}"))
    }

    /// The same, if all of `value` is an e-mail address.
    pub(super) fn of_email(&self, value: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(value).ok().filter(|text| !text.contains(['=', '&', '/', '?']))?;
        email::of(&self.key, text)
    }

    fn made(&self, text: &str) -> Option<String> {
        let Surrogate { kind, scope, key } = self;
        // A list or an object that goes as a whole is no value; line breaks may be spelled in ways that are not known here.
        let structured = text.starts_with('{') || text.starts_with('[') && !text.contains("]:") && !text.ends_with(']');
        let list = text.starts_with('[') && text.contains([',', '"', '\'']);
        if structured || list || text.chars().any(char::is_control) || has_escape(text) {
            return None;
        }
        if let Some(address) = of_address(key, text) {
            return Some(address);
        }
        if let Some(made) = email::of(key, text).or_else(|| id::uuid(key, text)) {
            return Some(made);
        }
        let same_shape = || (!email::may_be_in(text)).then(|| shape::of(key, scope, text)).flatten();
        match kind {
            // A part of a number under its name.
            Kind::Card | Kind::Ssn if text.len() < 9 => same_shape(),
            Kind::Card => id::card(key, text),
            Kind::Iban => iban::of(key, text).or_else(same_shape),
            Kind::Ssn => id::ssn(key, text),
            Kind::Phone => phone::of(key, text),
            Kind::Mac => id::mac(key, text),
            Kind::Host => shape::host(key, text),
            Kind::Date => date::of(key, text, true).or_else(same_shape),
            Kind::Words if text.bytes().any(|b| b.is_ascii_alphabetic()) || !text.is_ascii() => words::of(key, text),
            Kind::Other if scope == "pay.card" => id::expiry(key, text).or_else(same_shape),
            Kind::Words | Kind::Other => date::of(key, text, false).or_else(same_shape),
        }
    }
}

/// An address, or a network with its length behind a slash.
fn of_address(key: &Key, text: &str) -> Option<String> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let made = address::pseudonym(key, address.as_bytes())?;
    match bits {
        None => Some(made),
        Some(bits) => {
            let most = if address.parse::<IpAddr>().ok()?.is_ipv4() { 32 } else { 128 };
            bits.parse::<u8>().ok().filter(|bits| *bits <= most).map(|bits| format!("{made}/{bits}"))
        }
    }
}

/// A backslash before anything but a quote: a line break, say.
fn has_escape(text: &str) -> bool {
    text.split('\\').skip(1).any(|rest| !rest.is_empty() && !rest.starts_with(['"', '\'']))
}

#[cfg(test)]
mod tests;
