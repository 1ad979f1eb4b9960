//! Tables whose first line names the columns: CSV, TSV and kin, W3C extended logs and Zeek's, and tables in frames, as psql,
//! MySQL and Markdown have them.
//!
//! The state between lines is that first line, and whether a quoted cell is open. A table begins where a source begins: a
//! first line that only holds names, one of them sensitive, and a second one with as many cells
//! ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180), sections 2.4 to 2.7; [W3C](https://www.w3.org/TR/WD-logfile),
//! `#Fields:`).

use crate::format::peel;
use crate::span::Span;

/// Most columns of a table.
const COLUMNS: usize = 512;
/// Longest name of a column, in bytes.
const LONGEST: usize = 64;
/// Most lines of one cell; one that goes on beyond began with a stray quote.
const LINES: usize = 128;

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
}

/// The columns of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    delimiter: u8,
    /// The table stands in an envelope, which names this source.
    source: Option<Vec<u8>>,
    /// The columns were named in a remark.
    remark: bool,
    /// Each row begins and ends with a delimiter, as one with a frame does.
    framed: bool,
    /// The names of sensitive columns; of the others nothing is kept.
    columns: Vec<Option<Vec<u8>>>,
    /// A row with as many cells was seen.
    proved: bool,
    /// The column of a quoted cell that goes on, and for how many lines it did.
    cell: Option<(usize, usize)>,
}

impl Table {
    /// Has each line to be read?
    pub fn reads(&self) -> bool {
        !matches!(self, Table::Off)
    }

    /// Reads one line without its ending. `sensitive` tells whether a column has a name to look after; `claim` gets the name
    /// of each sensitive column and what stands in it.
    pub fn line(&mut self, line: &[u8], mut sensitive: impl FnMut(&[u8]) -> bool, mut claim: impl FnMut(&[u8], Span)) {
        match self {
            Table::Off => {}
            _ if line.is_empty() => {}
            Table::Unseen => {
                *self = Header::read(line, &mut sensitive);
                let peeled = peel(line);
                if *self == Table::Off && peeled.payload.start > 0 {
                    *self = Header::read(&line[peeled.payload.range()], &mut sensitive);
                    if let Table::Open(header) = self {
                        header.source = Some(line[peeled.source.range()].to_vec());
                    }
                }
            }
            Table::Open(header) => {
                let mut inside = Span::new(0, line.len());
                if let Some(source) = &header.source {
                    let peeled = peel(line);
                    if line[peeled.source.range()] != source[..] {
                        return;
                    }
                    inside = peeled.payload;
                }
                let line = &line[inside.range()];
                let mut claim = |name: &[u8], span: Span| {
                    claim(name, Span::new(inside.start + span.start, inside.start + span.end));
                };
                if header.cell.is_none() && line.first() == Some(&b'#') {
                    if let Table::Open(new) = Header::read(line, &mut sensitive) {
                        *header = Header { source: header.source.take(), ..new };
                    }
                } else if !header.row(line, &mut claim) {
                    *self = Table::Off;
                }
            }
        }
    }
}

impl Header {
    /// The columns that `line` names between bars, if one of them is sensitive.
    pub(super) fn drawn(line: &[u8], sensitive: &mut impl FnMut(&[u8]) -> bool) -> Option<Header> {
        match Header::named(line, 1, sensitive) {
            Table::Open(header) if header.delimiter == b'|' => Some(header),
            _ => None,
        }
    }

    /// The table whose header `line` is; unseen if this is a remark before it.
    fn read(line: &[u8], sensitive: &mut impl FnMut(&[u8]) -> bool) -> Table {
        Header::named(line, 2, sensitive)
    }

    /// The same, of so many columns at least.
    fn named(line: &[u8], least: usize, sensitive: &mut impl FnMut(&[u8]) -> bool) -> Table {
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        let named = line.strip_prefix(b"#Fields:").or_else(|| line.strip_prefix(b"#fields"));
        // `sep=;` tells a spreadsheet what parts the columns.
        if line.first() == Some(&b'#') && named.is_none()
            || line.starts_with(b"sep=") && line.len() == 5
            || is_rule(line)
        {
            return Table::Unseen;
        }
        let mut names = named.unwrap_or(line).trim_ascii();
        let count = |delimiter: u8| memchr::memchr_iter(delimiter, names).count();
        let delimiter = match named {
            // IIS, Zeek, Exchange.
            Some(_) => [b'\t', b',', b' '].into_iter().find(|d| count(*d) > 0).unwrap_or(b' '),
            None => [b',', b';', b'\t', b'|'].into_iter().max_by_key(|d| count(*d)).unwrap_or(b','),
        };
        let inside = names.strip_prefix(b"|").and_then(|inside| inside.strip_suffix(b"|"));
        let framed = delimiter == b'|' && inside.is_some();
        names = inside.filter(|_| framed).unwrap_or(names);
        let (mut columns, mut people) = (Vec::new(), false);
        for cell in names.split(|b| *b == delimiter) {
            let cell = cell.trim_ascii();
            let name = cell.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(cell);
            if !is_name(name) || columns.len() == COLUMNS {
                return Table::Off;
            }
            let own = sensitive(name);
            people |= own && is_of_person(name);
            columns.push(own.then(|| name.to_vec()).or_else(|| full(name).map(<[u8]>::to_vec)));
        }
        // Beside nothing that people have, a name is one of anything.
        for column in columns.iter_mut().filter(|_| !people) {
            column.take_if(|name| FULL.contains(&&name[..]));
        }
        if columns.len() < least || columns.iter().all(Option::is_none) {
            return Table::Off;
        }
        Table::Open(Header {
            delimiter,
            source: None,
            remark: named.is_some(),
            framed,
            columns,
            proved: false,
            cell: None,
        })
    }

