//! SQL: columns and values that stand in two lists, and comparisons without an equals sign.
//!
//! `INSERT INTO u (id, password) VALUES (1, '…')`, `token IN ('…')`, `password LIKE '…'`.

use crate::slashes;
use crate::span::Span;
use memchr::{memchr, memrchr};

/// Most bytes of a column list, and of a statement's conditions, that are looked at.
pub(in crate::detect) const REACH: usize = 4096;
/// What begins so near the end of what was looked at may have been cut off.
pub(in crate::detect) const OVERLAP: usize = 512;
/// Most columns of a list.
const COLUMNS: usize = 256;

/// The columns in the list before the word `VALUES` at `at`, with where the first row begins.
pub fn insert(text: &[u8], at: usize, limit: usize) -> Option<(Vec<Span>, usize)> {
    let before = at - blanks_before(text, at);
    let close = before.checked_sub(1).filter(|&i| text[i] == b')')?;
    let floor = close.saturating_sub(REACH);
    let open = floor + memrchr(b'(', &text[floor..close])?;
    let row = at + b"VALUES".len();
    let row = row + blanks(&text[row..limit]);
    (text[..limit].get(row) == Some(&b'(')).then(|| (columns(text, Span::new(open + 1, close)), row))
}

/// The columns of `SET (a, b) = (…)` whose word stands at `at`, with where the values begin.
pub fn assigned(text: &[u8], at: usize, limit: usize) -> Option<(Vec<Span>, usize)> {
    let open = at + b"SET ".len();
    let close = open + memchr(b')', &text[open..limit.min(open + REACH)])?;
    let rest = text[close + 1..limit].trim_ascii_start().strip_prefix(b"=")?;
    let rest = &rest[blanks(rest)..];
    let word = rest.get(..3).is_some_and(|word| word.eq_ignore_ascii_case(b"ROW"));
    let row = limit - rest.len() + if word { 3 } else { 0 };
    (text[..limit].get(row) == Some(&b'(')).then(|| (columns(text, Span::new(open + 1, close)), row))
}

/// The names in a list of columns.
pub fn columns(text: &[u8], list: Span) -> Vec<Span> {
    let mut at = list.start;
    text[list.range()]
        .split(|&b| b == b',')
        .take(COLUMNS)
        .map(|item| {
            let start = at + item.iter().take_while(|b| is_frame(**b)).count();
            let end = at + item.len() - item.iter().rev().take_while(|b| is_frame(**b)).count();
            at += item.len() + 1;
            Span::new(start, end.max(start))
        })
        .collect()
}

/// Calls `each` with the expressions of each row, without blanks; the first row begins at `at`. Returns where the rows end.
pub fn rows(text: &[u8], mut at: usize, limit: usize, mut each: impl FnMut(&[Span])) -> usize {
    let mut row = Vec::new();
    loop {
        row.clear();
        loop {
            let end = expression_end(text, at + 1, limit);
            let start = at + 1 + blanks(&text[at + 1..end.max(at + 1)]);
            row.push(Span::new(
                start,
                end.max(start) - blanks_before(&text[start..end.max(start)], end.max(start) - start),
            ));
            at = end;
            if text[..limit].get(end) != Some(&b',') {
                break;
            }
        }
        each(&row);
        at = limit.min(at + 1);
        let comma = at + blanks(&text[at..limit]);
        let next = comma + 1 + text[..limit].get(comma + 1..).map_or(0, blanks);
        if text[..limit].get(comma) != Some(&b',') || text[..limit].get(next) != Some(&b'(') {
            return at;
        }
        at = next;
    }
}

