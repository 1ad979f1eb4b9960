//! One search of a chunk for what makes its lines worth a look in order: headers of key blocks, commands, statements,
//! and the signs of formats.

use super::command;
use crate::format::signs::{SIGNS, Signs};
use aho_corasick::packed::{Config, MatchKind, Searcher};
use memchr::memmem;
use std::sync::LazyLock;

/// What a chunk has in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Alarms {
    /// What the header of a key block has.
    pub keys: bool,
    /// What a command to mask a value has.
    pub commands: bool,
    /// What an SQL statement with two lists has, or a list that begins at the end of a line.
    pub statements: bool,
    /// What says that some of it is no line by itself.
    pub signs: Signs,
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
            builder.extend(HEADERS).extend(command::MARKS).extend(STATEMENTS).extend(SIGNS).build()
        });
        let mut alarms = Alarms::default();
        let Some(search) = &*ALL else {
            let holds = |words: &[&[u8]]| words.iter().any(|word| memmem::find(text, word).is_some());
            return Alarms {
                keys: holds(&HEADERS),
                commands: holds(&command::MARKS),
                statements: holds(&STATEMENTS),
                signs: Signs::of(text),
            };
        };
        for hit in search.find_iter(text) {
            const COMMANDS: usize = HEADERS.len() + command::MARKS.len();
            match hit.pattern().as_usize() {
                at if at < HEADERS.len() => alarms.keys = true,
                at if at < COMMANDS => alarms.commands = true,
                at if at < COMMANDS + STATEMENTS.len() => alarms.statements = true,
                sign => alarms.signs.note(text, sign - COMMANDS - STATEMENTS.len(), hit.start()),
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
        for (text, raised) in [
            ("-----BEGIN RSA PRIVATE KEY-----", "k"),
            ("Private-Lines: 8", "k"),
            ("x ::add-mask::y", "c"),
            ("##[add-mask]y", "c"),
            ("##vso[task.setsecret]y", "c"),
            ("##vso[task.setvariable variable=x;issecret=true]y", "c"),
            ("PRIVATE KEY ::add-mask::", "kc"),
            ("INSERT INTO u (id)", "s"),
            ("x IN (\n1)", "s"),
            ("a private key, add-mask, x IN (1) into", ""),
            ("2024-05-01T12:00:00Z stdout P ::add-mask::", "cp"),
        ] {
            let alarms = Alarms::of(text.as_bytes());
            let all = [(alarms.keys, "k"), (alarms.commands, "c"), (alarms.statements, "s"), (alarms.signs.parts, "p")];
            let all: String = all.iter().filter(|(raised, _)| *raised).map(|(_, letter)| *letter).collect();
            assert_eq!(all, raised, "{text}");
            assert_eq!(alarms.signs, Signs::of(text.as_bytes()), "{text}");
        }
    }
}
