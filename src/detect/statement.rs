//! SQL over several lines: the columns of `INSERT INTO users (`, the values behind `) VALUES (`, row by row, lists
//! behind `token IN (`, and the rows behind `COPY users (…) FROM stdin;`, as `pg_dump` writes them.
//!
//! Decided forward: what stands in a line is known from the lines before it. A statement is over with the first thing
//! that cannot belong to it, where the log goes on, and after [`MAX_LINES`] lines without a whole row.

use super::dialect::sql;
use crate::block::open::{Head, MAX_LINES, begins_like, head};
use crate::format::peel;
use crate::span::Span;
use memchr::{memchr_iter, memmem};

/// Sources with an open statement that are kept apart.
const MAX_SOURCES: usize = 32;
/// Most columns of a statement.
const COLUMNS: usize = 512;
/// Most statements that are looked for in one line, each with a search of its rest; whole ones are found without it.
const MOST: usize = 256;
/// Longest name of a column, in bytes.
const LONGEST: usize = 128;

/// The statements that are open, by source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statements(Vec<(Vec<u8>, Statement)>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Statement {
    head: Head,
    stage: Stage,
    /// The names of sensitive columns; of the others nothing is kept.
    columns: Vec<Option<Vec<u8>>>,
    /// A list, which has one column and one row.
    list: bool,
    /// Lines since the last whole row.
    lines: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Behind `INTO`, or the table's name.
    Table { named: bool },
    /// In the list of columns.
    Columns,
    /// Behind it.
    Values,
    /// In front of a row, or behind one that a comma has to follow.
    Rows { more: bool },
    /// In lines of cells with tabs between them, up to `\\.` (PostgreSQL, "COPY", text format).
    Copy,
    /// In a row: how many values were passed, how many brackets are open, in which string.
    Row { place: usize, depth: usize, quote: Option<u8> },
}

impl Statements {
    /// Is none open?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads one line without its ending. `sensitive` tells whether a column has a name to look after; `claim` gets the name
    /// of each sensitive column and what stands in it.
    pub fn line(&mut self, line: &[u8], sensitive: impl Fn(&[u8]) -> bool, mut claim: impl FnMut(&[u8], Span)) {
        let peeled = peel(line);
        let (source, payload) = (&line[peeled.source.range()], &line[peeled.payload.range()]);
        let base = peeled.payload.start;
        let open = self.0.iter().position(|(name, _)| name == source).map(|at| self.0.swap_remove(at).1);
        let own_head = |open: &Statement| base == 0 && begins_like(open.head, line);
        let mut open = open.filter(|open| !own_head(open) && open.lines < MAX_LINES);
        let (mut at, mut begun) = (0, 0);
        while at < payload.len() {
            let Some(statement) = &mut open else {
                begun += 1;
                if begun > MOST {
                    break;
                }
                let Some((first, from)) = begin(payload, at, head(line), &sensitive) else { break };
                (open, at) = (Some(first), from);
                continue;
            };
            let mut put = |name: &[u8], span: Span| claim(name, Span::new(base + span.start, base + span.end));
            match statement.read(payload, at, &sensitive, &mut put) {
                Some(next) => at = next,
                None => open = None,
            }
        }
        // JSON ends with its line.
        if let Some(mut statement) = open.filter(|_| !payload.starts_with(b"{")) {
            statement.lines += 1;
            if self.0.len() == MAX_SOURCES {
                self.0.remove(0);
            }
            self.0.push((source.to_vec(), statement));
        }
    }
}

