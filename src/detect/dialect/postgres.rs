//! What PostgreSQL says of a row and of a statement: `Key (email)=(…) already exists`, `Failing row contains (…)`,
//! `parameters: $1 = '…'`.

use super::sql::{REACH, columns, string_end};
use crate::span::Span;
use memchr::{memchr, memmem, memrchr};

/// Most bytes of a row that are looked through for its end.
const LONGEST: usize = 16 << 10;

/// A literal and where it ends with its quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Literal {
    /// The name of its column.
    pub column: Span,
    /// The value without quotes.
    pub span: Span,
    /// Whether quotes stand around it.
    pub quoted: bool,
}

/// The values in `parameters: $1 = '…', $2 = NULL`, whose word stands at `at`: PostgreSQL writes what a statement was given
/// (`log_parameter_max_length`), and does not say for which columns. Booleans and short numbers stay.
pub fn parameters(text: &[u8], at: usize, limit: usize) -> Vec<Span> {
    let mut values = Vec::new();
    let mut at = at + b"parameters: ".len();
    while let Some(number) = text[..limit].get(at..).and_then(|rest| rest.strip_prefix(b"$")) {
        let digits = number.iter().take_while(|b| b.is_ascii_digit()).count();
        let Some(value) = number[digits..].strip_prefix(b" = ") else { break };
        let start = limit - value.len();
        let mut end = start + value.iter().take_while(|b| !matches!(b, b',' | b'\r' | b'\n')).count();
        if value.first() == Some(&b'\'') {
            end = string_end(text, start, limit);
            // The line may end in it.
            let closed = end > start + 1 && text[end - 1] == b'\'';
            let inside = Span::new(start + 1, end - usize::from(closed));
            // A boolean, an id.
            let plain = |value: &[u8]| {
                matches!(value, b"t" | b"f" | b"true" | b"false")
                    || value.len() <= 6 && value.iter().all(u8::is_ascii_digit)
            };
            if !plain(&text[inside.range()]) {
                values.push(inside);
            }
        }
        let Some(rest) = text[end..limit].strip_prefix(b", ") else { break };
        at = limit - rest.len();
    }
    values
}

/// The columns, which begin at `open`, and values of `Key (a, b)=(1, 2) already exists`, as PostgreSQL writes them (errors
/// 23505 and 23503). Where the values cannot be told apart each column has all of them.
pub fn key_detail(text: &[u8], open: usize, limit: usize) -> Vec<Literal> {
    const ENDS: [&[u8]; 5] = [b") already", b") is ", b") conflicts", b").", b")"];
    let found = (|| {
        let middle = open + memmem::find(&text[open..limit.min(open + REACH)], b")=(")?;
        let start = middle + 3;
        // What does not end near goes on to the end of the record.
        let near = &text[start..limit.min(start + LONGEST)];
        let end = start + ENDS.iter().find_map(|end| memmem::find(near, end)).unwrap_or(limit - start);
        Some((columns(text, Span::new(open, middle)), Span::new(start, end)))
    })();
    let Some((columns, whole)) = found else { return Vec::new() };
    let mut at = whole.start;
    let mut parts = Vec::new();
    while at <= whole.end && parts.len() <= columns.len() {
        let end = memmem::find(&text[at..whole.end], b", ").map_or(whole.end, |i| at + i);
        parts.push(Span::new(at, end));
        at = end + 2;
    }
    let apart = parts.len() == columns.len();
    let value = |ix: usize| if apart { parts[ix] } else { whole };
    columns.iter().enumerate().map(|(ix, column)| Literal { column: *column, span: value(ix), quoted: true }).collect()
}

/// The values in `Failing row contains (1, jo, null)`, whose `F` stands at `at` (PostgreSQL, errors 23502 and 23514): their
/// columns are not named. What is null or a boolean stays.
pub fn failing_row(text: &[u8], at: usize, limit: usize) -> Vec<Span> {
    let limit = limit.min(at + LONGEST);
    let line = text[at..limit].iter().position(|b| matches!(b, b'\r' | b'\n')).map_or(limit, |i| at + i);
    let Some(open) = memchr(b'(', &text[at..line]).map(|i| at + i + 1) else { return Vec::new() };
    let close = memrchr(b')', &text[open..line]).map_or(line, |i| open + i);
    let mut values = Vec::new();
    let mut start = open;
    while start <= close {
        let end = memmem::find(&text[start..close], b", ").map_or(close, |i| start + i);
        if !matches!(&text[start..end], b"" | b"null" | b"t" | b"f") {
            values.push(Span::new(start, end));
        }
        start = end + 2;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_detail_names_columns_and_values() {
        let found = |text: &str| -> Vec<(String, String)> {
            let open = text.find("Key (").expect("the word") + 5;
            let list = key_detail(text.as_bytes(), open, text.len());
            list.iter().map(|l| (text[l.column.range()].into(), text[l.span.range()].into())).collect()
        };
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(found("DETAIL:  Key (email)=(a (b)) already exists."), [pair("email", "a (b)")]);
        assert_eq!(found("Key (a, b)=(1, x) is not present"), [pair("a", "1"), pair("b", "x")]);
        assert_eq!(found("Key (a, b)=(1, x, y) already exists."), [pair("a", "1, x, y"), pair("b", "1, x, y")]);
        assert_eq!(found("Key (a) is odd"), []);
    }

    #[test]
    fn a_failing_row_says_which_values_are_null() {
        let text = "DETAIL:  Failing row contains (17, jo, it's (a, b), null, f).";
        let at = text.find('F').expect("the word");
        let found = failing_row(text.as_bytes(), at, text.len());
        assert_eq!(found.iter().map(|span| &text[span.range()]).collect::<Vec<_>>(), ["17", "jo", "it's (a", "b)"]);
    }

    #[test]
    fn nothing_of_a_parameter_that_is_cut_off_stays() {
        let text = "parameters: $1 = 'a''b', $2 = NULL, $3 = 'abc'";
        for end in b"parameters: ".len()..=text.len() {
            let cut = &text.as_bytes()[..end];
            let values = parameters(cut, 0, end);
            assert!(!cut.ends_with(b"= 'abc") || values.last().is_some_and(|span| span.end == end), "{end}");
        }
    }
}
