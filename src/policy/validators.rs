//! Validators as a policy file spells them.

use super::rule::Validate;
use crate::validate::number::Number;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// The names of all validators.
pub(super) const VALIDATORS: &[&str] = &[
    "luhn",
    "card",
    "iban",
    "ssn",
    "github-crc32",
    "jwt",
    "entropy",
    "base58check",
    "bech32",
    "full-name",
    "given-name",
    "digit",
    "at-sign",
    "number",
];

impl<'de> Deserialize<'de> for Validate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Validate;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a validator: its name, entropy with its bits a character, or number with its kind")
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<Validate, E> {
                Ok(match name {
                    "luhn" => Validate::Luhn,
                    "card" => Validate::Card,
                    "iban" => Validate::Iban,
                    "ssn" => Validate::Ssn,
                    "github-crc32" => Validate::GithubCrc32,
                    "jwt" => Validate::Jwt,
                    "base58check" => Validate::Base58Check,
                    "bech32" => Validate::Bech32,
                    "full-name" => Validate::FullName,
                    "given-name" => Validate::GivenName,
                    "digit" => Validate::Digit,
                    "at-sign" => Validate::AtSign,
                    "number" => return Err(E::custom("number needs its kind, as in: number: pl-pesel")),
                    "entropy" => return Err(E::custom("entropy needs its bits a character, as in: entropy: 3.0")),
                    _ => return Err(E::unknown_variant(name, VALIDATORS)),
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Validate, A::Error> {
                let Some(name) = pairs.next_key::<String>()? else {
                    return Err(A::Error::invalid_length(0, &self));
                };
                if name == "number" {
                    let Kind(number) = pairs.next_value()?;
                    if pairs.next_key::<String>()?.is_some() {
                        return Err(A::Error::custom("one validator an item"));
                    }
                    return Ok(Validate::Number(number));
                }
                if name != "entropy" {
                    return Err(match self.visit_str::<A::Error>(&name) {
                        Ok(_) => A::Error::custom("this validator takes no setting"),
                        Err(error) => error,
                    });
                }
                let bits = pairs.next_value::<f64>()?;
                if !(bits > 0.0 && bits <= 8.0) {
                    return Err(A::Error::custom("entropy is over 0 and at most 8 bits a character"));
                }
                if pairs.next_key::<String>()?.is_some() {
                    return Err(A::Error::custom("one validator an item"));
                }
                Ok(Validate::Entropy(bits))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// The kind of a number, by its name.
struct Kind(Number);

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Kind;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the kind of a number")
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<Kind, E> {
                Number::named(name).map(Kind).ok_or_else(|| E::unknown_variant(name, Number::NAMES))
            }
        }
        deserializer.deserialize_str(Read)
    }
}