/// The first statement that begins in `text` from `at` on, and where it goes on.
fn begin(text: &[u8], at: usize, head: Head, sensitive: &impl Fn(&[u8]) -> bool) -> Option<(Statement, usize)> {
    let into = [&b"INTO"[..], b"into", b"Into"]
        .iter()
        .filter_map(|word| memmem::find(&text[at..], word).map(|i| at + i + word.len()))
        .filter(|end| text.get(*end).is_none_or(u8::is_ascii_whitespace))
        .min();
    if let Some(end) = into {
        let stage = Stage::Table { named: false };
        return Some((Statement { head, stage, columns: Vec::new(), list: false, lines: 0 }, end));
    }
    if let Some(columns) = copied(&text[at..], sensitive) {
        return Some((Statement { head, stage: Stage::Copy, columns, list: false, lines: 0 }, text.len()));
    }
    // `token IN (` at the end of a line; one that goes on is read by itself.
    let rest = text[at..].trim_ascii_end().strip_suffix(b"(")?.trim_ascii_end();
    let before = rest.len().checked_sub(3).filter(|i| rest[*i..].eq_ignore_ascii_case(b" IN"))?;
    let column = sql::column_before(text, at + before)?;
    let column = sensitive(&text[column.range()]).then(|| text[column.range()].to_vec())?;
    let stage = Stage::Row { place: 0, depth: 0, quote: None };
    Some((Statement { head, stage, columns: vec![Some(column)], list: true, lines: 0 }, text.len()))
}

/// The columns of a `COPY … (…) FROM stdin;` that the line is, if one of them is sensitive.
fn copied(text: &[u8], sensitive: &impl Fn(&[u8]) -> bool) -> Option<Vec<Option<Vec<u8>>>> {
    const WORD: &[u8] = b"COPY ";
    const END: &[u8] = b") FROM stdin;";
    let text = text.trim_ascii();
    let list = text.len().checked_sub(END.len()).filter(|end| text[*end..].eq_ignore_ascii_case(END))?;
    let open = memchr::memchr(b'(', &text[..list]).filter(|_| text[..WORD.len()].eq_ignore_ascii_case(WORD))?;
    let columns: Vec<_> = text[open + 1..list]
        .split(|b| *b == b',')
        .take(COLUMNS)
        .map(|item| item.iter().copied().filter(|b| !b" \"".contains(b)).collect::<Vec<u8>>())
        .map(|name| (name.len() <= LONGEST && sensitive(&name)).then_some(name))
        .collect();
    columns.iter().any(Option::is_some).then_some(columns)
}

impl Statement {
    /// Reads a row of cells; `None` behind the last one.
    fn cells(&mut self, text: &[u8], claim: &mut impl FnMut(&[u8], Span)) -> Option<usize> {
        if text == b"\\." {
            return None;
        }
        let mut at = 0;
        for (cell, name) in text.split(|b| *b == b'\t').zip(&self.columns) {
            let span = Span::new(at, at + cell.len());
            at = span.end + 1;
            if let Some(name) = name.as_deref().filter(|_| !cell.is_empty() && cell != b"\\N") {
                claim(name, span);
            }
        }
        self.lines = 0;
        Some(text.len())
    }

