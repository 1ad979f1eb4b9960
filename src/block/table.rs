//! Tables whose first line names the columns: CSV, TSV and kin, W3C extended logs and Zeek's, and tables in frames, as psql,
//! MySQL and Markdown have them.
//!
//! The state between lines is that first line, and whether a quoted cell is open. A table begins where a source begins: a
//! first line that only holds names, one of them sensitive, and a second one with as many cells
//! ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180), sections 2.4 to 2.7; [W3C](https://www.w3.org/TR/WD-logfile),
//! `#Fields:`).

use super::header::{Header, is_pair};
use crate::format::peel;
use crate::span::Span;

/// Longest row that is cut into cells for a value in one of them, in bytes.
const LONGEST: usize = 16 << 10;

/// What is known of the table that a source may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Table {
    /// No line was seen.
    #[default]
    Unseen,
    /// The source is no table with sensitive columns.
    Off,
    /// Each line is a row.
    Open(Header),
    /// The same without a sensitive column: nothing but where its cells end is of use.
    Plain(Header),
}

impl Table {
    /// Has each line to be read?
    pub fn reads(&self) -> bool {
        !matches!(self, Table::Off | Table::Plain(_))
    }

    /// Where the cell ends in which `span` of `line` begins, if that is a row and the span goes on behind it.
    pub fn cell_end(&self, line: &[u8], span: Span) -> Option<usize> {
        let header = match self {
            Table::Plain(header) => header,
            Table::Open(header) if header.is_proved() => header,
            _ => return None,
        };
        let at = span.start;
        if line.len() > LONGEST || memchr::memchr(header.delimiter, &line[span.range()]).is_none() {
            return None;
        }
        let peeled = if header.source.is_some() { peel(line) } else { return header.cell_end(line, at) };
        let inside = header.source.as_deref() == Some(&*peeled.name(line));
        let start = peeled.payload.start;
        let end = header.cell_end(&line[peeled.payload.range()], at.checked_sub(start)?).filter(|_| inside)?;
        Some(start + end)
    }

    /// Reads one line without its ending. `sensitive` tells whether a column has a name to look after; `claim` gets the name
    /// of each sensitive column and what stands in it.
    pub fn line(&mut self, line: &[u8], mut sensitive: impl FnMut(&[u8]) -> bool, mut claim: impl FnMut(&[u8], Span)) {
        match self {
            Table::Off | Table::Plain(_) => {}
            _ if line.is_empty() => {}
            Table::Unseen => {
                *self = Header::read(line, &mut sensitive);
                let peeled = peel(line);
                if *self == Table::Off && peeled.payload.start > 0 {
                    self.message(&peeled.name(line), &line[peeled.payload.range()], sensitive, claim);
                } else if is_pair(line, &mut sensitive) {
                    self.next(line, &mut sensitive, &mut claim);
                }
            }
            Table::Open(Header { source: None, .. }) => self.next(line, &mut sensitive, &mut claim),
            Table::Open(_) => {
                let peeled = peel(line);
                let payload = peeled.payload;
                let shift = |span: Span| Span::new(payload.start + span.start, payload.start + span.end);
                let claim = |name: &[u8], span: Span| claim(name, shift(span));
                self.message(&peeled.name(line), &line[payload.range()], sensitive, claim);
            }
        }
    }

    /// The same for `text`, which an envelope carries that names `source`.
    pub fn message(
        &mut self,
        source: &[u8],
        text: &[u8],
        mut sensitive: impl FnMut(&[u8]) -> bool,
        mut claim: impl FnMut(&[u8], Span),
    ) {
        match self {
            Table::Open(header) => {
                if header.source.as_deref() == Some(source) {
                    self.next(text, &mut sensitive, &mut claim);
                }
            }
            Table::Plain(_) => {}
            Table::Off | Table::Unseen => {
                *self = Header::read(text, &mut sensitive);
                if let Table::Open(header) | Table::Plain(header) = self {
                    header.source = Some(source.to_vec());
                }
                if is_pair(text, &mut sensitive) {
                    self.next(text, &mut sensitive, &mut claim);
                }
            }
        }
    }

