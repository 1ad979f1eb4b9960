//! One search of a chunk for what makes its lines worth a look in order: headers of key blocks, commands.

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
}

/// What headers of key blocks have in them.
const HEADERS: [&[u8]; 2] = [b"PRIVATE KEY", b"Private-Lines:"];

impl Alarms {
    /// Looks once over `text`, as far as needed.
    pub fn of(text: &[u8]) -> Alarms {
        static ALL: LazyLock<Option<Searcher>> = LazyLock::new(|| {
            let mut builder = Config::new().match_kind(MatchKind::LeftmostFirst).builder();
            builder.extend(HEADERS).extend(command::MARKS).build()
        });
        let mut alarms = Alarms::default();
        let Some(search) = &*ALL else {
            let holds = |words: &[&[u8]]| words.iter().any(|word| memmem::find(text, word).is_some());
            return Alarms { keys: holds(&HEADERS), commands: holds(&command::MARKS) };
        };
        for hit in search.find_iter(text) {
            if hit.pattern().as_usize() < HEADERS.len() {
                alarms.keys = true;
            } else {
                alarms.commands = true;
            }
            if alarms.keys && alarms.commands {
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
        let (keys, commands) = (Alarms { keys: true, commands: false }, Alarms { keys: false, commands: true });
        for (text, alarms) in [
            ("-----BEGIN RSA PRIVATE KEY-----", keys),
            ("Private-Lines: 8", keys),
            ("x ::add-mask::y", commands),
            ("##[add-mask]y", commands),
            ("##vso[task.setsecret]y", commands),
            ("##vso[task.setvariable variable=x;issecret=true]y", commands),
            ("PRIVATE KEY ::add-mask::", Alarms { keys: true, commands: true }),
            ("a private key, add-mask", Alarms::default()),
        ] {
            assert_eq!(Alarms::of(text.as_bytes()), alarms, "{text}");
        }
    }
}
