//! Redis `MONITOR`: `TIME [DB ADDRESS] "COMMAND" "argument" …` (redis.io, "MONITOR"). What an argument is, its command says.

use super::super::key::Key;
use crate::format::signs::monitored;
use crate::span::Span;

/// Bytes of a key in front of its last name.
const FAR: usize = 128;

/// A value with the name it goes by: one that stands in the line, or `password`.
pub struct Argument {
    /// Where its name stands; `None`: it is a password.
    pub name: Option<Span>,
    /// The inside of its quotes.
    pub value: Span,
}

/// The sensitive arguments of the command in `text`, if that is a line of MONITOR. Says no at the first bytes of others.
pub fn arguments(text: &[u8]) -> Vec<Argument> {
    let Some(args) = split(text) else { return Vec::new() };
    let word = |at: usize| args.get(at).map_or(Vec::new(), |span| text[span.range()].to_ascii_uppercase());
    let password = |at: usize| args.get(at).map(|value| Argument { name: None, value: *value });
    let pairs = |from: usize| {
        let pair = |pair: &[Span]| Argument { name: Some(pair[0]), value: pair[1] };
        args.get(from..).unwrap_or_default().chunks_exact(2).map(pair).collect()
    };
    let by_key = |value: usize| {
        let name = naming_part(text, *args.get(1)?);
        Some(Argument { name: Some(name), value: *args.get(value)? })
    };
    match word(0).as_slice() {
        b"AUTH" => password(args.len() - 1).filter(|_| args.len() > 1).into_iter().collect(),
        b"HELLO" => password(4).filter(|_| word(2) == b"AUTH").into_iter().collect(),
        b"CONFIG" if word(1) == b"SET" => {
            let secret =
                |at: &usize| matches!(word(*at).as_slice(), b"REQUIREPASS" | b"MASTERAUTH" | b"TLS-KEY-FILE-PASS");
            (2..args.len()).step_by(2).filter(secret).filter_map(|at| password(at + 1)).collect()
        }
        b"ACL" if word(1) == b"SETUSER" => {
            let secret = |span: &&Span| span.len() > 1 && b"><#!".contains(&text[span.start]);
            let value = |span: &Span| Argument { name: None, value: Span::new(span.start + 1, span.end) };
            args.iter().skip(3).filter(secret).map(value).collect()
        }
        b"MIGRATE" => {
            let behind = |at: usize| match word(at).as_slice() {
                b"AUTH" => password(at + 1),
                b"AUTH2" => password(at + 2),
                _ => None,
            };
            (6..args.len()).filter_map(behind).collect()
        }
        b"HSET" | b"HMSET" | b"HSETNX" => pairs(2),
        b"MSET" | b"MSETNX" => pairs(1),
        b"SET" | b"SETNX" | b"GETSET" => by_key(2).into_iter().collect(),
        b"SETEX" | b"PSETEX" => by_key(3).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The part of a key of Redis that names what it holds: the last one without digits, `session:password`, `password:7`.
fn naming_part(text: &[u8], key: Span) -> Span {
    let mut end = key.end;
    loop {
        let start = text[key.start..end].iter().rposition(|b| *b == b':').map_or(key.start, |i| key.start + i + 1);
        let named = start < end && !text[start..end].iter().any(u8::is_ascii_digit);
        if named || start == key.start {
            return Span::new(start, if named { end } else { key.end });
        }
        end = start - 1;
    }
}

/// Is `value` the number behind a name in the key that a command of MONITOR is about, `"SET" "password:7" "…"`?
pub fn is_id(text: &[u8], key: &Key, value: Span) -> bool {
    let number = text[value.range()].iter().all(u8::is_ascii_digit);
    let quote = text[value.end..].iter().take(8).find(|b| **b != b'\\') == Some(&b'"');
    // Three quotes stand between the bracket and the key: those of the command, and the one that opens it.
    let (mut quotes, mut before) = (0, key.start);
    while quotes < 3 && number && quote {
        let Some(at) = text[before.saturating_sub(FAR)..before].iter().rposition(|b| *b == b'"') else { return false };
        before = before.saturating_sub(FAR) + at;
        quotes += 1;
    }
    number && quote && monitored(&text[..=before]).is_some()
}

/// Does `text` begin as a line of MONITOR? Where its time ends.
pub fn time_end(text: &[u8]) -> Option<usize> {
    let seconds = text.iter().take(12).take_while(|b| b.is_ascii_digit()).count();
    if !(9..=10).contains(&seconds) || text.get(seconds) != Some(&b'.') {
        return None;
    }
    let micro = seconds + 1 + text[seconds + 1..].iter().take(7).take_while(|b| b.is_ascii_digit()).count();
    text[micro..].starts_with(b" [").then_some(micro)
}

/// The insides of the quoted arguments.
fn split(text: &[u8]) -> Option<Vec<Span>> {
    let micro = time_end(text)?;
    let mut at = micro + memchr::memmem::find(&text[micro..text.len().min(micro + 128)], b"] \"")? + 2;
    let mut args = Vec::new();
    while text.get(at) == Some(&b'"') {
        let start = at + 1;
        let mut end = start;
        while *text.get(end)? != b'"' {
            end += if text[end] == b'\\' { 2 } else { 1 };
        }
        args.push(Span::new(start, end));
        at = end + 1 + usize::from(text.get(end + 1) == Some(&b' '));
    }
    (!args.is_empty()).then_some(args)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(line: &str) -> Vec<(String, String)> {
        let text = line.as_bytes();
        let of = |span: Span| String::from_utf8_lossy(&text[span.range()]).into_owned();
        arguments(text).iter().map(|a| (a.name.map_or("-".into(), of), of(a.value))).collect()
    }

    #[test]
    fn commands_say_what_their_arguments_are() {
        let head = "1339518083.107412 [0 127.0.0.1:60866] ";
        let cases: &[(&str, &[(&str, &str)])] = &[
            (r#""AUTH" "x y""#, &[("-", "x y")]),
            (r#""auth" "jo" "x\"y""#, &[("-", r#"x\"y"#)]),
            (r#""HELLO" "3" "AUTH" "jo" "x""#, &[("-", "x")]),
            (r#""CONFIG" "SET" "requirepass" "x" "port" "1""#, &[("-", "x")]),
            (r#""ACL" "SETUSER" "jo" "on" ">x" "+@all""#, &[("-", "x")]),
            (r#""HSET" "user:1" "password" "x" "n" "1""#, &[("password", "x"), ("n", "1")]),
            (r#""SET" "session:token" "x""#, &[("token", "x")]),
            (r#""SET" "token:user:7" "x""#, &[("user", "x")]),
            (r#""SET" "token:7:" "x""#, &[("token", "x")]),
            (r#""SET" "a7" "x""#, &[("a7", "x")]),
            (r#""GET" "session:token""#, &[]),
            (r#""AUTH""#, &[]),
        ];
        for (command, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(k, v)| ((*k).to_string(), (*v).to_string())).collect();
            assert_eq!(named(&format!("{head}{command}")), expected, "{command}");
        }
        assert_eq!(named(r#"2024 [0 x] "AUTH" "x""#), []);
    }
}