/// Where the expression at `at` ends: at the comma or bracket behind it.
fn expression_end(text: &[u8], mut at: usize, limit: usize) -> usize {
    let mut depth = 0usize;
    while at < limit {
        match text[at] {
            b'\'' | b'"' | b'`' => {
                at = string_end(text, at, limit);
                continue;
            }
            b'(' => depth += 1,
            b')' | b',' if depth == 0 => return at,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    limit
}

/// Behind the string whose quote stands at `open`.
pub(super) fn string_end(text: &[u8], open: usize, limit: usize) -> usize {
    string_close(text, open, limit).map_or(limit, |close| close + 1)
}

/// The quote that ends the string whose quote stands at `open`. A doubled quote belongs to it, and one behind a backslash,
/// unless the statement stands in a string itself, whose escapes those are.
pub fn string_close(text: &[u8], open: usize, limit: usize) -> Option<usize> {
    let quote = text[open];
    let slashes = slashes::trailing(&text[..open]);
    let mut at = open + 1;
    while let Some(close) = memchr(quote, &text[at.min(limit)..limit]).map(|i| at + i) {
        let own = slashes::trailing(&text[open + 1..close]);
        if own % 2 == 1 && own != slashes {
            at = close + 1;
        } else if slashes == 0 && text[..limit].get(close + 1) == Some(&quote) {
            at = close + 2;
        } else {
            return Some(close);
        }
    }
    None
}

/// What to hide of an expression: the inside of a string, a number, a call with a string in it; nothing of parameters,
/// `NULL` and columns.
pub fn literal(text: &[u8], expression: Span) -> Option<(Span, bool)> {
    let body = &text[expression.range()];
    let first = *body.first()?;
    if let Some(inside) = nested(body) {
        return Some((Span::new(expression.start + inside.start, expression.start + inside.end), true));
    }
    let prefix = body.iter().take(2).take_while(|b| b.is_ascii_alphabetic()).count();
    let escape = slashes::leading(&body[prefix..]);
    if let Some(b'\'' | b'"') = body.get(prefix + escape) {
        let open = expression.start + prefix + escape;
        let end = string_end(text, open, expression.end);
        // `'a'::text`, `'a' || 'b'`: the whole of it, if more strings follow.
        if memchr::memchr2(b'\'', b'"', &text[end..expression.end]).is_none() {
            let close = if end > open + 1 && text[end - 1] == text[open] { end - 1 } else { end };
            let close = close - slashes::trailing(&text[open + 1..close]).min(escape);
            return Some((Span::new(open + 1, close), true));
        }
    }
    let number = body.iter().all(|b| b.is_ascii_digit() || b"+-.eE".contains(b));
    let holds_text = memchr::memchr2(b'\'', b'"', body).is_some();
    let hex = body.starts_with(b"0x") || body.starts_with(b"0X");
    (number && first != b'.' || hex || holds_text && first != b'"').then_some((expression, false))
}

/// The inside of a string in a statement that is a string itself, of SQL or of a shell: `''…''`, `'\''…'\''`.
fn nested(body: &[u8]) -> Option<Span> {
    const QUOTES: [&[u8]; 3] = [b"''", b"'\\''", b"'\"'\"'"];
    let inside = QUOTES.iter().find_map(|quote| {
        let inside = body.strip_prefix(*quote)?.strip_suffix(*quote)?;
        (!inside.is_empty() && memchr::memchr(b'\'', inside).is_none())
            .then_some(quote.len()..quote.len() + inside.len())
    })?;
    Some(Span::new(inside.start, inside.end))
}

/// The comparisons with `IN` and a list in a stretch behind the word `WHERE`: the column and where the list begins, or all
/// columns in their brackets and where the first row does.
pub fn lists(text: &[u8], within: Span) -> Vec<(Span, usize)> {
    let Span { start: at, end } = within;
    let mut found = Vec::new();
    for open in memchr::memchr_iter(b'(', &text[at..end]).map(|open| at + open) {
        let word = open - blanks_before(text, open);
        if word < at + 3 || ![&b" IN"[..], b" in"].contains(&&text[word - 3..word]) {
            continue;
        }
        let hit = word - 3;
        if let Some(columns) = columns_before(text, hit) {
            let row = open + 1 + blanks(&text[open + 1..end]);
            found.extend((text[..end].get(row) == Some(&b'(')).then_some((columns, row)));
        } else if let Some(column) = column_before(text, hit) {
            found.push((column, open));
        }
    }
    found
}

const BETWEEN: [&[u8]; 2] = [b" BETWEEN ", b" between "];

/// The comparisons with `BETWEEN` in a stretch behind the word `WHERE`: the column, once for either bound.
pub fn ranges(text: &[u8], within: Span) -> Vec<(Span, Span)> {
    let Span { start: at, end } = within;
    let mut found = Vec::new();
    // Of its letters `w` is the rarest in logs.
    for letter in memchr::memchr2_iter(b'W', b'w', &text[at..end]).map(|letter| at + letter) {
        let Some(hit) = letter.checked_sub(" BET".len()).filter(|hit| *hit >= at) else { continue };
        let Some(word) = BETWEEN.iter().find(|word| text[hit..end].starts_with(word)) else { continue };
        let Some(column) = column_before(text, hit) else { continue };
        let mut from = hit + word.len();
        for _ in 0..2 {
            from += blanks(&text[from..end]);
            let bound = bound_end(text, from, end);
            found.extend((bound > from).then_some((column, Span::new(from, bound))));
            let and = bound + blanks(&text[bound..end]);
            if !text[and..end].get(..3).is_some_and(|word| word.eq_ignore_ascii_case(b"AND")) {
                break;
            }
            from = and + 3;
        }
    }
    found
}

/// Where the string or the word at `at` ends.
fn bound_end(text: &[u8], at: usize, limit: usize) -> usize {
    let quote = at + text[at..limit].iter().take(8).take_while(|b| b.is_ascii_alphabetic() || **b == b'\\').count();
    if matches!(text[..limit].get(quote), Some(b'\'' | b'"')) {
        return string_end(text, quote, limit);
    }
    at + text[at..limit].iter().take_while(|b| !b.is_ascii_whitespace() && !b");,\\\"".contains(b)).count()
}

/// The column in front of `LIKE` at `at`, and where the literal behind it begins.
pub fn like(text: &[u8], at: usize, limit: usize) -> Option<(Span, Span)> {
    let word = text[at..limit].iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let start = at + word + blanks(&text[at + word..limit]);
    let quoted = text[start..limit].iter().take(3).any(|b| *b == b'\'' || *b == b'"');
    let end = if quoted { expression_end_of_condition(text, start, limit) } else { start };
    (end > start).then_some((column_before(text, at)?, Span::new(start, end)))
}

/// Behind the string that begins at `start`.
fn expression_end_of_condition(text: &[u8], start: usize, limit: usize) -> usize {
    let open = text[start..limit].iter().position(|b| *b == b'\'' || *b == b'"').map_or(limit, |i| start + i);
    if open < limit { string_end(text, open, limit) } else { limit }
}

/// The bracket with several columns that ends before `at`.
fn columns_before(text: &[u8], at: usize) -> Option<Span> {
    let close = text[..at - blanks_before(text, at)].strip_suffix(b")")?.len();
    let floor = close.saturating_sub(REACH / 4);
    let open = floor + memrchr(b'(', &text[floor..close])?;
    memchr(b',', &text[open..close]).map(|_| Span::new(open, close + 1))
}

/// The column whose name ends before `at`; `NOT` and quotes are stepped over.
pub fn column_before(text: &[u8], at: usize) -> Option<Span> {
    let mut end = at - blanks_before(text, at);
    if end > 4 && text[end - 4..end].eq_ignore_ascii_case(b" not") {
        end -= 4;
        end -= blanks_before(text, end);
    }
    end -= text[end.saturating_sub(8)..end].iter().rev().take_while(|b| is_frame(**b)).count();
    let name = text[end.saturating_sub(128)..end]
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || **b >= 0x80 || b"_.$\"`\\".contains(b))
        .count();
    (name > 0).then_some(Span::new(end - name, end))
}

/// Blanks, quotes and brackets around the name of a column.
fn is_frame(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'`' | b'[' | b']' | b'\\')
}