    /// Reads a row; false if the lines so far are no table after all.
    pub(super) fn row(&mut self, line: &[u8], claim: &mut impl FnMut(&[u8], Span)) -> bool {
        if self.cell.is_none() && self.delimiter == b'|' && is_rule(line) {
            return true;
        }
        // CloudFront parts the names by blanks and the cells by tabs.
        if self.remark && !self.proved && self.delimiter == b' ' && line.contains(&b'\t') {
            self.delimiter = b'\t';
        }
        let (mut cells, mut at) = (Vec::new(), 0);
        let mut line = line;
        if self.framed {
            line = line.strip_suffix(b"|").unwrap_or(line);
            at = usize::from(line.first() == Some(&b'|'));
        }
        let first = self.cell.take();
        if let Some((column, lines)) = first {
            let end = quote_end(line, 0);
            if let Some(name) = self.columns.get(column).and_then(Option::as_ref) {
                claim(name, Span::new(0, end.unwrap_or(line.len())));
            }
            let Some(end) = end else {
                self.cell = (lines < LINES).then_some((column, lines + 1));
                return true;
            };
            at = end + 1;
            // Behind the cell that ended here the next one begins.
            if line.get(at) != Some(&self.delimiter) {
                return true;
            }
            at += 1;
        }
        let before = first.map_or(0, |(column, _)| column + 1);
        loop {
            let blanks = if self.delimiter == b' ' { 0 } else { blanks(&line[at..]) };
            let start = at + blanks;
            if line.get(start) == Some(&b'"') {
                let Some(end) = quote_end(line, start + 1) else {
                    cells.push(Span::new(start + 1, line.len()));
                    self.cell = Some((before + cells.len() - 1, 1));
                    break;
                };
                cells.push(Span::new(start + 1, end));
                at = end + 1;
                at += memchr::memchr(self.delimiter, &line[at..]).unwrap_or(line.len() - at);
            } else {
                let end = at + memchr::memchr(self.delimiter, &line[at..]).unwrap_or(line.len() - at);
                // Frames are drawn with blanks.
                let blanks = if self.delimiter == b'|' {
                    line[at..end].iter().rev().take_while(|b| **b == b' ').count()
                } else {
                    0
                };
                let inside = end - blanks.min(end - at);
                cells.push(Span::new(start.min(inside), inside));
                at = end;
            }
            if at >= line.len() {
                break;
            }
            at += 1;
        }
        let count = before + cells.len();
        if !self.proved && self.cell.is_none() && first.is_none() {
            if count < self.columns.len() {
                return false;
            }
            self.proved = true;
        }
        // A delimiter in a cell without quotes: its value may be any of so many cells.
        let more = count.saturating_sub(self.columns.len());
        for (column, name) in self.columns.iter().enumerate().skip(before) {
            let (Some(name), Some(_)) = (name, cells.get(column - before)) else { continue };
            let from = column - before;
            for cell in &cells[from..=(from + more).min(cells.len() - 1)] {
                // Logs write `-` where there is no value.
                if !self.remark || line[cell.range()] != *b"-" {
                    claim(name, *cell);
                }
            }
        }
        true
    }
}

/// What columns are called that only those beside them say are of people, as their values are.
const FULL: [&[u8]; 2] = [b"full_name", b"street_address"];

/// What a column holds in a table of people, if its name does not say so itself.
fn full(name: &[u8]) -> Option<&'static [u8]> {
    [(&b"name"[..], FULL[0]), (b"address", FULL[1])]
        .iter()
        .find(|(own, _)| name.eq_ignore_ascii_case(own))
        .map(|(_, full)| *full)
}

/// Is it people who have what a column of this name holds?
fn is_of_person(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let words: [&[u8]; 6] = [b"mail", b"phone", b"mobile", b"birth", b"dob", b"ssn"];
    words.iter().any(|word| memchr::memmem::find(&lower, word).is_some())
}

/// Where the quote that closes a cell stands; a doubled one belongs to it.
fn quote_end(line: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let found = at + memchr::memchr(b'"', line.get(at..)?)?;
        if line.get(found + 1) != Some(&b'"') {
            return Some(found);
        }
        at = found + 2;
    }
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|b| **b == b' ').count()
}

/// A line that is drawn between rows: `+----+----+`, `| --- | :-: |`.
pub(super) fn is_rule(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.len() > 2 && line.iter().all(|b| b"-+|:= ".contains(b)) && memchr::memmem::find(line, b"--").is_some()
}

/// The name of a column: a few words.
fn is_name(name: &[u8]) -> bool {
    let first = name.first().copied().unwrap_or(0);
    name.len() <= LONGEST
        && (first.is_ascii_alphabetic() || first == b'_' || first >= 0x80)
        && name.iter().all(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || b"_-. ()/".contains(b))
        // `cs(Cookie)`; but `INSERT INTO users (id, name)` is no list of names.
        && (memchr::memchr(b'(', name).is_some() == (name.last() == Some(&b')')))
        && memchr::memchr_iter(b' ', name).count() < 4
}

#[cfg(test)]
mod tests {
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
