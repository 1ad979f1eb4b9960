//! What code has in place of a value: the name of where that is.

use super::super::key::Key;
use super::monitor;
use crate::span::Span;

/// What references of Terraform begin with (developer.hashicorp.com, "References to Named Values"), and how many names they
/// have at least.
const ROOTS: [(&[u8], usize); 6] =
    [(b"var", 2), (b"local", 2), (b"each", 2), (b"module", 3), (b"data", 4), (b"random_password", 3)];

/// Types of columns and attributes, as Ruby names them (guides.rubyonrails.org, "Active Record Migrations").
const TYPES: [&[u8]; 6] = [b"string", b"text", b"integer", b"boolean", b"binary", b"digest"];

/// Is the value without quotes the name of a parameter (`token = :token` of SQL), a type (`:string` of Ruby), a reference of Terraform
/// (`var.db_password`), the word that a usage text has for the argument of a flag (`--password=PASSWORD`), a command that
/// gives the value (`$(cat /run/pw)`, `<%= ENV['PW'] %>`), a setting of this name (`settings.API_KEY`), the place of the
/// value in a format (`token={token}`), its type (`{ type: String }`), or another variable that it is compared with
/// (`password === confirmation`)?
pub fn is_reference(text: &[u8], key: &Key, value: Span) -> bool {
    let bytes = &text[value.range()];
    let bytes = bytes.strip_suffix(b";").unwrap_or(bytes);
    match bytes {
        [b':', name @ ..] => TYPES.contains(&name) || ends_alike(&text[key.name.range()], name),
        // A here-document has the value itself.
        [b'$', b'(', ..] => memchr::memmem::find(&text[value.start..text.len().min(value.end + 64)], b"<<").is_none(),
        [b'<', b'%', ..] => true,
        [b'{', ..] => is_place(&text[key.name.range()], bytes) || is_schema(bytes),
        _ => {
            is_named(bytes)
                || is_title(&text[key.name.range()], &text[value.start..])
                || is_setting(&text[key.name.range()], bytes)
                || is_metavariable(text, key, bytes)
                || is_compared(text, value, bytes)
                || monitor::is_id(text, key, value)
        }
    }
}

/// Is what stands in quotes what a program asks with: `password = input("Password: ")`?
pub fn is_prompt(name: &[u8], value: &[u8]) -> bool {
    value.ends_with(b": ") || value.strip_suffix(b":").is_some_and(|asked| asked.eq_ignore_ascii_case(name))
}

/// `{token}`, `{db_password!r}` for `password`: the names end alike.
fn is_place(name: &[u8], value: &[u8]) -> bool {
    let Some(inside) = value[1..].strip_suffix(b"}") else { return false };
    let inside = &inside[..inside.iter().position(|b| matches!(b, b'!' | b':')).unwrap_or(inside.len())];
    ends_alike(name, inside)
}

/// Does one of the names end in the other?
fn ends_alike(name: &[u8], other: &[u8]) -> bool {
    let shorter = other.len().min(name.len());
    shorter > 2
        && other.iter().all(|b| b.is_ascii_alphabetic() || b"_.".contains(b))
        && other[other.len() - shorter..].eq_ignore_ascii_case(&name[name.len() - shorter..])
}

/// What a schema of Mongoose and kin says of a field, without any value in it.
fn is_schema(value: &[u8]) -> bool {
    let kind = value[1..].trim_ascii_start().strip_prefix(b"type: ").unwrap_or_default();
    kind.first().is_some_and(u8::is_ascii_uppercase)
        && !value.iter().any(|b| b"\"'`".contains(b))
        && memchr::memmem::find(value, b"default").is_none()
}

/// The name written out for people, as texts of a form have it: `label.first_name=First name`.
fn is_title(name: &[u8], rest: &[u8]) -> bool {
    let name = name.rsplit(|b| *b == b'.').next().unwrap_or_default();
    let same = |(a, b): (&u8, &u8)| if *a == b'_' { *b == b' ' } else { a.eq_ignore_ascii_case(b) };
    name.contains(&b'_')
        && rest.len() >= name.len()
        && name.iter().zip(rest).all(same)
        && rest.get(name.len()).is_none_or(|b| !b.is_ascii_alphanumeric() && *b < 0x80)
}

/// A constant of the same name: `settings.API_KEY` for `api_key`.
fn is_setting(name: &[u8], value: &[u8]) -> bool {
    let Some(dot) = value.iter().rposition(|b| *b == b'.') else { return false };
    let (object, constant) = (&value[..dot], &value[dot + 1..]);
    constant.eq_ignore_ascii_case(name)
        && !constant.iter().any(u8::is_ascii_lowercase)
        && !object.is_empty()
        && object.iter().all(|b| b.is_ascii_alphabetic() || b"._".contains(b))
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
    let (name, flag) = match name.strip_prefix(b"--") {
        Some(name) => (name, true),
        None => (name, text[..key.name.start].ends_with(b"--")),
    };
    let says = |name: &[u8]| is_in_capitals(value, name);
    flag && (says(name) || name.split(|b| *b == b'-').next_back().is_some_and(says))
}

/// Is `word` the `name` of a flag in capitals, perhaps with underscores for its dashes: `API_KEY` for `api-key`?
pub fn is_in_capitals(word: &[u8], name: &[u8]) -> bool {
    let same = |(a, b): (&u8, &u8)| *a == b.to_ascii_uppercase() || *a == b'_' && *b == b'-';
    word.len() == name.len() && word.iter().zip(name).all(same)
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
    fn what_asks_for_a_value_is_none() {
        assert!(is_prompt(b"password", b"Password: ") && is_prompt(b"password", b"Password:"));
        assert!(!is_prompt(b"password", b"hunter2:") && !is_prompt(b"password", b"Password"));
        assert!(is_title(b"label.first_name", b"First name") && is_title(b"phone_number", b"Phone number:"));
        assert!(!is_title(b"first_name", b"First namely") && !is_title(b"password", b"Password"));
        assert!(is_schema(b"{ type: String, required: true }"));
        assert!(!is_schema(b"{ type: String, default: x }") && !is_schema(b"{ type: 'x' }") && !is_schema(b"{x}"));
    }

    #[test]
    fn names_of_values_are_none() {
        for (text, yes) in [
            ("token = :token", true),
            ("token = :t0ken", false),
            ("db_password = :password", true),
            ("password = :string", true),
            ("password = :magpie", false),
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
            ("secret=$(cat<<EOT", false),
            ("secret=$x(cat", false),
            ("password=<%", true),
            ("token={token}", true),
            ("db_password={password!r}", true),
            ("password={db_password:>8}", true),
            ("password={hunter}", false),
            ("password={pa55word}", false),
            ("api_key = settings.API_KEY", true),
            ("api_key = settings.api_key", false),
            ("password === confirmation)", true),
            ("password === confirm2", false),
            ("password == confirmation", false),
        ] {
            let name = text.find([' ', '=']).expect("an end of the name");
            let start = if text.starts_with("--") { 2 } else { 0 };
            let at = text.rfind(['=', ' ']).expect("a separator") + 1;
            let key = Key { name: Span::new(start, name), quote: None, start: 0 };
            assert_eq!(is_reference(text.as_bytes(), &key, Span::new(at, text.len())), yes, "{text}");
        }
    }
}
