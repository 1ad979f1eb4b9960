//! What stands in for a value: `marker` knows how it looks, `pseudonym` and `partial` how it is made, `key` keeps the
//! secret it is made with.
//!
//! Markers consist of unreserved characters (RFC 3986) and need no escaping in any format. Whole fields and lines are
//! dropped by the caller; a [`Replacer`] for them writes the plain marker, which stands there if the caller has to keep
//! the line.

mod address;
mod generalise;
pub mod key;
pub mod marker;
mod partial;
mod pseudonym;
mod surrogate;

pub use key::Key;

use crate::policy::rule::{Action, Grain, Name};
use crate::seal::Sealed;
use marker::Form;
use surrogate::Surrogate;

/// One rule's action, ready to write.
#[derive(Clone, Debug)]
pub struct Replacer {
    /// What the plain marker has behind `REDACTED-`.
    label: Name,
    make: Make,
}

/// What it takes to write each kind of marker. Boxed where it is large: most of hundreds of rules only redact.
#[derive(Clone, Debug)]
enum Make {
    Redact,
    Seal(Box<Sealed>),
    Partial { first: usize, last: usize, card: bool },
    Pseudonym { identity: String, key: Box<Key>, address: bool },
    Surrogate(Box<Surrogate>),
    Generalise(Grain),
    DropField,
    DropLine,
    Keep,
}

impl Replacer {
    /// The replacer of a rule with this label. A pseudonym is made of, and marked with, `identity` (`email`, `ip`, `mac`, `card`,
    /// `iban`, `phone`, `ssn`: the kind of value that was validated), else `class`: the same value found by two rules is
    /// then one. For a class `secret.*`, [`Action::Partial`] and [`Action::Surrogate`] are [`Action::Redact`]: what looks
    /// like a live credential would be taken for one.
    ///
    /// ```
    /// use logmask::action::{Key, Replacer};
    /// use logmask::policy::Action;
    /// let key = Key::new(b"an example key of enough bytes").unwrap();
    /// let replacer = Replacer::new("ipv4", "net.ip", &Action::Redact, Some("ip"), &key);
    /// let mut out = b"from ".to_vec();
    /// replacer.write(b"8.8.8.8", &mut out);
    /// assert_eq!(out, b"from REDACTED-ipv4");
    /// ```
    pub fn new(
        label: impl Into<Name>,
        class: &str,
        action: &Action,
        identity: Option<&'static str>,
        key: &Key,
    ) -> Replacer {
        let secret = class == "secret" || class.starts_with("secret.");
        let make = match action {
            // A part of a card number is BIN and last four, or nothing.
            Action::Generalise(_) if class.starts_with("pay.") => Make::Redact,
            Action::Partial { .. } | Action::Generalise(_) | Action::Surrogate if secret => Make::Redact,
            Action::Surrogate => Make::Surrogate(Box::new(Surrogate::new(class, identity, key))),
            Action::Generalise(grain) => Make::Generalise(*grain),
            // Sealed values come from [`Replacer::sealing`].
            Action::Redact | Action::Seal => Make::Redact,
            Action::Partial { first, last } => Make::Partial { first: *first, last: *last, card: class == "pay.card" },
            Action::Pseudonym | Action::AddressPseudonym => Make::Pseudonym {
                identity: identity.unwrap_or(class).to_owned(),
                key: Box::new(key.clone()),
                address: *action == Action::AddressPseudonym && !secret,
            },
            Action::DropField => Make::DropField,
            Action::DropLine => Make::DropLine,
            Action::Keep { .. } => Make::Keep,
        };
        Replacer { label: label.into(), make }
    }

    /// The replacer of a rule with this label, which seals.
    pub fn sealing(label: impl Into<Name>, sealed: Sealed) -> Replacer {
        Replacer { label: label.into(), make: Make::Seal(Box::new(sealed)) }
    }

    /// How it seals, if it does.
    pub fn sealed(&self) -> Option<&Sealed> {
        match &self.make {
            Make::Seal(sealed) => Some(sealed),
            _ => None,
        }
    }

    /// Which action wins where findings unite: the greater.
    pub fn strictness(&self) -> u8 {
        match self.make {
            Make::DropLine => 8,
            Make::DropField => 7,
            Make::Redact => 6,
            Make::Seal(_) => 5,
            Make::Surrogate(_) => 4,
            Make::Pseudonym { .. } => 3,
            Make::Generalise(_) => 2,
            Make::Partial { .. } => 1,
            Make::Keep => 0,
        }
    }

    /// The marker tells values apart: what it says of a union of findings would be wrong, so there the caller writes
    /// [`Replacer::write_plain`].
    pub fn depends_on_value(&self) -> bool {
        match self.make {
            Make::Seal(_)
            | Make::Surrogate(_)
            | Make::Pseudonym { .. }
            | Make::Generalise(_)
            | Make::Partial { .. } => true,
            Make::Redact | Make::DropField | Make::DropLine | Make::Keep => false,
        }
    }

