//! One search of a chunk for what makes its lines worth a look in order: headers of key blocks, commands, statements,
//! and the signs of formats.

use super::{drawn, ending};
use crate::format::signs::{SIGNS, Signs};
use crate::format::spelled;
use aho_corasick::packed::{Config, MatchKind, Searcher};
use memchr::{memchr, memmem, memrchr};
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
    /// Where lines are drawn that a table has, where lines end that name what the next ones hold, and where in a string
    /// something stands that goes on over lines; in no order.
    pub rules: Vec<usize>,
    /// Where the last line ends that was looked at for that, and what it is.
    looked: (usize, Line),
}

/// What a line is to what may go on over lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Line {
    /// One by itself.
    #[default]
    Plain,
    /// It holds text of several lines, or is a record of JSON, whose message may be a line of a text.
    Spelled,
}

/// What headers of key blocks have in them.
const HEADERS: [&[u8]; 2] = [b"PRIVATE KEY", b"Private-Lines:"];

/// What such statements have in them, without the bytes in front that every sentence has: `INSERT INTO`, `replace into`; and the
/// end of `COPY … FROM stdin`. A bracket that ends its line is found by that.
const STATEMENTS: [&[u8]; 3] = [b"NTO", COPY, b"nto"];
const COPY: &[u8] = b"FROM stdin;";

/// Is the end of such a statement's words, which begins at `at`, one?
fn is_statement(text: &[u8], at: usize) -> bool {
    if text[at..].starts_with(COPY) {
        return true;
    }
    let [.., last, b' ', b'i' | b'I'] = text[..at] else { return false };
    // The last letter of INSERT, REPLACE and MERGE.
    matches!(last, b'T' | b'E' | b't' | b'e')
}

/// What the lines that a table is drawn with have in them, and psql's records. A column is drawn with three dashes at least.
const RULES: [&[u8]; 4] = [b"+--", b"-[ RECORD ", b"-|-", b"- | -"];

/// The end of a start tag that is the end of a message, with a line break behind it as docker writes it, and without one. One that
/// ends its line, too, is found by that.
const TAGS: [&[u8]; 2] = [b">\\n\"", b">\","];

/// What in strings says that lines of them name what the next ones hold, see [`ending`]: the question mark of an explicit key, at
/// the beginning of the string or of a line, the number of an item in quotes, and a column in the middle of others.
const NAMED: [&[u8]; 5] = [b"\"? ", b"n? ", b"  ? ", b") \\", b",pass"];

/// Does such a word, which stands at `at`, say so?
fn is_named(text: &[u8], word: &[u8], at: usize) -> bool {
    let next = text.get(at + word.len()).copied().unwrap_or_default();
    match word {
        b") \\" => at > 0 && text[at - 1].is_ascii_digit(),
        b",pass" => next.is_ascii_alphanumeric() || b"_-,\\".contains(&next),
        b"n? " => at > 0 && text[at - 1] == b'\\' && (next.is_ascii_alphanumeric() || b"_\"'\\".contains(&next)),
        _ => next.is_ascii_alphanumeric() || b"_\"'\\".contains(&next),
    }
}

/// What commands to mask a value have, see [`super::command`]. The order of all these words counts, see [`SIGNS`].
/// With more than 32 words in all the search takes twice the time.
const COMMANDS_BEGIN: [&[u8]; 3] = [b"##vso[task.set", b"::add-mask::", b"##[add-mask]"];

