//! How markers look, and how a second run knows them.
//!
//! | form | looks |
//! |---|---|
//! | plain | `REDACTED-<rule id>` |
//! | pseudonym | `REDACTED-<identity>-<10 base32 characters>` |
//! | partial | `<first>~REDACTED-<rule id>~<last>`, a side that shows nothing without its tilde |

use super::pseudonym::ALPHABET;
use std::collections::HashMap;

/// What every marker has in it.
pub const PREFIX: &[u8] = b"REDACTED-";

/// Characters of a pseudonym's suffix.
pub(super) const SUFFIX: usize = 10;

/// Between the shown and the hidden part.
pub(super) const TILDE: u8 = b'~';

/// Appends the plain marker with this label.
pub(super) fn write(label: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(PREFIX);
    out.extend_from_slice(label.as_bytes());
}

/// Which of the looks a marker has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Nothing but the label.
    Plain,
    /// With the suffix that names the value.
    Pseudonym,
    /// With so many characters shown before and after.
    Partial {
        /// Characters before.
        first: usize,
        /// Characters after.
        last: usize,
    },
}

/// The labels of a policy, each with the forms that its rules write. Nothing else is a marker: `REDACTED-hunter2` may be
/// a password.
#[derive(Clone, Debug, Default)]
pub struct Labels(HashMap<Box<[u8]>, Forms>);

/// The forms that one label has. Most have the plain one alone.
#[derive(Clone, Debug, Default)]
struct Forms {
    plain: bool,
    pseudonym: bool,
    partial: Vec<Form>,
}

impl Labels {
    /// From what [`super::Replacer::forms`] gives for all rules.
    pub fn new<'l>(forms: impl IntoIterator<Item = (&'l str, Form)>) -> Labels {
        let mut labels = Labels::default();
        for (label, form) in forms {
            let known = labels.0.entry(label.as_bytes().into()).or_default();
            match form {
                Form::Plain => known.plain = true,
                Form::Pseudonym => known.pseudonym = true,
                form @ Form::Partial { .. } => known.partial.push(form),
            }
        }
        labels
    }

    fn has(&self, label: &[u8], form: Form) -> bool {
        self.0.get(label).is_some_and(|known| match form {
            Form::Plain => known.plain,
            Form::Pseudonym => known.pseudonym,
            Form::Partial { .. } => known.partial.contains(&form),
        })
    }
}

/// Which form of marker the whole of `text` is; `None` when it is anything else, a marker and further bytes included.
/// For values of a class `secret.*` only [`Form::Plain`] should be left alone: an attacker can write the others.
///
/// ```
/// use logmask::action::marker::{Form, Labels, is_marker};
/// let labels = Labels::new([("password", Form::Plain), ("ip", Form::Pseudonym)]);
/// assert_eq!(is_marker(b"REDACTED-password", &labels), Some(Form::Plain));
/// assert_eq!(is_marker(b"REDACTED-ip-abcdefgh27", &labels), Some(Form::Pseudonym));
/// assert_eq!(is_marker(b"REDACTED-hunter2", &labels), None);
/// ```
pub fn is_marker(text: &[u8], labels: &Labels) -> Option<Form> {
    match text.strip_prefix(PREFIX) {
        Some(rest) if !rest.contains(&TILDE) => {
            if labels.has(rest, Form::Plain) {
                return Some(Form::Plain);
            }
            let (label, suffix) = rest.split_at_checked(rest.len().checked_sub(SUFFIX + 1)?)?;
            let suffix = suffix.strip_prefix(b"-")?;
            let named = suffix.iter().all(|b| ALPHABET.contains(b)) && labels.has(label, Form::Pseudonym);
            named.then_some(Form::Pseudonym)
        }
        _ => partial(text, labels),
    }
}

fn partial(text: &[u8], labels: &Labels) -> Option<Form> {
    let mut parts = text.split(|&b| b == TILDE);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next());
    let (head, marker, tail) = match c {
        Some(c) => (a, b, c),
        None if a.starts_with(PREFIX) => (&b""[..], a, b),
        None => (a, b, &b""[..]),
    };
    let form = Form::Partial { first: head.len(), last: tail.len() };
    let plain = head.iter().chain(tail).all(u8::is_ascii_alphanumeric);
    let known = labels.has(marker.strip_prefix(PREFIX)?, form);
    (plain && known && parts.next().is_none()).then_some(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_policy_writes_is_a_marker() {
        let card = Form::Partial { first: 6, last: 4 };
        let head = Form::Partial { first: 2, last: 0 };
        let tail = Form::Partial { first: 0, last: 2 };
        let labels = Labels::new([
            ("password", Form::Plain),
            ("ipv4", Form::Plain),
            ("ip", Form::Pseudonym),
            ("pii.name", Form::Pseudonym),
            ("card", Form::Plain),
            ("card", card),
            ("head", head),
            ("tail", tail),
            ("a", Form::Plain),
            ("a-bcdefghijkl", Form::Plain),
        ]);
        for (text, form) in [
            ("REDACTED-password", Some(Form::Plain)),
            ("REDACTED-card", Some(Form::Plain)),
            ("REDACTED-ip-abcdefgh27", Some(Form::Pseudonym)),
            ("REDACTED-pii.name-abcdefgh27", Some(Form::Pseudonym)),
            ("411111~REDACTED-card~1111", Some(card)),
            ("ab~REDACTED-head", Some(head)),
            ("REDACTED-tail~ab", Some(tail)),
            ("REDACTED-a-bcdefghijkl", Some(Form::Plain)),
            ("REDACTED-ip", None),
            ("REDACTED-hunter2", None),
            ("REDACTED-", None),
            ("REDACTED", None),
            ("", None),
            ("~", None),
            ("REDACTED-passwordx", None),
            ("xREDACTED-password", None),
            ("REDACTED-password ", None),
            ("REDACTED-password-abcdefgh27", None),
            ("REDACTED-ip-abcdefgh2", None),
            ("REDACTED-ip-abcdefgh271", None),
            ("REDACTED-ip-ABCDEFGH27", None),
            ("REDACTED-ip-abcdefgh01", None),
            ("REDACTED-ipv4-abcdefgh27", None),
            ("redacted-password", None),
            ("41111~REDACTED-card~1111", None),
            ("411111~REDACTED-card", None),
            ("411111~REDACTED-card~1111~", None),
            ("41 111~REDACTED-card~1111", None),
            ("ab~REDACTED-password", None),
            ("411111REDACTED-card1111", None),
            ("REDACTED-password~", None),
            ("~REDACTED-card~", None),
            ("REDACTED-é", None),
        ] {
            assert_eq!(is_marker(text.as_bytes(), &labels), form, "{text:?}");
        }
    }
}
