//! Values of variables as loguru draws them below a line of the program (loguru.readthedocs.io, "Fully descriptive exceptions"):
//!
//! ```text
//!     login(user, password)
//!     │     │     └ 'hunter2'
//!     │     └ 'kim'
//!     └ <function login at 0x7f1c>
//! ```

use crate::format::quote::is_quote;
use crate::span::Span;
use memchr::memmem;

/// The mark in front of a value, below the first letter of its name.
const MARK: &[u8] = "└ ".as_bytes();
/// What all lines of such a drawing begin with.
const LEAD: &[u8] = b"    ";

/// A string that is the value of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointed {
    /// In which column its name begins, in characters.
    column: usize,
    /// The inside of the string.
    pub value: Span,
}

impl Pointed {
    /// The string that ends `line`.
    pub fn of(line: &[u8]) -> Option<Pointed> {
        let line = line.trim_ascii_end();
        let mark = memmem::find(line, MARK).filter(|_| begins(line))?;
        let before = std::str::from_utf8(&line[..mark]).ok()?;
        let start = mark + MARK.len();
        let closed = line.len() > start + 1 && line.last() == line.get(start) && is_quote(line[start]);
        let drawn = before.chars().all(|sign| matches!(sign, ' ' | '│'));
        (closed && drawn)
            .then(|| Pointed { column: before.chars().count(), value: Span::new(start + 1, line.len() - 1) })
    }

    /// The variable of `line`, one of the program, that the mark points to.
    pub fn name<'t>(&self, line: &'t [u8]) -> Option<&'t [u8]> {
        let (start, _) = std::str::from_utf8(line).ok()?.char_indices().nth(self.column)?;
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let name = &line[start..start + line[start..].iter().take_while(|b| is_name(b)).count()];
        (!name.is_empty() && !line[..start].last().is_some_and(is_name)).then_some(name)
    }
}

/// May `line` be one with a value?
pub fn begins(line: &[u8]) -> bool {
    line.starts_with(LEAD) && matches!(line.trim_ascii_start(), [0xE2, 0x94, 0x82 | 0x94, ..])
}

/// May `line` be one of the program?
pub fn is_of_program(line: &[u8]) -> bool {
    let text = line.trim_ascii_start();
    line.starts_with(LEAD)
        && text.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        && memchr::memchr2(b'(', b'=', text).is_some()
        // A frame of a stack trace.
        && !text.starts_with(b"at ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_points_to_a_name() {
        let program = b"    login(user, pin)";
        for (line, name, value) in [
            ("    │     │     └ 'x y'", Some("pin"), "x y"),
            ("    │     └ 'kim'", Some("user"), "kim"),
            ("    └ \"f\"", Some("login"), "f"),
            ("      └ 'inside'", None, "inside"),
        ] {
            let pointed = Pointed::of(line.as_bytes()).unwrap();
            assert_eq!(pointed.name(program), name.map(str::as_bytes), "{line}");
            assert_eq!(&line[pointed.value.range()], value);
        }
        for line in ["    │ └ 5", "    x └ 'a'", "└ 'a'", "    'a'"] {
            assert_eq!(Pointed::of(line.as_bytes()), None, "{line}");
        }
        assert!(is_of_program(program) && !is_of_program("    └ 'a'".as_bytes()) && !is_of_program(b"x"));
    }
}
