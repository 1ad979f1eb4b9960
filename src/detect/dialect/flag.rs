//! Arguments of commands: `--password x`, `"--password", "x"`, `-Password x`, `setenv DB_PASSWORD x`,
//! `config set token x`.

use super::super::by_hand::SETTERS;
use super::super::key::{self, Key};
use super::SLASHES;
use super::reference::is_in_capitals;
use crate::format::quote::quote_of_shell;
use crate::span::Span;

/// The flag that starts at `at` as a key, and where its argument begins. (`--password=x` is found at its separator.)
pub fn argument(text: &[u8], at: usize) -> Option<(Key, usize)> {
    if at > 0 && !b" \t\"'[(,=".contains(&text[at - 1]) {
        return None;
    }
    let length =
        text[at..].iter().take(key::LONGEST).take_while(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b)).count();
    let dashes = text[at..].iter().take_while(|b| **b == b'-').count();
    let name = Span::new(at + dashes, at + length);
    if name.start >= name.end || text.get(name.end).is_none_or(|b| !b" \"'\\,".contains(b)) {
        return None;
    }
    // Read where the record is decoded.
    if text.get(name.end + 1..).is_some_and(|value| quote_of_shell(value).is_some()) {
        return None;
    }
    let gap = text[name.end..].iter().take(2 * SLASHES).take_while(|b| b" \t\"'\\,".contains(b)).count();
    let start = name.end + gap;
    // `"--password", "x"`: step back to the opening quote of the argument.
    let open = text[name.end..start].iter().rposition(|&b| b == b' ' || b == b',').map_or(start, |i| name.end + i + 1);
    let follows = gap > 0 && start < text.len() && text[start] != b'-' && (gap == 1 || open > name.end);
    let open = open + if is_audited(&text[..at]) { audited(&text[open..]) } else { 0 };
    let value = &text[open..];
    // A command of PowerShell in brackets.
    if value.starts_with(b"(") {
        return None;
    }
    // Where openssl is to read its pass phrase, or the word in front of the phrase itself.
    if [&b"file:"[..], b"env:", b"fd:", b"stdin"].iter().any(|source| value.starts_with(source)) {
        return None;
    }
    let open = open + if value.starts_with(b"pass:") { 5 } else { 0 };
    let name_itself = &text[name.range()];
    if is_help(&text[..at], name_itself, &text[name.end..start], value) || names_secret(&text[..at], name_itself) {
        return None;
    }
    follows.then_some((Key { name, quote: None, start: at }, open))
}

/// Does a flag say which secret is meant or that one follows: `docker service create --secret db` (docs.docker.com, "docker
/// service create"), `aws secretsmanager get-secret-value --secret-id db`, `pulumi config set --secret db:password`?
fn names_secret(before: &[u8], name: &[u8]) -> bool {
    const COMMANDS: [(&[u8], &[u8]); 5] = [
        (b"docker ", b"secret"),
        (b"podman ", b"secret"),
        (b"virsh secret-", b"secret"),
        (b"pulumi config set ", b"secret"),
        (b"secretsmanager ", b"secret-id"),
    ];
    let near = &before[before.len().saturating_sub(512)..];
    COMMANDS.iter().any(|(command, flag)| name == *flag && memchr::memmem::find(near, command).is_some())
}

/// Does `text` end in the name of an argument of the audit log of Linux and its quote, `a1="`, also in strings and cells?
fn is_audited(text: &[u8]) -> bool {
    let quote = text.iter().rev().take(SLASHES).take_while(|b| matches!(b, b'\\' | b'"')).count();
    quote > 0 && text[..text.len() - quote].ends_with(b"=")
}

/// How long the name of an argument is that the audit log of Linux writes in front of it: `a1="--password" a2="x"`.
fn audited(text: &[u8]) -> usize {
    let digits = text.iter().skip(1).take(4).take_while(|b| b.is_ascii_digit()).count();
    let Some(quote) = text.get(1 + digits..).and_then(|rest| rest.strip_prefix(b"=")) else { return 0 };
    let quoted = quote.iter().take(SLASHES).find(|b| **b != b'\\') == Some(&b'"');
    if text[0] == b'a' && (1..4).contains(&digits) && quoted { digits + 2 } else { 0 }
}

/// The password that `7z` has glued to its `-p` at `at` (7-Zip's manual, "-p (set Password) switch").
pub fn archive_password(text: &[u8], at: usize) -> Option<Span> {
    let rest = text[at..].strip_prefix(b"-p")?;
    let before = &text[at.saturating_sub(128)..at];
    memchr::memmem::find(before, b"7z ").filter(|_| before.ends_with(b" "))?;
    let length = rest.iter().take(256).take_while(|b| !b.is_ascii_whitespace() && !b"\"'$\\|;".contains(b)).count();
    (length > 0).then(|| Span::new(at + 2, at + 2 + length))
}

