//! One search of a chunk for what makes its lines worth a look in order: headers of key blocks, commands, statements,
//! and the signs of formats.

use super::{drawn, ending};
use crate::format::signs::Signs;
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
    /// Where the last line ends that was looked at for what a statement binds.
    bound: usize,
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

/// What a word says where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// A header of a key block.
    Key,
    /// Part of a command to mask a value, see [`super::command`]: two of them have the same.
    Command,
    /// The end of the words that a statement with two lists begins with, `INSERT INTO`, without the bytes in front that every
    /// sentence has; and that of `COPY … FROM stdin`. A bracket that ends its line is found by that.
    Statement,
    /// A column and the parameter that is bound to it, whose value an array beside the statement has.
    Bound,
    /// A line that a table is drawn with, and psql's records. A column is drawn with three dashes at least.
    Rule,
    /// The end of a start tag that is the end of a message, with a line break behind it as docker writes it, and without one. One
    /// that ends its line, too, is found by that.
    Tag,
    /// In a string, that lines of it name what the next ones hold, see [`ending`]: the question mark of an explicit key, at the
    /// beginning of the string or of a line, the number of an item in quotes, and a column in the middle of others.
    Named,
    /// One of [`SIGNS`].
    Sign(usize),
}

/// All words. Their order decides which of them the search tells apart late: it has eight buckets, a word goes into that of its
/// number modulo eight, and a bucket is a maybe for all mixtures of the halves of the first three bytes of its words. This order
/// was looked for by exchanging words at random and counting the maybes in logs of five kinds: it has 0 to 2.5 in 1,000 bytes.
/// One taken as it comes has up to 20, which took 8 % more time in all. With more than 32 words the search takes twice the time.
const WORDS: [(&[u8], What); 32] = [
    (b"Private-Lines:", What::Key),
    (b"] \"", What::Sign(12)),
    (b"1E+", What::Sign(3)),
    (b"-|-", What::Rule),
    (b"] \\", What::Sign(7)),
    (b"stream\":", What::Sign(6)),
    (b">\\n\"", What::Tag),
    (b"NTO", What::Statement),
    (b"PRIVATE KEY", What::Key),
    (b"0O+", What::Sign(9)),
    (b"##vso[task.set", What::Command),
    (b"\"? ", What::Named),
    (b") \\", What::Named),
    (b"stdout P", What::Sign(5)),
    (b"+--", What::Rule),
    (b"- | -", What::Rule),
    (b"MESSAGE\\", What::Sign(1)),
    (b"0E+", What::Sign(8)),
    (b"FROM stdin;", What::Statement),
    (b"-[ RECORD ", What::Rule),
    (b"  ? ", What::Named),
    (b"MESSAGE\" : [", What::Sign(4)),
    (b">\",", What::Tag),
    (b"d-mask", What::Command),
    (b"stderr P", What::Sign(10)),
    (b"= $", What::Bound),
    (b"1O+", What::Sign(11)),
    (b"n? ", What::Named),
    (b"= ?", What::Bound),
    (b"CMDLINE\":[", What::Sign(2)),
    (b"MESSAGE\":", What::Sign(0)),
    (b"nto", What::Statement),
];

/// The end of `COPY`.
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

/// Does `line` end with the parameter of a column, or hold an array or, behind a semicolon, a list, in which the values of such
/// may stand?
fn is_bound(line: &[u8]) -> bool {
    let mut opens = memchr::memchr_iter(b'[', line);
    let mut ends = memchr::memchr_iter(b';', line);
    line.trim_ascii_end().ends_with(b"= ?")
        || opens.any(|open| line[..open].trim_ascii_end().ends_with(b"\":"))
        || ends.any(|end| matches!(line[end + 1..], [b' ', b'"' | b'\\' | b'0'..=b'9' | b'n' | b't' | b'f', ..]))
}

/// Does such a word, which stands at `at`, say so?
fn is_named(text: &[u8], word: &[u8], at: usize) -> bool {
    let next = text.get(at + word.len()).copied().unwrap_or_default();
    match word {
        b") \\" => at > 0 && text[at - 1].is_ascii_digit(),
        b"n? " => at > 0 && text[at - 1] == b'\\' && (next.is_ascii_alphanumeric() || b"_\"'\\".contains(&next)),
        _ => next.is_ascii_alphanumeric() || b"_\"'\\".contains(&next),
    }
}

