//! What code has in place of a value: the name of where that is.

use super::super::key::Key;
use crate::span::Span;

/// What references of Terraform begin with (developer.hashicorp.com, "References to Named Values"), and how many names they
/// have at least.
const ROOTS: [(&[u8], usize); 6] =
    [(b"var", 2), (b"local", 2), (b"each", 2), (b"module", 3), (b"data", 4), (b"random_password", 3)];

/// Is the value without quotes the name of a parameter (`:token` of SQL, `:string` of Ruby), a reference of Terraform
/// (`var.db_password`), the word that a usage text has for the argument of a flag (`--password=PASSWORD`), a command that
/// gives the value (`$(cat /run/pw)`), or another variable that it is compared with (`password === confirmation`)?
pub fn is_reference(text: &[u8], key: &Key, value: Span) -> bool {
    let bytes = &text[value.range()];
    let bytes = bytes.strip_suffix(b";").unwrap_or(bytes);
    match bytes {
        [b':', name @ ..] => name.len() > 1 && name.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_'),
        [b'$', b'(', ..] => true,
        _ => is_named(bytes) || is_metavariable(text, key, bytes) || is_compared(text, value, bytes),
    }
}

fn is_named(value: &[u8]) -> bool {
    let name = |part: &[u8]| {
        let part = part.split(|b| *b == b'[').next().unwrap_or_default();
        part.first().is_some_and(u8::is_ascii_alphabetic)
            && part.iter().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(b))
    };
    ROOTS.iter().any(|(root, least)| {
        value.strip_prefix(*root).is_some_and(|rest| rest.first() == Some(&b'.'))
            && value.split(|b| *b == b'.').count() >= *least
            && value.split(|b| *b == b'.').all(name)
    })
}

/// The flag's own name, or the end of it, in capitals.
fn is_metavariable(text: &[u8], key: &Key, value: &[u8]) -> bool {
    let name = &text[key.name.range()];
    let flag = text[..key.name.start].ends_with(b"--");
    let capitals = |name: &[u8]| {
        let same = |(a, b): (&u8, &u8)| *a == b.to_ascii_uppercase() || *a == b'_' && *b == b'-';
        name.len() == value.len() && value.iter().zip(name).all(same)
    };
    flag && (capitals(name) || name.split(|b| *b == b'-').next_back().is_some_and(capitals))
}

/// `===` gives nothing a value (ECMA-262, section 13.11; PHP's manual, "Comparison Operators").
fn is_compared(text: &[u8], value: Span, bytes: &[u8]) -> bool {
    let before = text[..value.start].trim_ascii_end();
    let word = |b: &u8| b.is_ascii_alphabetic() || b"_.$)".contains(b);
    before.ends_with(b"===") && bytes.iter().all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_values_are_none() {
        for (text, yes) in [
            ("token = :token", true),
            ("token = :t0ken", false),
            ("token=:", false),
            ("password = var.db_password", true),
            ("password = data.vault.db.data[0]", true),
            ("password = random_password.db.result", true),
            ("password = var", false),
            ("password = data.word", false),
            ("password = variable.db", false),
            ("password = var.9db!", false),
            ("--password=PASSWORD", true),
            ("--api-key=API_KEY", true),
            ("--api-key=KEY", true),
            ("--password=password", false),
            ("--password=SESAME", false),
            ("PASSWORD=PASSWORD", false),
            ("secret=$(cat", true),
            ("secret=$x(cat", false),
            ("password === confirmation)", true),
            ("password === confirm2", false),
            ("password == confirmation", false),
        ] {
            let name = text.find([' ', '=']).expect("an end of the name");
            let start = text[..name].rfind('-').map_or(0, |_| 2);
            let at = text.rfind(['=', ' ']).expect("a separator") + 1;
            let key = Key { name: Span::new(start, name), quote: None, start: 0 };
            assert_eq!(is_reference(text.as_bytes(), &key, Span::new(at, text.len())), yes, "{text}");
        }
    }
}
