//! The forms of a secret: itself, in base64 at each of the three places it can have in a group of bytes, in hex.

use std::borrow::Cow;

/// What a secret was turned into before it was spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing.
    Plain,
    /// RFC 4648, sections 4 and 5, with so many bytes before it in its group of three.
    Base64(u8),
    /// RFC 4648, section 8, in lower case; upper case is as good.
    Hex,
}

/// Encoded text that is shorter stands for too many other things: 3 bytes are 4 characters of base64.
const LEAST_ENCODED: usize = 6;

/// All forms in which a secret is looked for.
pub(super) const FORMS: [Form; 5] = [Form::Plain, Form::Base64(0), Form::Base64(1), Form::Base64(2), Form::Hex];

impl Form {
    /// The secret in this form; of base64 the characters that depend on the secret alone. `None` if that is too little.
    pub fn write(self, secret: &[u8]) -> Option<Cow<'_, [u8]>> {
        let encoded = match self {
            Form::Plain => return Some(secret.into()),
            Form::Base64(before) => base64(secret, usize::from(before)),
            Form::Hex => data_encoding::HEXLOWER.encode(secret).into_bytes(),
        };
        (encoded.len() >= LEAST_ENCODED).then(|| encoded.into())
    }

    /// Another byte that says the same as `byte`.
    pub fn other(self, byte: u8) -> Option<u8> {
        match (self, byte) {
            (Form::Base64(_), b'+') => Some(b'-'),
            (Form::Base64(_), b'/') => Some(b'_'),
            (Form::Hex, b'a'..=b'f') => Some(byte.to_ascii_uppercase()),
            _ => None,
        }
    }

    /// How far the text says more of the secret than its own characters do: one character of base64 on each side holds
    /// some of its bits. Padding goes with it. `secret` is its length in bytes.
    pub fn widen(self, text: &[u8], start: usize, end: usize, secret: usize) -> (usize, usize) {
        let Form::Base64(before) = self else { return (start, end) };
        let mixes = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|b| is_base64(*b));
        let start = start - usize::from(before > 0 && mixes(start.checked_sub(1)));
        let mut end = end + usize::from(!(usize::from(before) + secret).is_multiple_of(3) && mixes(Some(end)));
        for _ in 0..2 {
            let padding = [&b"="[..], b"%3D", b"%3d", b"\\u003d", b"\\u003D"];
            end += padding.iter().find(|p| text[end..].starts_with(p)).map_or(0, |p| p.len());
        }
        (start, end)
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

fn base64(secret: &[u8], before: usize) -> Vec<u8> {
    let group = [&vec![0; before], secret].concat();
    let mut text = data_encoding::BASE64_NOPAD.encode(&group).into_bytes();
    // What lies in front and at the end depends on the neighbours.
    text.truncate(group.len() * 8 / 6);
    text.drain(..(before * 8).div_ceil(6).min(text.len()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_holds_the_secret_at_each_place() {
        let secret = b"hunter2-magpie";
        for before in 0..3usize {
            for after in 0..4usize {
                let whole = [&b"xyz"[..before], secret, &b"\n\n\n"[..after]].concat();
                let text = data_encoding::BASE64.encode(&whole).into_bytes();
                let form = Form::Base64(before as u8);
                let core = form.write(secret).expect("long enough").into_owned();
                let at = memchr::memmem::find(&text, &core).expect("the secret");
                let (start, end) = form.widen(&text, at, at + core.len(), secret.len());
                // No character is left that has a bit of the secret in it.
                assert!(start * 6 <= before * 8 && (before * 8 - start * 6) < 6, "{before}");
                assert!(end * 6 >= (before + secret.len()) * 8 && end <= text.len(), "{before} {after}");
            }
        }
    }

    #[test]
    fn short_secrets_are_not_looked_for_in_short_texts() {
        assert!(Form::Base64(0).write(b"abcd").is_none());
        assert_eq!(Form::Hex.write(b"abcd").as_deref(), Some(&b"61626364"[..]));
    }
}
