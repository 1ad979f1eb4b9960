//! Where a statement begins that goes on over lines, or has values behind it.

use super::bound::Bound;
use super::{COLUMNS, Kind, LONGEST, Stage, Statement};
use crate::block::open::Head;
use crate::detect::dialect::sql;
use crate::format::nesting::Nesting;
use crate::format::quote::Quote;
use memchr::memmem;

/// The end of the string that the statement stands in where `nesting` is, with which it ends. What opens a string, behind an odd quote,
/// ends none.
pub(super) fn around_end(text: &[u8], nesting: &mut Nesting) -> usize {
    let end = nesting.end(text);
    let quote = end + nesting.innermost().map_or(0, Quote::width);
    let opens = text.get(quote).is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || *b == b'_');
    if opens { text.len() } else { end }
}

/// The first statement that begins in `text` from `at` on, and where it goes on.
pub(super) fn begin(
    text: &[u8],
    at: usize,
    head: Head,
    sensitive: &impl Fn(&[u8]) -> bool,
) -> Option<(Statement, usize)> {
    let into = [&b"INTO"[..], b"into", b"Into"]
        .iter()
        .filter_map(|word| memmem::find(&text[at..], word).map(|i| at + i + word.len()))
        .filter(|end| text.get(*end).is_none_or(u8::is_ascii_whitespace))
        .min();
    if let Some(end) = into {
        let kind = if text[at..end].windows(LARAVEL.len()).any(|w| w == LARAVEL) { Kind::Printed } else { Kind::Rows };
        return Some((Statement::new(head, Stage::Table { named: false }, Vec::new(), kind), end));
    }
    if let Some(columns) = copied(&text[at..], sensitive) {
        return Some((Statement::new(head, Stage::Copy, columns, Kind::Rows), text.len()));
    }
    let mut bound = Bound::default();
    if let Some(end) = bound.conditions(&text[at..], sensitive).filter(|_| !bound.is_empty()) {
        return Some((Statement { bound, ..Statement::new(head, Stage::Bound, Vec::new(), Kind::Rows) }, at + end));
    }
    // `token IN (` at the end of a line; one that goes on is read by itself.
    let rest = text[at..].trim_ascii_end().strip_suffix(b"(")?.trim_ascii_end();
    let before = rest.len().checked_sub(3).filter(|i| rest[*i..].eq_ignore_ascii_case(b" IN"))?;
    let column = sql::column_before(text, at + before)?;
    let column = sensitive(&text[column.range()]).then(|| text[column.range()].to_vec())?;
    let stage = Stage::Row { place: 0, depth: 0, quote: None };
    Some((Statement::new(head, stage, vec![Some(column)], Kind::List), text.len()))
}

/// What Laravel's exceptions have in front of a statement in which it has put the values (laravel.com, `QueryException`).
const LARAVEL: &[u8] = b"SQL: insert ";

/// Is the `expression` of such a statement a value, and no parameter, call or constant?
pub(super) fn is_printed(expression: &[u8]) -> bool {
    let nothing = [&b"?"[..], b"null", b"NULL", b"default", b"DEFAULT", b"true", b"false"];
    !expression.is_empty() && !nothing.contains(&expression) && !expression.contains(&b'(')
}

/// The columns of the `COPY … (…) FROM stdin;` that the line ends with, if one of them is sensitive.
fn copied(text: &[u8], sensitive: &impl Fn(&[u8]) -> bool) -> Option<Vec<Option<Vec<u8>>>> {
    const END: &[u8] = b") FROM stdin;";
    let text = text.trim_ascii();
    let list = text.len().checked_sub(END.len()).filter(|end| text[*end..].eq_ignore_ascii_case(END))?;
    let word = [&b"COPY "[..], b"copy "].iter().find_map(|word| memmem::rfind(&text[..list], word))?;
    let open = word + memchr::memchr(b'(', &text[word..list])?;
    let columns: Vec<_> = text[open + 1..list]
        .split(|b| *b == b',')
        .take(COLUMNS)
        .map(|item| item.iter().copied().filter(|b| !b" \"".contains(b)).collect::<Vec<u8>>())
        .map(|name| (name.len() <= LONGEST && sensitive(&name)).then_some(name))
        .collect();
    columns.iter().any(Option::is_some).then_some(columns)
}