impl Alarms {
    /// Looks once over `text`, as far as needed.
    pub fn of(text: &[u8]) -> Alarms {
        static ALL: LazyLock<Option<Searcher>> = LazyLock::new(|| {
            let mut builder = Config::new().match_kind(MatchKind::LeftmostFirst).builder();
            builder.extend(WORDS.iter().map(|(word, _)| word)).build()
        });
        let mut alarms = Alarms::default();
        alarms.statements = ending::find(text, &mut alarms.rules);
        if let Some(search) = &*ALL {
            for hit in search.find_iter(text) {
                alarms.note(text, hit.pattern().as_usize(), hit.start());
            }
        } else {
            // Without vector instructions: one search each.
            let words = WORDS.iter().enumerate();
            let mut all: Vec<(usize, usize)> =
                words.flat_map(|(index, (word, _))| memmem::find_iter(text, word).map(move |at| (at, index))).collect();
            all.sort_unstable();
            for (at, word) in all {
                alarms.note(text, word, at);
            }
            alarms.signs.arrays.sort_unstable();
        }
        alarms
    }

    /// Notes the word with this number, which stands at `at`.
    fn note(&mut self, text: &[u8], word: usize, at: usize) {
        let (word, what) = WORDS[word];
        match what {
            What::Key => self.keys = true,
            What::Command => self.commands = true,
            What::Statement => {
                if is_statement(text, at) {
                    self.statements = true;
                    self.note_line(text, at, |_| false);
                }
            }
            What::Bound if self.statements || at < self.bound => {}
            What::Bound if word == b"= $" && !text.get(at + 3).is_some_and(u8::is_ascii_digit) => {}
            What::Bound => {
                let start = memrchr(b'\n', &text[self.bound..at]).map_or(self.bound, |i| self.bound + i + 1);
                self.bound = memchr(b'\n', &text[at..]).map_or(text.len(), |i| at + i);
                self.statements = is_bound(&text[start..self.bound]);
            }
            What::Rule => self.note_line(text, at, |line| drawn::draws(line.trim_ascii_end())),
            What::Tag => self.note_line(text, at, |_| false),
            What::Named => {
                if is_named(text, word, at) {
                    self.note_line(text, at, |_| false);
                }
            }
            What::Sign(sign) => self.signs.note(text, sign, at),
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
    use crate::format::signs::SIGNS;

    #[test]
    fn one_search_has_all_commands_and_signs() {
        let commands = || WORDS.iter().filter(|(_, what)| *what == What::Command);
        assert!(command::MARKS.iter().all(|mark| commands().any(|(word, _)| memmem::find(mark, word).is_some())));
        for (index, sign) in SIGNS.iter().enumerate() {
            assert!(WORDS.contains(&(sign.as_bytes(), What::Sign(index))), "{sign}");
        }
    }

    #[test]
    fn words_in_strings_open_their_lines() {
        let rules = |text: &str| Alarms::of(text.as_bytes()).rules;
        for (text, at) in [
            (r#"{"a":"? pin\n: x"}"#, 5),
            (r#"{"a":"b: 1\n? pin\n: x"}"#, 11),
            (r#"{"a":"b: 1\n  ? pin\n  : x"}"#, 12),
            (r#"{"a":"4) 1) \"AUTH\"\n 2) \"x\""}"#, 10),
            (r#"{"a":"<pin>\n"}"#, 10),
        ] {
            assert_eq!(rules(text).first(), Some(&at), "{text}");
        }
        for text in [r#"{"a":"really? no\nyes"}"#, r#"{"a":"f() \"x\"\ny"}"#, "x,password,y (z)"] {
            assert!(rules(text).is_empty(), "{text}");
        }
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
            ("a = ?", "s"),
            (r#"{"q":"a = $1 AND b","p": [1]}"#, "s"),
            (r#"a=$1 AND b = $2; "x", 1"#, "s"),
            (r#"a = $x; "x", 1"#, ""),
            ("a = $1 [1], b = ? [2] c", ""),
            ("a = $1 [1]\n{\"q\":\"a = ?\",\"p\":[]}", "s"),
            ("pulled onto, pinto, main (\nx)", ""),
            ("a private key, mask, x IN (1) into", ""),
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