/// Length of the blanks that `text` begins with, spelled-out line breaks included.
pub fn blanks(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        at += text[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        // A line break of a statement that stands in a string.
        match text.get(at..at + 2) {
            Some([b'\\', b'n' | b't' | b'r']) => at += 2,
            _ => return at,
        }
    }
}

fn blanks_before(text: &[u8], end: usize) -> usize {
    let mut at = end;
    loop {
        at -= text[..at].iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
        match text.get(at.saturating_sub(2)..at) {
            Some([b'\\', b'n' | b't' | b'r']) => at -= 2,
            _ => return end - at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inserted(text: &str) -> Vec<(&str, &str)> {
        let at = text.find("VALUES").or(text.find("values")).expect("the word");
        let (names, row) = insert(text.as_bytes(), at, text.len()).expect(text);
        let mut found = Vec::new();
        rows(text.as_bytes(), row, text.len(), |row| {
            for (name, expression) in names.iter().zip(row) {
                if let Some((span, _)) = literal(text.as_bytes(), *expression) {
                    found.push((&text[name.range()], &text[span.range()]));
                }
            }
        });
        found
    }

    #[test]
    fn values_belong_to_the_columns_of_their_place() {
        assert_eq!(
            inserted("INSERT INTO u (id, `pw`) VALUES (1, 'a,b'), (2, 'it''s')"),
            [("id", "1"), ("pw", "a,b"), ("id", "2"), ("pw", "it''s")]
        );
        assert_eq!(inserted(r#"insert into "u"("a","b") values(?, N'x') returning id"#), [("b", "x")]);
        assert_eq!(inserted(r"INSERT INTO u (a) VALUES ('it\'s')"), [("a", r"it\'s")]);
        assert_eq!(inserted(r#"(\"a\", \"b\") VALUES (1, \"x\")"#), [("a", "1"), ("b", "x")]);
        assert_eq!(inserted("u (a, b) VALUES (md5('x'), 'open"), [("a", "md5('x')"), ("b", "open")]);
        assert_eq!(inserted("u (a, b, c) VALUES ($1, NULL, now())"), []);
    }

    #[test]
    fn a_statement_may_end_anywhere() {
        for text in ["SET (a, token) = ROW ('1', 'abc')", "SET (token)=('abc')", "WHERE (a, token) IN ( ('1','abc'))"] {
            for end in b"SET (".len()..=text.len() {
                let cut = &text.as_bytes()[..end];
                let set = if cut.starts_with(b"SET (") { assigned(cut, 0, end) } else { None };
                let found =
                    set.map(|(_, row)| row).into_iter().chain(lists(cut, Span::new(0, end)).into_iter().map(|it| it.1));
                found.for_each(|row| assert!(rows(cut, row, end, |_| ()) <= end));
            }
        }
    }

    #[test]
    fn both_bounds_of_a_range_belong_to_its_column() {
        let found = |text: &str| -> Vec<String> {
            let of = |span: Span| &text[span.range()];
            ranges(text.as_bytes(), Span::new(0, text.len()))
                .iter()
                .map(|(a, b)| format!("{} {}", of(*a), of(*b)))
                .collect()
        };
        assert_eq!(found("WHERE t.pin NOT BETWEEN 'a b' AND N'c' AND x"), ["t.pin 'a b'", "t.pin N'c'"]);
        assert_eq!(found(r#"where pin between \"a\" and 12)"#), [r#"pin \"a\""#, "pin 12"]);
        assert_eq!(found("WHERE pin BETWEEN 'a"), ["pin 'a"]);
        assert!(found("WHERE pin BETWEEN ").is_empty());
    }

    #[test]
    fn comparisons_without_an_equals_sign() {
        let text = "SELECT 1 FROM u WHERE u.token NOT IN ('a', 'b') AND x in (1)";
        let found: Vec<&str> =
            lists(text.as_bytes(), Span::new(0, text.len())).iter().map(|(c, _)| &text[c.range()]).collect();
        assert_eq!(found, ["u.token", "x"]);
        let text = "pw NOT LIKE 'a''b%' AND 1";
        let (column, value) = like(text.as_bytes(), text.find("LIKE").expect("the word"), text.len()).expect(text);
        assert_eq!((&text[column.range()], &text[value.range()]), ("pw", "'a''b%'"));
    }
}