/// Is a flag only spoken of: in a sentence (`using --password via the CLI`), in a column of its own
/// (`  -p, --password   Password to use`), with its type (`--token string   Bearer token`) or metavariable?
fn is_help(before: &[u8], name: &[u8], gap: &[u8], value: &[u8]) -> bool {
    const SENTENCE: [&[u8]; 14] = [
        b"via",
        b"is",
        b"or",
        b"and",
        b"flag",
        b"option",
        b"argument",
        b"instead",
        b"must",
        b"cannot",
        b"requires",
        b"was",
        b"has",
        b"with",
    ];
    const TYPES: [&[u8]; 7] = [b"string", b"strings", b"stringArray", b"int", b"duration", b"file", b"path"];
    let word = &value[..value.iter().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count()];
    let behind = &value[word.len()..];
    // Options are not indented further than this.
    let near = &before[before.len().saturating_sub(256)..];
    let line = match memchr::memrchr(b'\n', near) {
        Some(at) => &near[at + 1..],
        None if near.len() == before.len() => near,
        None => b"",
    };
    let lists = line.len() > 1 && line.iter().all(|b| *b == b' ')
        || line.trim_ascii_end().ends_with(b",") && line.starts_with(b" ");
    let says = SENTENCE.contains(&word) && behind.len() > 1 && behind[0] == b' ' && behind[1].is_ascii_alphabetic();
    let typed = TYPES.contains(&word) && (behind.is_empty() || behind.starts_with(b"  "));
    let metavariable = behind.first().is_none_or(|b| b"] ,".contains(b)) && is_in_capitals(word, name);
    says || typed || metavariable || lists && gap.len() > 1 && gap.iter().all(|b| *b == b' ')
}

/// Of the setter at `at`: the name as a key, and where the value begins.
pub fn setting(text: &[u8], at: usize) -> Option<(Key, usize)> {
    let setter = SETTERS.iter().find(|setter| text[at..].starts_with(setter))?;
    let mut start = at + setter.len();
    // Flags of the setter stand in front: `npm config set --global token x`.
    for _ in 0..3 {
        let flag = text[start..].iter().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
        if text[start..].starts_with(b"-") && text.get(start + flag) == Some(&b' ') {
            start += flag + 1;
        }
    }
    let length = text[start..]
        .iter()
        .take(key::LONGEST)
        .take_while(|b| b.is_ascii_alphanumeric() || b"_-./:@".contains(b))
        .count();
    let name = Span::new(start, start + length);
    let gap = text[name.end..].iter().take(24).take_while(|b| **b == b' ').count();
    let value = name.end + gap;
    // `proxy_set_header Authorization $http_authorization;`
    let variable = text.get(value) == Some(&b'$') && text.get(value + 1).is_some_and(u8::is_ascii_lowercase);
    let follows = length > 0 && gap > 0 && !variable && text.get(value).is_some_and(|b| *b != b'-');
    follows.then_some((Key { name, quote: None, start }, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_follow_their_flag() {
        for (text, rest) in [
            ("--pin 12 x", Some("12 x")),
            (r#""--pin", "12""#, Some(r#""12""#)),
            ("-Pin 'a b'", Some("'a b'")),
            ("--pin=12", None),
            ("--pin --other", None),
            ("--pin", None),
            ("-pass pass:12", Some("12")),
            ("-pass env:PIN", None),
            ("x --pin via the CLI", None),
            ("  -p, --pin   The pin to use", None),
            ("  --pin string   The pin", None),
            ("[--pin PIN]", None),
            ("x --pin  12", Some("12")),
            ("run --secret abc", Some("abc")),
            (r#"a1="--pin" a2="12""#, Some(r#""12""#)),
            (r#"a1=\"--pin\" a2=\"12\""#, Some(r#"\"12\""#)),
            ("docker service create --secret abc", None),
        ] {
            let at = text.find('-').expect("a dash");
            assert_eq!(argument(text.as_bytes(), at).map(|(_, value)| &text[value..]), rest, "{text}");
        }
    }

    #[test]
    fn setters_take_a_name_and_a_value() {
        for (text, found) in [
            ("setenv DB_PIN 12", Some(("DB_PIN", "12"))),
            ("set -gx DB_PIN 12", Some(("DB_PIN", "12"))),
            ("config set //r.io/:_pin 12", Some(("//r.io/:_pin", "12"))),
            ("config set pin", None),
            ("ENV DB_PIN 12", Some(("DB_PIN", "12"))),
            ("config setting pin 12", None),
            ("config set pin --help", None),
            ("proxy_set_header X-Pin $http_x_pin;", None),
        ] {
            let setting = setting(text.as_bytes(), 0);
            assert_eq!(setting.map(|(key, value)| (&text[key.name.range()], &text[value..])), found, "{text}");
        }
    }
}