    /// Reads a row, or a remark that names the columns anew.
    fn next(&mut self, line: &[u8], sensitive: &mut impl FnMut(&[u8]) -> bool, claim: &mut impl FnMut(&[u8], Span)) {
        let Table::Open(header) = self else { return };
        if header.cell.is_none() && line.first() == Some(&b'#') {
            if let Table::Open(new) = Header::read(line, sensitive) {
                *header = new.of_source(header.source.take());
            }
        } else if !header.row(line, claim) {
            *self = Table::Off;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::header::LINES;
    use super::*;

    /// The lines with `#` for what stands in sensitive columns, which begin with `pin`.
    fn read(lines: &[&str]) -> Vec<String> {
        let mut table = Table::default();
        let one = |line: &&str| {
            let mut spans = Vec::new();
            table.line(line.as_bytes(), |name| name.starts_with(b"pin"), |_, span| spans.push(span));
            crate::block::hidden(line, &spans)
        };
        lines.iter().map(one).collect()
    }

    #[test]
    fn cells_of_named_columns_are_claimed() {
        let cases: &[(&[&str], &[&str])] = &[
            (
                &["id,pin,name", "1,abc,jo", "2,\"a,b\",\"x\"", "3,,z"],
                &["id,pin,name", "1,#,jo", "2,\"#\",\"x\"", "3,#,z"],
            ),
            (&["id;pin", "1; abc", "2;\"a\"\"b\""], &["id;pin", "1; #", "2;\"#\""]),
            (&["\"id\"\t\"pin\"", "1\tabc"], &["\"id\"\t\"pin\"", "1\t#"]),
            (&["a,pin,b", "1,\"x", "y", "z\",w", "1,v,w"], &["a,pin,b", "1,\"#", "#", "#\",w", "1,#,w"]),
            (&["pin,b", "x,y,z"], &["pin,b", "#,#,z"]),
            (
                &["#Version: 1.0", "#Fields: date pin x", "d abc 1", "#Fields: pin x", "a 1"],
                &["#Version: 1.0", "#Fields: date pin x", "d # 1", "#Fields: pin x", "# 1"],
            ),
            (
                &["#Fields:\tdate\tx-no\tpin", "1\t2\tabc", "1\t2\t-"],
                &["#Fields:\tdate\tx-no\tpin", "1\t2\t#", "1\t2\t-"],
            ),
            (&["#Fields: date pin a", "1\tabc d\te"], &["#Fields: date pin a", "1\t#\te"]),
            (&["#Fields: date-time,pin", "1,abc"], &["#Fields: date-time,pin", "1,#"]),
            (
                &["#separator \\x09", "#fields\tts\tpin", "#types\ttime\tstring", "1\tabc"],
                &["#separator \\x09", "#fields\tts\tpin", "#types\ttime\tstring", "1\t#"],
            ),
            (&["sep=;", "a;pin", "1;abc"], &["sep=;", "a;pin", "1;#"]),
            (&["a,pin", "1,abc,extra"], &["a,pin", "1,#,#"]),
            (
                &["+----+-----+", "| id | pin |", "+----+-----+", "|  1 | abc |", "|  2 | d   |", "+----+-----+"],
                &["+----+-----+", "| id | pin |", "+----+-----+", "|  1 | # |", "|  2 | #   |", "+----+-----+"],
            ),
            (
                &["| id | pin | a |", "| --- | :-: | --- |", "| 1 | abc | d |"],
                &["| id | pin | a |", "| --- | :-: | --- |", "| 1 | # | d |"],
            ),
            (
                &[" id |  pin  ", "----+-------", "  1 | abc   ", "(1 row)"],
                &[" id |  pin  ", "----+-------", "  1 | #   ", "(1 row)"],
            ),
            (&["pin, and name", "no table here", "a,b"], &["pin, and name", "no table here", "a,b"]),
            (&["insert into t (id, pin)", "values (1, abc)"], &["insert into t (id, pin)", "values (1, abc)"]),
            (
                &["[pod/a/b] id,pin", "[pod/c/d] 1,2", "[pod/a/b] 1,abc"],
                &["[pod/a/b] id,pin", "[pod/c/d] 1,2", "[pod/a/b] 1,#"],
            ),
            (&["id,name", "1,abc"], &["id,name", "1,abc"]),
            (&["name,pin", "abc,x"], &["name,pin", "abc,#"]),
            (
                &["name,address,pin_phone", "a b,\"1 c\",x", "d,\"2 e", "f\",y"],
                &["name,address,pin_phone", "#,\"#\",#", "#,\"#", "#\",#"],
            ),
            (&["pin", "abc"], &["pin", "abc"]),
            (&["x pin: 1,2", "pin,a", "1,2"], &["x pin: 1,2", "pin,a", "1,2"]),
        ];
        for (lines, expected) in cases {
            assert_eq!(read(lines), *expected);
        }
    }

    #[test]
    fn a_cell_that_never_ends_gives_up() {
        let mut lines = vec!["pin,a", "x,y", "\"open,"];
        lines.resize(3 + LINES + 4, "text");
        assert_eq!(read(&lines).last().map(String::as_str), Some("#"));
        assert_eq!(read(&lines).iter().filter(|line| *line == "#").count(), LINES + 4);
    }
}
