//! Rows of a CSV that hold a field of their own in a cell: `1,2024-05-01,login with password=x,done` (RFC 4180, section 2).
//!
//! A cell with a comma in it has quotes round it, so one without ends at the next comma. Whether a line is a row at all, the
//! cells in front tell.

use crate::format::peel;
use memchr::{memchr, memrchr};

/// How far from the value its row is looked at, in bytes.
const NEAR: usize = 1 << 10;
/// Cells in front of that with the key that make a row.
const CELLS: usize = 2;

/// Does the value at `at`, whose key begins at `key`, end at the separator at `i`, because it stands in a cell of a row?
pub fn ends_cell(text: &[u8], key: usize, at: usize, i: usize) -> bool {
    let separator = text[i];
    // What does not end at the first does not end at another.
    let first = i - at < NEAR && memchr(separator, &text[at..i]).is_none();
    if !first || !matches!(separator, b',' | b';') {
        return false;
    }
    // An envelope is no part of the first cell; one with a string ends in the quote of that.
    let envelope = peel(&text[..key.min(256)]).payload.start;
    begins_row(&text[envelope.max(key.saturating_sub(NEAR)).min(key)..key], separator)
}

/// Are there cells of a row in `before`, which ends in one of them?
fn begins_row(before: &[u8], separator: u8) -> bool {
    let (mut cells, mut end) = (0, before.len());
    // The cell of the key itself.
    let mut whole = false;
    loop {
        let begins = memrchr(separator, &before[..end]).map(|i| i + 1);
        let mut start = begins.unwrap_or(0);
        let cell = &before[start..end];
        if whole && cell.last() == Some(&b'"') {
            // A cell in quotes may hold separators.
            let Some(open) = memrchr(b'"', &before[..end - 1]) else { return false };
            start = open;
            cells += 1;
            match open.checked_sub(1).map(|last| before[last]) {
                Some(last) if last == separator => {
                    end = open - 1;
                    continue;
                }
                None | Some(b'\n') => return cells >= CELLS,
                Some(_) => return false,
            }
        }
        // The line, or the string, that the row is.
        let line = cell.iter().rposition(|b| matches!(b, b'\n' | b'"')).map_or(0, |i| i + 1);
        if !is_cell(&cell[line..], whole) {
            return false;
        }
        cells += usize::from(whole);
        if line > 0 || begins.is_none() {
            return cells >= CELLS;
        }
        whole = true;
        end = start - 1;
    }
}

/// May `cell` be one: without blanks at its ends, and, if it is `whole`, one word or a time?
fn is_cell(cell: &[u8], whole: bool) -> bool {
    let plain = !cell.iter().any(|b| b"={}[]()<>\\\t".contains(b));
    let timed = |at: usize| cell[..at].contains(&b'-') && cell[at..].contains(&b':');
    let one = || memchr(b' ', cell).is_none_or(timed);
    plain && cell.first() != Some(&b' ') && (!whole || cell.last() != Some(&b' ') && one())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_in_front_make_a_row() {
        for (before, expected) in [
            ("1,2024-05-01,login with ", true),
            ("2024-05-01 12:00:00,web-1,", true),
            ("x\n1,2,", true),
            ("{\"msg\":\"1,2,login ", true),
            ("1,\"a, b\",", true),
            ("\"a, b\",c,", true),
            ("1,,", true),
            ("1,", false),
            ("a, b, ", false),
            ("tags a,b,", false),
            ("2024-05-01 12:00:00,123 INFO a,b ", false),
            ("a=1,b=2,", false),
            ("f(a,b,", false),
            ("x \"a, b\",c,", false),
        ] {
            assert_eq!(begins_row(before.as_bytes(), b','), expected, "{before}");
        }
    }
}
