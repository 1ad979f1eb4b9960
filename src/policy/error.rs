//! Why a policy does not load: place, fact, next step; never the content of the file.

use std::fmt;
use std::path::{Path, PathBuf};

/// One reason, with its place.
///
/// `{}` prints `file:line:column: fact`; the hint belongs on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The file; `None` when the fault lies in the call, such as an unknown profile.
    pub file: Option<PathBuf>,
    /// From 1; 0 when the fault is the file as a whole.
    pub line: usize,
    /// In characters, from 1; 0 when the fault is the file as a whole.
    pub column: usize,
    /// What is wrong. Quotes at most a key, or a scalar where one of a list of names is expected, and only if it is 32
    /// bytes of `[a-z0-9_-]` or fewer in a file that is a policy.
    pub fact: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl Error {
    /// About the file as a whole.
    pub(super) fn file(file: &Path, fact: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::at(file, (0, 0), Fault::new(fact, hint))
    }

    /// About the call, not about a file.
    pub(super) fn call(fact: impl Into<String>, hint: impl Into<String>) -> Self {
        let fault = Fault::new(fact, hint);
        Self { file: None, line: 0, column: 0, fact: fault.fact, hint: fault.hint }
    }

    /// A fault in `file` at line and column.
    pub(super) fn at(file: &Path, (line, column): (usize, usize), fault: Fault) -> Self {
        Self { file: Some(file.to_owned()), line, column, fact: fault.fact, hint: fault.hint }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            // A file name may hold anything; a message stays one line.
            for c in file.to_string_lossy().chars() {
                write!(f, "{}", if c.is_control() { '?' } else { c })?;
            }
            if self.line > 0 {
                write!(f, ":{}:{}", self.line, self.column)?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.fact)
    }
}

impl std::error::Error for Error {}

/// What is wrong at a node of a document; it becomes an [`Error`] where file and place are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The node, counted in the order of the text; `None` until somebody knows it.
    pub node: Option<usize>,
    pub fact: String,
    pub hint: Option<String>,
}

impl Fault {
    pub fn new(fact: impl Into<String>, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        Self { node: None, fact: fact.into(), hint: (!hint.is_empty()).then_some(hint) }
    }

    /// The innermost place wins.
    pub fn or_at(mut self, node: usize) -> Self {
        self.node.get_or_insert(node);
        self
    }
}

/// serde asks for errors in these words; ours say the kind of what was found and never its value.
impl serde::de::Error for Fault {
    /// Only reached from our own visitors, whose texts are fixed.
    fn custom<T: fmt::Display>(fact: T) -> Self {
        Self::new(fact.to_string(), "")
    }

    fn invalid_type(found: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        let expected = plain(&expected.to_string());
        let found = kind(found);
        let hint = match (expected.as_str(), found) {
            ("a string", "a number" | "true or false" | "nothing") => "put it in quotes",
            ("a list", _) => "a list is written [a, b], or one item a line after \"- \"",
            _ => "",
        };
        Self::new(format!("expected {expected}, found {found}"), hint)
    }

    fn invalid_value(found: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::new(format!("expected {}, found {} out of range", plain(&expected.to_string()), kind(found)), "")
    }

    fn invalid_length(_: usize, expected: &dyn serde::de::Expected) -> Self {
        Self::new(format!("expected {}", plain(&expected.to_string())), "")
    }

    fn unknown_variant(word: &str, allowed: &'static [&'static str]) -> Self {
        let noun = match allowed.first() {
            Some(&"redact") => "action",
            Some(&"luhn") => "validator",
            Some(&"email") => "shape",
            Some(&"za-id") => "number",
            Some(&"word") => "kind of value",
            Some(&"enforce") => "mode",
            _ => "word",
        };
        unknown(noun, word, allowed)
    }

    fn unknown_field(word: &str, allowed: &'static [&'static str]) -> Self {
        unknown("key", word, allowed)
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(format!("key \"{key}\" is missing here"), "")
    }

    fn duplicate_field(key: &'static str) -> Self {
        Self::new(format!("key \"{key}\" stands twice"), "")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fact)
    }
}