    /// Reads on at `at`; where it stands then, or `None` if the statement is over.
    fn read(
        &mut self,
        text: &[u8],
        at: usize,
        sensitive: &impl Fn(&[u8]) -> bool,
        claim: &mut impl FnMut(&[u8], Span),
    ) -> Option<usize> {
        let at = match self.stage {
            Stage::Copy => return self.cells(text, claim),
            Stage::Row { quote: Some(_), .. } => at,
            _ => at + sql::blanks(&text[at..]),
        };
        let first = *text.get(at).unwrap_or(&b'\n');
        if at >= text.len() || text[at..].starts_with(b"--") && !matches!(self.stage, Stage::Row { quote: Some(_), .. })
        {
            return Some(text.len());
        }
        match self.stage {
            Stage::Table { named: true } if first == b'(' => {
                self.stage = Stage::Columns;
                Some(at + 1)
            }
            Stage::Table { named: false } => {
                let is_name = |b: &&u8| b.is_ascii_alphanumeric() || **b >= 0x80 || b"_.$\"`[]-\\".contains(b);
                let name = text[at..].iter().take(LONGEST).take_while(is_name).count();
                self.stage = Stage::Table { named: true };
                (name > 0).then_some(at + name)
            }
            Stage::Columns => self.column(text, at, sensitive),
            Stage::Values => {
                let word = text[at..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
                let is = |other: &&str| text[at..at + word].eq_ignore_ascii_case(other.as_bytes());
                if ["values", "value"].iter().any(is) {
                    self.stage = Stage::Rows { more: true };
                } else if !["overriding", "system", "user"].iter().any(is) {
                    return None;
                }
                Some(at + word)
            }
            Stage::Rows { more } => {
                let values = text.get(at..at + 6).is_some_and(|word| word.eq_ignore_ascii_case(b"values"));
                match first {
                    b'(' if more => self.stage = Stage::Row { place: 0, depth: 0, quote: None },
                    b',' => self.stage = Stage::Rows { more: true },
                    _ if more && values => return Some(at + 6),
                    _ => return None,
                }
                Some(at + 1)
            }
            Stage::Row { place, depth, quote } => self.value(text, at, place, depth, quote, claim),
            Stage::Table { named: true } | Stage::Copy => None,
        }
    }

    /// Reads the name of a column.
    fn column(&mut self, text: &[u8], at: usize, sensitive: &impl Fn(&[u8]) -> bool) -> Option<usize> {
        let end = at + text[at..].iter().take_while(|b| !b",()".contains(b)).count();
        let item = &text[at..end];
        let item = memmem::find(item, b"--").map_or(item, |remark| &item[..remark]);
        let name: Vec<u8> =
            item.iter().copied().filter(|b| !b.is_ascii_whitespace() && !b"\"`[]\\".contains(b)).collect();
        if !name.is_empty() {
            let plain = name.iter().all(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || b"_.$-".contains(b));
            if !plain || name.len() > LONGEST || self.columns.len() == COLUMNS {
                return None;
            }
            self.columns.push(sensitive(&name).then_some(name));
        }
        match text.get(end) {
            Some(b'(') => None,
            Some(b')') => {
                self.stage = Stage::Values;
                self.columns.iter().any(Option::is_some).then_some(end + 1)
            }
            Some(_) => Some(end + 1),
            None => Some(end),
        }
    }

    /// Reads a value, or what of it stands on this line.
    fn value(
        &mut self,
        text: &[u8],
        at: usize,
        mut place: usize,
        mut depth: usize,
        quote: Option<u8>,
        claim: &mut impl FnMut(&[u8], Span),
    ) -> Option<usize> {
        let name = self.columns[place.min(self.columns.len() - 1)].as_deref();
        let mut put = |span: Span| {
            if let Some(name) = name.filter(|_| !span.is_empty()) {
                claim(name, span);
            }
        };
        let mut end = at;
        if let Some(quote) = quote {
            let start = at + sql::blanks(&text[at..]);
            let closed = string_end(text, at, quote);
            put(Span::new(start, closed.unwrap_or(text.len()).max(start)));
            let Some(closed) = closed else { return Some(text.len()) };
            end = closed + 1;
        }
        let start = end;
        let mut open = None;
        while end < text.len() {
            match text[end] {
                byte @ (b'\'' | b'"' | b'`') => {
                    let close = string_end(text, end + 1, byte);
                    end = close.unwrap_or(text.len());
                    if close.is_none() {
                        open = Some(byte);
                        break;
                    }
                }
                b'(' => depth += 1,
                b')' | b',' if depth == 0 => break,
                b')' => depth -= 1,
                _ => {}
            }
            end += 1;
        }
        let piece = text[start..end].trim_ascii_end().len() + start;
        if let Some((span, _)) = sql::literal(text, Span::new(start, piece)) {
            put(span);
        }
        match text.get(end) {
            Some(b',') => place += 1,
            Some(_) if self.list => return None,
            Some(_) => {
                self.lines = 0;
                self.stage = Stage::Rows { more: false };
                return Some(end + 1);
            }
            None => {}
        }
        let open = open.filter(|_| end == text.len());
        self.stage = Stage::Row { place, depth, quote: open };
        Some((end + 1).min(text.len()))
    }
}

/// Where the quote stands that ends a string; a doubled one belongs to it, and one behind a backslash.
fn string_end(text: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut after = from;
    for close in memchr_iter(quote, &text[from..]).map(|i| from + i) {
        if close < after {
            continue;
        }
        let slashes = text[from..close].iter().rev().take_while(|b| **b == b'\\').count();
        if text.get(close + 1) == Some(&quote) {
            after = close + 2;
        } else if slashes % 2 == 0 {
            return Some(close);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines with `#` for what stands in sensitive columns, which begin with `pin`.
    fn read(lines: &[&str]) -> Vec<String> {
        let mut statements = Statements::default();
        let one = |line: &&str| {
            let mut spans = Vec::new();
            statements.line(line.as_bytes(), |name| name.starts_with(b"pin"), |_, span| spans.push(span));
            crate::block::hidden(line, &spans)
        };
        lines.iter().map(one).collect()
    }

    #[test]
    fn values_belong_to_the_columns_of_lines_before() {
        let cases: &[(&[&str], &[&str])] = &[
            (
                &["INSERT INTO u (id, pin)", "VALUES (1, 'a,b'),", "  (2, 'it''s'),", "(3, NULL);", "(4, 'x')"],
                &["INSERT INTO u (id, pin)", "VALUES (1, '#'),", "  (2, '#'),", "(3, NULL);", "(4, 'x')"],
            ),
            (
                &[
                    "insert into `u` (",
                    "  `id`, -- key",
                    "  `pin`",
                    ")",
                    "values",
                    "(",
                    "  1",
                    "  ,'x'",
                    ")",
                    ", (2, 'y')",
                ],
                &[
                    "insert into `u` (",
                    "  `id`, -- key",
                    "  `pin`",
                    ")",
                    "values",
                    "(",
                    "  1",
                    "  ,'#'",
                    ")",
                    ", (2, '#')",
                ],
            ),
            (
                &["INSERT INTO u(pin, b) VALUES ('x", "y (z", "w', 'v')", "VALUES (1)"],
                &["INSERT INTO u(pin, b) VALUES ('#", "#", "#', 'v')", "VALUES (1)"],
            ),
            (
                &["INSERT INTO u (pin, b) VALUES (", "md5('x'),", "f(1, 2)),", "(12, 'z')"],
                &["INSERT INTO u (pin, b) VALUES (", "#,", "f(1, 2)),", "(#, 'z')"],
            ),
            (
                &["WHERE pin IN (", " 'a',", " 'b'", ") AND x IN (", "1)"],
                &["WHERE pin IN (", " '#',", " '#'", ") AND x IN (", "1)"],
            ),
            (&["fell into trouble (pin)", "values: (1, 2)"], &["fell into trouble (pin)", "values: (1, 2)"]),
            (&["INSERT INTO u (a, b)", "VALUES (1, 2)"], &["INSERT INTO u (a, b)", "VALUES (1, 2)"]),
            (&["INSERT INTO u (pin) SELECT 1", "(1)"], &["INSERT INTO u (pin) SELECT 1", "(1)"]),
        ];
        for (lines, expected) in cases {
            assert_eq!(read(lines), *expected);
        }
    }

    #[test]
    fn a_statement_that_was_cut_is_over_where_the_log_goes_on() {
        let cut = "2024-05-01 12:00:00 LOG: INSERT INTO u (pin, b) VALUES ('x";
        assert_eq!(read(&[cut, "\ty", "2024-05-01 12:00:01 LOG: z"])[1..], ["\t#", "2024-05-01 12:00:01 LOG: z"]);
        let pods = ["[pod/a/x] INSERT INTO u (pin) VALUES", "[pod/b/x] ('n')", "[pod/a/x] ('y')"];
        assert_eq!(read(&pods)[1..], ["[pod/b/x] ('n')", "[pod/a/x] ('#')"]);
        let mut many = vec!["INSERT INTO u (pin) VALUES ('x"];
        many.resize(MAX_LINES + 9, "y");
        assert_eq!(read(&many).iter().filter(|line| line.contains('#')).count(), MAX_LINES);
    }
}
