//! What is said on stderr. Cannot panic and cannot fail: when stderr is gone or full, work goes on.

use crate::access::is_unseen;
use std::fmt::Write as _;
use std::io::{self, Write as _};

pub(super) fn error(text: &str) {
    say("error: ", text);
}

pub(super) fn hint(text: &str) {
    say("hint: ", text);
}

pub(super) fn warning(text: &str) {
    say("warning: ", text);
}

/// A line as it is, for summaries.
pub(super) fn plain(text: &str) {
    super::progress::aside(|| {
        let _ = io::stderr().lock().write_all(format!("{}\n", printable(text)).as_bytes());
    });
}

/// One write for the whole line, so that lines of several processes do not mix.
fn say(kind: &str, text: &str) {
    plain(&format!("logmask: {kind}{text}"));
}

/// Control characters, and what is unseen or turns the order of letters, spelled out: a file name must not move the cursor.
pub(super) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if is_unseen(char) {
            let _ = write!(out, "{}", char.escape_default());
        } else {
            out.push(char);
        }
    }
    out
}

/// The same, line by line.
pub(super) fn printable_lines(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| line.strip_suffix('\n').map_or_else(|| printable(line), |line| printable(line) + "\n"))
        .collect()
}

/// What the system says, in our spelling.
pub(super) fn fact(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// `1 line`, `2 lines`.
pub(super) fn count(number: u64, what: &str) -> String {
    match what.strip_suffix("ry") {
        _ if number == 1 => format!("{number} {what}"),
        Some(stem) => format!("{number} {stem}ries"),
        None => format!("{number} {what}s"),
    }
}

/// `a, b and 600 more`: nobody reads hundreds of names in a message.
pub(super) fn some(names: &[String]) -> String {
    const MOST: usize = 12;
    let shown = names[..names.len().min(MOST)].join(", ");
    match names.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_spelled_out() {
        assert_eq!(printable("a\x1b[2J\nb\u{202e}é"), "a\\u{1b}[2J\\nb\\u{202e}é");
        assert_eq!(printable("\u{61c}\u{feff}\u{ad}\u{2060}\u{e0041}"), "\\u{61c}\\u{feff}\\u{ad}\\u{2060}\\u{e0041}");
    }

    #[test]
    fn facts_have_no_error_number() {
        assert_eq!(fact(&io::Error::from_raw_os_error(28)), "no space left on device");
    }
}