    /// Appends what stands in for `value`, decoded: `bob@example.com`, not `bob\u0040example.com`. Keep appends the value.
    pub fn write(&self, value: &[u8], out: &mut Vec<u8>) {
        match &self.make {
            Make::Redact | Make::DropField | Make::DropLine => self.write_plain(out),
            Make::Seal(sealed) => sealed.seal(value, false, out),
            Make::Pseudonym { identity, key, address } => {
                match address.then(|| address::pseudonym(key, value)).flatten() {
                    Some(address) => out.extend_from_slice(address.as_bytes()),
                    None => pseudonym::write(identity, key, value, out),
                }
            }
            Make::Surrogate(surrogate) => match surrogate.of(value) {
                Some(made) => out.extend_from_slice(made.as_bytes()),
                None => self.write_plain(out),
            },
            Make::Generalise(grain) => match generalise::coarse(*grain, value) {
                Some(coarse) => out.extend_from_slice(coarse.as_bytes()),
                None => self.write_plain(out),
            },
            Make::Partial { first, last, card } => partial::write(&self.label, *first, *last, *card, value, out),
            Make::Keep => out.extend_from_slice(value),
        }
    }

    /// The surrogate of `value`, decoded, in ASCII: unlike a marker it may have to be escaped. `None` if this replacer makes
    /// none, or none of this value.
    pub fn surrogate(&self, value: &[u8]) -> Option<String> {
        if let Make::Surrogate(surrogate) = &self.make { surrogate.of(value) } else { None }
    }

    /// The same of a value in which several rules found parts: only what is an e-mail address as a whole has one.
    pub fn surrogate_of_whole(&self, value: &[u8]) -> Option<String> {
        if let Make::Surrogate(surrogate) = &self.make { surrogate.of_email(value) } else { None }
    }

    /// Appends `REDACTED-<label>`, whatever the action.
    pub fn write_plain(&self, out: &mut Vec<u8>) {
        marker::write(&self.label, out);
    }

    /// The markers that this replacer writes: label and form, for [`marker::Labels`]. The plain one is always among them:
    /// it stands where findings unite.
    pub fn forms(&self) -> Vec<(&str, Form)> {
        let label = &*self.label;
        let mut forms = vec![(label, Form::Plain)];
        match &self.make {
            Make::Pseudonym { identity, .. } => forms.push((identity, Form::Pseudonym)),
            Make::Partial { first, last, card } => {
                forms.extend(partial::form(*first, *last, *card).map(|form| (label, form)));
            }
            Make::Redact
            | Make::Seal(_)
            | Make::Surrogate(_)
            | Make::Generalise(_)
            | Make::DropField
            | Make::DropLine
            | Make::Keep => {}
        }
        forms
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> Key {
        Key::new(b"a test key of enough bytes").expect("long enough")
    }

    fn written(class: &str, action: &Action, value: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        Replacer::new("thing", class, action, None, &key()).write(value, &mut out);
        out
    }

    const ALL: [Action; 8] = [
        Action::DropLine,
        Action::DropField,
        Action::Redact,
        Action::Surrogate,
        Action::Pseudonym,
        Action::Generalise(Grain::Any),
        Action::Partial { first: 2, last: 2 },
        Action::Keep { of: Vec::new() },
    ];

    #[test]
    fn the_strictest_comes_first() {
        let strictness = ALL.map(|action| Replacer::new("x", "pii.x", &action, None, &key()).strictness());
        assert!(strictness.is_sorted_by(|a, b| a > b), "{strictness:?}");
    }

    #[test]
    fn secrets_are_never_shown_in_part() {
        let partial = Action::Partial { first: 1, last: 1 };
        for class in ["secret", "secret.token"] {
            assert_eq!(written(class, &partial, b"0123456789abcdef"), b"REDACTED-thing");
        }
        assert_eq!(written("secretary.name", &partial, b"0123456789abcdef"), b"0~REDACTED-thing~f");
    }

    #[test]
    fn debug_shows_no_key() {
        let replacer = Replacer::new("x", "pii.x", &Action::Pseudonym, None, &key());
        let shown = format!("{replacer:?}");
        assert!(shown.contains("26 bytes") && !shown.contains("a test key"), "{shown}");
    }

    proptest! {
        #[test]
        fn markers_need_no_escaping_and_are_known_again(value in prop::collection::vec(any::<u8>(), 0..64)) {
            for action in ALL[..7].iter().filter(|action| !matches!(action, Action::Generalise(_) | Action::Surrogate)) {
                let replacer = Replacer::new("thing", "pii.x", action, Some("email"), &key());
                let mut out = Vec::new();
                replacer.write(&value, &mut out);
                prop_assert!(out.iter().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(b)));
                let labels = marker::Labels::new(replacer.forms());
                prop_assert!(marker::is_marker(&out, &labels).is_some(), "{:?}", String::from_utf8_lossy(&out));
            }
        }
    }
}