impl Alarms {
    /// Looks once over `text`, as far as needed.
    pub fn of(text: &[u8]) -> Alarms {
        static ALL: LazyLock<Option<Searcher>> = LazyLock::new(|| {
            let mut builder = Config::new().match_kind(MatchKind::LeftmostFirst).builder();
            builder.extend(HEADERS).extend(COMMANDS_BEGIN).extend(STATEMENTS).extend(RULES).extend(TAGS);
            builder.extend(NAMED);
            builder.extend(SIGNS).build()
        });
        let mut alarms = Alarms::default();
        alarms.statements = ending::find(text, &mut alarms.rules);
        let Some(search) = &*ALL else {
            let holds = |words: &[&[u8]]| words.iter().any(|word| memmem::find(text, word).is_some());
            alarms = Alarms { keys: holds(&HEADERS), commands: holds(&COMMANDS_BEGIN), ..alarms };
            let words = STATEMENTS.iter().chain(&RULES).chain(&TAGS).chain(&NAMED).enumerate();
            let mut all: Vec<(usize, usize)> =
                words.flat_map(|(index, word)| memmem::find_iter(text, word).map(move |at| (at, index))).collect();
            all.sort_unstable();
            for (at, word) in all {
                alarms.note(text, word, at);
            }
            return Alarms { signs: Signs::of(text), ..alarms };
        };
        for hit in search.find_iter(text) {
            const COMMANDS: usize = HEADERS.len() + COMMANDS_BEGIN.len();
            const LINES: usize = COMMANDS + STATEMENTS.len() + RULES.len() + TAGS.len() + NAMED.len();
            match hit.pattern().as_usize() {
                at if at < HEADERS.len() => alarms.keys = true,
                at if at < COMMANDS => alarms.commands = true,
                at if at < LINES => alarms.note(text, at - COMMANDS, hit.start()),
                sign => alarms.signs.note(text, sign - LINES, hit.start()),
            }
        }
        alarms
    }

    /// Notes one of the words that tell of something over lines, which stands at `at`.
    fn note(&mut self, text: &[u8], word: usize, at: usize) {
        const TABLES: usize = STATEMENTS.len();
        const ENDS: usize = TABLES + RULES.len();
        if word < TABLES {
            if is_statement(text, at) {
                self.statements = true;
                self.note_line(text, at, |_| false);
            }
        } else if word < ENDS {
            self.note_line(text, at, |line| drawn::draws(line.trim_ascii_end()));
        } else if word < ENDS + TAGS.len() || is_named(text, NAMED[word - ENDS - TAGS.len()], at) {
            self.note_line(text, at, |_| false);
        }
    }

    /// Notes the line around `at` once if it is one that counts, and each place in one that holds text of lines.
    fn note_line(&mut self, text: &[u8], at: usize, counts: impl FnOnce(&[u8]) -> bool) {
        let (looked, kind) = self.looked;
        if at < looked {
            if kind == Line::Spelled {
                self.rules.push(at);
            }
            return;
        }
        let start = memrchr(b'\n', &text[looked..at]).map_or(looked, |i| looked + i + 1);
        let end = memchr(b'\n', &text[at..]).map_or(text.len(), |i| at + i);
        let line = &text[start..end];
        let spelled = line.trim_ascii_end().ends_with(b"}") || spelled::breaks(line);
        self.looked = (end, if spelled { Line::Spelled } else { Line::Plain });
        if spelled || counts(line) {
            self.rules.push(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::command;
    use super::*;

    #[test]
    fn one_search_has_few_words_and_each_command_is_among_them() {
        let words = HEADERS.len()
            + COMMANDS_BEGIN.len()
            + STATEMENTS.len()
            + RULES.len()
            + TAGS.len()
            + NAMED.len()
            + SIGNS.len();
        assert!(words <= 32, "{words}");
        assert!(command::MARKS.iter().all(|mark| COMMANDS_BEGIN.iter().any(|begin| mark.starts_with(begin))));
    }

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
            ("x in (\r\n1)", "s"),
            ("replace into u", "s"),
            ("COPY u (id, token) FROM stdin;", "s"),
            ("insert Into u", "s"),
            ("pulled onto, pinto, main (\nx)", ""),
            ("a private key, add-mask, x IN (1) into", ""),
            ("2024-05-01T12:00:00Z stdout P ::add-mask::", "cp"),
        ] {
            let alarms = Alarms::of(text.as_bytes());
            let Alarms { keys, commands, statements, .. } = alarms;
            let all = [(keys, "k"), (commands, "c"), (statements, "s"), (alarms.signs.parts, "p")];
            let all: String = all.iter().filter(|(raised, _)| *raised).map(|(_, letter)| *letter).collect();
            assert_eq!(all, raised, "{text}");
            assert_eq!(alarms.signs, Signs::of(text.as_bytes()), "{text}");
        }
    }
}
