//! The line that names the columns of a table, and what the rows below it have there.

use super::columns::{Columns, is_name};
use super::table::Table;
use crate::span::Span;

/// Most lines of one cell; one that goes on beyond began with a stray quote.
pub(super) const LINES: usize = 128;

/// The columns of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub(super) delimiter: u8,
    /// The table stands in an envelope, which names this source.
    pub(super) source: Option<Vec<u8>>,
    /// The columns were named in a remark.
    remark: bool,
    /// With so many delimiters each row begins and ends, as one with a frame does; a table in a table has two (AWS CLI,
    /// `--output table`).
    frame: usize,
    /// A line is drawn below the names, or has to be: of two names the first may have the second for its value.
    ruled: bool,
    /// A row has as many cells as there are columns: what has not is no row.
    exact: bool,
    columns: Columns,
    /// A row with as many cells was seen.
    proved: bool,
    /// The column of a quoted cell that goes on, and for how many lines it did.
    pub(super) cell: Option<(usize, usize)>,
}

impl Header {
    /// The same in an envelope that names `source`.
    pub(super) fn of_source(self, source: Option<Vec<u8>>) -> Header {
        Header { source, ..self }
    }

    /// Does each row begin and end with a delimiter?
    pub(super) fn is_framed(&self) -> bool {
        self.frame > 0
    }

    /// The columns that `line` names between bars, if one of them is sensitive.
    pub(super) fn drawn(line: &[u8], sensitive: &mut impl FnMut(&[u8]) -> bool) -> Option<Header> {
        match Header::named(line, 1, sensitive) {
            Table::Open(header) if header.delimiter == b'|' => Some(Header { ruled: true, ..header }),
            _ => None,
        }
    }

    /// The columns that `line`, in the middle of a log, names without a blank behind its indentation, if one of them is sensitive.
    /// What follows has to be rows in every respect: the words may be any list.
    pub(super) fn listed(line: &[u8], sensitive: &mut impl FnMut(&[u8]) -> bool) -> Option<Header> {
        let line = &line[blanks(line)..];
        if memchr::memchr2(b' ', b'(', line).is_some() {
            return None;
        }
        match Header::named(line, 2, sensitive) {
            Table::Open(header) => Some(Header { exact: true, ..header }),
            _ => None,
        }
    }

    /// The table whose header `line` is; unseen if this is a remark before it.
    pub(super) fn read(line: &[u8], sensitive: &mut impl FnMut(&[u8]) -> bool) -> Table {
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
        let (frame, inside) = if delimiter == b'|' { unframed(names) } else { (0, names) };
        names = inside;
        let cells = names.split(|b| *b == delimiter).map(|cell| {
            let cell = cell.trim_ascii();
            cell.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(cell)
        });
        let columns = if is_pair(line, sensitive) { Some(Columns::of_pairs()) } else { Columns::of(cells, sensitive) };
        let Some(columns) = columns.filter(|columns| columns.names.len() >= least) else { return Table::Off };
        let first = matches!(columns.names[..], [Some(_), None]);
        let header = Header {
            delimiter,
            ruled: frame == 0 || !first,
            source: None,
            remark: named.is_some(),
            frame,
            // The title of a table is no name of a column (AWS CLI).
            exact: frame > 0 && columns.names.len() == 1,
            columns,
            proved: false,
            cell: None,
        };
        if header.columns.are_sensitive() {
            return Table::Open(header);
        }
        // Of words with blanks between them any text has some.
        let plain =
            matches!(delimiter, b',' | b';') && header.columns.names.len() > 2 && memchr::memchr(b' ', names).is_none();
        if plain { Table::Plain(header) } else { Table::Off }
    }

    /// Does each row name what it holds, without a line that says so?
    pub(super) fn is_of_pairs(&self) -> bool {
        self.columns.told
    }

    /// Was a row seen?
    pub(super) fn is_proved(&self) -> bool {
        self.proved
    }

    /// Where the cell of `line` ends in which `at` stands, if the line is a row with as many cells as there are columns.
    pub(super) fn cell_end(&self, line: &[u8], at: usize) -> Option<usize> {
        let (mut start, mut cells, mut found) = (0, 0, None);
        while start <= line.len() {
            let end = match line.get(start) {
                Some(b'"') => quote_end(line, start + 1)? + 1,
                _ => start + memchr::memchr(self.delimiter, &line[start..]).unwrap_or(line.len() - start),
            };
            if end < line.len() && line[end] != self.delimiter {
                return None;
            }
            if (start..end).contains(&at) {
                found = Some(end);
            }
            cells += 1;
            start = end + 1;
        }
        found.filter(|_| cells == self.columns.names.len())
    }