impl std::error::Error for Fault {}

/// `word` is none of `allowed`.
pub(super) fn unknown(noun: &str, word: &str, allowed: &[&str]) -> Fault {
    let mut hint =
        meant(word, allowed.iter().copied()).map_or_else(String::new, |near| format!("did you mean \"{near}\"? "));
    hint += "allowed here: ";
    hint += &listed(allowed);
    Fault::new(format!("unknown {noun}{}", quoted(word)), hint)
}

/// ` "word"` if it may be shown, else nothing. The leading space lets it follow a noun.
pub(super) fn quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    if (1..=32).contains(&word.len()) && word.bytes().all(plain) { format!(" \"{word}\"") } else { String::new() }
}

/// `a, b and c`.
pub(super) fn listed(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}

/// The one of `names` that `word` was probably meant to be: at most a third of its letters differ.
pub(super) fn meant<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    if word.len() > 64 {
        return None;
    }
    let word = word.to_ascii_lowercase();
    let limit = (word.len() / 3).max(1);
    let near = names.map(|name| (distance(word.as_bytes(), name.as_bytes()), name));
    near.filter(|&(far, name)| far <= limit && far < name.len()).min().map(|(_, name)| name)
}

/// Damerau-Levenshtein distance, adjacent swaps only.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut rows: [Vec<usize>; 3] = [vec![0; b.len() + 1], (0..=b.len()).collect(), vec![0; b.len() + 1]];
    for i in 1..=a.len() {
        let [before, above, row] = &mut rows;
        row[0] = i;
        for j in 1..=b.len() {
            let swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            let best = (above[j - 1] + usize::from(a[i - 1] != b[j - 1])).min(above[j] + 1).min(row[j - 1] + 1);
            row[j] = if swap { best.min(before[j - 2] + 1) } else { best };
        }
        rows.rotate_left(1);
    }
    rows[1][b.len()]
}

/// serde's name of what it wants, in ours.
fn plain(expected: &str) -> String {
    match expected {
        "a sequence" => "a list",
        "a map" => "a mapping",
        "a boolean" => "true or false",
        "usize" | "u64" => "a whole number",
        "f64" => "a number",
        other if other.starts_with("struct ") => "a mapping",
        other => other,
    }
    .to_owned()
}

/// What was found, without its value.
fn kind(found: serde::de::Unexpected<'_>) -> &'static str {
    use serde::de::Unexpected as U;
    match found {
        U::Bool(_) => "true or false",
        U::Unsigned(_) | U::Signed(_) | U::Float(_) => "a number",
        U::Char(_) | U::Str(_) | U::Bytes(_) => "a string",
        U::Unit | U::Option => "nothing",
        U::Seq => "a list",
        U::Map => "a mapping",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use super::{distance, listed, meant, quoted};

    #[test]
    fn distance_counts_edits() {
        for (a, b, far) in [
            ("", "", 0),
            ("a", "", 1),
            ("", "ab", 2),
            ("patern", "pattern", 1),
            ("redcat", "redact", 1),
            ("abc", "xyz", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), far, "{a} {b}");
        }
    }

    #[test]
    fn suggestions_are_near_or_none() {
        let names = ["pattern", "fields", "id", "not"];
        for (word, near) in [
            ("patern", Some("pattern")),
            ("Pattern", Some("pattern")),
            ("feilds", Some("fields")),
            ("idd", Some("id")),
            ("zebra", None),
            ("", None),
            ("xy", None),
        ] {
            assert_eq!(meant(word, names.into_iter()), near, "{word}");
        }
    }

    #[test]
    fn only_plain_short_words_are_quoted() {
        assert_eq!(quoted("a-b_9"), " \"a-b_9\"");
        for hidden in ["", "Hunter2", "a b", "hunter2!", "a.b", "0123456789012345678901234567890123"] {
            assert_eq!(quoted(hidden), "");
        }
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(listed(&[]), "nothing");
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }
}
