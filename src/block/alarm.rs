//! One search of a chunk for what makes its lines worth a look in order: headers of key blocks, commands, statements.

use super::command;
use aho_corasick::packed::{Config, MatchKind, Searcher};
use memchr::memmem;
use std::sync::LazyLock;

/// What a chunk has in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alarms {
    /// What the header of a key block has.
    pub keys: bool,
    /// What a command to mask a value has.
    pub commands: bool,
    /// What an SQL statement with two lists has, or a list that begins at the end of a line.
    pub statements: bool,
}

/// What headers of key blocks have in them.
const HEADERS: [&[u8]; 2] = [b"PRIVATE KEY", b"Private-Lines:"];

/// What such statements have in them; a bracket that ends its line is looked for behind `IN`.
const STATEMENTS: [&[u8]; 9] =
    [b"T INTO", b"E INTO", b"t into", b"e into", b"t Into", b" IN (\n", b" IN (\r", b" in (\n", b" in (\r"];

impl Alarms {
    /// Looks once over `text`, as far as needed.
    pub fn of(text: &[u8]) -> Alarms {
        static ALL: LazyLock<Option<Searcher>> = LazyLock::new(|| {
            let mut builder = Config::new().match_kind(MatchKind::LeftmostFirst).builder();
            builder.extend(HEADERS).extend(command::MARKS).extend(STATEMENTS).build()
        });
        let mut alarms = Alarms::default();
        let Some(search) = &*ALL else {
            let holds = |words: &[&[u8]]| words.iter().any(|word| memmem::find(text, word).is_some());
            return Alarms { keys: holds(&HEADERS), commands: holds(&command::MARKS), statements: holds(&STATEMENTS) };
        };
        for hit in search.find_iter(text) {
            match hit.pattern().as_usize() {
                at if at < HEADERS.len() => alarms.keys = true,
                at if at < HEADERS.len() + command::MARKS.len() => alarms.commands = true,
                _ => alarms.statements = true,
            }
            if alarms.keys && alarms.commands && alarms.statements {
                break;
            }
        }
        alarms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_raises_its_alarm() {
        let none = Alarms::default();
        let (keys, commands) = (Alarms { keys: true, ..none }, Alarms { commands: true, ..none });
        for (text, alarms) in [
            ("-----BEGIN RSA PRIVATE KEY-----", keys),
            ("Private-Lines: 8", keys),
            ("x ::add-mask::y", commands),
            ("##[add-mask]y", commands),
            ("##vso[task.setsecret]y", commands),
            ("##vso[task.setvariable variable=x;issecret=true]y", commands),
            ("PRIVATE KEY ::add-mask::", Alarms { keys: true, ..commands }),
            ("INSERT INTO u (id)", Alarms { statements: true, ..none }),
            ("x IN (\n1)", Alarms { statements: true, ..none }),
            ("a private key, add-mask, x IN (1) into", none),
        ] {
            assert_eq!(Alarms::of(text.as_bytes()), alarms, "{text}");
        }
    }
}