    /// Reads a row; false if the lines so far are no table after all.
    pub(super) fn row(&mut self, line: &[u8], claim: &mut impl FnMut(&[u8], Span)) -> bool {
        if self.cell.is_none() && self.delimiter == b'|' && is_rule(line) {
            self.ruled = true;
            return true;
        }
        if !self.ruled {
            return false;
        }
        // CloudFront parts the names by blanks and the cells by tabs.
        if self.remark && !self.proved && self.delimiter == b' ' && line.contains(&b'\t') {
            self.delimiter = b'\t';
        }
        let (mut cells, mut at) = (Vec::new(), 0);
        let mut line = line;
        // What is held by a tag ends with it.
        if self.exact
            && let Some(tag) = memchr::memmem::find(line, b"</")
        {
            line = &line[..tag];
        }
        for _ in 0..self.frame {
            line = line.strip_suffix(b"|").unwrap_or(line);
            at += usize::from(line.get(at) == Some(&b'|'));
        }
        let first = self.cell.take();
        if let Some((column, lines)) = first {
            let end = quote_end(line, 0);
            if let Some(name) = self.columns.names.get(column).and_then(Option::as_ref) {
                claim(name, Span::new(0, end.unwrap_or(line.len())));
            }
            let Some(end) = end else {
                self.cell = (lines < LINES).then_some((column, lines + 1));
                return true;
            };
            at = end + 1;
            // Behind the cell that ended here the next one begins.
            if line.get(at) != Some(&self.delimiter) {
                return !self.exact || column + 1 == self.columns.names.len();
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
        if self.exact && (count > self.columns.names.len() || count < self.columns.names.len() && self.cell.is_none()) {
            return false;
        }
        if !self.proved && self.cell.is_none() && first.is_none() {
            if count < self.columns.names.len() {
                return false;
            }
            self.proved = true;
        }
        // A delimiter in a cell without quotes: its value may be any of so many cells.
        let more = count.saturating_sub(self.columns.names.len());
        for (column, name) in self.columns.names.iter().enumerate().skip(before) {
            let (Some(name), Some(_)) = (name, cells.get(column - before)) else { continue };
            let from = column - before;
            for cell in &cells[from..=(from + more).min(cells.len() - 1)] {
                // Logs write `-` where there is no value.
                if !self.remark || line[cell.range()] != *b"-" {
                    claim(name, *cell);
                }
            }
        }
        if let Some((name, value)) = self.columns.pair.filter(|_| before == 0 && count == self.columns.names.len()) {
            let [name, value] = [name, value].map(|column| bare(line, cells[column]));
            if !self.is_of_pairs() || is_one(&line[value.range()]) {
                claim(&line[name.range()], value);
            }
        }
        true
    }
}

/// How many delimiters the row `line` begins and ends with, and what is between.
fn unframed(line: &[u8]) -> (usize, &[u8]) {
    let (mut frame, mut inside) = (0, line);
    while let Some(inner) = inside.strip_prefix(b"|").and_then(|inner| inner.strip_suffix(b"|")) {
        (frame, inside) = (frame + 1, inner);
    }
    (frame, inside)
}

/// Is `line` a row that names what it holds, rather than what the rows below do: `| DB_PASSWORD | hunter-2 |`? A column is not
/// called as a value looks: with digits, or with signs that no name has, or in small letters behind a name in capitals.
pub(super) fn is_pair(line: &[u8], sensitive: &mut impl FnMut(&[u8]) -> bool) -> bool {
    let (frame, inside) = unframed(line.trim_ascii());
    let mut cells = inside.split(|b| *b == b'|').map(|cell| {
        let cell = cell.trim_ascii();
        &cell[bare(cell, Span::new(0, cell.len())).range()]
    });
    let (Some(name), Some(value), None) = (cells.next(), cells.next(), cells.next()) else { return false };
    let letter = |name: &[u8], is: fn(&u8) -> bool| name.iter().any(is);
    let capitals = |name: &[u8]| letter(name, u8::is_ascii_uppercase) && !letter(name, u8::is_ascii_lowercase);
    let unlike =
        letter(value, u8::is_ascii_digit) || !is_name(value) || capitals(name) && letter(value, u8::is_ascii_lowercase);
    frame > 0 && is_one(value) && unlike && is_name(name) && sensitive(name)
}

/// Is `value` one word, neither a type nor a time: `varchar(64)`, `3600s`?
fn is_one(value: &[u8]) -> bool {
    let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
    let unit = (1..3).contains(&(value.len() - digits)) && value[digits..].iter().all(u8::is_ascii_lowercase);
    value.len() > 2 && !value.iter().any(|b| b" ()<>{}[]".contains(b)) && !is_rule(value) && (digits == 0 || !unit)
}

/// The cell `cell` without what Markdown draws a name or a value in.
fn bare(line: &[u8], cell: Span) -> Span {
    let marks = |at: &&u8| matches!(at, b'*' | b'`');
    let own = &line[cell.range()];
    let mark = own.iter().take_while(marks).count();
    let closes = own.len() > 2 * mark && own[own.len() - mark..] == own[..mark];
    if closes { Span::new(cell.start + mark, cell.end - mark) } else { cell }
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
